"""The command line: what an operator types. It asks, shows progress and speaks plainly; the work is done elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from pipelines import contracts as contract_files
from pipelines.night import AlreadyRunningError, Night, NotAcceptableError, tonight
from pipelines.paths import CONTRACTS, DASHBOARD

app = typer.Typer(
    help="Parley: how healthy career conversations are, and what that has to do with leaving or moving up.",
    no_args_is_help=True,
)
console = Console(highlight=False)

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
    employees: Annotated[int, typer.Option(min=200, help="Size of the sample company.")] = 5000,
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
def check(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="An export.")]) -> None:
    """Say how a file would be read: its source, encoding, headings, dates, faults and remedies. Writes nothing."""
    from pipelines.landing.checking import profile

    found = profile(file, contract_files.load_folder(CONTRACTS))
    account = found.account
    console.print(f"[bold]{found.name}[/bold]")
    for guess in found.guesses[:3]:
        console.print(f"  source      {guess.source}: {guess.share:.0%} of the headings it needs")
    console.print(
        f"  encoding    {account.encoding or '-'}   delimiter {account.delimiter or '-'}   dates {account.date_format or '-'}"
    )
    console.print(
        f"  records     {account.records} = {account.header} heading + {account.accepted} accepted + {account.quarantined} set aside"
    )
    _print_mapping(found.mapping, found.unmatched, found.suggestions)
    for reason, count in found.reasons.items():
        console.print(f"  set aside   {count}: {reason}", markup=False)
    for problem in found.problems:
        console.print(f"  problem     {problem}", markup=False)
    if found.destination:
        console.print(f"  belongs to  {found.destination}", markup=False)
    if found.problems:
        raise typer.Exit(1)


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
        return tonight(home, day, accepted or [])
    except NotAcceptableError as error:
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
    from pipelines.definitions import defs
    from pipelines.defs import execute

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<48}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
    )
    with Progress(
        *columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console, transient=not sys.stdout.isatty()
    ) as progress:
        task = progress.add_task("starting", total=execute.steps())
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


def _print_mapping(
    mapping: Mapping[str, str], unmatched: tuple[str, ...], suggestions: Mapping[str, tuple[str, ...]]
) -> None:
    for heading, column in mapping.items():
        console.print(f"  heading     {heading} -> {column}", markup=False)
    if unmatched:
        console.print(f"  not used    {', '.join(unmatched)}", markup=False)
    for missing, alike in suggestions.items():
        console.print(f"  missing     {missing}" + (f" (is it {' or '.join(alike)}?)" if alike else ""), markup=False)


if __name__ == "__main__":
    app()
