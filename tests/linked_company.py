"""Sample companies as the tables of core would be were everything recorded from the first simulated month on, without a fault."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import duckdb
import polars as pl

from pipelines import reference, tables
from pipelines.company import simulate
from pipelines.company.calendar import first_days
from pipelines.paths import SQL
from pipelines.settings import Settings

AS_OF = date(2026, 11, 22)
FAR = date(2999, 1, 1)
KINDS = {"Voluntary": "exit_voluntary", "Involuntary": "exit_involuntary", "Other": "exit_other"}
BY_DAY = ["spell", "valid_from"]
EMPTY = {
    "core.org_at": "on_day DATE, ancestor_key VARCHAR, descendant_key VARCHAR, depth INTEGER",
    "core.org_closure": "ancestor_key VARCHAR, descendant_key VARCHAR, depth INTEGER, valid_from DATE, valid_to DATE",
    "core.outcome_event": "worker_key VARCHAR, type VARCHAR, decided_on DATE, effective_on DATE",
}
PLACE = ["org_unit_key", "manager_key", "grade_code", "career_stage"]


@cache
def truth(scenario: str, employees: int, seed: int) -> Mapping[str, pl.DataFrame]:
    """Tables of core that the links read, by name: a spell is a worker, a division a unit, the rank in force a grade."""
    company = simulate(employees=employees, seed=seed, scenario=scenario, as_of=AS_OF)
    recorded_from = date.fromordinal(int(first_days(company.as_of, company.months, 0)[0]) + 719_163)
    horizon = AS_OF + timedelta(days=1)
    spell = company.spells.filter(pl.col("kind") != "Contractor", pl.col("hired_on") <= AS_OF).with_columns(
        ends_on=pl.min_horizontal(pl.col("term_on").fill_null(FAR), pl.lit(horizon)),
        covered_from=pl.max_horizontal("hired_on", pl.lit(recorded_from)),
        worker_key=pl.col("spell").cast(pl.String).str.zfill(7),
    )
    talks = company.conversations.filter("held_career").join(spell.select("spell", "worker_key"), on="spell")
    jobs = company.jobs.select("spell", "manager_id", "division", "rank", valid_from="began_on").sort("valid_from")
    employment = {"worker_key": "worker_key", "spell_no": pl.lit(1, pl.Int64), "started_on": "hired_on"}
    return {
        "core.episode": _episode(spell, talks, jobs, recorded_from),
        "core.employment": spell.select(**employment, ends_on="ends_on", observed_from=pl.lit(None, pl.Date)),
        "core.spell": spell.select(
            **employment, ended_on="term_on", exit_type=pl.col("cause").replace(KINDS), decided_on="notice_on"
        ),
        "core.capture_span": spell.select(
            scope=pl.lit("event"),
            worker_key="worker_key",
            spell_no=pl.lit(1, pl.Int64),
            valid_from="covered_from",
            valid_to="ends_on",
        ),
        **_talks(talks),
        **_jobs(jobs.join(spell.select("spell", "worker_key", "ends_on"), on="spell")),
    }


def _episode(spell: pl.DataFrame, talks: pl.DataFrame, jobs: pl.DataFrame, recorded_from: date) -> pl.DataFrame:
    talked = talks.select("spell", valid_from="day", last_on="day")
    days = [
        spell.select("spell", valid_from="hired_on"),
        spell.select("spell", valid_from=pl.col("hired_on") + timedelta(days=90)),
        talked.select(BY_DAY),
        jobs.select(BY_DAY),
    ]
    span = pl.concat(days).unique().join(spell, on="spell").filter(pl.col("valid_from") < pl.col("ends_on"))
    span = span.filter(pl.col("valid_from") >= pl.col("hired_on")).sort("valid_from")
    span = span.join_asof(talked.unique().sort("valid_from"), on="valid_from", by="spell", check_sortedness=False)
    span = span.join_asof(jobs, on="valid_from", by="spell", check_sortedness=False, suffix="_now").sort(BY_DAY)
    is_new = pl.col("hired_on") >= recorded_from
    state = pl.when(pl.col("last_on").is_not_null())
    episode = span.select(
        worker_key="worker_key", spell_no=pl.lit(1, pl.Int64), started_on="hired_on", valid_from="valid_from",
        valid_to=pl.col("valid_from").shift(-1).over("spell").fill_null(pl.col("ends_on")),
        covered_from="covered_from", last_on="last_on",
        state=state.then(pl.lit("known")).when(is_new).then(pl.lit("never")).otherwise(pl.lit("at_least")),
        is_eligible=pl.col("valid_from") >= pl.col("hired_on") + timedelta(days=90),
        org_unit_key=pl.col("division").cast(pl.String), manager_key="manager_id",
        grade_code=pl.col("rank_now").cast(pl.String), career_stage=pl.lit("growing"),
    )  # fmt: skip
    return episode.with_columns(place_key=pl.concat_str(PLACE, separator="|", ignore_nulls=True))


def _talks(talks: pl.DataFrame) -> dict[str, pl.DataFrame]:
    boss = pl.when(pl.col("partner") == "Line manager").then(pl.lit("line_manager")).otherwise(pl.lit("other"))
    conversation = talks.with_row_index("conversation_key").select(
        pl.col("conversation_key").cast(pl.String),
        worker_key="worker_key", spell_no=pl.lit(1, pl.Int64), occurred_on="day", recorded_on="day", partner_relation=boss,
        setting=pl.col("setting").str.to_lowercase().fill_null("unknown"), duration_min="minutes", duration_basis=pl.lit("reported"),
        initiated_by=pl.col("started_by").str.to_lowercase().fill_null("unknown"),
        support_type=pl.lit(None, pl.String), usefulness="useful",
    )  # fmt: skip
    return {
        "core.conversation": conversation,
        "core.talk": conversation.select("conversation_key", career_stage=pl.lit("growing")),
    }


def _jobs(jobs: pl.DataFrame) -> dict[str, pl.DataFrame]:
    ordered = jobs.sort("spell", "valid_from").filter(pl.col("valid_from") < pl.col("ends_on"))
    before = pl.col("rank").shift(1).over("spell")
    job = ordered.select(
        worker_key="worker_key", valid_from="valid_from",
        valid_to=pl.col("valid_from").shift(-1).over("spell").fill_null(pl.col("ends_on")),
        grade_rank="rank", source_system=pl.lit("hr"),
    )  # fmt: skip
    move = ordered.with_columns(is_grade_increase=(pl.col("rank") > before).fill_null(value=False)).select(
        "worker_key", "is_grade_increase", spell_no=pl.lit(1, pl.Int64), moved_on="valid_from"
    )
    return {"core.job": job, "core.move": move}


@cache
def loaded() -> Mapping[str, tables.Table]:
    """The SQL folder: to read all of it takes longer than to build a small company."""
    return tables.load(SQL)


@contextmanager
def built(
    frames: Mapping[str, pl.DataFrame], targets: Collection[str], only: str = "true"
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with `targets`, and the tables of links they descend from, built on `frames`.

    Of who is at risk in which state (links.exposed) it has those rows for which `only` holds: nobody waits for the others.
    """
    known = loaded()
    needed = {*targets, *(up for name in targets for up in tables.ancestors(known[name], known))}
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA core")
        reference.write(con, Settings(home=Path(), history_months=12), AS_OF, [])
        for name, columns in EMPTY.items():
            con.execute(f"CREATE TABLE {name} ({columns})")
        for name, frame in {**frames, "core.place": _places(frames["core.episode"])}.items():
            con.register("incoming", frame)
            con.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming")
            con.unregister("incoming")
        made = ("links.", "metrics.", "core.division_at")
        for table in tables.in_order(known[name] for name in needed if name.startswith(made)):
            if table.full_name == "links.exposed":
                asked = f"select * from (\n{table.sql}\n) where {only}"
                table = tables.Table(table.schema, table.name, asked, table.path)
            table.build(con)
        yield con


def _places(episode: pl.DataFrame) -> pl.DataFrame:
    nothing = pl.lit(None, pl.String)
    return episode.select("place_key", *PLACE, job_family=nothing, location_code=nothing).unique()
