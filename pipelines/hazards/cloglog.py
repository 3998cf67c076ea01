"""Hazards by month: regression of events among people at risk, with the same baseline within a band of tenure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from pipelines.hazards.binomial import Binomial, Floats, Groups, Integers, Link
from pipelines.hazards.coding import categories, counts, numbered, require, sums
from pipelines.hazards.design import INTERCEPT, Design, Term, design
from pipelines.hazards.estimating import Totals, estimated
from pipelines.hazards.faults import HazardError, NoEventsError
from pipelines.hazards.fit import Fit
from pipelines.hazards.tenure import BAND, TENURE_BANDS, with_tenure_band


def cloglog(
    cells: pl.DataFrame,
    event: str,
    terms: Sequence[Term],
    *,
    clusters: str | None = None,
    bands: Sequence[int] | None = TENURE_BANDS,
) -> Fit:
    """Hazard ratios by the complementary log-log model of Prentice and Gloeckler (1978): proportional hazards, seen by month.

    `cells` is a cell frame (see `design`), `event` names its column of counts. Each of `bands` is the first month of a new
    band of tenure, a term of its own (`tenure_band`; the reference is the band with most events); None for no bands. With
    `clusters`, a column, also the robust covariance, times clusters / (clusters - 1). The coefficient of `intercept` is
    the log hazard of a month at every reference.

    Raises NoEventsError where nothing happened, NotConvergedError where the estimate does not settle, HazardError where a
    column or level is not there.
    """
    return _regression(cells, event, terms, clusters, bands, "cloglog")


def logit(
    cells: pl.DataFrame,
    event: str,
    terms: Sequence[Term],
    *,
    clusters: str | None = None,
    bands: Sequence[int] | None = None,
) -> Fit:
    """Odds ratios of the event among people at risk by logistic regression (Cox 1958); arguments and faults as in `cloglog`."""
    return _regression(cells, event, terms, clusters, bands, "logit")


def _regression(
    cells: pl.DataFrame,
    event: str,
    terms: Sequence[Term],
    clusters: str | None,
    bands: Sequence[int] | None,
    link: Link,
) -> Fit:
    if bands is not None:
        require(cells, ["tenure_month", event])
        cells = with_tenure_band(cells, bands)
        terms = [*terms, Term(BAND, commonest_band(cells, event))]
    made = design(cells, terms, event)
    at_risk, events = (counts(cells, name)[made.rows] for name in ("at_risk", event))
    share = float(events.sum() / at_risk.sum())
    if share >= 1:
        raise HazardError(f"'{event}' happened to everybody at risk: there is nothing to compare.")
    likelihood = _likelihood(made, at_risk, events, link)
    count = 0
    if clusters is not None:
        groups = _groups(cells, clusters, made, at_risk, events)
        count = int(groups.cluster.max()) + 1
        likelihood = Binomial(likelihood.matrix, likelihood.at_risk, likelihood.events, link, groups)
    start = np.zeros(likelihood.matrix.shape[1])
    start[0] = np.log(-np.log1p(-share)) if link == "cloglog" else np.log(share) - np.log1p(-share)
    totals = Totals(float(events.sum()), float(at_risk.sum()), count, likelihood.value(start))
    return estimated(likelihood, (INTERCEPT, *made.columns), start, made, totals, is_corrected=True)


def _likelihood(made: Design, at_risk: Floats, events: Floats, link: Link) -> Binomial:
    size = len(made.matrix)
    matrix = np.hstack([np.ones((size, 1)), made.matrix])
    return Binomial(matrix, sums(made.pattern, at_risk, size), sums(made.pattern, events, size), link)


def _groups(cells: pl.DataFrame, clusters: str, made: Design, at_risk: Floats, events: Floats) -> Groups:
    require(cells, [clusters])
    cluster: Integers = numbered([categories(cells[clusters])[0][made.rows]], len(made.rows))[0]
    number, first = numbered([cluster, made.pattern], len(cluster))
    size = len(first)
    return Groups(cluster[first], made.pattern[first], sums(number, at_risk, size), sums(number, events, size))


def commonest_band(cells: pl.DataFrame, event: str) -> str:
    """The band with most events, the earliest of several. Raises NoEventsError where there are no cells."""
    if not cells.height:
        raise NoEventsError(f"There are no cells, so nothing is counted in '{event}'.")
    total = cells.group_by(BAND).agg(pl.col(event).sum()).sort([event, BAND], descending=[True, False])
    return str(total[BAND][0])
