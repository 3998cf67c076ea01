"""A person taken out of an installation: nothing of them is left in any byte, and everybody else keeps what is theirs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import fastexcel
import pytest
from typer.testing import CliRunner

from pipelines import contracts, erasing, ledger, tombstones
from pipelines.cli import app
from pipelines.erasing.person import Person
from pipelines.erasing.searching import mentions
from pipelines.landing import Guard, inventory, land_source
from pipelines.night import AlreadyRunningError, Night, locked, tonight
from pipelines.paths import CONTRACTS
from pipelines.person_columns import normal, role, roles
from tests.erasing_cases import ID, INTERNAL, MAIL, NAME, calendar, plant, plant_foreign
from tests.landing_cases import as_lines, column, contract

KNOWN = contracts.load_folder(CONTRACTS)
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
CANARY = Person(
    frozenset({ID, INTERNAL}),
    frozenset({MAIL.upper()}),
    frozenset({ID, INTERNAL}),
    frozenset({("zora", "quillfeather")}),
)


def asked(*people: str, **more: bool) -> erasing.Asked:
    return erasing.Asked(people, "tester", AT, f"asked for by {NAME}", **more)


def night_of(home: Path) -> Night:
    night = tonight(home, AT.date())
    # Read once for all tests: it takes longer than an erasure.
    night.__dict__["contracts"] = KNOWN
    return night


def erase(home: Path, *people: str, **more: bool) -> erasing.Outcome:
    return erasing.erase(night_of(home), asked(*people, **more))


def holding(home: Path) -> list[str]:
    files = sorted(path for path in home.rglob("*") if path.is_file())
    return [
        path.relative_to(home).as_posix()
        for path in files
        if mentions(path, CANARY) or CANARY.in_text.search(str(path))
    ]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str], dict[str, bytes], erasing.Outcome]:
    """An installation with the person in every kind of export, after they were erased; the files as they were before."""
    home = tmp_path_factory.mktemp("planted")
    sources = plant(home / "landing", KNOWN)
    stray = home / "landing/hris/odd/Quillfeather, Zora 20261031.txt"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(as_lines("who;what", f"{ID};x", "ZQ-77002;y"))
    before = {path: (home / "landing" / path).read_bytes() for path in sources}
    night = night_of(home)
    ledger.record_arrivals(home, night.inputs, AT)
    (home / "warehouse").mkdir()
    for leftover in ("parley.duckdb", "parley.building", "parley.building.wal"):
        (home / "warehouse" / leftover).write_bytes(MAIL.encode())
    assert len(holding(home)) > 50
    return home, sources, before, erase(home, ID)


def test_no_byte_of_the_installation_mentions_the_person(planted: tuple[Path, object, object, erasing.Outcome]) -> None:
    home, _, _, outcome = planted
    assert holding(home) == []
    assert outcome.is_done
    assert (outcome.left, outcome.until_next_run, outcome.blocked, outcome.is_several) == ([], [], {}, False)
    assert outcome.person.marks == {ID, INTERNAL, MAIL.upper()}


def test_records_of_others_stay_in_every_export_character_by_character(
    planted: tuple[Path, dict[str, str], dict[str, bytes], erasing.Outcome],
) -> None:
    home, sources, before, _ = planted
    for path, source in sources.items():
        if path.endswith(".xlsx") or not roles(KNOWN[source]):
            continue
        lines = before[path].splitlines(keepends=True)
        after = (home / "landing" / path).read_bytes()
        # The last record, which mentions nobody, and the byte order mark are as they were.
        assert after.endswith(before[path][-12:]), path
        assert after[:3] == before[path][:3], path
        assert after.count(b"ZQ-77002") >= before[path].count(b"ZQ-77002") - 1
        if {"own id", "own address"} & set(roles(KNOWN[source]).values()):
            assert len(after.splitlines()) < len(lines), path


def test_a_mention_becomes_nothing_or_a_word_where_something_must_stand(
    planted: tuple[Path, dict[str, str], dict[str, bytes], erasing.Outcome],
) -> None:
    home = planted[0] / "landing"
    talks = (home / "conversations/talklog/talks_20261031.csv").read_bytes().decode("utf-8-sig", "ignore")
    assert 'Asked ""unknown"",' in talks
    lattice = next((home / "conversations/lattice").glob("*.csv")).read_bytes()
    assert b"unknown" in lattice.replace(b"\0", b"")
    google = next((home / "conversations/google_calendar").glob("*.csv")).read_bytes().replace(b"\0", b"")
    assert b"ben.ash@canary.example;unknown;cleo@canary.example" in google


def test_an_appointment_of_two_goes_with_the_one_invited_and_one_of_three_keeps_its_places(
    planted: tuple[Path, object, object, object],
) -> None:
    text = (planted[0] / "landing/conversations/ics/team_20261031.ics").read_text()
    assert [line for line in text.splitlines() if line.startswith("UID")] == ["UID:2", "UID:3"]
    assert text.count("mailto:unknown") == 3
    assert text.count("ATTENDEE;PARTSTAT=ACCEPTED:mailto:unknown") == 2
    assert (text.count("BEGIN:VEVENT"), text.count("END:VEVENT")) == (2, 2)
    assert text.replace("\r\n ", "").count("ben.ash@canary.example") == 2


def test_a_workbook_keeps_its_sheets_and_the_values_of_others(planted: tuple[Path, object, object, object]) -> None:
    book = fastexcel.read_excel(planted[0] / "landing/conversations/workbook/career_talks_20261031.xlsx")
    assert book.sheet_names == ["Talks", "Notes"]
    rows = book.load_sheet("Talks", header_row=None, dtypes="string").to_polars().rows()
    assert rows[0][0] == "List of unknown"
    assert [row[1] for row in rows[4:]] == ["ZQ-77002", "ZQ-77002"]
    notes = book.load_sheet("Notes", header_row=None, dtypes="string").to_polars()
    assert [row[0] for row in notes.rows()] == ["Remark", "Others are not"]


def test_the_record_says_when_who_and_how_much_but_not_whom(
    planted: tuple[Path, object, object, erasing.Outcome],
) -> None:
    home, _, _, outcome = planted
    (entry,) = tombstones.erasures(home)
    assert (entry.at, entry.by, entry.reason) == (AT, "tester", "asked for by unknown")
    assert entry.records == sum(change.tally.records for change in outcome.changes) > 40
    assert entry.mentions == sum(change.tally.mentions for change in outcome.changes) > 20
    assert len(entry.people) == 3
    log = home / "ledger/erasures.jsonl"
    assert (log.stat().st_mode & 0o777, (home / "secrets/erasure.key").stat().st_mode & 0o777) == (0o600, 0o600)


def test_the_record_of_arrivals_follows_the_files(planted: tuple[Path, object, object, object]) -> None:
    home = planted[0]
    now = night_of(home)
    assert {a.path: a.sha256 for a in ledger.arrivals(home)} == now.inputs
    assert ledger.altered(ledger.arrivals(home), now.inputs) == []
    assert all(a.seen_at == AT for a in ledger.arrivals(home))


def test_asked_for_again_nothing_is_left_to_do(planted: tuple[Path, object, object, object]) -> None:
    with pytest.raises(erasing.UnknownPersonError, match="No export has that id"):
        erase(planted[0], ID)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    folder = tmp_path / "landing/hris/parley"
    folder.mkdir(parents=True)
    (folder / "worker_20261031.csv").write_bytes(
        as_lines(
            "employee_id,original_hire_date,latest_hire_date,employment_status,employment_type,fte,country,planned_exit_on,in_scope",
            f"{ID},2019-03-13,2019-03-13,active,full_time,1,DE,,true",
            "ZQ-77002,2019-03-14,2019-03-14,active,full_time,1,DE,,true",
        )
    )
    (folder / "identity_20261031.csv").write_bytes(
        as_lines(
            "employee_id,display_name,work_email",
            f"{ID},{NAME},{MAIL}",
            "ZQ-77002,Zora Quillfeather,zora2@canary.example",
        )
    )
    return tmp_path


def test_a_trial_changes_nothing(small: Path) -> None:
    before = {path: path.read_bytes() for path in small.rglob("*") if path.is_file()}
    outcome = erase(small, ID.lower(), is_trial=True)
    assert [change.tally.records for change in outcome.changes] == [1, 1]
    after = {path: path.read_bytes() for path in small.rglob("*") if path.is_file() and path.name != "run.lock"}
    assert after == before


def test_another_person_of_the_same_name_keeps_it(small: Path) -> None:
    erase(small, ID)
    kept = (small / "landing/hris/parley/identity_20261031.csv").read_text()
    assert kept == "employee_id,display_name,work_email\nZQ-77002,Zora Quillfeather,zora2@canary.example\n"


def test_files_that_cannot_be_written_again_stand_in_the_way_until_they_may_go(small: Path) -> None:
    foreign = plant_foreign(small / "landing")
    outcome = erase(small, ID)
    assert sorted(outcome.blocked) == foreign
    assert not outcome.is_done
    assert mentions(small / "landing/hris/parley/worker_20261031.csv", CANARY)
    assert erase(small, ID, removes=True).is_done
    assert not [path for path in foreign if (small / "landing" / path).exists()]


def test_an_erasure_waits_for_no_run_and_keeps_runs_out(small: Path) -> None:
    with locked(night_of(small).settings), pytest.raises(AlreadyRunningError):
        erase(small, ID)
    assert mentions(small / "landing/hris/parley/worker_20261031.csv", CANARY)


def test_one_who_is_stopped_half_way_asks_again(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.record_arrivals(small, night_of(small).inputs, AT)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(erasing.os, "replace", stop)
        with pytest.raises(KeyboardInterrupt):
            erase(small, ID)
    assert tombstones.erasures(small)
    erase(small, ID)
    now = night_of(small)
    assert {a.path: a.sha256 for a in ledger.arrivals(small)} == now.inputs
    texts = [path.read_text() for path in (small / "landing").rglob("*.csv")]
    assert len(texts) == 2
    assert not any(ID in text or MAIL in text for text in texts)


def test_the_same_id_in_two_id_spaces_is_asked_about(tmp_path: Path) -> None:
    overlay = "of: parley__identity\nlanding: hris/{0}\nfiles: ['*']\nsettings: {{idSpace: '{0}:'}}\n"
    for space in ("north", "south"):
        (tmp_path / "contracts").mkdir(exist_ok=True)
        (tmp_path / "contracts" / f"{space}.overlay.yaml").write_text(overlay.format(space))
        folder = tmp_path / "landing/hris" / space
        folder.mkdir(parents=True)
        (folder / "identity_20261031.csv").write_bytes(
            as_lines("employee_id,display_name,work_email", f"77,Some {space},")
        )
    with pytest.raises(erasing.UnknownPersonError, match="NORTH:77, SOUTH:77"):
        erase(tmp_path, "77")
    erase(tmp_path, "north:77")
    assert not (tmp_path / "landing/hris/north/identity_20261031.csv").exists()
    assert (tmp_path / "landing/hris/south/identity_20261031.csv").exists()


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def test_who_comes_again_is_set_aside_without_text_and_the_equation_holds(
    small: Path, con: duckdb.DuckDBPyConnection
) -> None:
    erase(small, ID)
    folder = small / "landing"
    (folder / "hris/parley/identity_20261102.csv").write_bytes(
        as_lines(
            "employee_id,display_name,work_email",
            f"{ID},{NAME},{MAIL}",
            f'broken "{ID}",x',
            "ZQ-77002,Ben Ash,b@canary.example",
        )
    )
    (folder / "conversations/parley").mkdir(parents=True)
    (folder / "conversations/parley/conversation_20261102.csv").write_bytes(
        as_lines(
            ",".join(c.headers[0] for c in KNOWN["parley__conversation"].columns),
            *(_conversation(number, *pair) for number, pair in enumerate([(ID, "ZQ-77002"), ("ZQ-77002", ID)])),
        )
    )
    night = night_of(small)
    found = {}
    for source in ("parley__identity", "parley__conversation"):
        found[source] = land_source(KNOWN[source], night.files, con, guard=night.guard)[-1]
    people, talks = found["parley__identity"], found["parley__conversation"]
    assert (people.records, people.header, people.accepted, people.quarantined) == (4, 1, 1, 2)
    assert (talks.status, talks.records, talks.accepted, talks.quarantined) == ("read", 3, 1, 1), talks.reason
    assert con.execute("SELECT employee_id, partner_id FROM raw.parley__conversation").fetchall() == [
        ("ZQ-77002", None)
    ]
    aside = con.execute("SELECT DISTINCT rule, reason FROM landing.quarantine WHERE rule <> 'quote'").fetchall()
    assert aside == [("erased", "the record is about somebody who was erased")]
    told = json.dumps(con.execute("SELECT * FROM landing.quarantine").fetchall(), default=str)
    assert not CANARY.in_text.search(told)
    assert erasing.come_again(night) == [MAIL.upper(), ID]


def _conversation(number: int, employee: str, partner: str) -> str:
    told = {
        "conversation_id": f"C{number}",
        "employee_id": employee,
        "partner_id": partner,
        "occurred_on": "2026-10-14",
    }
    return ",".join(
        told.get(c.name, c.valid_values[0] if c.required and c.valid_values else "")
        for c in KNOWN["parley__conversation"].columns
    )


def test_text_of_records_set_aside_is_kept_for_a_while_only(small: Path, con: duckdb.DuckDBPyConnection) -> None:
    (small / "landing/hris/parley/identity_20261031.csv").write_bytes(
        as_lines("employee_id,display_name,work_email", ",Zora,z@canary.example", "ZQ-77002,Ben Ash,")
    )
    files = inventory(small / "landing", KNOWN)
    for since, kept in ((datetime(2026, 10, 31).date(), 1), (datetime(2026, 11, 1).date(), 0)):
        land_source(KNOWN["parley__identity"], files, con, guard=Guard(text_since=since))
        assert con.execute("SELECT count(*), count(record) FROM landing.quarantine").fetchall() == [(1, kept)]


def test_without_its_key_the_list_of_the_erased_stops_a_run(small: Path) -> None:
    erase(small, ID)
    (small / "secrets/erasure.key").unlink()
    with pytest.raises(tombstones.TombstoneError, match="Bring it back from the backup"):
        _ = night_of(small).guard


def test_every_column_that_may_name_somebody_has_a_role() -> None:
    nameless = (
        "birth_on",
        "position_id",
        "manager_position_id",
        "value",
        "org_name",
        "parent_org_name",
        "org_unit_name",
        "parent_unit_name",
    )
    for source in (c for c in KNOWN.values() if c.layer == "sources"):
        for found in source.columns:
            if found.classification == "restricted" and found.name not in nameless:
                assert role(found) != "none", (source.id, found.name)


def test_ids_are_compared_as_landing_reads_them(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    settings = {"idPrefix": "KSY", "idWidth": 6, "idSpace": "N:"}
    described = contract(tmp_path, "ids", [column("id", identifies="worker", classification="restricted")], **settings)
    texts = ["1", " ksy12 ", "KSY", "KSY000123", "a1", "7@x.example", "1234567", "KSYb"]
    folder = tmp_path / "landing/ids"
    folder.mkdir(parents=True)
    (folder / "ids_20261031.csv").write_bytes(as_lines("id,n", *(f'"{text}",{n}' for n, text in enumerate(texts))))
    land_source(described, inventory(tmp_path / "landing", {"ids": described}), con)
    read = [str(row[0]).upper() for row in con.execute("SELECT id FROM raw.ids ORDER BY _line").fetchall()]
    assert [normal(text, described.columns[0], described.settings) for text in texts] == read


@pytest.mark.parametrize(
    "text",
    [NAME, "QUILLFEATHER, Zora M.", "zora_quillfeather", f"<{MAIL.upper()}>", f"see {ID}.", "Zora\u00a0J Quillfeather"],
)
def test_a_mention_is_found_however_it_is_written(text: str) -> None:
    assert CANARY.in_text.search(text)
    assert CANARY.may_be_in(text)


@pytest.mark.parametrize("text", ["Zora Quill", "Quillfeatherzora", f"{ID}9", "77001", "zora"])
def test_what_only_resembles_a_mention_is_left(text: str) -> None:
    assert not CANARY.in_text.search(text)


def test_a_calendar_is_read_as_landing_reads_it(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    folder = tmp_path / "landing/conversations/ics"
    folder.mkdir(parents=True)
    (folder / "team_20261031.ics").write_bytes(calendar())
    erase(tmp_path, MAIL)
    (account,) = land_source(KNOWN["ics__event"], inventory(tmp_path / "landing", KNOWN), con)
    assert (account.status, account.accepted, account.quarantined) == ("read", 2, 0), account.reason
    rows = con.execute("SELECT organiser_email, guest_email FROM raw.ics__event ORDER BY event_id").fetchall()
    ben = "ben.ash@canary.example"
    assert rows == [("unknown", f"unknown;{ben}"), ("ina.vale@canary.example", f"unknown;{ben}")]


def test_the_command_says_what_it_did_and_what_follows(small: Path) -> None:
    runner = CliRunner()
    told = runner.invoke(app, ["erase", ID, "--home", str(small), "--reason", "asked for"])
    assert told.exit_code == 0, told.output
    assert "Run 'parley run' now" in told.output
    assert ID not in told.output
    unknown = runner.invoke(app, ["erase", "ZQ-00000", "--home", str(small)])
    assert unknown.exit_code == 2
    assert "No export has that id" in unknown.output
    nobody = runner.invoke(app, ["erase", "--again", "--home", str(small)])
    assert (nobody.exit_code, nobody.output.strip()) == (0, "Nobody who was erased came again.")
