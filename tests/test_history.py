"""Exports of single days against the careers they were taken of: employments, exits and jobs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from pipelines.landing import inventory
from tests import history_oracle as oracle
from tests.deliveries import built, contract_files, delivered, landed
from tests.histories import Seen, Style, careers, raw_rows, shown, style
from tests.sql_cases import Row, parse_table

SEEDS = range(48)
WORKERS = "parley__worker_snapshot"
every_seed = pytest.mark.parametrize("seed", SEEDS)
Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def known() -> dict[str, dict[str, Rows]]:
    """Spells, exits, promotions and jobs of all seeds by table and worker, out of one build: a seed is a population."""
    queries = {
        "spell": "SELECT worker_key, started_on, ended_on, exit_type FROM core.spell ORDER BY ALL",
        "outcome_event": "SELECT worker_key, type, effective_on, basis FROM core.outcome_event ORDER BY ALL",
        "job": """
            SELECT worker_key, valid_from, valid_to, job_title, grade_rank, org_unit_key, manager_key, change_type, job_started_on,
                manager_started_on
            FROM core.job ORDER BY ALL""",
    }
    rows = [row for seed in SEEDS for row in raw_rows(seed)]
    with built({"raw.parley__worker_snapshot": rows}, *(f"core.{name}" for name in queries)) as con:
        return {name: _by_worker(con.execute(query).fetchall()) for name, query in queries.items()}


def everybody(seed: int) -> Iterator[tuple[str, Style, list[Seen]]]:
    """Each person of a seed with what the exports say of them."""
    plan = style(seed)
    for person, stints in careers(seed).items():
        yield person, plan, [seen for day in plan.days if (seen := shown(stints, day, plan))]


@every_seed
def test_employments_are_those_that_can_be_known(known: dict[str, dict[str, Rows]], seed: int) -> None:
    for person, plan, seen in everybody(seed):
        expected = [tuple(spell[:3]) for spell in oracle.spells(seen, plan.days)]
        assert known["spell"].get(person, []) == expected, (person, seen)


@every_seed
def test_exits_and_promotions_are_those_that_can_be_known(known: dict[str, dict[str, Rows]], seed: int) -> None:
    for person, plan, seen in everybody(seed):
        exits = {(s.exit_type, s.ended_on, s.basis) for s in oracle.spells(seen, plan.days) if s.ended_on}
        steps = {
            (job.change, job.valid_from, "derived")
            for job in oracle.jobs(seen, plan.days)
            if job.change in ("promotion", "demotion")
        }
        assert set(known["outcome_event"].get(person, [])) == exits | steps, (person, seen)


@every_seed
def test_jobs_begin_where_two_exports_differ(known: dict[str, dict[str, Rows]], seed: int) -> None:
    for person, plan, seen in everybody(seed):
        expected = [
            (
                job.valid_from,
                job.valid_to,
                *astuple(job.post)[1:],
                job.change,
                job.job_started_on,
                job.manager_started_on,
            )
            for job in oracle.jobs(seen, plan.days)
        ]
        assert known["job"].get(person, []) == expected, (person, seen)


@every_seed
def test_on_the_day_of_an_export_everybody_is_where_they_truly_were(
    known: dict[str, dict[str, Rows]], seed: int
) -> None:
    for person, _, seen in everybody(seed):
        for found in seen:
            covering = [s for s in known["spell"].get(person, []) if _holds(found.day, *s[:2])]
            in_job = [j for j in known["job"].get(person, []) if _holds(found.day, *j[:2])]
            if found.is_over:
                # A leaver's last day that changes is taken for a correction: nobody can tell it from a short return.
                is_corrected = any(s.is_over and s.last_day != found.last_day for s in seen)
                assert is_corrected or not covering, (person, found)
            elif found.hire <= found.day:
                assert len(covering) == 1, (person, found)
                assert [j[2:6] for j in in_job] == [astuple(found.post)[1:]], (person, found)


def test_the_careers_hold_all_that_can_happen(known: dict[str, dict[str, Rows]]) -> None:
    spells = [oracle.spells(seen, plan.days) for seed in SEEDS for _, plan, seen in everybody(seed)]
    changes = {row[6] for rows in known["job"].values() for row in rows}
    assert changes == {"hire", "rehire", "promotion", "demotion", "unknown"}
    assert {(s.exit_type, s.basis) for known_spells in spells for s in known_spells} >= {
        ("exit_voluntary", "source"), ("exit_involuntary", "derived"), ("exit_unknown", "derived"), (None, None),
    }  # fmt: skip
    assert sum(len(known_spells) > 1 for known_spells in spells) >= 25


def test_an_end_in_the_future_and_an_open_end_are_no_exit_yet(tmp_path: Path) -> None:
    text = "Employee ID,Hire date,Last day,Status\n" + "".join(
        f"{person},2020-01-01,{end},Active\n"
        for person, end in [("ANN", "2026-08-31"), ("BEN", "9999-12-31"), ("CLEO", "4712-12-31"), ("DAN", "1900-01-01")]
    )
    landing = delivered(tmp_path, {"hris/parley/worker_snapshot_20260630.csv": text})
    rows, _ = landed(inventory(landing, contract_files()), WORKERS)
    with built(rows, "core.spell", "core.employment", "core.separation") as con:
        ends = con.execute("SELECT worker_key, ended_on FROM core.spell ORDER BY 1").fetchall()
        assert ends == [("ANN", date(2026, 9, 1)), ("BEN", None), ("CLEO", None), ("DAN", None)]
        employed = con.execute("SELECT worker_key FROM core.employment WHERE ends_on = DATE '2026-07-01' ORDER BY 1")
        assert [key for (key,) in employed.fetchall()] == ["ANN", "BEN", "CLEO", "DAN"]
        assert con.execute("SELECT * FROM core.separation").fetchall() == []


def test_what_a_system_dates_itself_wins_over_what_its_exports_suggest() -> None:
    given = {
        "staging.hibob__worker_snapshot": """
            employee_id | as_of      | recorded_on | population | source_system | hire_date  | last_day_on | employment_status | job_title
            ANN         | 2026-01-31 | 2026-01-31  | ''         | hibob         | 2020-01-01 |             | active            | Clerk
            ANN         | 2026-04-30 | 2026-04-30  | ''         | hibob         | 2020-01-01 |             | active            | Lead
            BEN         | 2026-01-31 | 2026-01-31  | ''         | hibob         | 2020-01-01 |             | active            | Clerk
            CLEO        | 2026-01-31 | 2026-01-31  | ''         | hibob         | 2020-01-01 |             | active            | Clerk
            CLEO        | 2026-04-30 | 2026-04-30  | ''         | hibob         | 2020-01-01 |             | active            | Head
            DAN         | 2026-01-31 | 2026-01-31  | ''         | hibob         | 2020-01-01 | 2026-02-20  | active            | Clerk
            DAN         | 2026-04-30 | 2026-04-30  | ''         | hibob         | 2020-01-01 | 2026-02-20  | terminated        | Clerk""",
        "staging.hibob__job_history": """
            employee_id | valid_from | valid_to   | job_title | is_primary | change_type | source_system | recorded_on
            ANN         | 2020-01-01 | 2026-03-09 | Clerk     | true       | hire        | hibob         | 2026-04-30
            ANN         | 2026-03-09 |            | Lead      | true       | promotion   | hibob         | 2026-04-30""",
        "staging.hibob__outcome_event": """
            employee_id | type           | effective_on | last_day_on | source_system | recorded_on
            ANN         | promotion      | 2026-03-09   |             | hibob         | 2026-04-30
            BEN         | exit_voluntary | 2026-02-16   | 2026-02-15  | hibob         | 2026-04-30
            DAN         | exit_other     | 2026-02-28   | 2026-02-27  | hibob         | 2026-04-30""",
    }
    rows = {name: parse_table(text)[1] for name, text in given.items()}
    with built(rows, "core.spell", "core.job", "core.outcome_event") as con:
        assert con.execute("SELECT worker_key, ended_on, exit_type FROM core.spell ORDER BY 1").fetchall() == [
            ("ANN", None, None),
            ("BEN", date(2026, 2, 16), "exit_voluntary"),
            ("CLEO", None, None),
            ("DAN", date(2026, 2, 28), "exit_other"),
        ]
        assert con.execute("SELECT worker_key, effective_on, basis FROM core.outcome_event ORDER BY 1").fetchall() == [
            ("ANN", date(2026, 3, 9), "source"),
            ("BEN", date(2026, 2, 16), "source"),
            ("DAN", date(2026, 2, 28), "source"),
        ]
        jobs = con.execute(
            "SELECT worker_key, valid_from, job_title FROM core.job WHERE worker_key <> 'BEN' ORDER BY 1, 2"
        )
        assert jobs.fetchall() == [
            ("ANN", date(2020, 1, 1), "Clerk"),
            ("ANN", date(2026, 3, 9), "Lead"),
            ("CLEO", date(2026, 1, 31), "Clerk"),
            ("CLEO", date(2026, 4, 30), "Head"),
            ("DAN", date(2026, 1, 31), "Clerk"),
        ]


@pytest.mark.parametrize("has_leavers", [False, True], ids=["active staff only", "with leavers"])
def test_before_the_first_export_of_active_staff_nobody_is_counted(has_leavers: bool) -> None:
    first, second = date(2025, 12, 31), date(2026, 6, 30)
    rows: list[Row] = [_staff(f"P{n}", day) for n in range(24) for day in (first, second) if n < 20 or day == first]
    rows += [_staff("GONE", day, last_day="2025-03-15") for day in (first, second)] if has_leavers else []
    with built({"raw.parley__worker_snapshot": rows}, "core.employment", "metrics.out_01_voluntary_turnover") as con:
        cuts = con.execute("SELECT DISTINCT observed_from FROM core.employment").fetchall()
        assert cuts == [(None if has_leavers else first,)]
        shown_days = con.execute(
            "SELECT as_of, value FROM metrics.out_01_voluntary_turnover WHERE cut = 'company' ORDER BY 1"
        ).fetchall()
        assert shown_days[-1][0] == second
        assert (shown_days[0][0] < first) == has_leavers


def _staff(person: str, day: date, last_day: str | None = None) -> Row:
    return {
        "employee_id": person, "hire_date": "2020-01-01", "last_day_on": last_day, "exit_type": "exit_voluntary" if last_day else None,
        "_as_of": day.isoformat(), "job_title": "Clerk", "org_unit_key": "A",
    }  # fmt: skip


def _holds(day: date, begins: date, ends: date | None) -> bool:
    return begins <= day and (ends is None or day < ends)


def _by_worker(rows: Rows) -> dict[str, Rows]:
    return {key: [row[1:] for row in found] for key, found in groupby(sorted(rows, key=lambda r: r[0]), lambda r: r[0])}
