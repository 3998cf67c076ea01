"""Writes the pulse surveys in the survey vendor's three-heading layout, and the list of questions."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.company.record import Company
from pipelines.company.surveys import closing_days, wave_name
from pipelines.company.vocabulary import MANAGER_QUESTION, QUESTIONS

SURVEY = "career_pulse"
MANAGER_SURVEY = "manager_check"
# Technical columns and their texts in the second heading row.
LEADING = {
    "StartDate": "Start Date", "EndDate": "End Date", "Status": "Response Type", "IPAddress": "IP Address",
    "Progress": "Progress", "Duration (in seconds)": "Duration (in seconds)", "Finished": "Finished",
    "RecordedDate": "Recorded Date", "ResponseId": "Response ID", "RecipientLastName": "Recipient Last Name",
    "RecipientFirstName": "Recipient First Name", "RecipientEmail": "Recipient Email",
    "ExternalReference": "External Data Reference", "LocationLatitude": "Location Latitude",
    "LocationLongitude": "Location Longitude", "DistributionChannel": "Distribution Channel",
    "UserLanguage": "User Language",
}  # fmt: skip
IMPORT_IDS = {
    "Duration (in seconds)": "duration",
    "ExternalReference": "externalDataReference",
    "ResponseId": "_recordId",
}
SCALE_NOTES = {
    "Q1": "Please choose one answer.",
    "Q7": "0 = not at all, 10 = extremely",
}


def write_surveys(company: Company, landing: Path) -> list[Path]:
    """Write one file per wave, named after its half-year and closing day, the managers' checks, and the question list."""
    paths = []
    for closing in closing_days(company.as_of):
        wave = wave_name(closing)
        path = landing / f"surveys/qualtrics/{SURVEY}_{wave}_{closing:%Y%m%d}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        sheets = company.responses.filter(pl.col("wave") == wave)
        path.write_text(
            _headings() + _body(sheets).write_csv(include_header=False),
            encoding="utf-8",
            newline="",
        )
        paths.append(path)
    checks = [_write_checks(company, landing, closing) for closing in closing_days(company.as_of)]
    return [*paths, *checks, _write_questions(company, landing)]


def _headings() -> str:
    """Names, texts (with one line break inside quotes) and import ids, as the vendor writes them."""
    texts = [f"{text}\n{SCALE_NOTES[name]}" if name == "Q1" else text for name, (text, *_) in QUESTIONS.items()]
    ids = [IMPORT_IDS.get(name, name[0].lower() + name[1:]) for name in LEADING]
    ids += [name.replace("Q", "QID") for name in QUESTIONS]
    rows = [
        [*LEADING, *QUESTIONS],
        [*LEADING.values(), *texts],
        [json.dumps({"ImportId": each}) for each in ids],
    ]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _body(sheets: pl.DataFrame) -> pl.DataFrame:
    begun = pl.col("day").cast(pl.Datetime) + pl.duration(seconds="second")
    ended = (begun + pl.duration(seconds="duration")).dt.to_string("%Y-%m-%d %H:%M:%S")
    preview, finished = pl.col("is_preview"), pl.col("is_finished")
    rows = sheets.sort("day", "second", maintain_order=True).with_row_index("number")
    blank = pl.lit(None, pl.String)
    return rows.select(
        begun.dt.to_string("%Y-%m-%d %H:%M:%S").alias("start"),
        ended.alias("end"),
        pl.when(preview).then(pl.lit("Survey Preview")).otherwise(pl.lit("IP Address")).alias("status"),
        # 192.0.2.0/24 is reserved for documentation: the column exists, the addresses belong to nobody.
        pl.format("192.0.2.{}", pl.col("number") % 254 + 1).alias("address"),
        pl.when(finished).then(100).otherwise(45).alias("progress"),
        pl.col("duration"),
        pl.when(finished).then(pl.lit("True")).otherwise(pl.lit("False")).alias("finished"),
        ended.alias("recorded"),
        pl.format("R_{}{}", pl.col("wave"), pl.col("number").cast(pl.String).str.zfill(6)).alias("response"),
        *(blank.alias(name) for name in ("last_name", "first_name", "email")),
        pl.col("employee_id"),
        *(blank.alias(name) for name in ("latitude", "longitude")),
        pl.when(preview).then(pl.lit("preview")).otherwise(pl.lit("email")).alias("channel"),
        pl.lit("EN").alias("language"),
        *(pl.col(name) for name in QUESTIONS),
    )


def _write_checks(company: Company, landing: Path, closing: date) -> Path:
    """One file per wave of the managers' check; each sheet answers about every report."""
    answers = company.manager_checks.filter(pl.col("wave") == wave_name(closing))
    sheet = pl.col("manager_id").rank("dense")
    rows = answers.select(
        response_id=pl.format("MC-{}-{}", "wave", sheet.cast(pl.String).str.zfill(5)),
        survey_id=pl.format(MANAGER_SURVEY + "_{}", "wave"),
        question_id=pl.lit(MANAGER_QUESTION[0]),
        employee_id="manager_id",
        about_id="employee_id",
        confidentiality=pl.lit("confidential"),
        value="answer",
        answered_on="day",
    )
    path = landing / f"surveys/parley/survey_response_{closing:%Y%m%d}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows.write_csv(path)
    return path


def _write_questions(company: Company, landing: Path) -> Path:
    rows = [
        (SURVEY, name, text, construct, low, high, "No") for name, (text, construct, low, high) in QUESTIONS.items()
    ]
    rows.append((MANAGER_SURVEY, *MANAGER_QUESTION, None, None, "No"))
    names = [
        "survey_id",
        "question_id",
        "text",
        "construct",
        "scale_min",
        "scale_max",
        "reversed",
    ]
    path = landing / f"surveys/parley/survey_question_{company.as_of:%Y%m%d}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(rows, schema=names, orient="row").write_csv(path)
    return path
