"""Levels with too little to say put together with others, so that every bin of the model rests on enough exits."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipelines.scoring.features import UNKNOWN, Feature

POOLED = "rest"
Groups = dict[str, str]
Counts = dict[str, tuple[int, int]]


def grouped(cells: pl.DataFrame, feature: Feature, fewest: float) -> Groups:
    """Level to bin, for every level of `feature` among `cells` (`people`, `leavers`): of each bin at least `fewest` left, and stayed.

    Levels in an order are joined with the smaller neighbour until they have enough; others that are rare become `rest`.
    What is still rare, unknown or the rest, joins the largest bin: the model says nothing of its own about it.
    """
    stayed = pl.col("people").sum() - pl.col("leavers").sum()
    counted = cells.group_by(feature.name).agg(left=pl.col("leavers").sum(), stayed=stayed).sort(feature.name)
    counts: Counts = {level: (left, others) for level, left, others in counted.iter_rows()}
    known = [level for level in feature.levels if level in counts]
    bins = _joined([[level] for level in known], counts, fewest)
    others = [level for level in counts if level not in known]
    rare = [level for level in others if level != UNKNOWN and _size([level], counts) < fewest]
    bins += [[level] for level in others if level not in rare]
    bins += [rare] if rare else []
    largest = max(bins, key=lambda each: _size(each, counts))
    found: Groups = {}
    for each in bins:
        place = each if _size(each, counts) >= fewest else largest
        found |= dict.fromkeys(each, POOLED if place is rare and len(rare) > 1 else place[0])
    return found


def _joined(bins: list[list[str]], counts: Counts, fewest: float) -> list[list[str]]:
    while len(bins) > 1:
        sizes = [_size(each, counts) for each in bins]
        least = min(range(len(bins)), key=sizes.__getitem__)
        if sizes[least] >= fewest:
            break
        beside = [place for place in (least - 1, least + 1) if 0 <= place < len(bins)]
        low, high = sorted((least, min(beside, key=sizes.__getitem__)))
        bins = [*bins[:low], bins[low] + bins[high], *bins[high + 1 :]]
    return bins


def _size(levels: Sequence[str], counts: Counts) -> int:
    """Those who left or those who stayed, whichever are fewer."""
    return min(sum(counts[level][side] for level in levels) for side in (0, 1))
