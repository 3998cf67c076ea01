"""The published tables put together from the warehouse: metric rows through estimates and disclosure, sources, assumptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from functools import cache

import duckdb
import polars as pl

from pipelines import disclosure, reference, survey_items
from pipelines.assumptions import assumptions
from pipelines.contracts import Contract
from pipelines.expectations import CheckResult
from pipelines.metric_rows import parents_at, wave_safety
from pipelines.settings import Settings
from pipelines.warehouse import frame


def survey_item(con: duckdb.DuckDBPyConnection, settings: Settings) -> pl.DataFrame:
    """Table ``published.survey_item``: mean, score and shares of every survey question, cell by cell as metrics are."""
    rows = frame(con, "SELECT * FROM core.item_census")
    safety = wave_safety(con, settings, rows["closed_on"].unique())
    parents = cache(lambda day: parents_at(con, day))
    return survey_items.published(rows, lambda item, day: disclosure.protected(item, safety, parents(day)))


def restatement(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Table ``published.restatement``: figures of closed months in the release before and in this one (DQ-05)."""
    return frame(con, "SELECT * FROM releases.dq_05_restatement")


def cut_group(con: duckdb.DuckDBPyConnection, settings: Settings) -> pl.DataFrame:
    """Table ``published.cut_group``: labels of every group, units as they are now (or were last); managers without names."""
    units = frame(con, _UNITS)
    managers = frame(con, _MANAGERS)
    fixed = [
        ("company", "company", settings.organisation),
        *(("career_stage", stage, label) for stage, label, *_ in reference.CAREER_STAGES),
        *(("tenure_band", band, label) for band, label in reference.TENURE_LABELS.items()),
    ]
    stated = pl.DataFrame(fixed, schema=["cut", "group_key", "label"], orient="row")
    plain = pl.concat([stated, frame(con, _CODES)]).with_columns(
        parent_key=pl.lit(""), level=pl.lit(None, dtype=pl.Int64), position=pl.int_range(pl.len()).over("cut")
    )
    # A stage or band in which nobody has been is not offered to readers.
    peopled = frame(con, "SELECT DISTINCT cut, group_key FROM core.census WHERE employed > 0")
    return pl.concat(
        [plain.join(peopled, on=["cut", "group_key"], how="semi"), units, managers], how="vertical_relaxed"
    )


def source(con: duckdb.DuckDBPyConnection, contracts: Mapping[str, Contract], as_of: date) -> pl.DataFrame:
    """Table ``published.source``: what arrived from each source and whether it is late on the as-of date."""
    rows = con.execute(
        "SELECT source, count(*), max(as_of), arg_max(status, as_of), sum(accepted), sum(quarantined)"
        " FROM landing.source_file GROUP BY source"
    ).fetchall()
    seen = {name: rest for name, *rest in rows}
    found = []
    for contract in contracts.values():
        if contract.layer != "sources" or "filledBy" in contract.settings:
            continue
        files, newest, last_status, accepted, quarantined = seen.get(contract.id, (0, None, "", 0, 0))
        found.append(
            {
                "source": contract.id,
                "title": contract.title,
                "domain": str(contract.settings["landing"]).split("/")[0],
                "grain": contract.grain,
                "files": files,
                "last_as_of": newest,
                "freshness_days": contract.freshness_days,
                "status": _freshness(newest, last_status, contract.freshness_days, as_of),
                "accepted": accepted,
                "quarantined": quarantined,
                "remedy": contract.remedy,
            }
        )
    return pl.DataFrame(
        found, schema_overrides={"last_as_of": pl.Date, "accepted": pl.Int64, "quarantined": pl.Int64}
    ).sort("source")


def source_file(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Table ``published.source_file``: every file's equation."""
    return frame(con, "SELECT * EXCLUDE (content) FROM landing.source_file ORDER BY path")


def quarantine_reason(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Table ``published.quarantine_reason``: how many records were set aside, by file and rule; never what was in them."""
    return frame(
        con,
        "SELECT source, path, reason, count(*) AS records, min(line) AS first_line"
        " FROM landing.quarantine GROUP BY source, path, reason ORDER BY 1, 2, 3",
    )


def setting(con: duckdb.DuckDBPyConnection, settings: Settings, as_of: date, accepted: Iterable[str]) -> pl.DataFrame:
    """Table ``published.setting``: the assumptions in force, and the head-count the next run compares with."""
    people = con.execute("SELECT count(*) FROM core.employment e JOIN raw.run r ON e.ends_on = r.horizon").fetchall()[
        0
    ][0]
    extra = [
        ("as_of", as_of.isoformat(), "The day the release speaks of"),
        ("headcount", str(people), "People employed on that day; the next run compares with it"),
        ("accepted_checks", ", ".join(accepted), "Checks that a person let pass for this release"),
    ]
    told = [*assumptions(settings), *extra]
    return pl.DataFrame(told, schema=["name", "value", "description"], orient="row").sort("name")


def check_result(results: Iterable[CheckResult], contracts: Iterable[Contract]) -> pl.DataFrame:
    """Table ``published.check_result``: counts only. What a contract says of a check is its fault; one that held bears its name.

    What was found in a table that compares releases is left out: how long it is says nothing of this release.
    """
    known = list(contracts)
    faults = {(c.table, name) for c in known for name in (*(k.name for k in c.checks), *(r.name for r in c.row_rules))}
    comparing = {c.table for c in known if c.compares_releases}
    rows = [
        asdict(r)
        | ({"description": _in_words(r.check_name)} if r.is_passed and (r.table_name, r.check_name) in faults else {})
        for r in results
        if r.table_name not in comparing
    ]
    schema = {"is_passed": pl.Boolean, "observed": pl.Float64, "unexpected": pl.Int64}
    return pl.DataFrame(rows, schema_overrides=schema).sort("table_name", "check_name", "column_name")


def _in_words(name: str) -> str:
    return name.replace("_", " ").capitalize() + "."


def _freshness(newest: date | None, last_status: str, allowed: int | None, as_of: date) -> str:
    if newest is None:
        return "refused" if last_status == "refused" else "never"
    if last_status == "refused":
        return "refused"
    return "late" if allowed is not None and (as_of - newest).days > allowed else "fresh"


_UNITS = """
with ranked as (
    select o.*, row_number() over (partition by o.org_unit_key order by o.valid_from desc) as place
    from core.org_unit as o
    cross join raw.run as r
    where o.valid_from <= r.as_of
),
depth as (
    select c.descendant_key as org_unit_key, max(c.depth) as level
    from core.org_closure as c
    cross join raw.run as r
    where c.valid_from <= r.as_of and c.valid_to > r.as_of
    group by c.descendant_key
)
select
    'org_unit' as cut,
    r.org_unit_key as group_key,
    r.name as label,
    coalesce(r.parent_key, '') as parent_key,
    d.level,
    row_number() over (order by r.name, r.org_unit_key) - 1 as position
from ranked as r
left join depth as d on r.org_unit_key = d.org_unit_key
where r.place = 1
"""
_CODES = """
select distinct 'grade' as cut, grade_code as group_key, grade_code as label from core.place where grade_code is not null
union all
select distinct 'job_family', job_family, job_family from core.place where job_family is not null
union all
select distinct 'location', location_code, location_code from core.place where location_code is not null
order by 1, 2
"""
_MANAGERS = """
with manager as (
    select distinct group_key as manager_key from core.census where cut = 'manager'
),
home as (
    select e.worker_key, e.org_unit_key, row_number() over (partition by e.worker_key order by e.valid_from desc) as place
    from core.episode as e
),
named as (
    select
        m.manager_key,
        coalesce(u.name, 'unit unknown') as unit,
        row_number() over (partition by coalesce(u.name, 'unit unknown') order by m.manager_key) as nth,
        count(*) over (partition by coalesce(u.name, 'unit unknown')) as all_of_them,
        h.org_unit_key
    from manager as m
    left join home as h on m.manager_key = h.worker_key and h.place = 1
    left join (select org_unit_key, max(name) as name from core.org_unit group by org_unit_key) as u on h.org_unit_key = u.org_unit_key
)
select
    'manager' as cut,
    manager_key as group_key,
    'Manager in ' || unit || case when all_of_them > 1 then ' (' || cast(nth as varchar) || ')' else '' end as label,
    coalesce(org_unit_key, '') as parent_key,
    cast(null as bigint) as level,
    row_number() over (order by unit, nth) - 1 as position
from named
"""
