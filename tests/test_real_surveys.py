"""Survey exports that nobody here wrote: what other tools found in them, and what becomes of files that are no responses."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import pytest

from pipelines import contracts
from pipelines.contracts import Contract
from pipelines.landing import FileAccount, inventory, land_source
from pipelines.paths import CONTRACTS
from tests.landing_cases import rows
from tests.real_inputs import DATA, accounts, needs_real_data, table
from tests.runs import warehouse

pytestmark = needs_real_data
SURVEYS = DATA / "survey"
GLINT = SURVEYS / "viva_glint" / "sample_survey.csv"
SEEDS = SURVEYS / "qualtrics_seeds"
SCORES = SURVEYS / "csps" / "csps2020_orgscores_long.csv"
SHEET = DATA / "hris" / "mcnulty" / "employee_survey.csv"
CLAIMED = {"survey_response": "qualtrics_long__response", "question_response": "qualtrics_long__answer"}
# Means that the survey product's own analysis package finds in its sample.
MEANS = [("I feel valued", 12, 3.333), ("I have work-life balance", 12, 3.333), ("My work is meaningful", 12, 3.417)]


@pytest.fixture(scope="module")
def surveys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cycle of Glint, a connector's tables of Qualtrics and the scores of 109 organisations, each in its folder."""
    landing = tmp_path_factory.mktemp("surveys") / "landing"
    _deliver(GLINT, landing / "surveys/glint/engagement_20240331.csv")
    _deliver(SCORES, landing / "surveys/parley/survey_score_20201001.csv")
    for path in SEEDS.glob("*.csv"):
        _deliver(path, landing / f"surveys/qualtrics_long/{path.stem}_20230630.csv")
    with warehouse(landing, date(2024, 6, 30), history_months=12) as con:
        yield con


def test_the_means_of_a_glint_cycle_are_those_of_its_own_package(surveys: duckdb.DuckDBPyConnection) -> None:
    query = """
        SELECT question_id, count(DISTINCT employee_id), round(avg(CAST(value_raw AS DOUBLE)), 3)
        FROM staging.glint__survey_response GROUP BY question_id ORDER BY question_id"""
    assert rows(surveys, query) == MEANS


def test_of_a_glint_cycle_nothing_is_kept_but_answers_and_ids(surveys: duckdb.DuckDBPyConnection) -> None:
    respondents = table(GLINT)
    told = {r[name] for r in respondents for name in r if name.endswith("_COMMENT") or name in ("Last Name", "Email")}
    traces = {text for text in told if len(text) > 3}
    assert len(traces) > 30
    for (name,) in rows(surveys, "SELECT table_schema || '.' || table_name FROM information_schema.tables"):
        content = repr(rows(surveys, f"SELECT * FROM {name}"))
        assert not [trace for trace in traces if trace in content], name
    assert rows(surveys, "SELECT DISTINCT confidentiality FROM staging.glint__survey_response") == [("confidential",)]


def test_every_record_of_the_connectors_tables_is_accounted_for(surveys: duckdb.DuckDBPyConnection) -> None:
    found = accounts(surveys)
    for path in SEEDS.glob("*.csv"):
        source, status, records, header, accepted, quarantined = found[f"{path.stem}_20230630.csv"]
        assert source == CLAIMED.get(path.stem, "")
        assert records == header + accepted + quarantined
        claimed = ("read", 1, len(table(path)), 0)
        assert (status, header, accepted, quarantined) == (claimed if source else ("refused", 0, 0, records))


def test_answers_to_responses_that_are_not_in_the_export_count_for_nothing(surveys: duckdb.DuckDBPyConnection) -> None:
    known = {row["id"] for row in table(SEEDS / "survey_response.csv")}
    assert known.isdisjoint(row["response_id"] for row in table(SEEDS / "question_response.csv"))
    assert rows(surveys, "SELECT count(*) FROM raw.qualtrics_long__answer") == [(5,)]
    assert rows(surveys, "SELECT count(*) FROM staging.qualtrics_long__survey_response") == [(0,)]


def test_addresses_and_recipients_of_the_connectors_tables_are_in_no_table(surveys: duckdb.DuckDBPyConnection) -> None:
    listed = table(SEEDS / "survey_response.csv")
    traces = {row[name] for row in listed for name in ("ip_address", "recipient_email")} - {""}
    assert len(traces) >= 5
    for (name,) in rows(surveys, "SELECT table_schema || '.' || table_name FROM information_schema.tables"):
        content = repr(rows(surveys, f"SELECT * FROM {name}"))
        assert not [trace for trace in traces if trace in content], name


def test_scores_of_organisations_load_but_for_the_share_above_one(surveys: duckdb.DuckDBPyConnection) -> None:
    with SCORES.open(encoding="utf-8", newline="") as file:
        scores = {(r["organisation_code"].upper(), r["measure"]): r["value"] for r in csv.DictReader(file)}
    beyond = [key for key, value in scores.items() if value not in ("", "NA") and float(value) > 1]
    assert len(beyond) == 1
    _, status, records, header, accepted, quarantined = accounts(surveys)["survey_score_20201001.csv"]
    assert (status, records, header) == ("read", 10_546, 1)
    assert (accepted, quarantined) == (10_544, 1)
    kept = rows(surveys, "SELECT upper(unit_key), measure, value FROM core.survey_score")
    assert {(unit, measure): value for unit, measure, value in kept} == {
        key: float(value) for key, value in scores.items() if key not in beyond
    }


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ("glint__response", "Employee ID"),
        ("surveymonkey__response", "Respondent ID"),
        ("google_forms__response", "Timestamp"),
        ("ms_forms__response", "ID"),
        ("qualtrics__response", "ResponseId"),
        ("parley__survey_response", "response_id"),
    ],
)
def test_a_sheet_of_answers_without_id_and_date_is_refused(tmp_path: Path, source: str, missing: str) -> None:
    account = _landed(tmp_path, source, "survey_response_20200101.csv")
    assert (account.status, account.accepted) == ("refused", 0)
    assert account.records == len(SHEET.read_text(encoding="utf-8").splitlines())
    assert f"'{missing}'" in account.reason


def test_a_sheet_of_answers_without_a_day_in_its_name_is_refused_for_that(tmp_path: Path) -> None:
    account = _landed(tmp_path, "google_forms__response", "survey_response.csv")
    assert (account.status, account.accepted) == ("refused", 0)
    assert account.reason.startswith("The name has no date.")


def _deliver(path: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, to)


@cache
def _sources() -> dict[str, Contract]:
    return contracts.load_folder(CONTRACTS / "sources")


def _landed(root: Path, source: str, name: str) -> FileAccount:
    known = _sources()
    contract = known[source]
    _deliver(SHEET, root / str(contract.settings["landing"]) / name)
    with duckdb.connect() as con:
        answers = known.get(str(contract.settings.get("answers")))
        return land_source(contract, inventory(root, known), con, answers)[0]
