"""Where real files of other organisations lie, if they are here at all; the tests that need them are skipped otherwise."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.identity import secret, worker_key

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
needs_real_data = pytest.mark.skipif(not DATA.is_dir(), reason="The folder of real files is not on this machine.")


def table(path: Path) -> list[dict[str, str]]:
    """A file with one heading row as the standard library reads it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date | None:
    """The day of a date or timestamp in ISO form; None where it is empty or an open end."""
    return None if not text or text.startswith("9999") else date.fromisoformat(text[:10])


def keys(home: Path, ids: set[str]) -> dict[str, str]:
    """Worker key to id, for the ids given."""
    key = secret(home / "secrets" / "identity.key")
    return {worker_key(key, name.upper()): name for name in ids}


def accounts(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str, int, int, int, int]]:
    """File name to source, status, records, header, accepted and quarantined."""
    rows = con.execute("SELECT path, source, status, records, header, accepted, quarantined FROM landing.source_file")
    return {path.rpartition("/")[2]: tuple(rest) for path, *rest in rows.fetchall()}
