"""What an installation must remember from run to run: when each export was first seen (the K of a figure), and what a person let pass.

Append-only logs beside the landing folder, which itself is never written. Figures never come from here, only the choice of files.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

FOLDER = "ledger"
_ARRIVALS, _ACCEPTED, _EXPIRED, _OVERLAYS = "arrivals.jsonl", "accepted.jsonl", "expired.jsonl", "overlays"


@dataclass(frozen=True)
class Arrival:
    """One file as it was when a run first saw it; `path` is that inside the installation's landing or contracts folder."""

    path: str
    sha256: str
    seen_at: datetime


@dataclass(frozen=True)
class Acceptance:
    """A file that a person let past a check, by the first digits of the hash of its content."""

    file_id: str
    checks: str
    accepted_at: datetime


def arrivals(home: Path) -> list[Arrival]:
    """Every arrival on record, oldest first; a line that a crash cut short is left out and will be written again."""
    entries = _entries(home / FOLDER / _ARRIVALS)
    return [Arrival(e["path"], e["sha256"], datetime.fromisoformat(e["seen_at"])) for e in entries]


def acceptances(home: Path) -> list[Acceptance]:
    """Every acceptance on record, oldest first."""
    entries = _entries(home / FOLDER / _ACCEPTED)
    return [Acceptance(e["file_id"], e["checks"], datetime.fromisoformat(e["accepted_at"])) for e in entries]


def record_arrivals(home: Path, inputs: Mapping[str, str], seen_at: datetime) -> int:
    """Put on record those of `inputs` (path to sha256) that are not yet; return their number. Raises OSError on a full disk."""
    known = {(a.path, a.sha256) for a in arrivals(home)}
    new = [Arrival(path, digest, seen_at) for path, digest in sorted(inputs.items()) if (path, digest) not in known]
    _append(home / FOLDER / _ARRIVALS, (asdict(a) | {"seen_at": a.seen_at.isoformat()} for a in new))
    return len(new)


def record_acceptances(home: Path, file_ids: Iterable[str], checks: Iterable[str], accepted_at: datetime) -> None:
    """Put on record the files of a run in which a person let `checks` pass, so that later runs need not ask again."""
    known = {a.file_id for a in acceptances(home)}
    new = [Acceptance(i, " ".join(checks), accepted_at) for i in sorted(set(file_ids) - known)]
    _append(home / FOLDER / _ACCEPTED, (asdict(a) | {"accepted_at": a.accepted_at.isoformat()} for a in new))


def record_expired(home: Path, files: Mapping[str, str], at: datetime) -> None:
    """Put on record that `files` (path to sha256) need not be kept any longer and are about to go."""
    _append(
        home / FOLDER / _EXPIRED,
        ({"path": path, "sha256": digest, "at": at.isoformat()} for path, digest in sorted(files.items())),
    )


def expired(home: Path) -> set[tuple[str, str]]:
    """Path and sha256 of every file that was not kept any longer."""
    return {(entry["path"], entry["sha256"]) for entry in _entries(home / FOLDER / _EXPIRED)}


def keep_overlay(home: Path, content: bytes) -> str:
    """Keep a copy of an overlay under the sha256 of its content, which is returned: analysts edit overlays in place."""
    digest = sha256(content).hexdigest()
    copy = home / FOLDER / _OVERLAYS / digest
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        part = copy.with_suffix(".part")
        part.write_bytes(content)
        part.replace(copy)
    return digest


def kept_overlay(home: Path, digest: str) -> Path:
    """Where the copy of an overlay is, if it was ever kept."""
    return home / FOLDER / _OVERLAYS / digest


def follow(home: Path, moved: Mapping[tuple[str, str], tuple[str, str]]) -> None:
    """Let the record speak of files that were written anew: (path, sha256) to the new ones, with '' for a file that is gone.

    When they were seen stays as it was. Raises OSError on a full disk; the logs are replaced as a whole or not at all.
    """
    log = home / FOLDER / _ARRIVALS
    found = [(a, moved.get((a.path, a.sha256), (a.path, a.sha256))) for a in arrivals(home)]
    _replace(log, ({"path": p, "sha256": d, "seen_at": a.seen_at.isoformat()} for a, (p, d) in found if d))
    ids = {before[:16]: after[:16] for (_, before), (_, after) in moved.items()}
    passed = [(a, ids.get(a.file_id, a.file_id)) for a in acceptances(home)]
    accepted = ({"file_id": i, "checks": a.checks, "accepted_at": a.accepted_at.isoformat()} for a, i in passed if i)
    _replace(home / FOLDER / _ACCEPTED, accepted)


def known_at(arrived: Iterable[Arrival], moment: datetime) -> dict[str, str]:
    """Path to sha256 of the files that had been seen by `moment`, each as it was seen last by then."""
    return {a.path: a.sha256 for a in arrived if a.seen_at <= moment}


def altered(arrived: Iterable[Arrival], inputs: Mapping[str, str]) -> list[str]:
    """Paths of delivered exports that are gone, or have another content than when they were first seen."""
    first: dict[str, str] = {}
    for arrival in arrived:
        first.setdefault(arrival.path, arrival.sha256)
    return sorted(path for path, digest in first.items() if inputs.get(path) != digest)


def _entries(log: Path) -> list[dict[str, str]]:
    lines = log.read_bytes().splitlines() if log.is_file() else []
    return [entry for line in lines if (entry := _entry(line)) is not None]


def _entry(line: bytes) -> dict[str, str] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _replace(log: Path, entries: Iterable[Mapping[str, str]]) -> None:
    if not log.is_file():
        return
    part = log.with_suffix(".part")
    part.unlink(missing_ok=True)
    part.touch()
    _append(part, entries)
    part.replace(log)


def _append(log: Path, entries: Iterable[Mapping[str, str]]) -> None:
    lines = b"".join(json.dumps(entry, ensure_ascii=False).encode() + b"\n" for entry in entries)
    if not lines:
        return
    log.parent.mkdir(parents=True, exist_ok=True)
    # What a crash cut short must not swallow the next line.
    is_cut = log.is_file() and not log.read_bytes().endswith(b"\n")
    with log.open("ab") as file:
        file.write((b"\n" if is_cut else b"") + lines)
        file.flush()
        os.fsync(file.fileno())
