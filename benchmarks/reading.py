"""What proving dates, typing, checking and accounting for every record costs, against two readers that only split text."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from pipelines import company, contracts, landing
from pipelines.paths import CONTRACTS

ROWS = 400_000
PEER = "DuckDB read_csv, text"
LIMIT = 14.0


def job_history(folder: Path) -> Path:
    """A landing folder with one job history of ROWS rows, repeated from a sample company with ids of their own."""
    company.write_exports(company.simulate(employees=2000, as_of=date(2026, 10, 31)), folder / "sample")
    small = pl.read_csv(next((folder / "sample").rglob("job_history*.csv")), infer_schema=False)
    copies = -(-ROWS // small.height)
    parts = [
        small.with_columns(pl.lit(f"{i:04d}-") + pl.col("Employee_ID").alias("Employee_ID")) for i in range(copies)
    ]
    target = folder / "landing" / "hris" / "workday" / "job_history_20261031.csv"
    target.parent.mkdir(parents=True)
    pl.concat(parts).head(ROWS).write_csv(target)
    return target


def cost(work: Callable[[], int]) -> tuple[float, int]:
    """Processor seconds and the rows that `work` reports."""
    started = time.process_time()
    rows = work()
    return time.process_time() - started, rows


def main() -> int:
    """Print the ratios; 1 where the limit is broken."""
    known = contracts.load_folder(CONTRACTS)
    with tempfile.TemporaryDirectory() as name:
        path = job_history(Path(name))

        def ours() -> int:
            con = duckdb.connect()
            files = landing.inventory(Path(name) / "landing", known)
            return sum(
                a.accepted + a.quarantined for a in landing.land_source(known["workday__job_history"], files, con)
            )

        def by_duckdb() -> int:
            con = duckdb.connect()
            con.execute(f"CREATE TABLE t AS SELECT * FROM read_csv('{path}', all_varchar = true)")
            return int(con.execute("SELECT count(*) FROM t").fetchall()[0][0])

        figures = {
            "Parley": cost(ours),
            PEER: cost(by_duckdb),
            "Polars read_csv, text": cost(lambda: pl.read_csv(path, infer_schema=False).height),
        }
    peer = figures[PEER][0]
    for name, (seconds, rows) in figures.items():
        print(f"{name:<24} {rows:>9,} rows {seconds:7.2f} CPU s   {seconds / peer:5.1f} x")
    ratio = figures["Parley"][0] / peer
    print(f"limit {LIMIT} x {PEER}: {'kept' if ratio <= LIMIT else 'broken'}")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
