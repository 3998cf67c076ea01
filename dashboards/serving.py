"""What the web server adds around the pages: security headers, closed side doors, and the Data Docs in a sandbox."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Doors that answer without sign-in and that no page of ours needs: operating figures, the agent endpoint, downloads by
# an address that is good for anybody, uploads, and parts for custom components.
_CLOSED = (
    "/_stcore/metrics",
    "/_stcore/agent",
    "/_stcore/upload_file",
    "/_stcore/bidi-components",
    "/media",
    "/component",
)
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
# Reports quote what they checked, so they get no script rights on the dashboard's own origin.
_DOCS_POLICY = (
    "sandbox allow-scripts; default-src 'self' 'unsafe-inline' data:; object-src 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_TWO_YEARS = 2 * 365 * 24 * 60 * 60


def page_policy(start_page: str) -> str:
    """The content policy of the pages: scripts come from this server, but for those written in its start page.

    Styles are set from scripts as the front end runs, and charts are computed with WebAssembly.
    """
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in _INLINE.findall(start_page)]
    allowed = " ".join(f"'sha256-{found}'" for found in hashes)
    return (
        f"default-src 'self'; script-src 'self' {allowed} 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )


_PAGE_POLICY = page_policy((Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8"))


class Headers:
    """ASGI middleware that answers closed paths with 404 and adds security headers to every HTTP response."""

    def __init__(self, app: ASGIApp, *, is_https: bool = False) -> None:
        """Wrap the application `app`; over https browsers are told to come back by https alone."""
        self.app = app
        self.added = _ALWAYS | ({"Strict-Transport-Security": f"max-age={_TWO_YEARS}"} if is_https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless its path is closed; the raw path is judged, never the Host header."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        adding = self._adding_headers(send, scope["path"])
        if scope["path"].startswith(_CLOSED):
            await PlainTextResponse("Not found", status_code=404)(scope, receive, adding)
        else:
            await self.app(scope, receive, adding)

    def _adding_headers(self, send: Send, path: str) -> Send:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                policy = _DOCS_POLICY if path.startswith("/data-docs") else _PAGE_POLICY
                headers.update(self.added | {"Content-Security-Policy": policy})
            await send(message)

        return send_with_headers


class DataDocs(StaticFiles):
    """The Great Expectations report beside the releases; it may be absent when the server starts and appear later."""

    def __init__(self, folder: Path) -> None:
        """Serve `folder`."""
        super().__init__(directory=folder, html=True, check_dir=False)

    async def check_config(self) -> None:
        """Accept a missing folder: its pages are then not found, which is the truth."""
