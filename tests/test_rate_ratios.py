"""The Mantel-Haenszel rate ratio against a published table, statsmodels, leaving managers out, and worlds with a known ratio."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from statsmodels.stats.contingency_tables import StratifiedTable

from pipelines.estimates import ROWS, estimate
from pipelines.rate_ratios import STRETCHES, RateRatio, mantel_haenszel, ratios

AS_OF = date(2026, 6, 30)
WINDOWS = pl.DataFrame({"as_of": [AS_OF], "first_month": [24295], "last_month": [24318]})
# Deaths and person-years of current and past clozapine users under and over 55 (Walker and others 1997; Rothman, Epidemiology:
# An Introduction, who gives a Mantel-Haenszel rate ratio of 0.47, 95 % 0.40 to 0.55).
CLOZAPINE = [(0, True, 196, 62119), (0, False, 111, 15763), (1, True, 167, 6085), (1, False, 157, 2780)]


def stretches(**columns: Any) -> pl.DataFrame:
    return pl.DataFrame(columns).select(STRETCHES.names()).cast(STRETCHES)


def counted(frame: pl.DataFrame) -> RateRatio:
    found = mantel_haenszel(frame)
    assert found is not None
    return found


def person_months(seed: int, *, managers: int, team: int, ratio: float, spread: float) -> pl.DataFrame:
    """Two years of people month by month; tenure and manager go with leaving, tenure with talking, `ratio` is the truth."""
    rng = np.random.default_rng(seed)
    people = managers * team
    manager = np.repeat(np.arange(managers), team)
    own = np.exp(rng.normal(0, spread, managers) - spread**2 / 2)[manager]
    tenure, talked = rng.integers(3, 30, people), rng.random(people) < 0.5
    here, found = np.ones(people, dtype=bool), []
    for month in range(24):
        flips = rng.random(people) < 0.15
        talked = np.where(flips, rng.random(people) < 0.3 + 0.01 * (tenure + month), talked)
        chance = 0.025 * own * np.exp(-(tenure + month) / 40) * np.where(talked, ratio, 1.0)
        leaves = rng.random(people) < chance
        found.append((manager[here], talked[here], (tenure + month)[here], leaves[here]))
        here &= ~leaves
    cluster, exposed, stratum, events = (np.concatenate(part) for part in zip(*found, strict=True))
    ones = np.ones(len(cluster))
    return stretches(
        cluster=cluster, is_exposed=exposed, first=stratum, last=stratum, time=ones, events=events.astype(float)
    )


def test_a_published_table_has_its_published_ratio_and_interval() -> None:
    deaths = [(stratum, exposed) for stratum, exposed, died, _ in CLOZAPINE for _ in range(died)]
    years = [(stratum, exposed) for stratum, exposed, _, lived in CLOZAPINE for _ in range(lived)]
    stratum, exposed = zip(*deaths, *years, strict=True)
    events = np.arange(len(stratum)) < len(deaths)
    # Every death and every year on its own: the robust variance is then that of independent events.
    alone = np.arange(len(stratum))
    found = counted(
        stretches(
            cluster=alone, is_exposed=exposed, first=stratum, last=stratum, time=1.0 - events, events=1.0 * events
        )
    )
    assert [round(each, 2) for each in (found.ratio, found.lo, found.hi)] == [0.47, 0.40, 0.55]


@pytest.mark.parametrize("seed", range(5))
def test_with_people_for_time_it_is_the_pooled_risk_ratio_of_statsmodels(seed: int) -> None:
    frame = person_months(seed, managers=40, team=8, ratio=0.7, spread=0.5)
    arms = frame.group_by("first", "is_exposed").agg(pl.col("events", "time").sum()).sort("first", "is_exposed")
    both = arms.filter(pl.len().over("first") == 2)
    tables = [
        np.array([[row["events"], row["time"] - row["events"]] for row in part.reverse().iter_rows(named=True)])
        for part in both.partition_by("first", maintain_order=True)
    ]
    assert counted(frame).ratio == pytest.approx(StratifiedTable(tables).riskratio_pooled, rel=1e-12)


def test_the_error_is_about_that_of_leaving_one_manager_out_at_a_time() -> None:
    frame = person_months(3, managers=120, team=8, ratio=0.8, spread=0.6)
    names = frame["cluster"].unique(maintain_order=True)
    logs = np.log([counted(frame.filter(pl.col("cluster") != name)).ratio for name in names])
    jackknife = np.sqrt((len(names) - 1) / len(names) * np.square(logs - logs.mean()).sum())
    assert counted(frame).log_error == pytest.approx(jackknife, rel=0.02)
    assert counted(frame).clusters == 120


def test_managers_whose_people_leave_together_widen_the_interval() -> None:
    frame = person_months(4, managers=40, team=10, ratio=1.0, spread=0.3).with_columns(
        is_exposed=pl.col("cluster") % 2 == 0
    )
    alone = frame.with_columns(cluster=pl.int_range(pl.len()))
    herd = frame.with_columns(events=pl.when(pl.col("cluster") < 6).then(0.2).otherwise("events"))
    lone = alone.with_columns(events=herd["events"])
    assert counted(herd).ratio == pytest.approx(counted(lone).ratio)
    assert counted(herd).log_error > 1.5 * counted(lone).log_error


def test_a_stretch_is_the_same_as_its_strata_one_by_one() -> None:
    rng = np.random.default_rng(5)
    first = rng.integers(0, 20, 300)
    length, people = rng.integers(0, 10, 300), rng.integers(1, 4, 300)
    left = np.where(rng.random(300) < 0.4, people, 0)
    cluster, exposed = rng.integers(0, 25, 300), rng.random(300) < 0.5
    whole = stretches(cluster=cluster, is_exposed=exposed, first=first, last=first + length, time=people, events=left)
    single = whole.with_columns(stratum=pl.int_ranges("first", pl.col("last") + 1)).explode("stratum")
    single = single.with_columns(
        first="stratum", events=pl.when(pl.col("stratum") == pl.col("last")).then("events").otherwise(0.0)
    )
    single = single.with_columns(last="stratum")
    assert counted(whole).ratio == pytest.approx(counted(single).ratio, rel=1e-12)
    assert counted(whole).log_error == pytest.approx(counted(single).log_error, rel=1e-10)


@pytest.mark.parametrize(
    ("managers", "ratio", "spread"), [(60, 1.0, 0.0), (60, 1.0, 0.8), (60, 0.6, 0.5), (25, 1.0, 0.5)]
)
def test_the_interval_holds_the_true_ratio_in_ninety_three_to_ninety_seven_of_a_hundred_worlds(
    managers: int, ratio: float, spread: float
) -> None:
    found = [counted(person_months(seed, managers=managers, team=8, ratio=ratio, spread=spread)) for seed in range(300)]
    held = [each.lo <= ratio <= each.hi for each in found]
    assert 0.93 <= np.mean(held) <= 0.97
    assert np.mean(np.log([each.ratio for each in found])) == pytest.approx(np.log(ratio), abs=0.03)


def test_without_strata_tenure_would_pass_for_an_effect() -> None:
    worlds = [person_months(seed, managers=60, team=8, ratio=1.0, spread=0.0) for seed in range(40)]
    pooled = [counted(world.with_columns(first=0, last=0)).ratio for world in worlds]
    assert np.mean(np.log(pooled)) < -0.04
    assert abs(np.mean(np.log([counted(world).ratio for world in worlds]))) < 0.03


@pytest.mark.parametrize(
    "frame",
    [
        stretches(cluster=[], is_exposed=[], first=[], last=[], time=[], events=[]),
        stretches(cluster=1, is_exposed=[True, False], first=0, last=0, time=9.0, events=1.0),
        stretches(cluster=[1, 2], is_exposed=True, first=0, last=0, time=9.0, events=1.0),
        stretches(cluster=[1, 2], is_exposed=[True, False], first=0, last=0, time=9.0, events=[0.0, 1.0]),
        stretches(cluster=[1, 2], is_exposed=[True, False], first=[0, 1], last=[0, 1], time=9.0, events=1.0),
    ],
    ids=["nobody", "one manager", "one side", "no event on one side", "no month in which both are"],
)
def test_counts_that_tell_nothing_give_no_ratio(frame: pl.DataFrame) -> None:
    assert mantel_haenszel(frame) is None


def cells(*stated: tuple[str, str, str, int, int, int, str | None, int]) -> pl.DataFrame:
    names = ["status", "division_key", "cluster_key", "hire_month", "first_month", "last_month", "exit_type", "people"]
    types = [*[pl.String] * 3, *[pl.Int64] * 3, pl.String, pl.Int64]
    return pl.DataFrame(stated, schema=dict(zip(names, types, strict=True)), orient="row")


def row(numerator: float | None = 20.0) -> pl.DataFrame:
    stated = {"as_of": AS_OF, "cut": "company", "group_key": "company", "second_key": "", "band": "", "note": ""}
    counts = {"numerator": numerator, "denominator": 500.0, "people": 50, "unknown": 0}
    return pl.DataFrame([stated | counts], schema=ROWS)


# Each side: twenty people through two months; four in date and eight out of date leave in the second.
PLAIN = cells(
    ("in_date", "A", "X", 24300, 24310, 24311, None, 16),
    ("in_date", "A", "Y", 24300, 24310, 24311, "exit_voluntary", 4),
    ("out_of_date", "A", "X", 24300, 24310, 24311, None, 12),
    ("out_of_date", "A", "Z", 24300, 24310, 24311, "exit_voluntary", 8),
)


def test_cells_become_a_ratio_of_voluntary_exits_per_month() -> None:
    assert ratios(row(), PLAIN, WINDOWS)["value"].to_list() == [pytest.approx(0.5)]


def test_other_exits_unknown_months_and_months_without_a_match_change_nothing() -> None:
    more = cells(
        ("in_date", "A", "X", 24300, 24310, 24310, "exit_involuntary", 3),
        ("out_of_date", "A", "X", 24300, 24310, 24310, "exit_involuntary", 3),
        ("unknown", "A", "X", 24300, 24310, 24311, "exit_voluntary", 9),
        # The same months of tenure in another division, and others in this one, in which nobody is out of date.
        ("in_date", "B", "X", 24300, 24310, 24311, "exit_voluntary", 9),
        ("in_date", "A", "X", 24200, 24310, 24311, "exit_voluntary", 9),
    )
    assert ratios(row(), pl.concat([PLAIN, more]), WINDOWS)["value"].to_list() == [pytest.approx(0.5)]


def test_months_and_exits_outside_the_window_do_not_count() -> None:
    before = PLAIN.with_columns(pl.col("hire_month", "first_month", "last_month") - 17)
    after = PLAIN.with_columns(pl.col("hire_month", "first_month", "last_month") + 8)
    for beyond in (before, after):
        assert ratios(row(), beyond, WINDOWS)["numerator"].to_list() == [None]
    # These begin in the last month of the window and leave in the next one.
    late = PLAIN.with_columns(pl.col("hire_month", "first_month", "last_month") + 8, division_key=pl.lit("B"))
    late = late.with_columns(exit_type=pl.lit("exit_voluntary"))
    assert ratios(row(), pl.concat([PLAIN, late]), WINDOWS)["value"].to_list() == [pytest.approx(0.5)]


def test_the_figure_does_not_depend_on_the_order_of_cells() -> None:
    rng = np.random.default_rng(6)
    many = cells(
        *(
            (
                ("in_date", "out_of_date")[rng.integers(2)],
                str(rng.integers(3)),
                f"M{rng.integers(30)}",
                24250 + int(rng.integers(40)),
                24300,
                24300 + int(rng.integers(10)),
                (None, "exit_voluntary")[rng.integers(2)],
                int(rng.integers(1, 4)),
            )
            for _ in range(500)
        )
    )
    found = ratios(row(), many, WINDOWS)
    assert found["value"].null_count() == 0
    assert found.equals(ratios(row(), many.sample(fraction=1.0, shuffle=True, seed=7), WINDOWS))


def test_a_row_without_numerator_stays_without_figure() -> None:
    found = ratios(pl.concat([row(None), row()]), PLAIN, WINDOWS)
    assert found["value"].is_null().to_list() == [True, False]
    status = estimate(found, metric_id="LNK-01", version="1", unit="ratio", interval="")["status"]
    assert status.to_list() == ["empty", "shown"]
