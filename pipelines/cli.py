"""The command line: what an operator types. It asks, shows progress and speaks plainly; the work is done elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from pipelines import cli_exports, cli_links, cli_metrics, cli_privacy
from pipelines.night import AlreadyRunningError, Night, NotAcceptableError, tonight
from pipelines.overlays import OverlayError
from pipelines.paths import DASHBOARD

app = typer.Typer(
    help="Parley: how healthy career conversations are, and what that has to do with leaving or moving up.",
    no_args_is_help=True,
)
console = Console(highlight=False)
app.command()(cli_exports.check)
app.command(name="map")(cli_exports.map_file)
app.command()(cli_metrics.explain)
app.command()(cli_links.link)
app.command()(cli_privacy.erase)
app.command(name="object")(cli_privacy.object_to_lists)

Home = Annotated[
    Path | None,
    typer.Option(help="Folder of the installation; default PARLEY_HOME, else this folder.", envvar="PARLEY_HOME"),
]
AsOf = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day the numbers speak of; default today.")
]
Port = Annotated[int, typer.Option(help="Port of the dashboard.")]


@app.command()
def demo(
    home: Annotated[Path, typer.Option(help="Folder for the demonstration.")] = Path("demo"),
    employees: Annotated[int, typer.Option(min=200, help="Size of the sample company.")] = 1000,
    scenario: Annotated[
        str, typer.Option(help="What is true in it: null, protective, manager_confounded, under_recorded, …")
    ] = "protective",
    as_of: AsOf = None,
    port: Port = 8501,
    dashboard: Annotated[bool, typer.Option(help="Open the dashboard at the end.")] = True,
) -> None:
    """Build the sample company, do a night's work on it and open the dashboard."""
    from pipelines import company

    day = as_of.date() if as_of else datetime.now(UTC).date()
    console.print(f"[bold]Sample company[/bold]: {employees} people, scenario '{scenario}', as of {day}")
    simulated = company.simulate(employees=employees, scenario=scenario, as_of=day)
    shutil.rmtree(home / "landing", ignore_errors=True)
    written = company.write_exports(simulated, home / "landing")
    company.write_truth(simulated, home / "truth")
    console.print(f"  {len(written)} exports written as vendors write them to {home / 'landing'}")
    os.environ.setdefault("PARLEY_ORGANISATION", "Sample company")
    os.environ.setdefault("PARLEY_LISTS", json.dumps(company.LIST_SETTINGS))
    night = _night(home, day, ["headcount_jump"])
    _install(night)
    if not _carry_out(night):
        raise typer.Exit(1)
    if dashboard:
        _open_dashboard(night.settings.published, port)


@app.command()
def init(home: Home = None) -> None:
    """Create folders, configuration, secret and templates; nothing that exists is touched."""
    night = _night(home)
    for path in _install(night):
        console.print(f"  wrote {path}")
    console.print(
        f"Ready. Put exports into {night.settings.landing}, look at one with 'parley check FILE', then 'parley run'."
    )


@app.command()
def run(
    home: Home = None,
    as_of: AsOf = None,
    accept: Annotated[
        list[str] | None, typer.Option(help="Let a check pass that a person has looked at, e.g. headcount_jump.")
    ] = None,
) -> None:
    """Do the night's work: landing folder to published release."""
    if not _carry_out(_night(home, as_of.date() if as_of else None, accept)):
        raise typer.Exit(1)


@app.command()
def rebuild(
    release: Annotated[str | None, typer.Argument(help="A release, to work it out again and compare.")] = None,
    home: Home = None,
    as_of: AsOf = None,
    known_at: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="Use what had been seen by then (UTC); with --as-of."
        ),
    ] = None,
) -> None:
    """Work out a past figure again from what was known then, in a scratch folder; readers see nothing of it."""
    from pipelines import rebuilding

    night = _night(home)
    try:
        if release is not None:
            past = rebuilding.of_release(night.settings, release)
        elif as_of is not None and known_at is not None:
            past = rebuilding.of_moment(night.settings, as_of.date(), known_at.replace(tzinfo=UTC))
        else:
            console.print("Name a release, or give both --as-of and --known-at.")
            raise typer.Exit(2)
        scratch = (
            night.settings.home / "rebuilt" / (past.release_id or f"{past.as_of}-known-{past.known_at:%Y%m%dT%H%M%SZ}")
        )
        rebuilding.stage(past, night.settings, scratch)
    except rebuilding.RebuildError as error:
        console.print(str(error), markup=False)
        raise typer.Exit(2) from None
    again = _night(scratch, past.as_of, list(past.accepted))
    again.is_rebuilt = True
    if not _carry_out(again):
        raise typer.Exit(1)
    verdict = rebuilding.verdict(past, again.code_version, again.settings.published)
    console.print(verdict.sentence, markup=False)
    raise typer.Exit(0 if verdict.is_equal else 1)


@app.command()
def dashboard(home: Home = None, port: Port = 8501) -> None:
    """Open the dashboard on what has been published."""
    _open_dashboard(_night(home).settings.published, port)


@app.command()
def dagster(home: Home = None, port: Port = 3000) -> None:
    """Open Dagster for the operator: lineage, history, schedule and sensor."""
    from pipelines.defs.execute import instance_folder

    settings = _night(home).settings
    environment = os.environ | {
        "PARLEY_HOME": str(settings.home),
        "DAGSTER_HOME": str(instance_folder(settings.home).resolve()),
    }
    command = [sys.executable, "-m", "dagster", "dev", "-m", "pipelines.definitions", "-p", str(port)]
    raise typer.Exit(subprocess.run(command, env=environment, check=False).returncode)


@app.command()
def doctor(home: Home = None) -> None:
    """Look whether this installation is fit to run."""
    from pipelines.doctoring import findings

    table = Table("", "Looked at", "Found", "What to do")
    troubled = False
    for finding in findings(_night(home).settings):
        troubled |= bool(finding.remedy)
        table.add_row("!" if finding.remedy else "ok", finding.about, finding.found, finding.remedy)
    console.print(table)
    if troubled:
        raise typer.Exit(1)


def _night(home: Path | None, day: date | None = None, accepted: list[str] | None = None) -> Night:
    """The night to run; unfit settings and names end the command with a sentence instead of a trace."""
    try:
        night = tonight(home, day, accepted or [])
        # Read here once, so that a slip in one is a sentence on the screen and not a failed step of the run.
        _ = night.overlays
        return night
    except (NotAcceptableError, OverlayError) as error:
        console.print(str(error), markup=False)
    except ValidationError as error:
        for fault in error.errors():
            place = ".".join(map(str, fault["loc"])) or "settings"
            console.print(f"parley.toml or environment: {place}: {fault['msg']}", markup=False)
        console.print("Correct it; 'parley init' in an empty folder writes a file with every setting explained.")
    raise typer.Exit(2)


def _install(night: Night) -> list[Path]:
    from pipelines.installing import install

    return install(night.settings, night.contracts.values())


def _carry_out(night: Night) -> bool:
    """Run the job with a progress bar; say how it ended."""
    console.print(f"[bold]Nightly run[/bold] as of {night.as_of} in {night.settings.home} (loading takes some seconds)")
    from pipelines import lists
    from pipelines.definitions import defs
    from pipelines.defs import execute

    try:
        talks = 0 if night.is_rebuilt else lists.file_talks(night.settings, night.as_of)
    except lists.LedgerError as damaged:
        console.print(str(damaged), markup=False)
        return False
    if talks:
        console.print(f"  {talks} conversations that leaders reported were put into the landing folder")
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<48}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
    )
    with Progress(
        *columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console, transient=not sys.stdout.isatty()
    ) as progress:
        task = progress.add_task("starting", total=execute.steps(night, defs))
        night.on_step = lambda name: progress.update(task, advance=1, description=name)
        try:
            outcome = execute.run(night, defs)
        except AlreadyRunningError as refused:
            console.print(str(refused), markup=False)
            return False
    if outcome.release_id is None:
        console.print(f"[bold]Stopped at {outcome.stopped_at}.[/bold]")
        console.print(outcome.reason, markup=False)
        console.print("The last release stays in place for readers.")
        return False
    console.print(
        f"[bold]Published[/bold] {outcome.release_id} in {(datetime.now(UTC) - night.started_at).total_seconds():.0f} s"
    )
    return True


def _open_dashboard(published: Path, port: int) -> None:
    console.print(f"[bold]Dashboard[/bold] http://localhost:{port}  (Ctrl+C ends it)")
    command = [sys.executable, "-m", "streamlit", "run", str(DASHBOARD), "--server.port", str(port)]
    try:
        subprocess.run(
            command, env=os.environ | {"PARLEY_PUBLISHED": str(published.resolve())}, cwd=DASHBOARD.parent, check=False
        )
    except KeyboardInterrupt:
        console.print("Closed.")


if __name__ == "__main__":
    app()
