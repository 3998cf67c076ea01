"""Run the refresh job in this process, without a daemon: what the command line does."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

from pipelines.defs import contract_checks, refresh
from pipelines.defs.keys import key
from pipelines.night import Night
from pipelines.release import record_failure

INSTANCE_SETTINGS = """\
telemetry:
  enabled: false
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
run_monitoring:
  enabled: true
  start_timeout_seconds: 180
concurrency:
  runs:
    max_concurrent_runs: 1
"""
# The command line shows progress of its own; Dagster's events are in its instance for whoever wants them.
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class Outcome:
    """How a run ended: `release_id` where it published, else where it stopped and why, in words."""

    release_id: str | None
    stopped_at: str
    reason: str


def busy(night: Night, definitions: dg.Definitions) -> list[dg.AssetKey]:
    """The assets a run has to make: all but the tables of sources without a file."""
    idle = {key(name) for name in night.idle}
    return sorted(definitions.resolve_asset_graph().materializable_asset_keys - idle)


def steps(night: Night, definitions: dg.Definitions) -> int:
    """How many times the run calls ``Night.on_step``: once for each step that makes assets, and for each contract check."""
    graph, chosen = definitions.resolve_asset_graph(), set(busy(night, definitions))
    making = {graph.get(asset).assets_def.op.name for asset in chosen}
    checks = [c for c in graph.asset_check_keys if c.name == contract_checks.NAME and c.asset_key in chosen]
    return len(making) + len(checks)


def instance_folder(home: Path) -> Path:
    """Dagster's own folder in the installation, created with telemetry off and one run at a time."""
    folder = home / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "dagster.yaml"
    if not settings.exists():
        settings.write_text(INSTANCE_SETTINGS, encoding="utf-8")
    return folder


def _job(night: Night, definitions: dg.Definitions, assets: Sequence[dg.AssetKey]) -> dg.JobDefinition:
    """The refresh job for one night: the assets it has to make, and the night itself as the resource they ask for."""
    chosen = dg.define_asset_job(
        refresh.refresh.name, selection=dg.AssetSelection.assets(*assets), executor_def=dg.in_process_executor
    )
    tonight = dg.Definitions(
        assets=definitions.assets,
        asset_checks=definitions.asset_checks,
        jobs=[chosen],
        resources={"night": dg.ResourceDefinition.hardcoded_resource(night)},
    )
    return tonight.resolve_job_def(chosen.name)


def run(night: Night, definitions: dg.Definitions) -> Outcome:
    """Execute the whole job for `night` and close it. A failure is recorded for Data health and returned, not raised.

    Raises AlreadyRunningError where another run works in the installation.
    """
    os.environ["DAGSTER_HOME"] = str(instance_folder(night.settings.home).resolve())
    night.con.execute("SELECT 1")  # takes the lock before Dagster starts, so that a second run is refused at once
    assets = busy(night, definitions)
    night.make_idle_tables()
    job = _job(night, definitions, assets)
    tags = {refresh.AS_OF_TAG: night.as_of.isoformat()}
    try:
        with dg.DagsterInstance.get() as instance:
            result = job.execute_in_process(
                instance=instance,
                run_config=_QUIET,
                tags=tags,
                raise_on_error=False,
            )
    finally:
        night.close(succeeded=night.is_published)
    if result.success:
        return Outcome(night.release_id, "", "")
    stopped_at, reason = refresh.first_failure(result.all_events)
    record_failure(night, stopped_at, reason)
    return Outcome(None, stopped_at, reason)
