"""The command of a reader about one metric: what it counts, what it is now, and why a figure is hidden or refused."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipelines import explaining, refusals
from pipelines.explaining import ExplainError

console = Console(highlight=False)
_ID = re.compile(r"[A-Za-z]+\d*-\d+")

Metric = Annotated[
    str | None,
    typer.Argument(help="Id of a metric, e.g. RCY-03, or of a refusal, e.g. REF-01; default lists all metrics."),
]
Unit = Annotated[
    str | None, typer.Option(help="A unit: key, label or the beginning of one; default the whole company.")
]
Day = Annotated[
    datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="A day of the release; default the newest.")
]
Home = Annotated[
    Path | None,
    typer.Option(help="Folder of the installation; default PARLEY_HOME, else this folder.", envvar="PARLEY_HOME"),
]


def explain(metric: Metric = None, unit: Unit = None, as_of: Day = None, home: Home = None) -> None:
    """Explain a metric of the published release: formula, figure, reason where hidden, assumptions, lineage and SQL."""
    try:
        if metric and _is_refused(metric):
            return
        folder = explaining.current_release((home or Path()) / "published")
        day = as_of.date() if as_of else None
        told = explaining.explain(folder, metric, unit, day) if metric else explaining.catalogue(folder)
    except ExplainError as error:
        console.print(str(error), markup=False)
        raise typer.Exit(2) from None
    console.print(told)


def _is_refused(asked: str) -> bool:
    """Whether the id of a refusal was given, which is explained; words that ask for one end the command with its reason."""
    named = refusals.by_id(asked)
    # What looks like the id of a metric is one, however close it comes to words.
    worded = None if named or _ID.fullmatch(asked.strip()) else refusals.in_words(asked)
    refused = named or worded
    if refused:
        console.print(explaining.refusal(refused))
    if worded:
        raise typer.Exit(2)
    return named is not None
