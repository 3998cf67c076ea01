"""Incidence with competing events against published numbers, statsmodels, the binomial, and worlds with a known difference."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from pipelines.estimates import ROWS, estimate
from pipelines.incidence import ENTERED, aalen_johansen, difference, differences
from tests.hazards.golden import found_by_r, stretches
from tests.real_inputs import DATA, needs_real_data, table

AS_OF = date(2026, 6, 30)
MGUS2 = DATA / "published" / "survival__mgus2.csv"


def counts(day: np.ndarray, kind: np.ndarray) -> pl.DataFrame:
    """Rows of a day each out of people's last days and what ended them: 1 the event, 2 another, 0 nothing until after that day."""
    return (
        pl.DataFrame({"day": day, "kind": kind})
        .with_columns(pl.col("day") + (pl.col("kind") == 0))
        .group_by("day")
        .agg(
            *(pl.col("kind").eq(code).sum().alias(name) for name, code in (("events", 1), ("competing", 2))),
            censored=pl.col("kind").eq(0).sum(),
        )
    )


def people(seed: int, size: int, *, with_censoring: bool) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    day, kind = rng.geometric(0.02, size), rng.integers(1, 3, size)
    watched = rng.integers(1, 120, size) if with_censoring else np.full(size, 10_000)
    return np.minimum(day, watched), np.where(day <= watched, kind, 0)


@needs_real_data
def test_progression_of_a_published_cohort_at_twenty_years_is_a_tenth_and_not_a_fifth() -> None:
    cohort = table(MGUS2)
    progressed = np.array([line["pstat"] == "1" for line in cohort])
    months = np.array([int(line["ptime"] if line["pstat"] == "1" else line["futime"]) for line in cohort])
    kind = np.where(progressed, 1, np.where([line["death"] == "1" for line in cohort], 2, 0))
    assert [int((kind == code).sum()) for code in (0, 1, 2)] == [409, 115, 860]
    by_then = pl.col("day") <= 240
    curve = aalen_johansen(counts(months, kind)).filter(by_then)
    assert round(curve["incidence"][-1], 4) == 0.0998
    censored_deaths = aalen_johansen(counts(months, np.where(kind == 1, 1, 0))).filter(by_then)
    assert round(censored_deaths["incidence"][-1], 4) == 0.2096


@pytest.mark.parametrize("seed", range(8))
def test_curve_and_error_are_those_of_statsmodels(seed: int) -> None:
    day, kind = people(seed, 40 + 60 * seed, with_censoring=True)
    theirs = CumIncidenceRight(day.astype(float), kind)
    left = np.unique(day[kind > 0])
    # Where the last of all leave, statsmodels divides by nobody.
    left = left[:-1] if (kind[day == day.max()] > 0).all() else left
    chosen = np.isin(theirs.times, left)
    ours = aalen_johansen(counts(day, kind)).filter(pl.col("day").is_in(left.tolist()))
    assert ours["incidence"].to_numpy() == pytest.approx(theirs.cinc[0][chosen], abs=1e-12)
    assert np.sqrt(ours["variance"].to_numpy()) == pytest.approx(theirs.cinc_se[0][chosen], abs=1e-9)


def test_without_other_events_it_is_what_the_kaplan_meier_curve_leaves_with_greenwoods_error() -> None:
    day, kind = people(3, 300, with_censoring=True)
    alone = np.where(kind == 2, 0, kind)
    theirs = SurvfuncRight(day, alone)
    ours = aalen_johansen(counts(day, alone)).filter(pl.col("day").is_in(theirs.surv_times.astype(int).tolist()))
    assert 1 - ours["incidence"].to_numpy() == pytest.approx(theirs.surv_prob, abs=1e-12)
    # Greenwood's own term has n (n - d) below the line, the incidence's n² (n - d) / n³ above: they agree but for ties.
    assert np.sqrt(ours["variance"].to_numpy()) == pytest.approx(theirs.surv_prob_se, rel=0.02)


@pytest.mark.parametrize("seed", range(4))
def test_without_censoring_it_is_a_share_with_the_binomial_variance(seed: int) -> None:
    day, kind = people(seed, 150, with_censoring=False)
    curve = aalen_johansen(counts(day, kind))
    share = np.array([np.mean((day <= by) & (kind == 1)) for by in curve["day"]])
    assert curve["incidence"].to_numpy() == pytest.approx(share)
    assert curve["variance"].to_numpy() == pytest.approx(share * (1 - share) / 150, abs=1e-12)


def test_five_people_by_hand() -> None:
    rows = pl.DataFrame(
        {"day": [3, 1, 2, 4], "events": [1, 1, 0, 0], "competing": [0, 0, 1, 1], "censored": [1, 0, 0, 0]}
    )
    curve = aalen_johansen(rows)
    # One of five; then another goes; who is censored on the third day is not there any more: one of two that are left.
    assert curve["day"].to_list() == [1, 2, 3, 4]
    assert curve["at_risk"].to_list() == [5, 4, 2, 1]
    assert curve["incidence"].to_list() == pytest.approx([0.2, 0.2, 0.2 + 0.6 * 0.5, 0.5])


def late(entry: np.ndarray, day: np.ndarray, kind: np.ndarray) -> pl.DataFrame:
    """Rows of a day each out of people who are there after `entry` up to `day`; `kind` as in `counts`."""
    entered = pl.DataFrame({"day": entry + 1}).group_by("day").agg(pl.len().alias(ENTERED))
    return counts(day, kind).join(entered, on="day", how="full", coalesce=True).fill_null(0)


def test_with_people_who_enter_late_the_curve_is_that_of_survfit() -> None:
    told = {name: np.array(values) for name, values in found_by_r()["incidence"].items()}
    stretch = stretches()
    entry, day = stretch["entry"].to_numpy(), stretch["exit"].to_numpy()
    for cause, other in (("voluntary", "involuntary"), ("involuntary", "voluntary")):
        kind = stretch["cause"].replace_strict({cause: 1, other: 2, "none": 0}).to_numpy()
        ours = aalen_johansen(late(entry, day, kind)).filter(pl.col("day").is_in(told["time"].tolist()))
        assert ours["day"].to_list() == told["time"].tolist()
        assert ours["at_risk"].to_list() == told["at_risk"].tolist()
        assert np.abs(ours["incidence"].to_numpy() - told[cause]).max() <= 1e-12
        if cause == "voluntary":
            # R's errors are by the jackknife: another estimate of the same.
            assert np.sqrt(ours["variance"].to_numpy()) == pytest.approx(told["se"], rel=0.02)


def test_entering_late_leaves_the_incidence_as_it_is_unless_taken_for_an_entry_at_the_start() -> None:
    day, kind = people(5, 60_000, with_censoring=False)
    entry = np.random.default_rng(6).integers(0, 60, len(day))
    is_seen = day > entry
    whole = aalen_johansen(counts(day, kind)).filter(pl.col("day") == 80)
    seen = late(entry[is_seen], day[is_seen], kind[is_seen])
    truncated, naive = (
        aalen_johansen(rows).filter(pl.col("day") == 80).row(0, named=True) for rows in (seen, seen.drop(ENTERED))
    )
    assert abs(truncated["incidence"] - whole["incidence"].item()) < 3 * np.sqrt(truncated["variance"])
    assert whole["incidence"].item() - naive["incidence"] > 0.05


def arms(seed: int, strata: int, size: int, gap: float = 0.0, skew: float = 0.15) -> pl.DataFrame:
    """Two arms in seasons of their own risk; those in date are `gap` more likely to have the event within 365 days.

    In every other season they are `skew` more than half of the people, in the others as much less.
    """
    rng = np.random.default_rng(seed)
    parts = []
    for stratum in range(strata):
        share = 0.5 + skew * (1 - 2 * (stratum % 2))
        for status, part in (("in_date", share), ("out_of_date", 1 - share)):
            size_here = max(int(rng.binomial(2 * size, part)), 1)
            chance = 0.10 + 0.15 * (stratum % 2) + (gap if status == "in_date" else 0.0)
            draw = rng.random(size_here)
            kind = np.where(draw < chance, 1, np.where(draw < chance + 0.2, 2, 0))
            # Of the landmarks of two years half are followed to the end.
            watched = np.where(rng.random(size_here) < 0.5, 365, rng.integers(1, 366, size_here))
            day = np.where(kind == 0, 364, rng.integers(0, 365, size_here))
            seen = counts(np.minimum(day, watched - 1), np.where(day < watched, kind, 0))
            parts.append(seen.with_columns(stratum=pl.lit(stratum), status=pl.lit(status)))
    return pl.concat(parts)


@pytest.mark.parametrize(
    ("strata", "size", "gap", "skew"), [(1, 150, 0.0, 0.15), (1, 150, 0.1, 0.0), (6, 30, 0.0, 0.15), (6, 30, 0.08, 0.0)]
)
def test_the_interval_holds_the_true_difference_in_ninety_three_to_ninety_seven_of_a_hundred_worlds(
    strata: int, size: int, gap: float, skew: float
) -> None:
    found = [difference(arms(seed, strata, size, gap, skew)) for seed in range(600 // strata + 100)]
    told = [each for each in found if each is not None]
    assert len(told) >= 0.99 * len(found)
    assert 0.93 <= np.mean([each.lo <= gap <= each.hi for each in told]) <= 0.97
    assert np.mean([each.value for each in told]) == pytest.approx(gap, abs=0.01)


def test_seasons_that_are_pooled_would_pass_for_an_effect() -> None:
    worlds = [arms(seed, 6, 40) for seed in range(20)]
    pooled = [difference(world.with_columns(stratum=pl.lit(0))) for world in worlds]
    apart = [difference(world) for world in worlds]
    assert np.mean([each.value for each in pooled if each]) < -0.03
    assert abs(np.mean([each.value for each in apart if each])) < 0.015


def stratum(number: int, ins: tuple[int, int], outs: tuple[int, int], end: int = 365) -> pl.DataFrame:
    """A stratum in which of each arm so many have the event on day 10, and so many stay until `end`."""
    return pl.DataFrame(
        {
            "stratum": number,
            "status": ["in_date", "in_date", "out_of_date", "out_of_date"],
            "day": [10, 365, 10, end],
            "events": [ins[0], 0, outs[0], 0],
            "competing": 0,
            "censored": [0, ins[1], 0, outs[1]],
        }
    )


def value(counted: pl.DataFrame) -> float:
    found = difference(counted)
    assert found is not None
    return found.value


def test_strata_have_mantel_haenszel_weights() -> None:
    both = pl.concat([stratum(1, (5, 5), (2, 8)), stratum(2, (10, 10), (5, 10))])
    weights = np.array([10 * 10 / 20, 20 * 15 / 35])
    assert value(both) == pytest.approx((weights * [0.5 - 0.2, 0.5 - 1 / 3]).sum() / weights.sum())


def test_strata_with_fewer_than_ten_people_in_an_arm_become_one() -> None:
    thick, thin = stratum(1, (5, 5), (2, 8)), [stratum(2, (3, 6), (9, 9)), stratum(3, (9, 9), (4, 5))]
    together = stratum(9, (12, 15), (13, 14))
    assert value(pl.concat([thick, *thin])) == pytest.approx(value(pl.concat([thick, together])))


def test_a_stratum_in_which_an_arm_is_not_followed_to_the_end_counts_for_nothing() -> None:
    thick, brief = stratum(1, (5, 5), (2, 8)), stratum(2, (5, 5), (9, 9), end=200)
    assert difference(pl.concat([thick, brief])) == difference(thick)
    assert difference(brief) is None


def test_without_censoring_it_is_newcombes_interval_but_for_one_person_of_each_arm() -> None:
    found = difference(stratum(1, (56, 14), (48, 32)))
    assert found is not None
    # Newcombe (1998) has this table, 56 of 70 and 48 of 80: 0.2 with 0.0524 to 0.3339 by his method 10.
    assert (found.value, found.lo, found.hi) == pytest.approx((0.2, 0.0524, 0.3339), abs=0.002)


@pytest.mark.parametrize("ins", [(0, 20), (20, 0)], ids=["nobody", "everybody"])
def test_an_arm_without_or_with_nothing_but_events_gives_no_difference(ins: tuple[int, int]) -> None:
    assert difference(stratum(1, ins, (5, 15))) is None


def row(band: str = "6_months", numerator: float | None = 20.0, day: date = AS_OF) -> pl.DataFrame:
    stated = {"as_of": day, "cut": "company", "group_key": "company", "second_key": "", "band": band, "note": ""}
    return pl.DataFrame(
        [stated | {"numerator": numerator, "denominator": 100.0, "people": 50, "unknown": 0}], schema=ROWS
    )


def test_a_row_gets_the_points_of_its_own_day_and_band() -> None:
    first, second = arms(1, 1, 150), arms(2, 6, 20, 0.1)
    cells = pl.concat(
        [
            first.with_columns(as_of=AS_OF, band=pl.lit("6_months")),
            second.with_columns(as_of=AS_OF, band=pl.lit("12_months")),
        ]
    )
    unknown = cells.with_columns(status=pl.lit("unknown"))
    asked = pl.concat([row("12_months"), row(), row(numerator=None), row(day=date(2026, 5, 31))])
    found = differences(asked, pl.concat([cells, unknown]).sample(fraction=1.0, shuffle=True, seed=1))
    expected = [difference(second), difference(first)]
    assert found["value"].to_list()[:2] == [100 * each.value for each in expected if each]
    assert found["lo"].to_list()[:2] == [100 * each.lo for each in expected if each]
    assert found["value"].is_null().to_list() == [False, False, True, True]
    status = estimate(found, metric_id="LNK-02", version="1", unit="points", interval="")["status"]
    assert status.to_list() == ["shown", "shown", "empty", "empty"]
