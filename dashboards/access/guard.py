"""The guard around the web server: who may knock, from where, at which door; it keeps our session cookie too.

It judges the path the server routes by and the raw headers, never an address put together from them.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboards.access.denials import AccessDeniedError
from dashboards.access.deployment import Deployment, deployment, is_loopback
from dashboards.access.identity import session_of, start_persona
from dashboards.access.scopes import Role, scope_of
from dashboards.access.session_cookie import cookie, dropping, sent, sign_out, starting
from dashboards.access.sessions import Session
from dashboards.release import find_published, published_folder

_STREAM, _CALLBACK, _LOGOUT, _PERSONA, _DOCS = (
    "/_stcore/stream",
    "/oauth2callback",
    "/auth/logout",
    "/as/",
    "/data-docs",
)
# A request that carries one of these was passed on by a proxy, and may have begun anywhere.
_FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
_DOCS_READERS = (Role.ANALYST, Role.HRBP, Role.ADMIN)


class Guard:
    """ASGI middleware; the deployment is that of the process, so that what is checked is what is served."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, answer, or pass on with our cookie kept in step."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        deployed, headers = deployment(), Headers(scope=scope)
        if not _may_knock(deployed, scope, headers):
            await _refuse(scope, receive, send)
        elif scope["type"] == "websocket":
            admitted = scope["path"] == _STREAM and _is_same_origin(headers)
            await (self.app(scope, receive, send) if admitted else _refuse(scope, receive, send))
        else:
            await self._http(deployed, scope, receive, send)

    async def _http(self, deployed: Deployment, scope: Scope, receive: Receive, send: Send) -> None:
        path, cookies = str(scope["path"]), sent(scope)
        if scope["method"] not in ("GET", "HEAD"):
            await PlainTextResponse("Method not allowed", status_code=405)(scope, receive, send)
        elif path.startswith(_PERSONA):
            await _as_persona(deployed, path.removeprefix(_PERSONA))(scope, receive, send)
        elif path.startswith(_DOCS) and not await run_in_threadpool(_reads_docs, session_of(deployed, cookies)):
            await _refuse(scope, receive, send)
        elif path == _LOGOUT:
            await run_in_threadpool(sign_out, session_of(deployed, cookies))
            await self.app(scope, receive, dropping(send, deployed))
        elif path == _CALLBACK:
            await self.app(scope, receive, starting(send, deployed))
        else:
            await self.app(scope, receive, send)


def _may_knock(deployed: Deployment, scope: Scope, headers: Headers) -> bool:
    """Whether the host is ours and, where personas are offered, both ends of the connection are this machine."""
    hosts = headers.getlist("host")
    if len(hosts) != 1 or _host(hosts[0]) not in deployed.hosts:
        return False
    if deployed.sign_in:
        return True
    if any(name in headers for name in _FORWARDED):
        return False
    ends = [scope.get("client"), scope.get("server")]
    return all(end is not None and is_loopback(str(end[0])) for end in ends)


def _host(host: str) -> str | None:
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return None
    return parts.hostname if not (parts.path or parts.query or parts.fragment or parts.username) else None


def _is_same_origin(headers: Headers) -> bool:
    """Whether a page of ours opens the connection; a caller that hides where it comes from is none."""
    origin = urlsplit(headers.get("origin") or "")
    return origin.scheme in ("http", "https") and origin.netloc == headers.get("host")


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Say no without a reason; before a websocket is accepted, closing it is answered as 403."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
    else:
        await PlainTextResponse("Not allowed", status_code=403)(scope, receive, send)


def _as_persona(deployed: Deployment, name: str) -> PlainTextResponse | RedirectResponse:
    if not deployed.offers_personas or name not in list(Role):
        return PlainTextResponse("Not found", status_code=404)
    secret, _ = start_persona(Role(name))
    answer = RedirectResponse("/", status_code=303)
    answer.headers.append("Set-Cookie", cookie(deployed, secret))
    return answer


def _reads_docs(session: Session | None) -> bool:
    release = find_published(published_folder()).release if session else None
    try:
        return session is not None and release is not None and scope_of(session, release.folder).role in _DOCS_READERS
    except AccessDeniedError:
        return False
