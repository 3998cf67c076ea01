"""The g-formula: the risk had everybody followed a strategy, by exact recursion over the states a month may begin with.

After Robins 1986; see Hernán and Robins, Causal Inference, chapter 21. Chances of a month come from `monthly_rates`.
Right only if what decides on conversations and also on leaving is among the states.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from pipelines.trials.monthly_rates import MonthlyRates
from pipelines.trials.protocol import Strategy
from pipelines.trials.resampling import Floats, Integers

# Months since the last conversation, 12 for 12 or more and 13 for none on record, and the place of each among the bands of recency.
LONGEST, NONE = 12, 13
_BAND = np.array([0] * 3 + [1] * 3 + [2] * 6 + [3, 4])
_FOLLOWING = np.array([*range(1, LONGEST + 1), LONGEST, NONE])
# The months of tenure with which the bands begin.
_BORDERS = (0, 12, 24)


def g_formula(rates: MonthlyRates, start: pl.DataFrame, strategy: Strategy, horizon: int) -> Floats:
    """Risk of the event within `horizon` months under `strategy`, shape (samples,): the average over the states of `start`.

    `start` has `group`, `stage`, `tenure_month`, `since_month` (LONGEST: that or more; NONE: none on record) and
    `months`, how many months at risk began so. Other exits compete. In a month people leave first; who stays talks,
    or does not, and may come to another career stage. Under a strategy with `every_months` whoever stays and would
    begin the next month so many months after the last conversation, or has none on record, has one.
    """
    tenures, following, bands = _tenures(horizon)
    total = people = np.zeros(rates.event.shape[-1])
    for group, places, months in _starts(rates, start, tenures):
        value = _value(rates, group, strategy, horizon, (following, bands))
        drawn = months[:, None] * _drawn(rates.at_risk[group], (bands[places[0]], places[1], _BAND[places[2]]))
        total = total + (drawn * value[places]).sum(axis=0)
        people = people + drawn.sum(axis=0)
    return np.asarray(total / people)


def _drawn(at_risk: Floats, cell: tuple[Integers, ...]) -> Floats:
    """How often what was observed in each cell is in each sample, shape (cells named, samples); once where nobody was followed."""
    months = at_risk[cell]
    return np.divide(months, months[:, :1], out=np.ones_like(months), where=months[:, :1] > 0)


def _starts(
    rates: MonthlyRates, start: pl.DataFrame, tenures: Integers
) -> Iterator[tuple[int, tuple[Integers, ...], Floats]]:
    """Per group: its number, the places of its states in the array of values, and the months that began with each."""
    for number, group in enumerate(rates.groups):
        own = start.filter(pl.col("group") == group).sort("stage", "tenure_month", "since_month")
        stage = np.array([rates.stages.index(name) for name in own["stage"]], dtype=np.int64)
        months = np.minimum(own["tenure_month"].to_numpy(), _BORDERS[-1])
        # Tenures are in order and begin with 0: a month that has been left out is worth what the one before it is.
        tenure = np.searchsorted(tenures, months, side="right") - 1
        yield number, (tenure, stage, own["since_month"].to_numpy()), own["months"].cast(pl.Float64).to_numpy()


def _tenures(horizon: int) -> tuple[Integers, Integers, Integers]:
    """Months of tenure that have to be told apart, the place of the one that follows each, and the band of each.

    Where no border is crossed within the horizon one month of tenure stands for all of its band.
    """
    ends = (*_BORDERS[1:], _BORDERS[-1] + 2 * horizon)
    kept = [
        month
        for border, end in zip(_BORDERS, ends, strict=True)
        for month in range(border, end)
        if month == border or month > end - horizon
    ]
    kept = [month for month in kept if month <= _BORDERS[-1]]
    tenures = np.array(kept, dtype=np.int64)
    is_far = np.array([all(not month < border < month + horizon for border in _BORDERS) for month in kept])
    place = np.searchsorted(tenures, np.minimum(tenures + 1, _BORDERS[-1]), side="right") - 1
    following = np.where(is_far, np.arange(len(kept)), place)
    return tenures, following, np.searchsorted(np.array(_BORDERS), tenures, side="right") - 1


def _value(
    rates: MonthlyRates, group: int, strategy: Strategy, horizon: int, tenure: tuple[Integers, Integers]
) -> Floats:
    """The risk within `horizon` months from each state on, shape (tenures, stages, months since the last conversation, samples)."""
    following, bands = tenure
    every = strategy.every_months
    # Who has to talk every so many months is never longer without, except in the first month.
    within = np.arange(NONE + 1) if every is None else np.arange(every)
    value = np.zeros((len(bands), len(rates.stages), NONE + 1, rates.event.shape[-1]))
    for left in range(horizon):
        since = within if left < horizon - 1 else np.arange(NONE + 1)
        value[:, :, since] = _month(rates, group, value[following], bands, since, every)
    return value


def _month(
    rates: MonthlyRates, group: int, after: Floats, bands: Integers, since: Integers, every: int | None
) -> Floats:
    """The risk from the states with `since` on, given that from the states `after` a month."""
    found = np.empty((len(bands), after.shape[1], len(since), after.shape[-1]))
    recency, later = _BAND[since], _FOLLOWING[since]
    has_to_talk = np.zeros(len(since), dtype=bool) if every is None else since >= every - 1
    for band in np.unique(bands):
        here = np.flatnonzero(bands == band)
        event, leaving, talking = (of[group, band][:, recency] for of in (rates.event, rates.leaving, rates.talking))
        if every is not None:
            talking = np.where(has_to_talk[None, :, None], 1.0, talking)
        silent = _moved(rates.moving[band, 0], after[here][:, :, later])
        talked = _moved(rates.moving[band, 1], after[here][:, :, :1])
        staying = talking * talked + (1 - talking) * silent
        found[here] = event + (1 - leaving) * staying
    return found


def _moved(moving: Floats, after: Floats) -> Floats:
    """The risk before a change of stage: the average over the stages after it."""
    return sum(
        (moving[:, stage][None, :, None, :] * after[:, stage][:, None] for stage in range(after.shape[1])),
        start=np.zeros(after.shape),
    )
