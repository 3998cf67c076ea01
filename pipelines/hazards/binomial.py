"""The likelihood of events counted among people at risk, by the chance of one: complementary log-log and logistic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from pipelines.hazards.coding import spreads

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Link = Literal["cloglog", "logit"]
# Beyond it nobody would be left: the chance is one to the last digit.
_HIGHEST = 6.0
_LOWEST = -700.0


@dataclass(frozen=True)
class Groups:
    """Counts (one entry each) of a cluster's people with one pattern; `cluster` and `pattern` are numbers from 0."""

    cluster: Integers
    pattern: Integers
    at_risk: Floats
    events: Floats


@dataclass(frozen=True)
class Binomial:
    """Log likelihood of the counts of patterns with the columns `matrix` (patterns x columns), the first all ones.

    Its maximum is found by Fisher's scoring (iteratively reweighted least squares; McCullagh and Nelder 1989): the
    information is the expected one. Constants that do not depend on the coefficients are left out, so the height is
    that of single persons.
    """

    matrix: Floats
    at_risk: Floats
    events: Floats
    link: Link
    groups: Groups | None = None

    def value(self, at: Floats) -> float:
        """Its height."""
        chance, staying = self._log_chances(at)
        return float(self.events @ chance + (self.at_risk - self.events) @ staying)

    def derivatives(self, at: Floats) -> tuple[Floats, Floats]:
        """Its slope and the expected information."""
        mean, slope, weight = self._means(at)
        score: Floats = self.matrix.T @ (weight / slope * (self.events - self.at_risk * mean))
        information: Floats = (self.matrix * (self.at_risk * weight)[:, None]).T @ self.matrix
        return score, information

    def only(self, columns: NDArray[np.bool_]) -> Binomial:
        """The same with some of the columns."""
        return replace(self, matrix=self.matrix[:, columns])

    def scores(self, at: Floats) -> Floats:
        """Each cluster's sum of scores (clusters x columns)."""
        if self.groups is None:
            return self.derivatives(at)[0][None, :]
        mean, slope, weight = self._means(at)
        cluster, of = self.groups.cluster, self.groups.pattern
        residual = (weight / slope)[of] * (self.groups.events - self.groups.at_risk * mean[of])
        sums = [np.bincount(cluster, weights=residual * column[of]) for column in self.matrix.T]
        return np.column_stack(sums)

    @property
    def spread(self) -> Floats:
        """Standard deviation of each column among those at risk; 1 for the constant."""
        found = spreads(self.matrix, self.at_risk)
        found[0] = 1.0
        return found

    def _log_chances(self, at: Floats) -> tuple[Floats, Floats]:
        """Logarithm of the chance of the event, and of that of none."""
        predictor = np.clip(self.matrix @ at, _LOWEST, None)
        if self.link == "logit":
            return -np.logaddexp(0.0, -predictor), -np.logaddexp(0.0, predictor)
        hazard = np.exp(np.minimum(predictor, _HIGHEST))
        return np.log(-np.expm1(-hazard)), -hazard

    def _means(self, at: Floats) -> tuple[Floats, Floats, Floats]:
        """Chance of the event, its derivative by the predictor, and the weight of one person at risk."""
        predictor = np.clip(self.matrix @ at, _LOWEST / 2, None)
        if self.link == "logit":
            mean = expit(predictor)
            slope = mean * expit(-predictor)
            return mean, slope, slope
        hazard = np.exp(np.minimum(predictor, _HIGHEST))
        mean = -np.expm1(-hazard)
        slope = hazard * np.exp(-hazard)
        # slope² / (mean (1 - mean)), in a form in which nothing vanishes.
        return mean, slope, hazard * slope / mean
