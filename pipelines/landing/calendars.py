"""The events of an iCalendar file (RFC 5545) as records; what of them is stored is up to the contract.

Repeated events are never multiplied: one gives its own start, and every instance that was changed is an event itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipelines.landing.delimited import FIELD_LIMIT, Record

ENDING = ".ics"
SIZE_LIMIT = 64 << 20
COLUMNS = (
    "uid", "status", "summary", "categories", "start", "end", "organizer", "attendees", "partstat", "class",
    "recurrence_id", "last_modified",
)  # fmt: skip
_NAMES = {
    "UID": "uid", "STATUS": "status", "SUMMARY": "summary", "CATEGORIES": "categories", "DTSTART": "start",
    "DTEND": "end", "ORGANIZER": "organizer", "ATTENDEE": "attendees", "CLASS": "class",
    "RECURRENCE-ID": "recurrence_id", "LAST-MODIFIED": "last_modified",
}  # fmt: skip
_MOMENTS = ("start", "end", "recurrence_id", "last_modified")
_MOMENT = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")
_NAME = re.compile(r"[A-Za-z-]+")


def is_calendar(path: Path) -> bool:
    """Whether the file is to be read as a calendar."""
    return path.suffix.lower() == ENDING


def calendar_fault(path: Path) -> str:
    """Why the file is no calendar that is read, with the remedy; empty where it may be one."""
    if path.stat().st_size > SIZE_LIMIT:
        return "The calendar is larger than 64 MB. Export a shorter period."
    with path.open("rb") as file:
        head = file.read(1024).removeprefix(b"\xef\xbb\xbf").lstrip().upper()
    return (
        ""
        if head.startswith(b"BEGIN:VCALENDAR")
        else f"The file is named {ENDING} but is no calendar. Export it again."
    )


class Events:
    """The events of a calendar as records of COLUMNS, in order; `is_cut_off` says, after the last, that its end is missing.

    Addresses of attendees, and in the same order their answers, are joined by a semicolon. An event with a line that
    cannot be read is a fault without text: an attendee too few would make two people of three.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        """`lines` are the physical lines of the file with their line ends."""
        self._lines = _unfolded(lines)
        self._zone: ZoneInfo | None = None
        self.is_cut_off = True

    def __iter__(self) -> Iterator[Record]:
        """All events; texts of other kinds (notes, reminders, tasks) are skipped unread."""
        began: int | None = None
        held: list[str] = []
        depth = 0
        for number, text in self._lines:
            mark = text.strip().upper() if len(text) < 80 else ""
            if mark == "BEGIN:VEVENT":
                if began is not None:
                    yield Record(began, [], "property")
                began, held, depth = number, [], 0
            elif mark == "END:VEVENT":
                if began is not None:
                    yield _record(began, held, self._zone)
                began = None
            elif began is None:
                self._note(mark, text)
            elif mark.startswith(("BEGIN:", "END:")):
                depth = max(0, depth + (1 if mark.startswith("BEGIN:") else -1))
            elif depth == 0 and _name(text) in _NAMES:
                held.append(text)
        self.is_cut_off = self.is_cut_off or began is not None

    def _note(self, mark: str, text: str) -> None:
        if mark in ("BEGIN:VCALENDAR", "END:VCALENDAR"):
            self.is_cut_off = mark.startswith("BEGIN")
        elif mark.startswith("X-WR-TIMEZONE:"):
            self._zone = _zone(text.partition(":")[2].strip())


def _unfolded(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Content lines with the number of their first physical line; one far too long is cut just beyond the limit."""
    parts: list[str] = []
    began = size = 0
    for number, line in enumerate(lines, start=1):
        plain = line.rstrip("\r\n")
        if plain[:1] in (" ", "\t") and parts:
            if size <= FIELD_LIMIT:
                parts.append(plain[1:])
                size += len(plain)
            continue
        if parts:
            yield began, "".join(parts)
        began, parts, size = number, [plain], len(plain)
    if parts:
        yield began, "".join(parts)


def _name(text: str) -> str:
    found = _NAME.match(text)
    return found.group().upper() if found else ""


def _record(line: int, texts: Sequence[str], zone: ZoneInfo | None) -> Record:
    """The event whose content `texts` begins on `line`. Where a property that may occur once is repeated the first counts."""
    from icalendar.parser import Contentline

    values: dict[str, list[str]] = {column: [] for column in COLUMNS}
    if sum(map(len, texts)) > FIELD_LIMIT:
        return Record(line, [], "size")
    for text in texts:
        try:
            line_of = Contentline(text)  # type: ignore[no-untyped-call]
            name, parameters, value = line_of.parts()
        except ValueError:
            return Record(line, [], "property")
        column = _NAMES[name.upper()]
        values[column].append(_value(column, value, zone))
        if column == "attendees":
            answer = parameters.get("PARTSTAT", "NEEDS-ACTION")
            values["partstat"].append(answer.upper() if isinstance(answer, str) else "")
    many = ("categories", "attendees", "partstat")
    return Record(line, [";".join(found if column in many else found[:1]) for column, found in values.items()], "")


def _value(column: str, value: str, zone: ZoneInfo | None) -> str:
    if column in _MOMENTS:
        return _moment(value.strip(), zone)
    if column in ("organizer", "attendees"):
        return re.sub("^mailto:", "", value.strip(), flags=re.IGNORECASE).replace(";", "")
    return value


def _moment(value: str, zone: ZoneInfo | None) -> str:
    """Date or wall clock of a moment; one in UTC is shown on the clock of the calendar, if it names one."""
    found = _MOMENT.fullmatch(value)
    if found is None:
        return value
    day, clock, is_utc = found.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock or '000000'}")
        if is_utc and zone is not None:
            moment = moment.replace(tzinfo=UTC).astimezone(zone)
    except (ValueError, OverflowError):
        return value
    return f"{moment:%Y-%m-%d %H:%M:%S}" if clock else f"{moment:%Y-%m-%d}"


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        return None
