"""The commands of an analyst about one export: how it would be read, and how to map one that nobody declared."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from pipelines import contracts as contract_files
from pipelines.contracts import Contract
from pipelines.landing.files import fits_name
from pipelines.night import OVERLAYS
from pipelines.overlays import OverlayError, load_overlays
from pipelines.paths import CONTRACTS

if TYPE_CHECKING:
    from pipelines.landing.checking import Profile

console = Console(highlight=False, soft_wrap=True)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="An export.")]
Home = Annotated[
    Path | None,
    typer.Option(help="Folder of the installation, whose overlays count; default PARLEY_HOME.", envvar="PARLEY_HOME"),
]


def check(file: File, home: Home = None) -> None:
    """Say how a file would be read: its source, encoding, headings, dates, faults and remedies. Writes nothing."""
    from pipelines.landing.checking import profile

    found = profile(file, _contracts(file, home))
    for line in _lines(found):
        console.print(line, markup=False)
    if found.problems:
        raise typer.Exit(1)


def map_file(
    file: File,
    home: Home = None,
    source: Annotated[str | None, typer.Option("--as", help="The source to map it to; default the likeliest.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the overlay; default made from the file's name.")] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Encoding, where the file does not prove it, e.g. cp1251.")
    ] = None,
    write: Annotated[bool, typer.Option(help="Write the overlay into the installation's folder contracts/.")] = True,
) -> None:
    """Propose which heading of an unfamiliar export is which column, and write an overlay to edit."""
    from pipelines.landing import mapping

    proposal = mapping.propose(file, contract_files.load_folder(CONTRACTS), source, encoding)
    if isinstance(proposal, str):
        console.print(proposal, markup=False)
        raise typer.Exit(1)
    for line in mapping.describe(proposal):
        console.print(line, markup=False)
    if not write:
        return
    try:
        written = mapping.write_overlay(proposal, (home or Path()) / OVERLAYS, name)
    except OverlayError as error:
        console.print(str(error), markup=False)
        raise typer.Exit(1) from None
    console.print(f"wrote       {written}: edit it, then look at the file again with `parley check`.", markup=False)


def _contracts(file: Path, home: Path | None) -> Mapping[str, Contract]:
    """The contracts, with that of an overlay in place of its source where the overlay is for files of this name."""
    known = contract_files.load_folder(CONTRACTS)
    try:
        overlays = load_overlays((home or Path()) / OVERLAYS, known).values()
    except OverlayError as error:
        console.print(str(error), markup=False)
        raise typer.Exit(2) from None
    fitting = (o for o in overlays if fits_name(o.contract, file.name))
    return known | {overlay.of: overlay.contract for overlay in fitting}


def _lines(found: Profile) -> list[str]:
    account = found.account
    equation = (
        f"{account.records} = {account.header} heading + {account.accepted} accepted + {account.quarantined} set aside"
    )
    missing = (
        f"  missing     {name}" + (f" (is it {' or '.join(alike)}?)" if alike else "")
        for name, alike in found.suggestions.items()
    )
    return [
        found.name,
        *(f"  source      {guess.source}: {guess.share:.0%} of the headings it needs" for guess in found.guesses[:3]),
        f"  encoding    {account.encoding or '-'}   delimiter {account.delimiter or '-'}   dates {account.date_format or '-'}",
        f"  records     {equation}",
        *(f"  heading     {heading} -> {column}" for heading, column in found.mapping.items()),
        *([f"  not used    {', '.join(found.unmatched)}"] if found.unmatched else []),
        *missing,
        *(f"  confirm     {sentence}" for sentence in found.unverified),
        *(f"  set aside   {count}: {reason}" for reason, count in found.reasons.items()),
        *(f"  problem     {problem}" for problem in found.problems),
        *([f"  belongs to  {found.destination}"] if found.destination else []),
    ]
