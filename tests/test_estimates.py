"""Estimates against published worked examples and hand-made rows."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from pipelines.contracts import load
from pipelines.estimates import ROWS, estimate, poisson, wilson
from pipelines.paths import CONTRACTS


def cell(**changes: Any) -> pl.DataFrame:
    row = {
        "as_of": date(2026, 11, 21),
        "cut": "company",
        "group_key": "company",
        "second_key": "",
        "band": "",
        "numerator": 30.0,
        "denominator": 100.0,
        "people": 100,
        "unknown": 0,
        "value": None,
        "lo": None,
        "hi": None,
        "note": "",
    }
    return pl.DataFrame([row | changes], schema=ROWS)


def of(unit: str = "share", interval: str = "", **changes: Any) -> dict[str, Any]:
    return estimate(cell(**changes), metric_id="RCY-03", version="1", unit=unit, interval=interval).row(0, named=True)


@pytest.mark.parametrize(
    ("successes", "trials", "lo", "hi"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_worked_examples_of_newcombe_1998(successes: int, trials: int, lo: float, hi: float) -> None:
    result = of(numerator=successes, denominator=trials, people=trials)
    assert (round(result["lo"], 4), round(result["hi"], 4)) == (lo, hi)
    assert result["lo"] <= result["value"] <= result["hi"]


@pytest.mark.parametrize(("events", "lo", "hi"), [(10, 4.795, 18.39), (0, 0.0, 3.689), (1, 0.0253, 5.572)])
def test_poisson_gives_the_tabulated_exact_limits(events: int, lo: float, hi: float) -> None:
    result = of(unit="per_year", numerator=events, denominator=1.0)
    assert result["lo"] == pytest.approx(lo, abs=5e-4)
    assert result["hi"] == pytest.approx(hi, abs=5e-3)


def test_a_rate_and_its_interval_are_per_year_of_exposure() -> None:
    result = of(unit="per_year", numerator=10, denominator=4.0, people=9)
    assert (result["value"], result["n"]) == (2.5, 9)
    assert (result["lo"], result["hi"]) == pytest.approx((4.795 / 4, 18.39 / 4), abs=2e-3)


def test_intervals_have_about_their_nominal_coverage() -> None:
    rng = np.random.default_rng(7)
    shares, counts = rng.binomial(60, 0.3, 20_000).astype(float), rng.poisson(12.0, 20_000).astype(float)
    low, high = wilson(shares, np.full(20_000, 60.0))
    assert np.mean((low <= 0.3) & (high >= 0.3)) == pytest.approx(0.95, abs=0.015)
    low, high = poisson(counts, np.ones(20_000))
    assert np.mean((low <= 12) & (high >= 12)) >= 0.95


def test_columns_are_those_of_the_contract_and_people() -> None:
    contract = load(CONTRACTS / "published" / "metric.odcs.yaml")
    result = estimate(cell(), metric_id="RCY-03", version="2", unit="share", interval="")
    assert result.columns == [*(column.name for column in contract.columns), "people"]
    assert result.select("metric_id", "metric_version", "unit").row(0) == ("RCY-03", "2", "share")


def test_an_empty_frame_gives_an_empty_frame_of_the_same_types() -> None:
    assert estimate(cell().clear(), metric_id="X", version="1", unit="share", interval="").schema == (
        estimate(cell(), metric_id="X", version="1", unit="share", interval="").schema
    )


def test_person_time_counts_people_not_days() -> None:
    by_days = of(numerator=9_000.0, denominator=30_000.0, people=100)
    by_people = of(numerator=9_000.0, denominator=30_000.0, people=100, interval="people")
    assert (by_people["n"], by_people["value"]) == (100, 0.3)
    assert by_people["hi"] - by_people["lo"] > 10 * (by_days["hi"] - by_days["lo"])
    assert of(interval="people", numerator=9_000.0, denominator=30_000.0, unknown=25)["known_share"] == pytest.approx(
        0.8
    )


def test_bounds_are_the_values_with_every_unknown_a_no_and_a_yes() -> None:
    result = of(numerator=30, denominator=70, unknown=30)
    assert (result["known_share"], result["bound_lo"], result["bound_hi"]) == pytest.approx((0.7, 0.3, 0.6))
    assert (result["status"], result["is_flagged"]) == ("shown", True)


@pytest.mark.parametrize(
    ("unknown", "status", "is_flagged", "is_bounded"),
    [(0, "shown", False, False), (20, "shown", False, False), (21, "shown", True, True), (40, "shown", True, True)],
)
def test_flag_and_bounds_begin_above_a_fifth_unknown(
    unknown: int, status: str, is_flagged: bool, is_bounded: bool
) -> None:
    result = of(numerator=10, denominator=100 - unknown, unknown=unknown)
    assert (result["status"], result["is_flagged"], result["bound_hi"] is not None) == (status, is_flagged, is_bounded)


def test_more_than_two_fifths_unknown_withholds_every_number() -> None:
    result = of(numerator=10, denominator=59, unknown=41)
    assert (result["status"], result["is_flagged"]) == ("withheld", True)
    numbers = ("value", "lo", "hi", "n", "known_share", "bound_lo", "bound_hi")
    assert [result[name] for name in numbers] == [None] * 7


@pytest.mark.parametrize("denominator", [0.0, None])
def test_nobody_is_empty_and_nobody_known_is_withheld(denominator: float | None) -> None:
    assert of(numerator=0, denominator=denominator, people=0)["status"] == "empty"
    assert of(numerator=0, denominator=denominator, people=0, unknown=3)["status"] == "withheld"


def test_a_median_beyond_what_was_observed_keeps_its_base_and_loses_its_value() -> None:
    result = of(unit="months", numerator=None, value=math.inf, lo=4.0, note="over_tenure", unknown=10)
    assert (result["status"], result["value"], result["lo"], result["n"]) == ("over_tenure", None, None, 100)
    assert result["known_share"] == pytest.approx(100 / 110)


def test_a_given_interval_is_kept_and_an_infinite_end_is_open() -> None:
    result = of(unit="months", numerator=None, value=7.5, lo=6.0, hi=math.inf)
    assert (result["value"], result["lo"], result["hi"], result["status"]) == (7.5, 6.0, None, "shown")
    assert of(lo=0.1, hi=0.9)["hi"] == 0.9


def test_bars_are_shares_of_the_known_and_the_unknown_bar_of_everyone() -> None:
    known = [
        of(band=band, numerator=count, denominator=80, people=count, unknown=20)
        for band, count in zip("ab", (60, 20), strict=True)
    ]
    assert [bar["value"] for bar in known] == [0.75, 0.25]
    unknown = of(band="unknown", numerator=20, denominator=80, people=20, unknown=20)
    assert (unknown["value"], unknown["n"], unknown["status"]) == (0.2, 100, "shown")


def test_the_unknown_bar_is_shown_where_the_others_are_withheld() -> None:
    assert of(band="none", numerator=10, denominator=50, unknown=50)["status"] == "withheld"
    assert of(band="unknown", numerator=50, denominator=50, people=50, unknown=50)["value"] == 0.5


def test_minutes_are_withheld_where_fewer_than_half_are_known() -> None:
    assert of(unit="minutes", denominator=50, unknown=50, value=20.0)["status"] == "shown"
    assert of(unit="minutes", denominator=49, unknown=50, value=20.0)["status"] == "withheld"
    assert of(unit="days", denominator=50, unknown=50, value=20.0)["status"] == "withheld"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"numerator": 101.0}, "share outside 0 to 1"),
        ({"unknown": -1}, "negative count"),
        ({"value": math.nan}, "not a number"),
        ({"value": math.inf}, "infinite value"),
        ({"note": "over"}, "a note"),
        ({"unit": "points", "value": -100.1}, "points outside"),
    ],
)
def test_rows_no_right_select_could_produce_are_refused_with_their_place(changes: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=f"RCY-03: .*{fault}.* at 2026-11-21, company"):
        of(**changes)


def test_an_unknown_kind_of_interval_is_refused() -> None:
    with pytest.raises(ValueError, match="interval 'peple'"):
        of(interval="peple")


def test_a_difference_beside_a_share_is_in_points_and_the_share_is_estimated_as_ever() -> None:
    rows = pl.concat([cell(band="difference", value=-12.5, lo=-30.0, hi=5.0, numerator=None), cell(), cell(band=None)])
    found = estimate(rows, metric_id="CH2-03", version="1", unit="share", interval="counts")
    assert found["unit"].to_list() == ["points", "share", "share"]
    assert found.row(0, named=True) | {"value": -12.5, "lo": -30.0, "hi": 5.0, "n": 100} == found.row(0, named=True)
    assert found.row(1, named=True) == of() | {"metric_id": "CH2-03"}
    with pytest.raises(ValueError, match="points outside"):
        of(band="difference", value=-101.0)


def test_pairs_of_one_side_flag_a_kappa_and_never_withhold_it() -> None:
    result = of(unit="kappa", value=0.4, lo=0.1, hi=0.7, numerator=None, denominator=40.0, people=40, unknown=160)
    assert (result["status"], result["value"], result["known_share"], result["is_flagged"]) == ("shown", 0.4, 0.2, True)
    with pytest.raises(ValueError, match="a kappa outside"):
        of(unit="kappa", value=1.5)
