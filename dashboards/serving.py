"""What the web server adds around the pages: security headers, closed side doors, and the Data Docs in a sandbox."""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Operating figures and the agent endpoint answer without sign-in; no reader of the dashboard needs them.
_CLOSED = ("/_stcore/metrics", "/_stcore/agent")
# The page may load from its own server only; the front end needs its inline start script and WebAssembly.
_PAGE_POLICY = (
    "default-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' data: blob:; connect-src 'self' ws: wss:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
# Reports quote what they checked, so they get no script rights on the dashboard's own origin.
_DOCS_POLICY = (
    "sandbox allow-scripts; default-src 'self' 'unsafe-inline' data:; object-src 'none'; frame-ancestors 'self'"
)


class Headers:
    """ASGI middleware that answers closed paths with 404 and adds security headers to every HTTP response."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless its path is closed; the raw path is judged, never the Host header."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["path"].startswith(_CLOSED):
            await PlainTextResponse("Not found", status_code=404)(scope, receive, send)
        else:
            await self.app(scope, receive, _adding_headers(send, scope["path"]))


def _adding_headers(send: Send, path: str) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Content-Security-Policy"] = _DOCS_POLICY if path.startswith("/data-docs") else _PAGE_POLICY
            headers["X-Content-Type-Options"] = "nosniff"
            headers["X-Frame-Options"] = "SAMEORIGIN"
            headers["Referrer-Policy"] = "same-origin"
        await send(message)

    return send_with_headers


class DataDocs(StaticFiles):
    """The Great Expectations report beside the releases; it may be absent when the server starts and appear later."""

    def __init__(self, folder: Path) -> None:
        """Serve `folder`."""
        super().__init__(directory=folder, html=True, check_dir=False)

    async def check_config(self) -> None:
        """Accept a missing folder: its pages are then not found, which is the truth."""
