"""The cells of one outcome and exposure, out of the warehouse, with their covariates in words; nothing is estimated here."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.links.exposures import COVARIATES, Exposure, Outcome
from pipelines.warehouse import frame

LAG_MONTHS = 3
_EVENTS = ("voluntary", "involuntary", "other", "promotion")
# Sums of floats depend on the order of rows, so it is fixed.
_BY_CLUSTER = """
select level, clock_month as tenure_month, pattern_no, year_no, cluster_no, worker_no, at_risk, voluntary, involuntary, other, promotion
from links.cluster_cell
where clock = $clock and exposure = $exposure and lag_months = $lag_months
order by level, pattern_no, year_no, cluster_no, worker_no, clock_month
"""
_BY_MONTH = """
select level, clock_month as tenure_month, until_month, pattern_no, year_no, at_risk, voluntary, involuntary, other, promotion
from links.hazard_cell
where clock = $clock and exposure = $exposure
order by level, pattern_no, year_no, clock_month
"""
_PATTERNS = "select distinct pattern_no, division, grade, job_family, location, career_stage from links.placing"
_PEOPLE = """
select level, cast(sum(people) as bigint) as people
from links.exposed_people
where clock = $clock and exposure = $exposure and lag_months = $lag_months
group by level
"""
_LATE = "select conversations, recorded_after from links.late_record where clock = $clock"


@dataclass(frozen=True)
class Cells:
    """Cells of one exposure: by cluster as it was (`now`) and three months earlier (`earlier`), and month by month (`monthly`).

    `people` has, for each of the first two, `level` and `people`. `late` has `conversations` of the year before the outcome
    and how many of them were `recorded_after` it, in one row or none.
    """

    now: pl.DataFrame
    earlier: pl.DataFrame
    monthly: pl.DataFrame
    people: tuple[pl.DataFrame, pl.DataFrame]
    late: pl.DataFrame


def read(con: duckdb.DuckDBPyConnection, outcome: Outcome, exposure: Exposure) -> Cells:
    """The cells of `exposure` on the clock of `outcome`: cell frames as pipelines.hazards has them."""
    patterns = frame(con, _PATTERNS)
    asked = {"clock": outcome.clock, "exposure": exposure.name}
    by_lag = [frame(con, _BY_CLUSTER, **asked, lag_months=lag) for lag in (0, LAG_MONTHS)]
    now, earlier = (_with_covariates(rows, patterns) for rows in by_lag)
    monthly = _with_covariates(months(frame(con, _BY_MONTH, **asked), outcome.event), patterns)
    before, after = (frame(con, _PEOPLE, **asked, lag_months=lag) for lag in (0, LAG_MONTHS))
    return Cells(now, earlier, monthly, (before, after), frame(con, _LATE, clock=outcome.clock))


def months(stretches: pl.DataFrame, event: str) -> pl.DataFrame:
    """Rows of links.hazard_cell, month by month: one row for each month in which the `event` happens to anybody at all.

    In the other months nobody is compared with anybody, so Cox's likelihood has no use for them.
    """
    happened = stretches.filter(pl.col(event) > 0)["tenure_month"].unique().sort()
    from_no = happened.search_sorted(stretches["tenure_month"], side="left")
    to_no = happened.search_sorted(stretches["until_month"], side="right")
    asked = stretches.with_columns(began=pl.col("tenure_month"), place=pl.int_ranges(from_no, to_no, eager=True))
    risk_sets = pl.DataFrame(
        {"place": range(len(happened)), "tenure_month": happened}, schema_overrides={"place": pl.Int64}
    )
    found = (
        asked.drop("tenure_month", "until_month").explode("place").join(risk_sets, on="place", maintain_order="left")
    )
    # The events of a stretch fall in its first month.
    is_first = pl.col("began") == pl.col("tenure_month")
    return found.with_columns(pl.when(is_first).then(pl.col(each)).otherwise(0) for each in _EVENTS).drop(
        "began", "place"
    )


def counted(cells: pl.DataFrame, people: pl.DataFrame, outcome: Outcome, exposure: Exposure) -> pl.DataFrame:
    """One row per level, in their order: `level`, `people`, `person_months`, `events` and `clusters`."""
    counts = cells.group_by("level").agg(
        person_months=pl.col("at_risk").sum(),
        events=pl.col(outcome.event).sum(),
        clusters=pl.col(outcome.cluster).n_unique(),
    )
    levels = pl.DataFrame({"level": list(exposure.levels)})
    found = levels.join(people, on="level", how="left", maintain_order="left").join(
        counts, on="level", how="left", maintain_order="left"
    )
    return found.select("level", pl.col("people", "person_months", "events", "clusters").fill_null(0).cast(pl.Int64))


def _with_covariates(rows: pl.DataFrame, patterns: pl.DataFrame) -> pl.DataFrame:
    year = pl.col("year_no").cast(pl.String)
    found = rows.join(patterns, on="pattern_no", maintain_order="left").with_columns(year=year)
    return found.with_columns(pl.col(COVARIATES).cast(pl.Categorical)).drop("year_no")
