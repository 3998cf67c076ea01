"""Lists as files for sites without mail: one folder for each reader, for the owner's eyes, and gone after its days."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

FOLDER = "drop"
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600
# What a spreadsheet takes for a formula, in usual and in wide characters.
_FORMULA = re.compile("^\\s*[=+\\-@|%\t\r\n\0＝＋－＠]")


def drop(scopes: Path, viewers: Iterable[str], release_id: str, folder: Path) -> int:
    """Put the list of each of `viewers` (a Parquet file of that name in `scopes`) as CSV into their folder; return the number.

    One file for each reader: that of the release before is replaced. Raises OSError on a full disk.
    """
    written = 0
    for viewer in viewers:
        own = folder / viewer
        own.mkdir(parents=True, exist_ok=True)
        for level in (folder, own):
            level.chmod(_FOLDER_MODE)
        part = own / ".list.part"
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FILE_MODE)
        with os.fdopen(handle, "wb") as file:
            file.write(_csv(pl.read_parquet(scopes / f"{viewer}.parquet")))
            file.flush()
            os.fsync(file.fileno())
        for before in own.glob("list_*.csv"):
            before.unlink()
        part.replace(own / f"list_{release_id}.csv")
        written += 1
    return written


def expire(folder: Path, now: datetime, days: int) -> int:
    """Remove what is older than `days`, and folders that are empty then; return the number of files."""
    removed = 0
    for path in sorted(folder.glob("*/*")):
        if datetime.fromtimestamp(path.stat().st_mtime, now.tzinfo) <= now - timedelta(days=days):
            path.unlink()
            removed += 1
    for own in folder.glob("*"):
        if own.is_dir() and not any(own.iterdir()):
            shutil.rmtree(own)
    return removed


def _csv(rows: pl.DataFrame) -> bytes:
    plain = [
        pl.col(n).list.join("; ") if isinstance(t, pl.List) else pl.col(n).cast(pl.String)
        for n, t in rows.schema.items()
    ]
    return rows.select(plain).with_columns(pl.all().map_elements(inert, return_dtype=pl.String)).write_csv().encode()


def inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text
