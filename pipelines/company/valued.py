"""Whom the synthetic company says it wants to keep, judged once a year; every share here is an assumption."""

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from pipelines.company.assumptions import stream

YEARS: Final = 3
JUDGED_SHARE: Final = 0.88  # the others are left out of that year's round
VALUED_ABOVE: Final = 0.55  # of a standard normal score: about three in ten
YEARLY_SPREAD: Final = 0.4
# What the exit interview will say of those who leave shows in the score beforehand, though not always.
PULL_OF_REGRET: Final = {"Yes": 0.9, "No": -0.5}
LONGEST_FILING_DAYS: Final = 21


def valued_flags(spells: pl.DataFrame, workers: pl.DataFrame, as_of: date, seed: int) -> pl.DataFrame:
    """One row per person and round of 31 January: employee_id, flagged_on, is_valued and recorded_on, some days later.

    Only employed staff are judged, contractors never; what was not on file by `as_of` is left out.
    """
    rng = stream(seed, "valued flags")
    score = pl.Series(rng.standard_normal(workers.height))
    scored = workers.select(
        "employee_id", score=score + pl.col("regretted").replace_strict(PULL_OF_REGRET, default=0.0)
    )
    rounds = [date(year, 1, 31) for year in range(as_of.year - YEARS + 1, as_of.year + 1)]
    flags = pl.concat([_round(spells, scored, day, rng) for day in rounds])
    return flags.filter(pl.col("recorded_on") <= as_of)


def _round(spells: pl.DataFrame, scored: pl.DataFrame, day: date, rng: np.random.Generator) -> pl.DataFrame:
    there = (pl.col("hired_on") <= day) & (pl.col("term_on").is_null() | (pl.col("term_on") > day))
    staff = spells.filter(there & (pl.col("kind") != "Contractor")).sort("employee_id")
    staff = staff.join(scored, on="employee_id", how="left", maintain_order="left")
    staff = staff.with_columns(
        noise=rng.standard_normal(staff.height) * YEARLY_SPREAD,
        filed=rng.integers(0, LONGEST_FILING_DAYS, staff.height),
        judged=rng.random(staff.height) < JUDGED_SHARE,
    )
    return staff.filter("judged").select(
        "employee_id",
        flagged_on=pl.lit(day),
        is_valued=pl.col("score") + pl.col("noise") > VALUED_ABOVE,
        recorded_on=pl.lit(day) + pl.duration(days="filed"),
    )
