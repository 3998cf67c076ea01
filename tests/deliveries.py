"""Files put into a landing folder, and the rows they land as, and tables built on those."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from functools import cache
from pathlib import Path

import duckdb

from pipelines import contracts
from pipelines.landing import LandingFile, land_source
from pipelines.paths import CONTRACTS
from tests.sql_cases import Row, usual_sources, warehouse

AS_OF = date(2026, 6, 30)


def delivered(home: Path, files: Mapping[str, str]) -> Path:
    """The landing folder of `home` with `files`, by their path in it."""
    for name, text in files.items():
        path = home / "landing" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return home / "landing"


@cache
def contract_files() -> dict[str, contracts.Contract]:
    """All contracts by id."""
    return contracts.load_folder(CONTRACTS)


def landed(files: Sequence[LandingFile], *sources: str) -> tuple[dict[str, list[Row]], list[str]]:
    """Rows of the raw table of each of `sources` as text, by table, and what became of each of their files."""
    found, statuses = {}, []
    with duckdb.connect() as con:
        for source in sources:
            accounts = land_source(contract_files()[source], files, con)
            statuses += [account.status for account in accounts]
            read = con.sql(f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM raw.{source}").to_arrow_table()
            found[f"raw.{source}"] = read.to_pylist()
    return found, statuses


def built(rows: Mapping[str, list[Row]], *targets: str) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """A connection on which `targets` (or all of core) are built as of AS_OF; worker keys are the ids themselves."""
    core = [name for name in warehouse().tables if name.startswith("core.")]
    return warehouse().run(targets or core, rows, AS_OF, usual_sources(AS_OF), {"history_months": 12})


def texts_in_core(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, set[str]]]:
    """Every text column of core with its values, but for what the exports hold before anybody is resolved."""
    columns = con.execute("""
        SELECT 'core.' || table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'core' AND data_type = 'VARCHAR' AND table_name NOT LIKE 'delivered%'""").fetchall()
    return [
        (table, column, {value for (value,) in con.execute(f'SELECT DISTINCT "{column}" FROM {table}').fetchall()})
        for table, column in columns
    ]
