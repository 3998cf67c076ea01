"""The Outcomes page as a spreadsheet: every result with its sentence, its caveat and the protocol behind it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date

import polars as pl
import xlsxwriter

from dashboards.release import Release
from dashboards.workbook import OPTIONS, about, write_sheet

_CAVEAT = (
    "Association",
    "Nothing here is a proof of cause: people who plan to stay may also talk more. Pass a figure on with its sentence and caveat.",
)


def workbook(sheets: Mapping[str, pl.DataFrame], chosen: Mapping[str, str], release: Release, minimum: int) -> bytes:
    """An xlsx file with one sheet for each frame, then Filters and About; a null is a blank, its status says why."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        for name, rows in sheets.items():
            headings = [column.replace("_", " ").capitalize() for column in rows.columns]
            write_sheet(book, name, headings, [[_written(value) for value in row] for row in rows.iter_rows()])
        write_sheet(book, "Filters", ("Filter", "Chosen"), [list(item) for item in chosen.items()])
        write_sheet(book, "About", ("Item", "Content"), [list(_CAVEAT), *about(release, minimum)])
    return buffer.getvalue()


def _written(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, date) else value
