"""Who was erased, as keyed fingerprints only: enough to know them again in an export, and of no use to anybody else.

The record of an erasure says when, by whom, why and how much, never whom.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

LOG = Path("ledger", "erasures.jsonl")
MODE = 0o600


class TombstoneError(RuntimeError):
    """The list of erased people cannot be used; the message says how to mend it."""


@dataclass(frozen=True)
class Erasure:
    """One erasure. `people` are fingerprints of ids and addresses, `files` path to the hashes before and after ('' if removed)."""

    at: datetime
    by: str
    reason: str
    people: tuple[str, ...]
    records: int
    mentions: int
    files: Mapping[str, tuple[str, str]]


def erasures(home: Path) -> list[Erasure]:
    """All erasures on record, oldest first. Raises TombstoneError where a line cannot be read: nobody may come back by a slip."""
    log = home / LOG
    try:
        found = [json.loads(line) for line in (log.read_bytes().splitlines() if log.is_file() else [])]
        return [_erasure(entry) for entry in found]
    except (ValueError, LookupError, TypeError) as error:
        raise TombstoneError(f"{log} is damaged. Bring it back from the backup: it keeps erased people out.") from error


def record(home: Path, erasure: Erasure) -> None:
    """Put an erasure on record, readable by the owner only. Raises OSError on a full disk."""
    log = home / LOG
    log.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, MODE)
    with os.fdopen(handle, "ab") as file:
        os.fchmod(file.fileno(), MODE)
        file.write(json.dumps(asdict(erasure) | {"at": erasure.at.isoformat()}, ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def fingerprint(key: bytes, text: str) -> str:
    """HMAC-SHA256 of an id or address as `landing` reads it, in hexadecimal digits."""
    return hmac.new(key, b"erased:" + text.encode(), sha256).hexdigest()


def recogniser(home: Path, key: Callable[[], bytes]) -> Callable[[str], bool] | None:
    """Says of an id or address whether its owner was erased; None where nobody was. `key` is asked for only if needed."""
    people = {person for erasure in erasures(home) for person in erasure.people}
    if not people:
        return None
    secret = key()

    @cache
    def is_erased(text: str) -> bool:
        return bool(text) and fingerprint(secret, text) in people

    return is_erased


def fingerprints(key: bytes, texts: Iterable[str]) -> tuple[str, ...]:
    """The fingerprints of ids and addresses, in an order that says nothing of them."""
    return tuple(sorted(fingerprint(key, text) for text in texts))


def _erasure(entry: Mapping[str, object]) -> Erasure:
    told = dict(entry)
    files = {path: (before, after) for path, (before, after) in dict(told["files"]).items()}  # type: ignore[call-overload]
    at = datetime.fromisoformat(str(told["at"]))
    return Erasure(**(told | {"at": at, "people": tuple(told["people"]), "files": files}))  # type: ignore[arg-type]
