"""Which levels of an exposure are too small to be told of: few people, or few events, alone or by subtraction from the total."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import polars as pl

# So many events, and fewer, are hidden; none at all is told.
FEW_EVENTS = 4


def hidden(counts: pl.DataFrame, smallest: int) -> frozenset[str]:
    """Levels to hide, given `level`, `people` and `events` of every level; groups below `smallest` people are too small.

    The total of all levels can be known from elsewhere, and so can what hidden levels add up to: the next smallest levels
    are hidden with them until that is no small count either, and never one level alone.
    """
    there = counts.filter(pl.col("people") > 0)
    found = {level for level, people, events in _rows(there) if people < smallest or 0 < events <= FEW_EVENTS}
    waiting = (
        there.filter(~pl.col("level").is_in(found)).sort("people", "events", maintain_order=True)["level"].to_list()
    )
    while found and waiting and (len(found) == 1 or _is_small(there, found, smallest)):
        found.add(waiting.pop(0))
    return frozenset(found)


def _is_small(counts: pl.DataFrame, levels: AbstractSet[str], smallest: int) -> bool:
    rows = [(people, events) for level, people, events in _rows(counts) if level in levels]
    people, events = (sum(each) for each in zip(*rows, strict=True))
    return bool(people < smallest or 0 < events <= FEW_EVENTS)


def _rows(counts: pl.DataFrame) -> list[tuple[str, int, int]]:
    return list(counts.select("level", "people", "events").iter_rows())


def share_after(late: pl.DataFrame, smallest: int) -> float | None:
    """Share of the conversations of `late` (see Cells) that were recorded after the outcome; None if none or too few to tell of."""
    if not late.height:
        return None
    conversations, after = late.select("conversations", "recorded_after").row(0)
    is_told = after > FEW_EVENTS and conversations >= smallest and not 0 < conversations - after <= FEW_EVENTS
    return after / conversations if is_told else None
