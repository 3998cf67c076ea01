"""A proposed mapping of one file onto a source: what it holds, in sentences for the screen; no file is written here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.contracts import Contract
from pipelines.landing.matching import Match, unused
from pipelines.landing.value_hints import DateHint, Hints


@dataclass(frozen=True)
class Layout:
    """How the file is written: `header_row` counts from 1, `declared` is the encoding that was asked for, if one was."""

    header_row: int
    encoding: str
    delimiter: str
    declared: str | None


@dataclass(frozen=True)
class Proposal:
    """The file at `path` read as `target`: a match for each of its columns, and what the values suggest.

    `names` are the headings of the file, `patterns` the names its next deliveries will presumably have.
    """

    path: Path
    target: Contract
    names: tuple[str, ...]
    layout: Layout
    matches: tuple[Match, ...]
    hints: Hints
    patterns: tuple[str, ...]

    @property
    def undecided(self) -> tuple[Match, ...]:
        """Matches of columns that somebody must decide on before a file is read."""
        return tuple(m for m in self.matches if m.certain is None and (m.offered or m.column.required))

    @property
    def shared(self) -> tuple[str, ...]:
        """Headings that are offered for more than one column."""
        offered = [c.position for m in self.matches for c in m.offered]
        return tuple(self.names[i].strip() for i in dict.fromkeys(offered) if offered.count(i) > 1)


def describe(proposal: Proposal) -> list[str]:
    """The proposal in lines for the screen: layout, one line for each column, what is left to decide, the next command."""
    layout = proposal.layout
    row = layout.header_row
    delimiter = f", delimiter {_DELIMITERS.get(layout.delimiter, layout.delimiter)}" if layout.delimiter else ""
    return [
        f"{proposal.path.name} as {proposal.target.id} ({proposal.target.title})",
        f"found       {layout.encoding}{delimiter}, headings in row {row}",
        *(line for match in proposal.matches if (line := _line(match))),
        *_left(proposal),
        *_values(proposal),
        f"next        Edit the overlay, then run: parley check {proposal.path.name} --home HOME",
    ]


def visible(text: str) -> str:
    """`text` on one line, with nothing in it that steers a screen or ends a comment."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in " ".join(text.split()))


_DELIMITERS = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}


def _line(match: Match) -> str:
    name = match.column.name
    if match.certain:
        return f"{name}: {_quoted(match.certain.heading)} ({visible(match.certain.why)})"
    if match.offered:
        heads = " or ".join(f"{_quoted(c.heading)} ({visible(c.why)})" for c in match.offered)
        return f"{name}: - to confirm: {heads}"
    if match.column.required:
        return f"{name}: - missing, and needed"
    return f"{name}: - not in the file" if match.is_missing else ""


def _left(proposal: Proposal) -> list[str]:
    left = unused(proposal.names, proposal.matches)
    needed = [m.column.name for m in proposal.matches if m.column.required and not m.certain]
    lines = []
    if proposal.shared:
        lines.append(f"to decide   {_listed(proposal.shared)} could be several columns. Give each to one of them.")
    if needed:
        lines.append(f"needed      {', '.join(needed)}: write the heading of each into the overlay.")
    # Where no heading is known the first record may be a person's: its values are not repeated.
    if left and any(match.certain for match in proposal.matches):
        lines.append(f"not used    {_listed([proposal.names[i].strip() for i in left])}")
    return lines


def _values(proposal: Proposal) -> list[str]:
    found = proposal.hints
    strange = (*found.strange, *found.crowded)
    absent = f"missing     {_listed(found.absent)} may stand for a missing value. Decide in the overlay."
    return [
        *map(_dates, found.dates),
        *(f"values      {name} has values that are not known. Say in the overlay what they mean." for name in strange),
        *([absent] if found.absent else []),
    ]


def _dates(hint: DateHint) -> str:
    if hint.is_proven:
        return f"dates       {hint.column}: {hint.choices[0]}, proved by the values"
    if hint.choices:
        return f"dates       {hint.column}: {' or '.join(hint.choices)}? The values do not tell. Choose in the overlay."
    return f"dates       {hint.column}: written in several ways. Export dates as yyyy-MM-dd."


def _listed(words: Sequence[str]) -> str:
    return ", ".join(map(_quoted, words))


def _quoted(text: str) -> str:
    return f"'{visible(text)}'"
