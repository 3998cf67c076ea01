"""What a contract may declare of its source: century, decimal sign, codes, ids, and what of a record may be stored at all."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.landing_cases import as_lines, column, contract, land, land_one, quarantined, rows


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@pytest.mark.parametrize(
    ("pivot", "years"), [(30, [1931, 2030, 1968, 1969, 2000]), (80, [2031, 2030, 2068, 2069, 2000])]
)
def test_two_digit_years_are_read_around_the_declared_pivot(
    tmp_path: Path, con: duckdb.DuckDBPyConnection, pivot: int, years: list[int]
) -> None:
    bounds = {"minimum": "1900-01-02", "maximum": "2100-01-01"}
    head = column("day", "date", format="dd/MM/yy", pivot=pivot, logicalTypeOptions=bounds)
    account = land_one(tmp_path, con, head, "01/02/31", "01/02/30", "01/02/68", "01/02/69", "29/02/00", "01/02/2031")
    assert rows(con, "SELECT year(day) FROM raw.one ORDER BY _line") == [(year,) for year in years]
    assert (account.date_format, account.quarantined) == ("day dd/MM/yy (declared)", 1)


def test_two_digit_years_without_a_pivot_refuse_the_file(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    account = land_one(tmp_path, con, column("day", "date", format="dd-MMM-yy"), "27-Oct-25")
    assert account.status == "refused"
    assert "Declare `pivot` beside it" in account.reason


def test_a_declared_decimal_comma_settles_what_a_point_means(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    described = contract(tmp_path, "staff", [column("n", "integer"), column("x", "number")], decimal=",")
    good = ["1.234;1.234", "7;0,5", "1.234.567;1.234,5", "7,0;1,234", "1,0E+05;1 234,5"]
    bad = ["1,234;1", "1;1.5", "1;1,234.5"]
    land(tmp_path, described, {"staff_20260630.csv": as_lines("n;x", *good, *bad)}, con)
    read = [(1234, 1234.0), (7, 0.5), (1234567, 1234.5), (7, 1.234), (100000, 1234.5)]
    assert rows(con, "SELECT n, x FROM raw.staff ORDER BY _line") == read
    assert quarantined(con) == [(7, "n:integer"), (8, "x:number"), (9, "x:number")]


def test_what_can_only_mean_missing_is_missing_but_in_text(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    kinds = ["date", "timestamp", "integer", "number", "boolean", "string"]
    described = contract(tmp_path, "staff", [column(kind, kind) for kind in kinds], nullValues=["-9999"])
    tokens = ["NA", "N/A", "NULL", "#N/A", "-", "-9999", " NA "]
    account = land(
        tmp_path,
        described,
        {"staff_20260630.csv": as_lines(",".join(kinds), *(",".join([t] * 6) for t in tokens))},
        con,
    )[0]
    assert account.accepted == len(tokens)
    assert (
        rows(con, "SELECT * EXCLUDE (string, _file_id, _line, _as_of, _series, _id_space) FROM raw.staff")
        == [(None,) * 5] * 7
    )
    texts = ["NA", "N/A", "NULL", "#N/A", "-", None, "NA"]
    assert rows(con, "SELECT string FROM raw.staff ORDER BY _line") == [(text,) for text in texts]


def test_other_spellings_of_a_value_become_the_value(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    codes = {"Female": ["F", "w", "O'K"], "Male": [1, "m"]}
    head = column("gender", values=["Female", "Male"], codes=codes)
    land_one(tmp_path, con, head, "F", "female", "W", "o'k", "1", "MALE", "x")
    assert rows(con, "SELECT gender FROM raw.one ORDER BY _line") == [("Female",)] * 4 + [("Male",)] * 2
    assert quarantined(con) == [(8, "gender:enum")]


def test_ids_lose_their_prefix_regain_their_zeros_and_stand_in_their_space(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    columns = [
        column("id", identifies="worker", primaryKey=True),
        column("manager", identifies="worker"),
        column("unit", identifies="unit"),
        column("grade"),
    ]
    described = contract(tmp_path, "staff", columns, idSpace="N'S-", idPrefix="KSY", idWidth=6)
    lines = ["KSY211756,ksy12,7,7", "12,a@b.c,,KSY1", "1234567,KSY,KSY1,", "A1,,x,"]
    land(tmp_path, described, {"staff_20260630.csv": as_lines("id,manager,unit,grade", *lines)}, con)
    assert rows(con, "SELECT id, manager, unit, grade, _id_space FROM raw.staff ORDER BY _line") == [
        ("N'S-211756", "N'S-000012", "N'S-7", "7", "N'S-"),
        ("N'S-000012", "a@b.c", None, "KSY1", "N'S-"),
        ("N'S-1234567", "N'S-KSY", "N'S-KSY1", None, "N'S-"),
        ("N'S-A1", None, "N'S-x", None, "N'S-"),
    ]


def test_ids_are_left_alone_where_nothing_is_declared(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    land_one(tmp_path, con, column("id", identifies="worker"), "007", "KSY1", "a@b.c")
    assert rows(con, "SELECT id FROM raw.one ORDER BY _line") == [("007",), ("KSY1",), ("a@b.c",)]


@pytest.mark.parametrize("who", ["worker", "unit"])
def test_an_id_that_excel_turned_into_a_number_is_lost(
    tmp_path: Path, con: duckdb.DuckDBPyConnection, who: str
) -> None:
    land_one(tmp_path, con, column("id", identifies=who), "2.1E+05", "2,1E+05", "3E+11", "E05", "12E5", "")
    assert quarantined(con) == [(line, "id:scientific") for line in (2, 3, 4)]
    [(reason,)] = rows(con, "SELECT DISTINCT reason FROM landing.quarantine")
    assert "export it again and do not save it in Excel" in reason


def _tables_with(con: duckdb.DuckDBPyConnection, word: str) -> list[str]:
    """Names of the tables of which some record has the word in any column."""
    tables = rows(con, "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE NOT temporary")
    return [
        name
        for (name,) in tables
        if rows(con, f"SELECT count(*) FROM {name} t WHERE t::VARCHAR LIKE '%{word}%'") != [(0,)]
    ]


def test_of_a_cut_column_only_the_first_match_is_kept(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    columns = [column("id"), column("day", "date"), column("tag", headings=["Title"], keepOnly="(?i)#career")]
    described = contract(tmp_path, "talks", columns)
    lines = [
        "1,2026-01-01,CANARY #Career talk #career CANARY",
        "2,2026-01-01,CANARY",
        "3,soon,CANARY #career",
        '4,2026-01-01,"CANARY \U0001f469\u200d\U0001f4bb, with an invisible joiner"',
        "5,2026-01-01,CANARY,CANARY",
        '6,2026-01-01,"CANARY',
    ]
    account = land(tmp_path, described, {"talks_20260630.csv": as_lines("id,day,title", *lines)}, con)[0]
    assert (account.accepted, account.quarantined) == (3, 3)
    assert rows(con, "SELECT id, tag FROM raw.talks ORDER BY _line") == [("1", "#Career"), ("2", None), ("4", None)]
    assert quarantined(con) == [(4, "day:date"), (6, "fields"), (7, "quote")]
    assert rows(con, "SELECT record FROM landing.quarantine ORDER BY line") == [
        ('{"id":"3","day":"soon","tag":"#career"}',),
        (None,),
        (None,),
    ]
    assert _tables_with(con, "CANARY") == []
    assert "raw.talks" in _tables_with(con, "#Career")


def test_what_nobody_asked_for_is_in_no_table_however_faulty_its_record(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    answers = contract(tmp_path, "answer", [column("question_id"), column("value")])
    survey = contract(
        tmp_path,
        "response",
        [column("id", required=True), column("day", "date")],
        answers="answer",
        ignored=["IP*", "Notes"],
    )
    lines = ["1,2026-01-01,CANARY,good,CANARY", "2,soon,CANARY,fine,CANARY", ",,CANARY,,CANARY", "3,CANARY,CANARY"]
    content = as_lines(
        "id,day,IP Address,Q1,notes", *lines, '4,"2026-01-01,CANARY,fine,CANARY', "5\u200b,,CANARY,,CANARY"
    )
    account = land(tmp_path, survey, {"response_20260630.csv": content}, con, answers)[0]
    assert (account.accepted, account.quarantined) == (1, 5)
    assert rows(con, "SELECT question_id, value FROM raw.answer") == [("Q1", "good")]
    assert _tables_with(con, "CANARY") == []
    assert _tables_with(con, "good") == ["raw.answer"]


def test_a_malformed_record_keeps_its_text_only_where_all_of_the_file_was_asked_for(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    described = contract(tmp_path, "staff", [column("id"), column("x")])
    files = {
        "a_20260101.csv": as_lines("id,x", "1,a", "2"),
        "b_20260102.csv": as_lines("id,x,pay", "3,a,9", "2,b,9,CANARY"),
    }
    land(tmp_path, described, files, con)
    assert rows(con, "SELECT record FROM landing.quarantine ORDER BY path") == [('["2"]',), (None,)]


def test_a_survey_that_names_its_groups_over_their_first_column_only(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    answers = contract(tmp_path, "answer", [column("question_id"), column("question_text"), column("value")])
    survey = contract(
        tmp_path,
        "response",
        [column("id", headings=["Respondent ID"]), column("started", "date", headings=["Start Date"])],
        headerRows=2,
        headingsFill=True,
        answers="answer",
        ignored=["IP Address"],
    )
    content = as_lines(
        'Respondent ID,Start Date,IP Address,"How often\ndo you talk?",Who helps you?,,,Anything else?',
        ",,,Response,My manager,A mentor,Other (please specify),Open-Ended Response",
        "1,2026-06-01,CANARY,Often,My manager,,Zoë,no",
        "2,2026-06-02,CANARY,,,A mentor,,",
    )
    account = land(tmp_path, survey, {"pulse_20260630.csv": content}, con, answers)[0]
    assert (account.header, account.accepted, account.quarantined) == (2, 2, 0)
    assert rows(con, "SELECT question_id, value FROM raw.answer ORDER BY ALL") == [
        ("Anything else?", "no"),
        ("How often do you talk?", "Often"),
        ("Who helps you? - A mentor", "A mentor"),
        ("Who helps you? - My manager", "My manager"),
        ("Who helps you? - Other (please specify)", "Zoë"),
    ]
    assert rows(con, "SELECT count(*) FROM raw.answer WHERE question_id <> question_text") == [(0,)]
