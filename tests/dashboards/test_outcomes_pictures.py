"""Charts, words and spreadsheet of the Outcomes page: axes hold nought and every interval, hidden numbers stay hidden."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from dashboards import charts_outcomes as drawn
from dashboards import words_outcomes as said
from dashboards.release import find_published
from dashboards.workbook_outcomes import workbook


def forest_rows(*found: tuple[float | None, float | None, float | None]) -> pl.DataFrame:
    rows = [("row", "text", "", value, lo, hi, place == 0) for place, (value, lo, hi) in enumerate(found)]
    names = ["label", "text", "under", "value", "lo", "hi", "is_chosen"]
    types = [pl.String] * 3 + [pl.Float64] * 3 + [pl.Boolean]
    return pl.DataFrame(rows, schema=dict(zip(names, types, strict=True)), orient="row")


@pytest.mark.parametrize(
    "found",
    [
        [(2.0, 0.5, 3.5)],
        [(-2.0, -3.5, -0.5), (1.0, -60.0, 62.0)],
        [(0.0, 0.0, 0.0)],
        [(None, None, None)],
    ],
)
def test_the_axis_of_a_forest_holds_nought_and_every_interval(
    found: list[tuple[float | None, float | None, float | None]],
) -> None:
    rows = forest_rows(*found)
    low, high = drawn.reach(rows, 4.0)
    assert low <= 0 <= high
    assert high - low >= 4.0
    assert all(low <= end <= high for column in ("lo", "hi") for end in rows[column].drop_nulls())
    spec = drawn.forest(rows, (low, high), "Points").to_dict()
    assert {(row["value"] is None) for data in spec["datasets"].values() for row in data} == {
        value is None for value, _, _ in found
    }


def curves(ends: dict[str, float]) -> pl.DataFrame:
    rows = [
        {"arm": arm, "month": m, "incidence": end * m / 12, "lo": 0.0, "hi": end * m / 11, "at_risk": 100, "name": arm}
        for arm, end in ends.items()
        for m in range(13)
    ]
    return pl.DataFrame(rows)


@pytest.mark.parametrize("ends", [{"in_date": 0.1, "out_of_date": 0.1}, {"in_date": 0.0, "out_of_date": 0.001}])
def test_names_of_lines_that_end_close_together_are_moved_apart_and_stay_above_the_axis(ends: dict[str, float]) -> None:
    spec = drawn.incidence(curves(ends), said.ARMS).to_dict()
    named = [row for data in spec["datasets"].values() for row in data if "%" in str(row.get("text", ""))]
    low, high = sorted(row["incidence"] for row in named)
    top = spec["layer"][0]["encoding"]["y"]["scale"]["domain"][1]
    assert low > 0
    assert (high - low) * 230 / top >= 33


def test_the_axis_of_the_curves_begins_at_nought_and_ends_above_the_highest_interval() -> None:
    spec = drawn.incidence(curves({"in_date": 0.08, "out_of_date": 0.12}), said.ARMS).to_dict()
    y = spec["layer"][1]["encoding"]["y"]
    assert y["axis"]["values"][0] == 0
    assert y["scale"]["domain"][1] >= 0.12 * 12 / 11


def test_months_that_are_not_told_are_crossed_by_a_straight_line_and_no_step() -> None:
    rows = curves({"in_date": 0.08, "out_of_date": 0.12})
    untold = (pl.col("arm") == "in_date") & pl.col("month").is_between(3, 8)
    rows = rows.with_columns(incidence=pl.when(untold).then(None).otherwise(pl.col("incidence")))
    spec = drawn.incidence(rows, said.ARMS).to_dict()
    steps = [layer for layer in spec["layer"] if layer["mark"].get("interpolate") == "step-after"]
    assert {layer["encoding"]["detail"]["field"] for layer in steps} == {"run"}
    (gap,) = [
        data for data in spec["datasets"].values() if data and set(data[0]) == {"arm", "run", "month", "incidence"}
    ]
    assert [(row["arm"], row["month"]) for row in gap] == [("in_date", 2), ("in_date", 9)]
    runs = {(r["arm"], r["run"]) for data in spec["datasets"].values() for r in data if "run" in r and "lo" in r}
    assert len(runs) == 3


def test_a_hidden_number_at_risk_is_a_dash() -> None:
    rows = curves({"in_date": 0.08}).with_columns(
        at_risk=pl.when(pl.col("month") == 12).then(None).otherwise(pl.col("at_risk"))
    )
    spec = drawn.incidence(rows, said.ARMS).to_dict()
    numbers = [row["text"] for data in spec["datasets"].values() for row in data if row.get("text") in ("100", "–")]
    assert numbers == ["100"] * 4 + ["–"]


@pytest.mark.parametrize(
    ("value", "low", "high", "text"),
    [
        (2.14, 0.41, 3.84, "+2.1 (0.4 to 3.8)"),
        (-2.14, -4.0, 0.03, "−2.1 (−4.0 to 0.0)"),
        (-0.04, -1.0, 1.0, "0.0 (−1.0 to +1.0)"),
        (1.0, None, None, "+1.0"),
    ],
)
def test_differences_carry_their_sign_and_interval(
    value: float, low: float | None, high: float | None, text: str
) -> None:
    assert said.points(value, low, high) == text


@pytest.mark.parametrize(("smallest", "text"), [(2.0, "under 0.50 or over 2.00"), (0.5, "under 0.50 or over 2.00")])
def test_a_ratio_that_could_be_seen_is_told_on_both_sides_of_one(smallest: float, text: str) -> None:
    assert said.detectable(smallest) == text


def test_a_title_names_a_difference_only_where_its_interval_leaves_nought_out() -> None:
    unclear = {"One": (2.0, -0.1, 4.0)}
    assert said.staircase_title(unclear, "none") == "No difference from “none” stands out from chance"
    assert said.staircase_title(unclear | {"Two": (-1.0, -1.9, -0.1)}, "none").startswith("Two: −1.0 points")
    assert said.staircase_title({}, "none", ["too_early"] * 3) == "Too early to tell"
    assert said.staircase_title({}, "none", ["too_early", "hidden"]) == "No difference can be told"


def test_the_export_holds_sentence_caveat_and_protocol_and_no_formula(published: Path) -> None:
    release = find_published(published).release
    assert release is not None
    rows = pl.DataFrame(
        {
            "as_of": [date(2026, 11, 22)],
            "is_reference": [False],
            "points": [None],
            "sentence": ["=1+1"],
            "caveat": ["No cause."],
        },
        schema_overrides={"points": pl.Float64},
    )
    content = workbook({"Links": rows}, {"Outcome": "Promotion"}, release, 10)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        texts = book.read("xl/sharedStrings.xml").decode()
        sheets = "".join(book.read(n).decode() for n in book.namelist() if n.startswith("xl/worksheets/"))
    for text in ("'=1+1", "No cause.", "2026-11-22", "Is reference", "Pass a figure on with its sentence and caveat."):
        assert text in texts
    assert "<f>" not in sheets
