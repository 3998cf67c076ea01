"""The page on screen as a spreadsheet: hidden cells say why here too, and no cell is a formula or a link."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import polars as pl
import xlsxwriter

from dashboards import words
from dashboards.data import cell_of
from dashboards.release import Release

OPTIONS = {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
_FORMULA_STARTS = tuple("=+-@|%\t\r\n\0＝＋－＠｜％")
_HEADINGS = (
    "Metric",
    "Name",
    "As of",
    "Group",
    "Career stage",
    "Band",
    "Unit",
    "Value",
    "From (95%)",
    "To (95%)",
    "People or events",
    "Known share",
    "Status",
)


def guarded(text: object) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe goes before anything that could start one."""
    found = str(text)
    return f"'{found}" if found.lstrip(" ").startswith(_FORMULA_STARTS) else found


def workbook(
    rows: pl.DataFrame,
    labels: Mapping[str, str],
    definitions: Mapping[str, Mapping[str, object]],
    chosen: Mapping[str, str],
    release: Release,
    minimum: int,
) -> bytes:
    """An xlsx file of the sheets Data, Definitions, Filters and About; `labels` maps group keys to readers' words."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        write_sheet(
            book, "Data", _HEADINGS, [_data_row(r, labels, definitions, minimum) for r in rows.iter_rows(named=True)]
        )
        used = [definitions[i] for i in dict.fromkeys(rows["metric_id"].to_list()) if i in definitions]
        fields = (
            "metric_id",
            "name",
            "definition",
            "numerator",
            "denominator",
            "window",
            "exclusions",
            "unit",
            "source",
        )
        write_sheet(book, "Definitions", fields, [[row[field] for field in fields] for row in used])
        write_sheet(book, "Filters", ("Filter", "Chosen"), [list(item) for item in chosen.items()])
        write_sheet(book, "About", ("Item", "Content"), about(release, minimum))
    return buffer.getvalue()


def _data_row(
    row: dict[str, object], labels: Mapping[str, str], definitions: Mapping[str, Mapping[str, object]], minimum: int
) -> list[object]:
    cell = cell_of(row)
    in_company = row["cut"] in ("company", "career_stage")
    group = "Whole company" if in_company else labels.get(str(row["group_key"]), str(row["group_key"]))
    stage = str(row["group_key"]) if row["cut"] == "career_stage" else str(row["second_key"])
    name = definitions[str(row["metric_id"])]["name"] if row["metric_id"] in definitions else ""
    value = cell.value if cell.is_shown else words.short(cell, minimum)
    place = [row["metric_id"], name, str(row["as_of"]), group, labels.get(stage, stage), row["band"], row["unit"]]
    return [*place, value, cell.lo, cell.hi, cell.n, cell.known_share, cell.status]


def about(release: Release, minimum: int) -> list[list[object]]:
    """What the figures rest on and how they are to be read, as lines of item and content."""
    return [
        ["Data as of", str(release.as_of)],
        ["Recorded by", str(release.knowledge_at)],
        ["Release", release.id],
        ["Code version", release.code_version],
        ["Content hash", release.content_hash],
        ["Hidden cells", f"Groups under {minimum} people are hidden (n<{minimum}), some with a neighbour ('hidden')."],
        ["Shares", "0.44 is 44%. The interval holds the true value 95 times in 100."],
    ]


def write_sheet(
    book: xlsxwriter.Workbook, name: str, headings: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    """Add a sheet with headings that stay in sight; every text is guarded, a null is a blank."""
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
    for line, row in enumerate(rows, start=1):
        for column, content in enumerate(row):
            if isinstance(content, int | float):
                sheet.write_number(line, column, content)
            elif content is not None:
                sheet.write_string(line, column, guarded(content))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(headings) - 1, 18)
