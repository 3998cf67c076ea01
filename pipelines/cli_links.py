"""The command of an analyst about a ready survival table: the estimators of the links on any file, without the pipeline."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import polars as pl
import typer
from rich.console import Console
from rich.table import Table

from pipelines.hazards import HazardError
from pipelines.hazards.risk_sets import Ties
from pipelines.ready_files import ReadyFileError, read_table
from pipelines.refusals import RefusedError
from pipelines.survival_questions import Answer, Model, Question, answer

console = Console(highlight=False, soft_wrap=True)
_CAVEAT = (
    "An association among people at risk at the same time, given the other terms: not what one does to the other. "
    "What no term holds can be behind it."
)
_SAME_PERIOD = "The exposure of the period of the event counts, which may be a result of it: look also at --lag 1."
Output = Literal["table", "csv"]


def link(
    table: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A .csv, .xlsx or .parquet file.")],
    event: Annotated[str, typer.Option(help="Column of yes or no, or column=value: how the row's time ended.")],
    time: Annotated[
        str | None, typer.Option(help="Column of the time at which it ended; without it each row is one period.")
    ] = None,
    entry: Annotated[str | None, typer.Option(help="Column of the time at which it began; default the start.")] = None,
    terms: Annotated[
        list[str] | None,
        typer.Option(help="column=reference, or column alone for a number; several with commas, or again --terms."),
    ] = None,
    strata: Annotated[list[str] | None, typer.Option(help="Column within whose values people are compared.")] = None,
    cluster: Annotated[str | None, typer.Option(help="Column of groups, for errors that allow for them.")] = None,
    person: Annotated[str | None, typer.Option(help="Column that says whose stretch a row is.")] = None,
    exposure: Annotated[str | None, typer.Option(help="Column of what is to explain the event.")] = None,
    exposure_from: Annotated[
        str | None,
        typer.Option(help="Column of the time it begins, or what columns by period begin with: emp for emp1, emp2, …"),
    ] = None,
    lag: Annotated[int, typer.Option(min=0, help="The exposure of so many periods earlier counts.")] = 0,
    ties: Annotated[Ties, typer.Option(help="How Cox's model takes events at the same time.")] = "efron",
    model: Annotated[Model, typer.Option(help="Hazard ratios (cox, cloglog by month) or odds ratios.")] = "cox",
    output: Annotated[Output, typer.Option(help="A table to read, or CSV with all digits.")] = "table",
) -> None:
    """Relate an event to what people were before it, in a ready survival table; an exposure known only afterwards is refused."""
    question = Question(
        event=event,
        time=time,
        entry=entry,
        terms=_listed(terms),
        strata=_listed(strata),
        cluster=cluster or (person if entry else None),
        person=person,
        exposure=exposure,
        exposure_from=exposure_from,
        lag=lag,
        ties=ties,
        model=model,
    )
    frame, found = _answered(table, question)
    if output == "csv":
        sys.stdout.write(found.fit.table().write_csv())
        return
    is_by_period = exposure_from is not None and exposure_from not in frame.columns
    _show(found, _SAME_PERIOD if is_by_period and not lag else "")


def _answered(table: Path, question: Question) -> tuple[pl.DataFrame, Answer]:
    """The rows of the file and what they answer; where they do not, the command ends with the reason."""
    try:
        frame = read_table(table)
        return frame, answer(frame, question)
    except ReadyFileError as error:
        _end(str(error))
    except (HazardError, RefusedError) as error:
        _end(f"{table.name}: {error}")


def _listed(values: list[str] | None) -> tuple[str, ...]:
    return tuple(part.strip() for value in values or () for part in value.split(",") if part.strip())


def _end(message: str) -> NoReturn:
    console.print(message, markup=False)
    raise typer.Exit(2)


def _show(found: Answer, warning: str) -> None:
    fit, ready = found.fit, found.ready
    is_robust = fit.robust_covariance is not None
    shown = Table("", "Ratio", "95 % from", "to", "Log ratio", "Error", *(["Error by cluster"] if is_robust else []))
    for row in fit.table().iter_rows(named=True):
        numbers = [row["ratio"], row["lo"], row["hi"], row["log_ratio"], row["se"], *([row["robust_se"]] * is_robust)]
        name = row["term"] if row["level"] is None else f"{row['term']} {row['level']}"
        shown.add_row(name, *("" if number is None else f"{number:.5g}" for number in numbers))
    console.print(shown)
    references = ", ".join(f"{term.column} {term.reference}" for term in found.terms if term.reference is not None)
    test = fit.likelihood_ratio
    lines = [
        f"{ready.rows:,} rows, {fit.events:,} events; {ready.left_out:,} rows left out for an empty field.",
        f"Compared with: {references}." if references else "",
        f"All terms together: chi-square {test.statistic:.2f} on {test.freedom}, p {_small(test.p)}.",
        *fit.dropped,
        *_proportional(found),
        warning,
        _CAVEAT,
    ]
    for line in filter(None, lines):
        console.print(line, markup=False)


def _proportional(found: Answer) -> list[str]:
    """The test that ratios stay the same, and what to do where they do not."""
    if found.proportionality is None:
        return []
    tested = found.proportionality.to_dicts()
    told = [f"The ratios stay the same over time: p {_small(tested[-1]['p'])} for all terms."]
    changing = [row["term"] for row in tested[:-1] if row["p"] < 0.05]
    if changing:
        told.append(f"They do not seem to for {', '.join(changing)}: read those as averages, or make them strata.")
    return told


def _small(chance: float) -> str:
    return "below 1e-15" if chance < 1e-15 else f"{chance:.2g}"
