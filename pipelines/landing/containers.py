"""What kind of file lies behind a name, by its ending and first bytes; how its text is encoded does not belong here."""

from __future__ import annotations

import re
from pathlib import Path

from pipelines.landing.calendars import calendar_fault, is_calendar

FILE_LIMIT = 2 << 30
TEXT_ENDINGS = (".csv", ".txt", ".tsv", ".dat", ".ics")
_REMEDIES = {
    ".ods": "Open it in LibreOffice or Excel and save it as .xlsx",
    ".xls": "Open it in Excel and save it as .xlsx",
    ".zip": "Unpack it and deliver the files inside",
    ".gz": "Unpack it and deliver the file inside",
}
_DISGUISES = (
    (
        rb"PK\x03\x04[\s\S]{26}mimetypeapplication/vnd[.]oasis[.]opendocument",
        "an OpenDocument spreadsheet (.ods)",
        "Open it in LibreOffice or Excel, save it as .xlsx",
    ),
    (rb"PK\x03\x04[\s\S]{26}(\[content_types\]|_rels/|xl/|docprops/)", "an Excel workbook", "Rename it to .xlsx"),
    (rb"PK\x03\x04", "an Excel workbook or zip archive", "If it is a workbook, rename it to .xlsx; else unpack it"),
    (rb"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "Open it in Excel, save it as CSV UTF-8"),
    (rb"\x1f\x8b", "compressed (gzip)", "Unpack it"),
    (rb"(\xef\xbb\xbf)?BEGIN:VCALENDAR", "a calendar", "Rename it to .ics"),
    (rb"%PDF", "a PDF", "Export the data as CSV UTF-8"),
    (rb"PAR1", "a Parquet file", "Export the data as CSV UTF-8"),
    (rb"(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml|table)", "a web page or XML", "Export the data as CSV UTF-8"),
    (rb"(\xef\xbb\xbf)?\s*[\[{]\s*[\[{\"]", "JSON", "Export the data as CSV UTF-8"),
)


def is_workbook(path: Path) -> bool:
    """Whether the file is to be read as an Excel workbook."""
    return path.suffix.lower() == ".xlsx"


def container_fault(path: Path) -> str:
    """Why the file can be neither text nor workbook, with the remedy; empty where it may be."""
    if path.stat().st_size > FILE_LIMIT:
        return "The file is larger than 2 GB. Export fewer columns or a shorter period."
    if is_workbook(path):
        return ""
    if path.suffix.lower() not in TEXT_ENDINGS:
        return _ending_fault(path.suffix)
    if is_calendar(path):
        return calendar_fault(path)
    with path.open("rb") as file:
        head = file.read(1024)
    known = disguise(head)
    return f"The file is named {path.suffix} but is {known[0]}. {known[1]} and deliver that." if known else ""


def _ending_fault(ending: str) -> str:
    if not re.search("[a-z]", ending, re.IGNORECASE):
        remedy = "Add .csv to the name if it is text with one record in each line, else export the data as CSV UTF-8"
        return f"The name of the file has no ending such as .csv, which would say what it is. {remedy}."
    remedy = _REMEDIES.get(ending.lower(), "Save the data as CSV UTF-8 or as .xlsx")
    return f"Files ending in '{ending}' are not read. {remedy}."


def disguise(head: bytes) -> tuple[str, str] | None:
    """What a file that begins with `head` is, in words, and what to do with it; None where it may be text."""
    return next(((kind, remedy) for mark, kind, remedy in _DISGUISES if re.match(mark, head, re.IGNORECASE)), None)


def line_count(path: Path) -> int:
    """Physical lines, ended by LF, CRLF or CR; a last line without an end counts."""
    ends, previous = 0, b""
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            ends += chunk.count(b"\n") + chunk.count(b"\r") - chunk.count(b"\r\n")
            ends -= previous.endswith(b"\r") and chunk.startswith(b"\n")
            previous = chunk
    return ends + (previous[-1:] not in (b"", b"\n", b"\r"))
