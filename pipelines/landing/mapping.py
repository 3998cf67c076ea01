"""`parley map`: which source an unfamiliar file is most likely of, and an overlay that says so for an analyst to edit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pipelines.contracts import Contract
from pipelines.landing.calendars import is_calendar
from pipelines.landing.files import dated_name, sources
from pipelines.landing.matching import vocabulary
from pipelines.landing.overlay_text import overlay_text
from pipelines.landing.proposal import Layout, Proposal, describe
from pipelines.landing.target import target_of
from pipelines.landing.value_hints import hints
from pipelines.overlays import ENDING, OverlayError, overlay_name

__all__ = ["Proposal", "describe", "propose", "write_overlay"]


def propose(
    path: Path, contracts: Mapping[str, Contract], source: str | None = None, encoding: str | None = None
) -> Proposal | str:
    """A mapping of the file onto `source`, or onto the likeliest of `contracts`; else why there is none, and the remedy.

    Headings decide: a source is rated by the columns that go by one of their own headings or one that another source
    has for a column of the same name, less those it needs and does not find. `encoding` is for files that do not
    prove theirs. Raises OSError where the file cannot be opened.
    """
    if is_calendar(path):
        return f"{path.name}: calendars have fixed columns and need no mapping. Look at it with `parley check`."
    known = {c.id: c for c in sources(contracts)}
    if source is not None and source not in known:
        return f"'{source}' is no source. Choose one of {', '.join(known)}."
    declared = {"encoding": encoding} if encoding else {}
    known = {
        name: replace(c, settings={**c.settings, **declared}) for name, c in known.items() if source in (None, name)
    }
    words = vocabulary(contracts)
    found = target_of(path, known, words)
    if isinstance(found, str):
        return f"{path.name}: {found}"
    table = found.table
    layout = Layout(found.header_row, table.encoding, table.delimiter, encoding)
    series = dated_name(path.name)[1]
    patterns = (re.sub(r"[\[\]*?]", "?", series) + "*",) if series else ()
    values = hints(found.matches, found.contract, table)
    return Proposal(path, found.contract, table.headings[0], layout, found.matches, values, patterns)


def write_overlay(proposal: Proposal, folder: Path, name: str | None = None) -> Path:
    """Write the overlay into `folder`, under `name` or one made from the file's. Raises OverlayError where it exists."""
    series = re.sub("[^a-z0-9]+", "_", dated_name(proposal.path.name)[1]).strip("_")
    chosen = name or series or proposal.target.id
    path = folder / f"{overlay_name(chosen + ENDING)}{ENDING}"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(overlay_text(proposal))
    except FileExistsError:
        remedy = "Edit it, remove it, or choose another name with --name."
        raise OverlayError(f"{path.name}: there is an overlay of this name already. {remedy}") from None
    return path
