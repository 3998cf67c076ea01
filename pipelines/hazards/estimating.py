"""From a likelihood and its columns to a fit: columns that cannot be told apart, estimates without end, errors by cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from pipelines.hazards.design import Column, Design
from pipelines.hazards.faults import HazardError
from pipelines.hazards.fit import Fit
from pipelines.hazards.newton import Likelihood, Summit, highest, independent
from pipelines.hazards.sandwich import clustered

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


class Model(Likelihood, Protocol):
    """A likelihood of the cells of a design."""

    @property
    def spread(self) -> Floats:
        """Standard deviation of each column among those at risk (1 for a constant)."""
        ...

    def only(self, columns: Booleans) -> Self:
        """The same model with some of the columns."""
        ...

    def scores(self, at: Floats) -> Floats:
        """Each cluster's sum of scores (clusters x columns)."""
        ...


@dataclass(frozen=True)
class Totals:
    """What a fit says of its cells: events, person-months, clusters (0: errors of the model), height without any effect."""

    events: float
    at_risk: float
    clusters: int
    null: float


def estimated(
    model: Model, columns: Sequence[Column], start: Floats, made: Design, totals: Totals, *, is_corrected: bool
) -> Fit:
    """The fit of `model`, from `start`. Raises HazardError where no column says anything, NotConvergedError without an end."""
    # Did each column stand alone, an event would tell its variance; what the others leave of that is compared to it.
    kept = independent(model.derivatives(start)[1], model.spread**2 * totals.events)
    told = [column for column, is_kept in zip(columns, kept, strict=True) if is_kept]
    if not told:
        raise HazardError("No term differs among people at risk together: there is nothing to compare.")
    model = model if kept.all() else model.only(kept)
    summit = highest(model, start[kept])
    flat = summit.directions.endless(model.spread)
    covariance = summit.directions.covariance()
    robust = None
    if totals.clusters:
        robust = clustered(covariance, model.scores(summit.at), is_corrected=is_corrected)[np.ix_(~flat, ~flat)]
    lost = [column for column, is_kept in zip(columns, kept, strict=True) if not is_kept]
    return Fit(
        columns=tuple(column for column, is_flat in zip(told, flat, strict=True) if not is_flat),
        coef=summit.at[~flat],
        covariance=covariance[np.ix_(~flat, ~flat)],
        robust_covariance=robust,
        log_likelihood=summit.height,
        null_log_likelihood=totals.null,
        iterations=summit.steps,
        events=round(totals.events),
        at_risk=totals.at_risk,
        clusters=totals.clusters,
        infinite=tuple((column, -1.0) for column in made.never) + _endless(told, summit, flat),
        pooled=made.pooled,
        dropped=made.notes + tuple(f"{column.name} follows from the other columns; it is left out." for column in lost),
    )


def _endless(columns: Sequence[Column], summit: Summit, flat: Booleans) -> tuple[tuple[Column, float], ...]:
    signs = np.sign(summit.at)
    return tuple((columns[place], float(signs[place])) for place in range(len(flat)) if flat[place])
