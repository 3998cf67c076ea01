"""Overlays of declared sources: what they change, what they cannot change, and how plainly a slip in one is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.contracts import Contract, load_folder
from pipelines.overlays import Overlay, OverlayError, load_overlay, load_overlays
from pipelines.paths import CONTRACTS
from tests.landing_cases import column, contract, land, rows

_ACME = """
of: staff
landing: hris/acme
files: [acme_staff*]
headings:
  id: Personal-Nr.
  hired: [Eintritt, Beginn]
  name: ~
formats: {hired: dd.MM.yyyy}
values:
  status: {Left: [Weg, 04], Active: No}
settings: {headerRow: 2, nullValues: [NA, -9999]}
"""


@pytest.fixture
def known(tmp_path: Path) -> dict[str, Contract]:
    staff = contract(
        tmp_path,
        "staff",
        [
            column("id", headings=["Employee ID"], required=True),
            column("hired", "date", headings=["Hire date"], required=True),
            column("status", headings=["Worker status"], values=["Active", "Left"]),
            column("name", headings=["Full name"]),
            column("site", headings=["Location"]),
        ],
        landing="hris/staff",
        files=["workers*"],
        delivery="full",
    )
    return {"staff": staff}


def _overlay(folder: Path, known: dict[str, Contract], text: str, name: str = "acme") -> Overlay:
    path = folder / f"{name}.overlay.yaml"
    path.write_text(text, encoding="utf-8")
    return load_overlay(path, known)


def test_an_overlay_has_the_folder_and_names_of_its_files_and_the_table_of_its_source(
    tmp_path: Path, known: dict[str, Contract]
) -> None:
    overlay = _overlay(tmp_path, known, _ACME)
    assert (overlay.name, overlay.of, overlay.landing, overlay.files) == (
        "acme",
        "staff",
        "hris/acme",
        ("acme_staff*",),
    )
    changed, source = overlay.contract, known["staff"]
    assert (changed.id, changed.ddl(), changed.checks) == (source.id, source.ddl(), source.checks)
    assert changed.settings["delivery"] == "full"


def test_without_a_folder_or_names_of_its_own_an_overlay_is_for_all_files_of_its_source(
    tmp_path: Path, known: dict[str, Contract]
) -> None:
    overlay = _overlay(tmp_path, known, "of: staff")
    assert (overlay.landing, overlay.files) == ("hris/staff", ("workers*",))
    assert overlay.contract.columns == known["staff"].columns


def test_a_file_in_the_words_of_the_organisation_lands_as_the_source_has_it(
    tmp_path: Path, known: dict[str, Contract]
) -> None:
    overlay = _overlay(tmp_path, known, _ACME)
    content = "Stand 30.06.2026\nPersonal-Nr.;Beginn;Worker status;Full name;Location\n"
    content += "1;01.02.2020;weg;Zoë;NA\n2;03.02.2020;04;Zoë;-9999\n3;04.02.2020;no;Zoë;Köln\n"
    with duckdb.connect() as con:
        account = land(tmp_path, overlay.contract, {"acme_staff_20260630.csv": content.encode()}, con)[0]
        assert (account.status, account.accepted, account.quarantined) == ("read", 3, 0), account.reason
        found = rows(con, "SELECT id, hired::VARCHAR, status, name, site FROM raw.staff ORDER BY id")
    assert found == [
        ("1", "2020-02-01", "Left", None, None),
        ("2", "2020-02-03", "Left", None, None),
        ("3", "2020-02-04", "Active", None, "Köln"),
    ]


def test_the_usual_headings_of_a_column_no_longer_count_once_the_overlay_has_one(
    tmp_path: Path, known: dict[str, Contract]
) -> None:
    overlay = _overlay(tmp_path, known, "of: staff\nheadings: {id: Nr}")
    content = b"Employee ID,Hire date,Worker status,Full name,Location\n1,2020-01-01,Left,A,B\n"
    with duckdb.connect() as con:
        account = land(tmp_path, overlay.contract, {"workers_20260630.csv": content}, con)[0]
    assert account.status == "refused"
    assert "Missing column 'Nr'" in account.reason


def test_spellings_of_the_overlay_win_over_those_of_the_source(tmp_path: Path) -> None:
    staff = contract(tmp_path, "staff", [column("kind", values=["a", "b"])], landing="hris/staff")
    coded = replace(staff.columns[0], options={"codes": {"a": ["X", "Y"], "b": ["Z"]}})
    overlay = _overlay(tmp_path, {"staff": replace(staff, columns=(coded,))}, "of: staff\nvalues: {kind: {b: [x]}}")
    assert overlay.contract.columns[0].options["codes"] == {"a": ["Y"], "b": ["x", "Z"]}


def test_two_digit_years_take_their_century_from_the_settings(tmp_path: Path, known: dict[str, Contract]) -> None:
    overlay = _overlay(tmp_path, known, "of: staff\nformats: {hired: dd.MM.yy}\nsettings: {pivot: 30}")
    options = {found.name: found.options for found in overlay.contract.columns}
    assert (options["hired"]["pivot"], options["id"]) == (30, {"headings": ["Employee ID"]})
    assert "pivot" not in overlay.contract.settings


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("headings: {}", 0, "name of the source is missing"),
        ("- a", 0, "this is no overlay"),
        ("of: people", 1, "'people' is no source. Write one of staff"),
        ("of: staff\nheading: {id: x}", 2, "'heading' is not known here. Known are of, landing, files"),
        ("of: staff\nheadings:\n  idd: x", 3, "'idd' is not known here. Known are id, hired"),
        ("of: staff\nheadings:\n  id: x\n  site: ' X '", 4, "the heading ' X ' is given to id as well"),
        ("of: staff\nheadings:\n  id: Location", 3, "otherwise belongs to site. Say what site is in the file: add"),
        ("of: staff\nheadings:\n  site: employee  id", 3, "`id: its heading`"),
        ("of: staff\nheadings:\n  id: ~", 3, "id is needed and cannot be left out"),
        ("of: staff\nheadings:\n  id: ['']", 3, "a text is missing"),
        ("of: staff\nheadings: x", 2, "lines of the form `name: value` must stand below it"),
        ("of: staff\nheadings:\n  id: x\n  id: y", 4, "'id' stands here for the second time"),
        ("of: staff\nheadings:\n  id: Status: neu", 3, "not valid YAML"),
        ("of: staff\nformats:\n  hired: TT.MM.JJJJ", 3, "no format of dates"),
        ("of: staff\nformats:\n  id: dd.MM.yyyy", 3, "id holds no dates"),
        ("of: staff\nformats:\n  hired: dd.MM.yy", 3, "years of two digits can be of two centuries. Add `pivot: 30`"),
        ("of: staff\nvalues:\n  status:\n    Gone: [x]", 4, "'Gone' is not known here. Known are Active, Left"),
        ("of: staff\nvalues:\n  status:\n    Active: [left]", 4, "'left' is itself a value of status"),
        ("of: staff\nvalues:\n  status: {Active: [x], Left: [X]}", 3, "'X' stands for 'Active' already"),
        ("of: staff\nvalues:\n  hired: {a: [b]}", 3, "hired is no column of text"),
        ("of: staff\nvalues:\n  status: weg", 3, "the values are missing"),
        ("of: staff\nsettings:\n  delivery: full", 3, "'delivery' is not known here. Known are encoding"),
        ("of: staff\nsettings:\n  headerRow: first", 3, "write a whole number from 1 to 100"),
        ("of: staff\nsettings:\n  headerRow: ٣", 3, "write a whole number from 1 to 100"),
        ("of: staff\nsettings:\n  encoding: cp9999", 3, "there is no encoding 'cp9999'"),
        ("of: staff\nsettings:\n  encoding: base64", 3, "there is no encoding 'base64'"),
        ("of: staff\nsettings:\n  decimal: comma", 3, "write ',' or '.'"),
        ("of: staff\nsettings:\n  nullValues: [[a]]", 3, "write a list of texts"),
        ("of: staff\nsettings:\n  idPrefix: ~", 3, "write one text"),
        ("of: staff\nsettings:\n  pivot: 30", 3, "no column has a format with years of two digits"),
        ("of: staff\nlanding: ../secrets", 2, "no folder for exports"),
        ("of: staff\nlanding: hris/../../x", 2, "no folder for exports"),
        ("of: staff\nfiles: []", 2, "a text is missing"),
        ("of: &a [*a]", 1, "nested too deeply"),
        ("of: " + "[" * 1500, 0, "not valid YAML"),
        ("of: staff\n? [a]\n: b", 2, "a list or mapping stands where a name should"),
        ("of: st\0aff", 0, "not valid YAML"),
    ],
)
def test_a_slip_is_refused_with_file_line_and_remedy(
    tmp_path: Path, known: dict[str, Contract], text: str, line: int, words: str
) -> None:
    with pytest.raises(OverlayError) as found:
        _overlay(tmp_path, known, text)
    assert str(found.value).startswith(f"acme.overlay.yaml{f', line {line}' if line else ''}")
    assert words in str(found.value)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path, known: dict[str, Contract]) -> None:
    path = tmp_path / "acme.overlay.yaml"
    path.write_bytes("of: staff\nheadings: {id: Kürzel}".encode("cp1252"))
    with pytest.raises(OverlayError, match="not in UTF-8"):
        load_overlay(path, known)


def test_the_name_of_an_overlay_is_a_plain_word(tmp_path: Path, known: dict[str, Contract]) -> None:
    with pytest.raises(OverlayError, match="cannot be the name"):
        _overlay(tmp_path, known, "of: staff", name="Acme staff")


def test_a_folder_gives_its_overlays_by_name_and_one_that_is_missing_none(
    tmp_path: Path, known: dict[str, Contract]
) -> None:
    _overlay(tmp_path, known, "of: staff", name="b")
    _overlay(tmp_path, known, _ACME, name="a")
    (tmp_path / "notes.yaml").write_text("anything", encoding="utf-8")
    assert list(load_overlays(tmp_path, known)) == ["a", "b"]
    assert load_overlays(tmp_path / "missing", known) == {}


def test_an_empty_overlay_of_each_declared_source_leaves_it_as_it_is(tmp_path: Path) -> None:
    declared = load_folder(CONTRACTS / "sources")
    for source in (c for c in declared.values() if c.settings.get("landing")):
        assert _overlay(tmp_path, declared, f"of: {source.id}").contract == source


_SHORT = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@_SHORT
@given(text=st.one_of(_TEXT, _TEXT.map(lambda t: f"of: staff\nheadings:\n  id: {t}\n"), st.just("of: staff\n")))
def test_no_text_whatever_raises_anything_but_an_overlay_error(
    tmp_path: Path, known: dict[str, Contract], text: str
) -> None:
    try:
        outcome = _overlay(tmp_path, known, text).of
    except OverlayError as error:
        outcome = str(error)
    assert outcome == "staff" or outcome.startswith("acme.overlay.yaml")
