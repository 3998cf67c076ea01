"""Roles, and which of them a viewer has in which part of the organisation; without a row there is none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

import polars as pl

from dashboards.access import reading
from dashboards.access.denials import NoScopeError
from dashboards.access.sessions import Session

_UNIT_CUTS = ("org_unit", "org_unit_career_stage")


class Role(StrEnum):
    """What a viewer is to the data; the scope contract uses the same words."""

    ANALYST = "analyst"
    HRBP = "hrbp"
    LEADER = "leader"
    ADMIN = "admin"
    AUDITOR = "auditor"


@dataclass(frozen=True)
class Scope:
    """`units` are the keys of all org units a leader may see figures of; other roles are not bound by units."""

    role: Role
    viewer_key: str
    units: frozenset[str] = frozenset()

    @property
    def sees_company(self) -> bool:
        """Whether figures of the whole company and of other units are in scope."""
        return self.role in (Role.ANALYST, Role.HRBP)

    def covers(self, cut: str, keys: tuple[str, ...]) -> bool:
        """Whether figures of these groups are in scope; no keys asks for all groups of the cut."""
        return self.sees_company or (bool(keys) and cut in _UNIT_CUTS and self.units.issuperset(keys))


def viewer_key(viewer: str) -> str:
    """The name of a viewer in published files: short, always the same, and never a path.

    A digest keeps addresses out of file names; it is no protection against somebody who can guess the address.
    """
    return hashlib.sha256(f"parley-viewer\n{viewer.strip().casefold()}".encode()).hexdigest()[:32]


def scope_of(session: Session, release_folder: Path, today: date | None = None) -> Scope:
    """The scope of a session by the release in force. Raises NoScopeError, ListError, OSError, PolarsError."""
    key = viewer_key(session.viewer)
    published = reading.scopes(release_folder)
    rows = _in_force(published, key, today or datetime.now(UTC).date())
    if rows is None or not rows.height:
        if session.is_demo:
            return _demo_scope(Role(session.viewer.removeprefix("demo-")), key, release_folder)
        raise NoScopeError
    roles = set(rows["role"])
    # Two roles at a time would add up to more than either was meant to see.
    if len(roles) != 1 or not roles <= set(Role):
        raise NoScopeError
    role = Role(roles.pop())
    units = frozenset(rows["org_unit_key"].drop_nulls())
    return Scope(role, key, line(release_folder, units) if role is Role.LEADER else units)


def _in_force(rows: pl.DataFrame | None, key: str, today: date) -> pl.DataFrame | None:
    if rows is None:
        return None
    ended = pl.col("valid_to").is_not_null() & (pl.col("valid_to") <= today)
    return rows.filter((pl.col("viewer_key") == key) & (pl.col("valid_from") <= today) & ~ended)


def line(release_folder: Path, units: frozenset[str]) -> frozenset[str]:
    """The units and all below them, by the tree of the release; a tree that runs in circles ends where it began."""
    found, waiting = set(), set(units)
    parents = _parents(release_folder)
    while waiting:
        found |= waiting
        waiting = {key for key, parent in parents.items() if parent in waiting} - found
    return frozenset(found)


def _parents(release_folder: Path) -> dict[str, str | None]:
    rows = reading.table(str(release_folder), "cut_group").filter(pl.col("cut") == "org_unit").sort("position")
    return dict(zip(rows["group_key"].to_list(), rows["parent_key"].to_list(), strict=True))


def _demo_scope(role: Role, key: str, release_folder: Path) -> Scope:
    """A persona without a row of its own: the leader gets the first unit that is not the company itself."""
    if role is not Role.LEADER:
        return Scope(role, key)
    parents = _parents(release_folder)
    below = [unit for unit, parent in parents.items() if parent in parents] or list(parents)
    return Scope(role, key, line(release_folder, frozenset(below[:1])))
