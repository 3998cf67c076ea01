"""Worker keys: a keyed fingerprint of an id, so that no table beyond this point carries an id that another system knows."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import duckdb
import polars as pl


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


def worker_tables(tables: Iterable[str]) -> list[str]:
    """Those of the full table names that list a vendor's workers: ``staging.<vendor>__worker``."""
    return sorted(name for name in tables if name.startswith("staging.") and name.endswith("__worker"))


def write_worker_xref(con: duckdb.DuckDBPyConnection, key: bytes, tables: Iterable[str]) -> int:
    """Create ``core.worker_xref`` (id_norm, worker_key) for every id that one of the worker tables knows; return its size."""
    union = " UNION ".join(f"SELECT employee_id FROM {table}" for table in worker_tables(tables))
    ids = [
        row[0]
        for row in con.execute(f"SELECT employee_id FROM ({union}) WHERE employee_id IS NOT NULL ORDER BY 1").fetchall()
    ]
    frame = pl.DataFrame(
        {"id_norm": ids, "worker_key": [worker_key(key, i) for i in ids]},
        schema={"id_norm": pl.String, "worker_key": pl.String},
    )
    con.execute("CREATE SCHEMA IF NOT EXISTS core")
    con.register("incoming", frame)
    con.execute("CREATE OR REPLACE TABLE core.worker_xref AS SELECT * FROM incoming")
    con.unregister("incoming")
    return len(ids)
