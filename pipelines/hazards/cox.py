"""Cox's proportional hazards on cells: the partial likelihood with tied events, strata and late entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.hazards.coding import categories, counts, numbered, require
from pipelines.hazards.design import Design, Term, design
from pipelines.hazards.estimating import Totals, estimated
from pipelines.hazards.faults import HazardError
from pipelines.hazards.fit import Fit
from pipelines.hazards.risk_sets import Cells, PartialLikelihood, Ties

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def cox(
    cells: pl.DataFrame,
    event: str,
    terms: Sequence[Term],
    *,
    ties: Ties = "efron",
    strata: Sequence[str] = (),
    clusters: str | None = None,
) -> Fit:
    """Hazard ratios by Cox's (1972) partial likelihood; risk sets are the cells of one `tenure_month` and stratum.

    `cells` is a cell frame (see `design`), so whoever entered late is simply not among those at risk before; `event`
    names its column of counts. Ties by Efron (1977) or Breslow (1974); with the latter counts may be weighted. With
    `clusters`, a column, also the robust covariance of Lin and Wei (1989), without a correction for few clusters.
    Numbers are those of R's `coxph`.

    Raises NoEventsError where nothing happened, NotConvergedError where the estimate does not settle, HazardError where a
    column or level is not there.
    """
    made = design(cells, terms, event)
    at_risk, events = (counts(cells, name)[made.rows] for name in ("at_risk", event))
    if ties == "efron" and (events != np.round(events)).any():
        raise HazardError(f"'{event}' does not count whole events: with weights take ties by Breslow.")
    cluster = None if clusters is None else group_of(cells, [clusters], made)
    risk_set = group_of(cells, ["tenure_month", *strata], made)
    return partial_fit(made, risk_set, at_risk, events, ties, cluster)


def partial_fit(
    made: Design, risk_set: Integers, at_risk: Floats, events: Floats, ties: Ties, cluster: Integers | None
) -> Fit:
    """The fit of a design whose cells (one entry of each array) are in the risk sets and clusters numbered."""
    likelihood, informative = partial_likelihood(made, risk_set, at_risk, events, ties)
    if cluster is not None:
        likelihood = replace(likelihood, cluster=cluster[informative])
    start = np.zeros(likelihood.matrix.shape[1])
    count = 0 if cluster is None else int(cluster.max()) + 1
    totals = Totals(float(events.sum()), float(at_risk.sum()), count, likelihood.value(start))
    return estimated(likelihood, made.columns, start, made, totals, is_corrected=False)


def group_of(cells: pl.DataFrame, columns: Sequence[str], made: Design) -> Integers:
    """Number of the combination of `columns` that each cell of a design has."""
    require(cells, columns)
    return numbered([categories(cells[name])[0][made.rows] for name in columns], len(made.rows))[0]


def partial_likelihood(
    made: Design, risk_set: Integers, at_risk: Floats, events: Floats, ties: Ties
) -> tuple[PartialLikelihood, Integers]:
    """The partial likelihood, and which of the cells are in it: those of risk sets in which something happened."""
    happened = np.bincount(risk_set, weights=events) > 0
    informative = np.flatnonzero(happened[risk_set])
    place = np.cumsum(happened) - 1
    # Only differences within a risk set count, and small numbers keep more digits.
    centred = made.matrix - made.matrix.mean(axis=0)
    cells = Cells(place[risk_set[informative]], made.pattern[informative], at_risk[informative], events[informative])
    return PartialLikelihood(cells, centred, ties), informative
