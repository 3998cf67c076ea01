"""Files that must not be taken as they are: each is refused with what is wrong, where, and the remedy."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from pipelines.contracts import Contract
from pipelines.landing import FEWER_RECORDS, OLDER_STATE, FileAccount, inventory, land_source, landed
from pipelines.landing.checking import profile
from tests.landing_cases import column, contract, land, rows

HIRED = date(2020, 1, 1)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse of its own for each test."""
    with duckdb.connect() as connection:
        yield connection


@pytest.fixture
def staff(tmp_path: Path) -> Contract:
    """Workers, delivered whole each time."""
    columns = [column("employee_id", required=True, unique=True), column("name"), column("hired", "date")]
    return contract(tmp_path, "staff", columns, delivery="full")


def _people(count: int, *, first: int = 0, name: str = "Ann") -> bytes:
    people = (f"{i:04d},{name},{HIRED + timedelta(days=i)}" for i in range(first, first + count))
    return "\n".join(["employee_id,name,hired", *people, ""]).encode()


def _refusal(
    tmp_path: Path, described: Contract, content: bytes, con: duckdb.DuckDBPyConnection, name: str = "a_20260630.csv"
) -> str:
    """The reason, after making sure that nothing of the file was taken and that its records add up."""
    account = land(tmp_path, described, {name: content}, con)[0]
    assert account.status == "refused"
    assert account.records == account.header + account.quarantined
    assert rows(con, f"SELECT * FROM {described.table}") == []
    return account.reason


def _statuses(accounts: Sequence[FileAccount]) -> list[str]:
    return [account.status for account in accounts]


@pytest.mark.parametrize(
    ("lines", "mark"),
    [
        (["Row Labels,Headcount", "Sales,4", "Grand Total,4"], "Row 1 has the cell 'Row Labels'"),
        (["Sum of fte,Column Labels,", "Row Labels,Sales,Grand Total", "2026,3,3"], "Row 1 has the cell 'Sum of fte'"),
        (["Abteilung;Köpfe", "Vertrieb;4", "Gesamtergebnis;4"], "Row 3 has the cell 'Gesamtergebnis'"),
        (["Étiquettes de lignes;Nombre de nom", "Ventes;4"], "Row 1 has the cell 'Étiquettes de lignes'"),
        (["dept,COUNTA of name", "Sales,4"], "Row 1 has the cell 'COUNTA of name'"),
    ],
)
def test_a_pivot_table_is_named_as_one(
    tmp_path: Path, staff: Contract, con: duckdb.DuckDBPyConnection, lines: list[str], mark: str
) -> None:
    reason = _refusal(tmp_path, staff, "\r\n".join([*lines, ""]).encode(), con)
    assert mark in reason
    assert "pivot table" in reason
    assert "Save the list it was made from" in reason


def test_a_pivot_table_in_a_workbook_is_named_as_one(
    tmp_path: Path, staff: Contract, con: duckdb.DuckDBPyConnection
) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate([("Zeilenbeschriftungen", "Anzahl von Name"), ("Vertrieb", 4)]):
            sheet.write_row(number, 0, line)
    assert "pivot table" in _refusal(tmp_path, staff, content.getvalue(), con, "a_20260630.xlsx")


def test_the_check_of_an_unknown_file_says_what_it_is(tmp_path: Path, staff: Contract) -> None:
    (tmp_path / "pivot.csv").write_text("Row Labels;Headcount\nSales;4\n", encoding="utf-8")
    (tmp_path / "text.xlsx").write_bytes(b"Department,Place\nSales,Oslo\n")
    (tmp_path / "list.csv").write_text("Department,Place\nSales,Oslo\n", encoding="utf-8")
    found = [profile(tmp_path / name, {staff.id: staff}).problems[0] for name in ("pivot.csv", "text.xlsx", "list.csv")]
    for words, problem in zip(("pivot table", "is text. Rename", "No source has headings"), found, strict=True):
        assert words in problem


def test_a_cell_that_only_sounds_like_a_pivot_table_does_not_hide_the_missing_column(
    tmp_path: Path, staff: Contract, con: duckdb.DuckDBPyConnection
) -> None:
    reason = _refusal(tmp_path, staff, b"employee_id,name,Hired on\n1,Grand Total Ltd,2020-01-01\n", con)
    assert "Missing column 'hired'" in reason
    assert "pivot" not in reason


def _archive(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/"), text)
    return content.getvalue()


ODS = _archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content=b"<office/>")


@pytest.mark.parametrize(
    ("name", "content", "kind", "remedy"),
    [
        ("a_20260630.csv", ODS, "an OpenDocument spreadsheet (.ods)", "save it as .xlsx"),
        ("a_20260630.xlsx", ODS, "an OpenDocument spreadsheet (.ods)", "save it as .xlsx"),
        ("a_20260630.csv", _archive(xl__workbook=b"<workbook/>"), "an Excel workbook", "Rename it to .xlsx"),
        ("a_20260630.csv", _archive(staff=b"id\n1\n"), "zip archive", "unpack it"),
        ("a_20260630.csv", gzip.compress(b"employee_id\n1\n", mtime=0), "compressed (gzip)", "Unpack it"),
        ("a_20260630.xlsx", gzip.compress(b"employee_id\n1\n", mtime=0), "compressed (gzip)", "Unpack it"),
        ("a_20260630.xlsx", _people(3), "is text", "Rename it to .csv"),
        ("a_20260630.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "an old Excel workbook", "Open it"),
        ("a_20260630.ods", ODS, "ending in '.ods'", "save it as .xlsx"),
    ],
)
def test_a_file_with_the_wrong_ending_is_refused_by_what_it_is(
    tmp_path: Path, staff: Contract, con: duckdb.DuckDBPyConnection, name: str, content: bytes, kind: str, remedy: str
) -> None:
    reason = _refusal(tmp_path, staff, content, con, name)
    assert kind in reason
    assert remedy in reason


@pytest.mark.parametrize(
    ("landing", "heads", "source"),
    [
        ("hris/staff", "Department,Headcount,Turnover rate", ""),
        ("surveys/pulse", "Organisation,% favourable,n", "surveys/parley/survey_score_YYYYMMDD.csv"),
        ("conversations/log", "Manager,Month,Percent with a talk", "conversations/parley/conversation_usage_YYYYMMDD"),
    ],
)
def test_figures_about_groups_are_refused_where_records_are_expected(
    tmp_path: Path, con: duckdb.DuckDBPyConnection, landing: str, heads: str, source: str
) -> None:
    columns = [column("employee_id", required=True), column("day", "date")]
    described = contract(tmp_path, "staff", columns, landing=landing)
    reason = _refusal(tmp_path, described, f"{heads}\nSales,4,0.1\n".encode(), con)
    assert "no column 'employee_id'" in reason
    assert "already added up" in reason
    assert source in reason


def test_a_renamed_id_is_a_missing_column_and_no_figure(
    tmp_path: Path, staff: Contract, con: duckdb.DuckDBPyConnection
) -> None:
    reason = _refusal(tmp_path, staff, b"Person ID,name,hired,Total\n1,Ann,2020-01-01,4\n", con)
    assert "Missing column 'employee_id'" in reason


def test_years_of_two_and_of_four_digits_in_one_column_are_refused(
    tmp_path: Path, staff: Contract, con: duckdb.DuckDBPyConnection
) -> None:
    content = b"employee_id,name,hired\n1,Ann,31/01/2020\n2,Bo,30/01/2021\n3,Cy,29/01/22\n"
    reason = _refusal(tmp_path, staff, content, con)
    assert "Column 'hired' mixes years of two digits, such as 29/01/22, with years of four" in reason
    assert "yyyy-MM-dd" in reason


def test_swapped_columns_refuse_the_whole_file(tmp_path: Path, staff: Contract, con: duckdb.DuckDBPyConnection) -> None:
    swapped = _people(12).replace(b"name,hired", b"hired,name")
    reason = _refusal(tmp_path, staff, swapped, con)
    assert "12 of 12 records have the same fault, the first in line 2: 'hired' is not a date" in reason
    assert "swapped or shifted (look at 'hired')" in reason


@pytest.mark.parametrize(("faulty", "status"), [(5, "read"), (6, "refused")])
def test_half_of_the_records_may_be_faulty_before_the_file_is(
    tmp_path: Path, staff: Contract, con: duckdb.DuckDBPyConnection, faulty: int, status: str
) -> None:
    lines = _people(10).splitlines()
    broken = [line.replace(b"2020-", b"May ") if 0 < i <= faulty else line for i, line in enumerate(lines)]
    account = land(tmp_path, staff, {"a_20260630.csv": b"\n".join([*broken, b""])}, con)[0]
    assert (account.status, account.records, account.accepted) == (status, 11, 5 if status == "read" else 0)


def test_a_handful_of_faulty_records_never_refuses_a_file(
    tmp_path: Path, staff: Contract, con: duckdb.DuckDBPyConnection
) -> None:
    account = land(tmp_path, staff, {"a_20260630.csv": _people(9).replace(b"2020-", b"May ")}, con)[0]
    assert (account.status, account.quarantined) == ("read", 9)


SHUFFLED = b"\n".join([(lines := _people(120).splitlines())[0], *reversed(lines[1:]), b""])


@pytest.mark.parametrize(
    "copy", [_people(120), SHUFFLED, _people(120).replace(b",", b";")], ids=["bytes", "order", "format"]
)
def test_an_old_state_under_a_new_date_is_refused_whatever_its_bytes(
    tmp_path: Path, staff: Contract, con: duckdb.DuckDBPyConnection, copy: bytes
) -> None:
    files = {"a_20260430.csv": _people(120), "a_20260531.csv": _people(121), "a_20260630.csv": copy}
    accounts = land(tmp_path, staff, files, con)
    assert _statuses(accounts) == ["read", "read", "refused"]
    assert accounts[2].records == 121
    assert "content is that of staff/a_20260430.csv" in accounts[2].reason
    assert landed.refusals(staff, con) == [("staff/a_20260630.csv", accounts[2].reason)]


@pytest.mark.parametrize(
    ("people", "day", "status"),
    [(120, "20260628", "refused"), (120, "20260627", "duplicate"), (99, "20261231", "duplicate")],
)
def test_many_people_unchanged_for_four_weeks_are_a_stale_copy(
    tmp_path: Path, staff: Contract, con: duckdb.DuckDBPyConnection, people: int, day: str, status: str
) -> None:
    files = {"a_20260531.csv": _people(people), f"a_{day}.csv": _people(people)}
    account = land(tmp_path, staff, files, con)[1]
    assert account.status == status
    assert "content" in account.reason.lower()


def test_a_stale_copy_delivered_every_week_is_found_in_the_fourth(
    tmp_path: Path, staff: Contract, con: duckdb.DuckDBPyConnection
) -> None:
    days = (date(2026, 6, 1) + timedelta(weeks=week) for week in range(5))
    accounts = land(tmp_path, staff, {f"a_{day:%Y%m%d}.csv": _people(120) for day in days}, con)
    assert _statuses(accounts) == ["read", "duplicate", "duplicate", "duplicate", "refused"]


def test_a_source_that_adds_up_may_repeat_itself(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    log = contract(tmp_path, "log", [column("id", required=True)], delivery="append")
    many = "\n".join(["id", *map(str, range(150)), ""]).encode()
    files = {"a_20250101.csv": many, "a_20250601.csv": b"id\nx\n", "a_20260630.csv": many.replace(b"\n", b"\r\n")}
    accounts = land(tmp_path, log, files, con)
    assert _statuses(accounts) == ["read", "read", "duplicate"]
    assert rows(con, "SELECT count(*) FROM raw.log") == [(151,)]


def test_two_files_of_one_day_are_compared_with_those_named_alike(
    tmp_path: Path, staff: Contract, con: duckdb.DuckDBPyConnection
) -> None:
    north, south = _people(20), _people(20, first=500)
    files = {"north_20260601.csv": north, "south_20260601.csv": south, "north_20260608.csv": north}
    files["south_20260608.csv"] = south.replace(b"Ann", b"Bo")
    assert _statuses(land(tmp_path, staff, files, con)) == ["read", "read", "duplicate", "read"]


def test_the_copy_of_a_refused_file_is_refused_for_the_same_reason(
    tmp_path: Path, staff: Contract, con: duckdb.DuckDBPyConnection
) -> None:
    files = {"a_20260531.csv": _people(5), "a_20260630.csv": b"id\n1\n", "a_20260701.csv": b"id\n1\n"}
    accounts = land(tmp_path, staff, files, con)
    assert _statuses(accounts) == ["read", "refused", "refused"]
    assert "staff/a_20260630.csv, which was refused: Heading row 1" in accounts[2].reason
    assert [path for path, _ in landed.refusals(staff, con)] == ["staff/a_20260701.csv"]


def test_faulty_records_beside_an_unchanged_state_are_not_swept_away(
    tmp_path: Path, staff: Contract, con: duckdb.DuckDBPyConnection
) -> None:
    files = {"a_20260601.csv": _people(5), "a_20260608.csv": _people(5) + b"9999,Eve,soon\n"}
    accounts = land(tmp_path, staff, files, con)
    assert [(a.status, a.quarantined) for a in accounts] == [("read", 0), ("read", 1)]


def test_an_older_state_is_taken_once_a_person_accepts_it(
    tmp_path: Path, staff: Contract, con: duckdb.DuckDBPyConnection
) -> None:
    files = {"a_20260430.csv": _people(12), "a_20260531.csv": _people(13), "a_20260630.csv": _people(12)}
    accounts = land(tmp_path, staff, files, con)
    assert accounts[2].status == "refused"
    known = inventory(tmp_path / "landing", {staff.id: staff})
    for accepted in (OLDER_STATE, accounts[2].file_id):
        assert land_source(staff, known, con, accepted=(accepted,))[2].status == "read"


@pytest.mark.parametrize("delivery", ["full", "snapshot"])
@pytest.mark.parametrize(("left", "status"), [(180, "read"), (179, "refused")])
def test_a_tenth_of_the_records_may_go_before_a_delivery_looks_cut_off(
    tmp_path: Path, con: duckdb.DuckDBPyConnection, delivery: str, left: int, status: str
) -> None:
    described = contract(
        tmp_path, "staff", [column("employee_id"), column("name"), column("hired", "date")], delivery=delivery
    )
    accounts = land(tmp_path, described, {"a_20260531.csv": _people(200), "a_20260630.csv": _people(left)}, con)
    assert accounts[1].status == status
    if status == "refused":
        assert "The file has 179 records, staff/a_20260531.csv had 200" in accounts[1].reason
        known = inventory(tmp_path / "landing", {"staff": described})
        assert land_source(described, known, con, accepted=(FEWER_RECORDS,))[1].accepted == left
        assert land_source(described, known, con, accepted=(accounts[1].file_id,))[1].accepted == left


def test_a_small_or_adding_source_may_shrink(tmp_path: Path, staff: Contract, con: duckdb.DuckDBPyConnection) -> None:
    accounts = land(tmp_path, staff, {"a_20260531.csv": _people(24), "a_20260630.csv": _people(5)}, con)
    assert _statuses(accounts) == ["read", "read"]
    log = contract(tmp_path, "log", [column("employee_id")], delivery="append")
    accounts = land(tmp_path, log, {"a_20260531.csv": _people(200), "a_20260630.csv": _people(5)}, con)
    assert _statuses(accounts) == ["read", "read"]


def test_a_delivery_that_lacks_one_of_its_files_looks_cut_off(
    tmp_path: Path, staff: Contract, con: duckdb.DuckDBPyConnection
) -> None:
    both = {"north_20260601.csv": _people(50), "south_20260601.csv": _people(50, first=500)}
    complete = {"north_20260608.csv": _people(51), "south_20260608.csv": _people(49, first=500)}
    accounts = land(tmp_path, staff, both | complete | {"north_20260615.csv": _people(52)}, con)
    assert _statuses(accounts) == ["read", "read", "read", "read", "refused"]
    assert "has 52 records, that of 2026-06-08 had 100" in accounts[4].reason


def test_a_file_that_shrank_is_not_hidden_by_another_of_its_day(
    tmp_path: Path, staff: Contract, con: duckdb.DuckDBPyConnection
) -> None:
    south = _people(50, first=500)
    both = {"north_20260601.csv": _people(50), "south_20260601.csv": south}
    accounts = land(tmp_path, staff, both | {"north_20260608.csv": _people(20), "south_20260608.csv": south}, con)
    assert _statuses(accounts) == ["read", "read", "refused", "duplicate"]
    assert "The file has 20 records, staff/north_20260601.csv had 50" in accounts[2].reason


def test_only_the_newest_refusal_of_a_snapshot_source_matters(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    described = contract(
        tmp_path, "staff", [column("employee_id"), column("name"), column("hired", "date")], delivery="snapshot"
    )
    files = {"a_20260430.csv": b"other\n1\n", "a_20260531.csv": _people(5)}
    land(tmp_path, described, files, con)
    assert landed.refusals(described, con) == []
    land(tmp_path, described, files | {"a_20260630.csv": b"other\n2\n"}, con)
    assert [path for path, _ in landed.refusals(described, con)] == ["staff/a_20260630.csv"]
