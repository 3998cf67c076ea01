"""From what a browser sends to a session: the cookie of our own, and the claims of the sign-in service behind it."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from http.cookies import SimpleCookie

from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from dashboards.access.deployment import Deployment, SignIn
from dashboards.access.fetching import SESSIONS
from dashboards.access.scopes import Role
from dashboards.access.sessions import Session

FIRST_PERSONA = Role.ANALYST
Claims = Mapping[str, object]
_LOGGER = logging.getLogger("parley.dashboard")
_persona: Session | None = None


def cookie_name(deployed: Deployment) -> str:
    """The name of our cookie; over https one that browsers accept from this host and by https alone."""
    return "__Host-parley" if deployed.sign_in and deployed.sign_in.is_https else "parley"


def session_of(deployed: Deployment, cookies: Mapping[str, str]) -> Session | None:
    """The live session of a browser; the first persona's where personas are offered and none was chosen."""
    found = SESSIONS.find(cookies.get(cookie_name(deployed)))
    if deployed.offers_personas:
        return found if found and found.is_demo else _first_persona()
    return found if found and deployed.sign_in and not found.is_demo else None


def start_persona(role: Role) -> tuple[str, Session]:
    """A session of a demo persona, as its cookie and itself; only for a deployment that offers personas."""
    return SESSIONS.start(f"demo-{role}", f"demo:{role}", is_demo=True)


def _first_persona() -> Session:
    # One shared by all tabs that have not chosen; renewed when it has ended.
    global _persona
    if _persona is None or not SESSIONS.is_live(_persona):
        _, _persona = start_persona(FIRST_PERSONA)
    return _persona


def subject_of(claims: Claims) -> str:
    """Who the sign-in service says this is; the two claims that together never mean somebody else."""
    return f"{claims.get('iss')} {claims.get('sub')}"


def start_session(sign_in: SignIn, claims: Claims) -> tuple[str, Session] | None:
    """A session for claims that Streamlit has verified, as its cookie and itself; None where they do not suffice.

    The token must be for this client, name a subject and an end, and carry the claim the scope contract goes by; an
    address counts only where the service has verified that it belongs to the person.
    """
    audience, ends_at, viewer = claims.get("aud"), claims.get("exp"), claims.get(sign_in.viewer_claim)
    is_ours = sign_in.client_id in (audience if isinstance(audience, list) else [audience])
    is_whole = all(claims.get(name) for name in ("iss", "sub"))
    is_verified = sign_in.viewer_claim != "email" or claims.get("email_verified") is True
    is_named = isinstance(viewer, str) and bool(viewer.strip())
    if isinstance(ends_at, int | float) and is_ours and is_whole and is_verified and is_named:
        return SESSIONS.start(str(viewer), subject_of(claims), float(ends_at))
    _LOGGER.warning("sign-in refused: the token lacks a verified %s, or is not for us", sign_in.viewer_claim)
    return None


def claims_set(set_cookies: Sequence[str]) -> Claims | None:
    """The verified claims in Streamlit's identity cookie as an answer sets it; None where it sets none."""
    jar = SimpleCookie()
    for line in set_cookies:
        jar.load(line)
    secret = get_cookie_secret()

    def signed(name: str) -> bytes | None:
        return decode_signed_value(secret, name, jar[name].value) if name in jar else None

    found = get_cookie_with_chunks(signed, USER_COOKIE_NAME)
    claims = json.loads(found) if found else None
    return claims if isinstance(claims, dict) else None
