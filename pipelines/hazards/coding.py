"""Columns as whole numbers, and sums by them: what makes a pass over millions of cells short."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.hazards.faults import HazardError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
# Up to here a table of all possible codes is cheaper than sorting the codes there are.
_LOOKUP = 5_000_000


def require(cells: pl.DataFrame, columns: Sequence[str]) -> None:
    """Raise HazardError where a column is missing."""
    missing = [name for name in columns if name not in cells.columns]
    if missing:
        raise HazardError(f"The cells have no column '{missing[0]}'; they have {', '.join(cells.columns)}.")


def counts(cells: pl.DataFrame, column: str) -> Floats:
    """A column of counts; empty counts for none."""
    return cells[column].cast(pl.Float64).fill_null(0.0).to_numpy()


def sums(number: Integers, weights: Floats, size: int) -> Floats:
    """Sums of `weights` by `number`, from 0 to `size`."""
    return np.bincount(number, weights=weights, minlength=size).astype(np.float64)


def spreads(matrix: Floats, people: Floats) -> Floats:
    """Standard deviation of each column of `matrix` among `people` (one number per row); exactly 0 where it is constant."""
    share = people / people.sum()
    found: Floats = np.sqrt(share @ np.square(matrix - share @ matrix))
    found[np.ptp(matrix, axis=0) == 0] = 0.0
    return found


def numbered(codes: Sequence[Integers], height: int) -> tuple[Integers, Integers]:
    """Distinct combinations of `codes` (each of `height`): their number per row, and one row of each, in order."""
    found = np.zeros(height, dtype=np.int64)
    first = np.zeros(min(height, 1), dtype=np.int64)
    for each in codes:
        size = int(each.max(initial=0)) + 1
        found, first = _dense(found * size + each, len(first) * size)
    return found, first


def categories(values: pl.Series) -> tuple[Integers, list[str]]:
    """Code of each value, and the values as text in their order. Raises HazardError where a value is missing."""
    if values.null_count():
        raise HazardError(f"'{values.name}' is empty in {values.null_count()} cells: fill it or leave those cells out.")
    if values.dtype.is_numeric():
        distinct, number = np.unique(values.to_numpy(), return_inverse=True)
        return number.astype(np.int64), [str(value) for value in distinct.tolist()]
    # Text is compared once per distinct value and not once per row.
    physical = values.cast(pl.String).cast(pl.Categorical).to_physical().cast(pl.Int64).to_numpy()
    codes, first = _dense(physical, int(physical.max(initial=0)) + 1)
    names = values.gather(first).cast(pl.String).to_list()
    order = sorted(range(len(names)), key=names.__getitem__)
    rank = np.empty(len(names), dtype=np.int64)
    rank[order] = np.arange(len(names))
    return rank[codes], [names[place] for place in order]


def _dense(codes: Integers, size: int) -> tuple[Integers, Integers]:
    """`codes` below `size` renumbered without gaps, and one row of each number."""
    if size > _LOOKUP:
        _, first, number = np.unique(codes, return_index=True, return_inverse=True)
        return number.astype(np.int64), first.astype(np.int64)
    somewhere = np.full(size, -1, dtype=np.int64)
    somewhere[codes] = np.arange(len(codes))
    present = np.flatnonzero(somewhere >= 0)
    number = np.empty(size, dtype=np.int64)
    number[present] = np.arange(len(present))
    return number[codes], somewhere[present]
