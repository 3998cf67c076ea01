"""One export file read as text with every record accounted for; types, dates and row rules do not belong here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

import polars as pl

from pipelines.contracts import Contract
from pipelines.landing.calendars import COLUMNS, Events, is_calendar
from pipelines.landing.collecting import collect, without_blank_end
from pipelines.landing.containers import container_fault, is_workbook, line_count
from pipelines.landing.delimited import (
    COLUMN_LIMIT,
    FIELD_LIMIT,
    QUOTE,
    Lines,
    Record,
    Tokeniser,
    delimiter_of,
    physical_lines,
)
from pipelines.landing.encodings import Encoding, encoding_of
from pipelines.landing.headings import Claims, claim, expected, filled
from pipelines.landing.workbooks import sheet_rows

_SAMPLE_LINES = 200


@dataclass(frozen=True)
class TextTable:
    """Data records as text: `rows` has `_line` and c0, c1, …; `faults` are those that are not well formed.

    `headings` are the heading records, `claims` says which field is which column, `header` counts titles and headings,
    `is_open` that the last line of the file has no line end.
    """

    rows: pl.DataFrame
    faults: tuple[Record, ...]
    headings: tuple[tuple[str, ...], ...]
    claims: Claims
    header: int
    encoding: str
    delimiter: str
    is_open: bool

    @property
    def records(self) -> int:
        """All records of the file."""
        return self.header + self.rows.height + len(self.faults)


@dataclass(frozen=True)
class Unreadable:
    """A file that is not read: why and what to do, with as much of its account as is known."""

    reason: str
    records: int
    header: int = 0
    encoding: str = ""
    delimiter: str = ""
    headings: tuple[tuple[str, ...], ...] = ()


def read(path: Path, contract: Contract) -> TextTable | Unreadable:
    """Read one file in the layout its contract declares. Raises OSError where the file itself cannot be opened."""
    fault = container_fault(path)
    if fault:
        return unreadable(path, fault)
    if is_workbook(path):
        return _read_workbook(path, contract)
    encoding = encoding_of(path, contract.settings.get("encoding"))
    if isinstance(encoding, str):
        return unreadable(path, encoding)
    return _read_calendar(path, contract, encoding) if is_calendar(path) else _read_text(path, contract, encoding)


def unreadable(path: Path, reason: str) -> Unreadable:
    """A file without any structure: its records are its physical lines."""
    return Unreadable(reason, line_count(path))


def sample_of(stream: TextIO) -> list[str]:
    """The first lines of a text stream, few enough that lines of any length fit in memory."""
    lines: list[str] = []
    size = 0
    for line in physical_lines(stream):
        lines.append(line)
        size += len(line)
        if len(lines) == _SAMPLE_LINES or size > FIELD_LIMIT:
            break
    return lines


def _read_text(path: Path, contract: Contract, encoding: Encoding) -> TextTable | Unreadable:
    with path.open(encoding=encoding.codec, errors=encoding.errors, newline="") as stream:
        sample = sample_of(stream)
        delimiter = delimiter_of(sample, heading_row(contract), expected(contract), quote_of(contract))
        stream.seek(0)
        lines = Lines(physical_lines(stream))
        tokeniser = Tokeniser(lines, delimiter, quote_of(contract))
        records = iter(tokeniser)
        top = [record.fields for record in islice(records, header_records(contract))]
        headings = headings_of(top, contract)
        names = headings[0] if headings else ()
        width = len(names)
        if width > COLUMN_LIMIT:
            remedy = f"at most {COLUMN_LIMIT:,} are read. Export fewer columns."
            return unreadable(path, f"The file has {width:,} columns; {remedy}")
        named = width - next((i for i, name in enumerate(reversed(names)) if name.strip()), width)
        tokeniser.widths = range(named, width + 1)
        collected = collect(without_blank_end(records), width)
    if isinstance(collected, str):
        return unreadable(path, collected)
    return _judged(_Found(headings, len(top), *collected, encoding.name, delimiter, lines.is_open), contract)


def _read_calendar(path: Path, contract: Contract, encoding: Encoding) -> TextTable | Unreadable:
    with path.open(encoding=encoding.codec, errors=encoding.errors, newline="") as stream:
        events = Events(physical_lines(stream))
        collected = collect(iter(events), len(COLUMNS))
    if isinstance(collected, str):
        return unreadable(path, collected)
    if events.is_cut_off:
        return unreadable(path, "The calendar has no end (END:VCALENDAR): the export was cut short. Export it again.")
    rows, faults = collected
    if faults and not rows.height:
        return Unreadable(f"None of the {len(faults):,} events can be read. Export the calendar again.", len(faults))
    return _judged(_Found((COLUMNS,), 0, rows, faults, encoding.name, "", False), contract)


def _read_workbook(path: Path, contract: Contract) -> TextTable | Unreadable:
    sheet = sheet_rows(path, contract.settings.get("sheet"))
    if isinstance(sheet, str):
        return unreadable(path, sheet)
    header = header_records(contract)
    numbered = sheet.with_row_index("_line", offset=1).with_columns(pl.col("_line").cast(pl.Int64))
    top = sheet.head(header).rows()
    found = _Found(headings_of(top, contract), len(top), numbered.slice(header), (), "xlsx", "", False)
    return _judged(found, contract)


@dataclass(frozen=True)
class _Found:
    """What the container gave, before it is judged against a contract; `header` counts titles and headings."""

    headings: tuple[tuple[str, ...], ...]
    header: int
    rows: pl.DataFrame
    faults: tuple[Record, ...]
    encoding: str
    delimiter: str
    is_open: bool


def _judged(found: _Found, contract: Contract) -> TextTable | Unreadable:
    headings = found.headings
    names = headings[0] if headings else ()
    claims = claim(names, contract)
    table = TextTable(
        found.rows, found.faults, headings, claims, found.header, found.encoding, found.delimiter, found.is_open
    )
    reason = _refusal(table, names, contract)
    if not reason:
        return table
    return Unreadable(reason, table.records, table.header, table.encoding, table.delimiter, headings)


def _refusal(table: TextTable, names: Sequence[str], contract: Contract) -> str:
    last = max((fault for fault in table.faults), key=lambda fault: fault.line, default=None)
    if table.records == 0:
        return "The file is empty: no data rows. Export it again."
    if not table.claims.is_sound:
        return f"Heading row {heading_row(contract)}: {table.claims.fault(names)}"
    if table.records == table.header:
        return "The file has headings but no data rows. Export it again."
    if table.is_open and last and last.fault != "blank" and last.line > _last_line(table.rows):
        return f"The file breaks off in the middle of line {last.line}: the export was cut short. Export it again."
    if not table.rows.height:
        count = f"None of the {len(table.faults):,} data records has the {len(names)} fields of the headings"
        return f"{count}: they use another delimiter or other quotes. Export it again."
    return ""


def _last_line(rows: pl.DataFrame) -> int:
    return int(rows["_line"][-1]) if rows.height else 0


def heading_row(contract: Contract) -> int:
    """Number of the record with the names of the columns, from 1."""
    return int(contract.settings.get("headerRow", 1))


def headings_of(top: Sequence[Sequence[str]], contract: Contract) -> tuple[tuple[str, ...], ...]:
    """The heading records among the first records of a file, which have the title rows before them."""
    headings = tuple(tuple(record) for record in top[heading_row(contract) - 1 : header_records(contract)])
    return filled(headings) if headings and contract.settings.get("headingsFill") else headings


def quote_of(contract: Contract) -> str:
    """The quotation mark of the source."""
    return str(contract.settings.get("quote", QUOTE))


def header_records(contract: Contract) -> int:
    """How many records stand before the data: titles and headings."""
    return heading_row(contract) - 1 + int(contract.settings.get("headerRows", 1))
