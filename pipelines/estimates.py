"""Metric rows as SQL counts them turned into estimates: value, 95 % interval, bounds for what is unknown, and status.

Whether a number may leave is not decided here; see `disclosure`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import chi2
from statsmodels.stats.proportion import proportion_confint

CONFIDENCE = 0.95
FLAGGED_ABOVE = 0.20
WITHHELD_ABOVE = 0.40
# A unit whose metrics say that they are withheld from another share of unknown on.
_WITHHELD_ABOVE_OF_UNIT = {"minutes": 0.50, "kappa": 1.0}
BOUNDED_BELOW = 0.80
INTERVALS = ("", "counts", "people")
NOTES = ("", "over_tenure")
UNKNOWN_BAND = "unknown"
# A share's figure of this name compares two groups; it is in percentage points.
DIFFERENCE = "difference"
ROWS = pl.Schema(
    {
        "as_of": pl.Date(),
        "cut": pl.String(),
        "group_key": pl.String(),
        "second_key": pl.String(),
        "band": pl.String(),
        "numerator": pl.Float64(),
        "denominator": pl.Float64(),
        "people": pl.Int64(),
        "unknown": pl.Int64(),
        "value": pl.Float64(),
        "lo": pl.Float64(),
        "hi": pl.Float64(),
        "note": pl.String(),
    }
)
ESTIMATES = (
    *("metric_id", "metric_version", "as_of", "cut", "group_key", "second_key", "band", "unit", "value", "lo", "hi"),
    *("shrunk", "shrunk_lo", "shrunk_hi", "n", "known_share", "bound_lo", "bound_hi", "status", "is_flagged", "people"),
)

Floats = NDArray[np.float64]


def wilson(successes: Floats, trials: Floats) -> tuple[Floats, Floats]:
    """Wilson score interval of a share, 95 %; NaN where there are no trials (Wilson 1927, computed by statsmodels)."""
    defined = np.where(trials > 0, trials, np.nan)
    lo, hi = proportion_confint(successes, defined, alpha=1 - CONFIDENCE, method="wilson")
    return np.clip(lo, 0.0, 1.0), np.clip(hi, 0.0, 1.0)


def poisson(events: Floats, exposure: Floats) -> tuple[Floats, Floats]:
    """Exact interval of a rate, 95 %, in events per unit of `exposure`; NaN where there is none (Garwood 1936)."""
    defined = np.where(exposure > 0, exposure, np.nan)
    tail = (1 - CONFIDENCE) / 2
    # With no event the lower quantile has zero degrees of freedom, which scipy leaves undefined; the limit is 0.
    lower = np.where(events > 0, chi2.ppf(tail, 2 * np.maximum(events, 1e-300)), 0.0)
    return lower / 2 / defined, chi2.ppf(1 - tail, 2 * events + 2) / 2 / defined


def estimate(rows: pl.DataFrame, *, metric_id: str, version: str, unit: str, interval: str) -> pl.DataFrame:
    """Estimates of one metric: the columns of published.metric and `people`, one row per input row, in input order.

    `rows` has the columns of ROWS. `unit` is that of published.metric. `unknown` is in the unit of n: n is the
    denominator, except where the denominator is time (`interval` 'people', units 'per_year' and 'rate'); there it is `people`,
    so an interval never claims more than one independent observation per person. A missing value is numerator over
    denominator, and nothing where the numerator is missing as well. A missing interval is Wilson's for a share
    and the exact Poisson one for a rate per year. An infinite upper end becomes null: the interval is open. In a
    distribution `people` counts the band's own people and the band 'unknown' is a share of known and unknown together;
    the band 'difference' is in points. What is drawn towards the average of other groups is null here; see `shrinkage`.

    Raises ValueError on an unknown `interval` or note, a negative count, a NaN, a share outside 0 to 1, points
    outside -100 to 100 or a kappa outside -1 to 1.
    """
    is_difference = pl.col("band") == DIFFERENCE
    if unit == "share" and rows.filter(is_difference).height:
        numbered = rows.with_row_index("_row")
        parts = [(numbered.filter(is_difference.ne_missing(True)), unit), (numbered.filter(is_difference), "points")]
        found = [
            estimate(part, metric_id=metric_id, version=version, unit=of, interval=interval).with_columns(part["_row"])
            for part, of in parts
        ]
        return pl.concat(found).sort("_row").drop("_row")
    if interval not in INTERVALS:
        raise ValueError(
            f"{metric_id}: interval '{interval}' is not one of {INTERVALS}. Correct the header of its SQL file."
        )
    typed = rows.select(ROWS.names()).cast(ROWS)
    is_time = interval == "people" or unit in ("per_year", "rate")
    counted = _counted(typed, is_time=is_time)
    _refuse_impossible(counted, metric_id, unit)
    estimated = _with_interval(counted, unit)
    named = estimated.with_columns(
        pl.lit(metric_id).alias("metric_id"), pl.lit(version).alias("metric_version"), pl.lit(unit).alias("unit")
    )
    shrunk = (pl.lit(None, pl.Float64).alias(name) for name in ESTIMATES if name.startswith("shrunk"))
    return _with_status(named, unit).with_columns(shrunk).select(ESTIMATES)


def _counted(rows: pl.DataFrame, *, is_time: bool) -> pl.DataFrame:
    """`rows` with null counts as zero, `known` and `base` (what the value is a share of), and the value itself."""
    filled = rows.with_columns(
        pl.col("denominator", "people", "unknown").fill_null(0), pl.col("band", "second_key", "note").fill_null("")
    )
    is_unknown_band = pl.col("band") == UNKNOWN_BAND
    base = pl.col("denominator") + pl.when(is_unknown_band).then(pl.col("unknown")).otherwise(0)
    known = pl.col("people").cast(pl.Float64) if is_time else pl.col("denominator")
    return filled.with_columns(
        is_unknown_band.alias("is_unknown_band"),
        base.alias("base"),
        known.alias("known"),
        (known + pl.when(is_unknown_band).then(pl.col("unknown")).otherwise(0)).alias("trials"),
    ).with_columns(
        pl.coalesce("value", pl.when(pl.col("base") > 0).then(pl.col("numerator") / pl.col("base"))).alias("value"),
        pl.when(pl.col("known") + pl.col("unknown") > 0)
        .then(pl.col("known") / (pl.col("known") + pl.col("unknown")))
        .alias("known_share"),
        (pl.col("unknown") / (pl.col("known") + pl.col("unknown"))).fill_nan(0).alias("unknown_share"),
    )


def _refuse_impossible(rows: pl.DataFrame, metric_id: str, unit: str) -> None:
    """Raise ValueError for the first row no right SELECT could have produced."""
    numbers = pl.col("numerator", "denominator", "value", "lo", "hi")
    faults = {
        "a note that is neither empty nor 'over_tenure'": ~pl.col("note").is_in(NOTES),
        "a negative count": pl.any_horizontal(pl.col("numerator", "denominator", "people", "unknown") < 0),
        "a figure that is not a number": pl.any_horizontal(numbers.is_nan().fill_null(False)),
        "an infinite value": pl.col("value").is_infinite() & (pl.col("note") == ""),
        "a share outside 0 to 1": ~pl.col("value").is_between(0, 1) if unit == "share" else pl.lit(False),
        "points outside -100 to 100": ~pl.col("value").is_between(-100, 100) if unit == "points" else pl.lit(False),
        "a kappa outside -1 to 1": ~pl.col("value").is_between(-1, 1) if unit == "kappa" else pl.lit(False),
    }
    for fault, condition in faults.items():
        found = rows.filter(condition)
        if found.height:
            place = found.select("as_of", "cut", "group_key", "second_key", "band").row(0)
            raise ValueError(f"{metric_id}: {fault} at {', '.join(map(str, place))}. Correct its SQL file.")


def _with_interval(rows: pl.DataFrame, unit: str) -> pl.DataFrame:
    methods: dict[str, tuple[Callable[[Floats, Floats], tuple[Floats, Floats]], pl.Expr, str]] = {
        "share": (wilson, pl.col("value") * pl.col("trials"), "trials"),
        "per_year": (poisson, pl.col("numerator"), "denominator"),
        "rate": (poisson, pl.col("numerator"), "denominator"),
    }
    # One end given means that the SELECT has its own method; the other end is then open on purpose.
    is_given = pl.col("lo").is_not_null() | pl.col("hi").is_not_null()
    ends: dict[str, Any] = {"lo": pl.lit(None, pl.Float64), "hi": pl.lit(None, pl.Float64)}
    if unit in methods:
        method, count, size = methods[unit]
        counts = rows.select(count.fill_null(float("nan")).alias("count"), pl.col(size).alias("size"))
        lo, hi = method(counts["count"].to_numpy(), counts["size"].to_numpy())
        ends = {"lo": pl.Series(lo).fill_nan(None), "hi": pl.Series(hi).fill_nan(None)}
    return rows.with_columns(**{f"own_{end}": column for end, column in ends.items()}).with_columns(
        pl.when(is_given).then(end).otherwise(f"own_{end}").replace([float("inf"), float("-inf")], None).alias(end)
        for end in ends
    )


def _with_status(rows: pl.DataFrame, unit: str) -> pl.DataFrame:
    is_withheld = (pl.col("unknown_share") > _WITHHELD_ABOVE_OF_UNIT.get(unit, WITHHELD_ABOVE)) & ~pl.col(
        "is_unknown_band"
    )
    status = (
        pl.when((pl.col("base") <= 0) & (pl.col("unknown") == 0))
        .then(pl.lit("empty"))
        .when(is_withheld)
        .then(pl.lit("withheld"))
        .when(pl.col("note") == "over_tenure")
        .then(pl.lit("over_tenure"))
        .when(pl.col("value").is_null())
        .then(pl.lit("empty"))
        .otherwise(pl.lit("shown"))
    )
    known_yes = pl.col("value") * pl.col("known_share")
    is_bounded = (pl.col("known_share") < BOUNDED_BELOW) & pl.lit(unit == "share") & ~pl.col("is_unknown_band")
    is_shown, has_base = pl.col("status") == "shown", pl.col("status").is_in(["shown", "over_tenure"])
    return rows.with_columns(
        status.alias("status"),
        (pl.col("unknown_share") > FLAGGED_ABOVE).alias("is_flagged"),
        pl.col("trials").round().cast(pl.Int64).alias("n"),
        pl.when(is_bounded).then(known_yes).alias("bound_lo"),
        pl.when(is_bounded).then(known_yes + pl.col("unknown_share")).alias("bound_hi"),
    ).with_columns(
        *(pl.when(is_shown).then(name).alias(name) for name in ("value", "lo", "hi", "bound_lo", "bound_hi")),
        *(pl.when(has_base).then(name).alias(name) for name in ("n", "known_share")),
    )
