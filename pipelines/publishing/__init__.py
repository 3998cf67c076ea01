"""Frames to a published release: written whole, checked, and swapped in so that a reader sees the old or the new one.

How readers use a release belongs to the dashboards; what may be in it was decided by `disclosure` before.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import polars as pl

from pipelines.contracts import Contract
from pipelines.publishing.durable_files import BUILDING, clear, move_into_place, remove_folder, sync, write_whole
from pipelines.publishing.release_tables import PublishError, checked_tables
from pipelines.viewers import SCOPES

__all__ = [
    "ROW_GROUP",
    "Attempt",
    "PublishError",
    "Release",
    "attempts",
    "current",
    "is_intact",
    "laid_out",
    "manifest",
    "publish",
    "record_attempt",
    "remove_before",
    "sweep",
]

KEPT_ATTEMPTS = 400
# Measured in benchmarks/dashboard.py: with five million rows a change of unit takes a quarter less time.
READ_BY, ROW_GROUP = ("cut", "group_key"), 20_000
POINTER, MANIFEST, RELEASES, ATTEMPTS = "CURRENT", "manifest.json", "releases", "attempts.jsonl"
_RELEASE_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]*")


@dataclass(frozen=True)
class Release:
    """What every number of a release descends from; `inputs` maps a path in the landing folder to its sha256."""

    release_id: str
    as_of: date
    knowledge_at: datetime
    code_version: str
    inputs: Mapping[str, str]


@dataclass(frozen=True)
class Attempt:
    """One night's try; `stopped_at` is the asset or check that ended it and `reason` says so in words for HR people."""

    at: datetime
    as_of: date
    status: Literal["succeeded", "failed"]
    release_id: str | None
    stopped_at: str
    reason: str
    seconds: float


def publish(
    frames: Mapping[str, pl.DataFrame], release: Release, published: Path, contracts: Mapping[str, Contract], keep: int
) -> Path:
    """Write `frames` (by table name) as one release, point readers to it, sweep all but the newest `keep`.

    Returns the folder of the release. The same release with the same content again changes nothing. Raises
    PublishError where a table is missing, not under contract or not as its contract says, where a cell rests on
    fewer people than the floor, or where the id is taken; ValueError if `keep` < 1.
    """
    if not _RELEASE_ID.fullmatch(release.release_id):
        raise PublishError(f"'{release.release_id}' cannot name a release. Use letters, digits and hyphens.")
    tables = checked_tables(frames, contracts)
    sweep(published, keep)
    content_hash = _content_hash(
        {name: frame for name, frame in tables.items() if not contracts[name].compares_releases}
    )
    final = published / RELEASES / release.release_id
    is_there = is_intact(final)
    if is_there and manifest(final)["content_hash"] != content_hash:
        raise PublishError(f"Release {release.release_id} exists with other content. Publish under a new release id.")
    if not is_there:
        move_into_place(_build(tables, release, content_hash, published), final)
    _point(published, final, may_go_back=not is_there)
    sweep(published, keep)
    return final


def current(published: Path) -> Path | None:
    """Folder of the release to read: the one pointed to or, if damaged, the newest intact one; None without any."""
    pointer = published / POINTER
    # Read before the folders are listed: a release swapped in meanwhile must not make a reader step back.
    named = pointer.read_text(encoding="utf-8", errors="replace").strip() if pointer.is_file() else ""
    folders = sorted(_newest_first(published), key=lambda folder: folder.name != named)
    return next(filter(is_intact, folders), None)


def is_intact(folder: Path) -> bool:
    """Whether the manifest of a release is unaltered and every file it lists has the sha256 it states."""
    try:
        told = manifest(folder)
        files = {name: entry["sha256"] for name, entry in told["files"].items()}
        return told.pop("checksum") == _digest(_canonical(told)) and all(
            _digest((folder / name).read_bytes()) == sha256 for name, sha256 in files.items()
        )
    # Damage can leave anything behind: no file, no text, no JSON, JSON of another shape.
    except (OSError, ValueError, LookupError, AttributeError, TypeError):
        return False


def manifest(folder: Path) -> dict[str, Any]:
    """What a release says of itself. Raises OSError where there is none, ValueError where it is no JSON."""
    told: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return told


def sweep(published: Path, keep: int) -> None:
    """Remove unfinished work and all releases but the newest `keep` and the current one. ValueError if `keep` < 1."""
    if keep < 1:
        raise ValueError("At least one release must be kept.")
    clear(published)
    clear(published / RELEASES)
    served = current(published)
    for folder in _newest_first(published)[keep:]:
        if folder != served:
            remove_folder(folder)


def remove_before(published: Path, moment: datetime) -> None:
    """Remove the releases that were begun before `moment`, but never the current one."""
    served = current(published)
    for folder in _newest_first(published):
        if folder != served and folder.name < f"{moment:%Y%m%dT%H%M%SZ}":
            remove_folder(folder)
            shutil.rmtree(published / SCOPES / folder.name, ignore_errors=True)


def record_attempt(published: Path, attempt: Attempt) -> None:
    """Append one attempt to the log of the published folder; the log keeps the last 400."""
    published.mkdir(parents=True, exist_ok=True)
    lines = [*map(_attempt_line, attempts(published)), _attempt_line(attempt)]
    write_whole(published / ATTEMPTS, b"".join(lines[-KEPT_ATTEMPTS:]))


def attempts(published: Path) -> list[Attempt]:
    """All attempts on record, oldest first, damaged lines left out; empty where there was none."""
    path = published / ATTEMPTS
    lines = path.read_bytes().splitlines() if path.is_file() else []
    return [attempt for line in lines if (attempt := _attempt(line))]


def _attempt(line: bytes) -> Attempt | None:
    try:
        entry = json.loads(line)
        at, as_of = datetime.fromisoformat(entry["at"]), date.fromisoformat(entry["as_of"])
        return Attempt(**(entry | {"at": at, "as_of": as_of}))
    except (ValueError, LookupError, TypeError):
        return None


def _attempt_line(attempt: Attempt) -> bytes:
    return _canonical(asdict(attempt) | {"at": attempt.at.isoformat(), "as_of": attempt.as_of.isoformat()}) + b"\n"


def _point(published: Path, release: Path, *, may_go_back: bool) -> None:
    """Make `release` the current one; repeating an old release does not take readers back behind a newer one."""
    served = current(published)
    if may_go_back or served is None or served.name <= release.name:
        write_whole(published / POINTER, release.name.encode())


def _build(tables: Mapping[str, pl.DataFrame], release: Release, content_hash: str, published: Path) -> Path:
    """The release, complete and on disk, under a name that no reader looks at."""
    building = published / RELEASES / f"{BUILDING}{release.release_id}"
    building.mkdir(parents=True)
    files = {}
    for name, frame in tables.items():
        path = building / f"{name}.parquet"
        laid_out(frame).write_parquet(path, compression="zstd", row_group_size=ROW_GROUP)
        sync(path)
        files[path.name] = {"sha256": _digest(path.read_bytes()), "rows": frame.height}
    told = {
        "release_id": release.release_id,
        "as_of": release.as_of.isoformat(),
        "knowledge_at": release.knowledge_at.isoformat(),
        "code_version": release.code_version,
        "inputs": dict(release.inputs),
        "content_hash": content_hash,
        "files": files,
    }
    write_whole(building / MANIFEST, _canonical(told | {"checksum": _digest(_canonical(told))}))
    return building


def laid_out(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows as readers ask for them, all of one group together, so that a page reads a few row groups of many."""
    asked_by = [column for column in READ_BY if column in frame.columns]
    return frame.sort(asked_by, maintain_order=True) if asked_by else frame


def _content_hash(tables: Mapping[str, pl.DataFrame]) -> str:
    """sha256 over names, types and rows in key order: independent of the run, of row order and of file bytes."""
    digest = hashlib.sha256()
    for name, frame in tables.items():
        digest.update(_canonical([name, [(column, str(kind)) for column, kind in frame.schema.items()]]))
        for rows in frame.iter_slices(100_000):
            digest.update(rows.write_ndjson().encode())
    return digest.hexdigest()


def _newest_first(published: Path) -> list[Path]:
    folder = published / RELEASES
    names = [path.name for path in folder.iterdir() if _RELEASE_ID.fullmatch(path.name)] if folder.is_dir() else []
    return [folder / name for name in sorted(names, reverse=True)]


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
