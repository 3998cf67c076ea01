"""Better reasons for a file that could not be read: what it is instead of a list of records, and what to export.

Whether a file is read is decided elsewhere; here it is only said why not, for people who do not know what a heading row is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipelines.contracts import Column, Contract, heading_key
from pipelines.landing.containers import container_fault, disguise, is_workbook
from pipelines.landing.delimited import DELIMITERS, first_records
from pipelines.landing.encodings import Encoding, encoding_of
from pipelines.landing.headings import claim
from pipelines.landing.reading import Unreadable, sample_of
from pipelines.landing.workbooks import sheet_rows

Rows = Sequence[Sequence[str]]
_ROWS_SEARCHED = 50
# What Excel (English, German, French, Spanish), LibreOffice and Google Sheets write into a pivot table by themselves.
_PIVOT_CELLS = re.compile(
    "row labels|column labels|grand total|zeilenbeschriftungen|spaltenbeschriftungen|gesamtergebnis|étiquettes de lignes"
    "|étiquettes de colonnes|total général|etiquetas de fila|etiquetas de columna|total general|total result"
)
_PIVOT_STARTS = re.compile(
    "(sum|count|counta|average|min|max|product|stddev|var) of |(summe|anzahl|mittelwert|minimum|maximum) von "
    "|(somme|nombre|moyenne|min|max)[.]? de "
)
_FIGURE = re.compile(
    r"head ?count|count|number of .*|no\.? of .*|employees|staff|respondents|responses|n|total( .*)?|sum( .*)?|%.*|.* ?%"
    r"|(.* )?(percent|percentage|pct|rate|ratio|share|average|avg|mean|median|score|turnover|attrition|favou?rable)( .*)?"
    r"|(.* )?(head ?count|count|total)|separations|leavers|(ave|avg|average|mean)[_.](employees|staff|head ?count)"
)
_MEETING = re.compile("(meeting|event)[ _]?id")
_ID = re.compile(r"(.*[ _-])?(id|ids|e-?mail|email address|number|no|nr|#|key|code|username|login|uuid)\.?")


def explained(why: Unreadable, path: Path, contract: Contract) -> Unreadable:
    """`why` with a better reason where one is found. Raises OSError where the file cannot be opened."""
    reason = _misnamed(path) if is_workbook(path) and not why.headings else ""
    if why.headings and claim(why.headings[0], contract).missing:
        rows = _opening(path, contract, why.delimiter)
        names = why.headings[0]
        reason = pivot_fault(rows, contract.grain) or meeting_fault(names, contract) or aggregate_fault(names, contract)
    return replace(why, reason=reason) if reason else why


def first_sight(path: Path) -> str:
    """What a file is instead of a list of records, with the remedy, whatever its source; '' where nothing shows it.

    Raises OSError where the file cannot be opened.
    """
    if is_workbook(path):
        return _misnamed(path) or pivot_fault(_sheet(path, None))
    encoding = encoding_of(path)
    if container_fault(path) or isinstance(encoding, str):
        return ""
    return next(filter(None, (pivot_fault(_lines(path, encoding, d)) for d in DELIMITERS)), "")


def pivot_fault(rows: Rows, grain: str = "") -> str:
    """That the first `rows` of a file are those of a pivot table, with the remedy; '' where nothing shows it."""
    for number, row in enumerate(rows, start=1):
        marks = [
            cell.strip()
            for cell in row
            if _PIVOT_CELLS.fullmatch(heading_key(cell)) or _PIVOT_STARTS.match(heading_key(cell))
        ]
        if marks:
            return (
                f"Row {number} has the cell '{marks[0][:60]}': this is a pivot table, which holds sums and no records. "
                f"Save the list it was made from{_of(grain)}. In Excel, a double click on its grand total opens it."
            )
    return ""


def aggregate_fault(names: Sequence[str], contract: Contract) -> str:
    """That the headings `names` are those of figures about groups, where `contract` wants records; '' where not."""
    identifying = _missing_ids(names, contract)
    figures = [name.strip() for name in names if _FIGURE.fullmatch(heading_key(name))]
    if not identifying or not figures or any(_ID.fullmatch(heading_key(name)) for name in names):
        return ""
    listed = ", ".join(f"'{name}'" for name in figures[:4])
    return (
        f"The headings have figures about groups ({listed}) and no column '{identifying[0].headers[0]}': the data is "
        f"already added up. Export the records behind it{_of(contract.grain)}.{_group_source(contract)}"
    )


def meeting_fault(names: Sequence[str], contract: Contract) -> str:
    """That the headings `names` are those of a list of meetings, where `contract` wants people; '' where not."""
    claims = claim(names, contract)
    identifying = _missing_ids(names, contract)
    meetings = [names[i].strip() for i in claims.extra if _MEETING.fullmatch(heading_key(names[i]))]
    if not identifying or not meetings:
        return ""
    return (
        f"The file is a list of meetings ('{meetings[0]}') and has no column '{identifying[0].headers[0]}': it does not "
        f"tell who met whom. Export people instead of meetings{_of(contract.grain)}."
    )


def _missing_ids(names: Sequence[str], contract: Contract) -> list[Column]:
    """The columns that say whose or which record it is and are missing; all of them where none need be there but one."""
    claims = claim(names, contract)
    identifying = [column for column in contract.columns if _identifies(column)]
    is_identified = any(column.name in claims.positions for column in identifying)
    return [column for column in claims.missing if _identifies(column)] or ([] if is_identified else identifying)


def _identifies(column: Column) -> bool:
    return bool(column.options.get("identifies")) or (
        column.required and (column.unique or column.primary_key or column.name.endswith("_id"))
    )


def _of(grain: str) -> str:
    return f", {grain}" if grain else ""


def _group_source(contract: Contract) -> str:
    """Where figures about groups may go instead: two kinds have a source of their own."""
    domain = str(contract.settings.get("landing", "")).split("/")[0]
    if domain == "surveys":
        return " Scores of a survey by organisation belong into surveys/parley/survey_score_YYYYMMDD.csv."
    if domain == "conversations":
        return " Shares of teams with conversations belong into conversations/parley/conversation_usage_YYYYMMDD.csv."
    return ""


def _misnamed(path: Path) -> str:
    """What a file named .xlsx is instead; '' where its first bytes do not tell."""
    with path.open("rb") as file:
        head = file.read(1024)
    known = disguise(head)
    if known and known[0] not in ("an Excel workbook", "an Excel workbook or zip archive"):
        return f"The file is named {path.suffix} but is {known[0]}. {known[1]} and deliver that."
    is_text = head and not known and not re.search(rb"[\x00-\x08\x0e-\x1f]", head)
    return f"The file is named {path.suffix} but is text. Rename it to .csv and deliver that." if is_text else ""


def _opening(path: Path, contract: Contract, delimiter: str) -> Rows:
    """The first rows of a file whose headings have been read."""
    if is_workbook(path):
        return _sheet(path, contract.settings.get("sheet"))
    encoding = encoding_of(path, contract.settings.get("encoding"))
    return _lines(path, encoding, delimiter) if isinstance(encoding, Encoding) and delimiter else []


def _lines(path: Path, encoding: Encoding, delimiter: str) -> Rows:
    with path.open(encoding=encoding.codec, errors=encoding.errors, newline="") as stream:
        return first_records(sample_of(stream), delimiter)[:_ROWS_SEARCHED]


def _sheet(path: Path, name: str | None) -> Rows:
    sheet = sheet_rows(path, name)
    return [] if isinstance(sheet, str) else [[cell or "" for cell in row] for row in sheet.head(_ROWS_SEARCHED).rows()]
