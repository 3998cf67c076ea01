"""Which published release may be shown: found through the pointer and checked against its manifest, not read."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import streamlit as st

TABLES = (
    "metric",
    "cut_group",
    "metric_definition",
    "source",
    "source_file",
    "quarantine_reason",
    "check_result",
    "setting",
)
# Tables that releases of earlier versions do not have; a release that lists one must have it intact.
LATER_TABLES = (
    "restatement",
    "refusal",
    "refusal_picture",
    "survey_item",
    "link",
    "link_curve",
    "link_protocol",
    "what_if",
    "model_card",
    "model_fairness",
)
_STALE_DAYS = 2


@dataclass(frozen=True)
class Release:
    """One intact snapshot; its newest numbers speak of `as_of` and rest on what was recorded by `knowledge_at`."""

    id: str
    folder: Path
    as_of: date
    knowledge_at: datetime
    code_version: str
    content_hash: str


@dataclass(frozen=True)
class Fault:
    """Why a release was passed over, in words for the reader."""

    release_id: str
    reason: str


@dataclass(frozen=True)
class Attempt:
    """One nightly run: `seconds` it took, and for a failed one where it stopped and why."""

    at: datetime
    succeeded: bool
    release_id: str
    stopped_at: str
    reason: str
    seconds: float


@dataclass(frozen=True)
class Published:
    """What the folder offers now: the release to show (None if there is none), those passed over, the runs."""

    folder: Path
    release: Release | None
    faults: tuple[Fault, ...]
    attempts: tuple[Attempt, ...]

    def failures_since(self) -> tuple[Attempt, ...]:
        """Failed runs after the last one that succeeded, oldest first."""
        last_good = max((i for i, a in enumerate(self.attempts) if a.succeeded), default=-1)
        return self.attempts[last_good + 1 :]

    def days_behind(self) -> int:
        """Days from the release date to the newest run; 0 where nothing ran since."""
        if self.release is None or not self.attempts:
            return 0
        return max(0, (self.attempts[-1].at.date() - self.release.as_of).days)

    @property
    def is_stale(self) -> bool:
        """Whether a run failed since the release, or the newest run is more than two days past it."""
        return bool(self.failures_since()) or self.days_behind() > _STALE_DAYS


def published_folder() -> Path:
    """The folder named by ``PARLEY_PUBLISHED``, else ``published`` in the working directory."""
    return Path(os.environ.get("PARLEY_PUBLISHED", "published"))


def find_published(folder: Path) -> Published:
    """The release `CURRENT` points at, or the newest intact older one where that is damaged."""
    faults: list[Fault] = []
    release = None
    for release_id in _candidates(folder):
        found = _verified(str(folder / "releases" / release_id), release_id)
        if isinstance(found, Release):
            release = found
            break
        faults.append(found)
    return Published(folder, release, tuple(faults), attempts(folder))


def verified(release_folder: str) -> Release:
    """The intact release in a folder, checked once. Raises ValueError for a folder that holds none."""
    folder = Path(release_folder)
    found = _verified(release_folder, folder.name) if folder.parent.name == "releases" else None
    if not isinstance(found, Release):
        raise ValueError(f"no intact release is called {folder.name}")
    return found


def attempts(folder: Path) -> tuple[Attempt, ...]:
    """All nightly runs in order of time; a line that was cut off while being written is left out."""
    path = folder / "attempts.jsonl"
    if not path.is_file():
        return ()
    found = (_attempt(line) for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(sorted((a for a in found if a), key=lambda a: a.at))


def _attempt(line: str) -> Attempt | None:
    try:
        row = json.loads(line)
        at = datetime.fromisoformat(row["at"])
        succeeded = row["status"] == "succeeded"
    except (ValueError, KeyError, TypeError):
        return None
    text = {key: str(row.get(key) or "") for key in ("release_id", "stopped_at", "reason")}
    # Runs are compared with each other only, so one clock without zone is enough and mixed logs still sort.
    return Attempt(at.replace(tzinfo=None), succeeded, seconds=float(row.get("seconds") or 0), **text)


def _candidates(folder: Path) -> Iterator[str]:
    pointer = folder / "CURRENT"
    current = pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else ""
    releases = folder / "releases"
    names = [p.name for p in releases.iterdir() if p.is_dir()] if releases.is_dir() else []
    if current:
        yield current
    yield from sorted((n for n in names if n != current), key=lambda n: _age(releases / n), reverse=True)


def _age(release: Path) -> tuple[str, str]:
    manifest = _manifest(release)
    return (str(manifest.get("as_of", "")), str(manifest.get("knowledge_at", "")))


def _manifest(release: Path) -> Mapping[str, object]:
    try:
        found = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


# A release never changes once published, so its bytes are hashed once per process and not per page view.
@st.cache_data(show_spinner=False, max_entries=16)
def _verified(folder: str, release_id: str) -> Release | Fault:
    release = Path(folder)
    manifest = _manifest(release)
    files = manifest.get("files")
    if not isinstance(files, dict):
        return Fault(release_id, "its manifest.json is missing or cannot be read")
    later = [table for table in LATER_TABLES if f"{table}.parquet" in files or (release / f"{table}.parquet").exists()]
    for name in (f"{table}.parquet" for table in (*TABLES, *later)):
        entry = files.get(name)
        if not isinstance(entry, dict) or not (release / name).is_file():
            return Fault(release_id, f"{name} is missing")
        if _sha256(release / name) != entry.get("sha256"):
            return Fault(release_id, f"{name} is not the file that was published")
    return _release(release, release_id, manifest)


def _release(folder: Path, release_id: str, manifest: Mapping[str, object]) -> Release | Fault:
    try:
        as_of = date.fromisoformat(str(manifest["as_of"]))
        knowledge_at = datetime.fromisoformat(str(manifest["knowledge_at"]))
    except (KeyError, ValueError):
        return Fault(release_id, "its manifest.json carries no valid as_of or knowledge_at")
    versions = (str(manifest.get("code_version", "")), str(manifest.get("content_hash", "")))
    return Release(release_id, folder, as_of, knowledge_at, *versions)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
