"""The links in companies whose truth is known: out of what really happened, through the SQL of the links, to the figures."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import duckdb
import polars as pl
import pytest

from pipelines import incidence, rate_ratios
from tests.linked_company import AS_OF, built, truth

METRICS = ("metrics.lnk_01_exit_rate_ratio", "metrics.lnk_02_landmark_risk")


@cache
def figures(scenario: str, employees: int = 10_000, seed: int = 1) -> dict[str, dict[str, float]]:
    """Rows of LNK-01 ('ratio') and LNK-02 (by band) of the as-of date."""
    with built(truth(scenario, employees, seed), METRICS) as con:
        ratio = rate_ratios.ratios(
            now(con, "metrics.lnk_01_exit_rate_ratio"), frame(con, "links.exit_cell"), frame(con, "links.exit_window")
        )
        risk = incidence.differences(now(con, "metrics.lnk_02_landmark_risk"), frame(con, "links.exit_landmark"))
    return {each["band"] or "ratio": each for each in (*ratio.to_dicts(), *risk.to_dicts())}


def now(con: duckdb.DuckDBPyConnection, table: str) -> pl.DataFrame:
    return frame(con, table).filter(pl.col("as_of") == AS_OF)


def frame(con: duckdb.DuckDBPyConnection, table: str) -> pl.DataFrame:
    return pl.DataFrame(pl.from_arrow(con.sql(f"SELECT * FROM {table}").to_arrow_table()))


@pytest.mark.parametrize("scenario", ["null", "reverse"])
def test_where_talks_change_nothing_the_ratio_is_one_even_if_they_stop_before_notice(scenario: str) -> None:
    found = figures(scenario)["ratio"]
    assert found["lo"] <= 1 <= found["hi"]
    assert found["hi"] / found["lo"] < 1.3


def test_where_talks_protect_the_ratio_is_below_one() -> None:
    found = figures("protective")["ratio"]
    # Planted is 0.85; a talk of the last 60 days is not yet seen, which draws it a little towards one.
    assert found["hi"] < 1
    assert 0.80 < found["value"] < 0.95
    assert found["value"] < figures("null")["ratio"]["value"]


def test_with_a_good_manager_behind_both_the_ratio_is_below_one_though_talks_change_nothing() -> None:
    assert figures("manager_confounded")["ratio"]["hi"] < 1


def test_where_talks_change_nothing_the_risk_after_a_landmark_differs_by_chance_alone() -> None:
    worlds = [figures("null", employees=2_500, seed=seed) for seed in range(2, 7)]
    distances = [
        3.92 * world[band]["value"] / (world[band]["hi"] - world[band]["lo"])
        for world in worlds
        for band in ("6_months", "12_months", "18_months")
    ]
    # The squares of 15 distances in standard errors add up to 3.1 to 39.7 in 999 of 1,000 samples of independent ones.
    assert 3.1 < sum(each**2 for each in distances) < 39.7
    assert abs(sum(distances) / 15) < 0.85


def test_months_and_exits_are_those_of_the_truth_counted_one_by_one() -> None:
    frames = truth("null", 3_000, 1)
    with built(frames, METRICS) as con:
        row = now(con, "metrics.lnk_01_exit_rate_ratio").row(0, named=True)
    people = frames["core.employment"].join(frames["core.spell"], on="worker_key")
    talks = frames["core.episode"].select("worker_key", talked="last_on").drop_nulls().unique().sort("talked")
    covered = frames["core.episode"].group_by("worker_key").agg(pl.col("covered_from").first())
    months = risky = exits = 0
    following = date(2026, 12, 1)
    for _ in range(24):
        first = (following - timedelta(days=1)).replace(day=1)
        seen = first - timedelta(days=60)
        here = people.filter(
            (pl.col("started_on") + timedelta(days=90) <= first) & (pl.col("ends_on") > first)
            & (pl.col("decided_on").is_null() | (pl.col("decided_on") >= first))
        ).join(covered, on="worker_key")  # fmt: skip
        is_known = (pl.col("covered_from") == pl.col("started_on")) | (
            pl.col("covered_from") + timedelta(days=366) <= seen
        )
        last = here.with_columns(eve=pl.lit(seen - timedelta(days=1))).join_asof(
            talks, left_on="eve", right_on="talked", by="worker_key", check_sortedness=False
        )
        known = last.filter(is_known)
        months += known.height
        risky += known.filter(pl.col("talked") >= seen - timedelta(days=183)).height
        left = pl.col("decided_on").is_between(first, min(following - timedelta(days=1), AS_OF))
        exits += known.filter(left & (pl.col("exit_type") == "exit_voluntary")).height
        following = first
    assert (row["denominator"], row["numerator"]) == (months, exits)
    assert row["people"] == min(risky, months - risky) // 24
