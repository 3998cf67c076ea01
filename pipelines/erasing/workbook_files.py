"""Excel workbooks read sheet by sheet, and written again without a person.

Only the values are written: formats, formulas, notes, pivot tables and the names of authors, which may all repeat what has to go,
are left behind. `landing` reads the same from the new workbook as from the old one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import fastexcel
import xlsxwriter

from pipelines.contracts import Contract
from pipelines.erasing.person import Person, without
from pipelines.erasing.searching import mentions
from pipelines.erasing.tally import NotRewritableError, Tally
from pipelines.erasing.text_files import UNREAD, Decide
from pipelines.landing.headings import claim
from pipelines.landing.reading import header_records, headings_of
from pipelines.landing.workbooks import sheet_rows
from pipelines.person_records import Layout

# The same workbook gives the same bytes.
_NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)
_PLAIN = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}


def records(path: Path, contract: Contract | None, look: Callable[[str], bool]) -> Iterator[tuple[list[str], Layout]]:
    """The data records of all sheets whose text is to be looked at closely."""
    for name, rows in _sheets(path):
        top, layout = _laid_out(path, name, rows, contract)
        yield from ((list(row), layout) for row in rows[top:] if look("\n".join(row)))


def rewrite(path: Path, contract: Contract | None, person: Person, decide: Decide, sink: BinaryIO) -> Tally:
    """Write the workbook into `sink` without what `decide` says goes; return what was found.

    Raises NotRewritableError where the workbook cannot be read.
    """
    tally = Tally()
    with xlsxwriter.Workbook(sink, _PLAIN | {"in_memory": True}) as book:
        book.set_properties({"created": _NO_DAY})
        for name, rows in _sheets(path):
            top, layout = _laid_out(path, name, rows, contract)
            heads = [[without(person.in_text, text) for text in row] for row in rows[:top]]
            tally.mentions += sum(map(_differing, heads, rows[:top]))
            _write(
                book.add_worksheet(without(person.in_text, name)), [*heads, *_kept(rows[top:], layout, decide, tally)]
            )
    if not tally.is_touched and mentions(path, person):
        # Outside the cells: an author, a note, a cache.
        tally.mentions += 1
    return tally


def _kept(rows: Sequence[Sequence[str]], layout: Layout, decide: Decide, tally: Tally) -> Iterator[list[str]]:
    for row in rows:
        decision = decide(list(row), layout)
        if decision.is_theirs:
            tally.records += 1
            continue
        tally.kept += 1
        tally.mentions += len(decision.cells)
        yield [decision.cells.get(position, text) for position, text in enumerate(row)]


def _sheets(path: Path) -> Iterator[tuple[str, Sequence[tuple[str, ...]]]]:
    readable = sheet_rows(path, None)
    if isinstance(readable, str):
        raise NotRewritableError(readable)
    for name in fastexcel.read_excel(path.read_bytes()).sheet_names:
        rows = sheet_rows(path, name)
        if isinstance(rows, str):
            raise NotRewritableError(rows)
        yield name, rows.rows()


def _laid_out(path: Path, name: str, rows: Sequence[Sequence[str]], contract: Contract | None) -> tuple[int, Layout]:
    """How many rows stand before the data of a sheet, and how the data are laid out."""
    names = fastexcel.read_excel(path.read_bytes()).sheet_names
    if contract is None or name != str(contract.settings.get("sheet", names[0])):
        return 1, UNREAD
    top = header_records(contract)
    headings = headings_of(rows[:top], contract)
    claims = claim(headings[0] if headings else (), contract)
    return top, Layout(contract, claims.positions) if claims.is_sound else UNREAD


def _write(sheet: Any, rows: Sequence[Sequence[str]]) -> None:
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            if text:
                sheet.write_string(number, column, text)


def _differing(new: Sequence[str], old: Sequence[str]) -> int:
    return sum(a != b for a, b in zip(new, old, strict=True))
