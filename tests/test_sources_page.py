"""docs/sources.md says what is declared and what becomes of files nobody here wrote; the files are landed to find out."""

from __future__ import annotations

import os
import re
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest

from pipelines import tables
from pipelines.landing import inventory, land_source
from pipelines.paths import SQL
from tests.landing_cases import column, contract, land, rows
from tests.real_files import DIALECTS, EXPECTED, KNOWN, Expected, deliver, examined, records_by_hand
from tests.real_inputs import DATA, needs_real_data
from tests.sources_page import REAL_FILES, declared_part, real_part

PAGE = Path(__file__).parents[1] / "docs" / "sources.md"
FOLDERS = ("hris", "survey", "meetings")
OUTDATED = "docs/sources.md is out of date: run with PARLEY_WRITE_DOCS=1 and look at what changed"
TABLES = (".csv", ".xls", ".xlsx")
# Kinds of files that are no tables, and what they hold.
OTHERS = {
    ".docx": "a questionnaire and a report, as documents",
    ".qsf": "questionnaires, as the survey system keeps them",
    ".rds": "objects of R",
}
TEXTS = ("", ".txt")
BEAVERTON_AND_PORTLAND = [("Beaverton", 6, 5), ("Portland", 3, 3)]
every_file = pytest.mark.parametrize("told", EXPECTED, ids=lambda told: told.path)


@needs_real_data
@every_file
def test_a_real_file_is_read_or_refused_as_told(told: Expected) -> None:
    found = examined(told)
    account = found.account
    assert (account.status, account.source, found.overlay) == (told.status, told.source, told.overlay), account.reason
    assert (account.accepted, account.quarantined) == (told.accepted, told.aside)
    assert told.reason in account.reason
    assert bool(account.reason) == (told.status == "refused") == bool(told.reason)


@needs_real_data
@every_file
def test_every_record_of_a_real_file_is_accounted_for(told: Expected) -> None:
    account = examined(told).account
    assert account.records == account.header + account.accepted + account.quarantined
    assert account.records == records_by_hand(DATA / told.path)


@needs_real_data
@pytest.mark.parametrize(
    ("name", "query", "found"),
    [
        ("Survival", "exit_type, count(*)", [("exit_involuntary", 16), ("exit_voluntary", 463), ("none", 222)]),
        (
            "PersData",
            "CAST(min(hire_date) AS VARCHAR), CAST(max(hire_date) AS VARCHAR)",
            [("2016-01-01", "2016-01-09")],
        ),
        ("DataCleaningExample", "location_code, count(*), count(grade_code)", [(None, 1, 1), *BEAVERTON_AND_PORTLAND]),
        (
            "MFG10YearTerminationData",
            "count(DISTINCT employee_id), count(DISTINCT year(as_of)), count(*) FILTER (employment_status = 'terminated')",
            [(6284, 10, 1485)],
        ),
    ],
)
def test_an_overlay_says_what_the_values_of_a_real_file_mean(
    name: str, query: str, found: list[tuple[object, ...]]
) -> None:
    (told,) = (told for told in EXPECTED if Path(told.path).stem == name)
    with duckdb.connect() as con:
        deliver(told, con)
        selected = rows(con, f"SELECT {query} FROM raw.{told.source} GROUP BY ALL ORDER BY 1 NULLS FIRST")
    assert selected == found


@needs_real_data
def test_no_real_file_is_left_out() -> None:
    files = [path for folder in FOLDERS for path in (DATA / folder).rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {*TABLES, *OTHERS, *TEXTS}
    found = {path.relative_to(DATA).as_posix() for path in files if path.suffix in TABLES}
    assert found == {told.path for told in EXPECTED}
    assert len(EXPECTED) == len(found)


@cache
def refused_kinds() -> list[tuple[str, int, str, str]]:
    """Kind, number, content and the reason with which landing refuses them, of the files that are no tables."""
    found = []
    for ending, holds in OTHERS.items():
        with TemporaryDirectory() as folder, duckdb.connect() as con:
            paths = sorted(path for area in FOLDERS for path in (DATA / area).rglob(f"*{ending}"))
            place = Path(folder) / "surveys" / "qualtrics"
            place.mkdir(parents=True)
            for number, path in enumerate(paths):
                shutil.copy(path, place / f"survey_{number}_20170801{ending}")
            source = KNOWN["qualtrics__response"]
            accounts = land_source(source, inventory(Path(folder), KNOWN), con, KNOWN["qualtrics__answer"])
        reasons = {re.sub("^Same content as .* was refused: ", "", account.reason) for account in accounts}
        assert [a.status for a in accounts] == ["refused"] * len(paths)
        (reason,) = reasons
        found.append((ending, len(paths), holds, f"**refused**: {reason.partition('. ')[0]}"))
    return found


@needs_real_data
def test_documents_and_objects_of_other_programs_are_refused_by_their_ending() -> None:
    reasons = {ending: reason for ending, _, _, reason in refused_kinds()}
    assert reasons == {ending: f"**refused**: Files ending in '{ending}' are not read" for ending in OTHERS}


@cache
def declared() -> str:
    """The part of the page that needs no real files."""
    return declared_part(KNOWN, tables.load(SQL))


def test_the_page_shows_every_declared_source_as_it_is() -> None:
    if os.environ.get("PARLEY_WRITE_DOCS"):
        rest = PAGE.read_text(encoding="utf-8").partition(REAL_FILES)[2]
        PAGE.write_text(f"{declared()}\n{REAL_FILES}{rest}", encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8").startswith(f"{declared()}\n{REAL_FILES}"), OUTDATED


@needs_real_data
def test_the_page_shows_what_became_of_every_real_file() -> None:
    page = f"{declared()}\n{real_part([examined(told) for told in EXPECTED], refused_kinds())}"
    if os.environ.get("PARLEY_WRITE_DOCS"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, OUTDATED


def test_every_overlay_for_a_real_file_is_used() -> None:
    assert set(DIALECTS) == {told.overlay for told in EXPECTED if told.overlay}


@pytest.mark.parametrize(
    ("headings", "words"),
    [
        ("MeetingId,Subject,Attendees", "a list of meetings ('MeetingId') and has no column 'employee_id'"),
        ("Event ID,employee_count", "it does not tell who met whom"),
        ("Month,Separations,Ave_Employees", "figures about groups ('Separations', 'Ave_Employees')"),
        ("Meeting,Subject", "Missing column 'employee_id'"),
        ("MeetingId,employee_id", "Missing column 'day'"),
    ],
)
def test_lists_of_meetings_and_monthly_turnover_are_named_as_what_they_are(
    tmp_path: Path, headings: str, words: str
) -> None:
    people = contract(tmp_path, "people", [column("employee_id", required=True), column("day", "date")])
    with duckdb.connect() as con:
        account = land(tmp_path, people, {"a_20260630.csv": f"{headings}\n1,2,3\n".encode()}, con)[0]
    assert account.status == "refused"
    assert words in account.reason
