"""Shrunken shares against the likelihood of scipy, against worlds of known truth, and what they do to published rows."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize
from scipy.stats import beta, betabinom, binom

from pipelines.beta_binomial import Floats, Integers, Priors, counted, fitted, posterior
from pipelines.estimates import ROWS, estimate
from pipelines.shrinkage import SHRUNK, posteriors, with_shrunk

AS_OF = date(2026, 6, 30)


def world(seed: int, *, groups: int, size: float, share: float, pools: int = 1) -> tuple[Floats, Integers, Integers]:
    """True shares of groups drawn around `share` with alpha + beta = `size`, and what about eight members of each say."""
    rng = np.random.default_rng(seed)
    trials = np.clip(rng.poisson(8, pools * groups), 1, None)
    truth = rng.beta(share * size, (1 - share) * size, pools * groups)
    return truth, rng.binomial(trials, truth), trials


def prior_of(yes: Integers, trials: Integers) -> Priors:
    return fitted(counted(yes, trials, np.zeros(len(yes), dtype=np.int64), 1))


def rows_of(yes: Integers, trials: Integers, **changes: Any) -> pl.DataFrame:
    row = {"as_of": AS_OF, "cut": "manager", "second_key": "", "band": "", "unknown": 0, "note": ""} | changes
    frame = pl.DataFrame(
        {
            "group_key": [f"group {number}" for number in range(len(yes))],
            "numerator": yes.astype(float),
            "denominator": trials.astype(float),
            "people": trials,
        }
    )
    nothing = dict.fromkeys(("value", "lo", "hi"), None)
    stated = frame.with_columns(**{name: pl.lit(value) for name, value in (row | nothing).items()})
    return stated.select(ROWS.names()).cast(ROWS)


def estimates_of(rows: pl.DataFrame, unit: str = "share") -> pl.DataFrame:
    return estimate(rows, metric_id="COV-02", version="1", unit=unit, interval="")


@pytest.mark.parametrize("seed", range(12))
def test_the_prior_is_where_the_likelihood_of_scipy_is_greatest(seed: int) -> None:
    _, yes, trials = world(seed, groups=15 + 10 * seed, size=(3, 8, 15)[seed % 3], share=(0.3, 0.6, 0.85)[seed % 3])
    prior = prior_of(yes, trials)
    best = minimize(
        lambda x: -betabinom.logpmf(yes, trials, *np.exp(x)).sum(),
        np.zeros(2),
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000, "maxfev": 4000},
    )
    alpha, other = np.exp(best.x)
    assert prior.spread[0] > 0
    assert prior.share[0] == pytest.approx(alpha / (alpha + other), abs=1e-5)
    assert prior.spread[0] == pytest.approx(1 / (alpha + other), rel=1e-4)


def test_groups_that_differ_less_than_chance_would_make_them_have_one_share_and_an_interval_of_some_length() -> None:
    trials = np.full(40, 10)
    yes = np.tile([6, 6, 5, 7], 10)
    prior = prior_of(yes, trials)
    at_chance = binom.logpmf(yes, trials, 0.6).sum()
    assert all(
        betabinom.logpmf(yes, trials, 0.6 / spread, 0.4 / spread).sum() < at_chance for spread in (0.001, 0.01, 0.1)
    )
    mean, lo, hi = posterior(prior, yes, trials, np.zeros(40, dtype=np.int64))
    assert prior.spread[0] == 0
    assert mean == pytest.approx(np.full(40, 0.6))
    assert (hi - lo > 0.02).all()


def test_a_posterior_mean_lies_between_the_groups_own_share_and_that_of_all_and_nearer_to_its_own_the_larger_it_is() -> (
    None
):
    _, yes, trials = world(3, groups=60, size=8, share=0.6)
    yes, trials = np.append(yes, [3, 30]), np.append(trials, [10, 100])
    prior = prior_of(yes, trials)
    mean, lo, hi = posterior(prior, yes, trials, np.zeros(62, dtype=np.int64))
    size = 1 / prior.spread[0]
    assert mean == pytest.approx((prior.share[0] * size + yes) / (size + trials))
    assert prior.share[0] > mean[-2] > mean[-1] > 0.3
    assert (hi - lo)[-1] < (hi - lo)[-2]


@pytest.mark.parametrize(
    ("groups", "size"), [(20, 5), (20, 10), (20, 20), (50, 3), (50, 10), (100, 5), (100, 10), (100, 50), (400, 20)]
)
def test_the_interval_holds_the_true_share_of_ninety_three_to_ninety_seven_in_a_hundred_groups(
    groups: int, size: float
) -> None:
    pools = 20_000 // groups
    truth, yes, trials = world(11, groups=groups, size=size, share=0.6, pools=pools)
    pool = np.repeat(np.arange(pools), groups)
    mean, lo, hi = posterior(fitted(counted(yes, trials, pool, pools)), yes, trials, pool)
    assert 0.93 <= np.mean((lo <= truth) & (truth <= hi)) <= 0.97
    assert np.mean((mean - truth) ** 2) < 0.75 * np.mean((yes / trials - truth) ** 2)


def test_groups_alike_in_truth_get_intervals_too_long_rather_than_too_short() -> None:
    truth, yes, trials = world(5, groups=20, size=1e5, share=0.6, pools=200)
    pool = np.repeat(np.arange(200), 20)
    priors = fitted(counted(yes, trials, pool, 200))
    _, lo, hi = posterior(priors, yes, trials, pool)
    assert np.mean((lo <= truth) & (truth <= hi)) > 0.97
    # What the most likely prior alone would have said: nothing about groups, where it finds none to differ.
    assert np.mean(priors.spread == 0) > 0.3


def test_the_most_likely_prior_alone_would_hold_the_truth_too_seldom() -> None:
    truth, yes, trials = world(7, groups=15, size=12, share=0.6, pools=400)
    pool = np.repeat(np.arange(400), 15)
    priors = fitted(counted(yes, trials, pool, 400))
    size = 1 / np.maximum(priors.spread[pool], 1e-9)
    shares = priors.share[pool] * size
    lo, hi = (beta.ppf(tail, shares + yes, size - shares + trials - yes) for tail in (0.025, 0.975))
    naive = np.mean((lo <= truth) & (truth <= hi))
    _, low, high = posterior(priors, yes, trials, pool)
    assert naive < 0.85
    assert 0.93 <= np.mean((low <= truth) & (truth <= high)) <= 0.97


def test_rows_of_a_metric_get_the_posterior_of_their_date_and_managers_of_fewer_than_three_have_none() -> None:
    _, yes, trials = world(2, groups=30, size=6, share=0.6)
    yes, trials = np.append(yes, [1, 2]), np.append(trials, [2, 3])
    other_yes, other_trials = np.full(12, 1), np.full(12, 9)
    rows = pl.concat([rows_of(yes, trials), rows_of(other_yes, other_trials, as_of=date(2026, 5, 31))])
    result = posteriors(rows)
    prior = prior_of(yes, trials)
    kept = trials >= 3
    size = 1 / prior.spread[0]
    now = result.filter(as_of=AS_OF)
    assert result.columns == rows.columns
    assert now["group_key"].to_list() == [f"group {i}" for i in np.flatnonzero(kept)]
    assert now["value"].to_numpy() == pytest.approx(((prior.share[0] * size + yes) / (size + trials))[kept])
    assert result.filter(as_of=date(2026, 5, 31))["value"].to_numpy() == pytest.approx(np.full(12, 1 / 9))
    assert estimates_of(result)["status"].unique().to_list() == ["shown"]


@pytest.mark.parametrize(("groups", "yes"), [(9, 4), (12, 0), (12, 8)])
def test_without_a_prior_a_manager_has_no_figure_rather_than_the_plain_one(groups: int, yes: int) -> None:
    result = posteriors(rows_of(np.full(groups, yes), np.full(groups, 8)))
    assert result["value"].null_count() == groups
    assert estimates_of(result)["status"].unique().to_list() == ["empty"]


def test_shrunk_columns_are_filled_and_everything_else_stays_as_it_was() -> None:
    _, yes, trials = world(4, groups=14, size=6, share=0.5)
    plain = estimates_of(pl.concat([rows_of(yes, trials), rows_of(yes[:1], trials[:1], cut="company")]))
    result = with_shrunk(plain, "counts")
    assert result.columns == plain.columns
    assert result.drop(SHRUNK).equals(plain.drop(SHRUNK))
    mean, lo, hi = posterior(prior_of(yes, trials), yes, trials, np.zeros(14, dtype=np.int64))
    managers = result.filter(cut="manager")
    for name, expected in zip(SHRUNK, (mean, lo, hi), strict=True):
        assert managers[name].to_numpy() == pytest.approx(expected)
    assert result.filter(cut="company").select(SHRUNK).row(0) == (None, None, None)


def test_units_of_thirty_people_and_more_are_not_shrunk_and_do_not_count_as_teams() -> None:
    _, yes, trials = world(6, groups=12, size=6, share=0.5)
    yes, trials = np.append(yes, [15, 15]), np.append(trials, [29, 30])
    result = with_shrunk(estimates_of(rows_of(yes, trials, cut="org_unit")), "counts")
    assert result["shrunk"].is_null().to_list() == [False] * 13 + [True]
    mean, *_ = posterior(prior_of(yes[:13], trials[:13]), yes[:13], trials[:13], np.zeros(13, dtype=np.int64))
    assert result["shrunk"].to_numpy()[:13] == pytest.approx(mean)


@pytest.mark.parametrize(
    ("unit", "interval", "band", "groups"),
    [
        ("share", "people", "", 20),
        ("share", "given", "", 20),
        ("rate", "counts", "", 20),
        ("share", "counts", "0-3", 20),
    ],
)
def test_other_kinds_of_figures_are_never_shrunk(unit: str, interval: str, band: str, groups: int) -> None:
    _, yes, trials = world(8, groups=groups, size=6, share=0.5)
    result = with_shrunk(estimates_of(rows_of(yes, trials, band=band), unit), interval)
    assert result["shrunk"].null_count() == groups
    assert result.schema["shrunk"] == pl.Float64()


def test_fewer_than_ten_groups_are_too_few_to_lean_on() -> None:
    _, yes, trials = world(9, groups=10, size=4, share=0.5)
    assert with_shrunk(estimates_of(rows_of(yes, trials)), "counts")["shrunk"].null_count() == 0
    assert with_shrunk(estimates_of(rows_of(yes[:9], trials[:9])), "counts")["shrunk"].null_count() == 9


def test_an_empty_frame_stays_empty_with_the_same_columns() -> None:
    plain = estimates_of(rows_of(np.array([], dtype=np.int64), np.array([], dtype=np.int64)))
    assert with_shrunk(plain, "counts").schema == with_shrunk(plain, "given").schema
    assert posteriors(rows_of(np.array([], dtype=np.int64), np.array([], dtype=np.int64))).height == 0


def test_all_metrics_of_two_years_and_a_hundred_managers_take_less_than_two_seconds() -> None:
    _, yes, trials = world(10, groups=100, size=8, share=0.6, pools=25)
    days = pl.Series("as_of", [date(2024, 6, 1 + number) for number in range(25) for _ in range(100)])
    plain = estimates_of(rows_of(yes, trials).with_columns(days))
    began = time.process_time()
    for _ in range(60):
        with_shrunk(plain, "counts")
    assert time.process_time() - began < 2
