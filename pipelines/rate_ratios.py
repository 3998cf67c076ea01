"""How much oftener something happens in one state than in another among those alike: rate ratios of counts, frames in and out (LNK-01).

Cells come in that may be one person, never the key of one at risk; which figures may leave is not decided here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import t as student

# The kind of interval, in the header of a metric's SQL file, by which `ratios` is asked for.
INTERVAL = "mantel_haenszel"
STRETCHES = pl.Schema(
    {
        "cluster": pl.Int64(),
        "is_exposed": pl.Boolean(),
        "first": pl.Int64(),
        "last": pl.Int64(),
        "time": pl.Float64(),
        "events": pl.Float64(),
    }
)
_CONFIDENCE = 0.95

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class RateRatio:
    """A rate ratio with its 95 % interval, the standard error of its logarithm, and how many clusters that rests on."""

    ratio: float
    lo: float
    hi: float
    log_error: float
    clusters: int


@dataclass(frozen=True)
class _Strata:
    """Per stratum: events (`a`, `b`) and time (`t1`, `t0`) of the exposed and the others."""

    a: Floats
    b: Floats
    t1: Floats
    t0: Floats


def ratios(rows: pl.DataFrame, cells: pl.DataFrame, windows: pl.DataFrame) -> pl.DataFrame:
    """Metric rows as SQL counts them, with the rate ratio and its 95 % interval in `value`, `lo` and `hi`.

    `rows` has the columns of a metric's SELECT; those with a `numerator` get a figure, in the same unit as 1. `cells` is
    links.exit_cell and `windows` links.exit_window: months in date are held against months out of date within the same
    month of tenure and division, with managers as clusters. Where the counts tell nothing the row keeps no figure at all.
    """
    months = {day: (first, last) for day, first, last in windows.iter_rows()}
    # Sums of floats depend on the order of rows, so it is fixed.
    known = (
        cells.filter(pl.col("status").is_in(["in_date", "out_of_date"]))
        .with_columns(pl.col("cluster_key", "division_key").rank("dense").cast(pl.Int64))
        .sort(pl.all())
    )
    found = [
        mantel_haenszel(_stretches(known, *months[day])) if counted is not None else None
        for day, counted in rows.select("as_of", "numerator").iter_rows()
    ]
    ends = [
        pl.Series(name, [None if each is None else getattr(each, of) for each in found], pl.Float64)
        for name, of in (("value", "ratio"), ("lo", "lo"), ("hi", "hi"))
    ]
    # A numerator without a figure would be taken for a plain ratio.
    return rows.with_columns(ends).with_columns(numerator=pl.when(pl.col("value").is_not_null()).then("numerator"))


def mantel_haenszel(stretches: pl.DataFrame) -> RateRatio | None:
    """The Mantel-Haenszel rate ratio of the exposed to the others; None where it or its error is not finite.

    `stretches` has the columns of STRETCHES: `time` is spent in each stratum from `first` to `last`, both included (whole
    numbers from 0), and the `events` fall in the last. The estimate is that of Rothman and Boice (1979) for person-time.
    Its variance is the sum over clusters of their squared influence on the logarithm, times clusters / (clusters - 1):
    the infinitesimal jackknife (Efron 1982), so nothing is assumed of what goes on inside a cluster; the limits are
    those of Student's t with clusters - 1 degrees of freedom.
    """
    typed = stretches.select(STRETCHES.names()).cast(STRETCHES)
    if not typed.height:
        return None
    strata = _strata(typed)
    total = strata.t1 + strata.t0
    filled = np.where(total > 0, total, 1.0)
    exposed, others = float((strata.a * strata.t0 / filled).sum()), float((strata.b * strata.t1 / filled).sum())
    cluster = typed["cluster"].rank("dense").cast(pl.Int64).to_numpy() - 1
    count = int(cluster.max()) + 1
    if exposed <= 0 or others <= 0 or count < 2:
        return None
    influence = _influence(typed, strata, filled, exposed, others)
    squares = np.square(_sums(cluster, influence, count))
    error = float(np.sqrt(count / (count - 1) * squares.sum()))
    ratio, reach = exposed / others, float(student.ppf(0.5 + _CONFIDENCE / 2, count - 1)) * error
    return RateRatio(ratio, ratio * np.exp(-reach), ratio * np.exp(reach), error, count)


def _stretches(cells: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    """Cells clipped to the months from `first` to `last`, in strata: months of tenure, one division after the other."""
    inside = cells.filter((pl.col("first_month") <= last) & (pl.col("last_month") >= first)).with_columns(
        begin=pl.max_horizontal("first_month", pl.lit(first)) - pl.col("hire_month"),
        end=pl.min_horizontal("last_month", pl.lit(last)) - pl.col("hire_month"),
        # Months of tenure begin at 0: a division has one stratum more than the longest tenure has months.
        offset=(pl.col("division_key") - 1) * (pl.col("last_month") - pl.col("hire_month") + 1).max(),
    )
    is_event = (pl.col("exit_type") == "exit_voluntary").fill_null(False) & (pl.col("last_month") <= last)
    return inside.select(
        cluster="cluster_key",
        is_exposed=pl.col("status") == "in_date",
        first=pl.col("offset") + pl.col("begin"),
        last=pl.col("offset") + pl.col("end"),
        time="people",
        events=pl.when(is_event).then("people").otherwise(0),
    )


def _strata(stretches: pl.DataFrame) -> _Strata:
    size = int(stretches.select(pl.col("last").max()).item()) + 1
    found = []
    for is_exposed in (True, False):
        arm = stretches.filter(pl.col("is_exposed") == is_exposed)
        first, last, time, events = (arm[name].to_numpy() for name in ("first", "last", "time", "events"))
        change = _sums(first, time, size + 1) - _sums(last + 1, time, size + 1)
        found.append((_sums(last, events, size), np.cumsum(change)[:size]))
    (a, t1), (b, t0) = found
    return _Strata(a, b, t1, t0)


def _sums(place: Integers, weights: Floats, size: int) -> Floats:
    return np.bincount(place, weights=weights, minlength=size).astype(np.float64)


def _influence(stretches: pl.DataFrame, of: _Strata, total: Floats, exposed: float, others: float) -> Floats:
    """What every stretch adds to the logarithm of the ratio: its events and time times the derivatives with respect to both."""
    both = (of.a / exposed + of.b / others) / np.square(total)
    is_exposed = stretches["is_exposed"].to_numpy()
    first, last, time, events = (stretches[name].to_numpy() for name in ("first", "last", "time", "events"))
    found = np.zeros(stretches.height)
    arms = ((is_exposed, of.t0 / total / exposed, -of.t0 * both), (~is_exposed, -of.t1 / total / others, of.t1 * both))
    for chosen, per_event, per_time in arms:
        # The sum over a run of strata is the difference of two running sums.
        running = np.concatenate([[0.0], np.cumsum(per_time)])
        spent = running[last[chosen] + 1] - running[first[chosen]]
        found[chosen] = events[chosen] * per_event[last[chosen]] + time[chosen] * spent
    return found
