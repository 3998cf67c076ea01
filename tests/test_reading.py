"""Bytes to records: encodings by proof, containers by their first bytes, and no record lost, shifted or read twice."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from pipelines.contracts import Contract
from pipelines.landing.encodings import encoding_of
from pipelines.landing.reading import TextTable, Unreadable, read
from tests.landing_cases import column, contract


@pytest.fixture
def people(tmp_path: Path) -> Contract:
    return contract(tmp_path, "people", [column("id", headings=["Employee ID", "Worker ID"]), column("name")])


def _read(tmp_path: Path, content: bytes, described: Contract, name: str = "file.csv") -> TextTable | Unreadable:
    path = tmp_path / name
    path.write_bytes(content)
    return read(path, described)


def _table(tmp_path: Path, content: bytes, described: Contract, name: str = "file.csv") -> TextTable:
    found = _read(tmp_path, content, described, name)
    assert isinstance(found, TextTable), found
    return found


def _refusal(tmp_path: Path, content: bytes, described: Contract, name: str = "file.csv") -> Unreadable:
    found = _read(tmp_path, content, described, name)
    assert isinstance(found, Unreadable)
    return found


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8 with byte order mark"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end_gives_the_same_records(
    tmp_path: Path, people: Contract, encoding: str, name: str, end: str
) -> None:
    text = end.join(["id,name", "007,Zoë Müller", '8,"Ann, Bo"', ""])
    table = _table(tmp_path, text.encode(encoding), people)
    assert table.rows.rows() == [(2, "007", "Zoë Müller"), (3, "8", "Ann, Bo")]
    assert (table.encoding, table.delimiter, table.records, table.header) == (name, ",", 3, 1)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_though_others_stand_in_the_values(
    tmp_path: Path, people: Contract, delimiter: str
) -> None:
    lines = [["id", "name"], ["1", '"a,b;c|d\te"'], ["2", "x"]]
    table = _table(tmp_path, "\n".join(map(delimiter.join, lines)).encode() + b"\n", people)
    assert table.delimiter == delimiter
    assert table.rows["c1"].to_list() == ["a,b;c|d\te", "x"]


def test_damaged_utf_8_stays_utf_8_so_that_only_its_record_suffers(tmp_path: Path, people: Contract) -> None:
    table = _table(tmp_path, "id,name\n1,Zoë\n2,Zoë\n3,Zo".encode() + b"\xeb\n", people)
    assert table.encoding == "utf-8, damaged"
    assert table.rows["c1"].to_list() == ["Zoë", "Zoë", "Zo\ufffd"]


def test_two_encodings_in_one_file_are_refused(tmp_path: Path, people: Contract) -> None:
    content = "id,name\n1,Zoë\n".encode() + "2,Zoë Müller\n3,Chloé\n".encode("cp1252")
    assert "mixes two encodings" in _refusal(tmp_path, content, people).reason


@pytest.mark.parametrize("encoding", ["shift_jis", "cp1251", "utf-32"])
def test_other_encodings_are_refused_and_not_misread(tmp_path: Path, people: Contract, encoding: str) -> None:
    names = "Иванов Пётр" if encoding == "cp1251" else "山田太郎"
    content = f"id,name\n1,{names}\n2,{names}\n".encode(encoding)
    assert "CSV UTF-8" in _refusal(tmp_path, content, people).reason


def test_windows_1251_is_read_when_declared_and_the_remedy_says_so(tmp_path: Path, people: Contract) -> None:
    content = "id;name\n1;Иванов Пётр\n2;Щербакова Юлия\n".encode("cp1251")
    assert "declare its `encoding`" in _refusal(tmp_path, content, people).reason
    declared = contract(tmp_path, "declared", [column("id"), column("name")], encoding="cp1251")
    assert _table(tmp_path, content, declared).rows["c1"].to_list() == ["Иванов Пётр", "Щербакова Юлия"]


def test_a_declared_encoding_is_taken_and_a_wrong_one_refused(tmp_path: Path) -> None:
    declared = contract(tmp_path, "declared", [column("name")], encoding="cp1250")
    assert _table(tmp_path, "name\nŁódź\n".encode("cp1250"), declared).rows["c0"].to_list() == ["Łódź"]
    unknown = contract(tmp_path, "unknown", [column("name")], encoding="cp9999")
    assert "does not exist" in _refusal(tmp_path, b"name\nx\n", unknown).reason


def test_a_sequence_cut_by_the_end_of_a_chunk_is_still_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_bytes(b"x" * ((1 << 20) - 1) + "é".encode())
    found = encoding_of(path)
    assert not isinstance(found, str)
    assert found.codec == "utf-8"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (gzip.compress(b"id,name\n", mtime=0), "compressed"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"  <!DOCTYPE html><table>", "web page"),
        (b'[{"id": 1}]', "JSON"),
    ],
)
def test_a_file_of_another_kind_under_a_text_name_is_refused(
    tmp_path: Path, people: Contract, content: bytes, kind: str
) -> None:
    found = _refusal(tmp_path, content, people)
    assert kind in found.reason
    assert found.records >= 1


def test_an_ending_that_is_not_read_is_refused(tmp_path: Path, people: Contract) -> None:
    assert "'.parquet'" in _refusal(tmp_path, b"x", people, "file.parquet").reason


def test_headings_match_whatever_their_case_and_blanks(tmp_path: Path, people: Contract) -> None:
    content = '\ufeff"EMPLOYEE\r\n\u00a0id", Name ,\n1,Ann,\n2,Bo\n'.encode()
    table = _table(tmp_path, content, people)
    assert table.claims.positions == {"id": 0, "name": 1}
    assert table.rows.rows() == [(3, "1", "Ann", ""), (4, "2", "Bo", "")]


@pytest.mark.parametrize(
    ("head", "positions"),
    [
        ("Hire Date (Employment Profile),Id", {"hired": 0, "id": 1}),
        ("id,hire date (x),Hire Date", {"hired": 2, "id": 0}),
        ("id,Hire Date (Rehire)", {"rehired": 1, "id": 0}),
        ("id,Hire Date", {"hired": 1, "id": 0}),
        ('id,"HIRE\r\n\u00a0Date (\r\nx)"', {"hired": 1, "id": 0}),
        ("id,Old Hire Date (x)", {"id": 0}),
    ],
)
def test_a_star_in_a_heading_stands_for_anything_where_nothing_fits_exactly(
    tmp_path: Path, head: str, positions: dict[str, int]
) -> None:
    columns = [
        column("id"),
        column("hired", headings=["Hire Date", "Hire Date (*)"], optional=True),
        column("rehired", headings=["Hire Date (Re*)"], optional=True),
    ]
    described = contract(tmp_path, "starred", columns)
    assert (
        _table(
            tmp_path, f"{head}\n1,2,3\n".encode() if head.count(",") == 2 else f"{head}\n1,2\n".encode(), described
        ).claims.positions
        == positions
    )


def test_only_a_star_is_special_and_a_hostile_heading_costs_no_time(tmp_path: Path) -> None:
    described = contract(tmp_path, "starred", [column("id", headings=["[a]?(*b*c*d"])])
    assert _table(tmp_path, b"[A]?(xb c d\n1\n", described).claims.positions == {"id": 0}
    assert "Missing column" in _refusal(tmp_path, b"a?(xbcd\n1\n", described).reason
    assert "Missing column" in _refusal(tmp_path, b"[a]?(" + b"bc" * 250_000 + b"\n1\n", described).reason


def test_two_headings_that_fit_one_pattern_are_refused(tmp_path: Path) -> None:
    described = contract(tmp_path, "starred", [column("id", headings=["Id (*)"])])
    assert "all names of one column (id)" in _refusal(tmp_path, b"Id (a),Id (b)\n1,2\n", described).reason


def test_headings_are_not_repeated_where_they_may_be_the_first_record(tmp_path: Path, people: Contract) -> None:
    reason = _refusal(tmp_path, b"17,Ann Lee\n18,Bo Ek\n", people).reason
    assert "None of the headings found is known" in reason
    assert "Ann" not in reason


def test_another_quotation_mark_is_taken_when_declared(tmp_path: Path) -> None:
    described = contract(tmp_path, "quoted", [column("id"), column("name")], quote="'")
    table = _table(tmp_path, b"id;'name'\n1;'O''Neill; \"Bo\"\nEk'\n2;x\n3;'y\n", described)
    assert table.rows.rows() == [(2, "1", 'O\'Neill; "Bo"\nEk'), (4, "2", "x")]
    assert [(fault.line, fault.fault) for fault in table.faults] == [(5, "quote")]


def test_an_ending_of_data_loaders_is_delimited_text(tmp_path: Path, people: Contract) -> None:
    assert _table(tmp_path, b"METADATA|Id|Name\nMERGE|1|Ann\n", people, "Worker.dat").delimiter == "|"


@pytest.mark.parametrize(
    ("name", "words"), [("f.ods", "save it as .xlsx"), ("f.zip", "Unpack it"), ("f.pdf", "Save the data as CSV UTF-8")]
)
def test_an_ending_that_is_not_read_comes_with_its_remedy(
    tmp_path: Path, people: Contract, name: str, words: str
) -> None:
    assert words in _refusal(tmp_path, b"x", people, name).reason


def test_rows_below_a_group_may_leave_out_its_last_columns_only_where_they_are_unnamed(tmp_path: Path) -> None:
    described = contract(tmp_path, "grouped", [column("id")], headerRows=2, headingsFill=True)
    table = _table(tmp_path, b"id,Q,,\n,a,b,\n1,x,y,\n2,x,y\n3,x\n", described)
    assert table.headings[0] == ("id", "Q - a", "Q - b", "")
    assert table.rows["_line"].to_list() == [3, 4]
    assert [(fault.line, fault.fault) for fault in table.faults] == [(5, "fields")]


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("id,nme", "Missing column 'name'. Headings found: 'id', 'nme'"),
        ("id,name,name", "More than one column has the heading 'name'"),
        ("Employee ID,Worker ID,name", "all names of one column (id)"),
        ("", "Missing column"),
    ],
)
def test_headings_that_do_not_settle_the_columns_refuse_the_file(
    tmp_path: Path, people: Contract, head: str, words: str
) -> None:
    found = _refusal(tmp_path, f"{head}\n1,Ann,x\n2,Bo,y\n".encode(), people)
    assert words in found.reason
    assert (found.records, found.header) == (3, 1)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"id,name\n", b"id,name"])
def test_a_file_without_data_rows_is_refused(tmp_path: Path, people: Contract, content: bytes) -> None:
    found = _refusal(tmp_path, content, people)
    assert found.records == found.header


def test_title_rows_stand_above_the_headings(tmp_path: Path) -> None:
    titled = contract(tmp_path, "titled", [column("id")], headerRow=4)
    table = _table(tmp_path, b'Report\n"Exported\n2026"\n\nid,x\n1,2\n', titled)
    assert (table.header, table.rows.rows()) == (4, [(6, "1", "2")])


def test_malformed_records_are_set_aside_with_their_lines_and_nothing_shifts(tmp_path: Path, people: Contract) -> None:
    lines = ['1,"a', "2,b", "", '3,"c\nc"', "4", "5,e,f", '6,"g"h', f"7,{'x' * 1_100_000}", "8,i", "", ""]
    table = _table(tmp_path, ("id,name\n" + "\n".join(lines)).encode(), people)
    assert table.rows.rows() == [(3, "2", "b"), (5, "3", "c\nc"), (11, "8", "i")]
    faults = [(record.line, record.fault) for record in table.faults]
    assert faults == [(2, "quote"), (4, "blank"), (7, "fields"), (8, "fields"), (9, "quote"), (10, "size")]
    assert table.records == 1 + 3 + 6


def test_an_unclosed_quote_costs_one_line_and_not_the_rest_of_the_file(tmp_path: Path, people: Contract) -> None:
    lines = [f"{i},name {i}" for i in range(1000)]
    lines[500] = '500,"name'
    table = _table(tmp_path, ("id,name\n" + "\n".join(lines) + "\n").encode(), people)
    assert table.rows.height == 999
    assert [(record.line, record.fault) for record in table.faults] == [(502, "quote")]


def test_a_line_far_too_long_is_one_record_in_quarantine(tmp_path: Path, people: Contract) -> None:
    long = b"2," + b"x" * (20 << 20)
    table = _table(tmp_path, b"id,name\n1,a\n" + long + b"\n3,c\n" + long + b"\n", people)
    assert [(record.line, record.fault) for record in table.faults] == [(3, "size"), (5, "size")]
    assert table.rows["_line"].to_list() == [2, 4]
    assert len(table.faults[0].fields[0]) <= 1 << 20


@pytest.mark.parametrize("end", [b"2", b'2,"Bo'])
def test_a_file_that_breaks_off_in_a_record_is_refused(tmp_path: Path, people: Contract, end: bytes) -> None:
    found = _refusal(tmp_path, b"id,name\n1,Ann\n" + end, people)
    assert "breaks off in the middle of line 3" in found.reason
    assert (found.records, found.header) == (3, 1)


def test_a_last_line_without_line_end_is_fine_when_complete(tmp_path: Path, people: Contract) -> None:
    assert _table(tmp_path, b"id,name\n1,Ann\n2,Bo", people).rows.height == 2


def test_data_under_another_delimiter_than_the_headings_refuses_the_file(tmp_path: Path, people: Contract) -> None:
    found = _refusal(tmp_path, b"id,name\n1;Ann\n2;Bo\n", people)
    assert "None of the 2 data records has the 2 fields" in found.reason


def test_a_million_columns_are_refused(tmp_path: Path, people: Contract) -> None:
    content = b"id,name," + b",".join(b"c%d" % i for i in range(1_000_000)) + b"\n1,2\n"
    assert "columns" in _refusal(tmp_path, content, people).reason


def _workbook(path: Path) -> bytes:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Career talks")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(3, 0, ["Employee ID", "name", "when"])
    sheet.write(0, 0, "Title")
    sheet.write_row(4, 0, [12, "Ann"])
    sheet.write_datetime(4, 2, datetime(2020, 4, 3), day)
    sheet.write_row(6, 0, ["007", True, "03/04/2020"])
    sheet.write_datetime(7, 2, datetime(2020, 4, 3, 13, 5), day)
    sheet.write_formula(7, 0, "=1+1", None, 2)
    sheet.write(9, 0, "  ")
    book.close()
    return path.read_bytes()


def test_a_sheet_is_read_as_text_row_by_row(tmp_path: Path) -> None:
    sheet = contract(tmp_path, "sheet", [column("id", headings=["Employee ID"])], headerRow=4, sheet="Career talks")
    table = _table(tmp_path, _workbook(tmp_path / "source.xlsx"), sheet, "file.xlsx")
    assert table.header == 4
    assert table.rows.rows() == [
        (5, "12", "Ann", "2020-04-03"),
        (6, "", "", ""),
        (7, "007", "true", "03/04/2020"),
        (8, "2", "", "2020-04-03 13:05:00"),
    ]


def test_a_missing_sheet_is_named_with_those_there_are(tmp_path: Path) -> None:
    other = contract(tmp_path, "other", [column("id")], sheet="Talks")
    reason = _refusal(tmp_path, _workbook(tmp_path / "source.xlsx"), other, "file.xlsx").reason
    assert "no sheet 'Talks' (it has 'Career talks')" in reason


def _archive(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"id,name\n1,Ann\n", "is not an Excel workbook"),
        (_archive(readme=b"x"), "a zip archive"),
        (_archive(xl__workbook=b"0" * 30_000_000), "unpacks to far more"),
        (_archive(**{"xl__workbook.xml": b"<broken"}), "damaged"),
    ],
)
def test_what_is_no_sound_workbook_is_refused(tmp_path: Path, people: Contract, content: bytes, words: str) -> None:
    assert words in _refusal(tmp_path, content, people, "file.xlsx").reason


def test_a_workbook_with_flipped_bytes_never_raises(tmp_path: Path) -> None:
    sheet = contract(tmp_path, "sheet", [column("id", headings=["Employee ID"])], headerRow=4)
    content = _workbook(tmp_path / "source.xlsx")
    refused = 0
    for place in range(0, len(content), len(content) // 200):
        damaged = content[:place] + bytes([content[place] ^ 0x5A]) + content[place + 1 :]
        refused += isinstance(_read(tmp_path, damaged, sheet, "file.xlsx"), Unreadable)
    assert refused > 100
