"""Chances of leaving, of talking and of another career stage within a month, by the state it began with, sample by sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.trials.resampling import Floats, Integers, resampled

RECENCY = ("under_3_months", "3_to_5_months", "6_to_11_months", "12_months_or_more", "none_on_record")
TENURE = ("under_1_year", "1_to_2_years", "2_years_plus")
STAYED, LOST = "stayed", "lost"
# So many months at the rate of a wider cell are added to every cell: enough for a rate where nobody was, too few to matter elsewhere.
_PRIOR_MONTHS = 1.0
_STATE = ("group", "tenure_band", "stage", "recency")


@dataclass(frozen=True)
class MonthlyRates:
    """Chances in a month, the samples last: shape (groups, tenure bands, stages, bands of recency, samples).

    `at_risk` are the months they rest on; `event` and `leaving` (the event or any other exit) are chances of exits,
    `talking` that of a conversation of who stays. `moving` is the chance of each career stage on the eve of the next
    month, shape (tenure bands, not talked or talked, stage before, stage after, samples).
    """

    groups: tuple[str, ...]
    stages: tuple[str, ...]
    event: Floats
    leaving: Floats
    talking: Floats
    moving: Floats
    at_risk: Floats


def monthly_rates(cells: pl.DataFrame, event: str, drawn: Floats) -> MonthlyRates:
    """Chances of a month from counts of months.

    `cells` has `cluster` (numbers from 0, rows of `drawn`), `group`, `tenure_band`, `stage`, `recency`, `ending`
    (STAYED, LOST or an exit), `has_talked`, `next_stage` and `months`, which may be weighted. Exits are counted over
    all months but those LOST, talks and moves over those that ended with STAYED. A rate is the share of its cell, put
    together with one month at the rate of the same cell of all groups, and so on up to all stages and all tenures.
    """
    groups = tuple(sorted(cells["group"].unique()))
    stages = tuple(sorted({*cells["stage"].unique(), *cells["next_stage"].drop_nulls().unique()}))
    known = cells.filter(pl.col("ending") != LOST)
    stayed = known.filter(pl.col("ending") == STAYED)

    def counted(rows: pl.DataFrame) -> Floats:
        return _table(rows, _STATE, (groups, TENURE, stages, RECENCY), drawn)

    at_risk, staying = counted(known), counted(stayed)
    return MonthlyRates(
        groups,
        stages,
        event=_backed(counted(known.filter(pl.col("ending") == event)), at_risk),
        leaving=_backed(at_risk - staying, at_risk),
        talking=_backed(counted(stayed.filter("has_talked")), staying),
        moving=_moving(stayed, stages, drawn),
        at_risk=at_risk,
    )


def _moving(stayed: pl.DataFrame, stages: tuple[str, ...], drawn: Floats) -> Floats:
    axes = (TENURE, (False, True), stages, stages)
    counts = _table(stayed, ("tenure_band", "has_talked", "stage", "next_stage"), axes, drawn)
    # Whoever is in a stage of which nothing is known stays in it.
    remaining = np.eye(len(stages))[None, None, :, :, None] * 1e-9
    filled = counts + remaining
    return np.asarray(filled / filled.sum(axis=3, keepdims=True))


def _backed(part: Floats, whole: Floats) -> Floats:
    """Shares of cells, each put together with a month at the share of the wider cell: of all groups, stages, tenures."""
    wider = (part.sum(axis=(0, 1, 2), keepdims=True) + 1e-9) / (whole.sum(axis=(0, 1, 2), keepdims=True) + 1e-6)
    for pooled in ((0, 2), (0,), ()):
        above = part.sum(axis=pooled, keepdims=True) + _PRIOR_MONTHS * wider
        wider = above / (whole.sum(axis=pooled, keepdims=True) + _PRIOR_MONTHS)
    return np.asarray(wider)


def _table(rows: pl.DataFrame, keys: tuple[str, ...], axes: tuple[tuple[object, ...], ...], drawn: Floats) -> Floats:
    """Sums of `months` in an array with one axis per key, its values in the order of `axes`, and the samples last."""
    found, sums = resampled(rows, list(keys), "months", drawn)
    filled = np.zeros((*(len(axis) for axis in axes), drawn.shape[1]))
    places: list[Integers] = [
        np.array([axis.index(value) for value in found[key]], dtype=np.int64)
        for key, axis in zip(keys, axes, strict=True)
    ]
    filled[tuple(places)] = sums
    return filled
