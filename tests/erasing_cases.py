"""An invented person in exports of every source that Parley reads, and in files of kinds it does not; no test stands here."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import xlsxwriter

from pipelines.contracts import Contract
from pipelines.landing.files import named
from pipelines.landing.reading import header_records, quote_of
from pipelines.person_columns import Role, roles

ID, INTERNAL, MAIL, NAME = "ZQ-77001", "ZQI-5005", "zora.quillfeather@canary.example", "Zora Quillfeather"
OTHER = {"own id": "ZQ-77002", "own address": "ben.ash@canary.example", "own name": "Ben Ash"}
_PARTS = {"first_name": "Zora", "last_name": "Quillfeather", "middle_name": "", "preferred_name": NAME}
# Encodings and line ends by turns: whatever a file is written in, it stays in.
_WRITTEN = (("utf-8", "\r\n"), ("cp1252", "\n"), ("utf-8-sig", "\r"), ("utf-16", "\r\n"))


def plant(landing: Path, contracts: Mapping[str, Contract]) -> dict[str, str]:
    """Write an export of every source below `landing`: a record of the person, and records of others that mention them.

    Returns the source of each file by its path.
    """
    found = {}
    for turn, contract in enumerate(c for c in contracts.values() if c.settings.get("landing")):
        if contract.id == "ics__event":
            continue
        name = named(contract)[0].replace("YYYYMMDD", "20261031").replace("*", "_20261031").lstrip("_")
        is_book = contract.id == "workbook__last_conversation"
        relative = f"{contract.settings['landing']}/{name}{'.xlsx' if is_book else '.csv'}"
        path = landing / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = _rows(contract)
        _write_workbook(path, rows) if is_book else _write_text(path, rows, contract, *_WRITTEN[turn % len(_WRITTEN)])
        found[relative] = contract.id
    (landing / "conversations/ics").mkdir(parents=True, exist_ok=True)
    (landing / "conversations/ics/team_20261031.ics").write_bytes(calendar())
    return found


def plant_foreign(landing: Path) -> list[str]:
    """Write files of kinds that cannot be written again; return their paths below `landing`."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("old/workers.csv", f"id,mail\n1,{MAIL}\n")
    contents = {
        "hris/adp/old.csv.gz": gzip.compress(f"id\n{ID}\n".encode()),
        "hris/adp/old.json": b'{"name": "Zora\\u0020Quillfeather"}',
        "hris/adp/old.zip": packed.getvalue(),
    }
    for path, content in contents.items():
        (landing / path).parent.mkdir(parents=True, exist_ok=True)
        (landing / path).write_bytes(content)
    return sorted(contents)


def calendar() -> bytes:
    """Three appointments of the person: as the one invited, as the one who invited, as one of three."""
    ina, ben = "ina.vale@canary.example", "ben.ash@canary.example"
    events = [*_event("1", ina, [MAIL]), *_event("2", MAIL, [MAIL, ben]), *_event("3", ina, [MAIL, ben])]
    return "".join(f"{line}\r\n" for line in ["BEGIN:VCALENDAR", *events, "END:VCALENDAR"]).encode()


def _event(uid: str, organiser: str, guests: list[str]) -> list[str]:
    # The address is folded in the middle, as long lines of a calendar are.
    invited = [f"ATTENDEE;CN={NAME};PARTSTAT=ACCEPTED:mailto:{guest[:9]}\r\n {guest[9:]}" for guest in guests]
    told = [f"UID:{uid}", f"SUMMARY:Chat {NAME} #career", "DTSTART:20261012T090000Z", f"ORGANIZER:mailto:{organiser}"]
    return ["BEGIN:VEVENT", *told, *invited, "END:VEVENT"]


def _rows(contract: Contract) -> list[list[str]]:
    """Titles and headings, the person's own record, one of another who mentions them, one of somebody else altogether."""
    heads = [[column.headers[0].replace("*", "x") for column in contract.columns] + ["Remark"]]
    tops = header_records(contract)
    titles = [[f"List of {NAME}"] + [""] * (len(heads[0]) - 1)] * (int(contract.settings.get("headerRow", 1)) - 1)
    told = roles(contract)
    kinds = {column.name: told.get(column.name, "none") for column in contract.columns}
    own = [_own(name, kind) for name, kind in kinds.items()]
    mention = [_mention(name, kind) for name, kind in kinds.items()]
    plain = [f"{OTHER.get(kind, 'x')}" for kind in kinds.values()]
    remark = f'Asked "{NAME.upper()}",\ntwice'
    return [*titles, *heads * (tops - len(titles)), [*own, ""], [*mention, remark], [*plain, "nothing"]]


def _own(name: str, kind: Role) -> str:
    if kind == "own id":
        return INTERNAL if name in ("internal_id", "technical_id") else ID
    answers: dict[str, str] = {"own address": MAIL.title(), "own name": _PARTS.get(name, NAME), "about id": "ZQ-77002"}
    return answers.get(kind, "ZQ-77003" if kind == "other id" else "of their own")


def _mention(name: str, kind: Role) -> str:
    if kind == "other address":
        return f"ben.ash@canary.example;{MAIL};cleo@canary.example" if name == "guest_email" else MAIL
    if kind == "other id":
        return INTERNAL if "internal" in name else f" {ID.lower()}"
    return "Quillfeather, Zora" if kind == "other name" else OTHER.get(kind, "x")


def _write_text(path: Path, rows: list[list[str]], contract: Contract, encoding: str, end: str) -> None:
    text = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if end == "\n" else csv.QUOTE_MINIMAL
    csv.writer(
        text, delimiter=";" if end == "\n" else ",", quotechar=quote_of(contract), quoting=quoting, lineterminator=end
    ).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))


def _write_workbook(path: Path, rows: list[list[str]]) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"author": NAME})
        sheet, other = book.add_worksheet("Talks"), book.add_worksheet("Notes")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        sheet.write_comment("B6", f"see {MAIL}")
        other.write_column(0, 0, ["Remark", f"{NAME} is away", "Others are not"])
