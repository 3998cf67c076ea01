"""The highest point of a log likelihood by Newton's method with halved steps, and what to do where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from pipelines.hazards.directions import Directions, directions
from pipelines.hazards.faults import HazardError, NotConvergedError

Floats = NDArray[np.float64]

_STEPS = 80
# Of the square of a step in standard errors: the step after it would be at the limit of the arithmetic.
_SETTLED = 1e-14
_SMALLEST_STEP = 1e-6
_ALIASED = 1e-11


class Likelihood(Protocol):
    """A log likelihood of some coefficients."""

    def value(self, at: Floats) -> float:
        """Its height."""
        ...

    def derivatives(self, at: Floats) -> tuple[Floats, Floats]:
        """Its slope, and the information (the negative curvature, or its expectation)."""
        ...


@dataclass(frozen=True)
class Summit:
    """Where a log likelihood is highest, and what `directions` know there."""

    at: Floats
    directions: Directions
    height: float
    steps: int


def highest(likelihood: Likelihood, start: Floats) -> Summit:
    """The summit, from `start`. Raises NotConvergedError where the steps do not come to an end."""
    at, height = start, likelihood.value(start)
    at_start = likelihood.derivatives(start)[1]
    for step_no in range(1, _STEPS + 1):
        slope, information = likelihood.derivatives(at)
        # An estimate without end has gone so far that nothing is left to be known of it: it stays there.
        step = directions(information, at_start).step(slope)
        gain = float(slope @ step)
        at, height = _climbed(likelihood, at, height, step)
        if gain < _SETTLED:
            return Summit(at, directions(likelihood.derivatives(at)[1], at_start), height, step_no)
    raise NotConvergedError(
        f"The estimate did not settle in {_STEPS} steps: use fewer terms, or put rare levels together."
    )


def solved(information: Floats, right: Floats) -> Floats:
    """`information`⁻¹ `right`. Raises HazardError where the columns cannot be told apart."""
    # Rounding may leave a trace below nothing.
    size = np.sqrt(np.maximum(np.diag(information), 0.0))
    if not (size > 0).all():
        raise HazardError("A column of the model says nothing about the event: leave it out.")
    try:
        factor = cho_factor(information / np.outer(size, size))
    except LinAlgError as error:
        raise HazardError("The columns of the model cannot be told apart: use fewer terms.") from error
    scaled = right / (size if right.ndim == 1 else size[:, None])
    found = np.asarray(cho_solve(factor, scaled))
    return found / (size if right.ndim == 1 else size[:, None])


def independent(information: Floats, scale: Floats) -> NDArray[np.bool_]:
    """Which columns are not a sum of those before them, by a Cholesky factorisation in their order.

    `scale` is the size the diagonal would have did each column stand alone; what remains of it decides. A column of no
    size is none.
    """
    size = np.where(scale > 0, np.sqrt(scale), np.inf)
    left = information / np.outer(size, size)
    kept = np.zeros(len(left), dtype=bool)
    for place in range(len(left)):
        pivot = left[place, place]
        if pivot <= _ALIASED:
            continue
        kept[place] = True
        column = left[:, place] / np.sqrt(pivot)
        left = left - np.outer(column, column)
    return kept


def _climbed(likelihood: Likelihood, at: Floats, height: float, step: Floats) -> tuple[Floats, float]:
    """The end of a step, halved until it does not lead down by more than rounding."""
    size, slack = 1.0, 1e-11 * (1 + abs(height))
    moved = likelihood.value(at + step)
    while not moved >= height - slack:
        size /= 2
        if size < _SMALLEST_STEP:
            raise NotConvergedError("No step improves the estimate: use fewer terms, or put rare levels together.")
        moved = likelihood.value(at + size * step)
    return at + size * step, moved
