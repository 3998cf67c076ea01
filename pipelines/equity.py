"""The gap between a group and everybody else that is left between people alike in job: frames in, frames out (EQU-02).

Only counts of people by pattern come in, never a row of a person; which figures may leave is not decided here.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.mixed_logistic import Cells, FitError, average_difference, fitted

# The kind of interval, in the header of a metric's SQL file, by which `adjusted` is asked for.
INTERVAL = "adjusted_logistic"
COVARIATES = ("grade", "tenure", "span")
_GROUP_COLUMN = 1
_POINTS = 100.0


def adjusted(rows: pl.DataFrame, patterns: pl.DataFrame) -> pl.DataFrame:
    """Metric rows of groups as SQL counts them, with the adjusted gap and its 95 % interval in `value`, `lo` and `hi`.

    `rows` has the columns of a metric's SELECT, with the attribute in `group_key` and the group in `second_key`; those
    with a `numerator` get a figure, in percentage points. `patterns` is core.equity_cell. The gap is the average marginal
    difference between being in the group and not, from a logistic regression with grade, tenure and span as classes
    (a missing one is a class of its own) and a random intercept per division, over people of whom it is known whether
    they talked. Where the regression has nothing to tell, the row keeps no figure at all.
    """
    of_date = patterns.filter(pl.col("eligible_known") > 0).partition_by("as_of", "attribute", as_dict=True)
    gaps = [
        _gap(of_date.get((row["as_of"], row["group_key"])), row["second_key"]) if row["numerator"] is not None else None
        for row in rows.select("as_of", "group_key", "second_key", "numerator").iter_rows(named=True)
    ]
    ends = [
        pl.Series(name, [None if gap is None else _POINTS * gap[place] for gap in gaps], pl.Float64)
        for place, name in enumerate(("value", "lo", "hi"))
    ]
    found = rows.with_columns(ends)
    # A numerator without a figure would be taken for a plain share.
    return found.with_columns(numerator=pl.when(pl.col("value").is_not_null()).then("numerator"))


def _gap(patterns: pl.DataFrame | None, group: str) -> tuple[float, float, float] | None:
    """The difference (share, not points) with its limits; None where group or rest has nobody, or all of it or none talked."""
    if patterns is None:
        return None
    cells = _cells(patterns, group)
    is_in = cells.fixed[:, _GROUP_COLUMN] == 1
    for arm in (is_in, ~is_in):
        if not 0 < cells.yes[arm].sum() < cells.people[arm].sum():
            return None
    try:
        return average_difference(cells, fitted(cells), _GROUP_COLUMN)
    except FitError:
        return None


def _cells(patterns: pl.DataFrame, group: str) -> Cells:
    """Patterns as cells: intercept, the group, one column per class but the first, in a fixed order."""
    keys = ("is_group", *COVARIATES, "division_key")
    counted = (
        patterns.with_columns(is_group=pl.col("value") == group)
        .group_by(keys)
        .agg(people=pl.col("eligible_known").sum(), yes=pl.col("eligible_talked").sum())
        .sort(keys)
    )
    columns = [np.ones(counted.height), counted["is_group"].cast(pl.Float64).to_numpy()]
    for name in COVARIATES:
        columns.extend(_classes(counted[name]))
    return Cells(
        fixed=np.column_stack(columns),
        unit=counted["division_key"].rank("dense").cast(pl.Int64).to_numpy() - 1,
        people=counted["people"].cast(pl.Float64).to_numpy(),
        yes=counted["yes"].cast(pl.Float64).to_numpy(),
    )


def _classes(column: pl.Series) -> list[NDArray[np.float64]]:
    return [(column == name).cast(pl.Float64).to_numpy() for name in column.unique().sort()[1:]]
