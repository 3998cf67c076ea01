"""Assets of the small tables every SELECT leans on, and of the worker keys."""

from collections.abc import Iterator
from functools import partial

import dagster as dg

from pipelines import closed_periods, identity, reference
from pipelines.defs.keys import ALL_CONTRACTS, key
from pipelines.landing import landed
from pipelines.night import Night
from pipelines.previous import previous_release

_CAPTURING = [key(c.table) for c in ALL_CONTRACTS.values() if "captures" in c.settings]


def _specs(names: tuple[str, ...]) -> list[dg.AssetSpec]:
    return [dg.AssetSpec(key(f"raw.{name}"), group_name="raw", kinds={"duckdb"}) for name in names]


def _done(names: tuple[str, ...]) -> Iterator[dg.MaterializeResult[None]]:
    for name in names:
        yield dg.MaterializeResult(key(f"raw.{name}"))


@dg.multi_asset(
    specs=_specs(reference.CALENDAR_TABLES), description="Dates, classes and cuts of the run: assumptions, not data."
)
def calendar(night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult[None]]:
    """Write the reporting calendar and the classes."""
    night.on_step("raw/calendar")
    reference.write_calendar(night.con, night.settings, night.as_of)
    yield from _done(reference.CALENDAR_TABLES)


@dg.multi_asset(
    specs=_specs(reference.RUN_TABLES),
    description="What the last release said, and what a person accepted for this run.",
)
def run_facts(night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult[None]]:
    """Write what the checks of this run compare with."""
    night.on_step("raw/previous_release")
    days = reference.reporting_dates(night.as_of, night.settings.history_months)
    open_days = closed_periods.open_days(night.closed, night.definitions, days)
    before = previous_release(night.settings.published)
    reference.write_run(night.con, before, night.accepted, open_days, night.settings.minimum_cell)
    yield from _done(reference.RUN_TABLES)


@dg.asset(key=key("raw.source_status"), deps=_CAPTURING, group_name="raw", kinds={"duckdb"})
def source_status(night: dg.ResourceParam[Night]) -> None:
    """How far the conversation exports of each vendor reach."""
    night.on_step("raw/source_status")
    reference.write_sources(night.con, reference.source_statuses(night.contracts, landed.newest_files(night.con)))


@dg.multi_asset(
    name="worker_xref",
    specs=[
        dg.AssetSpec(key(f"core.{name}"), deps=[key(t) for t in identity.READS], group_name="core", kinds={"duckdb"})
        for name in identity.WRITES
    ],
    description="Keyed fingerprints of the ids of all workers; no table beyond this carries an id another system knows.",
)
def worker_xref(night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult[None]]:
    """Make worker keys, and say which ids came to stand for somebody else."""
    night.on_step("core/worker_xref")
    key_of = partial(identity.worker_key, identity.secret(night.settings.identity_key))
    for name, rows in identity.write_worker_xref(night.con, key_of).items():
        yield dg.MaterializeResult(key(f"core.{name}"), metadata={"dagster/row_count": rows})


assets = [calendar, run_facts, source_status, worker_xref]
