"""How good predicted chances are: frames of counts in (`chance`, `people`, `leavers`), figures out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import logit

from pipelines import hazards
from pipelines.estimates import wilson
from pipelines.hazards import HazardError, Term

QUANTILE = 1.959963984540054
# The list is this share of the people it is drawn from.
LIST_SHARE = 0.10
_SMALLEST = 1e-6

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Figure:
    """A figure with its 95 % interval."""

    value: float
    lo: float
    hi: float


def auc(scored: pl.DataFrame, overlap: int = 1) -> Figure:
    """Chance that somebody who left had the higher figure of the two, compared with somebody who did not; half where they are equal.

    The interval is that of Hanley and McNeil (1982), of a sample `overlap` times smaller.
    """
    by_chance = scored.group_by("chance").agg(pl.col("people", "leavers").sum()).sort("chance")
    left, stayed = _outcomes(by_chance)
    below = np.cumsum(stayed) - stayed / 2
    value = float(left @ below / (left.sum() * stayed.sum()))
    some, others = left.sum() / overlap, stayed.sum() / overlap
    one, two = value / (2 - value), 2 * value**2 / (1 + value)
    spread = value * (1 - value) + (some - 1) * (one - value**2) + (others - 1) * (two - value**2)
    reach = QUANTILE * float(np.sqrt(max(spread, 0.0) / (some * others)))
    return Figure(value, max(0.0, value - reach), min(1.0, value + reach))


def brier(scored: pl.DataFrame, column: str = "chance") -> float:
    """Mean squared distance of the chance in `column` from what happened (Brier 1950)."""
    left, stayed = _outcomes(scored)
    chance = scored[column].to_numpy()
    return float(left @ (1 - chance) ** 2 + stayed @ chance**2) / float((left + stayed).sum())


def brier_skill(scored: pl.DataFrame, overlap: int = 1, reference: str = "base_chance") -> Figure:
    """By what share the Brier score is below that of the column `reference`; the interval by the delta method over people."""
    left, stayed = _outcomes(scored)
    total = float((left + stayed).sum())
    model, rough = (scored[name].to_numpy() for name in ("chance", reference))
    lost = brier(scored, reference)
    ratio = brier(scored) / lost
    # Each person's own part of the ratio, once for those who left and once for those who stayed.
    parts = [(left, (1 - model) ** 2 - ratio * (1 - rough) ** 2), (stayed, model**2 - ratio * rough**2)]
    variance = sum(float(weight @ part**2) for weight, part in parts) / total
    reach = QUANTILE * float(np.sqrt(overlap * variance / total)) / lost
    return Figure(1 - ratio, 1 - ratio - reach, 1 - ratio + reach)


def calibration(scored: pl.DataFrame, overlap: int = 1) -> tuple[Figure, Figure] | None:
    """Slope and intercept of what happened on the log odds of the chance (Cox 1958): 1 and 0 where chances are right.

    None where all chances are the same, or nobody left.
    """
    odds = logit(np.clip(scored["chance"].to_numpy(), _SMALLEST, 1 - _SMALLEST))
    if not scored.height or np.ptp(odds) == 0:
        return None
    cells = scored.select("leavers", at_risk="people", log_odds=pl.Series(odds))
    try:
        fit = hazards.logit(cells, "leavers", [Term("log_odds")])
    except HazardError:
        return None
    found = {
        column.term: _around(float(value), float(np.sqrt(overlap) * error))
        for column, value, error in zip(fit.columns, fit.coef, fit.errors, strict=True)
    }
    return (found["log_odds"], found["intercept"]) if len(found) == 2 else None


def precision(scored: pl.DataFrame, overlap: int = 1, share: float = LIST_SHARE) -> Figure:
    """Share of a list that left, the list being the `share` of each origin's people with the highest chances.

    Where the list ends amid people who are alike it has a part of them, and of those who left, in proportion. The interval
    is Wilson's, of a list `overlap` times shorter.
    """
    listed = _listed(scored, share)
    size, hits = float(listed["people"].sum()), float(listed["leavers"].sum())
    lo, hi = wilson(np.array([hits / overlap]), np.array([size / overlap]))
    return Figure(hits / size, float(lo[0]), float(hi[0]))


def lift(scored: pl.DataFrame, overlap: int = 1, share: float = LIST_SHARE) -> Figure:
    """How many times more often people on the list left than all."""
    left, stayed = _outcomes(scored)
    rate = float(left.sum() / (left + stayed).sum())
    of = precision(scored, overlap, share)
    return Figure(of.value / rate, of.lo / rate, of.hi / rate)


def _listed(scored: pl.DataFrame, share: float) -> pl.DataFrame:
    """People and leavers on the list of each origin, parts of them where it ends amid equals."""
    ranked = (
        scored.group_by("origin_month", "chance")
        .agg(pl.col("people", "leavers").sum().cast(pl.Float64))
        .sort("origin_month", "chance", descending=[False, True])
    )
    before = pl.col("people").cum_sum().over("origin_month") - pl.col("people")
    room = share * pl.col("people").sum().over("origin_month") - before
    part = (room / pl.col("people")).clip(0.0, 1.0)
    return ranked.with_columns(part=part).select(pl.col("people", "leavers") * pl.col("part"))


def _outcomes(scored: pl.DataFrame) -> tuple[Floats, Floats]:
    """How many of each row left, and how many stayed."""
    people, left = (scored[name].cast(pl.Float64).to_numpy() for name in ("people", "leavers"))
    return left, people - left


def _around(value: float, error: float) -> Figure:
    return Figure(value, value - QUANTILE * error, value + QUANTILE * error)
