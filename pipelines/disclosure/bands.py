"""Distributions by band, and their coarser form for groups in which a band would show few people."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from statsmodels.stats.proportion import proportion_confint

from pipelines.disclosure.cell_sums import MARK, group_sums
from pipelines.disclosure.differencing import Flags, Integers, Sums

UNKNOWN = "unknown"
# A share this many people from nobody or everybody is a band: any few of the group would be known too well.
ONE = 1.0 + 1e-9
WIDEST, NARROWER = 0.2, (0.1, 0.05, 0.02, 0.01)
COARSER = {"0-3": "0-6", "3-6": "0-6", "6-9": "6-12", "9-12": "6-12", "12-18": "12+", "18+": "12+"}
# Any other band is a figure of its own, not a bar of a distribution.
_BARS = (*COARSER, *dict.fromkeys(COARSER.values()), "none", UNKNOWN)
_ADDED = ("value", "people", "bound_lo")


def is_distribution() -> pl.Expr:
    """Whether a metric row is one bar of several that add up to a group."""
    return pl.col("band").is_in(_BARS)


def coarser_band() -> pl.Expr:
    """The band of the coarser set that a band belongs to; itself where there is none."""
    return pl.col("band").replace(COARSER)


def banded(rows: pl.DataFrame) -> pl.DataFrame:
    """Metric rows with shares at, or one person from, nobody and everybody as bands: what all do is known of each one.

    Such a row gets the status 'low' or 'high', loses its value and every other number that gives it away, and has the band in
    `lo` and `hi`: the narrowest of 1, 2, 5, 10, 20 % that one person fits into. In a distribution only that one bar
    holds everybody counts: an empty bar among several tells nothing of anybody in particular.
    """
    yes = pl.col("value") * pl.col("n")
    is_share = (pl.col("unit") == "share") & (pl.col("status") == "shown") & (pl.col("n") > 0)
    is_unanimous = (pl.col("value") >= 1).any().over(MARK)
    is_low = is_share & pl.when(is_distribution()).then(is_unanimous & (yes == 0)).otherwise(yes <= ONE)
    is_high = is_share & ~is_low & (pl.col("n") - yes <= pl.when(is_distribution()).then(0).otherwise(ONE))
    width = pl.lit(WIDEST)
    for limit in NARROWER:
        width = pl.when(pl.col("n") * limit >= 1).then(limit).otherwise(width)
    marked = rows.with_columns(is_low.fill_null(False).alias("_low"), is_high.fill_null(False).alias("_high"))
    is_band = pl.col("_low") | pl.col("_high")
    emptied = ("value", "shrunk", "shrunk_lo", "shrunk_hi", "bound_lo", "bound_hi")
    return marked.with_columns(
        *(pl.when(~is_band).then(name).alias(name) for name in emptied if name in rows.columns),
        pl.when("_low").then(0.0).when("_high").then(1 - width).otherwise("lo").alias("lo"),
        pl.when("_low").then(width).when("_high").then(1.0).otherwise("hi").alias("hi"),
        pl.when("_low").then(pl.lit("low")).when("_high").then(pl.lit("high")).otherwise("status").alias("status"),
    ).drop("_low", "_high")


def coarsened(rows: pl.DataFrame, parents: Mapping[tuple[str, str], str], threshold: int) -> pl.DataFrame:
    """`rows` with the bands merged wherever a finer bar would show, or give away, 1 to `threshold` - 1 people.

    Neighbours are merged with it and so is everything below them: the finer bars of one group alone would follow
    from its total's minus its neighbours'. Value, interval (Wilson, 95 %) and bounds are those of the merged bar.
    """
    bars = rows.filter(is_distribution())
    is_coarse = _is_coarse(bars, parents, threshold)
    keys = [name for name in rows.columns if name in (*MARK, "band")]
    kept = [name for name in rows.columns if name not in (*keys, *_ADDED)]
    merged = (
        bars.filter(is_coarse)
        .group_by(*MARK, coarser_band(), maintain_order=True)
        .agg(*(_sum_or_null(name) for name in _ADDED), *(pl.col(name).first() for name in kept))
    )
    bound_hi = pl.when(pl.col("bound_lo").is_not_null()).then(pl.col("bound_lo") + 1 - pl.col("known_share"))
    renewed = _with_wilson(merged.with_columns(bound_hi.alias("bound_hi"))).select(rows.columns)
    untouched = merged.height == 0
    return (
        rows if untouched else pl.concat([rows.filter(~is_distribution()), bars.filter(~pl.Series(is_coarse)), renewed])
    )


def _is_coarse(bars: pl.DataFrame, parents: Mapping[tuple[str, str], str], threshold: int) -> Flags:
    """One flag per bar, the same for all bars of a group."""
    numbered = bars.select(
        *MARK,
        "band",
        pl.lit(False).alias("is_implied"),
        pl.int_range(pl.len()).alias("cell"),
        pl.struct(MARK).rank("dense").alias("group"),
    )
    group = numbered["group"].cast(pl.Int64).to_numpy() - 1
    people = bars["people"].cast(pl.Int64).to_numpy()
    sums = group_sums(numbered.filter(pl.col("band") != UNKNOWN), parents)
    is_small = (people > 0) & (people < threshold) & (bars["band"] != UNKNOWN).to_numpy()
    beyond = sums.beyond_parts(people)
    is_small[sums.parts[((beyond > 0) & (beyond < threshold))[sums.sum_of]]] = True
    return _spread(is_small, group, sums)


def _spread(is_small: Flags, group: Integers, sums: Sums) -> Flags:
    """A group is coarse with its small bars, its neighbours and whatever encloses it."""
    is_coarse = np.bincount(group, weights=is_small) > 0
    while True:
        bars = is_coarse[group]
        reached = (sums.over_parts(bars[sums.parts]) > 0) | bars[sums.totals]
        spread = is_coarse.copy()
        spread[group[sums.parts[reached[sums.sum_of]]]] = True
        if (spread == is_coarse).all():
            return bars
        is_coarse = spread


def _sum_or_null(name: str) -> pl.Expr:
    return pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name)


def _with_wilson(bars: pl.DataFrame) -> pl.DataFrame:
    # Shares that add up to all of a group may exceed 1 by a rounding error.
    bars = bars.with_columns(pl.col("value").clip(upper_bound=1))
    value, n = bars["value"].cast(pl.Float64).to_numpy(), bars["n"].cast(pl.Float64).to_numpy()
    lo, hi = proportion_confint(value * n, np.where(n > 0, n, np.nan), method="wilson")
    return bars.with_columns(
        pl.Series("lo", np.clip(lo, 0, 1), pl.Float64).fill_nan(None),
        pl.Series("hi", np.clip(hi, 0, 1), pl.Float64).fill_nan(None),
    )
