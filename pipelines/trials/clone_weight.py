"""A trial emulated by cloning, censoring and weighting: everybody in both arms, until they do what the arm does not.

After Hernán and Robins 2016, and Cain and others 2010 for strategies with days of grace.
A month is the unit of time: who leaves does so before they talk.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.trials.propensity import chances, design
from pipelines.trials.resampling import Bools, Floats, Integers, resampled

TALK, NO_TALK = "talk_within_60_days", "no_talk"
FOLLOWED = "followed"
TRAITS = ["division_key", "opportunity", "career_stage", "tenure_band", "recency"]
# Months in which the days of grace fall.
GRACE = 2


@dataclass(frozen=True)
class Arm:
    """One arm: `risks` of each event asked for, by its name, in every sample; how far its people can be relied on."""

    risks: dict[str, Floats]
    effective_sample: float
    largest_weight: float


@dataclass(frozen=True)
class _Trials:
    """Rows alike in kind, first conversation and end; `trials` has shape (rows, samples), the rest one value per row."""

    rows: pl.DataFrame
    trials: Floats
    people: Floats
    talked_in: Floats
    end_month: Floats
    is_exit: Bools


def arms(cells: pl.DataFrame, events: tuple[str, ...], horizon: int, drawn: Floats) -> dict[str, Arm]:
    """Both arms by name (TALK, NO_TALK); none where nobody, or everybody, talked.

    `cells` is links.trial_arm with numbers of clusters (rows of `drawn`) in `cluster`. Risks are within `horizon`
    months, other exits competing (Aalen and Johansen 1978 on weighted counts). The weight of who keeps to an arm is
    the share of all that do over the chance of those of their kind; it starts with the month after the one for which
    somebody might be censored.
    """
    trials = _trials(cells, drawn)
    has_talked = np.isfinite(trials.talked_in)
    if not trials.rows.height or not 0 < float(trials.trials[has_talked, 0].sum()) < float(trials.trials[:, 0].sum()):
        return {}
    silent, all_silent = _silent(trials)
    none = [np.ones_like(silent[0]), all_silent[0] / silent[0] * (trials.talked_in != 0)[:, None]]
    none += [all_silent[1] / silent[1] * ~has_talked[:, None]]
    talk = [none[0], none[0], (1 - all_silent[1]) / (1 - silent[1]) * has_talked[:, None]]
    return {name: _arm(trials, weights, events, horizon) for name, weights in ((TALK, talk), (NO_TALK, none))}


def _trials(cells: pl.DataFrame, drawn: Floats) -> _Trials:
    keys = [*TRAITS, "talked_in", "ending", "end_month"]
    rows, trials = resampled(cells, keys, "trials", drawn)
    _, people = resampled(cells, keys, "people", drawn[:, :1])
    talked_in = rows["talked_in"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    end_month = rows["end_month"].cast(pl.Float64).to_numpy()
    return _Trials(rows, trials, people[:, 0], talked_in, end_month, (rows["ending"] != FOLLOWED).to_numpy())


def _silent(trials: _Trials) -> tuple[list[Floats], list[Floats]]:
    """The chance of no conversation up to the end of each month of grace: of people of each row's kind, and of all."""
    at_risk, talked = [], []
    for month in range(GRACE):
        is_there = ~(trials.is_exit & (trials.end_month <= month)) & ~(trials.talked_in < month)
        at_risk.append(trials.trials * is_there[:, None])
        talked.append(trials.trials * (is_there & (trials.talked_in == month))[:, None])
    kinds = trials.rows.select(pl.struct(TRAITS).rank("dense")).to_series().cast(pl.Int64).to_numpy() - 1
    alike = pl.concat([trials.rows.select(TRAITS).unique(maintain_order=True).sort(TRAITS)] * GRACE)
    size = int(kinds.max()) + 1
    months = pl.Series("month", np.repeat(np.arange(GRACE), size))
    sums = [np.concatenate([_summed(part, kinds, size) for part in parts]) for parts in (talked, at_risk)]
    share = chances(design(alike.with_columns(months), [*TRAITS, "month"]), *sums)
    own = np.cumprod(1 - share.reshape(GRACE, size, -1), axis=0)
    everybody = np.cumprod([1 - t.sum(axis=0) / r.sum(axis=0) for t, r in zip(talked, at_risk, strict=True)], axis=0)
    return [own[month][kinds] for month in range(GRACE)], list(everybody)


def _summed(values: Floats, place: Integers, size: int) -> Floats:
    found = np.zeros((size, values.shape[1]))
    np.add.at(found, place, values)
    return found


def _arm(trials: _Trials, weights: list[Floats], events: tuple[str, ...], horizon: int) -> Arm:
    staying, risks = np.ones(trials.trials.shape[1]), dict.fromkeys(events, np.zeros(trials.trials.shape[1]))
    for month in range(horizon):
        weighted = trials.trials * weights[min(month, GRACE)]
        is_there = np.where(trials.is_exit, trials.end_month >= month, trials.end_month > month)
        at_risk = weighted[is_there].sum(axis=0)
        leaving = trials.is_exit & (trials.end_month == month)
        share = weighted / np.where(at_risk > 0, at_risk, 1.0)
        for event in events:
            is_event = leaving & (trials.rows["ending"] == event).to_numpy()
            risks[event] = risks[event] + staying * share[is_event].sum(axis=0)
        staying = staying * (1 - share[leaving].sum(axis=0))
    return Arm(risks, *_reliance(trials, weights[GRACE][:, 0]))


def _reliance(trials: _Trials, weight: Floats) -> tuple[float, float]:
    """People of equal weight worth those followed beyond the days of grace (Kish 1965), and the largest weight of any."""
    is_there = np.where(trials.is_exit, trials.end_month >= GRACE, trials.end_month > GRACE) & (weight > 0)
    counted, weights = trials.trials[is_there, 0], weight[is_there]
    if not counted.sum():
        return 0.0, 0.0
    share = (counted @ weights) ** 2 / (counted.sum() * (counted @ weights**2))
    return float(share * trials.people[is_there].sum()), float(weights.max())
