"""The examination of a single file: which source it is of, what would become of it, and what to do about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.contracts import Contract, load_folder
from pipelines.landing.checking import profile
from pipelines.paths import CONTRACTS
from tests.landing_cases import column, contract


@pytest.fixture
def known(tmp_path: Path) -> dict[str, Contract]:
    staff = contract(
        tmp_path,
        "staff",
        [
            column("id", headings=["Employee ID"], required=True),
            column("hired", "date", headings=["Hire date"]),
            column("status", headings=["Worker status"], values=["Active", "Left"]),
        ],
        landing="hris/staff",
        files=["workers*"],
    )
    answers = contract(tmp_path, "answers", [column("question_id"), column("value")])
    survey = contract(
        tmp_path, "survey", [column("response", headings=["ResponseId"])], headerRows=2, answers="answers"
    )
    return {found.id: found for found in (staff, answers, survey)}


def _write(path: Path, *lines: str) -> Path:
    path.write_bytes(("\n".join(lines) + "\n").encode())
    return path


def test_a_good_file_is_recognised_and_counted_and_nothing_is_written(
    tmp_path: Path, known: dict[str, Contract]
) -> None:
    path = _write(tmp_path / "workers_20260630.csv", "Employee ID;Hire Date;Worker status;Pay", "1;31/01/2020;Left;9")
    before = sorted(tmp_path.rglob("*"))
    found = profile(path, known)
    assert sorted(tmp_path.rglob("*")) == before
    assert [(guess.source, guess.share) for guess in found.guesses] == [("staff", 1.0)]
    assert found.mapping == {"Employee ID": "id", "Hire Date": "hired", "Worker status": "status"}
    assert found.unmatched == ("Pay",)
    account = found.account
    assert (account.delimiter, account.encoding, account.date_format) == (";", "utf-8", "hired dd/MM/yyyy")
    assert (account.records, account.accepted, account.quarantined) == (2, 1, 0)
    assert found.destination == "hris/staff/workers_20260630.csv"
    assert found.problems == ()


def test_quarantined_records_are_counted_by_reason(tmp_path: Path, known: dict[str, Contract]) -> None:
    lines = ["Employee ID,Hire date,Worker status", "1,2020-01-01,Gone", "2,2020-01-01,Away", "3,soon,Left", "4,,Left"]
    found = profile(_write(tmp_path / "workers_20260630.csv", *lines), known)
    assert found.reasons == {"'status' is not one of Active, Left": 2, "'hired' is not a date": 1}


def test_a_misspelt_heading_is_named_with_those_that_resemble_it(tmp_path: Path, known: dict[str, Contract]) -> None:
    path = _write(tmp_path / "workers_20260630.csv", "Employe-ID,Hire date,Worker status", "1,2020-01-01,Left")
    found = profile(path, known)
    assert found.suggestions == {"id": ("Employe-ID",)}
    assert found.account.status == "refused"
    assert any("Missing column 'id'" in problem for problem in found.problems)


def test_headings_further_down_are_found_and_the_rest_is_judged_all_the_same(
    tmp_path: Path, known: dict[str, Contract]
) -> None:
    lines = ["All staff", "", "Employee ID,Hire date,Worker status", "1,01/02/2020,Left"]
    found = profile(_write(tmp_path / "export.csv", *lines), known)
    assert found.guesses[0].header_row == 3
    position, name, dates = found.problems
    assert "row 3; staff expects them in row 1" in position
    assert "named workers*" in name
    assert "hris/staff/workers_YYYYMMDD.csv" in name
    assert "nothing shows whether 01/02/2020" in dates
    assert found.account.as_of is None


def test_a_file_without_a_date_in_its_name_is_told_so(tmp_path: Path, known: dict[str, Contract]) -> None:
    path = _write(tmp_path / "workers.csv", "Employee ID,Hire date,Worker status", "1,2020-01-31,Left")
    found = profile(path, known)
    assert found.account.accepted == 1
    assert found.problems == (
        "The name has no date. Add the day of the export, as in hris/staff/workers_YYYYMMDD.csv.",
    )


def test_questions_of_a_survey_are_no_problem(tmp_path: Path, known: dict[str, Contract]) -> None:
    path = _write(tmp_path / "pulse_20260630.csv", "ResponseId,Q1", "Id,How?", "R_1,Never")
    found = profile(path, known)
    assert (found.guesses[0].source, found.account.accepted, found.problems) == ("survey", 1, ())
    assert found.unmatched == ("Q1",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a,b\n1,2\n", "No source has headings like those"),
        (b"", "No source has headings like those"),
        (b"%PDF-1.7", "a PDF"),
        (b"PK\x03\x04", "Excel workbook"),
    ],
)
def test_what_resembles_no_source_is_refused_with_a_remedy(
    tmp_path: Path, known: dict[str, Contract], content: bytes, words: str
) -> None:
    path = tmp_path / "thing.csv"
    path.write_bytes(content)
    found = profile(path, known)
    assert found.guesses == ()
    assert len(found.problems) == 1
    assert words in found.problems[0]


def test_a_file_with_the_first_headings_of_each_declared_source_is_recognised_as_that_source(tmp_path: Path) -> None:
    declared = load_folder(CONTRACTS / "sources")
    for source in declared.values():
        if "landing" not in source.settings:
            continue
        row = ["x" for _ in source.columns]
        blank = [""] * (int(source.settings.get("headerRow", 1)) - 1)
        extra = [",".join(row)] * (int(source.settings.get("headerRows", 1)) - 1)
        quote = source.settings.get("quote", '"')
        heads = ",".join(f"{quote}{column.headers[0]}{quote}" for column in source.columns)
        path = _write(tmp_path / f"{source.id}_20260630.csv", *blank, heads, *extra, ",".join(row))
        guesses = profile(path, declared).guesses
        assert source.id in {guess.source for guess in guesses if guess.share == 1.0}, source.id


def test_columns_whose_meaning_no_vendor_confirms_are_named(tmp_path: Path) -> None:
    columns = [
        column("id"),
        column("held", "date", headings=["Meeting date"], businessName="Day of the talk", verified=False),
        column("partner", optional=True, verified=False),
    ]
    known = {"talks": contract(tmp_path, "talks", columns)}
    found = profile(_write(tmp_path / "talks_20260630.csv", "id, Meeting Date", "1,2026-01-01"), known)
    [sentence] = found.unverified
    assert sentence.startswith("'Meeting Date' is read as held (Day of the talk)")
    assert found.problems == ()


def test_a_calendar_is_recognised_by_its_ending(tmp_path: Path) -> None:
    known = {"events": contract(tmp_path, "events", [column("uid"), column("start", "timestamp")], files=["*.ics"])}
    event = ["BEGIN:VEVENT", "UID:1", "DTSTART:20260101T090000Z", "DESCRIPTION:CANARY", "END:VEVENT"]
    found = profile(_write(tmp_path / "cal_20260630.ics", "BEGIN:VCALENDAR", *event, "END:VCALENDAR"), known)
    assert (found.account.records, found.account.header, found.account.accepted) == (1, 0, 1)
    assert found.mapping == {"uid": "uid", "start": "start"}
    assert found.destination == "events/cal_20260630.ics"


def test_a_survey_with_groups_over_two_rows_is_recognised_with_its_filled_headings(tmp_path: Path) -> None:
    answers = contract(tmp_path, "answers", [column("question_id"), column("value")])
    survey = contract(tmp_path, "survey", [column("response")], headerRows=2, headingsFill=True, answers="answers")
    path = _write(tmp_path / "pulse_20260630.csv", "response,Who?,", ",Manager,Mentor", "1,x,y")
    found = profile(path, {"survey": survey, "answers": answers})
    assert found.unmatched == ("Who? - Manager", "Who? - Mentor")
    assert found.account.accepted == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("s_20260630.ods", "save it as .xlsx"),
        ("s_20260630.ics", "no calendar"),
        ("s_20260630.xlsx", "is text. Rename it to .csv"),
    ],
)
def test_a_file_that_cannot_be_read_says_how_to_make_it_readable(
    tmp_path: Path, known: dict[str, Contract], name: str, words: str
) -> None:
    [problem] = profile(_write(tmp_path / name, "id", "1"), known).problems
    assert words in problem
