"""Writes the conversation log in its vendor's layout, faults included, and the statement of what is covered."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.company.assumptions import DIVISIONS, LATE_DIVISION, LATE_LOG_MONTHS, TALK_LOG_MONTHS, WORKBOOK_DIVISION
from pipelines.company.calendar import months_earlier
from pipelines.company.dirt import OVERLAP_DAYS, export_days
from pipelines.company.frames import unit_id
from pipelines.company.record import Company

ENCODING = "cp1252"
# Ids nobody in the HR system has; one is not even a number, and shows that the file is not UTF-8.
UNKNOWN_IDS = ("AUSHILFE-Ä17", "999901", "X-0042", "999902")
YEARS_AHEAD = 10  # a slip of the keyboard: 2035 for 2025
CUT_AFTER = 6  # fields left in a row cut short
RECORD_ID = pl.format("TL-{}", pl.col("record").cast(pl.String).str.zfill(7))


def write_talks(company: Company, landing: Path) -> list[Path]:
    """Write the talk log in three deliveries that overlap by a week, then the capture coverage."""
    log = _log(company)
    paths, previous = [], date.min
    for day in export_days(company.as_of):
        since = previous - timedelta(days=OVERLAP_DAYS) if previous > date.min else previous
        rows = log.filter(pl.col("logged_day").is_between(since, day, closed="right"))
        path = landing / f"conversations/talklog/talks_{day:%Y%m%d}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_text(rows).encode(ENCODING))
        paths.append(path)
        previous = day
    return [*paths, _write_coverage(company, landing)]


def record_ids(company: Company) -> pl.DataFrame:
    """The log's record id of every talk in it, by spell and day; of a talk entered twice the first."""
    rows = _log(company).select("spell", "day", "record", record_id=RECORD_ID)
    return rows.unique(["spell", "day"], keep="first", maintain_order=True).drop("record")


def _log(company: Company) -> pl.DataFrame:
    """Log entries in order of entry, with record ids; a duplicate is the same talk entered twice."""
    rows = company.conversations.filter(pl.col("recorded_in") == "talklog")
    again = rows.filter(pl.col("dirt") == "duplicate")
    rows = pl.concat([rows, again]).sort("logged_day", "spell", "day", maintain_order=True)
    rows = rows.with_row_index("record", offset=1)
    hired = company.workers.select("employee_id", "original_hire_on")
    rows = rows.join(hired, on="employee_id", how="left", maintain_order="left")
    return rows.with_columns(shown_id=_shown_ids())


def _text(rows: pl.DataFrame) -> str:
    clean = rows.select(*_columns().values())
    text = clean.rename(dict(zip(clean.columns, _columns(), strict=True))).write_csv(
        separator=";", line_terminator="\r\n"
    )
    lines = text.split("\r\n")
    for row in np.flatnonzero((rows["dirt"] == "cut_short").fill_null(False).to_numpy()).tolist():
        lines[row + 1] = ";".join(lines[row + 1].split(";")[:CUT_AFTER])
    return "\r\n".join(lines)


def _columns() -> dict[str, pl.Expr]:
    """Heading -> value; the heading order is the file's."""
    return {
        "Record ID": RECORD_ID.alias("record"),
        "Employee ID": pl.col("shown_id"),
        "Conversation date": _dates(),
        "With": pl.col("partner"),
        "Partner ID": pl.col("partner_id"),
        "Started by": pl.col("started_by"),
        "Setting": pl.col("setting"),
        "Channel": pl.col("channel"),
        "Minutes": pl.col("minutes"),
        "Minutes basis": pl.col("basis"),
        "Topic": pl.col("topic"),
        "Support": pl.col("support"),
        "Prepared": pl.col("prepared"),
        "Useful": pl.col("useful"),
        "Rated by": pl.col("rated_by"),
        "Career content": pl.col("career"),
        "Status": pl.col("status"),
        "Logged on": pl.col("logged_day").dt.to_string("%d/%m/%Y"),
    }


def _shown_ids() -> pl.Expr:
    unknown = (pl.col("dirt") == "unknown_employee").fill_null(False)
    which = (unknown.cum_sum() - 1).cast(pl.Int64) % len(UNKNOWN_IDS)
    invented = which.replace_strict(dict(enumerate(UNKNOWN_IDS)), return_dtype=pl.String)
    return pl.when(unknown).then(invented).otherwise("employee_id")


def _dates() -> pl.Expr:
    day, dirt = pl.col("day"), pl.col("dirt")
    impossible = pl.format("31/02/{}", day.dt.year())
    ahead = day.dt.offset_by(f"{YEARS_AHEAD}y")
    before_hire = pl.col("original_hire_on") - pl.duration(days=400)
    shown = pl.when(dirt == "future_date").then(ahead).when(dirt == "before_hire").then(before_hire).otherwise(day)
    text = pl.when(dirt == "impossible_date").then(impossible).otherwise(shown.dt.to_string("%d/%m/%Y"))
    return text.alias("day")


def _write_coverage(company: Company, landing: Path) -> Path:
    """Which system has recorded talks for which division since when; staff outside the divisions are not covered."""
    rows = []
    for index, division in enumerate(DIVISIONS, start=1):
        months = LATE_LOG_MONTHS if division.name == LATE_DIVISION else TALK_LOG_MONTHS
        source = "workbook" if division.name == WORKBOOK_DIVISION else "talklog"
        rows.append((source, unit_id(index), months_earlier(company.as_of, months), None))
    names = {
        "source_system": pl.String,
        "org_unit_id": pl.String,
        "valid_from": pl.Date,
        "valid_to": pl.Date,
    }
    path = landing / f"conversations/parley/capture_coverage_{company.as_of:%Y%m%d}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(rows, schema=names, orient="row").write_csv(path)
    return path
