"""Scores that others have already added up over their groups: what may be said of all groups together, and what may not."""

from __future__ import annotations

import polars as pl


def medians(scores: pl.DataFrame) -> pl.DataFrame:
    """The middle one of the groups' scores: one row per measure with `measure`, `groups` (how many) and `median`.

    `scores` has the columns unit_key, measure and value, in the unit of the source, one row per group and measure. It
    is a statement about groups, in which a small group weighs as much as a large one.
    """
    return (
        scores.drop_nulls("value")
        .group_by("measure")
        .agg(pl.col("unit_key").n_unique().alias("groups"), pl.col("value").median().alias("median"))
        .sort("measure")
    )


def means(scores: pl.DataFrame) -> pl.DataFrame:
    """The mean over all people: one row per measure with `measure`, `people` and `mean`, groups weighted by size.

    `scores` has the columns unit_key, measure, value and n, the people that each score rests on. Raises ValueError
    where a group does not say on how many: the mean over groups is not the mean over their people.
    """
    known = scores.drop_nulls("value")
    unsized = known.filter(pl.col("n").is_null() | (pl.col("n") <= 0))
    if unsized.height:
        unit, measure = unsized.sort("measure", "unit_key").select("unit_key", "measure").row(0)
        raise ValueError(
            f"The score '{measure}' of {unit} does not say on how many people it rests ({unsized.height} scores do not). "
            "A mean over groups counts a group of ten like one of ten thousand and is not the mean over people. "
            "Ask the sender for the number of answers, or use the median over groups and call it that."
        )
    people = pl.col("n").sum()
    return (
        known.group_by("measure")
        .agg(people.alias("people"), ((pl.col("value") * pl.col("n")).sum() / people).alias("mean"))
        .sort("measure")
    )
