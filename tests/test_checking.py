"""The examination of a single file: which source it is of, what would become of it, and what to do about it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from pipelines.contracts import Contract, load_folder
from pipelines.landing.checking import profile
from pipelines.landing.files import fits_name, inventory, sources
from pipelines.landing.recognition import recognise
from pipelines.paths import CONTRACTS
from tests.landing_cases import column, contract
from tests.real_files import DIALECTS, EXPECTED, Expected
from tests.real_inputs import DATA, needs_real_data

DECLARED = load_folder(CONTRACTS / "sources")


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
    assert found.reasons == {"'Worker status' is not one of Active, Left": 2, "'Hire date' is not a date": 1}


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


@pytest.mark.parametrize("source", sources(DECLARED), ids=lambda source: source.id)
def test_a_file_with_the_first_headings_of_a_declared_source_is_recognised_as_that_source(
    tmp_path: Path, source: Contract
) -> None:
    row = ["x" for _ in source.columns]
    blank = [""] * (int(source.settings.get("headerRow", 1)) - 1)
    extra = [",".join(row)] * (int(source.settings.get("headerRows", 1)) - 1)
    quote = source.settings.get("quote", '"')
    heads = ",".join(f"{quote}{column.headers[0]}{quote}" for column in source.columns)
    path = _write(tmp_path / "export_20260630.csv", *blank, heads, *extra, ",".join(row))
    guesses = recognise(path, DECLARED)
    assert (guesses[0].source, guesses[0].share) == (source.id, 1.0)


def _golden() -> list[tuple[Path, str]]:
    """The newest file that is read of every source which has files in the vendors' shapes, and the source."""
    newest = {}
    for plan in sorted((Path(__file__).parent / "golden").glob("*/expected.yaml")):
        told = yaml.safe_load(plan.read_text(encoding="utf-8"))["files"]
        for file in inventory(plan.parent / "landing", DECLARED):
            if file.contract_id and told[file.relative]["status"] == "read":
                newest[plan.parent.name, file.contract_id] = (file.path, file.contract_id)
    return list(newest.values())


def test_the_files_in_the_shape_of_a_vendor_are_of_most_declared_sources() -> None:
    assert len({source for _, source in _golden()}) > 0.5 * len(sources(DECLARED))


@pytest.mark.parametrize(("file", "source"), _golden(), ids=lambda value: getattr(value, "name", value))
def test_a_file_in_the_shape_of_a_vendor_is_recognised_by_its_headings_alone(
    tmp_path: Path, file: Path, source: str
) -> None:
    copy = tmp_path / f"export_20260630{file.suffix}"
    shutil.copy(file, copy)
    assert recognise(copy, DECLARED)[0].source == source


@needs_real_data
@pytest.mark.parametrize("told", [told for told in EXPECTED if told.status == "read"], ids=lambda told: told.path)
def test_a_real_file_that_is_read_is_recognised_by_its_headings_alone(told: Expected) -> None:
    dialect = {told.source: DIALECTS[told.overlay].contract} if told.overlay else {}
    guess = recognise(DATA / told.path, DECLARED | dialect)[0]
    assert (guess.source, guess.share) == (told.source, 1.0)


@needs_real_data
@pytest.mark.parametrize("told", [told for told in EXPECTED if not told.source], ids=lambda told: told.path)
def test_no_source_has_all_its_headings_in_a_real_file_that_belongs_to_none(told: Expected) -> None:
    assert [guess.source for guess in recognise(DATA / told.path, DECLARED) if guess.share == 1] == []


def _rivals(tmp_path: Path) -> dict[str, Contract]:
    """Three sources with the same needed heading; one knows others by patterns only, one has its headings in row 2."""
    needed = column("id", headings=["ID"])
    extra = [column(name, optional=True) for name in ("start", "end")]
    wild = [column("from", headings=["st*"], optional=True), column("to", headings=["e*"], optional=True)]
    found = [
        contract(tmp_path, "a_wild", [needed, *wild], landing="hris/wild"),
        contract(tmp_path, "b_many", [needed, *extra], landing="hris/many", files=["staff*"]),
        contract(tmp_path, "c_twin", [needed, *extra], landing="hris/twin", files=["people*"], headerRow=2),
    ]
    return {source.id: source for source in found}


@pytest.mark.parametrize(
    ("lines", "order"),
    [
        (["ID,start,end,more"], ["b_many", "c_twin", "a_wild"]),
        (["", "ID,start,end,more"], ["c_twin", "b_many", "a_wild"]),
        (["ID,step,more"], ["a_wild", "b_many", "c_twin"]),
    ],
)
def test_of_equal_shares_the_source_with_more_headings_and_the_declared_row_goes_first(
    tmp_path: Path, lines: list[str], order: list[str]
) -> None:
    guesses = recognise(_write(tmp_path / "x.csv", *lines, "1,2,3,4"), _rivals(tmp_path))
    assert [guess.source for guess in guesses] == order


@pytest.mark.parametrize(
    ("place", "first"), [("x", "b"), ("hris/c/x", "c"), ("landing/hris/c/2026/x", "c"), ("staff", "d")]
)
def test_of_equal_headings_folder_and_then_name_decide(tmp_path: Path, place: str, first: str) -> None:
    columns = [column("id"), column("day")]
    files = {"b": ["b*", "x*"], "c": ["c*", "x*"], "d": ["staff*"]}
    known = {name: contract(tmp_path, name, columns, landing=f"hris/{name}", files=files[name]) for name in "bcd"}
    path = tmp_path / f"{place}_20260630.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    assert recognise(_write(path, "id,day", "1,2"), known)[0].source == first


def test_a_single_known_heading_among_others_makes_no_guess_unless_nothing_else_is_needed(tmp_path: Path) -> None:
    people = contract(tmp_path, "people", [column("id"), column("day")])
    form = contract(tmp_path, "form", [column("stamp"), column("who", optional=True)])
    known = {"people": people, "form": form}
    for number, (heads, found) in enumerate(
        [("id,a,b", []), ("id", ["people"]), ("stamp,a,b", ["form"]), ("stamp,id,day", ["people", "form"])]
    ):
        path = _write(tmp_path / f"x{number}.csv", heads, "1,2,3")
        assert [guess.source for guess in recognise(path, known)] == found, heads


def test_a_template_goes_behind_a_vendor_whose_headings_it_merely_knows(tmp_path: Path) -> None:
    heads = ["Employee", "Hired", "Place"]
    template = [
        column("employee_id", headings=heads[:1]),
        column("hire_date", headings=heads[1:2]),
        column("location", headings=heads[2:], optional=True),
        column("status", headings=["State"], optional=True),
    ]
    vendor = [column(f"c{i}", headings=[head]) for i, head in enumerate(heads)]
    known = {
        source.id: source
        for source in (contract(tmp_path, "parley__worker", template), contract(tmp_path, "vendor__worker", vendor))
    }
    foreign = _write(tmp_path / "foreign.csv", "Employee,Hired,Place,State", "1,2,3,4")
    own = _write(tmp_path / "own.csv", "employee_id,hire_date,location", "1,2,3")
    assert [recognise(path, known)[0].source for path in (foreign, own)] == ["vendor__worker", "parley__worker"]


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


@pytest.mark.parametrize("name", ["workers_20260630", "workers.2026.06.30", "workers_20260630."])
def test_a_file_without_an_ending_is_told_to_have_one(tmp_path: Path, known: dict[str, Contract], name: str) -> None:
    [problem] = profile(_write(tmp_path / name, "Employee ID", "1"), known).problems
    assert problem.startswith("The name of the file has no ending such as .csv")
    assert "Add .csv to the name" in problem


def test_an_unknown_file_is_led_to_the_mapping(tmp_path: Path, known: dict[str, Contract]) -> None:
    [problem] = profile(_write(tmp_path / "all staff.csv", "a,b", "1,2"), known).problems
    assert 'let `parley map "all staff.csv"` propose a mapping' in problem
    renamed = profile(_write(tmp_path / "workers_20260630.csv", "Employee ID,Hire date,Rank", "1,2020-01-01,x"), known)
    assert "`parley map workers_20260630.csv --as staff` proposes" in renamed.problems[-1]


@pytest.mark.parametrize(
    ("place", "heads", "words"),
    [
        ("x.csv", "Month,Headcount,Turnover rate", "figures about groups ('Headcount', 'Turnover rate')"),
        ("x.csv", "Month;Headcount", "Export the records behind it, one row for each person, conversation or answer."),
        ("surveys/parley/x.csv", "Branch,Favourable %", "survey_score_YYYYMMDD.csv"),
        ("hris/parley/x.csv", "Month,Headcount", "and no column 'employee_id'"),
        ("x.csv", "MeetingId,Subject", "a list of meetings ('MeetingId')"),
    ],
)
def test_an_unknown_file_without_records_is_named_as_what_it_is(
    tmp_path: Path, place: str, heads: str, words: str
) -> None:
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    found = profile(_write(path, heads, "1,2,3"), DECLARED)
    assert found.guesses == ()
    [problem] = found.problems
    assert words in problem


@pytest.mark.parametrize("source", sources(DECLARED), ids=lambda source: source.id)
def test_the_name_that_is_told_is_one_the_source_claims(tmp_path: Path, source: Contract) -> None:
    quote, above = source.settings.get("quote", '"'), [""] * (int(source.settings.get("headerRow", 1)) - 1)
    heads = ",".join(f"{quote}{column.headers[0]}{quote}" for column in source.columns)
    told = profile(_write(tmp_path / "anything.csv", *above, heads, "x", "x"), {source.id: source}).destination
    folder, _, name = told.rpartition("/")
    assert folder == source.settings["landing"]
    assert name.endswith("_YYYYMMDD.csv")
    assert "_2_" not in name
    assert fits_name(source, name.replace("YYYYMMDD", "20260630"))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("worker_snapshot.csv", "worker_snapshot_YYYYMMDD.csv"),
        ("worker_snapshot.emea.20260630.csv", "worker_snapshot.emea.20260630.csv"),
        ("worker_snapshot 2026-06-30.csv", "worker_snapshot_20260630.csv"),
        ("worker_snapshot_2026-06-30.csv", "worker_snapshot_2026-06-30.csv"),
        ("staff-20260630.CSV", "worker_snapshot_20260630.csv"),
    ],
)
def test_a_template_is_told_its_name_and_a_right_name_is_left_alone(tmp_path: Path, name: str, told: str) -> None:
    found = profile(_write(tmp_path / name, "employee_id,hire_date", "1,2020-01-31"), DECLARED)
    assert found.destination == f"hris/parley/{told}"
    assert ("are named worker_snapshot_YYYYMMDD. Save" in " ".join(found.problems)) == name.startswith(
        ("staff", "worker_snapshot 2")
    )


@pytest.mark.parametrize(
    ("relative", "words"),
    [
        (
            "hris/workday/2026/pay_20260630.csv",
            "The folder hris/workday takes files named job_history*, leaves*, organizations*, workers*; "
            "this one is none of them. Rename it if it is one, else leave it out.",
        ),
        (
            "conversations/parley/x.csv",
            "files named action_YYYYMMDD, capture_coverage_YYYYMMDD, conversation_YYYYMMDD, conversation_s",
        ),
        (
            "hris/work_day/workers_20260630.csv",
            "The folder hris/work_day is of no source. Move it into one of hris/workday, ",
        ),
        ("survey/qualtrix/x.csv", "Move it into one of surveys/qualtrics, "),
        ("pay/x.csv", "system, which lies in conversations or hris or outcomes or surveys; `parley check` tells which"),
        ("x.csv", "Move it into the folder of its system, which lies in conversations or hris"),
    ],
)
def test_a_file_in_the_wrong_place_is_told_the_names_of_its_folder_or_the_nearest_folders(
    tmp_path: Path, relative: str, words: str
) -> None:
    path = tmp_path / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"a")
    [file] = inventory(tmp_path, DECLARED)
    assert file.refusal is not None
    assert file.refusal.startswith("No source is declared for this file. ")
    assert words in file.refusal
    assert file.refusal.count("hris/") <= 9
