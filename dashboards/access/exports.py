"""Downloads: each is offered to one session, for a minute, once; Streamlit's own media address hands out to anybody."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboards.access.deployment import deployment
from dashboards.access.fetching import record
from dashboards.access.identity import session_of
from dashboards.access.sessions import Session

SECONDS = 60
_MOST_WAITING = 20
_PATH = "/export/"


@dataclass(frozen=True)
class Offer:
    """A file made for one session."""

    session_id: str
    ends_at: float
    name: str
    mime: str
    content: bytes


class Offers:
    """Files waiting to be fetched. `clock` gives seconds that only go forward."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with nothing on offer."""
        self.clock = clock
        self._offers: dict[str, Offer] = {}
        self._lock = threading.Lock()

    def make(self, session: Session, name: str, mime: str, content: bytes) -> str:
        """Offer a file and return its address. The export is on record first; raises NotLoggedError."""
        record(session, "export", query=name)
        token = secrets.token_urlsafe(32)
        offer = Offer(session.id, self.clock() + SECONDS, name, mime, content)
        with self._lock:
            waiting = [(key, o) for key, o in self._offers.items() if self.clock() < o.ends_at]
            # Files wait in memory; whoever asks for more than is ever fetched loses the oldest.
            self._offers = dict(waiting[-_MOST_WAITING + 1 :]) | {_digest(token): offer}
        return _PATH + token

    def take(self, token: str, session: Session | None) -> Offer | None:
        """The file of a token, once; None for another session's, one too old, one taken before or made up."""
        with self._lock:
            offer = self._offers.get(_digest(token))
            if offer is None or session is None or offer.session_id != session.id:
                return None
            del self._offers[_digest(token)]
        return offer if self.clock() < offer.ends_at else None


OFFERS = Offers()


async def hand_out(request: Request) -> Response:
    """Answer ``/export/{token}``: the file to the session it was made for, 403 to everybody else, told alike."""
    session = session_of(deployment(), request.cookies)
    offer = OFFERS.take(str(request.path_params["token"]), session)
    if offer is None:
        return PlainTextResponse("This download is not for you, or it is over. Export again.", status_code=403)
    named = f"attachment; filename*=UTF-8''{quote(offer.name)}"
    return Response(
        offer.content, media_type=offer.mime, headers={"Content-Disposition": named, "Cache-Control": "no-store"}
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
