"""Exports that nobody here wrote, landed and built up to core, against what the standard library reads in them."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.landing_cases import rows
from tests.real_inputs import DATA, accounts, day, keys, needs_real_data, table
from tests.runs import warehouse

pytestmark = needs_real_data
WORKDAY, SURVEYS = DATA / "hris" / "workday_seeds", DATA / "survey"
EXPORTED = date(2024, 1, 31)
CLAIMED = {
    "workday_worker_history_data": "workday_history__worker",
    "workday_worker_position_history_data": "workday_history__position",
    "workday_worker_position_organization_history_data": "workday_history__position_organization",
    "workday_organization_data": "workday_history__organization",
    "workday_worker_leave_status_data": "workday_history__leave",
}
KINDS = {"true": "exit_involuntary", "false": "exit_voluntary"}
ANSWERED = """
    SELECT r._series, response_id, question_id, regexp_replace(question_text, '-TEXT$', ''), value, CAST(ended_at AS DATE)
    FROM raw.{0}__response AS r JOIN raw.{0}__answer AS a ON r._file_id = a._file_id AND r._line = a._line"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with the connector's tables, and in the template the workers that only its other tables know."""
    home = tmp_path_factory.mktemp("workday")
    landing, template = home / "landing/hris/workday_history", home / "landing/hris/parley"
    landing.mkdir(parents=True)
    template.mkdir(parents=True)
    for path in WORKDAY.glob("*.csv"):
        shutil.copy(path, landing / f"{path.stem}_{EXPORTED:%Y%m%d}.csv")
    unlisted = {row["worker_id"] for row in positions()} - {row["id"] for row in workers()}
    headings = "employee_id,original_hire_date,latest_hire_date,employment_status,employment_type,fte,country\n"
    lines = (f"{name},,1999-12-31,active,full_time,1,\n" for name in sorted(unlisted))
    (template / f"worker_{EXPORTED:%Y%m%d}.csv").write_text(headings + "".join(lines), encoding="utf-8")
    return home


@pytest.fixture(scope="module")
def workday(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse(home / "landing", EXPORTED, history_months=12) as con:
        yield con


def workers() -> list[dict[str, str]]:
    return table(WORKDAY / "workday_worker_history_data.csv")


def positions() -> list[dict[str, str]]:
    return table(WORKDAY / "workday_worker_position_history_data.csv")


def named(home: Path, found: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Rows with the worker key in front turned back into the id of the file."""
    back = keys(home, {row["id"] for row in workers()} | {row["worker_id"] for row in positions()})
    return sorted((back[str(key)], *rest) for key, *rest in found)


def test_every_record_of_every_workday_table_is_accounted_for(workday: duckdb.DuckDBPyConnection) -> None:
    found = accounts(workday)
    paths = sorted(WORKDAY.glob("*.csv"))
    assert len(paths) - len(CLAIMED) >= 17
    for path in paths:
        source, status, records, header, accepted, quarantined = found[f"{path.stem}_{EXPORTED:%Y%m%d}.csv"]
        assert source == CLAIMED.get(path.stem, "")
        assert status == ("read" if source else "refused")
        assert records == header + accepted + quarantined
        expected = 1 + len(table(path)) if source else len(path.read_text(encoding="utf-8").splitlines())
        assert records == expected


def test_the_two_workday_rows_that_end_before_they_start_are_set_aside(workday: duckdb.DuckDBPyConnection) -> None:
    wrong = [
        (line,)
        for line, row in enumerate(positions(), start=2)
        if row["end_date"] and row["end_date"] < row["effective_date"]
    ]
    assert len(wrong) == 2
    assert rows(workday, "SELECT line FROM landing.quarantine ORDER BY line") == wrong
    assert rows(workday, "SELECT DISTINCT reason FROM landing.quarantine") == [("The row ends before it starts",)]


def test_the_end_of_time_is_no_end(workday: duckdb.DuckDBPyConnection) -> None:
    open_ends = sum(row["_fivetran_end"] == "9999-12-31 23:59:59" for row in workers())
    assert open_ends == 6
    assert rows(workday, "SELECT count(*) FILTER (row_valid_to IS NULL) FROM raw.workday_history__worker") == [
        (open_ends,)
    ]


def test_a_worker_with_two_workday_rows_is_one_person(home: Path, workday: duckdb.DuckDBPyConnection) -> None:
    listed = [row["id"] for row in workers()]
    assert len(listed) == len(set(listed)) + 1
    staged = rows(workday, "SELECT employee_id FROM staging.workday_history__worker")
    assert sorted(staged) == sorted((name.upper(),) for name in set(listed))
    found = rows(
        workday, "SELECT worker_key, latest_hire_date FROM core.worker WHERE source_system = 'workday_history'"
    )
    assert named(home, found) == sorted({(row["id"], day(row["hire_date"])) for row in workers()})


def test_workday_spells_run_from_hire_to_the_day_after_the_last(home: Path, workday: duckdb.DuckDBPyConnection) -> None:
    expected = set()
    for row in workers():
        last = day(row["termination_date"])
        end = (last + timedelta(days=1), KINDS[row["termination_involuntary"]]) if last else (None, None)
        expected.add((row["id"], day(row["hire_date"]), *end))
    found = rows(
        workday,
        "SELECT worker_key, started_on, ended_on, exit_type FROM core.spell JOIN core.worker USING (worker_key)"
        " WHERE source_system = 'workday_history'",
    )
    assert named(home, found) == sorted(expected)
    assert len({row[3] for row in found}) == 3


def test_workday_positions_become_jobs_of_half_open_periods(home: Path, workday: duckdb.DuckDBPyConnection) -> None:
    expected = []
    for row in positions():
        start, end = day(row["effective_date"]), day(row["end_date"])
        if end is None or (start and end >= start):
            after = end + timedelta(days=1) if end else None
            expected.append((row["worker_id"], start, after, row["business_title"], row["management_level_code"]))
    found = rows(workday, "SELECT worker_key, valid_from, valid_to, job_title, grade_code FROM core.job")
    assert named(home, found) == sorted(expected)


def test_workday_units_and_leaves_arrive_as_they_are(home: Path, workday: duckdb.DuckDBPyConnection) -> None:
    units = table(WORKDAY / "workday_organization_data.csv")
    assert rows(workday, "SELECT org_unit_key, name, valid_from, parent_key FROM core.org_unit ORDER BY 1") == sorted(
        (u["id"], u["name"], day(u["availability_date"]), u["superior_organization_id"]) for u in units
    )
    leaves = table(WORKDAY / "workday_worker_leave_status_data.csv")
    expected = [
        (x["worker_id"], day(x["leave_start_date"]), day(x["estimated_leave_end_date"]) or date.max) for x in leaves
    ]
    found = rows(workday, "SELECT worker_key, valid_from, CAST(valid_to - 1 AS DATE) FROM core.absence")
    assert named(home, found) == sorted(expected)


def survey_files() -> list[Path]:
    return [*(SURVEYS / "qualtrics_sample").glob("*.csv"), *(SURVEYS / "qualtrics_tools").glob("*/*.csv")]


@pytest.fixture(scope="module")
def surveys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Every Qualtrics file there is, in the folder of its form, both forms of a survey under one name."""
    landing = tmp_path_factory.mktemp("surveys") / "landing"
    for path in survey_files():
        is_legacy = path.read_text(encoding="utf-8-sig").startswith("V1,")
        name = "sample" if "qualtrics_sample" in path.parts else path.parent.name.lower().replace(" ", "_")
        folder = landing / "surveys" / ("qualtrics_legacy" if is_legacy else "qualtrics")
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder / f"{name}_20170801.csv")
    with warehouse(landing, date(2017, 8, 1), history_months=12) as con:
        yield con


def test_a_response_is_the_same_from_both_qualtrics_forms(surveys: duckdb.DuckDBPyConnection) -> None:
    columns = "survey_id, response_id, question_id, question_text, value_raw, answered_on"
    forms = [
        rows(surveys, f"SELECT {columns} FROM staging.{form}__survey_response WHERE survey_id = 'sample' ORDER BY 3")
        for form in ("qualtrics", "qualtrics_legacy")
    ]
    assert forms[0] == forms[1]
    assert [row[2:] for row in forms[0]] == [
        ("Q1", "This is a multiple choice question.", "2", date(2017, 7, 18)),
        ("Q2", "This is a free text question.", "Hello World!", date(2017, 7, 18)),
    ]


@pytest.mark.parametrize(
    "survey",
    [
        "multiple_answer_multiple_choices_questions",
        "no_basis_for_evaluation",
        "single_answer_multiple_choice_questions",
    ],
)
def test_surveys_exported_in_both_forms_have_the_same_answers(survey: str, surveys: duckdb.DuckDBPyConnection) -> None:
    new, old = (
        [row[1:] for row in rows(surveys, ANSWERED.format(form)) if row[0] == survey]
        for form in ("qualtrics", "qualtrics_legacy")
    )
    # The forms number the choices of a question differently, but word them alike.
    by_words = [Counter((r, text, value, at) for r, _, text, value, at in form) for form in (new, old)]
    assert by_words[0] == by_words[1]
    assert len(new) > 20
    by_id = [{(r, question): value for r, question, _, value, _ in form} for form in (new, old)]
    shared = by_id[0].keys() & by_id[1].keys()
    assert len(shared) > 20
    assert {k: by_id[0][k] for k in shared} == {k: by_id[1][k] for k in shared}


def test_test_responses_of_a_survey_count_for_nothing(surveys: duckdb.DuckDBPyConnection) -> None:
    landed = rows(surveys, "SELECT count(*) FROM raw.qualtrics__response WHERE response_status = '2'")
    assert landed[0][0] > 50
    for form in ("qualtrics", "qualtrics_legacy"):
        assert rows(surveys, f"SELECT DISTINCT survey_id FROM staging.{form}__survey_response") == [("sample",)]


def test_every_record_of_every_survey_file_is_accounted_for(surveys: duckdb.DuckDBPyConnection) -> None:
    sizes = []
    for path in survey_files():
        with path.open(encoding="utf-8-sig", newline="") as file:
            sizes.append(len(list(csv.reader(file))))
    found = rows(surveys, "SELECT status, reason, records, header + accepted + quarantined FROM landing.source_file")
    assert Counter(sizes) == Counter(row[2] for row in found)
    assert all(records == sums for _, _, records, sums in found)
    assert not [reason for status, reason, *_ in found if status == "refused"]


def test_addresses_and_places_of_respondents_are_in_no_table(surveys: duckdb.DuckDBPyConnection) -> None:
    traces = ("130.92.34.66", "47.115097045898", "7.2315979003906")
    for path in (SURVEYS / "qualtrics_sample").glob("sample*.csv"):
        assert all(trace in path.read_text(encoding="utf-8") for trace in traces)
    tables = rows(surveys, "SELECT table_schema || '.' || table_name FROM information_schema.tables")
    assert len(tables) > 100
    for (name,) in tables:
        content = repr(rows(surveys, f"SELECT * FROM {name}"))
        assert not any(trace in content for trace in traces), name
