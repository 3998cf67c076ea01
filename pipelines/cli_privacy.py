"""The commands that take a person out of an installation, or off its lists."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from pipelines.erasing import Outcome
    from pipelines.night import Night

console = Console(highlight=False, soft_wrap=True)

Home = Annotated[
    Path | None,
    typer.Option(help="Folder of the installation; default PARLEY_HOME, else this folder.", envvar="PARLEY_HOME"),
]


def erase(
    people: Annotated[
        list[str] | None, typer.Argument(metavar="PERSON...", help="Ids of one person, as they stand in an export.")
    ] = None,
    home: Home = None,
    reason: Annotated[str, typer.Option(help="Why, for the record; name nobody.")] = "",
    dry_run: Annotated[bool, typer.Option(help="Say what would change, and change nothing.")] = False,
    again: Annotated[bool, typer.Option(help="Erase those once more who came again with later exports.")] = False,
    remove_unreadable: Annotated[
        bool, typer.Option(help="Remove files as a whole that mention the person and cannot be written again.")
    ] = False,
) -> None:
    """Take one person out of exports, warehouse and everything made from them; others keep their records."""
    from pipelines import erasing
    from pipelines.identity import KeyFileError
    from pipelines.night import AlreadyRunningError, tonight
    from pipelines.overlays import OverlayError
    from pipelines.tombstones import TombstoneError

    try:
        night = tonight(home)
        groups = [tuple(people)] if people else [(mark,) for mark in erasing.come_again(night)] if again else []
    except (OverlayError, TombstoneError, KeyFileError, ValidationError) as error:
        console.print(str(error), markup=False)
        raise typer.Exit(2) from None
    if not groups:
        console.print("Nobody who was erased came again." if again else "Name the person by an id of an export.")
        raise typer.Exit(0 if again else 2)
    for group in groups:
        asked = erasing.Asked(
            group, getpass.getuser(), datetime.now(UTC).replace(microsecond=0), reason, dry_run, remove_unreadable
        )
        try:
            outcome = erasing.erase(tonight(home), asked)
        except erasing.UnknownPersonError as error:
            # One id may have led to the others that came again with it.
            if again:
                continue
            console.print(str(error), markup=False)
            raise typer.Exit(2) from None
        except (AlreadyRunningError, TombstoneError, KeyFileError) as error:
            console.print(str(error), markup=False)
            raise typer.Exit(2) from None
        if not _told(outcome, night):
            raise typer.Exit(1)


def object_to_lists(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Id of the person, as it stands in an export.")],
    home: Home = None,
    withdraw: Annotated[bool, typer.Option(help="The person no longer objects.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Say what would change, and change nothing.")] = False,
) -> None:
    """Keep one person off every list, at once and in all runs to come; figures of groups count them as before."""
    from pipelines import lists
    from pipelines.identity import KeyFileError
    from pipelines.night import AlreadyRunningError, locked
    from pipelines.settings import for_home

    try:
        settings = for_home(home)
        with locked(settings):
            who = lists.objector(settings, person)
            if not dry_run:
                now = datetime.now(UTC).replace(microsecond=0)
                lists.put_on_record(settings, who, getpass.getuser(), now, is_withdrawn=withdraw)
            named = 0 if withdraw else lists.take_off_lists(settings, who, is_trial=dry_run)
    except (lists.UnknownIdError, lists.LedgerError, KeyFileError, AlreadyRunningError, ValidationError) as error:
        console.print(str(error), markup=False)
        raise typer.Exit(2) from None
    if dry_run:
        console.print(f"{named} files of leaders and reviewers name the person. Nothing was changed.")
    elif withdraw:
        console.print("Withdrawn. From the next run on the person may be on a list again.")
    else:
        console.print(
            f"On record. The person was taken off {named} files of leaders and reviewers; no later run lists them."
        )


def _told(outcome: Outcome, night: Night) -> bool:
    """Say what became of one person; whether all was done, or would be, that can be."""
    from pipelines.defs import history

    table = Table("File", "Records that go", "Mentions emptied", "Afterwards")
    for change in outcome.changes:
        after = "written anew" if change.written else "removed" if not change.why else "stands in the way"
        path = change.renamed if not change.why else change.export.relative
        table.add_row(path, str(change.tally.records), str(change.tally.mentions), after)
    console.print(table)
    if outcome.is_several:
        console.print(
            "Names under these ids have no word in common: they have stood for several people. All of them go."
        )
    for path, why in outcome.blocked.items():
        console.print(f"{path}: {why}. Remove it, or ask again with --remove-unreadable.", markup=False)
    if outcome.blocked or not outcome.is_done:
        console.print("Nothing was changed.")
        return not outcome.blocked
    history.forget(night.settings.home, outcome.person.in_text)
    left = [path for path in outcome.left if not path.startswith("dagster/")]
    for path in left:
        console.print(f"{path} still mentions the person and is edited by hand: look at it.", markup=False)
    console.print("Erased. Run 'parley run' now: releases made before it are removed when it has published.")
    console.print("Backups are yours to see to.")
    return not left
