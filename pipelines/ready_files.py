"""A ready table in a file, as an analyst has it at hand: text or a workbook by the rules of landing, or Parquet; no contract needed."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from pipelines.landing.collecting import collect, without_blank_end
from pipelines.landing.containers import container_fault, is_workbook
from pipelines.landing.delimited import Lines, Tokeniser, delimiter_of, physical_lines
from pipelines.landing.encodings import encoding_of
from pipelines.landing.reading import sample_of
from pipelines.landing.workbooks import sheet_rows

_EMPTY = ("", "NA")


class ReadyFileError(ValueError):
    """The file is no table that can be read; the message says why and what to do."""


def read_table(path: Path) -> pl.DataFrame:
    """The table in a .csv, .txt, .tsv, .xlsx or .parquet file: headings in the first row, numbers where a column holds nothing else.

    Empty fields and 'NA' are empty. Raises ReadyFileError where it cannot be read as a table, OSError where the file
    cannot be opened.
    """
    if path.suffix.lower() == ".parquet":
        try:
            return pl.read_parquet(path)
        except PolarsError as error:
            raise ReadyFileError(f"{path.name}: this is no Parquet file. Write it again, or save it as CSV.") from error
    fault = container_fault(path)
    if fault:
        raise ReadyFileError(f"{path.name}: {fault}")
    rows = _workbook(path) if is_workbook(path) else _text(path)
    names = [name.strip() for name in rows.row(0)] if rows.height else []
    repeated = next((name for name in names if names.count(name) > 1 or not name), None)
    if len(names) < 2 or repeated is not None:
        raise ReadyFileError(
            f"{path.name}: the first row must name each column once; it has {', '.join(names) or 'none'}."
        )
    return _typed(rows[1:].rename(dict(zip(rows.columns, names, strict=True))))


def _workbook(path: Path) -> pl.DataFrame:
    rows = sheet_rows(path, None)
    if isinstance(rows, str):
        raise ReadyFileError(f"{path.name}: {rows}")
    return rows


def _text(path: Path) -> pl.DataFrame:
    """All records of a text file, its headings among them."""
    encoding = encoding_of(path)
    if isinstance(encoding, str):
        raise ReadyFileError(f"{path.name}: {encoding}")
    with path.open(encoding=encoding.codec, errors=encoding.errors, newline="") as stream:
        delimiter = delimiter_of(sample_of(stream), 1, ())
        stream.seek(0)
        tokeniser = Tokeniser(Lines(physical_lines(stream)), delimiter)
        records = iter(tokeniser)
        names = next(records, None)
        width = len(names.fields) if names else 0
        tokeniser.widths = range(width, width + 1)
        collected = collect(without_blank_end(records), width)
    if isinstance(collected, str):
        raise ReadyFileError(f"{path.name}: {collected}")
    rows, faults = collected
    if faults:
        raise ReadyFileError(
            f"{path.name}, line {faults[0].line}: the record does not have the {width} fields of the headings."
        )
    headings = pl.DataFrame([names.fields] if names else [], schema=rows.columns[1:], orient="row")
    return pl.concat([headings.cast(pl.String), rows.drop("_line")])


def _typed(rows: pl.DataFrame) -> pl.DataFrame:
    """Columns of text as whole or decimal numbers where nothing is lost by it."""
    text = rows.with_columns(pl.all().str.strip_chars())
    emptied = text.with_columns(pl.when(~pl.all().is_in(_EMPTY)).then(pl.all()))
    return pl.DataFrame([_number(column) for column in emptied.get_columns()])


def _number(column: pl.Series) -> pl.Series:
    for kind in (pl.Int64, pl.Float64):
        number = column.cast(kind, strict=False)
        if number.null_count() == column.null_count() and column.null_count() < column.len():
            return number
    return column
