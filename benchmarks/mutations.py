"""A hundred thousand damaged exports of real sources landed: crashes, records unaccounted for, memory and speed."""

from __future__ import annotations

import argparse
import csv
import io
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars as pl
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from pipelines import company, contracts, landing
from pipelines.contracts import Contract
from pipelines.landing import FileAccount, LandingFile
from pipelines.paths import CONTRACTS
from tests.mutated_files import mutated, physical_records

FILES = 100_000
LEAST_SOURCES = 10
MEMORY_LIMIT = 1 << 30
SEED = 20260630
BATCH = 100
KEPT_RECORDS = 8
LARGEST = 1 << 16
FIRST_DAY = date(2026, 1, 1)
GOLDEN = Path(__file__).resolve().parents[1] / "tests" / "golden"
# What a programming fault raises; what damages a whole process (a panic, an abort) ends the benchmark by itself.
CRASHES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    duckdb.Error,
    pl.exceptions.PolarsError,
)


@dataclass(frozen=True)
class Export:
    """A sound export of one source: what is damaged."""

    contract: Contract
    answers: Contract | None
    content: bytes
    ending: str


@dataclass
class Tally:
    """What came out so far; `unaccounted` counts records lost, counted twice, or counted otherwise the second way."""

    files: int = 0
    records: int = 0
    counted_twice: int = 0
    crashes: int = 0
    examples: list[str] = field(default_factory=list)
    unaccounted: int = 0
    statuses: Counter[str] = field(default_factory=Counter)


def exports(folder: Path) -> list[Export]:
    """One export of each source and file type: of a sample company, cut to a few records, or a vendor's golden file."""
    known = contracts.load_folder(CONTRACTS)
    company.write_exports(company.simulate(employees=200, as_of=date(2026, 10, 31)), folder / "sample")
    found: dict[tuple[str, str], Export] = {}
    for place in [folder / "sample", *sorted(GOLDEN.glob("*/landing"))]:
        for file in landing.inventory(place, known):
            if file.contract_id is None:
                continue
            contract = known[file.contract_id]
            content = file.path.read_bytes()
            text = file.path.suffix == ".csv" and place.name == "sample"
            content = _shortened(content, int(contract.settings.get("headerRows", 1))) if text else content
            answers = known.get(str(contract.settings.get("answers")))
            if len(content) <= LARGEST:
                found.setdefault((contract.id, file.path.suffix), Export(contract, answers, content, file.path.suffix))
    return list(found.values())


def _shortened(content: bytes, headings: int) -> bytes:
    # Every byte is a letter of Latin-1, so that records can be told apart in whatever encoding.
    lines = list(io.StringIO(content.decode("latin-1"), newline=""))
    reader = csv.reader(lines)
    for _ in zip(range(headings + KEPT_RECORDS), reader, strict=False):
        continue
    return "".join(lines[: reader.line_num]).encode("latin-1")


def batches(found: Sequence[Export], files: int, chance: random.Random) -> Iterator[tuple[Export, list[bytes]]]:
    """Each export in turn with damaged versions of it, `files` in all."""
    for number in range(-(-files // BATCH)):
        export = found[number % len(found)]
        yield export, [mutated(export.content, chance) for _ in range(min(BATCH, files - number * BATCH))]


def land(export: Export, contents: Sequence[bytes], folder: Path, con: duckdb.DuckDBPyConnection, tally: Tally) -> None:
    """Land one batch, as deliveries of one day after the other, and count what became of it."""
    files = []
    for number, content in enumerate(contents):
        path = folder / f"file_{number}{export.ending}"
        path.write_bytes(content)
        sha256 = f"{number:016x}".ljust(64, "0")
        day = FIRST_DAY + timedelta(days=number)
        files.append(LandingFile(path, path.name, sha256, export.contract.id, day, "file"))
    tally.files += len(files)
    try:
        accounts = landing.land_source(export.contract, files, con, export.answers, (landing.OLDER_STATE,))
    except CRASHES as error:
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from error
        tally.crashes += 1
        tally.examples.append(f"{export.contract.id}: {type(error).__name__}: {str(error)[:200]}")
        return
    stored = _stored(export.contract, con)
    for content, account in zip(contents, accounts, strict=True):
        physical = _counted_again(export, content, account)
        _count(account, stored.get(account.file_id, (0, 0, 0)), physical, tally)


def _counted_again(export: Export, content: bytes, account: FileAccount) -> int | None:
    """Records of the file by its line ends alone; None where lines are no records, or quotes may hide line ends."""
    quote = str(export.contract.settings.get("quote", '"')).encode()
    is_plain = account.status == "read" and export.ending != ".ics" and quote not in content
    return physical_records(content, account.encoding) if is_plain else None


def _stored(contract: Contract, con: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int, int]]:
    """File id to the rows of the raw table, those of the quarantine, and the distinct lines they stand on."""
    rows = con.execute(
        f"""SELECT file_id, count(*) FILTER (taken), count(*) FILTER (NOT taken), count(DISTINCT line)
        FROM (SELECT _file_id AS file_id, _line AS line, true AS taken FROM {contract.table}
            UNION ALL SELECT file_id, line, false FROM landing.quarantine WHERE source = ?) GROUP BY file_id""",
        [contract.id],
    ).fetchall()
    return {file_id: (accepted, quarantined, lines) for file_id, accepted, quarantined, lines in rows}


def _count(account: FileAccount, stored: tuple[int, int, int], physical: int | None, tally: Tally) -> None:
    is_read = account.status == "read"
    wanted = (account.accepted, account.quarantined) if is_read else (0, 0)
    lost = abs(account.records - account.header - account.accepted - account.quarantined)
    lost += abs(stored[0] - wanted[0]) + abs(stored[1] - wanted[1]) + abs(stored[2] - sum(wanted))
    lost += abs(physical - account.records) if physical is not None else 0
    tally.statuses[account.status] += 1
    tally.records += account.records
    tally.counted_twice += physical is not None
    tally.unaccounted += lost
    if lost:
        tally.examples.append(f"{account} stored {stored}, counted again {physical}")


def run(found: Sequence[Export], files: int, folder: Path) -> Tally:
    """Land `files` damaged versions of the exports, with a bar of progress; Ctrl-C ends it with what is known by then."""
    tally, chance = Tally(), random.Random(SEED)
    con = duckdb.connect(config={"threads": 1, "memory_limit": "400MB"})
    # Planning the statements is nearly all of the time such small files take.
    con.execute("PRAGMA disable_optimizer")
    columns = (TextColumn("{task.completed:,}/{task.total:,} files"), BarColumn(), TimeElapsedColumn())
    with suppress(KeyboardInterrupt), Progress(*columns, TimeRemainingColumn()) as progress:
        task = progress.add_task("", total=files)
        for export, contents in batches(found, files, chance):
            land(export, contents, folder, con, tally)
            progress.update(task, completed=tally.files)
    return tally


def report(tally: Tally, sources: int, seconds: float) -> int:
    """Print the figures; 1 where a limit is broken."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    statuses = ", ".join(f"{count:,} {status}" for status, count in tally.statuses.most_common())
    print(f"files                {tally.files:>10,}   {statuses}")
    print(f"sources              {sources:>10,}   at least {LEAST_SOURCES}")
    print(f"records              {tally.records:>10,}   files counted a second way: {tally.counted_twice:,}")
    print(f"crashes              {tally.crashes:>10,}   limit 0")
    print(f"records unaccounted  {tally.unaccounted:>10,}   limit 0")
    print(f"peak memory, MB      {peak >> 20:>10,}   limit {MEMORY_LIMIT >> 20:,}")
    print(f"files per second     {tally.files / seconds:>10,.0f}")
    for example in tally.examples[:10]:
        print(example)
    return int(bool(tally.crashes or tally.unaccounted) or peak >= MEMORY_LIMIT or sources < LEAST_SOURCES)


def main() -> int:
    """Land the damaged files and print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=FILES, help="how many damaged files to land")
    files = parser.parse_args().files
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = exports(folder)
        started = time.monotonic()
        tally = run(found, files, folder)
    return report(tally, len({export.contract.id for export in found}), time.monotonic() - started)


if __name__ == "__main__":
    sys.exit(main())
