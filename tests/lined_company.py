"""An organisation with everything that can go wrong in it, as the tables that lines are worked out from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import duckdb
import polars as pl

ON = date(2026, 6, 30)
EDGES = (ON - timedelta(days=400), ON - timedelta(days=1), ON, ON + timedelta(days=1))
ALWAYS = date(2020, 1, 1)
_TABLES = {
    "core.access_grant": "viewer_key VARCHAR, role VARCHAR, org_unit_key VARCHAR, worker_key VARCHAR, valid_from DATE, valid_to DATE",
    "core.org_unit": "org_unit_key VARCHAR, parent_key VARCHAR, valid_from DATE, valid_to DATE",
    "core.job": "worker_key VARCHAR, org_unit_key VARCHAR, manager_key VARCHAR, valid_from DATE, valid_to DATE",
    "core.employment": "worker_key VARCHAR, started_on DATE, ends_on DATE, observed_from DATE",
    "raw.run": "as_of DATE",
}
Rows = list[tuple[object, ...]]


def lined_company(people: int, seed: int = 0, faults: float = 0.15) -> duckdb.DuckDBPyConnection:
    """A warehouse with `people` in a tree of units, a leader for each unit and some HR business partners; lines are not built.

    With probability `faults` a unit, job, spell or grant begins or ends on a day around the as-of day, a manager is
    somebody at random (so there are circles), a parent is no unit, a viewer has two roles or is nobody who works here.
    """
    rng = Random(seed)
    units = [f"U{number}" for number in range(max(8, people // 9))]
    home = {f"w{number}": rng.choice(units) for number in range(people)}
    head = {unit: f"w{rng.randrange(people)}" for unit in units}
    parent = {unit: units[(number - 1) // 5] if number else None for number, unit in enumerate(units)}
    rows: dict[str, Rows] = {name: [] for name in _TABLES}
    rows["raw.run"] = [(ON,)]
    for unit in units:
        up = "NOWHERE" if rng.random() < faults / 5 else parent[unit]
        rows["core.org_unit"] += _periods(rng, faults, (unit, up), (unit, rng.choice(units[:3]) if up else up))
    for worker, unit in home.items():
        boss = (
            rng.choice([*home, None])
            if rng.random() < faults
            else head[parent[unit] or unit if worker == head[unit] else unit]
        )
        rows["core.job"] += _periods(rng, faults, (worker, unit, boss), (worker, rng.choice(units), boss))
        begins, ends = _edge(rng, faults / 2, ALWAYS), _edge(rng, faults / 2, ON + timedelta(days=1))
        rows["core.employment"].append((worker, begins, ends, _edge(rng, faults / 2, None)))
    rows["core.access_grant"] = _grants(rng, faults, head, units, list(home))
    return _warehouse(rows)


def _grants(rng: Random, faults: float, head: dict[str, str], units: Sequence[str], people: Sequence[str]) -> Rows:
    found: Rows = []
    for number, unit in enumerate(units):
        viewer, own = f"leader{number}", head[unit] if rng.random() > faults / 3 else rng.choice([None, "nobody"])
        found.append((viewer, "leader", unit, own, _edge(rng, faults / 2, ALWAYS), _edge(rng, faults / 2, None)))
        for role in ("leader", "hrbp", "admin"):
            if rng.random() < faults / 3:
                found.append((viewer, role, rng.choice([*units, None]), own, ALWAYS, _edge(rng, faults, None)))
    for number in range(max(3, len(units) // 30)):
        own = rng.choice(people)
        found += [(f"partner{number}", "hrbp", unit, own, ALWAYS, None) for unit in rng.sample(list(units), 2)]
    found += [(f"other{role}", role, units[0], people[0], ALWAYS, None) for role in ("analyst", "admin", "auditor")]
    return found


def _periods(rng: Random, faults: float, now: tuple[object, ...], other: tuple[object, ...]) -> Rows:
    """One row for ever, or two that meet on a day around the as-of day."""
    if rng.random() >= faults:
        return [(*now, ALWAYS, None)]
    cut = rng.choice(EDGES)
    return [(*now, ALWAYS, cut), (*other, cut, rng.choice([None, date(9999, 12, 31)]))]


def _edge(rng: Random, faults: float, usual: date | None) -> date | None:
    return rng.choice(EDGES) if rng.random() < faults else usual


def _warehouse(rows: dict[str, Rows]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("CREATE SCHEMA raw; CREATE SCHEMA core; CREATE SCHEMA lists")
    for name, columns in _TABLES.items():
        con.execute(f"CREATE TABLE {name} ({columns})")
        schema = {each.split()[0]: pl.Date if each.endswith("DATE") else pl.String for each in columns.split(", ")}
        con.register("incoming", pl.DataFrame(rows[name], schema=schema, orient="row"))
        con.execute(f"INSERT INTO {name} SELECT * FROM incoming")
        con.unregister("incoming")
    return con
