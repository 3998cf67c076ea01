"""Worker keys: a keyed fingerprint of an id, so that no table beyond this point carries an id that another system knows."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

import duckdb
import polars as pl

from pipelines.identity import people
from pipelines.warehouse import frame

# What the keys are made from, and the tables that follow from it.
READS = ("core.delivered_person", "core.delivered_other_id", "core.delivered_snapshot")
WRITES = ("worker_xref", "name_xref", "id_conflict", "id_comparison")

_PERSONS = """
    SELECT employee_id, population, as_of, display_name, birth_on, hired_on, source_system
    FROM core.delivered_person WHERE employee_id IS NOT NULL"""
_OTHER_IDS = "SELECT employee_id, id_type, id_norm FROM core.delivered_other_id"
_LINES = "SELECT DISTINCT population, manager_name FROM core.delivered_snapshot WHERE manager_name IS NOT NULL"


class KeyFileError(RuntimeError):
    """The secret's file cannot be used; the message says how to mend it."""


def secret(path: Path) -> bytes:
    """Read the installation's secret, creating it on first use. Raises KeyFileError where others could read it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_hex(32).encode())
    if path.stat().st_mode & 0o077:
        raise KeyFileError(f"{path} can be read by others. Run: chmod 600 {path}")
    return path.read_bytes().strip()


def worker_key(key: bytes, id_norm: str) -> str:
    """HMAC-SHA256 of a normalised id under the installation's secret, first 32 hexadecimal digits."""
    return hmac.new(key, id_norm.encode(), sha256).hexdigest()[:32]


def write_worker_xref(con: duckdb.DuckDBPyConnection, key_of: Callable[[str], str]) -> dict[str, int]:
    """Create the four tables in WRITES out of those in READS; return the rows of each.

    ``worker_xref`` (id_norm, worker_key, id_type) has every id that stands for one worker and one only; ``name_xref``
    (population, manager_name, worker_key) every name of a manager that only one worker bears; ``id_conflict`` the ids that
    came to stand for somebody else, which are in neither; ``id_comparison`` what comparing the exports has shown.
    """
    persons = frame(con, _PERSONS)
    compared = people.compared(persons)
    conflicts = people.conflicts(compared)
    own, other = people.resolved(persons, frame(con, _OTHER_IDS), conflicts)
    keys = own.with_columns(pl.Series("worker_key", map(key_of, own["employee_id"]), dtype=pl.String))
    named = people.managers_by_name(persons, frame(con, _LINES), conflicts)
    tables = {
        "worker_xref": pl.concat(
            [
                keys.select("id_norm", "worker_key", "id_type"),
                _keyed(other, keys).select("id_norm", "worker_key", "id_type"),
            ]
        ).sort("id_norm"),
        "name_xref": _keyed(named, keys)
        .select("population", "manager_name", "worker_key")
        .sort("population", "manager_name"),
        "id_conflict": conflicts,
        "id_comparison": people.comparison(persons, compared),
    }
    _create(con, tables)
    return {name: frame.height for name, frame in tables.items()}


def _keyed(rows: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    return rows.join(keys.select("employee_id", "worker_key"), on="employee_id")


def _create(con: duckdb.DuckDBPyConnection, tables: Mapping[str, pl.DataFrame]) -> None:
    con.execute("CREATE SCHEMA IF NOT EXISTS core")
    for name, rows in tables.items():
        con.register("incoming", rows)
        con.execute(f"CREATE OR REPLACE TABLE core.{name} AS SELECT * FROM incoming")
        con.unregister("incoming")
