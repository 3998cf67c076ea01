"""Files made to break the machine that reads them: each is refused or read, fast and in little memory, in a process apart."""

from __future__ import annotations

import gzip
import io
import re
import struct
import time
import zipfile
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from tests.landing_cases import column, contract, land

MB = 1 << 20
MEMORY_LIMIT = 1 << 30
SECONDS_LIMIT = 10.0
Content = bytes | Iterable[bytes]


class Outcome(NamedTuple):
    """What became of one bomb: reason of the refusal or '', processor seconds, and the peak of memory so far in bytes."""

    status: str
    reason: str
    accepted: int
    seconds: float
    peak: int


def _zipped(members: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return content.getvalue()


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def _workbook(
    rows: str,
    *,
    dimension: str = "A1:B3",
    doctype: str = "",
    strings: str = "",
    more: Mapping[str, bytes] | None = None,
) -> bytes:
    """A workbook of one sheet written by hand, so that nothing in it has to be possible."""
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(
            [("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")], 1
        )
    )
    root = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    members = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{root}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/worksheets/sheet1.xml": f'{doctype}<worksheet xmlns="{MAIN}"><dimension ref="{dimension}"/>'
        f"<sheetData>{rows}</sheetData></worksheet>",
    }
    texts = {name: f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode() for name, text in members.items()}
    return _zipped({**texts, **(more or {})})


def _cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADS = f'<row r="1">{_cell("A1", "id")}{_cell("B1", "name")}</row>'
SOUND = f'{HEADS}<row r="2">{_cell("A2", "1")}{_cell("B2", "Ann")}</row>'
NOISE = bytes(range(256)) * 4096
ENTITIES = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))


def _numbers(count: int) -> str:
    """Cells that do not say where they stand."""
    return "".join(f"<c><v>{n * 7919 % 1_000_003}</v></c>" for n in range(count))


def _lying() -> bytes:
    """A workbook whose picture of 100 MB is declared to be 1,000 bytes long, in both places that say so."""
    huge = _workbook(SOUND, more={"xl/media/image.bin": bytes(100 * MB)})
    true, false = struct.pack("<L", 100 * MB), struct.pack("<L", 1000)
    assert huge.count(true) == 2
    return huge.replace(true, false)


def _shared() -> bytes:
    """One text of 1 MB that 5,000 cells show."""
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2, 5002))
    noise = "".join(f"{n:07x}" for n in range(150_000))
    return _workbook(HEADS + cells, strings=f"<si><t>{noise}</t></si>")


def _nested(depth: int) -> bytes:
    content = _zipped({"0.csv": bytes(64 * MB)})
    for level in range(depth):
        content = _zipped({f"{level}-{copy}.zip": content for copy in range(10)})
    return content


BOMBS: dict[str, tuple[str, Callable[[], Content]]] = {
    "zip": (".csv", lambda: _zipped({"a.csv": bytes(64 * MB)})),
    "nested zip": (".xlsx", lambda: _nested(4)),
    "nested zip in a workbook": (".xlsx", lambda: _workbook(SOUND, more={"xl/inner.zip": _nested(4)})),
    "workbook, sizes true": (".xlsx", lambda: _workbook(SOUND, more={"xl/media/image.bin": bytes(100 * MB)})),
    "workbook, sizes untrue": (".xlsx", _lying),
    "workbook of noise": (".xlsx", lambda: _workbook(SOUND, more={f"xl/{n}.bin": NOISE for n in range(300)})),
    "workbook, dimension declared": (".xlsx", lambda: _workbook(SOUND, dimension="A1:XFD1048576")),
    "workbook, last cell": (
        ".xlsx",
        lambda: _workbook(f'{SOUND}<row r="1048576">{_cell("XFD1048576", "x")}</row>'),
    ),
    "workbook, last cell in disguise": (
        ".xlsx",
        lambda: _workbook(f'{SOUND}<row r="1048576">{_numbers(16_384)}</row>'),
    ),
    "workbook, one text many times": (".xlsx", _shared),
    "workbook, entities": (
        ".xlsx",
        lambda: _workbook(SOUND.replace("Ann", "&j;"), doctype=f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{ENTITIES}]>'),
    ),
    "workbook, names that climb": (
        ".xlsx",
        lambda: _workbook(SOUND, more={"../../escaped.txt": b"x", "/escaped.txt": b"x", "..\\escaped.txt": b"x"}),
    ),
    "gzip": (".csv", lambda: gzip.compress(bytes(64 * MB), compresslevel=1)),
    "gzip as workbook": (".xlsx", lambda: gzip.compress(bytes(64 * MB), compresslevel=1)),
    "field": (".csv", lambda: [b"id,name\n1,", *[b"x" * MB] * 100, b"\n2,Bo\n"]),
    "quoted field": (".csv", lambda: [b'id,name\n1,"', *[b"x\n" * (MB // 2)] * 3, b'"\n2,Bo\n']),
    "empty lines": (".csv", lambda: b"id,name\n1,Ann\n" + b"\n" * 3_000_000),
    "columns": (".csv", lambda: b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n1\n"),
    "quotes": (".csv", lambda: b'id,name\n1,"' + b'"' * 1_000_000 + b"\n2,Bo\n"),
    "quotes, each on a line": (".csv", lambda: b"id,name\n1,Ann\n" + b'2,"x\n' * 100_000),
}


def _outcomes(folder: Path) -> tuple[int, dict[str, Outcome]]:
    """Land every bomb, one after the other. Returns the memory before the first one, in bytes, and what became of each."""
    described = contract(folder, "staff", [column("id"), column("name")])
    con = duckdb.connect(config={"threads": 1})
    land(folder / "sound", described, {"a_20260101.csv": b"id,name\n1,Ann\n"}, con)
    before, outcomes = _peak(), {}
    for number, (name, (ending, _)) in enumerate(BOMBS.items()):
        started = time.process_time()
        account = land(folder / f"bomb_{number}", described, {}, con)[0]
        seconds = time.process_time() - started
        assert account.records == account.header + account.accepted + account.quarantined
        assert account.path.endswith(ending)
        outcomes[name] = Outcome(account.status, account.reason, account.accepted, seconds, _peak())
    return before, outcomes


def _peak() -> int:
    """The most memory this process has had; unlike the figure of getrusage it has nothing of the process it came from."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+([0-9]+) kB", status)[1]) * 1024


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, Outcome], Path]:
    """The bombs laid here and landed in a fresh process: if it died of one of them, this fixture fails."""
    folder = tmp_path_factory.mktemp("bombs")
    for number, (ending, make) in enumerate(BOMBS.values()):
        home = folder / f"bomb_{number}" / "landing" / "staff"
        home.mkdir(parents=True)
        content = make()
        with (home / f"a_20260630{ending}").open("wb") as file:
            file.writelines([content] if isinstance(content, bytes) else content)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        before, outcomes = apart.submit(_outcomes, folder).result()
    return before, outcomes, folder


REASONS = {
    "zip": "zip archive",
    "nested zip": "zip archive and no Excel workbook",
    "nested zip in a workbook": "",
    "workbook, sizes true": "unpacks to far more",
    "workbook, sizes untrue": "damaged",
    "workbook of noise": "unpacks to far more",
    "workbook, dimension declared": "",
    "workbook, last cell": "reaches as far as row 1,048,576 and column 16,384",
    "workbook, last cell in disguise": "reaches as far as row 1,048,576 and column 16,384",
    "workbook, one text many times": "more than 256 MB of text",
    "workbook, entities": "damaged",
    "workbook, names that climb": "",
    "gzip": "compressed (gzip)",
    "gzip as workbook": "compressed (gzip)",
    "field": "",
    "quoted field": "are not well formed",
    "empty lines": "are empty. Delete",
    "columns": "1,000,000 columns",
    "quotes": "",
    "quotes, each on a line": "",
}


@pytest.mark.parametrize("name", BOMBS)
def test_each_bomb_is_refused_with_a_reason_or_read(landed: tuple[int, dict[str, Outcome], Path], name: str) -> None:
    outcome = landed[1][name]
    assert outcome.status == ("refused" if REASONS[name] else "read"), outcome
    assert REASONS[name] in outcome.reason
    assert (outcome.accepted > 0) == (outcome.status == "read")


def test_no_bomb_takes_long_or_much_memory(landed: tuple[int, dict[str, Outcome], Path]) -> None:
    before, outcomes, _ = landed
    assert {name: o.seconds for name, o in outcomes.items() if o.seconds > SECONDS_LIMIT} == {}
    assert max(o.peak for o in outcomes.values()) - before < MEMORY_LIMIT, {
        n: o.peak // MB for n, o in outcomes.items()
    }


def test_nothing_is_unpacked_onto_the_disk(landed: tuple[int, dict[str, Outcome], Path]) -> None:
    folder = landed[2]
    assert list(folder.rglob("*escaped*")) == []
    assert list(folder.parent.glob("*escaped*")) == []
    assert not Path("/escaped.txt").exists()
