"""What is kept no longer, as the clock goes on: exports that another has replaced, copies, and files that nobody reads."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from pydantic import ValidationError

from pipelines import contracts, ledger, retention
from pipelines.landing import land_source, record_unclaimed
from pipelines.night import Night, tonight
from pipelines.paths import CONTRACTS
from pipelines.retention import Account, outdated
from pipelines.settings import Settings
from tests.landing_cases import as_lines

KNOWN = contracts.load_folder(CONTRACTS)
FIRST = date(2026, 1, 5)
WORKERS = "employee_id,original_hire_date,latest_hire_date,employment_status,employment_type,fte,country,planned_exit_on,in_scope"
TALKS = ",".join(column.headers[0] for column in KNOWN["parley__conversation"].columns)


def deliver(home: Path, day: date, number: int) -> None:
    """One night's exports: a full list of workers, a snapshot, conversations that add up, and a file nobody reads."""
    people = [f"W{n},2019-03-13,2019-03-13,active,full_time,1,DE,,true" for n in range(number + 2)]
    snapshots = ["employee_id,hire_date,employment_status", *(f"W{n},2019-03-13,active" for n in range(number + 2))]
    wanted = {"conversation_id": f"C{number}", "employee_id": "W1", "occurred_on": "2026-01-02"}
    columns = KNOWN["parley__conversation"].columns
    talk = ",".join(wanted.get(c.name, c.valid_values[0] if c.required and c.valid_values else "") for c in columns)
    contents: dict[str, Sequence[str]] = {
        f"hris/parley/worker_{day:%Y%m%d}.csv": [WORKERS, *people],
        f"hris/parley/worker_snapshot_{day:%Y%m%d}.csv": snapshots,
        f"conversations/parley/conversation_{day:%Y%m%d}.csv": [TALKS, talk],
        f"hris/odd/list_{day:%Y%m%d}.csv": ["a,b", f"1,{number}"],
    }
    for path, lines in contents.items():
        (home / "landing" / path).parent.mkdir(parents=True, exist_ok=True)
        (home / "landing" / path).write_bytes(as_lines(*lines))


def night_of(home: Path, day: date) -> Night:
    """A night as of a day that has landed what retention asks about, and nothing more."""
    night = tonight(home, day)
    night.__dict__["contracts"] = KNOWN
    night.started_at = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
    night._con = duckdb.connect()
    ledger.record_arrivals(home, night.inputs, night.started_at)
    record_unclaimed(night.files, night.con)
    for source in ("parley__worker", "parley__worker_snapshot", "parley__conversation"):
        land_source(KNOWN[source], night.files, night.con)
    night.con.execute("CREATE SCHEMA core; CREATE TABLE core.id_conflict (seen_before DATE, seen_after DATE)")
    return night


def names(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "landing").rglob("*") if path.is_file())


def test_as_the_clock_goes_on_nothing_outlives_its_days_and_no_conversation_is_lost(tmp_path: Path) -> None:
    days = [FIRST + timedelta(days=45 * number) for number in range(5)]
    talks: list[tuple[int, int]] = []
    for number, day in enumerate(days):
        deliver(tmp_path, day, number)
        night = night_of(tmp_path, day)
        talks.append(
            night.con.execute(
                "SELECT count(*), count(DISTINCT conversation_id) FROM raw.parley__conversation"
            ).fetchall()[0]
        )
        retention.expire(night, day)
        kept = [n for n in names(tmp_path) if n.startswith("worker_2")]
        # An export stays until the next one has been there for 90 days.
        oldest_allowed = [d for d, following in pairwise(days) if following > day - timedelta(days=90)]
        survivors = [
            n for n in kept if date.fromisoformat(f"{n[7:11]}-{n[11:13]}-{n[13:15]}") < min([*oldest_allowed, day])
        ]
        assert survivors == []
        assert f"worker_{day:%Y%m%d}.csv" in kept
        strays = [n for n in names(tmp_path) if n.startswith("list_")]
        assert strays == [f"list_{d:%Y%m%d}.csv" for d in days[: number + 1] if d > day - timedelta(days=90)]
        night.con.close()
    assert talks == [(n, n) for n in range(1, 6)]
    assert len([n for n in names(tmp_path) if n.startswith("worker_snapshot_")]) == 5
    gone = {path for path, _ in ledger.expired(tmp_path)}
    assert gone == {a.path for a in ledger.arrivals(tmp_path)} - {f.relative for f in night.files if f.path.exists()}


def test_a_day_far_ahead_of_the_clock_removes_nothing_early(tmp_path: Path) -> None:
    for number in range(2):
        deliver(tmp_path, FIRST + timedelta(days=number), number)
    before = names(tmp_path)
    assert retention.expire(night_of(tmp_path, FIRST + timedelta(days=3000)), FIRST + timedelta(days=60)) == []
    assert names(tmp_path) == before


def test_figures_worked_out_again_are_kept_for_a_while_only(tmp_path: Path) -> None:
    deliver(tmp_path, FIRST, 0)
    old, new = tmp_path / "rebuilt/old", tmp_path / "rebuilt/new"
    for folder in (old, new):
        (folder / "landing").mkdir(parents=True)
    today = datetime.now(UTC).date()
    long_ago = (datetime.now(UTC) - timedelta(days=31)).timestamp()
    os.utime(old, (long_ago, long_ago))
    retention.expire(night_of(tmp_path, today), today)
    assert [old.exists(), new.exists()] == [False, True]


def account(path: str, status: str, day: int | None, source: str = "s", seen: int = 1) -> Account:
    as_of = FIRST + timedelta(days=day) if day is not None else None
    return Account(path, source, status, as_of, FIRST + timedelta(days=seen))


@pytest.mark.parametrize(
    ("files", "gone"),
    [
        # The newest that could be read replaces; one that was refused does not.
        ([account("a", "read", 0), account("b", "refused", 1)], []),
        ([account("a", "read", 0), account("b", "read", 1), account("c", "refused", 2)], ["a"]),
        # A copy speaks for the file it is a copy of.
        ([account("a", "read", 0), account("b", "duplicate", 1)], []),
        ([account("a", "read", None), account("b", "refused", None)], ["a", "b"]),
    ],
)
def test_only_what_another_has_replaced_goes(files: list[Account], gone: list[str]) -> None:
    assert outdated(files, ["s"], [], FIRST + timedelta(days=500)) == gone


def test_exports_that_prove_an_id_stood_for_somebody_else_are_kept() -> None:
    files = [account("a", "read", 0), account("b", "read", 1), account("c", "read", 2)]
    assert outdated(files, ["s"], [FIRST], FIRST + timedelta(days=500)) == ["b"]


def test_of_a_source_that_adds_up_only_copies_and_refused_files_go() -> None:
    files = [account(s, s, day) for day, s in enumerate(["read", "duplicate", "refused"])] + [
        account("last", "duplicate", 3)
    ]
    assert outdated(files, [], [], FIRST + timedelta(days=500)) == ["duplicate", "refused"]


@pytest.mark.parametrize("setting", ["retention_raw_days", "retention_quarantine_days"])
def test_times_can_only_be_longer(setting: str) -> None:
    least = {"retention_raw_days": 90, "retention_quarantine_days": 30}[setting]
    assert getattr(Settings(), setting) == least
    with pytest.raises(ValidationError):
        Settings.model_validate({setting: least - 1})
