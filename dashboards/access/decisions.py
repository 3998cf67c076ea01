"""The ledger of decisions about entries of lists: append-only and chained like the access log; the nightly run reads it.

Viewers stand in it by their keys and people by their references, so that it names nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from dashboards.access.audit_log import AuditLog
from dashboards.access.denials import DecisionsError
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


def decided() -> Sequence[Mapping[str, object]]:
    """All decisions, oldest first. Raises DecisionsError where one was changed, taken out or put in, or none can be read."""
    if broken_at() is not None:
        raise DecisionsError("has been changed by another hand")
    return ledger(ledger_path()).chain().entries


def broken_at() -> int | None:
    """The first line of the ledger that is not as it was written; None for a whole one. Raises DecisionsError."""
    try:
        return ledger(ledger_path()).chain().broken_at
    except OSError as fault:
        raise DecisionsError("cannot be read") from fault


def withdrawn() -> frozenset[str]:
    """References of people who are off the lists of leaders by what was decided since. Raises DecisionsError."""
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
    """What reviewers last decided about each entry, by reference and entry: confirm or dismiss, then release. Raises DecisionsError."""
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
    """For each unit whether it is held, and whether it goes out without review: any of 'hold' and 'automatic_on'.

    Raises DecisionsError.
    """
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
