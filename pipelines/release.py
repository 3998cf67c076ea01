"""From the warehouse of a run to a release that readers see, and the record of the attempt either way."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from pipelines import composing, ledger, night_checks, publishing, tombstones
from pipelines.contracts import Contract
from pipelines.landing import FEWER_RECORDS, OLDER_STATE
from pipelines.lists import sweep_scopes
from pipelines.night import Night
from pipelines.warehouse import frame


def store(night: Night, contract: Contract, made: pl.DataFrame | Iterable[pl.DataFrame]) -> int:
    """Put frames into their published table in the warehouse, columns and types as the contract says; return the rows."""
    night.con.execute("CREATE SCHEMA IF NOT EXISTS published")
    night.con.execute(contract.ddl())
    names = ", ".join(f'"{column.name}"' for column in contract.columns)
    rows = 0
    for part in [made] if isinstance(made, pl.DataFrame) else made:
        night.con.register("incoming", part)
        night.con.execute(f"INSERT INTO {contract.table} SELECT {names} FROM incoming")
        night.con.unregister("incoming")
        rows += part.height
    return rows


def frames_of(night: Night, contracts: Iterable[Contract]) -> dict[str, pl.DataFrame]:
    """The published tables of the warehouse by contract id, in the order of their primary keys, with the check results."""
    frames = {}
    for contract in contracts:
        order = ", ".join(f'"{name}"' for name in contract.primary_key)
        frames[contract.id] = frame(night.con, f"SELECT * FROM {contract.table} ORDER BY {order}")
    return frames | {"check_result": composing.check_result(night_checks.results(night), night.contracts.values())}


def publish_night(night: Night, frames: Mapping[str, pl.DataFrame]) -> Path:
    """Publish the run's release, record the attempt as succeeded and return the release's folder."""
    known = {c.id: c for c in night.contracts.values() if c.layer == "published"}
    about = publishing.Release(night.release_id, night.as_of, night.started_at, night.code_version, night.inputs)
    folder = publishing.publish(frames, about, night.settings.published, known, night.settings.keep_releases)
    for erasure in tombstones.erasures(night.settings.home):
        publishing.remove_before(night.settings.published, erasure.at)
    sweep_scopes(night.settings.published)
    night.is_published = True
    publishing.record_attempt(night.settings.published, _attempt(night, "succeeded", folder.name, "", ""))
    _remember_accepted(night)
    return folder


def _remember_accepted(night: Night) -> None:
    """Files that a person let past a check of files need not be let past again: the check compares them with the future."""
    checks = [name for name in night.accepted if name in (FEWER_RECORDS, OLDER_STATE)]
    if checks:
        read = night.con.execute("SELECT DISTINCT file_id FROM landing.source_file WHERE status = 'read'").fetchall()
        ledger.record_acceptances(night.settings.home, [row[0] for row in read], checks, night.started_at)


def record_failure(night: Night, stopped_at: str, reason: str) -> None:
    """Record that the run ended without a release: where it stopped, and why in words."""
    publishing.record_attempt(night.settings.published, _attempt(night, "failed", None, stopped_at, reason))


def _attempt(night: Night, status: str, release_id: str | None, stopped_at: str, reason: str) -> publishing.Attempt:
    seconds = (datetime.now(UTC) - night.started_at).total_seconds()
    return publishing.Attempt(
        night.started_at,
        night.as_of,
        "succeeded" if status == "succeeded" else "failed",
        release_id,
        stopped_at,
        reason,
        seconds,
    )
