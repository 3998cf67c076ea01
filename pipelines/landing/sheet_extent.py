"""How much memory the sheets inside an Excel workbook would take, found out before they are unfolded.

A few hundred bytes can put one cell into the last row and column, or repeat one long text in a million cells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from xml.parsers import expat

CELL_LIMIT = 10_000_000
TEXT_LIMIT = 256 << 20
_CHUNK = 1 << 22
# A cell written in any way but the usual one, which names its place first and needs no XML parser to be found.
_UNUSUAL = re.compile(rb'<(?:[^\s<>/!?]*:)?c(?! r="[A-Z]{1,3}[0-9]{1,7}")[\s/>]|<!')
_PLACE = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_VALUE = re.compile(rb"[<:]v[\s>]")
_SHARED = re.compile(rb"""\bt\s*=\s*["']s["'][^>]*>\s*<(?:[^\s<>/]*:)?v[^>]*>\s*([0-9]{1,9})\s*<""")
_TABLE = re.compile(rb"<(?:[^\s<>/]*:)?sst\b")
_STRING = re.compile(rb"<(?:[^\s<>/]*:)?si\b")


def extent_fault(members: Sequence[bytes]) -> str:
    """Why the sheets among the `members` of a workbook are not unfolded, with the remedy; '' where they may be.

    Raises expat.ExpatError where a sheet is no sound XML.
    """
    sheets = [member for member in members if b"sheetData" in member]
    lengths = [n for member in members if _TABLE.search(member) for n in _lengths(member)]
    for sheet in sheets:
        rows, columns = _measure(sheet)
        if rows * columns > CELL_LIMIT:
            return (
                f"A sheet of the workbook reaches as far as row {rows:,} and column {columns:,}, with far too many "
                "cells. Copy the filled part into a new sheet, or save it as CSV UTF-8."
            )
        if _text_size(sheet, lengths) > TEXT_LIMIT:
            return (
                "A sheet of the workbook holds more than 256 MB of text. Save the columns that are needed as CSV UTF-8."
            )
    return ""


def _measure(sheet: bytes) -> tuple[int, int]:
    """The last row and the last column that a cell stands in, from 1."""
    if _UNUSUAL.search(sheet):
        return _measure_parsed(sheet)
    rows, columns = 0, 0
    for start in range(0, len(sheet), _CHUNK):
        # A cell that begins in this piece may end in the next one.
        places = set(_PLACE.findall(sheet, start, start + _CHUNK + 32))
        rows = max([rows, *(int(row) for _, row in places)])
        columns = max([columns, *(_number(name) for name in {name for name, _ in places})])
    return rows, columns


def _measure_parsed(sheet: bytes) -> tuple[int, int]:
    rows = columns = row = column = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal rows, columns, row, column
        kind, place = name.rpartition(":")[2], re.fullmatch(r"([A-Za-z]*)([0-9]{1,18})", attributes.get("r", ""))
        if kind == "row":
            row, column = int(place[2]) if place else row + 1, 0
        elif kind == "c":
            column = _number(place[1].upper().encode()) if place else column + 1
            rows, columns = max(rows, int(place[2]) if place else row), max(columns, column)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(sheet, True)
    return rows, columns


def _refuse_doctype(*_: object) -> None:
    raise expat.ExpatError("A sheet has no document type; one with entities can grow without end.")


def _number(column: bytes) -> int:
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number


def _lengths(shared_strings: bytes) -> list[int]:
    """Bytes of each shared string, its markup included."""
    starts = [match.start() for match in _STRING.finditer(shared_strings)]
    return [end - start for start, end in pairwise([*starts, len(shared_strings)])]


def _text_size(sheet: bytes, lengths: list[int]) -> int:
    """Bytes of text in the cells of a sheet that refer to shared strings, each counted as often as it is shown."""
    if not lengths or max(lengths) * sum(1 for _ in _VALUE.finditer(sheet)) <= TEXT_LIMIT:
        return 0
    return sum(lengths[int(i)] for i in _SHARED.findall(sheet) if int(i) < len(lengths))
