"""The adjusted gap against margins of statsmodels, its mixed model, and worlds in which the true gap is known."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from scipy.special import expit
from statsmodels.genmod.bayes_mixed_glm import BinomialBayesMixedGLM

from pipelines.equity import adjusted
from pipelines.estimates import ROWS, estimate
from pipelines.mixed_logistic import Cells, average_difference, fitted
from tests.sql_cases import Row, usual_sources, warehouse

AS_OF = date(2026, 6, 30)


def world(seed: int, *, people: int, divisions: int, gap: float, between: float) -> tuple[pl.DataFrame, float]:
    """People with a group that goes with grade and division, and the true average difference the group makes."""
    rng = np.random.default_rng(seed)
    division = rng.integers(0, divisions, people)
    grade, tenure, span = (rng.integers(0, classes, people) for classes in (6, 5, 3))
    own = rng.normal(0, between, divisions) if between else np.zeros(divisions)
    is_in = rng.random(people) < expit(-0.3 + 0.25 * (grade - 2.5) + np.linspace(-1, 1, divisions)[division])
    eta = -0.2 + 0.25 * (grade - 2) + 0.1 * tenure - 0.2 * span + own[division]
    talked = rng.random(people) < expit(eta + gap * is_in)
    frame = pl.DataFrame(
        {
            "as_of": AS_OF,
            "attribute": "gender",
            "value": np.where(is_in, "woman", "man"),
            "grade": grade.astype(str),
            "tenure": tenure.astype(str),
            "span": span.astype(str),
            "division_key": division.astype(str),
            "eligible_known": 1,
            "eligible_talked": talked.astype(int),
        }
    )
    return frame, float(np.mean(expit(eta + gap) - expit(eta)))


def rows(*groups: str, attribute: str = "gender", numerator: float | None = 20.0) -> pl.DataFrame:
    stated = [
        {"as_of": AS_OF, "cut": "equity", "group_key": attribute, "second_key": group, "band": "", "note": ""}
        | {"numerator": numerator, "denominator": 50.0, "people": 50, "unknown": 0}
        for group in groups
    ]
    return pl.DataFrame(stated, schema=ROWS)


def gap_of(patterns: pl.DataFrame, group: str = "woman") -> dict[str, Any]:
    return adjusted(rows(group), patterns).row(0, named=True)


def dummies(column: pl.Series) -> np.ndarray:
    return np.column_stack([(column == name).cast(pl.Float64).to_numpy() for name in column.unique().sort()[1:]])


def design_of(frame: pl.DataFrame) -> np.ndarray:
    is_in = (frame["value"] == "woman").cast(pl.Float64).to_numpy()
    return np.hstack(
        [np.ones((frame.height, 1)), is_in[:, None], *(dummies(frame[name]) for name in ("grade", "tenure", "span"))]
    )


@pytest.mark.parametrize("seed", range(4))
def test_in_one_division_it_is_the_average_margin_of_a_logistic_regression_of_single_people(seed: int) -> None:
    frame, _ = world(seed, people=500, divisions=1, gap=0.5, between=0)
    frame = frame.with_columns(division_key=pl.lit("all"))
    model = sm.Logit(frame["eligible_talked"].to_numpy(), design_of(frame)).fit(disp=0)
    margins = model.get_margeff(at="overall", dummy=True)
    lo, hi = margins.conf_int()[0]
    found = gap_of(frame)
    assert found["value"] == pytest.approx(100 * margins.margeff[0], abs=0.01)
    assert (found["lo"], found["hi"]) == pytest.approx((100 * lo, 100 * hi), abs=0.02)


@pytest.mark.parametrize("seed", [1, 2])
def test_with_divisions_coefficients_are_those_of_the_mixed_model_of_statsmodels(seed: int) -> None:
    frame, _ = world(seed, people=1500, divisions=8, gap=0.5, between=0.7)
    unit = frame["division_key"].cast(pl.Int64).to_numpy()
    fixed, talked = design_of(frame), frame["eligible_talked"].cast(pl.Float64).to_numpy()
    ours = fitted(Cells(fixed, unit, np.ones(frame.height), talked))
    model = BinomialBayesMixedGLM(talked, fixed, np.eye(8)[unit], np.zeros(8, dtype=int), vcp_p=10, fe_p=50)
    theirs = model.fit_vb()
    error = np.sqrt(np.diag(ours.covariance))
    assert np.abs((ours.coefficients[:13] - theirs.fe_mean) / error[:13]).max() < 0.15
    assert ours.coefficients[-8:] == pytest.approx(theirs.vc_mean, abs=0.05)
    assert ours.spread == pytest.approx(float(np.exp(theirs.vcp_mean[0])), rel=0.1)


@pytest.mark.parametrize(
    ("people", "divisions", "gap", "between", "worlds"),
    [(300, 6, 0.0, 0.5, 300), (600, 6, -0.5, 0.0, 300), (600, 6, 0.8, 1.0, 300), (1500, 8, -0.3, 0.5, 200)],
)
def test_the_interval_holds_the_true_difference_of_ninety_three_to_ninety_seven_in_a_hundred_worlds(
    people: int, divisions: int, gap: float, between: float, worlds: int
) -> None:
    held, miss = [], []
    for seed in range(worlds):
        frame, truth = world(1000 + seed, people=people, divisions=divisions, gap=gap, between=between)
        found = gap_of(frame)
        held.append(found["lo"] <= 100 * truth <= found["hi"])
        miss.append(found["value"] - 100 * truth)
    assert 0.93 <= np.mean(held) <= 0.97
    assert abs(np.mean(miss)) < 1.0


def test_a_gap_that_is_only_where_people_work_goes_away() -> None:
    raw, left = [], []
    for seed in range(60):
        frame, _ = world(seed, people=600, divisions=6, gap=0.0, between=0.8)
        share = frame.group_by("value").agg(pl.col("eligible_talked").mean()).sort("value")["eligible_talked"]
        raw.append(100 * (share[1] - share[0]))
        left.append(gap_of(frame)["value"])
    assert np.mean(raw) > 3.0
    assert abs(np.mean(left)) < 1.5


def test_counts_by_pattern_say_the_same_as_rows_of_single_people_in_any_order() -> None:
    frame, _ = world(3, people=400, divisions=4, gap=0.4, between=0.4)
    keys = ["as_of", "attribute", "value", "grade", "tenure", "span", "division_key"]
    counted = frame.group_by(keys).sum().sample(fraction=1.0, shuffle=True, seed=5)
    assert [gap_of(counted)[name] for name in ("value", "lo", "hi")] == pytest.approx(
        [gap_of(frame)[name] for name in ("value", "lo", "hi")]
    )
    assert gap_of(counted) == gap_of(counted.reverse())


def test_of_two_groups_one_has_the_gap_of_the_other_with_the_sign_turned() -> None:
    frame, _ = world(4, people=400, divisions=4, gap=0.4, between=0.4)
    found = adjusted(rows("woman", "man"), frame)
    assert found["value"][0] == pytest.approx(-found["value"][1], abs=1e-3)
    assert found["lo"][0] == pytest.approx(-found["hi"][1], abs=1e-3)


def test_a_row_without_numerator_or_of_another_attribute_gets_no_figure() -> None:
    frame, _ = world(5, people=200, divisions=3, gap=0.0, between=0.4)
    given = pl.concat([rows("woman", numerator=None), rows("woman", attribute="age_band"), rows("woman")])
    found = adjusted(given, frame)
    assert found["value"].is_null().to_list() == [True, True, False]
    assert found["numerator"].is_null().to_list() == [True, True, False]
    status = estimate(found, metric_id="EQU-02", version="1", unit="points", interval="")["status"]
    assert status.to_list() == ["empty", "empty", "shown"]


@pytest.mark.parametrize("talked", [0, 1])
def test_a_group_of_which_nobody_or_everybody_talked_gets_no_figure(talked: int) -> None:
    frame, _ = world(6, people=300, divisions=3, gap=0.0, between=0.4)
    flat = frame.with_columns(
        eligible_talked=pl.when(pl.col("value") == "woman").then(talked).otherwise("eligible_talked")
    )
    assert gap_of(flat)["value"] is None


def test_a_class_in_which_everybody_talked_does_not_stop_the_fit() -> None:
    frame, _ = world(7, people=400, divisions=4, gap=0.3, between=0.4)
    certain = frame.with_columns(eligible_talked=pl.when(pl.col("grade") == "5").then(1).otherwise("eligible_talked"))
    found = gap_of(certain)
    assert found["lo"] < found["value"] < found["hi"]
    assert found["hi"] - found["lo"] < 30


def test_people_of_whom_nothing_is_known_do_not_count() -> None:
    frame, _ = world(8, people=300, divisions=3, gap=0.3, between=0.4)
    unknown = frame.head(50).with_columns(eligible_known=pl.lit(0), eligible_talked=pl.lit(0), grade=pl.lit("9"))
    assert gap_of(pl.concat([frame, unknown], how="vertical_relaxed")) == gap_of(frame)


def test_a_difference_never_leaves_a_hundred_points() -> None:
    fixed = np.array([[1.0, 1.0], [1.0, 0.0]])
    cells = Cells(fixed, np.array([0, 0]), np.array([3.0, 3.0]), np.array([2.9, 0.1]))
    difference, lo, hi = average_difference(cells, fitted(cells), 1)
    assert -1 <= lo < difference < hi <= 1


@pytest.mark.parametrize("seed", range(40))
def test_groups_left_out_of_the_comparison_are_ten_people_together_or_nobody(seed: int) -> None:
    sizes = np.random.default_rng(seed).integers(1, 12, 2 + seed % 5)
    given: list[Row] = [
        {"as_of": "2026-06-30", "attribute": "gender", "value": f"group {number}"}
        | {"half_year_known": str(2 * size), "half_year_talked": str(size)}
        for number, size in enumerate(sizes)
    ]
    with warehouse().run(
        ["core.equity_census"], {"core.equity_cell": given}, AS_OF, usual_sources(AS_OF), {"history_months": 12}
    ) as con:
        found = con.execute("SELECT half_year_known, half_year_people FROM core.equity_census").fetchall()
    left_out = sum(known for known, people in found if people < 10)
    # Where nothing is shown, nothing can be subtracted.
    assert left_out == 0 or left_out >= 10 or left_out == sum(known for known, _ in found)
