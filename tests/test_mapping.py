"""`parley map`: what is proposed for files with headings of their own, what is merely offered, and what is never shown."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pipelines.contracts import Column, Contract, heading_key, load_folder
from pipelines.landing import FileAccount
from pipelines.landing.mapping import Proposal, describe, propose, write_overlay
from pipelines.landing.matching import alike, exact
from pipelines.landing.proposal import Layout
from pipelines.landing.value_hints import Hints
from pipelines.overlays import OverlayError, load_overlay
from pipelines.paths import CONTRACTS
from tests.landing_cases import column, contract, land, rows
from tests.real_inputs import DATA, needs_real_data, table

ALL = load_folder(CONTRACTS / "sources")
# Without other vendors, whose own headings a file here could be taken for.
SOME = {name: found for name, found in ALL.items() if found.vendor in ("parley", "workday")}


def _write(path: Path, *records: Sequence[str], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=delimiter).writerows(records)
    return path


def _proposal(path: Path, contracts: dict[str, Contract], source: str | None = None, **more: str) -> Proposal:
    found = propose(path, contracts, source, **more)
    assert isinstance(found, Proposal), found
    return found


def _landed(root: Path, overlay: Path, file: Path, contracts: dict[str, Contract]) -> FileAccount:
    """The account of `file` read with `overlay`; its rows are left in <root>/landed.duckdb."""
    with duckdb.connect(root / "landed.duckdb") as con:
        return land(root, load_overlay(overlay, contracts).contract, {file.name: file.read_bytes()}, con)[0]


def _stored(root: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(root / "landed.duckdb") as con:
        return rows(con, query)


def _uncomment(overlay: Path, pattern: str) -> None:
    """What an analyst does: remove the # in front of every line that `pattern` is found in."""
    lines = overlay.read_text(encoding="utf-8").splitlines()
    edited = [line.replace("# ", "", 1) if re.search(pattern, line) else line for line in lines]
    overlay.write_text("\n".join(edited), encoding="utf-8")


@pytest.fixture
def staff(tmp_path: Path) -> dict[str, Contract]:
    columns = [
        column("id", headings=["Employee ID"], required=True, classification="restricted"),
        column("name", headings=["Full name"], classification="restricted", optional=True),
        column("hired", "date", headings=["Hire date"], required=True),
        column("left", "date", headings=["Exit date"], optional=True),
        column("status", headings=["Worker status"], values=["Active", "Left"], optional=True),
        column("chief", "boolean", headings=["Is chief"], optional=True),
        column("site", headings=["Location"]),
    ]
    return {"staff": contract(tmp_path, "staff", columns, landing="hris/staff", files=["acme*"])}


_RENAMED = {
    "employee_id": "Worker ID",
    "preferred_name": "Full_Name",
    "country": "Land",
    "worker_status": "Status of Worker",
    "termination_category": "Termination Category (Primary)",
    "resignation_date": "Date of Resignation",
}
_WORKER = {
    "employee_id": ["00123", "00124", "00125"],
    "preferred_name": ["Zoë O'Hara", "<b>Li</b>", "=1+1"],
    "worker_status": ["Active", "Terminated", "On Leave"],
    "fte": ["1", "0.5", "0.8"],
    "hire_date": ["2020-01-31", "2019-03-01", "2021-05-17"],
    "termination_date": ["", "2025-12-31", ""],
    "resignation_date": ["", "2025-11-30", ""],
    "worker_type": ["Employee", "Employee", "Contingent Worker"],
}


def _tenant(folder: Path) -> Path:
    """A Workday export in which six headings are the tenant's own."""
    needed = [c for c in ALL["workday__worker"].columns if not c.options.get("optional")]
    names = [_RENAMED.get(c.name, c.headers[0]) for c in needed]
    values = [[_WORKER.get(c.name, [""] * 3)[i] for c in needed] for i in range(3)]
    return _write(folder / "acme_people_20260630.csv", names, *values)


def test_headings_a_tenant_renamed_are_found_where_known_and_only_offered_where_alike(tmp_path: Path) -> None:
    found = _proposal(_tenant(tmp_path), SOME)
    assert found.target.id == "workday__worker"
    certain = {m.column.name: m.certain.heading for m in found.matches if m.certain}
    offered = {m.column.name: [c.heading for c in m.offered] for m in found.matches if m.offered}
    renamed = ("employee_id", "preferred_name", "country")
    assert {name: certain[name] for name in renamed} == {name: _RENAMED[name] for name in renamed}
    alike_only = ("worker_status", "termination_category", "resignation_date")
    assert offered == {name: [_RENAMED[name]] for name in alike_only}
    lines = describe(found)
    assert "country: 'Land' (synonym, as in parley__worker_snapshot)" in lines
    assert any(line.startswith("worker_status: - to confirm: 'Status of Worker' (resembles") for line in lines)
    assert any(line.startswith("needed      worker_status:") for line in lines)


def test_a_renamed_workday_export_lands_fully_once_the_offers_are_confirmed_and_not_before(tmp_path: Path) -> None:
    file = _tenant(tmp_path)
    overlay = write_overlay(_proposal(file, SOME), tmp_path / "contracts")
    assert overlay.name == "acme_people.overlay.yaml"
    before = _landed(tmp_path, overlay, file, SOME)
    assert (before.status, before.accepted) == ("refused", 0)
    assert "Missing column" in before.reason
    _uncomment(overlay, "resembles")
    after = _landed(tmp_path, overlay, file, SOME)
    assert (after.status, after.accepted, after.quarantined) == ("read", 3, 0), after.reason
    assert _stored(
        tmp_path, "SELECT employee_id, worker_status, resignation_date::VARCHAR FROM raw.workday__worker"
    ) == [
        ("00123", "Active", None),
        ("00124", "Terminated", "2025-11-30"),
        ("00125", "On Leave", None),
    ]


_GERMAN = ["Personalnummer", "Vorname", "Nachname", "Eintrittsdatum", "Austrittsdatum", "Status", "Beschäftigungsart"]


def test_german_headings_below_a_title_are_mapped_onto_the_template_of_workers(tmp_path: Path) -> None:
    people = [
        ["00017", "Zoë", "O'Hara", "03.02.2020", "", "Aktiv", "Vollzeit"],
        ["00018", "Björn", "Äpfel", "14.05.2019", "30.06.2025", "Freigestellt", "Teilzeit"],
        ["00019", "Cora", "<b>", "01.05.2019", "", "Freigestellt", "Vollzeit"],
        ["00020", "Dora", "=1+1", "01.05.2019", "", "Aktiv", "Teilzeit"],
    ]
    title = ["Personalliste", *[""] * 6]
    file = _write(tmp_path / "Personal_20260630.csv", title, _GERMAN, *people, delimiter=";", encoding="cp1252")
    found = _proposal(file, SOME)
    assert found.target.id == "parley__worker_snapshot"
    assert (found.layout.header_row, found.layout.encoding, found.layout.delimiter) == (2, "cp1252", ";")
    assert found.hints.strange == {"employment_status": ("Freigestellt",)}
    overlay = write_overlay(found, tmp_path)
    text = overlay.read_text(encoding="utf-8")
    assert "\n  hire_date: dd.MM.yyyy  # proved by the values" in text
    assert '# employment_status: put each of ["Freigestellt"] behind' in text
    _uncomment(overlay, "# employment_status:$|#   leave: ")
    overlay.write_text(overlay.read_text(encoding="utf-8").replace("leave: []", "leave: [Freigestellt]"), "utf-8")
    account = _landed(tmp_path, overlay, file, SOME)
    assert (account.status, account.accepted, account.quarantined) == ("read", 4, 0), account.reason
    query = "SELECT employee_id, employment_status, last_day_on::VARCHAR FROM raw.parley__worker_snapshot LIMIT 2"
    assert _stored(tmp_path, query) == [("00017", "active", None), ("00018", "leave", "2025-06-30")]


def test_a_heading_that_resembles_two_columns_is_offered_for_both_and_accepted_for_one(
    tmp_path: Path, staff: dict[str, Contract]
) -> None:
    extra = contract(
        tmp_path,
        "staff",
        [column("first", headings=["Date of hire"]), column("last", headings=["Hire date"]), column("id")],
        landing="hris/staff",
    )
    file = _write(tmp_path / "acme_20260630.csv", ["id", "Hire date of"], ["1", "2020-01-01"])
    found = _proposal(file, {"staff": extra})
    assert found.shared == ("Hire date of",)
    assert "to decide   'Hire date of' could be several columns. Give each to one of them." in describe(found)
    overlay = write_overlay(found, tmp_path)
    assert [c.headers[0] for c in load_overlay(overlay, {"staff": extra}).contract.columns] == ["first", "last", "id"]
    _uncomment(overlay, "resembles")
    with pytest.raises(OverlayError, match="is given to first as well"):
        load_overlay(overlay, {"staff": extra})


def test_two_known_headings_of_one_column_are_both_offered(tmp_path: Path, staff: dict[str, Contract]) -> None:
    file = _write(
        tmp_path / "acme_20260630.csv", ["Employee ID", "id", "Hire date", "Location"], ["1", "2", "2020-01-31", "x"]
    )
    offered = [[c.heading for c in m.offered] for m in _proposal(file, staff).undecided]
    assert offered == [["Employee ID", "id"]]


def test_a_needed_column_that_nothing_resembles_is_named_and_has_a_line_to_fill_in(
    tmp_path: Path, staff: dict[str, Contract]
) -> None:
    file = _write(tmp_path / "acme_20260630.csv", ["Employee ID", "Beginn"], ["1", "2020-01-31"])
    found = _proposal(file, staff)
    lines = describe(found)
    assert "hired: - missing, and needed" in lines
    assert "site: - not in the file" in lines
    assert "not used    'Beginn'" in lines
    overlay = write_overlay(found, tmp_path)
    assert '  # hired: "..."  # needed: write the heading' in overlay.read_text(encoding="utf-8")
    _uncomment(overlay, "# hired")
    overlay.write_text(overlay.read_text(encoding="utf-8").replace("...", "Beginn"), encoding="utf-8")
    account = _landed(tmp_path, overlay, file, staff)
    assert (account.accepted, account.quarantined) == (1, 0), account.reason


@pytest.mark.parametrize(
    ("dates", "lines"),
    [
        (["31.01.2020", "01.02.2020"], ["hired: dd.MM.yyyy  # proved by the values"]),
        (["01/31/2020", "02/01/2020"], ["hired: MM/dd/yyyy  # proved by the values"]),
        (["31-Jan-2020", "01-Feb-2020"], ["hired: dd-MMM-yyyy  # proved by the values"]),
        (["20200131", "20200201"], ["hired: yyyyMMdd  # proved by the values"]),
        (["01.03.2020", "02.01.2020"], ["# hired: dd.MM.yyyy", "# hired: MM.dd.yyyy"]),
        (["31.01.20", "01.02.20"], ["# hired: dd.MM.yy", "# pivot: 30"]),
        (["31.01.2020", "01.31.2020"], ["# hired: its dates are written in several ways"]),
        (["2020-01-31", "2020-02-01"], []),
    ],
)
def test_formats_of_dates_are_active_where_proved_and_offered_where_not(
    tmp_path: Path, staff: dict[str, Contract], dates: list[str], lines: list[str]
) -> None:
    records = [[str(i), day, "x"] for i, day in enumerate(dates)]
    found = _proposal(_write(tmp_path / "acme_20260630.csv", ["Employee ID", "Hire date", "Location"], *records), staff)
    text = write_overlay(found, tmp_path).read_text(encoding="utf-8")
    assert all(f"\n  {line}" in text for line in lines), text
    assert ("formats:" in text) == bool(lines)


def test_values_that_are_not_known_and_words_for_missing_are_offered_as_comments(
    tmp_path: Path, staff: dict[str, Contract]
) -> None:
    heads = ["Employee ID", "Hire date", "Worker status", "Is chief", "Location"]
    people = [
        [str(i), "2020-01-31", ("active", "Weg")[i % 2], ("Ja", "No")[i % 2], ("Köln", "k.A.")[i % 2]] for i in range(6)
    ]
    overlay = write_overlay(_proposal(_write(tmp_path / "acme_20260630.csv", heads, *people), staff), tmp_path)
    text = overlay.read_text(encoding="utf-8")
    assert '# status: put each of ["Weg"] behind the value that it means' in text
    assert '# nullValues: ["k.A."]' in text
    assert '# trueValues: ["Ja"]  # those of chief that mean yes' in text
    assert load_overlay(overlay, staff).contract.settings == {**staff["staff"].settings, "files": ["acme*"]}


def test_a_column_is_offered_for_its_values_where_no_heading_resembles(
    tmp_path: Path, staff: dict[str, Contract]
) -> None:
    people = [[str(i), "2020-01-31", "x", ("Active", "Left")[i % 2]] for i in range(6)]
    heads = ["Employee ID", "Hire date", "Location", "Kennzeichen"]
    found = _proposal(_write(tmp_path / "acme_20260630.csv", heads, *people), staff)
    offered = [(m.column.name, c.heading, c.why) for m in found.matches for c in m.offered]
    assert offered == [("status", "Kennzeichen", "its values look like status")]


def test_no_value_of_a_person_is_shown_or_written(tmp_path: Path, staff: dict[str, Contract]) -> None:
    heads = ["Employee ID", "Full name", "Hire date", "Location", "Worker status"]
    people = [[f"CANARY{i}", f"CANARY{i}", f"0{i}.0{i}.1999", "x", f"CANARY {i}"] for i in range(1, 9)]
    people += [[f"CANARYX{i}", "-", "01.02.1999", "x", f"CANARY{i}@acme.test"] for i in (1, 1, 1, 1, 1, 1, 1, 1, 1, 1)]
    found = _proposal(_write(tmp_path / "acme_20260630.csv", heads, *people), staff)
    shown = "\n".join(describe(found)) + write_overlay(found, tmp_path).read_text(encoding="utf-8")
    assert "CANARY" not in shown
    assert "1999" not in shown
    assert "status has values that are not known" in shown


def test_the_first_record_of_a_file_without_headings_is_neither_shown_nor_written(tmp_path: Path) -> None:
    file = _write(tmp_path / "acme_20260630.csv", ["CANARY", "Full name CANARY"], ["1", "2020-01-31"])
    refused = propose(file, SOME)
    assert isinstance(refused, str)
    assert "CANARY" not in refused
    assert "say with --as what it is, for example parley__worker_snapshot" in refused


def test_a_vendor_of_whose_columns_hardly_any_is_there_is_not_proposed(tmp_path: Path) -> None:
    leavers = [["E1", "2024-05-15"], ["E2", ""]]
    refused = propose(_write(tmp_path / "leavers.csv", ["Employee ID", "Termination Date"], *leavers), ALL)
    assert isinstance(refused, str)
    assert "it fits no source. Nearest is parley__worker_snapshot, but no column of the file" in refused
    assert "could be its 'hire_date'" in refused
    assert "--as parley__worker_snapshot" in refused
    told = _proposal(tmp_path / "leavers.csv", ALL, "parley__worker_snapshot")
    assert any(line.startswith("needed      hire_date") for line in describe(told))
    heads, staff = ["Employee ID", "Hire Date", "Termination Date"], [["E1", "2020-01-31", "2024-05-15"]]
    assert _proposal(_write(tmp_path / "staff.csv", heads, *staff), ALL).target.id == "parley__worker_snapshot"


def test_a_vendors_export_without_a_required_column_is_mapped_onto_a_template(tmp_path: Path) -> None:
    columns = [
        column("id", headings=["Pers No"], required=True),
        column("hired", headings=["Joined the firm"], optional=True),
        column("status", headings=["Standing"], required=True),
    ]
    template = [column("id", headings=["Pers No"], required=True), column("hired", headings=["Joined the firm"])]
    known = {
        found.id: found
        for found in (contract(tmp_path, "acme__staff", columns), contract(tmp_path, "parley__staff", template))
    }
    whole, part = ["Pers No", "Joined the firm", "Standing"], ["Pers No", "Joined the firm", "Xyz"]
    for heads, target in ((whole, "acme__staff"), (part, "parley__staff")):
        assert _proposal(_write(tmp_path / "a.csv", heads, ["1", "2020-01-31", "x"]), known).target.id == target


def test_an_encoding_that_cannot_be_proved_is_asked_for_and_then_written_down(
    tmp_path: Path, staff: dict[str, Contract]
) -> None:
    records = [["Табельный номер", "Hire date", "Location"], ["1", "2020-01-31", "Щёлково, улица Юных Ленинцев"]]
    file = _write(tmp_path / "acme_20260630.csv", *records, encoding="cp1251")
    found = _proposal(file, staff, encoding="cp1251")
    overlay = write_overlay(found, tmp_path)
    assert "\n  encoding: cp1251" in overlay.read_text(encoding="utf-8")
    _uncomment(overlay, "# id:")
    overlay.write_text(overlay.read_text(encoding="utf-8").replace("...", "Табельный номер"), encoding="utf-8")
    assert _landed(tmp_path, overlay, file, staff).accepted == 1
    assert _stored(tmp_path, "SELECT site FROM raw.staff") == [("Щёлково, улица Юных Ленинцев",)]


def test_an_overlay_that_exists_is_never_overwritten(tmp_path: Path, staff: dict[str, Contract]) -> None:
    found = _proposal(_write(tmp_path / "acme_20260630.csv", ["Employee ID"], ["1"]), staff)
    first = write_overlay(found, tmp_path)
    first.write_text("mine", encoding="utf-8")
    with pytest.raises(OverlayError, match=r"acme\.overlay\.yaml: .* --name"):
        write_overlay(found, tmp_path)
    assert first.read_text(encoding="utf-8") == "mine"
    assert write_overlay(found, tmp_path, "acme_2").name == "acme_2.overlay.yaml"
    with pytest.raises(OverlayError, match="cannot be the name"):
        write_overlay(found, tmp_path, "../acme")


@pytest.mark.parametrize(
    ("name", "content", "source", "words"),
    [
        ("a_20260630.ics", b"BEGIN:VCALENDAR\n", None, "need no mapping"),
        ("a_20260630.csv", b"Month,Headcount\n1,2\n", None, "its headings resemble those of no source"),
        (
            "a_20260630.csv",
            b"Month,Headcount\n1,2\n",
            "parley__absence",
            "none of its headings resembles one of parley__absence",
        ),
        ("a_20260630.csv", b"Employee ID,Hire date\n1,2020-01-01\n", "staff", "'staff' is no source. Choose one of"),
        (
            "a_20260630.csv",
            b"Employee ID,Hire date,hire date\n1,2020-01-01,x\n",
            None,
            "More than one column has the heading",
        ),
        ("a_20260630.csv", b"Employee ID,Hire date\n", None, "no data rows"),
        ("a_20260630.csv", b"", None, "the file is empty"),
        ("a_20260630.csv", b"%PDF-1.7", None, "a PDF"),
    ],
)
def test_what_cannot_be_mapped_is_refused_with_file_and_remedy(
    tmp_path: Path, name: str, content: bytes, source: str | None, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    found = propose(path, SOME, source)
    assert isinstance(found, str)
    assert words.lower() in found.lower()
    assert found.startswith((name, "'staff'"))


_HOSTILE = [
    ": {}",
    '"x"',
    "it's",
    "two\nlines",
    "=1+1",
    "&a *a",
    "- item",
    "#",
    "~",
    "No",
    "<<",
    "!!str x",
    "[a, b]",
    "%x",
    "a: b # c",
    "\t",
]


def test_hostile_headings_of_a_file_are_written_so_that_they_are_read_back(tmp_path: Path) -> None:
    heads = [head for head in _HOSTILE if head.strip()]
    columns = [column(f"c{i}", headings=[f"{head}"]) for i, head in enumerate(heads)]
    odd = {"odd": contract(tmp_path, "odd", columns, landing="hris/odd")}
    file = _write(tmp_path / "odd_20260630.csv", heads, ["1"] * len(heads))
    overlay = write_overlay(_proposal(file, odd), tmp_path)
    assert [c.headers for c in load_overlay(overlay, odd).contract.columns] == [(head,) for head in heads]
    assert _landed(tmp_path, overlay, file, odd).accepted == 1


_HEADING = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="*"), min_size=1, max_size=12),
    st.lists(st.sampled_from([*_HOSTILE, "hire", "date", "'", "\r", "\u2028", "---", "\ufeff"]), min_size=1).map(
        "".join
    ),
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(heads=st.lists(_HEADING, min_size=2, max_size=5, unique_by=heading_key))
def test_any_headings_certain_or_offered_survive_the_overlay(tmp_path: Path, heads: list[str]) -> None:
    assume(all(heading_key(head) for head in heads))
    known, strange = heads[:-1], heads[-1]
    columns = [Column(f"c{i}", "string", headers=(head,)) for i, head in enumerate(known)]
    target = contract(tmp_path, "odd", [column("c")], landing="hris/odd")
    odd = replace(target, columns=(*columns, Column("like", "string", headers=(f"{strange} x",))))
    matches = alike(heads, exact(heads, odd, {}), {})
    found = Proposal(
        Path("odd.csv"), odd, tuple(heads), Layout(1, "utf-8", ",", None), matches, Hints((), {}, (), ()), ()
    )
    (tmp_path / "odd.overlay.yaml").unlink(missing_ok=True)
    overlay = write_overlay(found, tmp_path)
    read = load_overlay(overlay, {"odd": odd}).contract
    assert [c.headers[0] for c in read.columns[:-1]] == [head.strip() for head in known]
    offers = [line for line in overlay.read_text(encoding="utf-8").splitlines() if line.startswith("  # like: ")]
    if matches[-1].offered:
        content = yaml.compose("\n".join(line.replace("# ", "", 1) for line in offers[1:2])).value[0][1].value  # type: ignore[union-attr]
        assert content == matches[-1].offered[0].heading


def _golden() -> list[Path]:
    """The newest file that is read of every source which has files in the vendors' shapes."""
    newest: dict[str, Path] = {}
    for expected in sorted((Path(__file__).parent / "golden").glob("*/expected.yaml")):
        files = yaml.safe_load(expected.read_text(encoding="utf-8"))["files"]
        landing = [path for path, account in files.items() if account["status"] == "read" and not path.endswith(".ics")]
        newest |= {re.sub(r"[\d-]+\.\w+$", "", path): expected.parent / "landing" / path for path in sorted(landing)}
    return list(newest.values())


@pytest.mark.parametrize("file", _golden(), ids=lambda file: file.name)
def test_a_file_in_the_shape_of_a_vendor_is_taken_for_one_of_that_vendor(file: Path) -> None:
    found = _proposal(file, ALL)
    folder = file.parent.as_posix()
    assert folder.endswith(str(found.target.settings["landing"])), (folder, found.target.id)


@needs_real_data
@pytest.mark.parametrize(
    ("name", "needed"),
    [
        (
            "mfg10/MFG10YearTerminationData.csv",
            {"employee_id": "EmployeeID", "hire_date": "orighiredate_key", "last_day_on": "terminationdate_key"},
        ),
        (
            "caughlin/Survival.csv",
            {"employee_id": "id", "hire_date": "Start_date", "last_day_on": "Turnover_date"},
        ),
        (
            "caughlin/DataCleaningExample.csv",
            {"employee_id": "EmpID", "hire_date": "StartDate", "location_code": "Facility"},
        ),
    ],
)
def test_real_files_of_other_organisations_are_mapped_and_read(
    tmp_path: Path, name: str, needed: dict[str, str]
) -> None:
    file = tmp_path / f"{Path(name).stem}_20260630.csv"
    file.write_bytes((DATA / "hris" / name).read_bytes())
    found = _proposal(file, ALL)
    assert found.target.id == "parley__worker_snapshot"
    certain = {m.column.name: m.certain.heading for m in found.matches if m.certain}
    assert needed.items() <= certain.items()
    overlay = write_overlay(found, tmp_path)
    _uncomment(overlay, "nullValues")
    account = _landed(tmp_path, overlay, file, ALL)
    assert (account.status, account.accepted, account.quarantined) == ("read", len(table(file)), 0), account.reason
