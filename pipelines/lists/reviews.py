"""What reviewers and leaders decided about entries, read from the ledger the dashboard writes; a chain that is broken stops the lists.

Decisions name people by opaque references, and viewers by their keys.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

LEDGER = Path("reviews", "decisions.jsonl")
DAYS = 30
# What a leader says about an entry; each takes it off every list for a while.
ACTED = frozenset({"talked", "someone_else", "looks_wrong"})
_FIRST = "0" * 64


class LedgerError(RuntimeError):
    """The ledger of decisions cannot be trusted; the message says how to mend it."""


@dataclass(frozen=True)
class Decision:
    """One line of the ledger: `kind` is what was decided, `refs` about whom; `params` hold what else was said."""

    at: datetime
    kind: str
    viewer_key: str
    refs: tuple[str, ...]
    params: Mapping[str, str]
    digest: str


def decisions(home: Path) -> list[Decision]:
    """All decisions in the order they were made. Raises LedgerError where a line was changed, taken out or put in."""
    path = home / LEDGER
    found, newest = [], _FIRST
    for number, line in enumerate(path.read_bytes().split(b"\n") if path.is_file() else [], start=1):
        row = _parsed(line)
        if row is None:
            continue
        if row.get("previous") != newest or row.get("hash") != _digest(row):
            raise LedgerError(
                f"{path}, line {number}, was changed or lines before it are gone. Bring the file back from the backup."
            )
        newest = str(row["hash"])
        params = {name: str(value) for name, value in (row["params"] or {}).items()}
        at = datetime.fromisoformat(row["at"])
        found.append(Decision(at, row["event"], row["viewer"], tuple(row["subjects"]), params, newest))
    return found


def fingerprint(ref: str, band: str, reasons: Iterable[str]) -> str:
    """What a review was about: an entry that says something else has to be reviewed again."""
    return hashlib.sha256("\n".join(("parley-entry", ref, band, *reasons)).encode()).hexdigest()[:24]


@dataclass
class Reviews:
    """Where the decisions leave each entry on the day `on`."""

    on: date
    released: dict[str, str] = field(default_factory=dict)
    dismissed: dict[str, str] = field(default_factory=dict)
    off: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    automatic: set[str] = field(default_factory=set)
    _confirmed: dict[str, str] = field(default_factory=dict)

    def may_be_seen(self, ref: str, entry: str, units: Collection[str]) -> bool:
        """Whether a leader may see an entry: released as it stands, or without review where one of `units` says so.

        `units` are the person's own and all above it.
        """
        if ref in self.off or self.dismissed.get(ref) == entry or self.held.intersection(units):
            return False
        return self.released.get(ref) == entry or bool(self.automatic.intersection(units))

    def follow(self, decision: Decision) -> None:
        """Take one decision into account; those of leaders and of reviewers about single entries hold for DAYS."""
        refs, unit = decision.refs, decision.params.get("unit", "")
        is_recent = self.on - decision.at.date() < timedelta(days=DAYS)
        match decision.kind:
            case "confirm" if is_recent:
                self._confirmed |= dict.fromkeys(refs, decision.params["entry"])
                self._forget(self.dismissed, refs)
            case "dismiss":
                self._forget(self.released, refs)
                self._forget(self._confirmed, refs)
                self.dismissed |= dict.fromkeys(refs, decision.params["entry"])
            case "release":
                self.held.discard(unit)
                self.released |= {ref: self._confirmed[ref] for ref in refs if ref in self._confirmed}
            case "hold":
                self.held.add(unit)
            case "automatic_on":
                self.automatic.add(unit)
            case "automatic_off":
                self.automatic.discard(unit)
            case kind if kind in ACTED and is_recent:
                self.off.update(refs)

    @staticmethod
    def _forget(known: dict[str, str], refs: Iterable[str]) -> None:
        for ref in refs:
            known.pop(ref, None)


def reviews(made: Iterable[Decision], on: date) -> Reviews:
    """The decisions of the ledger summed up for the day `on`."""
    found = Reviews(on)
    for decision in made:
        found.follow(decision)
    return found


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except ValueError:
        # Cut off while it was written: nobody was told that it was decided.
        return None
    return row if isinstance(row, dict) else None


def _digest(row: Mapping[str, Any]) -> str:
    content = json.dumps({k: v for k, v in row.items() if k != "hash"}, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()
