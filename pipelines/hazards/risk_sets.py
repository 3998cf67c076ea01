"""The partial likelihood of Cox (1972) on risk sets of cells, with its derivatives and each cluster's share in them.

A risk set is whoever is at risk at one time in one stratum. A sparse matrix counts them by pattern, so that no cell is
looked at twice for what its pattern says, and risk sets without an event are never built.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from pipelines.hazards.coding import spreads, sums

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Ties = Literal["efron", "breslow"]


@dataclass(frozen=True)
class Cells:
    """Cells (one entry each) of risk sets with events: which set, which pattern, how many at risk and how many events."""

    risk_set: Integers
    pattern: Integers
    at_risk: Floats
    events: Floats


@dataclass(frozen=True)
class _Moments:
    """Sums over a risk set at some coefficients, and over its events taken one after the other.

    `risk` (patterns) is the relative hazard; `whole` and `tied` (sets x columns) are hazard-weighted sums of the columns
    over those at risk and over the events. `by_one` (sets) are sums over the events of 1 and the fraction over the
    denominator; `by_two` of 1, the fraction and its square over the denominator's square.
    """

    risk: Floats
    whole: Floats
    tied: Floats
    by_one: tuple[Floats, Floats]
    by_two: tuple[Floats, Floats, Floats]


@dataclass(frozen=True)
class PartialLikelihood:
    """Log partial likelihood of `cells` with the columns `matrix` (patterns x columns); ties by Efron (1977) or Breslow (1974).

    `cluster` numbers each cell's.
    """

    cells: Cells
    matrix: Floats
    ties: Ties
    cluster: Integers | None = None

    def only(self, columns: NDArray[np.bool_]) -> PartialLikelihood:
        """The same with some of the columns."""
        return replace(self, matrix=self.matrix[:, columns])

    def value(self, at: Floats) -> float:
        """Its height."""
        predictor, denominator = self._denominators(at)
        _, _, times = self._in_turn
        return float(self._happened @ predictor - times @ np.log(denominator))

    def derivatives(self, at: Floats) -> tuple[Floats, Floats]:
        """Its slope and the information."""
        moments = self._moments(at)
        expected = self._expected(moments, np.ones(self.sets))
        slope: Floats = self.matrix.T @ (self._happened - expected)
        return slope, self._information(moments, expected, np.ones(self.sets))

    def weighted(self, at: Floats, weights: Floats) -> tuple[Floats, Floats]:
        """Slope and information with each risk set's share multiplied by its weight."""
        moments = self._moments(at)
        expected = self._expected(moments, weights)
        happened = self._tied_matrix.T @ weights
        slope: Floats = self.matrix.T @ (happened - expected)
        return slope, self._information(moments, expected, weights)

    def scores(self, at: Floats) -> Floats:
        """Sums of the score residuals (Therneau, Grambsch and Fleming 1990) over the cells of each cluster (clusters x columns)."""
        cluster = np.zeros(len(self.cells.pattern), dtype=np.int64) if self.cluster is None else self.cluster
        moments = self._moments(at)
        cells, deaths = self.cells, self._deaths[:, None]
        one, fraction = moments.by_one
        two, fraction_two, square_two = (each[:, None] for each in moments.by_two)
        mean = (one[:, None] * moments.whole - fraction[:, None] * moments.tied) / deaths
        spent = two * moments.whole - fraction_two * moments.tied
        returned = fraction_two * moments.whole - square_two * moments.tied
        risk, of = moments.risk[cells.pattern], cells.risk_set
        at_risk, tied = risk * cells.at_risk, risk * cells.events
        own = cells.events - at_risk * one[of] + tied * fraction[of]
        found = np.empty((int(cluster.max()) + 1, self.matrix.shape[1]))
        # Column by column: all at once would be a matrix of every cell.
        for place in range(self.matrix.shape[1]):
            part = own * self.matrix[cells.pattern, place] - cells.events * mean[of, place]
            part += at_risk * spent[of, place] - tied * returned[of, place]
            found[:, place] = np.bincount(cluster, weights=part, minlength=len(found))
        return found

    @property
    def spread(self) -> Floats:
        """Standard deviation of each column among those at risk."""
        people = sums(self.cells.pattern, self.cells.at_risk, len(self.matrix))
        return spreads(self.matrix, people)

    @property
    def sets(self) -> int:
        """How many risk sets there are."""
        return len(self._deaths)

    @cached_property
    def _deaths(self) -> Floats:
        return sums(self.cells.risk_set, self.cells.events, int(self.cells.risk_set.max()) + 1)

    @cached_property
    def _happened(self) -> Floats:
        """Events of each pattern."""
        return sums(self.cells.pattern, self.cells.events, len(self.matrix))

    @cached_property
    def _whole_matrix(self) -> csr_array:
        return _counts(self.cells, self.cells.at_risk, (self.sets, len(self.matrix)))

    @cached_property
    def _tied_matrix(self) -> csr_array:
        return _counts(self.cells, self.cells.events, (self.sets, len(self.matrix)))

    @cached_property
    def _in_turn(self) -> tuple[Integers, Floats, Floats]:
        """The risk set of every event, the fraction of the tied ones that is gone when its turn comes, and how often it counts.

        By Breslow none of the tied ones is ever gone, so all of a set are one entry.
        """
        if self.ties == "breslow":
            return np.arange(self.sets), np.zeros(self.sets), self._deaths
        whole = np.round(self._deaths).astype(np.int64)
        of = np.repeat(np.arange(self.sets), whole)
        turn = np.arange(len(of)) - np.repeat(np.cumsum(whole) - whole, whole)
        return of, turn / self._deaths[of], np.ones(len(of))

    def _denominators(self, at: Floats) -> tuple[Floats, Floats]:
        """Linear predictor of each pattern (its largest value is 0: only differences count), and denominator of each event."""
        predictor = self.matrix @ at
        predictor -= predictor.max(initial=-np.inf)
        risk = np.exp(predictor)
        of, fraction, _ = self._in_turn
        return predictor, (self._whole_matrix @ risk)[of] - fraction * (self._tied_matrix @ risk)[of]

    def _moments(self, at: Floats) -> _Moments:
        predictor, denominator = self._denominators(at)
        risk = np.exp(predictor)
        of, fraction, times = self._in_turn
        weighted = risk[:, None] * self.matrix
        one, two = times / denominator, times / denominator**2
        return _Moments(
            risk=risk,
            whole=self._whole_matrix @ weighted,
            tied=self._tied_matrix @ weighted,
            by_one=(sums(of, one, self.sets), sums(of, fraction * one, self.sets)),
            by_two=(
                sums(of, two, self.sets),
                sums(of, fraction * two, self.sets),
                sums(of, fraction**2 * two, self.sets),
            ),
        )

    def _expected(self, moments: _Moments, weights: Floats) -> Floats:
        """Events to be expected of each pattern."""
        one, fraction = moments.by_one
        found: Floats = moments.risk * (
            self._whole_matrix.T @ (weights * one) - self._tied_matrix.T @ (weights * fraction)
        )
        return found

    def _information(self, moments: _Moments, expected: Floats, weights: Floats) -> Floats:
        two, fraction, square = ((weights * each)[:, None] for each in moments.by_two)
        crossed = moments.whole.T @ (fraction * moments.tied)
        means = moments.whole.T @ (two * moments.whole) - crossed - crossed.T + moments.tied.T @ (square * moments.tied)
        found: Floats = (self.matrix * expected[:, None]).T @ self.matrix - means
        return found


def _counts(cells: Cells, weights: Floats, shape: tuple[int, int]) -> csr_array:
    some = weights != 0
    return csr_array((weights[some], (cells.risk_set[some], cells.pattern[some])), shape=shape)
