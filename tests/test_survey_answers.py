"""Which columns of a survey file are read as questions, and that what people say of themselves is in no table."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import pytest

from pipelines import contracts
from pipelines.contracts import Contract, heading_key
from pipelines.landing import FileAccount
from pipelines.landing.personal_questions import is_personal
from pipelines.paths import CONTRACTS
from tests.landing_cases import as_lines, column, contract, land, rows

PERSONAL = [
    "Gender", "What is your gender?", "Geschlecht", "Sex", "Age", "Your age:", "AGE GROUP", "How old are you?", "Alter",
    "Altersgruppe", "Date of Birth", "In which year were you born? (birth year)", "Geburtsdatum", "Ethnicity", "Ethnie", "Race",
    "Do you have a disability?", "Schwerbehinderung", "Religion", "Religionszugehörigkeit", "Nationality", "Staatsangehörigkeit",
    "Salary", "What is your salary?", "Gehalt", "Ihr Gehalt", "Phone", "Phone number (optional)", "Telefonnummer", "Address",
    "Home address", "Adresse", "Department", "Which department do you work in?", "In welcher Abteilung arbeiten Sie?",
    "Enter your name", "Wie ist Ihr Name?", "Which country are you from?", "Please select your location *", "Job title", "Marital status",
]  # fmt: skip
OPINIONS = [
    "When was your last career conversation?", "My manager listens", "Did you talk by phone?", "I am encouraged",
    "Was behindert Sie?", "Wurde das Gespräch gehalten?", "What alternatives do you see?", "Language was no barrier",
    "My team supports me", "I see a future for myself here", "The location suited me", "Who did you talk to? - Manager",
    "Es hat sich gelohnt", "My role is clear", "Which position do you aim for next year?", "Q1",
]  # fmt: skip


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database for landed files."""
    with duckdb.connect() as found:
        yield found


@cache
def _sources() -> dict[str, Contract]:
    return contracts.load_folder(CONTRACTS / "sources")


WIDE = sorted(c.id for c in _sources().values() if "answers" in c.settings)


def _landed(root: Path, source: str, con: duckdb.DuckDBPyConnection, head: str, *records: str) -> FileAccount:
    known = _sources()
    found = known[source]
    return land(root, found, {"pulse_20260630.csv": as_lines(head, *records)}, con, known[found.settings["answers"]])[0]


@pytest.mark.parametrize("heading", PERSONAL)
def test_a_heading_that_asks_who_somebody_is_is_personal(heading: str) -> None:
    assert is_personal([heading_key(heading)])
    assert is_personal(["q7", heading_key(heading)])
    assert is_personal([heading_key(f"{heading} - Choice")])


@pytest.mark.parametrize("heading", OPINIONS)
def test_a_question_for_an_opinion_is_not(heading: str) -> None:
    assert not is_personal([heading_key(heading)])


@pytest.mark.parametrize("source", WIDE)
def test_what_people_say_of_themselves_is_in_no_table_of_any_survey_source(
    tmp_path: Path, con: duckdb.DuckDBPyConnection, source: str
) -> None:
    found = _sources()[source]
    own = {c.headers[0]: _fitting(c.kind, str(c.options.get("format", ""))) for c in found.columns}
    asked = ["I can grow here", "I can grow here_COMMENT"] if "questionsWith" in found.settings else ["I can grow here"]
    heads = [*own, *PERSONAL, *asked]
    record = [*own.values(), *["CANARY"] * len(PERSONAL), "4", "CANARY"][: len(heads)]
    more = int(found.settings.get("headerRows", 1)) - 1
    names = [",".join(f'"{head}"' for head in heads), *[",".join(["x"] * len(heads))] * more]
    if found.settings.get("headingsFill"):
        names[1] = "," * (len(heads) - 1)
    account = _landed(tmp_path, source, con, names[0], *names[1:], ",".join(record))
    assert (account.status, account.accepted) == ("read", 1), account.reason
    answers = found.settings["answers"]
    assert rows(con, f"SELECT question_id, value FROM raw.{answers}") == [("I can grow here", "4")]
    for (table,) in rows(con, "SELECT table_schema || '.' || table_name FROM information_schema.tables"):
        assert "CANARY" not in repr(rows(con, f"SELECT * FROM {table}")), table


def _fitting(kind: str, date_format: str) -> str:
    moment = "16-03-2026 09:00" if date_format.startswith("dd") else "2026-03-16 09:00:00"
    return {"timestamp": moment, "integer": "1", "boolean": "True"}.get(kind, "r1")


def test_the_wording_in_the_second_heading_row_tells_what_a_number_of_a_question_means(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    head = "StartDate,EndDate,Status,Finished,ResponseId,Q1,Q2,Q3"
    words = "Start,End,Type,Done,Response,Was it useful?,What is your gender?,'Age - Selected choice'".replace("'", "")
    ids = ",".join(["x"] * 8)
    record = "2026-03-16 09:00:00,2026-03-16 09:00:00,IP Address,True,R_1,Yes,CANARY,CANARY"
    assert _landed(tmp_path, "qualtrics__response", con, head, words, ids, record).accepted == 1
    assert rows(con, "SELECT question_id, value FROM raw.qualtrics__answer") == [("Q1", "Yes")]


def test_where_questions_go_with_a_column_of_comments_nothing_else_is_one(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    head = "Employee ID,Survey Cycle Completion Date,Shoe size,I feel valued ,I FEEL VALUED_comment,Ethnic diversity matters"
    account = _landed(
        tmp_path,
        "glint__response",
        con,
        f"{head},Ethnic diversity matters_COMMENT",
        "00101,17-03-2026 09:34,CANARY,5,CANARY,3,CANARY",
    )
    assert account.accepted == 1
    found = rows(con, "SELECT question_id, value FROM raw.glint__answer ORDER BY 1")
    assert found == [("Ethnic diversity matters", "3"), ("I feel valued", "5")]


def test_a_file_without_the_columns_that_tell_its_questions_is_refused(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    head = "Employee ID,Survey Cycle Completion Date,I feel valued"
    account = _landed(tmp_path, "glint__response", con, head, "00101,17-03-2026 09:34,5")
    assert (account.status, account.accepted, account.quarantined) == ("refused", 0, 1)
    assert account.reason.startswith("The file has no questions")
    assert account.reason.endswith("Export those columns as well; they are not read.")


def test_patterns_of_the_contract_are_left_out_by_the_name_of_the_column_alone(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    described = contract(tmp_path, "form", [column("id")], answers="answer", ignored=["Points*", "Score"], headerRows=2)
    answers = contract(tmp_path, "answer", [column("question_id"), column("value")], filledBy="form")
    content = as_lines("id,Points - Q1,SCORE,Q1", "x,y,z,Points for and against", "1,7,8,9")
    assert land(tmp_path, described, {"form_20260630.csv": content}, con, answers)[0].accepted == 1
    assert rows(con, "SELECT question_id, value FROM raw.answer") == [("Q1", "9")]
