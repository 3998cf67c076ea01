"""The synthetic company: layout, dirt and truth file of its vendor exports."""

import csv
import itertools
import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import fastexcel
import polars as pl
import pytest

from pipelines.company import Company, simulate, write_exports, write_truth
from pipelines.company.vocabulary import HOSTILE_NAMES

AS_OF = date(2026, 11, 22)
HEADINGS = {
    "hris/workday/workers": "Employee_ID,Preferred_Name,Work_Email,Worker_Status,Worker_Type,Employee_Type,Time_Type,"
    "FTE,Country,Original_Hire_Date,Hire_Date,Continuous_Service_Date,Resignation_Date,Termination_Date,"
    "Primary_Termination_Category,Primary_Termination_Reason,Regrettable_Termination,Expected_Retirement_Date",
    "hris/workday/job_history": "Employee_ID,Effective_Date,End_Date,Position_ID,Business_Title,Job_Code,Job_Family,"
    "Compensation_Grade,Grade_Rank,Supervisory_Organization_ID,Manager_ID,Location,Is_Primary_Job,"
    "Business_Process_Reason",
    "hris/workday/organizations": "Organization_ID,Organization_Name,Organization_Type,Superior_Organization_ID,"
    "Manager_ID,Effective_Date,End_Date",
    "hris/workday/leaves": "Employee_ID,Leave_Start_Date,Leave_End_Date",
    "conversations/talklog/talks": "Record ID;Employee ID;Conversation date;With;Partner ID;Started by;Setting;"
    "Channel;Minutes;Minutes basis;Topic;Support;Prepared;Useful;Rated by;Career content;Status;Logged on",
    "conversations/parley/capture_coverage": "source_system,org_unit_id,valid_from,valid_to",
    "conversations/parley/action": "action_id,conversation_id,source_system,owner_id,agreed_on,due_on,done_on,"
    "reviewed_on,status,recorded_on",
    "surveys/qualtrics/career_pulse_2026h2": "StartDate,EndDate,Status,IPAddress,Progress,Duration (in seconds),"
    "Finished,RecordedDate,ResponseId,RecipientLastName,RecipientFirstName,RecipientEmail,ExternalReference,"
    "LocationLatitude,LocationLongitude,DistributionChannel,UserLanguage,Q1,Q2,Q3,Q4,Q5,Q6,Q7,Q8,Q9,Q10",
    "surveys/parley/survey_question": "survey_id,question_id,text,construct,scale_min,scale_max,reversed",
    "surveys/parley/survey_response": "response_id,survey_id,question_id,employee_id,about_id,confidentiality,value,"
    "answered_on",
    "outcomes/parley/valued_flag": "employee_id,flagged_on,is_valued,recorded_on",
    "outcomes/parley/internal_opening": "org_unit_id,openings,valid_from,valid_to",
    "hris/parley/equity_attribute": "employee_id,attribute,value,valid_from",
}
TALK_FIELDS = 18


@pytest.fixture(scope="module")
def company() -> Company:
    return simulate(employees=5_000, as_of=AS_OF)


@pytest.fixture(scope="module")
def landing(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("landing")
    write_exports(company, folder)
    return folder


def table(path: Path, separator: str = ",", encoding: str = "utf-8") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=separator))


def talk_lines(landing: Path) -> list[list[str]]:
    """Every delivered talk line once, however often it was delivered."""
    lines: dict[str, None] = {}
    for path in sorted(landing.glob("conversations/talklog/*.csv")):
        lines.update(dict.fromkeys(path.read_bytes().decode("cp1252").split("\r\n")[1:-1]))
    return [line.split(";") for line in lines]


def as_day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()
    except ValueError:
        return None


@pytest.mark.parametrize("stem", HEADINGS)
def test_headings_are_exactly_those_of_the_vendor(landing: Path, stem: str) -> None:
    paths = list(landing.glob(f"{stem}_*.csv"))
    assert paths
    for path in paths:
        assert path.read_bytes().decode("cp1252").splitlines()[0] == HEADINGS[stem]


def test_survey_files_have_three_heading_rows_and_a_line_break_in_the_second(landing: Path) -> None:
    paths = sorted((landing / "surveys/qualtrics").glob("*.csv"))
    assert [path.name for path in paths] == [
        "career_pulse_2025h2_20251031.csv",
        "career_pulse_2026h1_20260430.csv",
        "career_pulse_2026h2_20261031.csv",
    ]
    with paths[0].open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert "\n" in rows[1][17]
    assert all(json.loads(cell)["ImportId"] for cell in rows[2])
    kinds = Counter(row[2] for row in rows[3:])
    assert kinds["Survey Preview"] == 3
    assert kinds["IP Address"] / 4_850 == pytest.approx(0.65, abs=0.04)
    assert {row[6] for row in rows[3:]} == {"True", "False"}
    assert not any(row[9] or row[10] or row[11] for row in rows[3:])


def test_the_workbook_holds_current_finance_staff_with_mixed_dates(landing: Path) -> None:
    path = next((landing / "conversations/workbook").glob("*.xlsx"))
    book = fastexcel.read_excel(path)
    assert book.sheet_names == ["Career talks"]
    sheet = book.load_sheet("Career talks", header_row=3, dtypes="string").to_polars()
    assert sheet.columns == [
        "Name", "Employee no.", "Role", "Level", "Team", "Assessing manager", "Months in role",
        "Career conversation date", "Conversation status",
    ]  # fmt: skip
    dates = sheet["Career conversation date"]
    assert dates.null_count() > 0
    assert dates.str.contains(r"^\d{2}/\d{2}/\d{4}$").sum() > 0
    assert dates.str.contains(r"^\d{4}-").sum() > 0
    assert set(sheet["Conversation status"]) == {"Current", "Needed", "Needed (>12 mo)"}
    assert sheet["Employee no."].str.contains(r"^0\d{5}$").all()


def test_ids_are_text_with_leading_zeros(landing: Path) -> None:
    workers = table(next(landing.glob("hris/workday/workers_*.csv")))
    assert all(row["Employee_ID"].strip().isdigit() and len(row["Employee_ID"].strip()) == 6 for row in workers)
    assert sum(row["Employee_ID"].startswith("0") for row in workers) == len(workers)
    assert len({row["Employee_ID"].strip() for row in workers}) == len(workers)


def test_the_talk_log_comes_in_three_deliveries_that_overlap(landing: Path) -> None:
    paths = sorted(landing.glob("conversations/talklog/*.csv"))
    records = [
        {line.split(";")[0] for line in path.read_bytes().decode("cp1252").split("\r\n")[1:-1]} for path in paths
    ]
    assert len(paths) == 3
    assert all(early & late for early, late in itertools.pairwise(records))
    assert not records[0] & records[2]
    with pytest.raises(UnicodeDecodeError):
        b"".join(path.read_bytes() for path in paths).decode("utf-8")


def test_dirt_in_the_files_is_what_the_truth_says(company: Company, landing: Path, tmp_path: Path) -> None:
    workers = table(next(landing.glob("hris/workday/workers_*.csv")))
    jobs = table(next(landing.glob("hris/workday/job_history_*.csv")))
    actions = table(next(landing.glob("conversations/parley/action_*.csv")))
    lines = talk_lines(landing)
    records = {line[0] for line in lines}
    hired = {row["Employee_ID"].strip(): date.fromisoformat(row["Original_Hire_Date"]) for row in workers}
    whole = [line for line in lines if len(line) == TALK_FIELDS]
    days = [(line[1], as_day(line[2])) for line in whole]
    found = {
        "trailing_space": sum(row["Employee_ID"].endswith(" ") for row in workers),
        "hostile_name": sum(row["Preferred_Name"] in HOSTILE_NAMES for row in workers),
        "ends_before_start": sum("" < row["End_Date"] < row["Effective_Date"] for row in jobs),
        "impossible_date": sum(day is None for _, day in days),
        "future_date": sum(day is not None and day > AS_OF for _, day in days),
        "before_hire": sum(day is not None and day < hired.get(who, date.min) for who, day in days),
        "duplicate": len(whole) - len({tuple(line[1:]) for line in whole}),
        "unknown_employee": sum(line[1] not in hired for line in whole),
        "cut_short": len(lines) - len(whole),
        "done_before_agreed": sum("" < row["done_on"] < row["agreed_on"] for row in actions),
        "unknown_conversation": sum(row["conversation_id"] not in records for row in actions),
    }
    assert found == json.loads(write_truth(company, tmp_path).read_text())["dirt"]
    assert sum(found[kind] for kind in list(found)[3:9]) < 0.005 * len(lines)
    assert sum(found[kind] for kind in list(found)[9:]) < 0.005 * len(actions)


def test_a_manager_cycle_appears_only_on_request(tmp_path: Path) -> None:
    small = simulate(employees=300, as_of=AS_OF)
    cycles = {}
    for flag in (False, True):
        write_exports(small, tmp_path / str(flag), manager_cycle=flag)
        rows = table(next((tmp_path / str(flag)).glob("hris/workday/job_history_*.csv")))
        leads = {row["Employee_ID"]: row["Manager_ID"] for row in rows if row["End_Date"] in ("", "9999-12-31")}
        cycles[flag] = sum(leads.get(leads.get(who, "")) == who for who in leads)
    assert cycles == {False: 0, True: 2}


def test_truth_names_the_planted_ratio_as_an_assumption(company: Company, tmp_path: Path) -> None:
    truth = json.loads(write_truth(company, tmp_path).read_text(encoding="utf-8"))
    assert "assumptions" in truth["note"]
    assert truth["planted_hazard_ratio"]["conversation_to_voluntary_exit"] == 0.85
    spells = pl.read_parquet(tmp_path / "spells.parquet")
    assert truth["counts"]["exits_voluntary"] == (spells["cause"] == "Voluntary").sum()
