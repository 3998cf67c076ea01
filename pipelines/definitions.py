"""Everything Dagster needs to know, in one place."""

import dagster as dg

from pipelines.defs import after_release, contract_checks, landing, reference, refresh, release, sql
from pipelines.settings import for_home

defs = dg.Definitions(
    assets=[*landing.assets, *reference.assets, *sql.assets, *release.assets, *after_release.assets],
    asset_checks=[*landing.asset_checks, *contract_checks.asset_checks],
    jobs=[refresh.refresh],
    schedules=[refresh.schedule(for_home())],
    sensors=[refresh.landing_sensor, refresh.failure_sensor],
    resources={"night": refresh.night_resource},
    executor=dg.in_process_executor,
)
