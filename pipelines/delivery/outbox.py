"""What was sent and what was not, written down before and after: the reason why nobody is ever told twice."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from pipelines.delivery.answers import Answer, State

_MODE = 0o600


class Outbox:
    """An append-only file of message ids and states; addresses and texts are not in it."""

    def __init__(self, path: Path) -> None:
        """Read what is on record; a last line that a crash cut short was never acted upon and does not count."""
        self._path = path
        self._answers: dict[str, Answer] = {}
        for line in path.read_bytes().splitlines() if path.is_file() else []:
            try:
                entry = json.loads(line)
                self._answers[entry["id"]] = Answer(State(entry["state"]), entry["why"])
            except (ValueError, LookupError, TypeError):
                continue

    def answer(self, message_id: str) -> Answer | None:
        """What is known of a message; None where nothing was tried yet."""
        return self._answers.get(message_id)

    def may_send(self, message_id: str) -> bool:
        """Whether a message was surely not delivered so far, and may still be."""
        known = self.answer(message_id)
        return known is None or known.state is State.WAITING

    def note(self, message_id: str, answer: Answer) -> None:
        """Put a state on record; it is on disk when this returns. Raises OSError on a full disk."""
        entry = {"id": message_id, "state": answer.state.value, "why": answer.why, "at": datetime.now(UTC).isoformat()}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, _MODE)
        with os.fdopen(handle, "ab") as file:
            is_cut = self._path.stat().st_size > 0 and not self._path.read_bytes().endswith(b"\n")
            file.write((b"\n" if is_cut else b"") + json.dumps(entry).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self._answers[message_id] = answer
