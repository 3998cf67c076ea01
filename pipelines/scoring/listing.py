"""Who is on the list of an origin: chances turned into two bands, and the chances left behind."""

from __future__ import annotations

import polars as pl

from pipelines.scoring.measures import LIST_SHARE

TALK_FIRST, TALK_SOON, IN_RHYTHM = "talk_first", "talk_soon", "in_rhythm"


def with_band(scored: pl.DataFrame) -> pl.DataFrame:
    """`scored` (`chance`, `people`; one origin) with the column `band` in place of `chance`.

    'talk_first' for the highest twentieth at most, 'talk_soon' for the rest of the highest tenth, null for all others and
    where there is no chance. People who are alike are never parted: a list that has no room for all of them ends before.
    """
    total = int(scored.drop_nulls("chance")["people"].sum())
    steps = scored.drop_nulls("chance").group_by("chance").agg(pl.col("people").sum()).sort("chance", descending=True)
    reached = steps.with_columns(pl.col("people").cum_sum())
    ends = {
        band: reached.filter(pl.col("people") <= share * total)["chance"].min()
        for band, share in ((TALK_FIRST, LIST_SHARE / 2), (TALK_SOON, LIST_SHARE))
    }
    first, soon = (pl.col("chance") >= pl.lit(ends[band], pl.Float64) for band in (TALK_FIRST, TALK_SOON))
    band = pl.when(first).then(pl.lit(TALK_FIRST)).when(soon).then(pl.lit(TALK_SOON))
    return scored.with_columns(band=band).drop("chance")
