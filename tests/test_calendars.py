"""Calendars as records: what of an event is read, what never is, and that no calendar, however broken, raises."""

from __future__ import annotations

import random
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.contracts import Contract
from pipelines.landing.accounts import FileAccount
from pipelines.landing.calendars import COLUMNS, Events
from pipelines.landing.delimited import Record
from pipelines.landing.reading import TextTable, Unreadable, read
from tests.landing_cases import column, contract, land, rows

EVENT = (
    "UID:a@x", "STATUS:CONFIRMED", "SUMMARY:Talk about", "  you #career\\, CANARY", "CATEGORIES:Work,Career",
    "DTSTART;TZID=Europe/Madrid:20260601T100000", "DTEND;TZID=Europe/Madrid:20260601T103000",
    "DESCRIPTION:CANARY", " SUMMARY:CANARY", "LOCATION:CANARY", "CLASS:PRIVATE", "LAST-MODIFIED:20260501T080000Z",
    'ORGANIZER;CN="Lee; Ann":mailto:ann@x.org', "ATTENDEE;CN=Bo;PARTSTAT=ACCEPTED:MAILTO:Bo@x.org",
    "ATTENDEE:ann@x.org", "BEGIN:VALARM", "SUMMARY:CANARY", "UID:CANARY", "END:VALARM",
)  # fmt: skip


@pytest.fixture
def events(tmp_path: Path) -> Contract:
    kinds = {"start": "timestamp", "end": "timestamp", "recurrence_id": "timestamp", "last_modified": "timestamp"}
    columns = [column(name, kinds.get(name, "string"), required=name == "start", **_options(name)) for name in COLUMNS]
    return contract(tmp_path, "events", columns)


def _options(name: str) -> dict[str, str]:
    return {"keepOnly": "(?i)#career"} if name == "summary" else {}


def _calendar(*blocks: tuple[str, ...], top: tuple[str, ...] = ()) -> bytes:
    lines = [line for block in blocks for line in ("BEGIN:VEVENT", *block, "END:VEVENT")]
    return ("\r\n".join(["BEGIN:VCALENDAR", *top, *lines, "END:VCALENDAR"]) + "\r\n").encode()


def _land(tmp_path: Path, described: Contract, content: bytes, con: duckdb.DuckDBPyConnection) -> FileAccount:
    return land(tmp_path, described, {"cal_20260630.ics": content}, con)[0]


def _records(*lines: str) -> list[Record]:
    return list(Events(f"{line}\n" for line in lines))


def test_an_event_is_a_record_and_its_notes_are_never_read(tmp_path: Path, events: Contract) -> None:
    con = duckdb.connect()
    account = _land(tmp_path, events, _calendar(EVENT), con)
    assert (account.status, account.records, account.header, account.accepted) == ("read", 1, 0, 1)
    [row] = rows(con, f"SELECT {', '.join(chr(34) + name + chr(34) for name in COLUMNS)} FROM raw.events")
    assert dict(zip(COLUMNS, row, strict=True)) == {
        "uid": "a@x",
        "status": "CONFIRMED",
        "summary": "#career",
        "categories": "Work,Career",
        "start": datetime(2026, 6, 1, 10),
        "end": datetime(2026, 6, 1, 10, 30),
        "organizer": "ann@x.org",
        "attendees": "Bo@x.org;ann@x.org",
        "partstat": "ACCEPTED;NEEDS-ACTION",
        "class": "PRIVATE",
        "recurrence_id": None,
        "last_modified": datetime(2026, 5, 1, 8),
    }
    for (table,) in rows(con, "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE NOT temporary"):
        assert rows(con, f"SELECT count(*) FROM {table} t WHERE t::VARCHAR LIKE '%CANARY%'") == [(0,)]


def test_a_repeated_event_gives_its_own_start_and_its_changed_instances_only(tmp_path: Path, events: Contract) -> None:
    con = duckdb.connect()
    series = ("UID:s", "DTSTART;VALUE=DATE:20260105", "RRULE:FREQ=SECONDLY;COUNT=999999999")
    changed = ("UID:s", "RECURRENCE-ID;VALUE=DATE:20260112", "DTSTART:20260113T090000", "STATUS:CANCELLED")
    _land(tmp_path, events, _calendar(series, changed), con)
    assert rows(con, "SELECT CAST(start AS DATE), CAST(recurrence_id AS DATE) FROM raw.events ORDER BY _line") == [
        (date(2026, 1, 5), None),
        (date(2026, 1, 13), date(2026, 1, 12)),
    ]


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("Europe/Madrid", datetime(2026, 7, 1, 0, 30)),
        ("../../etc/passwd", datetime(2026, 6, 30, 22, 30)),
        ("America", datetime(2026, 6, 30, 22, 30)),
        ("", datetime(2026, 6, 30, 22, 30)),
    ],
)
def test_moments_in_utc_are_shown_on_the_clock_the_calendar_names(
    tmp_path: Path, events: Contract, zone: str, start: datetime
) -> None:
    con = duckdb.connect()
    _land(tmp_path, events, _calendar(("DTSTART:20260630T223000Z",), top=(f"X-WR-TIMEZONE:{zone}",)), con)
    assert rows(con, "SELECT start FROM raw.events") == [(start,)]


def test_faulty_events_are_set_aside_with_their_line_and_without_their_text(tmp_path: Path, events: Contract) -> None:
    con = duckdb.connect()
    blocks = [
        ("UID:1", "DTSTART:20260601T100000", "ATTENDEE;=:mailto:CANARY@x.org"),
        ("UID:2", "DTSTART:20261301T100000"),
        ("UID:3",),
        ("UID:4", "BEGIN:VEVENT", "UID:5", "DTSTART:20260601T100000"),
        ("UID:6", "DTSTART:20260601T100000", "SUMMARY:" + "x" * 1_100_000),
    ]
    account = _land(tmp_path, events, _calendar(*blocks), con)
    assert (account.records, account.accepted, account.quarantined) == (6, 1, 5)
    assert rows(con, "SELECT line, rule FROM landing.quarantine ORDER BY line") == [
        (2, "property"),
        (7, "start:timestamp"),
        (11, "start:required"),
        (14, "property"),
        (20, "size"),
    ]
    assert rows(con, "SELECT uid FROM raw.events") == [("5",)]
    assert rows(con, "SELECT count(*) FROM landing.quarantine WHERE record LIKE '%CANARY%'") == [(0,)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"uid,start\n1,2026-01-01\n", "is no calendar"),
        (b"", "is no calendar"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n", "cut short"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nEND:VCALENDAR\n", "cut short"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "empty"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID\nEND:VEVENT\nEND:VCALENDAR\n", "None of the 1 events can be read"),
    ],
)
def test_what_is_no_whole_calendar_is_refused(tmp_path: Path, events: Contract, content: bytes, words: str) -> None:
    account = _land(tmp_path, events, content, duckdb.connect())
    assert account.status == "refused"
    assert words in account.reason


def test_several_calendars_in_one_file_and_other_components_are_fine() -> None:
    one = [
        "BEGIN:VCALENDAR",
        "BEGIN:VTODO",
        "UID:t",
        "END:VTODO",
        "BEGIN:VEVENT",
        "UID:1",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    assert [(record.line, record.fields[0]) for record in _records(*one, *one)] == [(5, "1"), (13, "1")]


def test_an_address_cannot_add_a_person(tmp_path: Path) -> None:
    [record] = _records("BEGIN:VEVENT", "ATTENDEE;PARTSTAT=ACCEPTED,DECLINED:mailto:a@x;b@x", "END:VEVENT")
    fields = dict(zip(COLUMNS, record.fields, strict=True))
    assert (fields["attendees"], fields["partstat"]) == ("a@xb@x", "")


def test_no_damage_to_a_calendar_raises(tmp_path: Path, events: Contract) -> None:
    rng = random.Random(7)
    content = _calendar(EVENT, ("UID:2", "DTSTART:20260601T100000", "RRULE:FREQ=DAILY"), EVENT)
    outcomes = set()
    for _ in range(400):
        damaged = bytearray(content)
        for _ in range(rng.randint(1, 12)):
            damaged[rng.randrange(20, len(damaged))] = rng.choice(b'\x00\r\n\t :;,="\\BEND9\xff')
        path = tmp_path / "cal.ics"
        path.write_bytes(bytes(damaged))
        found = read(path, events)
        outcomes.add(type(found))
        assert isinstance(found, Unreadable) or found.records == found.rows.height + len(found.faults)
    assert outcomes == {TextTable, Unreadable}
