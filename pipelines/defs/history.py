"""Dagster's memory of runs, cleared of those that mention a person; only file names and reasons could."""

import re
import sqlite3
from pathlib import Path

import dagster as dg


def forget(home: Path, mention: re.Pattern[str]) -> int:
    """Delete the runs in whose events, tags or settings `mention` is found, down to the bytes; return their number."""
    folder = home / "dagster"
    if not folder.is_dir():
        return 0
    forgotten = 0
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        for run in instance.get_runs():
            told = [repr(run), *(f"{entry.message} {entry!r}" for entry in instance.all_logs(run.run_id))]
            if any(map(mention.search, told)):
                instance.delete_run(run.run_id)
                forgotten += 1
    if forgotten:
        _rewrite(folder)
    return forgotten


def _rewrite(folder: Path) -> None:
    """SQLite keeps deleted rows in its files until they are written anew."""
    for path in folder.rglob("*.db"):
        con = sqlite3.connect(path)
        try:
            con.execute("VACUUM")
        finally:
            con.close()
