"""Whether a hazard ratio is the same at every tenure, and what it is in each band of tenure where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import chi2

from pipelines.hazards.coding import counts
from pipelines.hazards.cox import cox, group_of, partial_likelihood
from pipelines.hazards.design import Term, design
from pipelines.hazards.faults import HazardError
from pipelines.hazards.fit import Fit
from pipelines.hazards.newton import solved
from pipelines.hazards.risk_sets import Ties
from pipelines.hazards.tenure import BAND, TENURE_BANDS, with_tenure_band

Floats = NDArray[np.float64]
Scale = Literal["km", "identity"]
GLOBAL = "all terms"
_SCHEMA = pl.Schema({"term": pl.String(), "statistic": pl.Float64(), "freedom": pl.Int64(), "p": pl.Float64()})


def proportionality(
    cells: pl.DataFrame,
    event: str,
    terms: Sequence[Term],
    *,
    scale: Scale = "km",
    ties: Ties = "efron",
    strata: Sequence[str] = (),
) -> pl.DataFrame:
    """Test that ratios do not change with tenure, one row per term and one for all: term, statistic, freedom, p.

    The score test of Grambsch and Therneau (1994) in the exact form of R's `cox.zph`: terms multiplied by time would add
    nothing to Cox's model. Time counts by the share to whom the event has happened (`km`), or as it is (`identity`).
    Arguments and faults as in `cox`.
    """
    fit = cox(cells, event, terms, ties=ties, strata=strata)
    made = design(cells, terms, event)
    at_risk, events = (counts(cells, name)[made.rows] for name in ("at_risk", event))
    risk_set = group_of(cells, ["tenure_month", *strata], made)
    likelihood, informative = partial_likelihood(made, risk_set, at_risk, events, ties)
    likelihood = likelihood.only(np.array([column in fit.columns for column in made.columns]))
    clock = _clock(cells["tenure_month"].to_numpy()[made.rows], at_risk, events, scale)[informative]
    weight = np.zeros(likelihood.sets)
    weight[likelihood.cells.risk_set] = clock
    slope, crossed = likelihood.weighted(fit.coef, weight)
    _, squared = likelihood.weighted(fit.coef, weight**2)
    left = squared - crossed @ solved(likelihood.derivatives(fit.coef)[1], crossed)
    of = np.array([column.term for column in fit.columns])
    rows = [(term, *_tested(slope, left, of == term)) for term in dict.fromkeys(of.tolist())]
    rows.append((GLOBAL, *_tested(slope, left, np.ones(len(of), dtype=bool))))
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def by_tenure(
    cells: pl.DataFrame,
    event: str,
    terms: Sequence[Term],
    column: str,
    *,
    bands: Sequence[int] = TENURE_BANDS,
    ties: Ties = "efron",
    strata: Sequence[str] = (),
    clusters: str | None = None,
) -> Fit:
    """Cox's model in which the ratios of the categories of `column` are free in each band of tenure.

    Levels are named `level, band`; the reference is the term's own in every band. Other arguments and faults as in `cox`;
    HazardError also where `column` is none of the terms' categories.
    """
    references = {term.column: term.reference for term in terms if term.reference is not None}
    if column not in references:
        raise HazardError(f"'{column}' is not among the categories of the model, so it has no effect by tenure.")
    is_reference = pl.col(column).cast(pl.String) == references[column]
    level = pl.concat_str(pl.col(column).cast(pl.String), pl.col(BAND), separator=", ")
    banded = with_tenure_band(cells, bands).with_columns(
        pl.when(is_reference).then(pl.lit(references[column])).otherwise(level).alias(column)
    )
    return cox(banded, event, terms, ties=ties, strata=strata, clusters=clusters)


def _clock(time: Floats, at_risk: Floats, events: Floats, scale: Scale) -> Floats:
    """Time of each cell: as it is, or the share (Kaplan and Meier 1958) of all to whom the event has happened before."""
    if scale == "identity":
        return time.astype(np.float64)
    _, place = np.unique(time, return_inverse=True)
    staying = np.cumprod(1 - np.bincount(place, weights=events) / np.bincount(place, weights=at_risk))
    found: Floats = (1 - np.concatenate([[1.0], staying[:-1]]))[place]
    return found


def _tested(slope: Floats, left: Floats, chosen: NDArray[np.bool_]) -> tuple[float, int, float]:
    part = slope[chosen]
    statistic = float(part @ solved(left[np.ix_(chosen, chosen)], part))
    return statistic, len(part), float(chi2.sf(statistic, len(part)))
