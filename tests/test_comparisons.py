"""Differences of published figures leave only with everything they are made of."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import polars as pl
import pytest

from pipelines.comparisons import settled
from pipelines.disclosure import suppress
from pipelines.estimates import ROWS, estimate

TODAY = date(2026, 6, 30)
Cell = tuple[str, str, str]
UNIT: Cell = ("org_unit", "NORTH", "")


def figures(metric_id: str, cells: dict[Cell, tuple[int, float]], status: str = "shown") -> pl.DataFrame:
    """Published rows of a metric: people and value by cell."""
    unit = "points" if metric_id in ("CH4-03", "QUA-06") else "share"
    counted = [
        (TODAY, *cell, "", None, float(people), people, 0, value, None, None, "")
        for cell, (people, value) in cells.items()
    ]
    rows = estimate(
        pl.DataFrame(counted, schema=ROWS, orient="row"), metric_id=metric_id, version="1", unit=unit, interval=""
    ).drop("people")
    numbers = ("value", "lo", "hi", "n", "known_share", "bound_lo", "bound_hi")
    emptied = rows.with_columns(pl.lit(None, rows.schema[name]).alias(name) for name in numbers)
    return rows if status == "shown" else emptied.with_columns(status=pl.lit(status))


def result(metric_id: str, *frames: pl.DataFrame) -> tuple[str, float | None, int | None]:
    found = [rows for rows in settled(frames) if rows["metric_id"][0] == metric_id]
    assert len(found) == 1
    row = found[0].row(0, named=True)
    return row["status"], row["value"], row["n"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_coverage_minus_usefulness_is_shown_where_both_are_whatever_comes_first(order: tuple[int, ...]) -> None:
    frames = [
        figures("QUA-06", {UNIT: (20, 15.0)}),
        figures("COV-01", {UNIT: (20, 0.7)}),
        figures("QUA-01", {UNIT: (31, 0.55)}),
    ]
    assert result("QUA-06", *(frames[place] for place in order)) == ("shown", 15.0, 20)


@pytest.mark.parametrize("hidden", ["COV-01", "QUA-01"])
@pytest.mark.parametrize("status", ["suppressed", "complementary", "withheld", "empty"])
def test_coverage_minus_usefulness_would_give_a_hidden_part_back(hidden: str, status: str) -> None:
    parts = [figures(name, {UNIT: (20, 0.7)}, status if name == hidden else "shown") for name in ("COV-01", "QUA-01")]
    gap = figures("QUA-06", {UNIT: (20, 15.0)})
    assert result("QUA-06", *parts, gap) == ("complementary", None, None)
    assert result("QUA-06", parts[0], gap) == ("complementary", None, None)


def test_a_part_of_another_group_or_date_does_not_stand_in() -> None:
    parts = [figures("COV-01", {UNIT: (20, 0.7)}), figures("QUA-01", {("org_unit", "SOUTH", ""): (20, 0.5)})]
    gap = figures("QUA-06", {UNIT: (20, 15.0)})
    assert result("QUA-06", *parts, gap)[0] == "complementary"
    earlier = figures("QUA-01", {UNIT: (20, 0.5)}).with_columns(as_of=pl.lit(date(2026, 5, 31)))
    assert result("QUA-06", parts[0], earlier, gap)[0] == "complementary"


def test_a_gap_between_stages_is_shown_where_every_stage_compared_is() -> None:
    """The stage of nine may be shown, in an organisation that shows groups of five, but it is not compared."""
    stages = {
        ("org_unit_career_stage", "NORTH", "growing"): (20, 0.5),
        ("org_unit_career_stage", "NORTH", "new_in_job"): (10, 0.1),
        ("org_unit_career_stage", "NORTH", "long_in_role"): (9, 0.0),
        ("org_unit_career_stage", "NORTH", "unknown"): (30, 1.0),
        ("org_unit_career_stage", "SOUTH", "growing"): (30, 1.0),
    }
    gap = figures("CH4-03", {UNIT: (30, 40.0)})
    assert result("CH4-03", gap, figures("COV-02", stages)) == ("shown", 40.0, 30)
    company = {("career_stage", "growing", ""): (20, 0.5), ("career_stage", "new_in_job", ""): (10, 0.1)}
    whole = figures("CH4-03", {("company", "company", ""): (30, 40.0)})
    assert result("CH4-03", whole, figures("COV-02", company)) == ("shown", 40.0, 30)


def test_a_gap_that_compares_a_hidden_stage_is_hidden() -> None:
    shown = figures("COV-02", {("org_unit_career_stage", "NORTH", "growing"): (20, 0.5)})
    hidden = figures("COV-02", {("org_unit_career_stage", "NORTH", "new_in_job"): (10, 0.1)}, "complementary")
    gap = figures("CH4-03", {UNIT: (30, 40.0)})
    assert result("CH4-03", pl.concat([shown, hidden]), gap) == ("complementary", None, None)


def test_a_gap_that_is_not_shown_stays_as_it_is() -> None:
    gap = figures("QUA-06", {UNIT: (9, 1.0)}, "suppressed")
    assert result("QUA-06", gap) == ("suppressed", None, None)


def test_a_stage_hidden_for_its_neighbours_sake_does_not_come_back_through_the_gap() -> None:
    """Of 43 people three have an unknown stage. One stage more must go, and with it the gap that would give it back."""
    coverage = {
        UNIT: (43, 0.5),
        ("org_unit_career_stage", "NORTH", "growing"): (25, 0.5),
        ("org_unit_career_stage", "NORTH", "new_in_job"): (15, 0.25),
        ("org_unit_career_stage", "NORTH", "unknown"): (3, 1.0),
    }
    rows = figures("COV-02", coverage).with_columns(people=pl.col("n"))
    released = suppress(rows, threshold=10)
    assert "complementary" in released["status"].to_list()
    assert result("CH4-03", released, figures("CH4-03", {UNIT: (40, 25.0)}))[0] == "complementary"


def test_other_metrics_pass_in_order() -> None:
    frames = [figures(name, {UNIT: (20, 0.5)}) for name in ("COV-03", "COV-02", "COV-01")]
    passed = list(settled([frames[0], frames[0].clear(), *frames[1:]]))
    assert [rows.height for rows in passed] == [1, 0, 1, 1]
    assert [rows["metric_id"][0] for rows in passed if rows.height] == ["COV-03", "COV-02", "COV-01"]
