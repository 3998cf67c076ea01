"""One export file read as text with every record accounted for; types, dates and row rules do not belong here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

import polars as pl

from pipelines.contracts import Contract
from pipelines.landing.containers import container_fault, is_workbook, line_count
from pipelines.landing.delimited import (
    COLUMN_LIMIT,
    FIELD_LIMIT,
    Lines,
    Record,
    Tokeniser,
    delimiter_of,
    physical_lines,
)
from pipelines.landing.encodings import Encoding, encoding_of
from pipelines.landing.headings import Claims, claim, expected
from pipelines.landing.workbooks import sheet_rows

_BATCH = 20_000
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
    return unreadable(path, encoding) if isinstance(encoding, str) else _read_text(path, contract, encoding)


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
        delimiter = delimiter_of(sample, heading_row(contract), expected(contract))
        stream.seek(0)
        lines = Lines(physical_lines(stream))
        tokeniser = Tokeniser(lines, delimiter)
        records = iter(tokeniser)
        top = list(islice(records, _header_records(contract)))
        names = top[heading_row(contract) - 1].fields if len(top) >= heading_row(contract) else []
        width = len(names)
        if width > COLUMN_LIMIT:
            remedy = f"at most {COLUMN_LIMIT:,} are read. Export fewer columns."
            return unreadable(path, f"The file has {width:,} columns; {remedy}")
        filled = width - next((i for i, name in enumerate(reversed(names)) if name.strip()), width)
        tokeniser.widths = range(filled, width + 1)
        rows, faults = _collect(_without_blank_end(records), width)
    found = _Found(tuple(tuple(r.fields) for r in top), rows, faults, encoding.name, delimiter, lines.is_open)
    return _judged(found, contract)


def _read_workbook(path: Path, contract: Contract) -> TextTable | Unreadable:
    sheet = sheet_rows(path, contract.settings.get("sheet"))
    if isinstance(sheet, str):
        return unreadable(path, sheet)
    header = _header_records(contract)
    numbered = sheet.with_row_index("_line", offset=1).with_columns(pl.col("_line").cast(pl.Int64))
    top = tuple(tuple(row) for row in sheet.head(header).rows())
    return _judged(_Found(top, numbered.slice(header), (), "xlsx", "", False), contract)


@dataclass(frozen=True)
class _Found:
    """What the container gave, before it is judged against a contract."""

    top: tuple[tuple[str, ...], ...]
    rows: pl.DataFrame
    faults: tuple[Record, ...]
    encoding: str
    delimiter: str
    is_open: bool


def _judged(found: _Found, contract: Contract) -> TextTable | Unreadable:
    headings = found.top[heading_row(contract) - 1 :]
    names = headings[0] if headings else ()
    claims = claim(names, contract)
    table = TextTable(
        found.rows, found.faults, headings, claims, len(found.top), found.encoding, found.delimiter, found.is_open
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


def _header_records(contract: Contract) -> int:
    return heading_row(contract) - 1 + int(contract.settings.get("headerRows", 1))


def _without_blank_end(records: Iterator[Record]) -> Iterator[Record]:
    """Blank lines at the end of a file are not records; blank lines before another record are."""
    held: list[Record] = []
    for record in records:
        if record.fault == "blank":
            held.append(record)
            continue
        if held:
            yield from held
            held.clear()
        yield record


def _collect(records: Iterator[Record], width: int) -> tuple[pl.DataFrame, tuple[Record, ...]]:
    """The well-formed records as text columns, in batches so that Python objects do not pile up, and the rest."""
    faults: list[Record] = []
    batches = [_frame([], width)]
    batch: list[Record] = []
    for record in records:
        if record.fault:
            faults.append(record)
            continue
        batch.append(record)
        if len(batch) == _BATCH:
            batches.append(_frame(batch, width))
            batch = []
    batches.append(_frame(batch, width))
    return pl.concat(batches), tuple(faults)


def _frame(batch: Sequence[Record], width: int) -> pl.DataFrame:
    padded = (r.fields if len(r.fields) == width else [*r.fields, *[""] * (width - len(r.fields))] for r in batch)
    columns = list(zip(*padded, strict=True)) if batch else [()] * width
    lines = pl.Series("_line", [r.line for r in batch], dtype=pl.Int64)
    return pl.DataFrame([lines, *(pl.Series(f"c{i}", column, dtype=pl.String) for i, column in enumerate(columns))])
