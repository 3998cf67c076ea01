"""What-if figures of companies whose truth is known: out of what really happened, through the SQL of the trials, to the rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines import contracts, reference, tables
from pipelines.company import simulate
from pipelines.company.calendar import first_days
from pipelines.paths import CONTRACTS, SQL
from pipelines.settings import Settings
from pipelines.trials import what_if
from pipelines.trials.protocol import talking_and_leaving

AS_OF = date(2026, 11, 22)
FAR = date(2999, 1, 1)
KINDS = {"Voluntary": "exit_voluntary", "Involuntary": "exit_involuntary", "Other": "exit_other"}
# The protocol in force with fewer samples, which cost most of the time.
IN_FORCE = talking_and_leaving()
PROTOCOL = IN_FORCE.model_copy(update={"estimator": IN_FORCE.estimator.model_copy(update={"replicates": 50})})
TRIALS = ["links.trial_cell", "links.trial_start", "links.trial_weight", "links.trial_arm"]


def truth(scenario: str, employees: int, seed: int) -> dict[str, pl.DataFrame]:
    """Tables of core as they would be were everything recorded from the first simulated month on; units are those of the company."""
    company = simulate(employees=employees, seed=seed, scenario=scenario, as_of=AS_OF)
    recorded_from = date.fromordinal(int(first_days(company.as_of, company.months, 0)[0]) + 719_163)
    horizon = AS_OF + timedelta(days=1)
    spell = company.spells.filter(pl.col("kind") != "Contractor", pl.col("hired_on") <= AS_OF).with_columns(
        worker_key=pl.col("spell").cast(pl.String).str.zfill(9),
        spell_no=1,
        started_on="hired_on",
        ends_on=pl.min_horizontal(pl.col("term_on").fill_null(FAR), pl.lit(horizon)),
        covered_from=pl.max_horizontal("hired_on", pl.lit(recorded_from)),
    )
    talks = company.conversations.filter("held_career").select("spell", valid_from="day", last_on="day").unique()
    jobs = company.jobs.select("spell", "manager_id", "unit", "division", valid_from="began_on").sort("valid_from")
    days = [
        spell.select("spell", valid_from="hired_on"),
        spell.select("spell", valid_from=pl.col("hired_on") + timedelta(days=90)),
        talks.select("spell", "valid_from"),
        jobs.select("spell", "valid_from"),
    ]
    span = pl.concat(days).unique().join(spell, on="spell").sort("valid_from")
    span = span.filter(pl.col("valid_from") >= pl.col("hired_on"), pl.col("valid_from") < pl.col("ends_on"))
    span = span.join_asof(talks.sort("valid_from"), on="valid_from", by="spell", check_sortedness=False)
    span = span.join_asof(jobs, on="valid_from", by="spell", check_sortedness=False).sort("spell", "valid_from")
    state = pl.when(pl.col("last_on").is_not_null()).then(pl.lit("known"))
    episode = span.select(
        "worker_key", "spell_no", "started_on", "valid_from", "covered_from", "last_on",
        valid_to=pl.col("valid_from").shift(-1).over("spell").fill_null(pl.col("ends_on")),
        state=state.when(pl.col("hired_on") >= recorded_from).then(pl.lit("never")).otherwise(pl.lit("at_least")),
        is_eligible=pl.col("valid_from") >= pl.col("hired_on") + timedelta(days=90),
        org_unit_key=pl.col("unit").cast(pl.String), manager_key=pl.col("manager_id"), career_stage=pl.lit("any"),
    )  # fmt: skip
    unit = company.units.unique("unit", keep="first").select(
        descendant_key=pl.col("unit").cast(pl.String),
        openings=pl.when("has_openings").then(pl.lit("many")).otherwise(pl.lit("few")),
    )
    home = company.jobs.unique("unit", keep="first").select(
        descendant_key=pl.col("unit").cast(pl.String), top=pl.format("D{}", "division")
    )
    return {
        "core.episode": episode,
        "core.spell": spell.select(
            "worker_key", "spell_no", ended_on="term_on", exit_type=pl.col("cause").replace(KINDS), decided_on="notice_on"
        ),
        "core.clock_reset": talks.join(spell, on="spell").select("worker_key", "spell_no", occurred_on="valid_from"),
        "core.capture_span": spell.select(
            "worker_key", "spell_no", scope=pl.lit("any"), valid_from="covered_from", valid_to="ends_on"
        ),
        "core.opening": unit.select(
            "openings", org_unit_key="descendant_key", valid_from=pl.lit(date(2000, 1, 1)), valid_to=pl.lit(None, pl.Date)
        ),
        "home": pl.concat(
            [
                home.select("descendant_key", ancestor_key="descendant_key", depth=0),
                home.select("descendant_key", ancestor_key="top", depth=1),
                home.select("descendant_key", ancestor_key=pl.lit("ROOT"), depth=2),
            ]
        ),
    }  # fmt: skip


@contextmanager
def built(frames: dict[str, pl.DataFrame]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with the tables of the trials built on `frames`."""
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA core")
        reference.write(con, Settings(home=Path(), history_months=12), AS_OF, [])
        for name, frame in frames.items():
            con.register("incoming", frame)
            con.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming")
            con.unregister("incoming")
        con.execute(
            "CREATE TABLE core.org_at AS SELECT p.point_on AS on_day, h.* FROM raw.flow_point p CROSS JOIN home h"
        )
        known = tables.load(SQL)
        needed = {name for target in TRIALS for name in [target, *tables.ancestors(known[target], known)]}
        made = (known[name] for name in needed if name.startswith("links.") or name == "core.division_at")
        for table in tables.in_order(made):
            table.build(con)
        yield con


@cache
def told(scenario: str, employees: int = 5_000, seed: int = 1) -> pl.DataFrame:
    """Rows of published.what_if."""
    with built(truth(scenario, employees, seed)) as con:
        return what_if.what_if(con, PROTOCOL, AS_OF, 10)


def row(rows: pl.DataFrame, estimator: str, strategy: str, stratum: str = "all") -> dict[str, Any]:
    chosen = rows.filter(estimator=estimator, strategy=strategy, stratum=stratum)
    return chosen.row(0, named=True)


def test_where_talks_change_nothing_no_estimator_says_that_they_do() -> None:
    rows = told("null", employees=4_000)
    for estimator, strategy in (
        ("g_formula", "every_3_months"),
        ("marginal_structural", "every_3_months"),
        ("clone_censor_weight", "talk_within_60_days"),
    ):
        found = row(rows, estimator, strategy)
        assert found["status"] == "ok"
        # Four standard errors: one world, looked at three times.
        reach = (found["points_hi"] - found["points_lo"]) * 4 / 3.92
        assert abs(found["points"]) < reach
        assert found["control_lo"] < found["control_points"] < found["control_hi"]
        assert found["smallest_detectable"] > 0.7
        assert "weak evidence" in found["caveat"] or "something else" in found["caveat"]


def test_where_there_are_openings_fewer_leave_and_where_there_are_few_more_as_planted() -> None:
    rows = told("kraimer", employees=8_000)
    many, few = (row(rows, "g_formula", "every_6_months", f"{openings}_openings") for openings in ("many", "few"))
    # Planted are 0.80 and 1.15 for half a year after a talk; about half of all months are out of date.
    assert many["points_hi"] < 0 < few["points_lo"]
    assert 0.8 < many["ratio"] < 1 < few["ratio"] < 1.25
    assert many["e_value"] > 1.2
    assert "points fewer" in many["sentence"]
    assert "points more" in few["sentence"]
    assert "in units with few internal openings" in few["sentence"]


def test_a_small_company_is_told_that_it_is_too_early_and_what_would_show() -> None:
    rows = told("protective", employees=300)
    assert set(rows["status"]) <= {"too_early", "hidden"}
    assert rows.filter(status="too_early", stratum="all").height == 8
    assert (
        rows.select(pl.col("risk", "points", "ratio", "control_points", "e_value").is_not_null().any()).row(0)
        == (False,) * 5
    )
    first = row(rows, "g_formula", "every_6_months")
    assert first["smallest_detectable"] < 0.7
    assert first["sentence"].startswith("Too early to tell: with so few exits only a difference of")
    assert first["reason"]


def test_the_table_is_as_its_contract_says_and_the_same_again() -> None:
    contract = contracts.load_folder(CONTRACTS)["what_if"]
    with built(truth("null", 300, 2)) as con:
        first, again = (what_if.what_if(con, PROTOCOL, AS_OF, 10) for _ in range(2))
        con.execute("CREATE SCHEMA published")
        con.execute(contract.ddl())
        con.register("incoming", first)
        con.execute(f"INSERT INTO published.what_if SELECT {', '.join(c.name for c in contract.columns)} FROM incoming")
        for check in contract.checks:
            assert con.execute(check.query).fetchall() == [(0,)], check.name
    assert first.equals(again)
    assert set(first.columns) == {column.name for column in contract.columns}
    assert first.select(contract.primary_key).is_unique().all()
    for column in contract.columns:
        assert not column.valid_values or set(first[column.name]) <= set(column.valid_values)


def person_months(frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Every month at risk of the stretches of a warehouse, one row each, in order, with talks and endings told from the next row."""
    with built(frames) as con:
        stretches, months, weights = (
            pl.DataFrame(pl.from_arrow(con.sql(f"SELECT * FROM links.trial_{name}").to_arrow_table()))
            for name in ("stretch", "month", "weight")
        )
    rows = stretches.join_where(
        months, pl.col("month_no") >= pl.col("first_month"), pl.col("month_no") <= pl.col("last_month")
    ).sort("worker_key", "month_no")
    follows = (pl.col("worker_key").shift(-1) == pl.col("worker_key")) & (
        pl.col("month_no").shift(-1) == pl.col("month_no") + 1
    )
    is_next = follows.fill_null(False)
    since = pl.col("month_no") - 1 - pl.col("talk_month")
    rows = rows.with_columns(
        stayed=is_next,
        talked=is_next & (pl.col("talk_month").shift(-1) == pl.col("month_no")).fill_null(False),
        entry=~is_next.shift(1, fill_value=False),
        tenure=((pl.col("month_no") - pl.col("hire_month")) // 12).clip(0, 2),
        recency=pl.when(since.is_null())
        .then(5)
        .when(since < 3)
        .then(1)
        .when(since < 6)
        .then(2)
        .when(since < 12)
        .then(3)
        .otherwise(4),
    )
    return rows.with_columns(published=pl.lit(float(weights["weight"].sum())), largest=pl.lit(weights["largest"].max()))


def test_weights_are_those_worked_out_person_by_person() -> None:
    rows = person_months(truth("protective", 300, 4))
    all_of, own_of = ["opportunity", "tenure"], ["division_key", "opportunity", "career_stage", "tenure"]

    def share(frame: pl.DataFrame, what: pl.Expr, within: list[str]) -> pl.Expr:
        return what.sum().over(within) / pl.len().over(within)

    stayed = rows.filter("stayed")
    chance = {
        name: share(stayed, pl.col("talked"), [*within, "recency"])
        for name, within in (("alike", all_of), ("own", own_of))
    }
    stayed = stayed.with_columns(**chance).with_columns(
        step=pl.when("talked")
        .then(pl.col("alike") / pl.col("own"))
        .otherwise((1 - pl.col("alike")) / (1 - pl.col("own")))
    )
    rows = rows.join(stayed.select("worker_key", "month_no", "step"), on=["worker_key", "month_no"], how="left")
    rows = rows.with_columns(
        start=(pl.len().over([*all_of, "recency"]) / pl.len().over(all_of))
        / (pl.len().over([*own_of, "recency"]) / pl.len().over(own_of))
    ).sort("worker_key", "month_no")
    weights, running = [], 1.0
    for entry, start, step in rows.select("entry", "start", "step").iter_rows():
        running = start if entry else running
        weights.append(running)
        running *= step if step is not None else 1.0
    ordered = sorted(weights)
    limit = ordered[-(-len(ordered) * 995 // 1000) - 1]
    assert max(weights) > limit
    assert rows["largest"][0] == pytest.approx(limit, rel=1e-4)
    assert rows["published"][0] == pytest.approx(sum(min(each, limit) for each in weights), rel=1e-4)
    assert sum(weights) / len(weights) == pytest.approx(1.0, abs=0.05)
