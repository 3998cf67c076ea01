"""Writes the workbook in which one division's HR partner keeps the date of each person's last career talk."""

from datetime import date, datetime, time
from pathlib import Path

import polars as pl
import xlsxwriter

from pipelines.company.assumptions import DAYS_PER_MONTH, DIVISIONS, IN_DATE_DAYS, WORKBOOK_DIVISION, stream
from pipelines.company.record import Company
from pipelines.company.vocabulary import HEAD_TITLES, TITLES

SHEET = "Career talks"
HEADINGS = (
    "Name", "Employee no.", "Role", "Level", "Team", "Assessing manager", "Months in role",
    "Career conversation date", "Conversation status",
)  # fmt: skip
TEXT_DATE_SHARE = 0.10  # dates somebody typed as text


def write_workbook(company: Company, landing: Path) -> Path:
    """Write the sheet: title, export note, empty row, headings in row 4, one row per current member of staff."""
    path = landing / f"conversations/workbook/career_talks_{company.as_of:%Y%m%d}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = _rows(company)
    as_text = stream(company.seed, "workbook").random(len(rows)) < TEXT_DATE_SHARE
    with xlsxwriter.Workbook(path) as workbook:
        # A fixed creation time keeps the file the same for the same company.
        workbook.set_properties({"created": datetime.combine(company.as_of, time())})
        day_format = workbook.add_format({"num_format": "dd/mm/yyyy"})
        sheet = workbook.add_worksheet(SHEET)
        sheet.write_string(0, 0, f"Career conversations, {WORKBOOK_DIVISION}")
        sheet.write_string(1, 0, f"Exported {company.as_of:%d/%m/%Y}")
        sheet.write_row(3, 0, HEADINGS)
        for number, (row, text) in enumerate(zip(rows, as_text.tolist(), strict=True), start=4):
            _write_row(sheet, number, row, text, day_format)
    return path


def _write_row(
    sheet: xlsxwriter.worksheet.Worksheet,
    number: int,
    row: dict[str, object],
    as_text: bool,
    day_format: xlsxwriter.format.Format,
) -> None:
    for column, heading in enumerate(HEADINGS):
        value = row[heading]
        if isinstance(value, date) and as_text:
            sheet.write_string(number, column, f"{value:%d/%m/%Y}")
        elif isinstance(value, date):
            sheet.write_datetime(number, column, datetime.combine(value, time()), day_format)
        elif isinstance(value, int):
            sheet.write_number(number, column, value)
        elif value is not None:
            sheet.write_string(number, column, str(value))


def _rows(company: Company) -> list[dict[str, object]]:
    division = [each.name for each in DIVISIONS].index(WORKBOOK_DIVISION)
    present = company.jobs.filter(
        (pl.col("division") == division) & pl.col("ended_on").is_null() & (pl.col("reason") != "Termination")
    )
    names = company.workers.select("employee_id", "name", "worker_type")
    managers = names.select(manager_id="employee_id", manager_name="name")
    teams = company.units.filter(pl.col("ended_on").is_null()).select("unit", team="name")
    rows = (
        present.join(names.filter(pl.col("worker_type") == "Employee"), on="employee_id")
        .join(managers, on="manager_id", how="left")
        .join(teams, on="unit", how="left")
        .join(_last_talks(company), on="spell", how="left")
        .join(_job_starts(company), on="spell", how="left")
        .sort("employee_id")
    )
    return rows.select(*_columns(company.as_of)).to_dicts()


def _last_talks(company: Company) -> pl.DataFrame:
    known = company.conversations.filter(pl.col("held_career") & (pl.col("recorded_in") != "none"))
    return known.group_by("spell").agg(last_on=pl.col("day").max())


def _job_starts(company: Company) -> pl.DataFrame:
    same_job = ("Manager Change", "Reorganization", "Title Change", "Termination")
    starts = company.jobs.filter(~pl.col("reason").is_in(same_job))
    return starts.group_by("spell").agg(job_start=pl.col("began_on").max())


def _columns(as_of: date) -> list[pl.Expr]:
    title = pl.lit(TITLES[next(each.family for each in DIVISIONS if each.name == WORKBOOK_DIVISION)])
    head = pl.col("rank").replace_strict(HEAD_TITLES, default="Manager")
    since = (pl.lit(as_of) - pl.col("last_on")).dt.total_days()
    needed = pl.when(since > 365).then(pl.lit("Needed (>12 mo)")).otherwise(pl.lit("Needed"))
    values = (
        pl.col("name"),
        pl.col("employee_id"),
        pl.when(pl.col("is_head") == 1).then(head).otherwise(title),
        pl.format("G{}", "rank"),
        pl.col("team"),
        pl.col("manager_name"),
        ((pl.lit(as_of) - pl.col("job_start")).dt.total_days() / DAYS_PER_MONTH).cast(pl.Int64),
        pl.col("last_on"),
        pl.when(since <= IN_DATE_DAYS).then(pl.lit("Current")).otherwise(needed),
    )
    return [value.alias(heading) for value, heading in zip(values, HEADINGS, strict=True)]
