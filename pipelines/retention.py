"""What an installation keeps no longer, by class of data: exports that no figure rests on, and copies made to look back.

What keeps the months since a conversation, and everything counted from it, is never touched: only a delivery that another has
replaced, a copy, or a file that nobody reads can go. Text of records set aside is left out by `landing` itself.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from pipelines import ledger
from pipelines.contracts import Contract
from pipelines.landing.deliveries import is_whole
from pipelines.night import Night

_ACCOUNTS = "SELECT path, source, status, as_of FROM landing.source_file ORDER BY as_of NULLS FIRST, path"
# Exports between which an id came to stand for somebody else prove it, and are kept as long as they do.
_PROOFS = "SELECT seen_before FROM core.id_conflict UNION SELECT seen_after FROM core.id_conflict"


@dataclass(frozen=True)
class Account:
    """One file of the landing folder: its path, source ('' for none), status, the date in its name and the day it was first seen."""

    path: str
    source: str
    status: str
    as_of: date | None
    seen_on: date | None


def outdated(files: Iterable[Account], whole: Iterable[str], proofs: Iterable[date], limit: date) -> list[str]:
    """Paths of the files no figure rests on that have been of no use since `limit` or longer.

    Of a source in `whole`, whose deliveries replace each other, those that a newer one which was read had replaced by
    then; of any source copies and refused files; files of no source. Never the newest of a source, never one of a date in `proofs`.
    """
    known, replaced, kept_days = list(files), set(whole), set(proofs)
    found = []
    for file in known:
        since = _useless_since(file, known, is_replaced=file.source in replaced)
        if since is not None and since <= limit and file.as_of not in kept_days:
            found.append(file.path)
    return found


def _useless_since(file: Account, known: Iterable[Account], *, is_replaced: bool) -> date | None:
    if not file.source or file.as_of is None:
        return file.seen_on
    later = [(f.as_of, f.status) for f in known if f.source == file.source and f.as_of and f.as_of > file.as_of]
    if is_replaced:
        return min((day for day, status in later if status == "read"), default=None)
    return file.as_of if later and file.status != "read" else None


def expire(night: Night, today: date | None = None) -> list[str]:
    """Remove what need not be kept; return the paths of the exports that went. Raises OSError where one cannot be removed.

    `today` is the day of the clock: a run that speaks of a later day removes nothing early.
    """
    day = min(night.as_of, today or datetime.now(UTC).date())
    limit = day - timedelta(days=night.settings.retention_raw_days)
    whole = [c.id for c in night.contracts.values() if _is_replaced(c)]
    proofs = [row[0] for row in night.con.execute(_PROOFS).fetchall()]
    found = outdated(_accounts(night.con, night.settings.home), whole, proofs, limit)
    hashes = {file.relative: file.sha256 for file in night.files}
    ledger.record_expired(night.settings.home, {path: hashes[path] for path in found}, night.started_at)
    for path in found:
        (night.settings.landing / path).unlink(missing_ok=True)
    _remove_copies(night.settings.home / "rebuilt", day - timedelta(days=night.settings.retention_quarantine_days))
    return found


def _is_replaced(contract: Contract) -> bool:
    """Full deliveries replace each other. Snapshots do not: what changed between two of them is the history."""
    return is_whole(contract) and contract.settings.get("delivery") != "snapshot"


def _accounts(con: duckdb.DuckDBPyConnection, home: Path) -> list[Account]:
    seen: Mapping[str, date] = {a.path: a.seen_at.date() for a in reversed(ledger.arrivals(home))}
    rows = con.execute(_ACCOUNTS).fetchall()
    return [Account(path, source, status, as_of, seen.get(path)) for path, source, status, as_of in rows]


def _remove_copies(folder: Path, limit: date) -> None:
    """Figures worked out again hold copies of the exports they were made from."""
    for copy in folder.glob("*"):
        if datetime.fromtimestamp(copy.stat().st_mtime, UTC).date() <= limit:
            shutil.rmtree(copy)
