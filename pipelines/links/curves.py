"""Table ``published.link_curve``: how many have left by choice, or been promoted, month by month after a landmark.

Counts by day come in (links.exit_landmark, links.promotion_landmark); the incidence is that of `incidence`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import polars as pl

from pipelines.estimates import wilson
from pipelines.incidence import COUNTS, aalen_johansen
from pipelines.links.small_counts import FEW_EVENTS

ARMS = ("in_date", "out_of_date")
MONTHS = 12
_YEAR = 365

_SCHEMA = pl.Schema(
    {
        **dict.fromkeys(("outcome", "landmark", "arm", "status"), pl.String()),
        **dict.fromkeys(("incidence", "lo", "hi"), pl.Float64()),
        **dict.fromkeys(("month", "at_risk", "events"), pl.Int64()),
    }
)

Row = dict[str, object]


def rows(counts: pl.DataFrame, outcome: str, smallest: int) -> Iterator[Row]:
    """Rows of ``published.link_curve`` but for the day: per landmark, arm and month.

    `counts` has `band` (the landmark), `status`, `stratum` and the columns of incidence.COUNTS. Both arms are hidden
    where one has fewer than `smallest` people or 1 to 4 events, and there is no curve until somebody of each was followed
    for a year. A month is told of where the events since the month told of before it are none or at least 5, and the last.
    """
    for landmark in sorted(counts["band"].unique(), key=lambda name: int(name.partition("_")[0])):
        here = counts.filter(pl.col("band") == landmark)
        arms = {arm: _by_day(here.filter(pl.col("status") == arm)) for arm in ARMS}
        status = _status(list(arms.values()), smallest)
        for arm, days in arms.items():
            told = _months(days, smallest) if status == "ok" else [_untold(month) for month in range(MONTHS + 1)]
            for each in told:
                yield {"outcome": outcome, "landmark": landmark, "arm": arm, "status": status, **each}


def table(made: Iterator[Row], as_of: date) -> pl.DataFrame:
    """All rows as one frame, with the day up to which people were followed."""
    return pl.DataFrame(list(made), schema=_SCHEMA).with_columns(as_of=pl.lit(as_of))


def _by_day(arm: pl.DataFrame) -> pl.DataFrame:
    return arm.group_by("day").agg(pl.col(COUNTS[1:]).sum()).sort("day")


def _status(arms: list[pl.DataFrame], smallest: int) -> str:
    people = [int(arm.select(pl.sum_horizontal(COUNTS[1:]).sum()).item()) for arm in arms]
    events = [int(arm["events"].sum()) for arm in arms]
    if not sum(people):
        return "empty"
    if min(people) < smallest or any(0 < count <= FEW_EVENTS for count in events):
        return "hidden"
    is_followed = all(arm["day"].max() == _YEAR for arm in arms)
    return "ok" if is_followed and all(events) else "too_early"


def _months(days: pl.DataFrame, smallest: int) -> list[Row]:
    """The curve at the ends of months 0 to 12 of the year."""
    curve = aalen_johansen(days)
    ends = [round(month * _YEAR / MONTHS) for month in range(MONTHS + 1)]
    gone = days.select(pl.sum_horizontal(COUNTS[1:])).to_series().to_numpy()
    day, total = days["day"].to_numpy(), int(gone.sum())
    events = [int(days.filter(pl.col("day") < end)["events"].sum()) for end in ends]
    staying = [total - int(gone[day < end].sum()) for end in ends]
    told = _told(events)
    return [
        _told_month(curve, month, end, events[month], staying[month], smallest) if month in told else _untold(month)
        for month, end in enumerate(ends)
    ]


def _told(events: list[int]) -> frozenset[int]:
    """Months of which nobody can read that the event happened to one of a few in between."""
    last = events[-1]
    found, before = {0, len(events) - 1}, events[0]
    for month, count in enumerate(events):
        if _is_plain(count - before) and _is_plain(last - count):
            found.add(month)
            before = count
    return frozenset(found)


def _is_plain(count: int) -> bool:
    return count == 0 or count > FEW_EVENTS


def _told_month(curve: pl.DataFrame, month: int, end: int, events: int, at_risk: int, smallest: int) -> Row:
    reached = curve.filter(pl.col("day") < end)
    incidence, variance = (float(reached[name][-1]) if reached.height else 0.0 for name in ("incidence", "variance"))
    lo = hi = incidence
    if 0 < incidence < 1 and variance > 0:
        effective = np.array([incidence * (1 - incidence) / variance])
        lo, hi = (float(each[0]) for each in wilson(incidence * effective, effective))
    return {
        "month": month,
        "incidence": incidence,
        "lo": lo,
        "hi": hi,
        "at_risk": at_risk if at_risk >= smallest else None,
        "events": events,
    }


def _untold(month: int) -> Row:
    return {"month": month, **dict.fromkeys(("incidence", "lo", "hi", "at_risk", "events"))}
