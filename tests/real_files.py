"""Files that nobody here wrote, as an analyst would deliver them: what is expected of each, and what landing makes of it."""

from __future__ import annotations

import csv
import re
import shutil
import zipfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import duckdb
import yaml

from pipelines import contracts
from pipelines.landing import FileAccount, LandingFile, inventory, land_source, record_unclaimed
from pipelines.overlays import load_overlays
from pipelines.paths import CONTRACTS
from tests.real_inputs import DATA
from tests.sources_page import Examined
from tests.sql_cases import Row, parse_table

KNOWN = contracts.load_folder(CONTRACTS)
DIALECTS = load_overlays(Path(__file__).parent / "real_overlays", KNOWN)
_ROW = re.compile(rb'<row [^>]*?\br="(\d+)"[^>]*(?<!/)>(.*?)</row>', re.DOTALL)


class Expected(NamedTuple):
    """What must become of a real file, written down by hand in real_files.yaml."""

    path: str
    delivered: str
    source: str
    overlay: str
    status: str
    accepted: int
    aside: int
    reason: str
    holds: str


def _expectations() -> list[Expected]:
    folders = yaml.safe_load((Path(__file__).parent / "real_files.yaml").read_text(encoding="utf-8"))
    return [_expected(folder, row) for folder, drawn in folders.items() for row in parse_table(drawn)[1]]


def _expected(folder: str, row: Row) -> Expected:
    told = {name: str(cell) for name, cell in row.items()}
    path, accepted, aside = f"{folder}/{told.pop('file')}", int(told.pop("accepted")), int(told.pop("aside"))
    return Expected(path=path, accepted=accepted, aside=aside, **told)


EXPECTED = _expectations()


def deliver(told: Expected, con: duckdb.DuckDBPyConnection) -> tuple[FileAccount, LandingFile]:
    """The file alone in a landing folder, under the name it is delivered with, landed on `con`."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / told.delivered
        place.parent.mkdir(parents=True)
        shutil.copy(DATA / told.path, place)
        files = inventory(Path(folder), KNOWN, list(DIALECTS.values()))
        claimed = KNOWN.get(files[0].contract_id or "")
        answers = KNOWN.get(str(claimed.settings.get("answers"))) if claimed else None
        accounts = land_source(claimed, files, con, answers) if claimed else record_unclaimed(files, con)
    return accounts[0], files[0]


@cache
def examined(told: Expected) -> Examined:
    """What becomes of the file."""
    with duckdb.connect() as con:
        account, file = deliver(told, con)
        faults = con.execute("SELECT reason, count(*) FROM landing.quarantine GROUP BY reason").fetchall()
    overlay = next((name for name, found in DIALECTS.items() if found.contract is file.dialect), "")
    return Examined(told.path, told.holds, overlay, account, dict(faults))


def records_by_hand(path: Path) -> int:
    """Records of a file, headings included, without any code of the project; the lines of an .xls, which is not opened."""
    if path.suffix == ".xls":
        return len(path.read_bytes().splitlines())
    if path.suffix == ".csv":
        with path.open(encoding="latin-1", newline="") as file:
            return sum(1 for _ in csv.reader(file))
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    return max(int(row[1]) for row in _ROW.finditer(sheet) if b"<v>" in row[2])
