"""Files to typed rows and quarantine: names, dates by proof, rules of the contract, accounts that always add up."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines import contracts
from pipelines.contracts import Contract
from pipelines.landing import inventory, land_source, record_unclaimed
from pipelines.landing.accounts import FileAccount
from pipelines.landing.files import dated_name
from pipelines.paths import CONTRACTS
from tests.landing_cases import as_lines, column, contract, land, land_one, quarantined, rows, rule

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@pytest.mark.parametrize(
    ("name", "as_of", "series"),
    [
        ("career_pulse_2026h1_20260630.csv", date(2026, 6, 30), "career_pulse_2026h1"),
        ("Personio Export staff 2026-06-30.xlsx", date(2026, 6, 30), "personio export staff"),
        ("workers_20250101_20260630.csv", date(2026, 6, 30), "workers_20250101"),
        ("talks_20260630_part2.csv", date(2026, 6, 30), "talks_part2"),
        ("workers_20260631.csv", None, "workers_20260631"),
        ("workers_120260630.csv", None, "workers_120260630"),
        ("20260630.csv", date(2026, 6, 30), ""),
    ],
)
def test_the_date_of_an_export_is_the_last_real_one_in_its_name(name: str, as_of: date | None, series: str) -> None:
    assert dated_name(name) == (as_of, series)


def test_files_are_claimed_by_folder_and_pattern_and_ordered_by_date(tmp_path: Path) -> None:
    staff = contract(tmp_path, "staff", [column("id")], landing="hris/x", files=["Staff*"])
    jobs = contract(tmp_path, "jobs", [column("id")], landing="hris/x", files=["job*", "staff_jobs*"])
    home = tmp_path / "landing" / "hris" / "x"
    home.mkdir(parents=True)
    names = [
        "staff_20260301.csv",
        "STAFF_20260201.CSV",
        "job_20260101.csv",
        "staff_jobs_20260101.csv",
        "pay_20260101.csv",
    ]
    for name in [*names, ".hidden.csv", "README.txt", "notes.md", "job.csv"]:
        (home / name).write_bytes(name.encode())
    found = inventory(tmp_path / "landing", {"staff": staff, "jobs": jobs})
    claimed = {file.path.name: file.contract_id for file in found}
    assert claimed == dict(zip(names, ["staff", "staff", "jobs", None, None], strict=True)) | {"job.csv": "jobs"}
    assert [f.path.name for f in found if f.contract_id == "staff"] == ["STAFF_20260201.CSV", "staff_20260301.csv"]
    refusals = {file.path.name: file.refusal or "" for file in found}
    assert "Several sources claim" in refusals["staff_jobs_20260101.csv"]
    assert "No source is declared" in refusals["pay_20260101.csv"]
    assert "has no date" in refusals["job.csv"]
    assert refusals["staff_20260301.csv"] == ""


def test_unclaimed_files_have_an_account_too(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    (tmp_path / "stray.csv").write_bytes(b"a\r\nb\rc")
    account = record_unclaimed(inventory(tmp_path, {}), con)[0]
    assert (account.status, account.source, account.records, account.quarantined) == ("refused", "", 3, 3)
    assert rows(con, "SELECT path, status FROM landing.source_file") == [("stray.csv", "refused")]


def test_the_same_content_counts_once_and_an_undated_file_not_at_all(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    described = contract(tmp_path, "staff", [column("id")])
    content = as_lines("id", "1", "2")
    files = {"a_20260101.csv": content, "b_20260201.csv": content, "undated.csv": content}
    accounts = {account.path: account for account in land(tmp_path, described, files, con)}
    duplicate = accounts["staff/b_20260201.csv"]
    assert (duplicate.status, duplicate.records) == ("duplicate", 0)
    assert "staff/a_20260101.csv" in duplicate.reason
    assert accounts["staff/undated.csv"].status == "refused"
    assert rows(con, "SELECT count(*) FROM raw.staff") == [(2,)]


def test_landing_again_replaces_what_was_there(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    described = contract(tmp_path, "staff", [column("id", required=True), column("x")])
    for _ in range(2):
        land(tmp_path, described, {"staff_20260101.csv": as_lines("id,x", "1,a", ",b")}, con)
    counted = "SELECT (SELECT count(*) FROM raw.staff), (SELECT count(*) FROM landing.quarantine)"
    assert rows(con, f"{counted}, (SELECT count(*) FROM landing.source_file)") == [(1, 1, 1)]


def test_rows_carry_their_lineage(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    described = contract(tmp_path, "staff", [column("id")])
    account = land(tmp_path, described, {"Staff_North_20260630.csv": as_lines("id", '"00\n7"', "8")}, con)[0]
    assert rows(con, "FROM raw.staff ORDER BY _line") == [
        ("00\n7", account.file_id, 2, date(2026, 6, 30), "staff_north", ""),
        ("8", account.file_id, 4, date(2026, 6, 30), "staff_north", ""),
    ]


@pytest.mark.parametrize(
    ("values", "expected", "settled"),
    [
        (["2025-02-01", "2025-12-31"], [date(2025, 2, 1), date(2025, 12, 31)], "yyyy-MM-dd"),
        (["2025/2/1", "2025-02-01T10:11:12Z"], [date(2025, 2, 1), date(2025, 2, 1)], "yyyy-MM-dd"),
        (["01/02/2025", "13/02/2025"], [date(2025, 2, 1), date(2025, 2, 13)], "dd/MM/yyyy"),
        (["01/02/2025", "02/13/2025"], [date(2025, 1, 2), date(2025, 2, 13)], "MM/dd/yyyy"),
        (["1.2.2025", "31.12.2025 23:59"], [date(2025, 2, 1), date(2025, 12, 31)], "dd/MM/yyyy"),
        (["2025-02-01", "31-12-2025"], [date(2025, 2, 1), date(2025, 12, 31)], "yyyy-MM-dd and dd/MM/yyyy"),
        (["04/04/2025"], [date(2025, 4, 4)], "dd/MM/yyyy"),
        (["9999-12-31 23:59:59", "2025-02-01"], [None, date(2025, 2, 1)], "yyyy-MM-dd"),
        (["31/12/4712", "01/01/1900"], [None, None], "dd/MM/yyyy"),
    ],
)
def test_dates_are_read_in_the_order_their_column_proves(
    tmp_path: Path, con: duckdb.DuckDBPyConnection, values: list[str], expected: list[date | None], settled: str
) -> None:
    account = land_one(tmp_path, con, column("day", "date"), *values)
    assert account.date_format == f"day {settled}"
    assert rows(con, "SELECT day FROM raw.one ORDER BY _line") == [(day,) for day in expected]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["01/02/2025", "03/04/2025"], "nothing shows whether 01/02/2025 has the day or the month first"),
        (["01/02/2025", "2025-03-31"], "nothing shows whether 01/02/2025"),
        (["31/01/2025", "01/31/2025"], "dates with the day first and dates with the month first"),
        (["31/01/25", "30/01/25"], "years of two digits, such as 30/01/25"),
    ],
)
def test_a_date_column_that_proves_no_order_refuses_the_file(
    tmp_path: Path, con: duckdb.DuckDBPyConnection, values: list[str], words: str
) -> None:
    account = land_one(tmp_path, con, column("day", "date"), *values)
    assert (account.status, account.records, account.header, account.quarantined) == ("refused", 3, 1, 2)
    assert "Column 'day'" in account.reason
    assert words in account.reason
    assert rows(con, "SELECT count(*) FROM raw.one") == [(0,)]


def test_garbage_proves_nothing_and_costs_only_its_rows(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    values = ["13/02/2025", "31/02/2025", "soon", "45/45/2025", "02/03/2025", "13/02/225"]
    account = land_one(tmp_path, con, column("day", "date"), *values)
    assert rows(con, "SELECT day FROM raw.one ORDER BY _line") == [(date(2025, 2, 13),), (date(2025, 3, 2),)]
    assert quarantined(con) == [(line, "day:date") for line in (3, 4, 5, 7)]
    assert account.date_format == "day dd/MM/yyyy"


def test_impossible_dates_alone_do_not_settle_an_order(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    account = land_one(tmp_path, con, column("day", "date"), "31/02/2025", "01/02/2025")
    assert account.status == "refused"


def test_a_declared_format_needs_no_proof(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    head = column("day", "date", format="dd.MM.yyyy")
    account = land_one(tmp_path, con, head, "01.02.2025", "2025-02-03", "02.2025")
    assert rows(con, "SELECT day FROM raw.one ORDER BY _line") == [(date(2025, 2, 1),), (date(2025, 2, 3),)]
    assert (account.date_format, account.quarantined) == ("day dd.MM.yyyy (declared)", 1)


def test_dates_beyond_any_career_are_set_aside(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    values = ["1929-12-31", "1930-01-01", "2036-06-30", "2036-07-01", "0001-01-01"]
    land_one(tmp_path, con, column("day", "date"), *values)
    assert quarantined(con) == [(2, "day:minimum"), (5, "day:maximum"), (6, "day:minimum")]


def test_declared_bounds_replace_the_usual_ones(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    head = column("day", "date", logicalTypeOptions={"minimum": "2000-01-01", "maximum": "2080-01-01"})
    land_one(tmp_path, con, head, "1999-12-31", "2079-12-31")
    assert quarantined(con) == [(2, "day:minimum")]


def test_timestamps_keep_the_clock_they_were_written_with(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    values = [
        "2025-02-01 10:11:12.5",
        "2025/02/01 3:00:00 PM GMT+3",
        "2025-02-01",
        "13/02/2025 9:05",
        "2025-02-01 25:00",
    ]
    land_one(tmp_path, con, column("moment", "timestamp"), *values)
    hours = [(10, 11, 12, 500_000), (15,), (0,)]
    expected = [datetime(2025, 2, 1, *clock) for clock in hours] + [datetime(2025, 2, 13, 9, 5)]
    assert rows(con, "SELECT moment FROM raw.one ORDER BY _line") == [(at,) for at in expected]
    assert quarantined(con) == [(6, "moment:timestamp")]


@pytest.mark.parametrize(
    ("kind", "good", "read", "bad"),
    [
        ("number", ["1234.5", "1,234.5", "1,234,567", "0,5", "-12,25", "1e3", ".5", "1 234,5", "1'234.5", "1.234.567",
            "1.234,5", "1\u00a0234"],
         [1234.5, 1234.5, 1234567.0, 0.5, -12.25, 1000.0, 0.5, 1234.5, 1234.5, 1234567.0, 1234.5, 1234.0],
         ["1,234", "1e400", "nan", "inf", "1 0", "5%", "0x10", "12 34", "1.2.3"]),
        ("integer", ["7", "-7", "7.0", "1,234", "1 234", "1\u202f234\u202f567", "1.0E+05", "1,5E+03", "1.234.567", "1,234.0"],
         [7, -7, 7, 1234, 1234, 1234567, 100000, 1500, 1234567, 1234],
         ["7.5", "seven", "99999999999999999999", "1_000", "1.234", "1.5E+00", "1 0", "1E+300"]),
        ("boolean", ["Yes", "y", "TRUE", "1", "no", "N", "false", "0"], [True] * 4 + [False] * 4, ["maybe", "2"]),
    ],
)  # fmt: skip
def test_values_are_read_only_where_they_can_mean_one_thing(
    tmp_path: Path, con: duckdb.DuckDBPyConnection, kind: str, good: list[str], read: list[object], bad: list[str]
) -> None:
    account = land_one(tmp_path, con, column("x", kind), *good, *bad)
    assert [x for (x,) in rows(con, "SELECT x FROM raw.one ORDER BY _line")] == read
    assert (account.accepted, account.quarantined) == (len(good), len(bad))
    assert {rule for _, rule in quarantined(con)} == {f"x:{kind}"}


def test_every_broken_rule_is_named_without_the_value_and_the_record_is_kept(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    described = contract(
        tmp_path,
        "staff",
        [
            column("id", required=True, quality=[], logicalTypeOptions={"pattern": "^[A-Z]+$", "maxLength": 4}),
            column("status", values=["Active", "On Leave"]),
            column("fte", "number", logicalTypeOptions={"minimum": 0, "maximum": 1.5}),
            column("start", "date"),
            column("end", "date"),
        ],
        [
            rule(
                "ends_after_start",
                '"end" is null or "start" is null or "end" >= start',
                "The end lies before the start.",
            )
        ],
    )
    records = [
        "AB, active ,1.5,2025-01-01,",
        ",Active,1,2025-01-01,2024-01-01",
        "canary,Gone,2,soon,",
        "ABCDE,ON LEAVE,-1,2025-01-01,2025-01-01",
    ]
    content = as_lines("id,status,fte,start,end", *records)
    account = land(tmp_path, described, {"staff_20260630.csv": content}, con)[0]
    assert rows(con, "SELECT id, status, fte FROM raw.staff") == [("AB", "Active", 1.5)]
    kept = rows(con, "SELECT line, rule, reason, record FROM landing.quarantine ORDER BY line")
    assert [(line, rule, reason) for line, rule, reason, _ in kept] == [
        (3, "id:required", "'id' is empty; The end lies before the start"),
        (4, "id:pattern", "'id' does not look like ^[A-Z]+$; 'id' is too long; 'status' is not one of Active, On Leave"
            "; 'fte' is above 1.5; 'start' is not a date"),
        (5, "id:maxLength", "'id' is too long; 'fte' is below 0"),
    ]  # fmt: skip
    assert json.loads(kept[1][3]) == {"id": "canary", "status": "Gone", "fte": "2", "start": "soon", "end": ""}
    assert account.quarantined == 3


@pytest.mark.parametrize("odd", ["\0", "\x07", "\u200b", "\u202e", "\u2066", "\ufeff", "\x85", "\ufffd"])
def test_invisible_and_control_characters_quarantine_their_record(
    tmp_path: Path, con: duckdb.DuckDBPyConnection, odd: str
) -> None:
    land_one(tmp_path, con, column("x"), "fine", f"a{odd}b", "two\nlines", "tab\there", "Zoë 山田 🙂")
    assert quarantined(con) == [(3, "characters")]


def test_blanks_around_values_go_and_null_tokens_are_missing(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    described = contract(tmp_path, "staff", [column("id"), column("x")], nullValues=["NA", "-9999"])
    lines = ['" 007\u00a0","\u3000x\t"', "1,NA", "2, -9999 ", '"\n3\n",', "4,na"]
    land(tmp_path, described, {"staff_20260630.csv": as_lines("id,x", *lines)}, con)
    expected = [("007", "x"), ("1", None), ("2", None), ("3", None), ("4", "na")]
    assert rows(con, "SELECT id, x FROM raw.staff ORDER BY _line") == expected


def test_blank_records_are_set_aside_but_not_at_the_end(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    described = contract(tmp_path, "staff", [column("id"), column("x")])
    content = as_lines("id,x", "1,a", "", " , ", "2,b", "", "")
    account = land(tmp_path, described, {"staff_20260630.csv": content}, con)[0]
    assert quarantined(con) == [(3, "blank"), (4, "blank")]
    assert (account.records, account.header, account.accepted, account.quarantined) == (5, 1, 2, 2)


def test_repeated_keys_are_duplicates_or_conflicts(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    columns = [column("id", required=True, primaryKey=True), column("mail", unique=True), column("x")]
    described = contract(tmp_path, "staff", columns)
    lines = ["1,a,x", "1, a ,x", "2,b,x", "2,b,y", "3,,x", "4,,x", "5,c,x", "6,c,x", "7,d,x"]
    land(tmp_path, described, {"staff_20260630.csv": as_lines("id,mail,x", *lines)}, con)
    assert quarantined(con) == [(3, "duplicate"), (4, "conflict"), (5, "conflict"), (8, "conflict"), (9, "conflict")]


def test_optional_columns_may_be_absent_and_extra_ones_are_dropped(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    columns = [column("id"), column("left", "date", optional=True), column("pay", "number", optional=True)]
    described = contract(tmp_path, "staff", columns)
    land(tmp_path, described, {"staff_20260630.csv": as_lines("extra,ID", "x,1")}, con)
    assert rows(con, 'SELECT id, "left", pay FROM raw.staff') == [("1", None, None)]


def test_a_faulty_last_field_without_line_end_means_the_export_was_cut(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    described = contract(tmp_path, "staff", [column("id"), column("day", "date")])
    account = land(tmp_path, described, {"staff_20260630.csv": b"id,day\n1,2025-01-01\n2,2025-0"}, con)[0]
    assert (account.status, account.records, account.quarantined) == ("refused", 3, 2)
    assert "cut short" in account.reason


def test_every_cut_inside_a_record_is_noticed_or_leaves_whole_records(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    described = contract(tmp_path, "staff", [column("id"), column("name"), column("status", values=["Active", "Left"])])
    content = as_lines("id,name,status", '1,"Ann, Bo",Active', "2,Bo,Left", "3,Cy,Active")
    second = content.index(b"2,Bo")
    for end in range(second + 1, len(content)):
        account = land(tmp_path, described, {"staff_20260630.csv": content[:end]}, con)[0]
        is_whole = content[end : end + 1] == b"\n" or content[end - 1 : end] == b"\n"
        assert (account.status == "read") == is_whole, content[:end]
        assert not is_whole or account.quarantined == 0


def test_answers_become_rows_with_the_texts_of_their_questions(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    names = ("question_id", "question_text", "import_id", "value")
    answers = contract(tmp_path, "qualtrics__answer", [column(name) for name in names])
    survey = contract(
        tmp_path,
        "qualtrics__response",
        [column("response_id", headings=["ResponseId"], required=True), column("finished", "boolean")],
        headerRows=3,
        answers="qualtrics__answer",
        ignored=["IPAddress", "Location*"],
        nullValues=["-99"],
    )
    content = as_lines(
        "ResponseId,Finished,IPAddress,LocationLatitude,Q1,Q2",
        'Id,Beendet,IP,Lat,"When\nwas it?",How',
        '"{""ImportId"":""r""}",f,i,l,"{""ImportId"":""QID1""}",q2',
        "R_1,True,1.2.3.4,47.1,Never, fine ",
        "R_2,1,1.2.3.4,47.1,-99,",
        "R_3,perhaps,1.2.3.4,47.1,Never,lost",
        "R_4,0,,,Not sure,ok",
    )
    account = land(tmp_path, survey, {"pulse_2026h1_20260630.csv": content}, con, answers)[0]
    assert (account.records, account.header, account.accepted, account.quarantined) == (7, 3, 3, 1)
    first = '{"ImportId":"QID1"}'
    assert rows(con, f"SELECT {', '.join(names)}, _line, _series FROM raw.qualtrics__answer ORDER BY _line, 1") == [
        ("Q1", "When was it?", first, "Never", 5, "pulse_2026h1"),
        ("Q2", "How", "q2", "fine", 5, "pulse_2026h1"),
        ("Q1", "When was it?", first, "Not sure", 8, "pulse_2026h1"),
        ("Q2", "How", "q2", "ok", 8, "pulse_2026h1"),
    ]


def test_an_account_that_does_not_add_up_cannot_be_made() -> None:
    with pytest.raises(AssertionError, match=r"5 records are not 1 \+ 2 \+ 1"):
        FileAccount("0", "a.csv", "s", "read", "", None, "", "", "", 5, 1, 2, 1)


def test_hostile_texts_are_text(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    hostile = ["Robert'); DROP TABLE raw.one;--", "=cmd()", "<b>", "%s {0} ${x}", "O'Neill"]
    land_one(tmp_path, con, column("x"), *hostile)
    assert [x for (x,) in rows(con, "SELECT x FROM raw.one ORDER BY _line")] == hostile


def test_hostile_file_names_and_values_of_the_contract_are_text(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    described = contract(tmp_path, "odd", [column("n's", headings=["it's"], values=["O'K"])], nullValues=["'"])
    account = land(tmp_path, described, {'o\'dd "x"_20260630.csv': as_lines("it's", "o'k", "no", "'")}, con)[0]
    assert (account.accepted, account.quarantined) == (2, 1)
    assert rows(con, "SELECT path FROM landing.quarantine") == [('odd/o\'dd "x"_20260630.csv',)]


def _of_files(described: Contract, path: Path, tmp_path: Path, con: duckdb.DuckDBPyConnection) -> FileAccount:
    return land(tmp_path, described, {"real_20260630.csv": path.read_bytes()}, con)[0]


def test_a_training_file_with_planted_dirt_is_accounted_for(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    path = DATA / "hris" / "caughlin" / "DataCleaningExample.csv"
    if not path.exists():
        pytest.skip("the collection of real files is not here")
    columns = [
        column("employee_id", headings=["EmpID"], required=True),
        column("facility", headings=["Facility"], values=["Beaverton", "Portland"]),
        column("level", "integer", headings=["JobLevel"], logicalTypeOptions={"minimum": 1, "maximum": 5}),
        column("start", "date", headings=["StartDate"]),
    ]
    described = contract(tmp_path, "caughlin", columns, nullValues=["-9999"])
    account = _of_files(described, path, tmp_path, con)
    assert (account.status, account.header, account.records) == ("read", 1, len(path.read_bytes().splitlines()))
    assert rows(con, "SELECT DISTINCT rule FROM landing.quarantine ORDER BY 1") == [
        ("facility:enum",),
        ("level:maximum",),
    ]
    assert rows(con, "SELECT facility, level FROM raw.caughlin WHERE employee_id = 'EP1203'") == [("Beaverton", None)]


@pytest.mark.parametrize(
    ("name", "heads", "header", "answered"),
    [
        ("sample.csv", ("ResponseId", "StartDate"), 3, {"Q1": "2", "Q2": "Hello World!"}),
        ("sample_legacy.csv", ("V1", "V8"), 2, {"Q1": "2", "Q2": "Hello World!"}),
    ],
)
def test_a_survey_export_is_read_in_both_its_layouts(
    tmp_path: Path,
    con: duckdb.DuckDBPyConnection,
    name: str,
    heads: tuple[str, str],
    header: int,
    answered: dict[str, str],
) -> None:
    path = DATA / "survey" / "qualtrics_sample" / name
    if not path.exists():
        pytest.skip("the collection of real files is not here")
    answers = contract(tmp_path, "answers", [column("question_id"), column("question_text"), column("value")])
    columns = [column("response_id", headings=[heads[0]]), column("started", "timestamp", headings=[heads[1]])]
    survey = contract(tmp_path, "survey", columns, headerRows=header, answers="answers")
    account = land(tmp_path, survey, {"real_20260630.csv": path.read_bytes()}, con, answers)[0]
    assert (account.records, account.header, account.accepted) == (header + 1, header, 1)
    started = datetime(2017, 7, 18, 8, 28, 9)
    assert rows(con, "SELECT response_id, started FROM raw.survey") == [("R_2YPOQ602ER1jkf1", started)]
    found = dict(rows(con, "SELECT question_id, value FROM raw.answers WHERE question_id LIKE 'Q%'"))
    assert found == answered


def test_a_row_rule_that_is_no_sql_is_a_fault_of_the_contract(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    described = contract(tmp_path, "staff", [column("id")], [rule("broken", "no_such_column > 1", "Never said.")])
    home = tmp_path / "landing" / "staff"
    home.mkdir(parents=True)
    (home / "staff_20260630.csv").write_bytes(as_lines("id", "1"))
    with pytest.raises(duckdb.Error, match="no_such_column"):
        land_source(described, inventory(tmp_path / "landing", {"staff": described}), con)


def test_matrix_questions_may_repeat_their_heading_and_stay_apart(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    known = contracts.load_folder(CONTRACTS)
    path = tmp_path / "surveys" / "qualtrics_legacy" / "pulse_20260101.csv"
    path.parent.mkdir(parents=True)
    path.write_text(
        "V1,V7,V8,V9,V10,Q1,Q1\nResponseID,Status,Start,End,Finished,Pay,Growth\n"
        "R_1,0,2026-01-01 09:00:00,2026-01-01 09:05:00,1,4,5\n",
        encoding="utf-8",
    )
    source = known["qualtrics_legacy__response"]
    account = land_source(source, inventory(tmp_path, known), con, known["qualtrics_legacy__answer"])[0]
    found = con.execute(
        "SELECT question_id, question_text, value FROM raw.qualtrics_legacy__answer ORDER BY 1"
    ).fetchall()
    assert (account.status, account.accepted) == ("read", 1)
    assert found == [("Q1", "Pay", "4"), ("Q1#2", "Growth", "5")]
