"""The ledger of decisions about entries of lists: append-only and chained like the access log; the nightly run reads it.

Viewers stand in it by their keys and people by their references, so that it names nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from dashboards.access.audit_log import AuditLog, read_chain
from dashboards.release import published_folder

ACTED = frozenset({"talked", "someone_else", "looks_wrong"})
REVIEWED = frozenset({"confirm", "dismiss"})
_DAYS = timedelta(days=30)


def ledger_path() -> Path:
    """``reviews/decisions.jsonl`` beside the published folder."""
    return published_folder().resolve().parent / "reviews" / "decisions.jsonl"


@lru_cache(maxsize=4)
def ledger(path: Path) -> AuditLog:
    """The one writer of the ledger at `path`."""
    return AuditLog(path)


def decided() -> list[Mapping[str, object]]:
    """All decisions, oldest first."""
    return list(read_chain(ledger_path()).entries)


def withdrawn() -> frozenset[str]:
    """References of people who are off the lists of leaders by what was decided since."""
    off: set[str] = set()
    oldest = datetime.now(UTC) - _DAYS
    for row in decided():
        refs, kind = _refs(row), row.get("event")
        if kind in ("dismiss", "hold") or (kind in ACTED and datetime.fromisoformat(str(row["at"])) > oldest):
            off |= refs
        elif kind in ("confirm", "release"):
            off -= refs
    return frozenset(off)


def states() -> dict[tuple[str, str], str]:
    """What reviewers last decided about each entry, by reference and entry: confirm or dismiss, then release."""
    found: dict[tuple[str, str], str] = {}
    for row in decided():
        kind, params = str(row.get("event")), row.get("params")
        if kind in REVIEWED and isinstance(params, dict):
            found |= {(ref, str(params.get("entry"))): kind for ref in _refs(row)}
        if kind == "release":
            refs = _refs(row)
            found |= {key: kind for key, before in found.items() if key[0] in refs and before == "confirm"}
    return found


def unit_states() -> dict[str, set[str]]:
    """For each unit whether it is held, and whether it goes out without review: any of 'hold' and 'automatic_on'."""
    found: dict[str, set[str]] = {}
    for row in decided():
        params = row.get("params")
        unit = found.setdefault(str(params.get("unit", "")) if isinstance(params, dict) else "", set())
        match row.get("event"):
            case "hold" | "automatic_on" as kind:
                unit.add(kind)
            case "release":
                unit.discard("hold")
            case "automatic_off":
                unit.discard("automatic_on")
    return found


def _refs(row: Mapping[str, object]) -> set[str]:
    subjects = row.get("subjects")
    return {str(ref) for ref in subjects} if isinstance(subjects, list) else set()
