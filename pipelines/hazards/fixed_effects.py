"""Hazard ratios among people of the same manager: each manager has a hazard of their own, which falls out."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipelines.hazards.cloglog import commonest_band
from pipelines.hazards.coding import counts, require
from pipelines.hazards.cox import group_of, partial_fit
from pipelines.hazards.design import Term, design
from pipelines.hazards.fit import Fit
from pipelines.hazards.tenure import BAND, TENURE_BANDS, with_tenure_band


def within_manager(
    cells: pl.DataFrame,
    event: str,
    terms: Sequence[Term],
    cluster: str,
    *,
    bands: Sequence[int] = TENURE_BANDS,
) -> Fit:
    """Hazard ratios with one free hazard per value of the column `cluster`, and the robust covariance by cluster.

    The conditional Poisson likelihood (Palmgren 1981): given how many events a manager's people had, whose they were.
    What a manager does for all their people alike has no say in it, and managers without an event say nothing. Tenure
    is a term in `bands`. Those to whom it happened count for half of their last month, which makes the Poisson rate the
    hazard of `cloglog` to the second order. It needs teams of about eight and more: in smaller ones an event ends too
    much of what it is compared with. Faults as in `cox`.
    """
    require(cells, ["tenure_month", event, cluster])
    banded = with_tenure_band(cells, bands)
    made = design(banded, [*terms, Term(BAND, commonest_band(banded, event))], event)
    at_risk, events = (counts(banded, name)[made.rows] for name in ("at_risk", event))
    manager = group_of(banded, [cluster], made)
    return partial_fit(made, manager, at_risk - events / 2, events, "breslow", manager)
