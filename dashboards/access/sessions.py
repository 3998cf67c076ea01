"""Sessions as the server knows them: a cookie is only a key to this table, and what is not in the table has ended.

Streamlit's own identity cookie lives for 30 days and outlives a log-out. Here a session ends with the identity token,
after eight hours, after half an hour without activity, at log-out and when the server stops, whatever the browser holds.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

MAX_AGE_SECONDS = 8 * 60 * 60
IDLE_SECONDS = 30 * 60


@dataclass(frozen=True)
class Session:
    """One signed-in viewer; `id` is a digest of the cookie, so that a log that holds it opens nothing.

    `viewer` is the name the scope contract knows, `subject` who the sign-in service says it is (issuer and subject).
    """

    id: str
    viewer: str
    subject: str
    ends_at: float
    is_demo: bool = False


class SessionTable:
    """All live sessions of the process. `clock` gives seconds since the epoch."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """Start with nobody signed in."""
        self.clock = clock
        self._sessions: dict[str, Session] = {}
        self._seen: dict[str, float] = {}
        self._lock = threading.Lock()

    def start(
        self, viewer: str, subject: str, token_ends_at: float = float("inf"), *, is_demo: bool = False
    ) -> tuple[str, Session]:
        """Begin a session that ends with the identity token (seconds since the epoch), after eight hours at most.

        Returns the secret for the cookie, which is kept nowhere, and the session.
        """
        secret = secrets.token_urlsafe(32)
        now = self.clock()
        session = Session(_digest(secret), viewer, subject, min(token_ends_at, now + MAX_AGE_SECONDS), is_demo)
        with self._lock:
            self._forget_ended(now)
            self._sessions[session.id], self._seen[session.id] = session, now
        return secret, session

    def find(self, secret: str | None) -> Session | None:
        """The live session of a cookie; None for no cookie, a made-up one, and one whose session has ended."""
        session = self._sessions.get(_digest(secret)) if secret else None
        return session if session and self.is_live(session) else None

    def is_live(self, session: Session) -> bool:
        """Whether the session was started here and has not ended since."""
        with self._lock:
            return self._sessions.get(session.id) == session and not self._has_ended(session, self.clock())

    def touch(self, session: Session) -> None:
        """Record that the viewer did something."""
        with self._lock:
            if session.id in self._seen:
                self._seen[session.id] = self.clock()

    def end(self, session: Session | None) -> None:
        """End a session now; every copy of its cookie ends with it."""
        with self._lock:
            if session is not None:
                self._sessions.pop(session.id, None)
                self._seen.pop(session.id, None)

    def _has_ended(self, session: Session, now: float) -> bool:
        return now >= session.ends_at or now - self._seen[session.id] >= IDLE_SECONDS

    def _forget_ended(self, now: float) -> None:
        for session in [s for s in self._sessions.values() if self._has_ended(s, now)]:
            del self._sessions[session.id], self._seen[session.id]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
