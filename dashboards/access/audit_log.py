"""The access log: one line per read, each carrying the digest of the one before; written before data is returned.

It says who saw what, when and for what purpose; figures and names are not in it. A line that was changed, taken out or
put in breaks the chain. Lines cut off at the end do so for whoever has noted the newest digest, and while the server runs.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from dashboards.access.denials import NotLoggedError
from dashboards.release import published_folder

FIRST = "0" * 64
_PATIENCE_SECONDS = 5
State = tuple[int, int, int, int]
_NO_FILE: State = (0, 0, 0, 0)


@dataclass(frozen=True)
class Entry:
    """One event; `subjects` are the opaque references of the people it showed, empty for figures about groups."""

    event: str
    viewer: str
    role: str
    session: str
    query: str = ""
    params: Mapping[str, object] | None = None
    subjects: Sequence[str] = ()
    release: str = ""
    purpose: str = ""


@dataclass(frozen=True)
class Chain:
    """What a reading of the whole log found; `broken_at` is the first line that does not follow from those before it.

    `unfinished` lines were cut off while being written; what they announce was never shown.
    """

    entries: tuple[Mapping[str, object], ...]
    newest: str
    broken_at: int | None
    unfinished: int


def log_path() -> Path:
    """The file named by ``PARLEY_AUDIT_LOG``, else ``audit/access.jsonl`` beside the published folder."""
    named = os.environ.get("PARLEY_AUDIT_LOG")
    return Path(named) if named else published_folder().resolve().parent / "audit" / "access.jsonl"


def read_chain(path: Path) -> Chain:
    """Read and check every line; a missing file is an empty log. Raises OSError."""
    lines = path.read_bytes().split(b"\n") if path.exists() else [b""]
    entries: list[Mapping[str, object]] = []
    newest, broken_at, unfinished = FIRST, None, 0
    for number, line in enumerate(lines, start=1):
        row = _parsed(line)
        if row is None:
            unfinished += bool(line)
            continue
        if broken_at is None and (row.get("previous") != newest or row.get("hash") != _digest(row)):
            broken_at = number
        newest = str(row.get("hash", ""))
        entries.append(row)
    return Chain(tuple(entries), newest, broken_at, unfinished)


class AuditLog:
    """The one writer of a log in this process; other processes may write the same file."""

    def __init__(self, path: Path) -> None:
        """Write to `path`; nothing is opened yet."""
        self.path = path
        self._lock = threading.Lock()
        self._newest = ""
        self._left = _NO_FILE
        self._seen: tuple[State, Chain] | None = None

    def chain(self) -> Chain:
        """The whole log, read again only once the file has changed; broken too where a line this process knew is gone.

        Raises OSError.
        """
        with self._lock:
            state = self._state()
            if self._seen is None or self._seen[0] != state:
                self._seen = state, self._read()
            return self._seen[1]

    def append(self, entry: Entry) -> None:
        """Write one entry and wait until the disk has it. Raises NotLoggedError."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._lock, FileLock(f"{self.path}.lock", timeout=_PATIENCE_SECONDS):
                self._catch_up()
                self._write(entry)
        except (OSError, Timeout) as fault:
            raise NotLoggedError("cannot be written") from fault

    def _catch_up(self) -> None:
        """Check the whole chain unless the file is as this process left it; another may have written, or another hand."""
        if self._newest and self._state() == self._left and self._ends_as_left():
            return
        if self._read().broken_at is not None:
            raise NotLoggedError("has been changed by another hand")

    def _read(self) -> Chain:
        # Taken first: what is written meanwhile makes the next reading start again.
        state, chain = self._state(), read_chain(self.path)
        known = self._newest in ("", FIRST) or any(row.get("hash") == self._newest for row in chain.entries)
        if chain.broken_at is None and not known:
            return replace(chain, broken_at=len(chain.entries) + 1)
        if chain.broken_at is None:
            self._newest, self._left = chain.newest, state
        return chain

    def _state(self) -> State:
        """Size of the file and when it was last changed; the second cannot be set, and is coarse."""
        if not self.path.exists():
            return _NO_FILE
        found = self.path.stat()
        return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns

    def _ends_as_left(self) -> bool:
        if self._left == _NO_FILE:
            return True
        with self.path.open("rb") as file:
            ending = f'"hash":"{self._newest}"}}\n'.encode()
            file.seek(max(0, self._left[1] - len(ending)))
            return file.read() == ending

    def _write(self, entry: Entry) -> None:
        row = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), **asdict(entry), "previous": self._newest}
        row["hash"] = _digest(row)
        with os.fdopen(os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as file:
            # A line that a crash cut off is ended here, so that this one stands on its own.
            cut_off = file.tell() > 0 and not self._ends_with_newline()
            file.write(b"\n" * cut_off + _canonical(row) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self._newest, self._left = str(row["hash"]), self._state()

    def _ends_with_newline(self) -> bool:
        with self.path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read() == b"\n"


def _canonical(row: Mapping[str, object]) -> bytes:
    return json.dumps(row, ensure_ascii=True, separators=(",", ":"), default=str).encode()


def _digest(row: Mapping[str, object]) -> str:
    return hashlib.sha256(_canonical({key: value for key, value in row.items() if key != "hash"})).hexdigest()


def _parsed(line: bytes) -> Mapping[str, object] | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None
