"""How many of a group something has happened to by a day while something else may come first: incidence from counts, frames in, frames out.

Only counts of people by day come in (LNK-02, LNK-04); which figures may leave is not decided here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.estimates import wilson

# The kind of interval, in the header of a metric's SQL file, by which `differences` is asked for.
INTERVAL = "aalen_johansen"
COUNTS = ("day", "events", "competing", "censored")
# Of people who come under observation late, how many are there from this day on.
ENTERED = "entered"
_POINTS = 100.0
_ARMS = ("in_date", "out_of_date")
_FEWEST_IN_ARM = 10

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Difference:
    """A difference of two shares with its 95 % interval."""

    value: float
    lo: float
    hi: float


def differences(rows: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """Metric rows as SQL counts them, with the difference of incidences and its 95 % interval in `value`, `lo` and `hi`.

    `rows` has the columns of a metric's SELECT; those with a `numerator` get a figure, in percentage points, in date less
    out of date. `counts` is links.exit_landmark or links.promotion_landmark: of the same `as_of` and `band`. Where the
    counts tell nothing the row keeps no figure at all.
    """
    known = counts.filter(pl.col("status").is_in(_ARMS))
    cells = known.partition_by("as_of", "band", as_dict=True)
    found = [
        _pooled(cells.get((day, band))) if counted is not None else None
        for day, band, counted in rows.select("as_of", "band", "numerator").iter_rows()
    ]
    ends = [
        pl.Series(name, [None if each is None else _POINTS * getattr(each, name) for each in found], pl.Float64)
        for name in ("value", "lo", "hi")
    ]
    # A numerator without a figure would be taken for a plain share.
    return rows.with_columns(ends).with_columns(numerator=pl.when(pl.col("value").is_not_null()).then("numerator"))


def aalen_johansen(counts: pl.DataFrame) -> pl.DataFrame:
    """Share of a group to whom the event has happened by each day, and the variance of that share.

    `counts` has the columns of COUNTS, one row per day at most: events, competing events, and people censored, who were
    under observation up to the day before. Without a column ENTERED everybody is there from the first day on; with it
    those whom it counts are, from that day on and on none before, so that whoever left before could be seen is not
    taken for a stayer. Days (or months) are those of the clock. Rows of the answer are those days in order, with
    `at_risk`, `incidence` (0 to 1) and `variance`. The estimate is Aalen and Johansen's (1978) for two causes; the
    variance that by the delta method (Gaynor and others 1993, Marubini and Valsecchi 1995), which without censoring or
    late entry is the binomial one.
    """
    ordered = counts.sort("day")
    events, competing, censored = (ordered[name].cast(pl.Float64).to_numpy() for name in COUNTS[1:])
    gone = events + competing + censored
    entered = np.cumsum(ordered[ENTERED].cast(pl.Float64).to_numpy()) if ENTERED in ordered.columns else gone.sum()
    at_risk = entered - np.cumsum(gone) + events + competing
    filled = np.where(at_risk > 0, at_risk, 1.0)
    staying = np.cumprod(1 - (events + competing) / filled)
    before = np.concatenate([[1.0], staying[:-1]])
    incidence = np.cumsum(before * events / filled)
    return ordered.select("day").with_columns(
        at_risk=at_risk, incidence=incidence, variance=_variance(events, competing, filled, before, incidence)
    )


def difference(counts: pl.DataFrame) -> Difference | None:
    """Incidence by the last day of those in date less that of those out of date, put together over strata; None if unknown.

    `counts` has the columns `stratum`, `status` and COUNTS. Strata in which an arm has fewer than ten people are put
    together into one. The others have Mantel-Haenszel weights, the product of the sizes of both arms over their sum
    (Greenland and Robins 1985); a stratum in which nobody of an arm was followed to the end counts for nothing. The
    interval is Newcombe's (1998, method 10; for variances of any kind Zou and Donner 2008) out of Wilson's for each
    arm, on the number of people that would have the arm's variance without censoring (Dorey and Korn 1987).
    """
    end = counts["day"].max()
    weights, shares, variances = [], [], []
    for part in _merged(counts).sort("stratum").partition_by("stratum", maintain_order=True):
        arms = [_at_end(part.filter(pl.col("status") == status), end) for status in _ARMS]
        if arms[0] is None or arms[1] is None:
            continue
        (people, share, variance), (others, rest, spread) = arms[0], arms[1]
        weights.append(people * others / (people + others))
        shares.append((share, rest))
        variances.append((variance, spread))
    if not weights:
        return None
    parts = np.array(weights) / np.sum(weights)
    share, variance = parts @ np.array(shares), parts**2 @ np.array(variances)
    if not ((share > 0) & (share < 1) & (variance > 0)).all():
        return None
    effective = share * (1 - share) / variance
    lo, hi = wilson(share * effective, effective)
    value = float(share[0] - share[1])
    below, above = np.hypot(share[0] - lo[0], hi[1] - share[1]), np.hypot(hi[0] - share[0], share[1] - lo[1])
    return Difference(value, value - float(below), value + float(above))


def _pooled(counts: pl.DataFrame | None) -> Difference | None:
    return None if counts is None else difference(counts)


def _merged(counts: pl.DataFrame) -> pl.DataFrame:
    """`counts` with the strata that are too thin in one: on a few people neither the incidence nor its variance can be relied."""
    people = pl.sum_horizontal(COUNTS[1:])
    sizes = [people.filter(pl.col("status") == status).sum().over("stratum") for status in _ARMS]
    is_thin = pl.min_horizontal(sizes) < _FEWEST_IN_ARM
    return counts.with_columns(stratum=pl.when(is_thin).then(pl.lit(None)).otherwise("stratum"))


def _at_end(arm: pl.DataFrame, end: object) -> tuple[float, float, float] | None:
    """People of one arm, the share of them by the last day, and its variance; None where the curve does not reach so far.

    The variance is made unbiased for few people: multiplied by n / (n - 1), where n is the number that would have the
    same variance without censoring.
    """
    by_day = arm.group_by("day").agg(pl.col(COUNTS[1:]).sum()).sort("day")
    # Where the last ones are censored before the end, nothing is known of the days after.
    if not by_day.height or (by_day["day"][-1] != end and by_day["censored"][-1] > 0):
        return None
    people = float(by_day.select(pl.sum_horizontal(pl.col(COUNTS[1:]).sum())).item())
    _, _, share, variance = aalen_johansen(by_day).row(-1)
    effective = share * (1 - share) / variance if variance > 0 else people
    return people, share, variance * effective / (effective - 1) if effective > 1 else variance


def _variance(events: Floats, competing: Floats, at_risk: Floats, before: Floats, incidence: Floats) -> Floats:
    """Variance of the incidence on each day: sums over earlier days of (F(t) - F(s))² g + 2 (F(t) - F(s)) h + k, in running sums."""
    gone = events + competing
    # On the day the last ones go the first term has no finite factor; what it multiplies is zero from then on.
    left = at_risk - gone
    greenwood = np.divide(gone, at_risk * left, out=np.zeros_like(gone), where=left > 0)
    crossed = -before * events / at_risk**2
    own = before**2 * events * (at_risk - events) / at_risk**3
    g, gf, gff = (np.cumsum(greenwood * incidence**power) for power in (0, 1, 2))
    h, hf = (np.cumsum(crossed * incidence**power) for power in (0, 1))
    found: Floats = incidence**2 * g - 2 * incidence * gf + gff + 2 * (incidence * h - hf) + np.cumsum(own)
    return np.maximum(found, 0.0)
