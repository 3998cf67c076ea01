"""An analyst's question to a ready survival table, checked against the refusals, and its answer by the estimators of the links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from pipelines import refusals
from pipelines.hazards import Fit, HazardError, ReadyCells, Term, cells_of, cloglog, cox, logit, proportionality
from pipelines.hazards.ready_table import EVENT, EXPOSURE
from pipelines.hazards.risk_sets import Ties

Model = Literal["cox", "cloglog", "logit"]
NOT_YET = "not yet"


@dataclass(frozen=True)
class Question:
    """Which columns of a table play which part; `terms` are `column` or `column=reference`.

    `exposure` is one of the columns, whose value counts from the time in `exposure_from` on, or in stretches (`entry`) of
    a `person`. See `cells_of` for the rest.
    """

    event: str
    time: str | None = None
    entry: str | None = None
    terms: tuple[str, ...] = ()
    strata: tuple[str, ...] = ()
    cluster: str | None = None
    person: str | None = None
    exposure: str | None = None
    exposure_from: str | None = None
    lag: int = 0
    ties: Ties = "efron"
    model: Model = "cox"


@dataclass(frozen=True)
class Answer:
    """The fit, the cells it is of, the terms with their references, and the test of proportionality (Cox only)."""

    fit: Fit
    ready: ReadyCells
    terms: tuple[Term, ...]
    proportionality: pl.DataFrame | None


def answer(frame: pl.DataFrame, question: Question) -> Answer:
    """The answer to `question` from `frame`, one row per person or stretch.

    Raises RefusedError where the exposure is only known afterwards, HazardError where the table cannot answer.
    """
    _check(frame, question)
    named = [_split(term) for term in question.terms]
    columns = [name for name, _ in named] + [*question.strata, *_present(question.cluster, question.exposure)]
    ready = cells_of(
        frame,
        question.time,
        question.event,
        entry=question.entry,
        covariates=[name for name in dict.fromkeys(columns) if name != EXPOSURE or EXPOSURE in frame.columns],
        exposure_from=question.exposure_from,
        lag=question.lag,
        times="events" if question.model == "cox" else "months",
    )
    cells, exposure = _exposed(ready.cells, question)
    if exposure and exposure not in [name for name, _ in named]:
        named.append((exposure, NOT_YET if question.exposure and question.exposure_from else None))
    if not named:
        raise HazardError("Name at least one term: --terms column=reference, or --exposure.")
    terms = tuple(_term(cells, name, reference) for name, reference in named)
    fit = _fitted(cells, terms, question)
    if question.model != "cox":
        return Answer(fit, ready, terms, None)
    test = proportionality(cells, EVENT, terms, ties=question.ties, strata=question.strata)
    return Answer(fit, ready, terms, test)


def _check(frame: pl.DataFrame, question: Question) -> None:
    """An exposure that stands once for all of a person's time was measured when that time was over."""
    if question.exposure is None or question.exposure_from is not None:
        return
    if question.exposure not in frame.columns:
        raise HazardError(f"The table has no column '{question.exposure}'; it has {', '.join(frame.columns)}.")
    if question.entry is not None and question.person is None:
        raise HazardError("Say with --person whose stretch each row is, so that a change of the exposure can be seen.")
    if question.entry is not None and question.person in frame.columns:
        states = frame.group_by(question.person).agg(pl.col(question.exposure).n_unique())
        if (states[question.exposure] > 1).any():
            return
    refusals.check(
        refusals.Request(
            outcome=refusals.Outcome.LEAVING,
            exposure=refusals.Exposure.EVER_TALKED,
            comparison=refusals.Comparison.BY_EXPOSURE,
            grain=refusals.Grain.PERSON,
            clock=refusals.Clock.HINDSIGHT,
        )
    )


def _exposed(cells: pl.DataFrame, question: Question) -> tuple[pl.DataFrame, str | None]:
    """The cells, and which of their columns is the exposure: with a time it begins at, "not yet" before."""
    if question.exposure_from is None or question.exposure is None:
        return cells, question.exposure or (EXPOSURE if question.exposure_from else None)
    begun = pl.when(pl.col(EXPOSURE) == "yes").then(pl.col(question.exposure).cast(pl.String))
    return cells.with_columns(begun.otherwise(pl.lit(NOT_YET)).alias(question.exposure)), question.exposure


def _fitted(cells: pl.DataFrame, terms: tuple[Term, ...], question: Question) -> Fit:
    clusters = question.cluster
    if question.model == "cox":
        return cox(cells, EVENT, terms, ties=question.ties, strata=question.strata, clusters=clusters)
    if question.strata:
        raise HazardError("Only Cox's model has strata: make them terms, or leave out --model.")
    if question.model == "cloglog" and question.time is not None:
        return cloglog(cells, EVENT, terms, clusters=clusters)
    estimator = logit if question.model == "logit" else cloglog
    return estimator(cells, EVENT, terms, clusters=clusters, bands=None)


def _term(cells: pl.DataFrame, column: str, reference: str | None) -> Term:
    """Text without a named reference is held against its commonest value."""
    if reference is not None or cells[column].dtype.is_numeric():
        return Term(column, reference)
    people = cells.group_by(column).agg(pl.col("at_risk").sum()).sort(["at_risk", column], descending=[True, False])
    return Term(column, str(people[column][0]))


def _split(term: str) -> tuple[str, str | None]:
    column, is_compared, reference = term.partition("=")
    return column.strip(), reference.strip() if is_compared else None


def _present(*names: str | None) -> list[str]:
    return [name for name in names if name is not None]
