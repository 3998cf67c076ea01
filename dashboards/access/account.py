"""What a reader sees of access: the way in, the way out, who they are, and why there may be nothing to see."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner_utils.script_run_context import enqueue_message

from dashboards import words
from dashboards.access.denials import AccessDeniedError, SignedOutError
from dashboards.access.deployment import deployment
from dashboards.access.exports import OFFERS
from dashboards.access.fetching import SESSIONS
from dashboards.access.identity import session_of
from dashboards.access.scopes import Role
from dashboards.access.viewing import current, current_role

ROLE_WORDS = {
    Role.ANALYST: "HR analyst",
    Role.HRBP: "HR business partner",
    Role.LEADER: "Leader",
    Role.ADMIN: "Administrator",
    Role.AUDITOR: "Auditor",
}


def go_to(path: str) -> None:
    """Send the browser to an address of this server; one that answers with a file leaves the page where it is."""
    message = ForwardMsg()
    message.auth_redirect.url = path
    enqueue_message(message)


def instead(denied: AccessDeniedError) -> None:
    """Draw, in place of all pages, why nothing is shown, with the way to sign in where that helps."""
    st.title("Parley", anchor=False)
    st.info(str(denied), icon=":material/lock:")
    if not deployment().sign_in:
        if isinstance(denied, SignedOutError):
            st.markdown("This server can be reached by others and no sign-in service is set up, so it shows nothing.")
        return
    if isinstance(denied, SignedOutError):
        st.button("Sign in", type="primary", on_click=st.login, icon=":material/login:")
    else:
        st.button("Sign out", on_click=_sign_out, icon=":material/logout:")


def account() -> None:
    """Who is looking, with the way out; where personas are offered, the way to look as another."""
    session, role = current(), current_role()
    name = ROLE_WORDS[role] if role else "somebody"
    if deployment().offers_personas:
        with st.popover(f"You are looking as {name}", icon=":material/visibility:", type="tertiary", width="content"):
            st.caption("Sample readers, on this machine only. With a sign-in service set up there are none.")
            for other in Role:
                st.button(
                    ROLE_WORDS[other], key=f"as-{other}", on_click=_look_as, args=(other,), disabled=other == role
                )
        return
    with st.popover(name, icon=":material/account_circle:", type="tertiary", width="content"):
        st.markdown(f"Signed in as {words.plain(session.viewer)}")
        st.button("Sign out", on_click=_sign_out, icon=":material/logout:")


def _look_as(role: Role) -> None:
    go_to(f"/as/{role}")


def _sign_out() -> None:
    # Ended here and now; the browser is then sent to where its cookies are dropped.
    SESSIONS.end(session_of(deployment(), st.context.cookies.to_dict()))
    st.logout()


def export_button(
    label: str, build: Callable[[], bytes], file_name: str, mime: str, explanation: str = "", key: str | None = None
) -> None:
    """A button that makes a file when it is pressed and hands it to this reader alone, once; equal labels need a `key`."""
    if st.button(label, icon=":material/download:", help=explanation or None, key=key):
        go_to(OFFERS.make(current(), file_name, mime, build()))
