"""The way of an export through the SQL of the links: tables of core in, cells of recency and one clock out, as the estimators take them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from pipelines import reference, tables
from pipelines.hazards import Fit, Term
from pipelines.links.cells import months
from pipelines.paths import SQL
from pipelines.settings import Settings
from tests.linked_company import EMPTY
from tests.linked_worlds import AS_OF, LEVELS, LEVELS_OF

CELLS = ("links.cluster_cell", "links.hazard_cell")
TERMS = (Term("level", LEVELS[0]), Term("division", "0"), Term("grade", "1"), Term("career_stage", "0"))
EVENT = {"tenure": "voluntary", "promotion": "promotion"}
_PLACES = """
create table core.place as
select distinct place_key, org_unit_key, manager_key, grade_code, career_stage, null::varchar as job_family, null::varchar as location_code
from core.episode
"""
# The one exposure, clock and lag that a truth is known of; everything else would be worked out for nothing.
_ONLY = "select * from (\n{sql}\n) where clock = '{clock}' and exposure = '{exposure}' and lag_months = {lag_months}"
# Ways of reading an export wrong: what is changed, by table.
MISTAKES = {
    "same_month": {
        "core.conversation": "update core.conversation set occurred_on = cast(occurred_on - interval 1 month as date)"
    },
    "exit_as_event": {"core.spell": "update core.spell set decided_on = null"},
    # Nor is the first year left out.
    "clock_at_export": {
        "links.watched": "update links.watched set first_month = first_month - 12 where not is_whole",
        "links.at_risk": "update links.at_risk set origin_month = greatest(origin_month, (select extract(year from min(valid_from)) * 12"
        " + extract(month from min(valid_from)) from core.capture_span))",
    },
    # Who will ever have talked, and who never will, is known only in the end.
    "ever_against_never": {
        "links.recency": "update links.recency set level = case when worker_no in (select worker_no from links.talk_month)"
        " then 'ever' else 'never' end"
    },
}
_PATTERNS = "(select distinct pattern_no, division, grade, career_stage from links.placing)"
_BANDED = f"""
select level, division, grade, career_stage, {{cluster}} clock_month as tenure_month,
    sum(at_risk)::bigint as at_risk, sum({{event}})::bigint as {{event}}
from links.cluster_cell inner join {_PATTERNS} using (pattern_no)
group by all order by all
"""
_MONTHLY = f"""
select level, division, grade, career_stage, clock_month as tenure_month, until_month, at_risk, voluntary, involuntary, other, promotion
from links.hazard_cell inner join {_PATTERNS} using (pattern_no)
"""


def stored(con: duckdb.DuckDBPyConnection, exports: Iterable[Mapping[str, pl.DataFrame]]) -> None:
    """Write exports, one after the other, as the tables of core."""
    con.execute("CREATE SCHEMA core")
    reference.write(con, Settings(home=Path(), history_months=12), AS_OF, [])
    for name, columns in EMPTY.items():
        con.execute(f"CREATE TABLE {name} ({columns})")
    for number, frames in enumerate(exports):
        for name, frame in frames.items():
            con.register("incoming", frame)
            into = f"INSERT INTO {name} BY NAME" if number else f"CREATE TABLE {name} AS"
            con.execute(f"{into} SELECT * FROM incoming")
            con.unregister("incoming")
    con.execute(_PLACES)


def counted(
    con: duckdb.DuckDBPyConnection,
    clock: str,
    mistake: str | None = None,
    *,
    exposure: str = "recency",
    lag_months: int = 0,
) -> None:
    """Build the cells by `clock` as the night does, chunk by chunk; with a `mistake` as if it were made."""
    changes = MISTAKES[mistake] if mistake else {}
    for name, change in changes.items():
        if name.startswith("core."):
            con.execute(change)
    for table in _links():
        if table.name == "exposed":
            only = _ONLY.format(sql=table.sql, clock=clock, exposure=exposure, lag_months=lag_months)
            table = tables.Table(table.schema, table.name, only, table.path)
        table.build(con)
        if table.full_name in changes:
            con.execute(changes[table.full_name])


def banded(con: duckdb.DuckDBPyConnection, event: str, *, by_manager: bool = False) -> pl.DataFrame:
    """Cells by band of the clock: those of every manager, or of all."""
    return _frame(con, _BANDED.format(event=event, cluster="cluster_no," if by_manager else ""))


def monthly(con: duckdb.DuckDBPyConnection, event: str) -> pl.DataFrame:
    """Cells of every month of the clock in which the event happens."""
    keys = [*(term.column for term in TERMS), "tenure_month"]
    return months(_frame(con, _MONTHLY), event).group_by(keys).agg(pl.col("at_risk", event).sum()).sort(keys)


def terms(exposure: str) -> tuple[Term, ...]:
    """The terms of a model of `exposure`."""
    return Term("level", LEVELS_OF[exposure][0]), *TERMS[1:]


def off(fit: Fit, ratios: tuple[float, ...], exposure: str = "recency") -> dict[str, tuple[float, float]]:
    """How far the log ratio of each level is from the planted one, and its standard error."""
    errors = dict(zip(fit.terms, zip(fit.coef, fit.errors, strict=True), strict=True))
    found = {}
    for level, ratio in zip(LEVELS_OF[exposure][1:], ratios[1:], strict=True):
        value, error = errors[f"level={level}"]
        found[level] = float(value - np.log(ratio)), float(error)
    return found


@cache
def _links() -> list[tables.Table]:
    known = tables.load(SQL)
    needed = {*CELLS, *(up for name in CELLS for up in tables.ancestors(known[name], known))}
    return tables.in_order(known[name] for name in needed if name.startswith("links."))


def _frame(con: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
    return pl.DataFrame(pl.from_arrow(con.sql(sql).to_arrow_table()))
