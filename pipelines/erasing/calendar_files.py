"""Calendars read event by event with their very lines, and written again without a person; lines that stay keep every byte."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from pipelines.contracts import Contract
from pipelines.erasing.person import Person, without
from pipelines.erasing.tally import Tally
from pipelines.erasing.text_files import Decide
from pipelines.landing.calendars import COLUMNS
from pipelines.person_columns import SEPARATOR, UNKNOWN
from pipelines.person_records import Layout

_OWNER, _GUEST = "organizer", "attendees"
_PROPERTY = {"ORGANIZER": _OWNER, "ATTENDEE": _GUEST}
_ADDRESS = re.compile(r"mailto:\s*([^\s;:,\"]+)\s*$", re.IGNORECASE)
_ANSWER = re.compile(r";PARTSTAT=[A-Za-z-]+", re.IGNORECASE)
# Octets in a line, its end not counted (RFC 5545, 3.1).
_LINE = 75


def records(path: Path, contract: Contract | None, look: Callable[[str], bool]) -> Iterator[tuple[list[str], Layout]]:
    """The events of a calendar whose text is to be looked at closely."""
    layout = _layout(contract)
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as stream:
        for block, is_event in _blocks(stream):
            if is_event and look("\n".join(fields := _fields(block))):
                yield fields, layout


def rewrite(path: Path, contract: Contract | None, person: Person, decide: Decide, sink: BinaryIO) -> Tally:
    """Write the calendar into `sink` without the events that `decide` says go; return what was found."""
    tally, layout = Tally(), _layout(contract)
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as stream:
        for block, is_event in _blocks(stream):
            if is_event and decide(_fields(block), layout).is_theirs:
                tally.records += 1
                continue
            tally.kept += is_event
            for raw in block:
                new = _rewritten(raw, person)
                tally.mentions += new != raw
                sink.write(new.encode("utf-8", "surrogateescape"))
    return tally


def _layout(contract: Contract | None) -> Layout:
    """Columns of the contract by their place in an event; a calendar that nobody claims is none that anybody reads."""
    if contract is None:
        return Layout(None, {})
    places = {header: place for place, header in enumerate(COLUMNS)}
    return Layout(contract, {c.name: places[h] for c in contract.columns for h in c.headers if h in places})


def _blocks(lines: Iterator[str] | object) -> Iterator[tuple[list[str], bool]]:
    """Whole events, and what stands between them, as content lines with all their physical lines."""
    held: list[str] = []
    inside = False
    for raw in _content_lines(lines):  # type: ignore[arg-type]
        mark = raw.strip().upper()
        if mark == "BEGIN:VEVENT":
            if held:
                yield held, inside
            held, inside = [], True
        held.append(raw)
        if mark == "END:VEVENT":
            yield held, True
            held, inside = [], False
    if held:
        yield held, inside


def _content_lines(lines: Iterator[str]) -> Iterator[str]:
    parts: list[str] = []
    for line in lines:
        if line[:1] in (" ", "\t") and parts:
            parts.append(line)
            continue
        if parts:
            yield "".join(parts)
        parts = [line]
    if parts:
        yield "".join(parts)


def _plain(raw: str) -> str:
    return re.sub("\r?\n[ \t]", "", raw).rstrip("\r\n")


def _fields(block: list[str]) -> list[str]:
    """Organiser and guests of an event in their places among COLUMNS, all of its text in that of the summary."""
    found: dict[str, list[str]] = {_OWNER: [], _GUEST: [], "summary": []}
    for raw in block:
        text = _plain(raw)
        address = _ADDRESS.search(text)
        place = _PROPERTY.get(re.split("[;:]", text, maxsplit=1)[0].upper(), "")
        if place and address:
            found[place].append(address[1])
        found["summary"].append(text)
    joined = {name: (SEPARATOR if name == _GUEST else "\n").join(values) for name, values in found.items()}
    return [joined.get(column, "") for column in COLUMNS]


def _rewritten(raw: str, person: Person) -> str:
    """A content line without the person: as guest or organiser the place is kept, the answer with it, the name not."""
    text = _plain(raw)
    address = _ADDRESS.search(text)
    name = re.split("[;:]", text, maxsplit=1)[0]
    if name.upper() in _PROPERTY and address and address[1].upper() in person.marks:
        answer = _ANSWER.search(text)
        return _folded(f"{name}{answer[0] if answer else ''}:mailto:{UNKNOWN}", raw)
    new = without(person.in_loose_text, text)
    return raw if new == text else _folded(new, raw)


def _folded(text: str, raw: str) -> str:
    """`text` in lines of at most 75 octets, ended as `raw` is."""
    end = raw[len(raw.rstrip("\r\n")) :]
    lines, line = [], ""
    for character in text:
        if len((line + character).encode("utf-8", "surrogateescape")) > _LINE:
            lines.append(line)
            line = " "
        line += character
    return (end or "\r\n").join([*lines, line]) + end
