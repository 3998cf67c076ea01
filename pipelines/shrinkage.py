"""Small groups drawn towards the average of all groups of their kind: shrunken shares and their intervals, frames in, frames out.

Which figures may leave is not decided here; see `disclosure`, which hides these columns with the others.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.beta_binomial import counted, fitted, posterior

SHRUNK = ("shrunk", "shrunk_lo", "shrunk_hi")
# The kind of interval, in the header of a metric's SQL file, by which `posteriors` is asked for.
INTERVAL = "beta_binomial"
FEWEST_GROUPS = 10
TEAM_BELOW = 30
# A manager of one or two people has the average of all managers and nothing of their own to say.
FEWEST_PEOPLE = 3
_POOL = ("as_of", "cut")


def with_shrunk(estimated: pl.DataFrame, interval: str) -> pl.DataFrame:
    """Estimates of one metric with the columns `shrunk`, `shrunk_lo` and `shrunk_hi` filled; rows and order are kept.

    `estimated` is what `estimates.estimate` gives, before disclosure; `interval` is the one in the header of the metric.
    Shares out of counts ('counts') get them in the cut `manager` and for org units of fewer than 30 people, in their
    main figure, wherever at least ten such groups have a figure on that date; all else stays null.
    """
    is_group = (pl.col("cut") == "manager") | ((pl.col("cut") == "org_unit") & (pl.col("people") < TEAM_BELOW))
    is_counted = (pl.col("unit") == "share") & (pl.col("band") == "") & pl.lit(interval == "counts")
    has_figure = pl.col("value").is_not_null() & (pl.col("n") > 0)
    numbered = estimated.with_row_index("_row")
    groups = numbered.filter(is_group & is_counted & has_figure)
    yes = (groups["value"] * groups["n"]).round()
    shrunk = _shrunk(groups.select("_row", *_POOL, yes=yes, trials="n"))
    filled = numbered.drop(SHRUNK).join(shrunk, on="_row", how="left", maintain_order="left")
    return filled.select(estimated.columns)


def posteriors(rows: pl.DataFrame) -> pl.DataFrame:
    """Metric rows of groups as SQL counts them, with the posterior mean and its 95 % interval in `value`, `lo` and `hi`.

    `rows` has the columns of a metric's SELECT: `numerator` of `denominator`. The prior is that of all groups of the
    date and cut that have a denominator; groups of fewer than three have no row. Where there are fewer than ten groups, or all
    say the same, there is no prior and the row stays without any figure.
    """
    numbered = rows.with_row_index("_row")
    groups = numbered.filter(pl.col("denominator") > 0)
    shrunk = _shrunk(groups.select("_row", *_POOL, yes="numerator", trials="denominator"))
    found = numbered.join(shrunk, on="_row", how="left", maintain_order="left")
    # A numerator without a figure would be taken for a plain share.
    counted = pl.when(pl.col("shrunk").is_not_null()).then("numerator").alias("numerator")
    filled = found.with_columns(counted, value="shrunk", lo="shrunk_lo", hi="shrunk_hi")
    return filled.filter(pl.col("denominator") >= FEWEST_PEOPLE).select(rows.columns)


def _shrunk(groups: pl.DataFrame) -> pl.DataFrame:
    """Columns `_row` and SHRUNK of the groups (`_row`, date, cut, `yes`, `trials`) that have enough others to lean on."""
    some = pl.col("yes").sum().over(_POOL)
    # Where everybody says the same, nothing tells how much groups differ.
    is_telling = (pl.len().over(_POOL) >= FEWEST_GROUPS) & (some > 0) & (some < pl.col("trials").sum().over(_POOL))
    usable = groups.filter(is_telling).with_columns(pool=pl.struct(_POOL).rank("dense").cast(pl.Int64) - 1)
    ends: list[pl.Series] = [pl.Series(name, [], pl.Float64) for name in SHRUNK]
    if usable.height:
        yes, trials, pool = (usable[name].cast(pl.Int64).to_numpy() for name in ("yes", "trials", "pool"))
        priors = fitted(counted(yes, trials, pool, int(pool.max()) + 1))
        ends = [
            pl.Series(n, np.asarray(end)) for n, end in zip(SHRUNK, posterior(priors, yes, trials, pool), strict=True)
        ]
    return usable.select("_row", *ends)
