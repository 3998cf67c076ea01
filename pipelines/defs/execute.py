"""Run the refresh job in this process, without a daemon: what the command line does."""

import os
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

from pipelines.defs import contract_checks, landing, reference, refresh, release, sql
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


def steps() -> int:
    """How many times a whole run calls ``Night.on_step``."""
    modules = (landing, reference, sql, release)
    return sum(len(module.assets) for module in modules) + len(contract_checks.asset_checks)


def instance_folder(home: Path) -> Path:
    """Dagster's own folder in the installation, created with telemetry off and one run at a time."""
    folder = home / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "dagster.yaml"
    if not settings.exists():
        settings.write_text(INSTANCE_SETTINGS, encoding="utf-8")
    return folder


def run(night: Night, definitions: dg.Definitions) -> Outcome:
    """Execute the whole job for `night` and close it. A failure is recorded for Data health and returned, not raised.

    Raises AlreadyRunningError where another run works in the installation.
    """
    os.environ["DAGSTER_HOME"] = str(instance_folder(night.settings.home).resolve())
    night.con.execute("SELECT 1")  # takes the lock before Dagster starts, so that a second run is refused at once
    job = definitions.resolve_job_def(refresh.refresh.name)
    tags = {refresh.AS_OF_TAG: night.as_of.isoformat()}
    try:
        with dg.DagsterInstance.get() as instance:
            result = job.execute_in_process(
                instance=instance, resources={"night": night}, run_config=_QUIET, tags=tags, raise_on_error=False
            )
    finally:
        night.close(succeeded=night.is_published)
    if result.success:
        return Outcome(night.release_id, "", "")
    stopped_at, reason = refresh.first_failure(result.all_events)
    record_failure(night, stopped_at, reason)
    return Outcome(None, stopped_at, reason)
