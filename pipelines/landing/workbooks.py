"""One sheet of an Excel workbook as rows of text; formulas are never evaluated, only their stored values are read."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from xml.parsers.expat import ExpatError

import fastexcel
import polars as pl

from pipelines.landing.sheet_extent import extent_fault

UNPACKED_LIMIT = 256 << 20
RATIO_LIMIT = 100
_CHUNK = 1 << 20


def sheet_rows(path: Path, sheet: str | None) -> pl.DataFrame | str:
    """The sheet (default: the first) as text columns c0, c1, …, one row per row of the sheet, or why it cannot be read.

    Dates read yyyy-MM-dd (with time unless midnight), whole numbers have no decimal point, empty cells are ''.
    Empty rows at the end are not part of the sheet. Raises OSError where the file cannot be opened.
    """
    if path.stat().st_size > UNPACKED_LIMIT:
        return "The workbook is larger than 256 MB. Save the sheet that is needed as CSV UTF-8."
    # Read as a whole, so that what goes wrong afterwards is the fault of the content and never of the disk.
    content = path.read_bytes()
    fault = _container_fault(content)
    if fault:
        return fault
    try:
        book = fastexcel.read_excel(content)
        if sheet is not None and sheet not in book.sheet_names:
            found = ", ".join(f"'{name}'" for name in book.sheet_names)
            return (
                f"The workbook has no sheet '{sheet}' (it has {found}). Rename it, or correct `sheet` in the contract."
            )
        frame = book.load_sheet(
            0 if sheet is None else sheet, header_row=None, skip_rows=0, dtypes="string"
        ).to_polars()
    except fastexcel.FastExcelError:
        return "The workbook is damaged or protected. Open it in Excel and save it again as .xlsx without a password."
    return _tidied(frame)


def _container_fault(content: bytes) -> str:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return "The file is named .xlsx but is not an Excel workbook, or has a password. Save it from Excel as .xlsx."
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            if unpacked > UNPACKED_LIMIT or unpacked > RATIO_LIMIT * len(content):
                return "The workbook unpacks to far more than its size. Save the sheet that is needed as CSV UTF-8."
            if "xl/workbook.xml" not in archive.namelist():
                return "The file is a zip archive and no Excel workbook. Unpack it and deliver the files inside."
            # Reading every member also proves that the sizes it declares, on which the limit rests, are true.
            return extent_fault([_unpacked(archive, member) for member in members])
    except (zipfile.BadZipFile, zlib.error, ExpatError, ValueError, RuntimeError, OSError, EOFError):
        return "The workbook is damaged. Open it in Excel and save it again as .xlsx."


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    # Read at once, a member is unpacked to its true size whatever size it declares.
    with archive.open(member) as stream:
        return b"".join(iter(lambda: stream.read(_CHUNK), b""))


def _tidied(frame: pl.DataFrame) -> pl.DataFrame:
    renamed = frame.rename({name: f"c{i}" for i, name in enumerate(frame.columns)})
    text = renamed.with_columns(
        pl.all().cast(pl.String).fill_null("").str.replace(r"^(\d{4}-\d{2}-\d{2}) 00:00:00$", "$1")
    )
    if not text.width:
        return text
    filled = text.select(pl.any_horizontal(pl.all().str.strip_chars() != "")).to_series().arg_true()
    return text.head((filled[-1] + 1) if len(filled) else 0)
