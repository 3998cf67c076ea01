"""The synthetic company's units: company, divisions, departments and teams; people are placed in them elsewhere."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from pipelines.company.assumptions import DIVISIONS, REORG_FROM, REORG_TO, Bools, Ints

COMPANY, DIVISION, DEPARTMENT, TEAM = range(4)
KIND_NAMES: Final = ("Company", "Division", "Department", "Team")
PLACES: Final = (
    ("Berlin", "DE"),
    ("Manchester", "GB"),
    ("Lyon", "FR"),
    ("Rotterdam", "NL"),
    ("Graz", "AT"),
)
TEAM_SIZES: Final = (6, 14)  # people in a team without their manager
TEAMS_PER_DEPARTMENT: Final = 8


@dataclass
class Organisation:
    """Units as parallel arrays of length `units`; `parent` and `division` change once, at the reorganisation.

    `holder` is the spell that manages the unit (-1 while vacant), `capacity` the planned team size (0 above teams),
    `division` the index of the division a unit belongs to (-1 for the company itself).
    """

    names: list[str]
    kind: Ints
    parent: Ints
    division: Ints
    place: Ints
    capacity: Ints
    has_openings: Bools
    holder: Ints
    moved_unit: int
    moved_from: int
    moved_to: int

    @property
    def units(self) -> int:
        """How many units there are."""
        return len(self.names)

    def reorganise(self) -> None:
        """Hang the moved department, with its teams, under the other division."""
        self.parent[self.moved_unit] = self.moved_to
        below = (self.parent == self.moved_unit) & (self.kind == TEAM)
        self.division[below] = self.moved_to - 1
        self.division[self.moved_unit] = self.moved_to - 1

    def managers_of(self, unit: Ints) -> Ints:
        """The spell managing each given unit; a vacant unit is led from the next unit above that has a manager."""
        at = unit.copy()
        for _ in range(TEAM):
            at = np.where(self.holder[at] < 0, np.maximum(self.parent[at], 0), at)
        return self.holder[at]


@dataclass(frozen=True)
class _Unit:
    name: str
    kind: int
    parent: int
    division: int
    place: int
    capacity: int
    has_openings: bool


def build_organisation(employees: int, rng: np.random.Generator) -> Organisation:
    """Units for about `employees` people; opportunity (openings yes or no) is drawn per department."""
    units = [_Unit("Northlight Group", COMPANY, -1, -1, 0, 0, True)]
    for index, division in enumerate(DIVISIONS):
        units.append(_Unit(division.name, DIVISION, 0, index, index % len(PLACES), 0, True))
    for index, division in enumerate(DIVISIONS):
        _add_departments(units, index, max(1, round(employees * division.share * 0.88 / 10)), rng)
    moved_from = 1 + [division.name for division in DIVISIONS].index(REORG_FROM)
    moved_unit = next(i for i, unit in enumerate(units) if unit.kind == DEPARTMENT and unit.parent == moved_from)
    return Organisation(
        names=[unit.name for unit in units],
        kind=np.array([unit.kind for unit in units]),
        parent=np.array([unit.parent for unit in units]),
        division=np.array([unit.division for unit in units]),
        place=np.array([unit.place for unit in units]),
        capacity=np.array([unit.capacity for unit in units]),
        has_openings=np.array([unit.has_openings for unit in units]),
        holder=np.full(len(units), -1),
        moved_unit=moved_unit,
        moved_from=moved_from,
        moved_to=1 + [division.name for division in DIVISIONS].index(REORG_TO),
    )


def _add_departments(units: list[_Unit], division: int, teams: int, rng: np.random.Generator) -> None:
    departments = max(min(teams, 2), round(teams / TEAMS_PER_DEPARTMENT))
    for number, share in enumerate(np.array_split(np.arange(teams), departments), start=1):
        place = int(rng.integers(len(PLACES)))
        openings = bool(rng.random() < 0.5)
        name = f"{DIVISIONS[division].name} {PLACES[place][0]} {number}"
        units.append(_Unit(name, DEPARTMENT, 1 + division, division, place, 0, openings))
        department = len(units) - 1
        for team in range(1, len(share) + 1):
            size = int(rng.integers(TEAM_SIZES[0], TEAM_SIZES[1] + 1))
            units.append(
                _Unit(
                    f"{name} Team {team}",
                    TEAM,
                    department,
                    division,
                    place,
                    size,
                    openings,
                )
            )
