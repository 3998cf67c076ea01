"""The organisation tree and career stages as a reader picks them; which numbers belong to them is not decided here."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from dashboards.data import groups_with_rows, sees_company, table
from dashboards.release import Release

SEPARATOR = " › "


@dataclass(frozen=True)
class Unit:
    """One org unit: `trail` holds its label after those of the units that enclose it."""

    key: str
    label: str
    parent: str
    trail: tuple[str, ...]


@dataclass(frozen=True)
class Groups:
    """Units in tree order and stages in order, by key; `choices` maps the text in filter and link to a unit key."""

    units: dict[str, Unit]
    stages: dict[str, str]
    choices: dict[str, str]

    @property
    def first(self) -> str:
        """The choice a reader starts with: the whole company, or the first unit of a leader's own."""
        return next(iter(self.choices))

    @property
    def has_company(self) -> bool:
        """Whether the whole company is in the reader's sight."""
        return "" in self.choices.values()

    def children(self, key: str) -> tuple[str, ...]:
        """Keys of the units directly below `key`; of the top units for the empty key."""
        return tuple(u.key for u in self.units.values() if u.parent == key)

    def tops(self) -> tuple[str, ...]:
        """Labels of the widest units in sight."""
        return tuple(unit.label for unit in self.units.values() if not unit.parent)

    def unit_label(self, key: str) -> str:
        """Label of a unit, 'Whole company' for the empty key."""
        return self.units[key].label if key else "Whole company"

    def choice(self, key: str) -> str:
        """The filter text that selects the unit `key`."""
        return next(text for text, k in self.choices.items() if k == key)


def groups(release: Release) -> Groups:
    """The groups of a release. A single unit at the top is the company itself and is left out of the choices.

    So is a career stage that nobody is in. Who sees a part of the company only has no choice of the whole.
    """
    whole = sees_company(release)
    rows = table(str(release.folder), "cut_group").sort("position")
    found = groups_with_rows(release, "career_stage")
    stages = rows.filter((pl.col("cut") == "career_stage") & pl.col("group_key").is_in(found))
    units = _units(rows.filter(pl.col("cut") == "org_unit"), whole)
    return Groups(
        units=units,
        stages=dict(zip(stages["group_key"].to_list(), stages["label"].to_list(), strict=True)),
        choices=_choices(units, whole),
    )


def _units(rows: pl.DataFrame, has_company: bool) -> dict[str, Unit]:
    labels = {r["group_key"]: r["label"] for r in rows.iter_rows(named=True)}
    parents = {r["group_key"]: r["parent_key"] or "" for r in rows.iter_rows(named=True)}
    roots = [key for key, parent in parents.items() if parent not in labels]
    top = roots[0] if has_company and len(roots) == 1 and len(labels) > 1 else ""
    units: dict[str, Unit] = {}

    def walk(key: str, parent: str, trail: tuple[str, ...]) -> None:
        units[key] = Unit(key, labels[key], parent, (*trail, labels[key]))
        for child in (k for k, p in parents.items() if p == key):
            walk(child, key, units[key].trail)

    for key in [k for k, p in parents.items() if p == top] if top else roots:
        walk(key, "", ())
    return units


def _choices(units: dict[str, Unit], has_company: bool) -> dict[str, str]:
    choices = {"Whole company": ""} if has_company else {}
    for unit in units.values():
        text = SEPARATOR.join(unit.trail)
        # Two units may carry the same name below the same parent; the key then tells them apart.
        choices[text if text not in choices else f"{text} ({unit.key})"] = unit.key
    return choices
