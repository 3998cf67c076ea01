"""The asset graph is the SQL folder and the contracts, nothing more and nothing lost."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import pytest

from pipelines import contracts, tables
from pipelines.definitions import defs
from pipelines.defs import execute
from pipelines.defs.refresh import landing_sensor
from pipelines.night import tonight
from pipelines.paths import CONTRACTS, SQL

GRAPH = defs.resolve_asset_graph()
TABLES = tables.load(SQL)
SOURCES = {c.table: c for c in contracts.load_folder(CONTRACTS).values() if c.layer == "sources"}


def key(name: str) -> dg.AssetKey:
    return dg.AssetKey(name.split("."))


def test_there_is_an_asset_for_every_table_and_nothing_hangs_in_the_air() -> None:
    materializable = {k.to_user_string().replace("/", ".") for k in GRAPH.materializable_asset_keys}
    assert TABLES.keys() | SOURCES.keys() <= materializable
    assert GRAPH.get_all_asset_keys() == GRAPH.materializable_asset_keys


@pytest.mark.parametrize("name", TABLES)
def test_lineage_is_what_the_select_reads(name: str) -> None:
    parents = {k.to_user_string().replace("/", ".") for k in GRAPH.get(key(name)).parent_keys}
    assert parents == TABLES[name].upstream


def test_every_table_under_contract_has_a_blocking_check() -> None:
    checks = {(k.asset_key.to_user_string().replace("/", "."), k.name) for k in GRAPH.asset_check_keys}
    for contract in contracts.load_folder(CONTRACTS).values():
        if contract.id != "check_result":
            assert (contract.table, "contract") in checks
    assert all(GRAPH.get_check_spec(k).blocking for k in GRAPH.asset_check_keys)


def test_sources_carry_columns_and_freshness() -> None:
    for name, contract in SOURCES.items():
        node = GRAPH.get(key(name))
        columns = node.metadata["dagster/column_schema"].columns
        assert [c.name for c in columns] == [c.name for c in contract.columns]
        if "landing" in contract.settings:
            assert node.freshness_policy is not None
            assert node.freshness_policy.fail_window.to_timedelta() == timedelta(days=contract.freshness_days or 0)


def test_the_job_takes_everything_in_one_process() -> None:
    job = defs.resolve_job_def("refresh")
    assert job.executor_def.name == "in_process"
    assert set(job.asset_layer.selected_asset_keys) == GRAPH.materializable_asset_keys


def test_a_run_makes_all_tables_but_those_of_sources_without_a_file(tmp_path: Path) -> None:
    export = tmp_path / "landing" / "hris" / "workday" / "workers_20261031.csv"
    export.parent.mkdir(parents=True)
    export.write_text("Employee_ID\n1\n", encoding="utf-8")
    night = tonight(tmp_path, date(2026, 10, 31))
    made = {k.to_user_string().replace("/", ".") for k in execute.busy(night, defs)}
    assert made | night.idle == {k.to_user_string().replace("/", ".") for k in GRAPH.materializable_asset_keys}
    assert {"raw.workday__worker", "staging.workday__worker", "staging.workday__person", "core.worker"} <= made
    assert {"raw.bamboohr__worker", "staging.bamboohr__worker_snapshot", "raw.qualtrics__answer"} <= night.idle
    assert not [name for name in night.idle if name.split(".")[0] not in ("raw", "staging")]


def test_the_schedule_has_a_time_zone_and_runs() -> None:
    schedule = defs.resolve_schedule_def("nightly")
    assert schedule.execution_timezone == "Europe/London"
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING


def test_the_sensor_asks_for_one_run_for_each_state_of_the_landing_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_HOME", str(tmp_path))
    export = tmp_path / "landing" / "hris" / "workday" / "workers_20261031.csv"
    export.parent.mkdir(parents=True)
    export.write_text("a", encoding="utf-8")
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance=instance)
        first = landing_sensor.evaluate_tick(context)
        again = landing_sensor.evaluate_tick(dg.build_sensor_context(instance=instance, cursor=context.cursor))
        export.write_text("ab", encoding="utf-8")
        changed = landing_sensor.evaluate_tick(dg.build_sensor_context(instance=instance, cursor=context.cursor))
    assert [len(tick.run_requests or []) for tick in (first, again, changed)] == [1, 0, 1]


def test_dagster_never_reports_home(tmp_path: Path) -> None:
    assert "enabled: false" in (execute.instance_folder(tmp_path) / "dagster.yaml").read_text(encoding="utf-8")
