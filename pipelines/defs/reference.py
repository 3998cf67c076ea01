"""Assets of the small tables every SELECT leans on, and of the worker keys."""

from collections.abc import Iterator

import dagster as dg

from pipelines import identity, reference
from pipelines.defs.keys import ALL_CONTRACTS, ALL_TABLES, key
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
    reference.write_run(night.con, previous_release(night.settings.published), night.accepted)
    yield from _done(reference.RUN_TABLES)


@dg.asset(key=key("raw.source_status"), deps=_CAPTURING, group_name="raw", kinds={"duckdb"})
def source_status(night: dg.ResourceParam[Night]) -> None:
    """How far the conversation exports of each vendor reach."""
    night.on_step("raw/source_status")
    reference.write_sources(night.con, reference.source_statuses(night.contracts, landed.newest_files(night.con)))


@dg.asset(
    key=key("core.worker_xref"),
    deps=[key(t) for t in identity.worker_tables(ALL_TABLES)],
    group_name="core",
    kinds={"duckdb"},
)
def worker_xref(night: dg.ResourceParam[Night]) -> dg.MaterializeResult[None]:
    """Keyed fingerprints of the ids of all workers; no table beyond this carries an id another system knows."""
    night.on_step("core/worker_xref")
    people = identity.write_worker_xref(night.con, identity.secret(night.settings.identity_key), night.tables)
    return dg.MaterializeResult(metadata={"dagster/row_count": people})


assets = [calendar, run_facts, source_status, worker_xref]
