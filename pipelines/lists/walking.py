"""Who is in whose line, worked out a second time from each person upwards; the SELECT of `lists.line` goes from viewers downwards.

The two share no step: that one leans on the table of units above units, this one walks from parent to parent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

READERS = frozenset({"leader", "hrbp"})
Pair = tuple[str, str]
_GRANTS = "SELECT viewer_key, role, org_unit_key, worker_key, valid_from, valid_to FROM core.access_grant"
_UNITS = "SELECT org_unit_key, parent_key, valid_from, valid_to FROM core.org_unit"
_JOBS = "SELECT worker_key, org_unit_key, manager_key, valid_from, valid_to FROM core.job"
_SPELLS = "SELECT worker_key, started_on, ends_on, observed_from FROM core.employment"


class ScopeError(RuntimeError):
    """The lines of viewers are not what the organisation says; nothing may be published."""


@dataclass(frozen=True)
class Differences:
    """Pairs of viewer and person, of all there are: `leaks` the viewer could see and must not, `hidden` the other way round."""

    leaks: frozenset[Pair]
    hidden: frozenset[Pair]


def require_right_lines(con: duckdb.DuckDBPyConnection, on: date) -> int:
    """Compare every pair of viewer and person of `lists.line` with the walk; return the pairs. Raises ScopeError."""
    found = differences(con, on)
    if found.leaks or found.hidden:
        raise ScopeError(
            f"The lines of viewers do not agree with the organisation: {len(found.leaks)} people too many and"
            f" {len(found.hidden)} too few. No list is published. Report it; it is a fault of Parley."
        )
    return int(con.execute("SELECT count(*) FROM lists.line").fetchall()[0][0])


def differences(con: duckdb.DuckDBPyConnection, on: date) -> Differences:
    """Where `lists.line` and the walk part. Pairs in neither agree as well, so nobody is left out of the comparison."""
    listed = {(v, w) for v, w in con.execute("SELECT viewer_key, worker_key FROM lists.line").fetchall()}
    walked = walk(con, on)
    return Differences(frozenset(listed - walked), frozenset(walked - listed))


def walk(con: duckdb.DuckDBPyConnection, on: date) -> set[Pair]:
    """All pairs of viewer and person in their line on the day `on`, from core.access_grant, org_unit, job and employment."""
    employed = {
        w for w, begins, ends, seen in con.execute(_SPELLS).fetchall() if begins <= on < ends and (seen or on) <= on
    }
    jobs = [row[:3] for row in con.execute(_JOBS).fetchall() if row[0] in employed and _holds(row[3], row[4], on)]
    manager = {worker: boss for worker, _, boss in jobs}
    parents: dict[str, set[str]] = defaultdict(set)
    for unit, parent, begins, ends in con.execute(_UNITS).fetchall():
        if _holds(begins, ends, on):
            parents[unit] |= {parent} - {None}
    grants = [row[:4] for row in con.execute(_GRANTS).fetchall() if _holds(row[4], row[5], on)]
    viewers, granted = _viewers(grants, manager)
    pairs = set()
    for worker, unit, _ in jobs:
        for viewer in {v for above in _upwards(unit, parents) for v in granted.get(above, ())}:
            pairs.add((viewer, worker))
    superiors = {viewer: _superiors(own, manager) for viewer, own in viewers.items()}
    return {(viewer, worker) for viewer, worker in pairs if worker not in superiors[viewer]}


def _holds(begins: date, ends: date | None, on: date) -> bool:
    return begins <= on and (ends is None or on < ends)


def _viewers(
    grants: Iterable[tuple[str, str, str | None, str | None]], manager: Mapping[str, str | None]
) -> tuple[dict[str, str], dict[str, set[str]]]:
    """The worker each viewer is, and the viewers of each unit granted; only those with one role who work here."""
    roles: dict[str, set[str]] = defaultdict(set)
    own: dict[str, str] = {}
    for viewer, role, _, worker in grants:
        if worker in manager:
            roles[viewer].add(role)
            own[viewer] = str(worker)
    readers = {viewer for viewer, held in roles.items() if len(held) == 1 and held <= READERS}
    granted: dict[str, set[str]] = defaultdict(set)
    for viewer, _, unit, _ in grants:
        if viewer in readers and unit is not None:
            granted[unit].add(viewer)
    return {viewer: own[viewer] for viewer in readers}, granted


def _upwards(unit: str | None, parents: Mapping[str, set[str]]) -> set[str]:
    """The unit and all above it; a unit that is not one on the day is nowhere, and a circle ends where it began."""
    found: set[str] = set()
    waiting: set[str] = {unit} if unit is not None and unit in parents else set()
    while waiting:
        found |= waiting
        waiting = {up for each in waiting for up in parents.get(each, ())} - found
    return found


def _superiors(own: str, manager: Mapping[str, str | None]) -> set[str]:
    found: set[str] = set()
    here: str | None = own
    while here is not None and here not in found:
        found.add(here)
        here = manager.get(here)
    return found
