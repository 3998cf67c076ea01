"""Rows of a ready table as cells: who is at risk when, when the exposure counts, and what is left out."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from pipelines.hazards import HazardError, NoEventsError, Term, cells_of, cox


def at_risk(frame: pl.DataFrame, *by: str) -> dict[object, tuple[int, int]]:
    """At risk and events by columns of the cells."""
    sums = frame.group_by(by).agg(pl.col("at_risk", "event").sum())
    return {row[: len(by)] if len(by) > 1 else row[0]: row[len(by) :] for row in sums.iter_rows()}


PEOPLE = pl.DataFrame({"until": [2, 3, 3, 5], "left": ["yes", "no", "yes", "no"], "sex": ["f", "f", "m", "m"]})


def test_a_row_is_at_risk_up_to_its_time_and_cells_stand_where_something_happens() -> None:
    ready = cells_of(PEOPLE, "until", "left", covariates=["sex"])
    assert at_risk(ready.cells, "tenure_month") == {2.0: (4, 1), 3.0: (3, 1)}
    assert at_risk(ready.cells, "tenure_month", "sex")[(3.0, "m")] == (2, 1)


def test_months_count_from_nought_and_parts_of_a_month_are_months() -> None:
    parts = PEOPLE.with_columns(until=pl.Series([0.0, 2.2, 1.0, 3.0]))
    ready = cells_of(parts, "until", "left", covariates=["sex"], times="months")
    assert at_risk(ready.cells, "tenure_month") == {0.0: (4, 2), 1.0: (2, 0), 2.0: (2, 0)}


def test_whoever_enters_late_is_not_at_risk_before() -> None:
    late = PEOPLE.with_columns(since=pl.Series([0, 0, 2, 3]))
    ready = cells_of(late, "until", "left", entry="since", times="months")
    assert at_risk(ready.cells, "tenure_month") == {0.0: (2, 0), 1.0: (2, 1), 2.0: (2, 1), 3.0: (1, 0), 4.0: (1, 0)}


def test_an_exposure_counts_only_at_times_after_it_began() -> None:
    frame = PEOPLE.with_columns(talked=pl.Series([2, 1, None, 2]))
    of = {lag: cells_of(frame, "until", "left", exposure_from="talked", lag=lag).cells for lag in (0, 1)}
    assert at_risk(of[0], "tenure_month", "exposure") == {
        # Whoever talked in month 2 had not talked when it began.
        (2.0, "no"): (3, 1),
        (2.0, "yes"): (1, 0),
        (3.0, "no"): (1, 1),
        (3.0, "yes"): (2, 0),
    }
    assert at_risk(of[1], "tenure_month", "exposure")[(3.0, "yes")] == (1, 0)


def test_in_months_a_talk_within_a_month_counts_from_the_next() -> None:
    frame = pl.DataFrame({"until": [3.0, 2.0], "left": [0, 1], "talked": [0.4, None]})
    cells = cells_of(frame, "until", "left", exposure_from="talked", times="months").cells
    assert at_risk(cells, "tenure_month", "exposure") == {
        (0.0, "no"): (2, 0),
        (1.0, "yes"): (1, 0),
        (1.0, "no"): (1, 1),
        (2.0, "yes"): (1, 0),
    }


def test_an_exposure_by_period_is_that_of_so_many_periods_ago_and_unknown_time_leaves() -> None:
    frame = pl.DataFrame(
        {
            "until": [3, 2],
            "left": [0, 1],
            "job1": ["a", "b"],
            "job2": ["b", "b"],
            "job3": [None, None],
            "job": ["x", "y"],
        }
    ).drop("job")
    same = cells_of(frame, "until", "left", exposure_from="job", times="months").cells
    assert at_risk(same, "tenure_month", "exposure") == {(0.0, "a"): (1, 0), (0.0, "b"): (1, 0), (1.0, "b"): (2, 1)}
    before = cells_of(frame, "until", "left", exposure_from="job", lag=1, times="months").cells
    assert at_risk(before, "tenure_month", "exposure") == {
        (1.0, "a"): (1, 0),
        (1.0, "b"): (1, 1),
        (2.0, "b"): (1, 0),
    }


def test_rows_with_an_empty_field_are_counted_and_left_out() -> None:
    holes = PEOPLE.with_columns(sex=pl.Series(["f", None, "m", "m"]), left=pl.Series(["yes", "no", None, "no"]))
    ready = cells_of(holes, "until", "left", covariates=["sex"])
    assert (ready.rows, ready.left_out) == (2, 2)


def test_one_value_of_a_column_can_be_the_event() -> None:
    causes = PEOPLE.with_columns(end=pl.Series(["quit", "", "dismissed", ""]))
    assert at_risk(cells_of(causes, "until", "end=quit").cells, "tenure_month") == {2.0: (4, 1)}


def test_without_a_time_each_row_is_a_period() -> None:
    assert at_risk(cells_of(PEOPLE, None, "left", covariates=["sex"]).cells, "sex") == {"f": (2, 1), "m": (2, 1)}


def test_alike_rows_are_one_cell() -> None:
    twice = pl.concat([PEOPLE, PEOPLE])
    one, two = (cells_of(frame, "until", "left", covariates=["sex"]).cells for frame in (PEOPLE, twice))
    assert one.height == two.height
    terms = [Term("sex", "f")]
    single, double = (cox(cells, "event", terms, ties="breslow") for cells in (one, two))
    assert single.coef == pytest.approx(double.coef)
    assert single.errors**2 == pytest.approx(2 * double.errors**2)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"event": "gone"}, "no column 'gone'"),
        ({"event": "sex"}, "'sex' is neither yes nor no: it holds 'f'. Name the value that is meant: sex=f"),
        ({"time": "sex"}, "'sex' is no number"),
        ({"entry": "until"}, "A row ends before it begins"),
        ({"covariates": ["event"]}, "a column 'event' of their own"),
        ({"exposure_from": "job"}, "no column 'job' and none named job1"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_by_column(change: dict[str, Any], words: str) -> None:
    asked = {"time": "until", "event": "left"} | change
    with pytest.raises(HazardError, match=words):
        cells_of(PEOPLE.with_columns(event=pl.lit(1)), **asked)


def test_a_table_without_an_event() -> None:
    with pytest.raises(NoEventsError, match="has not happened"):
        cells_of(PEOPLE.with_columns(left=pl.lit(0)), "until", "left")


def test_a_table_too_long_for_cells_is_refused_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.hazards.ready_table._MOST_CELLS", 5)
    with pytest.raises(HazardError, match="would make 7 cells, more than 5"):
        cells_of(PEOPLE, "until", "left")
