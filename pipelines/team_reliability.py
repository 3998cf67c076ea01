"""How far scores of teams tell teams apart: intraclass correlations from the counts of each team, never from single answers."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

FEWEST_TEAMS = 10


def intraclass(sizes: ArrayLike, sums: ArrayLike, squares: ArrayLike) -> tuple[float, float]:
    """ICC(1) and ICC(2) of a one-way analysis of variance over teams; NaN where they are not defined.

    `sizes`, `sums` and `squares` have one entry per team: how many answered, the sum of their answers and of the
    squares of these. ICC(1) is the share of the variance of one answer that lies between teams, ICC(2) the
    reliability of a team's mean; both can be below zero, which says that teams do not differ. The size that ICC(1)
    takes for a team is the mean size (Bartko 1976; Bliese 2000).
    """
    count, total, square = (np.asarray(values, dtype=float) for values in (sizes, sums, squares))
    people, teams = count.sum(), len(count)
    if teams < 2 or people <= teams:
        return float("nan"), float("nan")
    within = (square - total**2 / count).sum() / (people - teams)
    between = ((total**2 / count).sum() - total.sum() ** 2 / people) / (teams - 1)
    spread = between + (people / teams - 1) * within
    if between <= 0 or spread <= 0:
        return float("nan"), float("nan")
    return float((between - within) / spread), float((between - within) / between)


def reliabilities(teams: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """One row per group of the columns `by` with at least ten teams: `by`, team_icc1 and team_icc2 (null if undefined).

    `teams` has one row per team: `by`, answers, point_sum and square_sum.
    """
    schema = {name: teams.schema[name] for name in by} | {"team_icc1": pl.Float64, "team_icc2": pl.Float64}
    found = [
        (*key, *intraclass(each["answers"], each["point_sum"], each["square_sum"]))
        for key, each in teams.group_by(by, maintain_order=True)
        if each.height >= FEWEST_TEAMS
    ]
    return pl.DataFrame(found, schema=schema, orient="row").with_columns(
        pl.col("team_icc1", "team_icc2").fill_nan(None)
    )
