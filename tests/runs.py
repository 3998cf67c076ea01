"""Installations and nights for tests: a small company as exports, a run in this process, a warehouse without Dagster."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from pipelines import company, contracts, reference, tables
from pipelines.definitions import defs
from pipelines.defs import execute
from pipelines.defs.execute import Outcome
from pipelines.identity import secret, worker_key
from pipelines.landing import inventory, land_source, landed, record_unclaimed
from pipelines.night import tonight
from pipelines.paths import CONTRACTS, SQL
from pipelines.publishing import current
from pipelines.settings import CONFIG_NAME, Settings
from tests.sql_cases import build_all

AS_OF = date(2026, 10, 31)
EMPLOYEES = 300


@dataclass(frozen=True)
class FinishedNight:
    """An installation after one whole run; `landing` is path to sha256 of the landing folder before it."""

    home: Path
    outcome: Outcome
    landing: dict[str, str]


def install(home: Path, as_of: date = AS_OF) -> Path:
    """Write the exports of a small company into the landing folder of `home`; return `home`."""
    simulated = company.simulate(employees=EMPLOYEES, as_of=as_of)
    company.write_exports(simulated, home / "landing")
    secret(home / "secrets" / "identity.key")
    # A year of month ends instead of two: nights are most of the time of the tests.
    (home / CONFIG_NAME).write_text("history_months = 12\n", encoding="utf-8")
    return home


def carry_out(home: Path, as_of: date = AS_OF, accepted: Iterable[str] = ()) -> Outcome:
    """One night in this process, all of it."""
    return execute.run(tonight(home, as_of, accepted), defs)


def finished_night(home: Path) -> FinishedNight:
    """An installation in `home` and its first night."""
    landing = fingerprints(install(home) / "landing")
    return FinishedNight(home, carry_out(home), landing)


def copied(home: Path, to: Path) -> Path:
    """The installation in `home` once more, without its warehouse and Dagster's memory; return `to`."""
    shutil.copytree(home, to, ignore=shutil.ignore_patterns("warehouse", "dagster"))
    return to


def release(home: Path) -> Path:
    """Folder of the release readers see. Raises AssertionError where there is none."""
    folder = current(home / "published")
    assert folder is not None
    return folder


def manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a release."""
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def fingerprints(folder: Path) -> dict[str, str]:
    """Path below `folder` to sha256 of every file there."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}


@contextmanager
def instance(home: Path) -> Iterator[dg.DagsterInstance]:
    """Dagster's memory of the runs in `home`."""
    with dg.DagsterInstance.from_config(str(home / "dagster")) as opened:
        yield opened


def events(home: Path) -> list[dg.DagsterEvent]:
    """What happened in the last run in `home`, oldest first."""
    with instance(home) as opened:
        run = opened.get_runs(limit=1)[0]
        return [log.dagster_event for log in opened.all_logs(run.run_id) if log.dagster_event]


def warehouse(
    landing: Path, as_of: date, key_of: Callable[[str], str] | None = None, **settings: Any
) -> duckdb.DuckDBPyConnection:
    """Everything below `landing` landed, and all SELECTs built on it, in memory; contracts are not checked."""
    con = duckdb.connect()
    known = contracts.load_folder(CONTRACTS)
    files = inventory(landing, known)
    record_unclaimed(files, con)
    for contract in known.values():
        if contract.layer == "sources" and "filledBy" not in contract.settings:
            land_source(contract, files, con, known.get(str(contract.settings.get("answers"))))
    statuses = reference.source_statuses(known, landed.newest_files(con))
    reference.write(con, Settings(home=landing.parent, **settings), as_of, statuses)
    con.execute("CREATE SCHEMA published")
    for contract in (c for c in known.values() if c.layer == "published"):
        con.execute(contract.ddl())
    named = key_of or partial(worker_key, secret(landing.parent / "secrets" / "identity.key"))
    build_all(con, tables.load(SQL), named)
    return con
