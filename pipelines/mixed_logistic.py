"""Logistic regression of counts with a random intercept per unit, and the average difference one column makes.

Works on arrays of cells; whom the cells speak of does not belong here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from scipy.optimize import minimize_scalar
from scipy.special import expit

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
# A very weak pull to zero: without it a class in which everybody says the same would have no finite coefficient.
_RIDGE = 1e-4
_LOG_SPREADS = (np.log(0.01), np.log(3.0))
_LARGEST_STEPS = 60
_TOLERANCE = 1e-8
_QUANTILE = 1.959963984540054


class FitError(ValueError):
    """The regression has no usable solution for these cells."""


@dataclass(frozen=True)
class Cells:
    """Cells of people alike: `fixed` (cells x columns, the first all ones), unit number, people, and how many say yes."""

    fixed: Floats
    unit: Integers
    people: Floats
    yes: Floats

    @property
    def design(self) -> Floats:
        """Fixed columns and one column per unit."""
        return np.hstack([self.fixed, np.eye(int(self.unit.max()) + 1)[self.unit]])


@dataclass(frozen=True)
class Fit:
    """Coefficients of the columns of the design (fixed, then units), their covariance, and the spread between units."""

    coefficients: Floats
    covariance: Floats
    spread: float


def fitted(cells: Cells) -> Fit:
    """The mode of coefficients and unit intercepts at the most likely standard deviation of the intercepts.

    The likelihood of that deviation is the Laplace approximation with coefficients and intercepts integrated out
    (Breslow and Clayton 1993); with one unit there is nothing between units, and the deviation is the smallest one.
    Raises FitError where no solution is found.
    """
    design = cells.design
    start = np.zeros(design.shape[1])
    logs = _LOG_SPREADS[0]
    if design.shape[1] > cells.fixed.shape[1] + 1:
        found = minimize_scalar(
            lambda log_spread: -_evidence(cells, design, start, float(log_spread)),
            bounds=_LOG_SPREADS,
            method="bounded",
            options={"xatol": 0.05},
        )
        logs = float(found.x)
    mode, factor = _mode(cells, design, _penalty(cells, design, logs), start)
    return Fit(mode, np.asarray(cho_solve(factor, np.eye(len(mode)))), float(np.exp(logs)))


def average_difference(cells: Cells, fit: Fit, column: int) -> tuple[float, float, float]:
    """By how much the chance of a yes differs with `column` one instead of zero, averaged over all people, with its 95 % limits.

    `column` counts in `fixed`. The interval is by the delta method, with the intercepts of the units there are.
    """
    design = cells.design
    weights = cells.people / cells.people.sum()
    chance, slope = [], []
    for value in (1.0, 0.0):
        design[:, column] = value
        share = expit(design @ fit.coefficients)
        chance.append(weights @ share)
        slope.append((weights * share * (1 - share)) @ design)
    gradient = slope[0] - slope[1]
    half_width = _QUANTILE * np.sqrt(gradient @ fit.covariance @ gradient)
    difference = float(chance[0] - chance[1])
    return difference, max(difference - half_width, -1.0), min(difference + half_width, 1.0)


def _penalty(cells: Cells, design: Floats, log_spread: float) -> Floats:
    units = design.shape[1] - cells.fixed.shape[1]
    return np.concatenate([[0.0], np.full(cells.fixed.shape[1] - 1, _RIDGE), np.full(units, np.exp(-2 * log_spread))])


def _evidence(cells: Cells, design: Floats, start: Floats, log_spread: float) -> float:
    """Laplace approximation of the log likelihood of a spread; `start` is moved to its mode for the next call."""
    penalty = _penalty(cells, design, log_spread)
    mode, factor = _mode(cells, design, penalty, start)
    start[:] = mode
    units = design.shape[1] - cells.fixed.shape[1]
    half_determinant = np.log(np.diag(factor[0])).sum()
    return float(_height(cells, design, penalty, mode) - units * log_spread - half_determinant)


def _height(cells: Cells, design: Floats, penalty: Floats, at: Floats) -> float:
    """Penalised log likelihood, less what does not depend on the coefficients."""
    eta = design @ at
    return float(cells.yes @ eta - cells.people @ np.logaddexp(0.0, eta) - penalty @ at**2 / 2)


def _mode(cells: Cells, design: Floats, penalty: Floats, start: Floats) -> tuple[Floats, tuple[Floats, bool]]:
    """Coefficients of greatest penalised likelihood, by Newton's method with halved steps, and the factored curvature."""
    at = start
    height = _height(cells, design, penalty, at)
    for _ in range(_LARGEST_STEPS):
        share = expit(design @ at)
        slope = design.T @ (cells.yes - cells.people * share) - penalty * at
        factor = _factored(design, cells.people * share * (1 - share), penalty)
        step = cho_solve(factor, slope)
        gain = float(slope @ step)
        if gain < _TOLERANCE:
            return at, factor
        size = 1.0
        while (moved := _height(cells, design, penalty, at + size * step)) < height and size > 1e-6:
            size /= 2
        at, height = at + size * step, moved
    raise FitError("The regression did not settle on a solution.")


def _factored(design: Floats, weights: Floats, penalty: Floats) -> tuple[Floats, bool]:
    curvature = (design * weights[:, None]).T @ design
    curvature[np.diag_indices_from(curvature)] += penalty
    try:
        triangle, is_lower = cho_factor(curvature)
    except LinAlgError as error:
        raise FitError("The columns of the regression cannot be told apart.") from error
    return triangle, is_lower
