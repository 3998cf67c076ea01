"""Conversations that leaders say they had, written as an export of the template: the next run reads it like any other.

The landing folder stays the history; what has been written once is never written again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import duckdb

from pipelines.identity import secret
from pipelines.lists.references import reference
from pipelines.lists.reviews import Decision, decisions
from pipelines.publishing.durable_files import write_whole
from pipelines.settings import Settings

FOLDER = Path("conversations", "parley")
_COLUMNS = (
    "conversation_id",
    "employee_id",
    "occurred_on",
    "partner_id",
    "partner_role",
    "initiated_by",
    "setting",
    "duration_min",
    "career_content",
    "status",
    "confirmed_by",
    "recorded_on",
)
_IDS = "SELECT worker_key, min(id_norm) FROM core.worker_xref WHERE id_type = 'employee_id' GROUP BY worker_key"
_VIEWERS = "SELECT DISTINCT viewer_key, worker_key FROM core.access_grant WHERE worker_key IS NOT NULL"


def file_talks(settings: Settings, on: date) -> int:
    """Write the talks held by the day `on` that are in no export yet; return their number.

    People are found in the warehouse of the last run; without one the talks wait. Raises LedgerError, OSError.
    """
    talks = [
        d for d in decisions(settings.home) if d.kind == "talked" and date.fromisoformat(d.params["occurred_on"]) <= on
    ]
    folder = settings.landing / FOLDER
    known = set(_written(folder))
    new = [talk for talk in talks if _id(talk) not in known]
    if not new or not settings.warehouse.is_file():
        return 0
    rows = list(_rows(new, settings))
    if rows:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([_COLUMNS, *rows])
        folder.mkdir(parents=True, exist_ok=True)
        # Letters only: digits beside the date could be taken for another one.
        mark = "".join(chr(ord("a") + int(digit, 16)) for digit in sha256(text.getvalue().encode()).hexdigest()[:12])
        write_whole(folder / f"conversation_{on:%Y%m%d}_{mark}.csv", text.getvalue().encode())
    return len(rows)


def _rows(talks: Iterable[Decision], settings: Settings) -> Iterator[tuple[str, ...]]:
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        ids, viewers = dict(con.execute(_IDS).fetchall()), dict(con.execute(_VIEWERS).fetchall())
    key = secret(settings.identity_key)
    people = {reference(key, worker): employee for worker, employee in ids.items()}
    for talk in talks:
        role = talk.params["partner_role"]
        partner = ids.get(viewers.get(talk.viewer_key, ""), "") if role == "line_manager" else ""
        # Somebody who was erased since is nobody any more.
        for employee in (people[ref] for ref in talk.refs if ref in people):
            said = (talk.params["occurred_on"], partner, role, "unknown", "unknown", talk.params["minutes"])
            yield (_id(talk), employee, *said, "explicit", "held_reported", "partner", _day(talk.at))


def _written(folder: Path) -> Iterator[str]:
    for path in folder.glob("conversation_2*.csv"):
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            yield from (row[0] for row in csv.reader(file) if row)


def _id(talk: Decision) -> str:
    return f"list-{talk.digest[:20]}"


def _day(at: datetime) -> str:
    return at.date().isoformat()
