"""The one job, when it runs, and what is recorded when it fails."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date

import dagster as dg

from pipelines import lists
from pipelines.night import Night, tonight
from pipelines.release import record_failure
from pipelines.settings import Settings, for_home

AS_OF_TAG = "parley/as_of"

refresh = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all(),
    description="The nightly run: landing folder to published release. Everything is rebuilt; a failure leaves the last release in place.",
    executor_def=dg.in_process_executor,
)


@dg.resource(description="The run's dates, warehouse connection and lock.")
def night_resource(context: dg.InitResourceContext) -> Iterator[Night]:
    """A night for runs that the daemon or the web interface starts; the command line brings its own."""
    tags = context.run.tags if context.run else {}
    declared = tags.get(AS_OF_TAG)
    night = tonight(as_of=date.fromisoformat(declared) if declared else None)
    lists.file_talks(night.settings, night.as_of)
    try:
        yield night
    finally:
        night.close(succeeded=night.is_published)


def schedule(settings: Settings) -> dg.ScheduleDefinition:
    """The nightly schedule in the installation's time zone."""
    return dg.ScheduleDefinition(
        name="nightly",
        job=refresh,
        cron_schedule=settings.schedule,
        execution_timezone=settings.time_zone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )


@dg.sensor(
    job=refresh,
    minimum_interval_seconds=300,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts a run when the landing folder has changed.",
)
def landing_sensor(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """One run for each state of the landing folder, told by names, sizes and times of change."""
    landing = for_home().landing
    digest = hashlib.sha256()
    for path in sorted(p for p in landing.rglob("*") if p.is_file()):
        stat = path.stat()
        digest.update(f"{path.relative_to(landing)}|{stat.st_size}|{stat.st_mtime_ns}\n".encode())
    state = digest.hexdigest()
    if state == context.cursor:
        yield dg.SkipReason("Nothing new in the landing folder.")
        return
    context.update_cursor(state)
    yield dg.RunRequest(run_key=state)


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Writes down where and why a run stopped, for Data health.",
)
def failure_sensor(context: dg.RunFailureSensorContext) -> None:
    """Runs started by the daemon are recorded here; the command line records its own."""
    records = context.instance.all_logs(context.dagster_run.run_id)
    stopped_at, reason = first_failure([r.dagster_event for r in records if r.dagster_event])
    record_failure(tonight(), stopped_at, reason)


def first_failure(events: Sequence[dg.DagsterEvent]) -> tuple[str, str]:
    """Where a run stopped and why, in words: the first failed check, else the first failed step."""
    for event in events:
        if event.event_type_value == "ASSET_CHECK_EVALUATION":
            outcome = event.asset_check_evaluation_data
            if not outcome.passed and outcome.severity == dg.AssetCheckSeverity.ERROR:
                return outcome.asset_key.to_user_string(), outcome.description or outcome.check_name
    for event in events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            cause = error.cause or error if error else None
            return (event.step_key or "").replace("__", "/"), (cause.message.strip() if cause else "The step failed.")
    return "run", "The run ended before it could say why."
