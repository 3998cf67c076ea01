"""Months of tenure in bands, the baseline of a hazard that is the same within each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import polars as pl

TENURE_BANDS = (3, 6, 12, 18, 24, 36, 60, 120)
BAND = "tenure_band"


def with_tenure_band(cells: pl.DataFrame, bands: Sequence[int] = TENURE_BANDS) -> pl.DataFrame:
    """`cells` with the column `tenure_band` out of `tenure_month`; each of `bands` is the first month of a new band."""
    edges = [0, *bands]
    ends = [f"{first:03d}_to_{last - 1:03d}" for first, last in pairwise(edges)]
    names = [*ends, f"{edges[-1]:03d}_or_more"]
    place = pl.sum_horizontal([(pl.col("tenure_month") >= edge).cast(pl.Int64) for edge in bands] or [pl.lit(0)])
    return cells.with_columns(place.replace_strict(range(len(names)), names, return_dtype=pl.String).alias(BAND))
