"""The calendar and the classes everything is counted by."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import reference
from pipelines.reference import FIGURE, PreviousRelease, SourceStatus
from pipelines.settings import Settings

DAYS = st.dates(date(2005, 1, 1), date(2040, 12, 31))


@given(DAYS, st.integers(12, 60))
def test_reporting_dates_are_the_month_ends_before_the_day_and_the_day(as_of: date, months: int) -> None:
    days = reference.reporting_dates(as_of, months)
    assert len(days) == months + 1
    assert days == sorted(set(days))
    assert days[-1] == as_of
    assert all((day + timedelta(days=1)).day == 1 for day in days[:-1])
    assert (as_of - days[-2]).days <= 31


@settings(max_examples=20, deadline=None)
@given(DAYS)
def test_every_day_falls_to_the_first_reporting_day_not_before_it(as_of: date) -> None:
    con = duckdb.connect()
    reference.write(con, Settings(history_months=12), as_of, [])
    wrong = con.execute(
        "SELECT count(*) FROM raw.calendar c JOIN raw.reporting_date d USING (reporting_no)"
        " WHERE c.on_day > d.as_of OR EXISTS (SELECT 1 FROM raw.reporting_date e WHERE e.as_of >= c.on_day AND e.as_of < d.as_of)"
    ).fetchall()
    span = con.execute("SELECT count(*), min(on_day), max(on_day) FROM raw.calendar").fetchall()[0]
    assert wrong == [(0,)]
    assert span[2] == as_of
    assert span[0] == (span[2] - span[1]).days + 1


@pytest.mark.parametrize("as_of", [date(2025, 2, 28), date(2026, 2, 28), date(2024, 2, 29), date(2026, 10, 31)])
def test_the_flow_calendar_has_the_beginning_of_every_window(as_of: date) -> None:
    con = duckdb.connect()
    reference.write(con, Settings(history_months=12), as_of, [])
    missing = con.execute(
        "SELECT d.as_of FROM raw.reporting_date d WHERE NOT EXISTS (SELECT 1 FROM raw.flow_point WHERE point_on = d.year_before)"
        " OR NOT EXISTS (SELECT 1 FROM raw.flow_point WHERE point_on = d.previous_as_of)"
    ).fetchall()
    assert missing == []


def test_classes_leave_no_gap_and_know_every_target() -> None:
    con = duckdb.connect()
    own = Settings(stage_target_days={"new_in_job": 91, "growing": 183})
    reference.write(con, own, date(2026, 10, 31), [])
    for table in ("tenure_class", "recency_class"):
        edges = con.execute(f"SELECT from_days, to_days FROM raw.{table} ORDER BY 1").fetchall()
        assert edges[0][0] == 0
        assert all(left[1] == right[0] for left, right in itertools.pairwise(edges))
    starts = {row[0] for row in con.execute("SELECT from_days FROM raw.recency_class").fetchall()}
    assert {92, 184} <= starts
    assert con.execute("SELECT target_days FROM raw.career_stage WHERE stage = 'new_in_job'").fetchall() == [(91,)]


def test_the_kinds_of_support_are_a_table_of_known_stages() -> None:
    con = duckdb.connect()
    reference.write(con, Settings(stage_support={"growing": ["sponsorship"]}), date(2026, 10, 31), [])
    rows = con.execute("SELECT stage, support_type FROM raw.stage_support").fetchall()
    assert len(rows) == len(set(rows))
    assert [kind for stage, kind in rows if stage == "growing"] == ["sponsorship"]
    stages = {row[0] for row in con.execute("SELECT stage FROM raw.career_stage").fetchall()}
    assert {stage for stage, _ in rows} == stages - {"unknown"}


@pytest.mark.parametrize(
    ("days", "band"),
    [(0, "0-3"), (91, "0-3"), (92, "3-6"), (182, "3-6"), (183, "6-9"), (365, "9-12"), (366, "12-18"), (548, "18+")],
)
def test_bands_are_months_of_30_4375_days(days: int, band: str) -> None:
    con = duckdb.connect()
    reference.write(con, Settings(), date(2026, 10, 31), [])
    found = con.execute(
        "SELECT band FROM raw.recency_class WHERE from_days <= ? AND to_days > ?", [days, days]
    ).fetchall()
    low, _, high = band.rstrip("+").partition("-")
    assert found == [(band,)]
    assert days / reference.DAYS_PER_MONTH >= int(low)
    assert not high or days / reference.DAYS_PER_MONTH < int(high)


def test_a_source_covers_until_its_next_export_is_due() -> None:
    status = SourceStatus("talklog", True, date(2026, 10, 1), 14)
    assert status.covered_until == date(2026, 10, 16)


def test_what_a_run_compares_with_may_be_nothing() -> None:
    con = duckdb.connect()
    reference.write_run(con, None, [], [], 10)
    assert con.execute("SELECT count(*) FROM raw.previous_release").fetchall() == [(0,)]
    reference.write_run(
        con, PreviousRelease(date(2026, 9, 30), 420, pl.DataFrame(schema=FIGURE)), ["headcount_jump"], [], 10
    )
    assert con.execute("SELECT headcount FROM raw.previous_release").fetchall() == [(420,)]
    assert con.execute("SELECT check_name FROM raw.accepted_check").fetchall() == [("headcount_jump",)]
