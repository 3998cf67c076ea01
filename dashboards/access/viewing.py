"""Who looks at the page that is being drawn, asked anew at every use: a session that ended shows nothing more."""

from __future__ import annotations

import streamlit as st

from dashboards.access.denials import SignedOutError
from dashboards.access.deployment import deployment
from dashboards.access.fetching import SESSIONS
from dashboards.access.identity import session_of, subject_of
from dashboards.access.scopes import Role, scope_of
from dashboards.access.sessions import Session
from dashboards.release import find_published, published_folder


def current() -> Session:
    """The live session of the browser this run of the script is for. Raises SignedOutError.

    Both halves have to agree: our cookie, and the identity Streamlit read at the handshake after its cross-site check.
    """
    deployed = deployment()
    session = session_of(deployed, st.context.cookies.to_dict())
    if session is None or (deployed.sign_in and not _agrees(session)):
        raise SignedOutError
    SESSIONS.touch(session)
    return session


def _agrees(session: Session) -> bool:
    return bool(st.user.get("is_logged_in")) and subject_of(st.user.to_dict()) == session.subject


def current_role() -> Role | None:
    """The viewer's role by the release in force; None before there is one. Raises AccessDeniedError."""
    session = current()
    release = find_published(published_folder()).release
    return scope_of(session, release.folder).role if release else None
