"""A browser as far as the server can tell: cookies, redirects that are not followed by themselves, and the websocket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPMessage
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

PATIENCE = 60


@dataclass(frozen=True)
class Answer:
    """What the server said to one request."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def location(self) -> str:
        return self.headers["Location"] or ""


@dataclass
class Browser:
    """One person's browser; `cookies` may be copied into another's."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc

    def get(self, url: str, method: str = "GET", headers: dict[str, str] | None = None) -> Answer:
        parts = urlsplit(url if "://" in url else self.address + url)
        connection = HTTPConnection(parts.netloc, timeout=PATIENCE)
        sent = {"Cookie": self._cookie_line()} if parts.netloc == self.host and self.cookies else {}
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection.request(method, target, headers=sent | (headers or {}))
        answer = connection.getresponse()
        found = Answer(answer.status, answer.headers, answer.read())
        connection.close()
        if parts.netloc == self.host:
            self._keep(found)
        return found

    def _keep(self, answer: Answer) -> None:
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value

    def _cookie_line(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    @contextmanager
    def tab(self, origin: str | None = "", host: str = "", resumed: str = "") -> Iterator[Tab]:
        """An open tab, from a page of our own unless another origin (None: none) is given; `resumed` is a page's number."""
        self.get("/_stcore/host-config")
        self.get("/_stcore/health")
        headers = {"Cookie": self._cookie_line()} | ({"Host": host} if host else {})
        with connect(
            f"ws://{self.host}/_stcore/stream",
            origin=self.address if origin == "" else origin,  # type: ignore[arg-type]
            subprotocols=["streamlit", self.cookies.get("_streamlit_xsrf", "none"), *([resumed] if resumed else [])],  # type: ignore[list-item]
            additional_headers=headers,
            max_size=None,
            open_timeout=PATIENCE,
        ) as connection:
            yield Tab(connection)


@dataclass
class Seen:
    """All that one run of the page sent to the browser."""

    messages: list[ForwardMsg]
    wire: bytes

    @property
    def redirect(self) -> str:
        return next((m.auth_redirect.url for m in self.messages if m.WhichOneof("type") == "auth_redirect"), "")

    def button(self, label: str) -> str:
        elements = (m.delta.new_element for m in self.messages if m.WhichOneof("type") == "delta")
        return next(e.button.id for e in elements if e.WhichOneof("type") == "button" and e.button.label == label)

    def shows(self, text: str) -> bool:
        return text.encode() in self.wire


@dataclass
class Tab:
    """One open page."""

    connection: ClientConnection

    def run(self, page: str = "", press: str = "", query: str = "") -> Seen:
        """Run the script as for a page of that address, or with a button pressed, and take all it sends."""
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        if press:
            widget = message.rerun_script.widget_states.widgets.add()
            widget.id, widget.trigger_value = press, True
        self.connection.send(message.SerializeToString())
        seen = Seen([], b"")
        while True:
            wire = self.connection.recv(timeout=PATIENCE)
            assert isinstance(wire, bytes)
            found = ForwardMsg.FromString(wire)
            seen.messages.append(found)
            seen.wire += wire
            if found.WhichOneof("type") == "script_finished":
                return seen
