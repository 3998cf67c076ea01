"""The models of the staircase: the same comparison in steps, with what each holds alike; fits in, log ratios out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.hazards import Fit, HazardError, Term, cloglog, cox, proportionality, within_manager
from pipelines.links.cells import Cells
from pipelines.links.exposures import COVARIATES, Exposure, Outcome

STEPS = ("crude", "adjusted", "within_manager", "lagged")
MANAGER = "cluster_no"
# Levels of a covariate with fewer events than this are taken as one: each of them would cost more than it explains.
RARE = 10
# People under a manager at once, on average, from which ratios within managers are told: see benchmarks/README.md.
SMALLEST_TEAM = 6
# By this much the logarithms of two ratios may differ before readers are told.
AUDIT_LIMIT = 0.05


@dataclass(frozen=True)
class Step:
    """One step: its fit, or why there is none; `baseline` is the fit that says how often it happens at the reference."""

    name: str
    fit: Fit | None
    baseline: Fit | None
    cells: pl.DataFrame
    fault: str = ""

    def column(self, level: str) -> int | None:
        """The place of a level among the coefficients; None where it has no finite one."""
        name = f"level={level}"
        return self.fit.terms.index(name) if self.fit is not None and name in self.fit.terms else None


def steps(cells: Cells, event: str, outcome: Outcome, exposure: Exposure) -> dict[str, Step]:
    """The four steps of one exposure, for the counts in `event`."""
    crude = _hazards("crude", cells.now, event, [_levels(exposure)], outcome)
    adjusted = _hazards("adjusted", cells.now, event, adjusting(cells.now, event, exposure), outcome)
    lagged = _hazards("lagged", cells.earlier, event, adjusting(cells.earlier, event, exposure), outcome)
    return {each.name: each for each in (crude, adjusted, _within(cells.now, event, exposure, adjusted.fit), lagged)}


def adjusting(cells: pl.DataFrame, event: str, exposure: Exposure) -> list[Term]:
    """The levels of the exposure and every covariate, held against the commonest of its values."""
    # The exposure stands first: where columns follow from each other, the later ones are left out.
    return [_levels(exposure), *(Term(name, _commonest(cells, name, event), RARE) for name in COVARIATES)]


def changing_with_time(cells: Cells, outcome: Outcome, exposure: Exposure) -> float | None:
    """Chance of ratios that change so much with the clock, were they the same throughout (Grambsch and Therneau 1994); None if unknown."""
    try:
        found = proportionality(cells.monthly, outcome.event, adjusting(cells.monthly, outcome.event, exposure))
    except HazardError:
        return None
    tested = found.filter(pl.col("term") == "level")["p"]
    return float(tested[0]) if len(tested) else None


def audited(cells: Cells, outcome: Outcome, exposure: Exposure, fit: Fit) -> float | None:
    """How far at most Cox's log ratios, with a free hazard in each month, are from those of `fit`; None where there are none."""
    try:
        free = cox(cells.monthly, outcome.event, adjusting(cells.monthly, outcome.event, exposure))
    except HazardError:
        return None
    of = dict(zip(free.terms, free.coef, strict=True))
    shared = [name for name in fit.terms if name.startswith("level=") and name in of]
    return max((abs(float(fit.coef[fit.terms.index(name)]) - float(of[name])) for name in shared), default=None)


def _levels(exposure: Exposure) -> Term:
    return Term("level", exposure.reference)


def _hazards(name: str, cells: pl.DataFrame, event: str, terms: Sequence[Term], outcome: Outcome) -> Step:
    try:
        fit = cloglog(cells, event, terms, clusters=outcome.cluster)
    except HazardError as error:
        return Step(name, None, None, cells, str(error))
    return Step(name, fit, fit, cells)


def team_size(cells: pl.DataFrame, event: str) -> float:
    """People at risk at once, in its busiest year, under a manager of whose people the `event` happened to any: their mean."""
    by_year = cells.group_by(MANAGER, "year").agg(pl.col("at_risk", event).sum())
    informative = by_year.group_by(MANAGER).agg(pl.col("at_risk").max(), pl.col(event).sum()).filter(pl.col(event) > 0)
    return float(informative["at_risk"].sum()) / (12 * max(informative.height, 1))


def _within(cells: pl.DataFrame, event: str, exposure: Exposure, adjusted: Fit | None) -> Step:
    size = team_size(cells, event)
    if adjusted is not None and size < SMALLEST_TEAM:
        fault = (
            f"managers have {size:.1f} people at a time on average, and among fewer than {SMALLEST_TEAM} whoever leaves or "
            "rises is too much of what they are compared with: read the step before this one."
        )
        return Step("within_manager", None, None, cells, fault)
    try:
        fit = within_manager(cells, event, adjusting(cells, event, exposure), MANAGER)
    except HazardError as error:
        return Step("within_manager", None, None, cells, str(error))
    return Step("within_manager", fit, adjusted, cells)


def _commonest(cells: pl.DataFrame, column: str, event: str) -> str:
    """The value with most events, the first in the alphabet of several; none of no cells, which no model is fitted to."""
    if not cells.height:
        return ""
    total = cells.group_by(pl.col(column).cast(pl.String)).agg(pl.col(event).sum(), pl.col("at_risk").sum())
    return str(total.sort([event, "at_risk", column], descending=[True, True, False])[column][0])
