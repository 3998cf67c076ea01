"""What is left of the information of a model, direction by direction, where some estimates have no end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cholesky, eigh, solve_triangular

from pipelines.hazards.faults import HazardError

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

# Less information than this, next to what there was at first, is rounding.
_SILENT = 1e-10
# What divides by information takes it to be no less than this.
_LEAST = 1e-13
# A standard error of so many for one standard deviation of a column: the coefficient is on its way to infinity.
_RUNAWAY = 50.0


@dataclass(frozen=True)
class Directions:
    """Directions among the coefficients that do not inform of each other, neither at the start nor now.

    `ways` (columns x directions) hold one unit of the information of the start each, `left` is how much of it there is
    now. An estimate without end may be that of one column or of a sum of several: its direction falls silent, whichever
    levels the columns are held against and in whatever order the cells were counted.
    """

    ways: Floats
    left: Floats

    def step(self, slope: Floats) -> Floats:
        """Newton's step; none in directions that have fallen silent."""
        told = self.left > _SILENT
        ways = self.ways[:, told]
        found: Floats = ways @ ((ways.T @ slope) / self.left[told])
        return found

    def covariance(self) -> Floats:
        """The covariance of the coefficients as far as directions speak: right for all that have an end."""
        told = self.left > _SILENT
        ways = self.ways[:, told]
        found: Floats = (ways / self.left[told]) @ ways.T
        return (found + found.T) / 2

    def endless(self, spread: Floats) -> Booleans:
        """Which coefficients have no finite estimate; `spread` is the standard deviation of each column."""
        error = np.sqrt(np.square(self.ways) @ (1 / np.maximum(self.left, _LEAST)))
        found: Booleans = error * spread > _RUNAWAY
        return found


def directions(information: Floats, at_start: Floats) -> Directions:
    """The directions of `information` (columns x columns) next to what there was `at_start`.

    Both are made diagonal at once (the generalised symmetric eigenproblem; Golub and Van Loan 2013, 8.7). Raises
    HazardError where the columns could not be told apart from the start.
    """
    size = np.sqrt(np.maximum(np.diag(at_start), 0.0))
    if not (size > 0).all():
        raise HazardError("A column of the model says nothing about the event: leave it out.")
    try:
        root = cholesky(at_start / np.outer(size, size), lower=True)
    except LinAlgError as error:
        raise HazardError("The columns of the model cannot be told apart: use fewer terms.") from error
    half = solve_triangular(root, information / np.outer(size, size), lower=True)
    whole = solve_triangular(root, half.T, lower=True)
    left, turned = eigh((whole + whole.T) / 2)
    ways = solve_triangular(root, turned, lower=True, trans="T") / size[:, None]
    return Directions(ways, left)
