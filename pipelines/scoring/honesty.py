"""LNK-05: the figures of the backtest as metric rows, one for each way to judge a model that gives chances."""

from __future__ import annotations

import polars as pl

from pipelines.scoring.backtest import walk_forward
from pipelines.scoring.measures import Figure

# The kind of interval, in the header of a metric's SQL file, by which `honesty` is asked for.
INTERVAL = "walk_forward"


def honesty(rows: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Metric rows as SQL counts them, with the figure each band names and its 95 % interval in `value`, `lo` and `hi`.

    `rows` has the columns of a metric's SELECT, `cells` is lists.origin_cell. The denominator becomes the people of all
    origins the model spoke of, `unknown` those it did not; where too few left in that time no row has a figure.
    """
    tried = walk_forward(cells)
    figures: list[Figure | None] = [tried.figures.get(band) for band in rows["band"]]
    ends = [
        pl.Series(name, [None if each is None else getattr(each, name) for each in figures], pl.Float64)
        for name in ("value", "lo", "hi")
    ]
    counted = rows.with_columns(
        *ends,
        denominator=pl.lit(float(tried.people - tried.unknown)),
        unknown=pl.lit(tried.unknown, pl.Int64),
    )
    # A numerator without a figure would be taken for a plain ratio.
    return counted.with_columns(numerator=pl.when(pl.col("value").is_not_null()).then("numerator"))
