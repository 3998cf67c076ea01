"""Who stands on the list of whom: grounds put together to one entry a person, and what keeps a person off every list.

No name is known here, and no ground leaves: a leader reads facts, not why somebody was chosen.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from pipelines.lists.reviews import DAYS, Reviews, fingerprint

FIRST, SOON, RHYTHM = "talk_first", "talk_soon", "in_rhythm"
_ORDER = {FIRST: 0, SOON: 1}
_MOST_REASONS = 3


@dataclass(frozen=True)
class Limits:
    """How long a list may be, and the fewest people a line must have for there to be one."""

    cap: int
    smallest_line: int


def cards(entries: pl.DataFrame, talked: pl.DataFrame, off: Collection[str], on: date) -> pl.DataFrame:
    """One row per person to talk to: worker_key, band, reasons (ids), suggested_start, last_on, data_date.

    `entries` have a ground each; the more pressing band and the facts of all grounds count, at most three. `talked` is
    worker_key and last_on. Who has talked within DAYS, or is in `off`, has no card.
    """
    pressing = entries.filter(pl.col("band").is_in(list(_ORDER)), ~pl.col("worker_key").is_in(list(off)))
    ordered = pressing.with_columns(place=pl.col("band").replace_strict(_ORDER)).sort("worker_key", "place", "ground")
    one = ordered.group_by("worker_key", maintain_order=True).agg(
        pl.col("band", "suggested_start", "data_date").first(), pl.col("reasons").explode().drop_nulls()
    )
    told = one.with_columns(pl.col("reasons").list.unique(maintain_order=True).list.head(_MOST_REASONS))
    known = told.join(talked, on="worker_key", how="left", maintain_order="left")
    is_fresh = (pl.col("last_on") > on - timedelta(days=DAYS)).fill_null(value=False)
    return known.filter(~is_fresh)


def reviewed(cards: pl.DataFrame, units_above: dict[str, frozenset[str]], reviews: Reviews) -> pl.DataFrame:
    """`cards` (with ref, entry and worker_key) that a leader may see."""
    seen = [
        reviews.may_be_seen(ref, entry, units_above.get(worker, frozenset()))
        for ref, entry, worker in cards.select("ref", "entry", "worker_key").iter_rows()
    ]
    return cards.filter(pl.Series(seen, dtype=pl.Boolean))


def with_entry(cards: pl.DataFrame) -> pl.DataFrame:
    """`cards` with `entry`, the fingerprint of what they say."""
    found = [fingerprint(r, b, why) for r, b, why in cards.select("ref", "band", "reasons").iter_rows()]
    return cards.with_columns(entry=pl.Series(found, dtype=pl.String))


def leaders_lists(cards: pl.DataFrame, line: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    """`cards` by viewer_key of leaders: those nearest to the viewer first, most pressing and longest without a talk among them.

    Nobody who has a line of fewer than `smallest_line` people has a list, nobody has more than `cap` people on it.
    """
    leaders = line.filter(pl.col("role") == "leader")
    wide = leaders.group_by("viewer_key").len().filter(pl.col("len") >= limits.smallest_line)["viewer_key"]
    known = leaders.filter(pl.col("viewer_key").is_in(wide.implode())).select("viewer_key", "worker_key", "depth")
    mine = known.join(cards, on="worker_key")
    ordered = mine.with_columns(place=pl.col("band").replace_strict(_ORDER, return_dtype=pl.Int64)).sort(
        "viewer_key", "depth", "place", "last_on", "ref", nulls_last=False
    )
    return ordered.group_by("viewer_key", maintain_order=True).head(limits.cap).drop("place")
