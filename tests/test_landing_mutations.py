"""Ten thousand damaged files: none may raise or lose a record; physical records are counted a second way."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.contracts import Contract
from pipelines.landing import FileAccount, land_source
from pipelines.landing.files import LandingFile
from pipelines.landing.reading import TextTable, Unreadable, read
from tests.landing_cases import column, contract
from tests.mutated_files import mutated, physical_records

READ, LANDED, BATCH = 6_000, 4_000, 40
AS_OF = date(2026, 6, 30)


@dataclass(frozen=True)
class Layout:
    """A kind of export: its contract, that of its answers, and a sound file with six data records."""

    contract: Contract
    answers: Contract | None
    content: bytes


@pytest.fixture(scope="module")
def layouts(tmp_path_factory: pytest.TempPathFactory) -> list[Layout]:
    """Comma and UTF-8, semicolon and Windows-1252 with the day first, three heading rows."""
    folder = tmp_path_factory.mktemp("contracts")
    staff = contract(
        folder,
        "staff",
        [column("id", required=True, unique=True), column("name"), column("since", "date"), column("fte", "number")],
    )
    talks = contract(
        folder,
        "talks",
        [column("id", required=True), column("day", "date", required=True), column("with", values=["Peer", "Mentor"])],
        encoding="cp1252",
    )
    answers = contract(folder, "answers", [column(n) for n in ("question_id", "question_text", "import_id", "value")])
    pulse = contract(
        folder, "pulse", [column("response"), column("finished", "boolean")], headerRows=3, answers="answers"
    )
    return [
        Layout(
            staff,
            None,
            _lines("id,name,since,fte", (f'{i:03d},"Zoë, {i}",202{i}-05-1{i},0.{i}' for i in range(6)), "\n", "utf-8"),
        ),
        Layout(
            talks,
            None,
            _lines("id;day;with", (f"{i};{13 + i}/0{i + 1}/2025;Peer" for i in range(6)), "\r\n", "cp1252"),
        ),
        Layout(
            pulse,
            answers,
            _lines(
                'response,finished,Q1\r\nResponse,Finished,"How\r\ndid it go?"\r\n"{""ImportId"":""r""}",f,q',
                (f"R_{i},{i % 2},good {i}" for i in range(6)),
                "\r\n",
                "utf-8",
            ),
        ),
    ]


def _lines(head: str, records: Iterable[str], end: str, encoding: str) -> bytes:
    return (end.join([head, *records]) + end).encode(encoding)


def _assert_sound(content: bytes, account: FileAccount) -> bool:
    """The equation, and the second count where there is one; says whether there was."""
    assert account.records == account.header + account.accepted + account.quarantined
    physical = physical_records(content, account.encoding) if account.status == "read" else None
    assert physical in (None, account.records), content
    return physical is not None


def _stored(con: duckdb.DuckDBPyConnection, layout: Layout) -> list[tuple[int, ...]]:
    quarantined = "SELECT count(*) FROM landing.quarantine WHERE source = ?"
    query = f"SELECT (SELECT count(*) FROM {layout.contract.table}), ({quarantined})"
    return con.execute(query, [layout.contract.id]).fetchall()


def test_no_mutated_file_raises_or_loses_a_record_when_read(layouts: list[Layout], tmp_path: Path) -> None:
    chance = random.Random(20260630)
    path = tmp_path / "file.csv"
    counted = refused = 0
    for number in range(READ):
        layout = layouts[number % len(layouts)]
        content = mutated(layout.content, chance)
        path.write_bytes(content)
        table = read(path, layout.contract)
        assert table.records >= table.header
        refused += isinstance(table, Unreadable)
        physical = physical_records(content, table.encoding) if isinstance(table, TextTable) else None
        counted += physical is not None
        assert physical in (None, table.records), content
    assert counted > READ / 10
    assert READ / 10 < refused < READ / 2


def test_no_mutated_file_raises_or_loses_a_record_when_landed(layouts: list[Layout], tmp_path: Path) -> None:
    chance = random.Random(20260701)
    con = duckdb.connect(config={"threads": 1})
    # Planning the statements is nearly all of the time such small files take.
    con.execute("PRAGMA disable_optimizer")
    statuses: Counter[str] = Counter()
    counted = 0
    for batch in range(LANDED // BATCH):
        layout = layouts[batch % len(layouts)]
        contents = [mutated(layout.content, chance) for _ in range(BATCH)]
        files = []
        for number, content in enumerate(contents):
            path = tmp_path / f"file_{number}.csv"
            path.write_bytes(content)
            files.append(LandingFile(path, path.name, f"{number:02d}{'0' * 62}", layout.contract.id, AS_OF, "file"))
        accounts = land_source(layout.contract, files, con, layout.answers)
        counted += sum(_assert_sound(*pair) for pair in zip(contents, accounts, strict=True))
        read_ones = [account for account in accounts if account.status == "read"]
        assert _stored(con, layout) == [(sum(a.accepted for a in accounts), sum(a.quarantined for a in read_ones))]
        statuses.update(account.status for account in accounts)
    assert counted > LANDED / 10
    assert min(statuses["read"], statuses["refused"]) > LANDED / 10
