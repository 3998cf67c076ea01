"""The chance of leaving by choice within six months, by a logistic regression on counts of people alike: no person is seen here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit

from pipelines import hazards
from pipelines.hazards import Fit, HazardError, Term
from pipelines.scoring.features import FEATURES, Feature
from pipelines.scoring.pooling import Groups, grouped

MONTHS_AHEAD = 6
# Fewer people who left than this teach nothing; fewer than this in a bin say nothing about it.
FEWEST_LEAVERS = 50
FEWEST_IN_BIN = 10
# The odds of somebody must be known within this factor, or nothing is said of them.
WIDEST_FACTOR = 3.0
_QUANTILE = 1.959963984540054

Floats = NDArray[np.float64]


class ThinDataError(ValueError):
    """Too few people have left to learn anything."""


class Scorer(Protocol):
    """Something that has learned who leaves."""

    def chances(self, patterns: pl.DataFrame) -> Floats:
        """The chance of leaving within six months of each row of `patterns`; NaN where it abstains."""
        ...


# A way to learn who leaves from cells: feature columns, `origin_month`, `people`, `leavers`. Raises ThinDataError.
Challenger = Callable[[pl.DataFrame], Scorer]


@dataclass(frozen=True)
class RiskModel:
    """A fitted model.

    `effects` are the log odds that a level adds, 0 for the reference, by feature; all drawn towards 0 by the factor
    `shrunk`. `base` is the log odds at every reference, `rate` the share of all that left, `overlap` how many of the
    origins look at the same exits.
    """

    features: tuple[Feature, ...]
    groups: Mapping[str, Groups]
    effects: Mapping[str, Mapping[str, float]]
    fit: Fit
    base: float
    rate: float
    shrunk: float
    overlap: int

    def contributions(self, patterns: pl.DataFrame) -> Floats:
        """Log odds that each feature adds to the base (rows x features); NaN for a level never seen."""
        columns = [
            patterns[feature.name].replace_strict(self.effects[feature.name], default=None, return_dtype=pl.Float64)
            for feature in self.features
        ]
        return np.column_stack([column.fill_null(float("nan")).to_numpy() for column in columns])

    def log_odds(self, patterns: pl.DataFrame) -> Floats:
        """The logarithm of the odds of each row; NaN for a level never seen."""
        found: Floats = self.base + self.contributions(patterns).sum(axis=1)
        return found

    def chances(self, patterns: pl.DataFrame) -> Floats:
        """The chance of each row; NaN for a level never seen, and where the odds are not known within WIDEST_FACTOR

        though they may be above the average: that somebody is certainly below it is known well enough.
        """
        odds = self.log_odds(patterns)
        reach = self._errors(patterns) * _QUANTILE
        is_vague = (reach > log(WIDEST_FACTOR)) & (odds + reach > logit(self.rate))
        return np.where(is_vague, np.nan, expit(odds))

    def _errors(self, patterns: pl.DataFrame) -> Floats:
        """Standard error of the log odds of each row."""
        binned = _binned(patterns, self.groups)
        columns = [
            np.ones(binned.height) if column.level is None else (binned[column.term] == column.level).to_numpy()
            for column in self.fit.columns
        ]
        matrix = np.column_stack(columns).astype(np.float64)
        variance: Floats = ((matrix @ self.fit.covariance) * matrix).sum(axis=1)
        found: Floats = np.sqrt(self.overlap * variance)
        return found


def risk_model(cells: pl.DataFrame, features: Sequence[Feature] = FEATURES) -> RiskModel:
    """The model fitted to `cells`: the columns of `features`, `origin_month`, `people` and `leavers` (of these within six months).

    Bins are pooled until ten of each left and ten stayed. An exit is seen by up to six origins that follow month on month: errors are
    those of a sixth of the people, and effects are drawn towards nothing by the heuristic factor of van Houwelingen and
    le Cessie (1990), 1 - columns / likelihood ratio, the base then being chosen so that as many leave as did.
    Of features that overlap so much that they have an estimate only together, the last in order adds nothing.

    Raises ThinDataError with fewer than 50 leavers, and where the one feature left tells who leaves without exception.
    """
    overlap = overlap_of(cells["origin_month"])
    leavers = int(cells["leavers"].sum())
    if leavers < FEWEST_LEAVERS * overlap:
        raise ThinDataError(f"Only about {leavers // overlap} people left; {FEWEST_LEAVERS} are needed to learn from.")
    names = [feature.name for feature in features]
    counted = cells.group_by(names).agg(pl.col("people", "leavers").sum()).sort(names)
    groups = {feature.name: grouped(counted, feature, FEWEST_IN_BIN * overlap) for feature in features}
    binned = _binned(counted, groups).with_columns(at_risk="people")
    terms = [Term(name, _reference(binned, name)) for name in names if binned[name].n_unique() > 1]
    fit = _with_an_end(binned, terms)
    shrunk = _shrinkage(fit, overlap)
    effects = {name: _effects(fit, name, groups[name], shrunk) for name in names}
    model = RiskModel(
        tuple(features), groups, effects, fit, 0.0, leavers / int(counted["people"].sum()), shrunk, overlap
    )
    return replace(model, base=_base(model.contributions(counted).sum(axis=1), counted))


def overlap_of(origins: pl.Series) -> int:
    """How many of some origins, numbered by month, look at one exit: the most of them within six months; at least 1."""
    months = origins.unique().sort().to_numpy()
    later = np.searchsorted(months, months + MONTHS_AHEAD)
    return max(1, int((later - np.arange(len(months))).max(initial=1)))


def _with_an_end(binned: pl.DataFrame, terms: Sequence[Term]) -> Fit:
    """The fit of all terms whose estimates have an end.

    Who talked within the half year had a conversation in the year: the few who seem to be exceptions, at the edges of
    months, tell nothing, and without the second feature the first is known well.
    """
    try:
        fit = hazards.logit(binned, "leavers", terms)
    except HazardError as error:
        raise ThinDataError(str(error)) from error
    endless = {column.term for column, _ in fit.infinite}
    if not endless:
        return fit
    last = [term for term in terms if term.column in endless][-1]
    if len(terms) == 1:
        raise ThinDataError(f"'{last.column}' tells who left without exception, which more people would not bear out.")
    return _with_an_end(binned, [term for term in terms if term is not last])


def _binned(patterns: pl.DataFrame, groups: Mapping[str, Groups]) -> pl.DataFrame:
    return patterns.with_columns(pl.col(name).replace(levels) for name, levels in groups.items())


def _reference(binned: pl.DataFrame, name: str) -> str:
    """The bin with most people, the first by name of several."""
    total = binned.group_by(name).agg(pl.col("people").sum()).sort(["people", name], descending=[True, False])
    return str(total[name][0])


def _shrinkage(fit: Fit, overlap: int) -> float:
    columns = len(fit.coef) - 1
    statistic = fit.likelihood_ratio.statistic / overlap
    return max(0.0, 1 - columns / statistic) if statistic > 0 else 0.0


def _effects(fit: Fit, name: str, groups: Groups, shrunk: float) -> dict[str, float]:
    told = {
        column.level: float(value) for column, value in zip(fit.columns, fit.coef, strict=True) if column.term == name
    }
    return {level: shrunk * told.get(group, 0.0) for level, group in groups.items()}


def _base(predictor: Floats, counted: pl.DataFrame) -> float:
    """The log odds at every reference with which as many are expected to leave as did."""
    people, left = (counted[name].cast(pl.Float64).to_numpy() for name in ("people", "leavers"))
    around = float(logit(left.sum() / people.sum()))
    reach = float(np.abs(predictor).max()) + 1.0
    return float(
        brentq(lambda base: float(people @ expit(base + predictor) - left.sum()), around - reach, around + reach)
    )
