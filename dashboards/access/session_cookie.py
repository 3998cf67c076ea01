"""Our session cookie on its way in and out: set where somebody has signed in, dropped where they leave."""

from __future__ import annotations

import logging
from http.cookies import CookieError, SimpleCookie

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Scope, Send

from dashboards.access.denials import AccessDeniedError
from dashboards.access.deployment import Deployment, SignIn
from dashboards.access.fetching import SESSIONS, record
from dashboards.access.identity import claims_set, cookie_name, start_session
from dashboards.access.sessions import MAX_AGE_SECONDS, Session

_LOGGER = logging.getLogger("parley.dashboard")


def sent(scope: Scope) -> dict[str, str]:
    """The cookies of a request by name; none where they cannot be read."""
    jar = SimpleCookie()
    try:
        for line in Headers(scope=scope).getlist("cookie"):
            jar.load(line)
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def cookie(deployed: Deployment, secret: str, age: int = MAX_AGE_SECONDS) -> str:
    """The header that sets our cookie to `secret` for `age` seconds."""
    secure = "; Secure" if deployed.sign_in and deployed.sign_in.is_https else ""
    return f"{cookie_name(deployed)}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}"


def sign_out(session: Session | None) -> None:
    """End the session first: leaving must succeed even where it cannot be put on record."""
    if session is None:
        return
    SESSIONS.end(session)
    try:
        record(session, "sign_out")
    except AccessDeniedError as denied:
        _LOGGER.error("sign-out not on record: %s", denied)


def dropping(send: Send, deployed: Deployment) -> Send:
    """A send that makes the browser forget our cookie."""

    async def send_dropped(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("Set-Cookie", cookie(deployed, "", 0))
        await send(message)

    return send_dropped


def starting(send: Send, deployed: Deployment) -> Send:
    """A send that begins a session where Streamlit sets its identity cookie, made to live no longer than ours."""

    async def send_started(message: Message) -> None:
        if message["type"] == "http.response.start" and deployed.sign_in:
            headers = MutableHeaders(scope=message)
            secret = await run_in_threadpool(_started, deployed.sign_in, headers.getlist("set-cookie"))
            if secret:
                headers.append("Set-Cookie", cookie(deployed, secret))
            message["headers"] = [_shortened(name, value, deployed) for name, value in message["headers"]]
        await send(message)

    return send_started


def _started(sign_in: SignIn, set_cookies: list[str]) -> str | None:
    """The secret of a new session that is on record; None where nobody was signed in or that could not be recorded."""
    claims = claims_set(set_cookies)
    started = start_session(sign_in, claims) if claims else None
    if started is None:
        return None
    try:
        record(started[1], "sign_in")
    except AccessDeniedError as denied:
        SESSIONS.end(started[1])
        _LOGGER.error("sign-in refused: %s", denied)
        return None
    return started[0]


def _shortened(name: bytes, value: bytes, deployed: Deployment) -> tuple[bytes, bytes]:
    if name.lower() != b"set-cookie" or not value.startswith(b"_streamlit_user"):
        return name, value
    parts = [part for part in value.split(b"; ") if not part.lower().startswith(b"max-age=")]
    age = b"0" if b"max-age=0" in value.lower() else str(MAX_AGE_SECONDS).encode()
    secure = [b"Secure"] if deployed.sign_in and deployed.sign_in.is_https else []
    return name, b"; ".join([*parts, b"Max-Age=" + age, *secure])
