"""Rules every file of the SQL folder keeps, and the waiting-time curve against an independent implementation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import numpy as np
import pytest
import sqlglot
from scipy.stats import norm
from sqlglot import exp
from statsmodels.duration.survfunc import SurvfuncRight

from pipelines import tables
from pipelines.paths import SQL
from pipelines.tables import Table
from tests.sql_cases import Row, usual_sources, warehouse

FIELDS = [
    "metric_id", "name", "family", "label", "question", "definition", "numerator", "denominator", "window",
    "exclusions", "unit", "better", "interval", "source", "version",
]  # fmt: skip
METRIC_COLUMNS = {
    "as_of": "DATE",
    **dict.fromkeys(["cut", "group_key", "second_key", "band"], "VARCHAR"),
    **dict.fromkeys(["numerator", "denominator"], "DOUBLE"),
    **dict.fromkeys(["people", "unknown"], "BIGINT"),
    **dict.fromkeys(["value", "lo", "hi"], "DOUBLE"),
    "note": "VARCHAR",
}
# Constructs that other engines lack, that depend on when the query runs, or that answer differently from run to run.
NOT_PORTABLE = re.compile(
    r"\b(asof|qualify|distinct\s+on|pivot|unpivot|generate_series|unnest|quantile_cont|arg_max|arg_min|first|any_value"
    r"|now|today|random|uuid|current_date|current_timestamp|localtimestamp)\b"
)
LOADED = tables.load(SQL)
METRICS = [table for table in LOADED.values() if table.schema == "metrics"]
AS_OF = date(2026, 6, 30)

every_file = pytest.mark.parametrize("table", LOADED.values(), ids=LOADED.keys())
every_metric = pytest.mark.parametrize("table", METRICS, ids=[table.name for table in METRICS])


@every_file
def test_a_file_builds_from_empty_contracts_into_named_columns(table: Table) -> None:
    assert warehouse().types(table.full_name)
    assert table.header


@every_file
def test_a_file_begins_with_what_it_means(table: Table) -> None:
    assert len(table.header.get("description", table.header.get("definition", ""))) > 30


@every_metric
def test_a_metric_says_all_there_is_to_say(table: Table) -> None:
    assert [*table.header] == FIELDS
    assert all(table.header.values())
    assert len(table.header["label"]) <= 28
    assert table.name.startswith(table.header["metric_id"].lower().replace("-", "_"))
    assert table.header["unit"] in {
        "share",
        "rate",
        "months",
        "days",
        "minutes",
        "per_year",
        "points",
        "ratio",
        "kappa",
    }
    assert table.header["better"] in {"higher", "lower", "neither"}
    named = {"beta_binomial", "adjusted_logistic", "mantel_haenszel", "aalen_johansen", "target_trial", "walk_forward"}
    assert table.header["interval"] in {"counts", "people", "given"} | named


@every_metric
def test_metrics_have_the_same_columns_and_types(table: Table) -> None:
    assert warehouse().types(table.full_name) == METRIC_COLUMNS


@every_file
def test_a_file_is_one_select_that_another_engine_can_read(table: Table) -> None:
    written = sqlglot.transpile(table.sql, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    assert len(written) == 1
    code = "\n".join(line for line in table.sql.lower().splitlines() if not line.startswith("--"))
    assert not NOT_PORTABLE.findall(re.sub(r"'[^']*'", "''", code))


@every_file
def test_a_limit_comes_with_an_order(table: Table) -> None:
    for limit in tree(table).find_all(exp.Limit):
        assert limit.parent is not None
        assert limit.parent.args.get("order")


@every_file
def test_no_query_in_brackets_is_named_like_a_column(table: Table) -> None:
    columns = {column.name for column in tree(table).find_all(exp.Column)} | {
        alias.alias for alias in tree(table).find_all(exp.Alias)
    }
    assert not columns & set(cte_names(table))


@every_file
def test_a_bare_table_name_is_a_query_of_the_same_file(table: Table) -> None:
    bare = {found.name for found in tree(table).find_all(exp.Table) if not found.db}
    assert bare <= set(cte_names(table))


@every_file
def test_a_file_reads_only_tables_that_exist(table: Table) -> None:
    for name in table.upstream:
        assert warehouse().types(name)


def test_ids_names_and_addresses_of_people_end_where_they_become_keys() -> None:
    telling = {
        "employee_id",
        "manager_id",
        "partner_id",
        "display_name",
        "manager_name",
        "work_email",
        "id_norm",
        "birth_on",
    }
    beyond = [t.full_name for t in LOADED.values() if t.schema != "staging" and not tables.is_restricted(t.full_name)]
    assert {"core.worker", "core.worker_snapshot", "core.job_claim", "core.conversation", "core.response"} <= set(
        beyond
    )
    for name in beyond:
        assert not telling & warehouse().types(name).keys(), name
    assert telling & warehouse().types("core.identity").keys()
    assert telling & warehouse().types("core.delivered_snapshot").keys()


@pytest.mark.parametrize(
    "wrong", ["core.identity", "core.delivered_snapshot", "core.worker_xref", "core.equity_attribute"]
)
def test_a_metric_that_reads_a_restricted_table_is_refused(wrong: str, tmp_path: Path) -> None:
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "peek.sql").write_text(
        f"-- peek\nselect count(*) as people from {wrong}\n", encoding="utf-8"
    )
    with pytest.raises(tables.TableError, match=wrong):
        tables.load(tmp_path)


def test_every_file_comes_after_those_it_reads() -> None:
    place = {table.full_name: number for number, table in enumerate(tables.in_order(LOADED.values()))}
    assert len(place) == len(LOADED)
    assert all(place[up] < place[name] for name, table in LOADED.items() for up in table.upstream & place.keys())


@pytest.mark.parametrize("seed", range(12))
def test_the_waiting_curve_is_that_of_an_independent_implementation(seed: int) -> None:
    rng = Random(seed)
    waits = [(rng.randint(0, 120 if seed % 2 else 25), rng.random() < 0.6) for _ in range(rng.randint(1, 60))]
    curve = SurvfuncRight(np.array([days for days, _ in waits]), np.array([float(talked) for _, talked in waits]))
    assert curve_by_sql(waits) == (len(waits), *reference_median(curve))


def curve_by_sql(waits: list[tuple[int, bool]]) -> tuple[float | None, ...]:
    start = AS_OF - timedelta(days=300)
    rows: list[Row] = [
        {
            "kind": "hire",
            "worker_key": str(number),
            "started_on": start.isoformat(),
            "over_on": (AS_OF if talked else start + timedelta(days=days + 1)).isoformat(),
            "talked_on": (start + timedelta(days=days)).isoformat() if talked else None,
            "is_covered": "true",
        }
        for number, (days, talked) in enumerate(waits)
    ]
    with warehouse().run(
        ["core.waiting_curve"], {"core.waiting_time": rows}, AS_OF, usual_sources(AS_OF), {"history_months": 12}
    ) as con:
        columns = "waits, median_days, low_days, high_days"
        found = con.execute(
            f"SELECT {columns} FROM core.waiting_curve WHERE cut = 'company' AND as_of = ?", [AS_OF]
        ).fetchall()
    return tuple(found[0])


def reference_median(curve: SurvfuncRight) -> tuple[float | None, float | None, float | None]:
    """The first days on which the curve and its log-log band (Brookmeyer and Crowley 1982) are at one half or below."""
    alive = np.asarray(curve.surv_prob, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = norm.ppf(0.975) * np.asarray(curve.surv_prob_se) / (alive * np.abs(np.log(alive)))
        low, high = alive ** np.exp(spread), alive ** np.exp(-spread)
    low, high = (np.where(alive <= 0, 0.0, band) for band in (low, high))
    return first_half(curve, alive), first_half(curve, low), first_half(curve, high)


def first_half(curve: SurvfuncRight, values: np.ndarray) -> float | None:
    reached = np.asarray(curve.surv_times)[values <= 0.5 + 1e-12]
    return int(reached.min()) if len(reached) else None


def tree(table: Table) -> exp.Expr:
    return sqlglot.parse_one(table.sql, dialect="duckdb")


def cte_names(table: Table) -> Iterator[str]:
    return (cte.alias for cte in tree(table).find_all(exp.CTE))
