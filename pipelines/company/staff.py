"""The state of everyone's employment while months pass, and the logs of what happened; no rules of change here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date

import numpy as np

from pipelines.company.assumptions import (
    EXIT_SCALE_MONTHS,
    EXIT_SHAPE,
    KIND_SHARES,
    LONG_AGO,
    MANAGER_RATE_SHAPE,
    MANAGER_TALKS_PER_YEAR,
    NEVER,
    OTHER_RATE_SHAPE,
    OTHER_TALKS_PER_YEAR,
    SILENT_WITH_MANAGER,
    Bools,
    Floats,
    Ints,
)
from pipelines.company.organisation import Organisation
from pipelines.company.scenarios import Scenario

REGULAR, FIXED_TERM, INTERN, CONTRACTOR = range(4)
VOLUNTARY, INVOLUNTARY, OTHER_EXIT = 1, 2, 3  # 0 = still employed


@dataclass
class Staff:
    """One entry per employment spell, all arrays of the same length; days are numbers since 1970-01-01.

    `term_day` is the first day not employed, `notice_day` the day leaving was decided, `seat` the unit a person
    manages (-1 for none), `manager` a spell index (-1 for none), rates are talks per year before modifiers.
    """

    person: Ints
    hire_day: Ints
    birth_day: Ints
    kind: Ints
    unit: Ints
    rank: Ints
    quality: Floats
    manager_rate: Floats
    other_rate: Floats
    notice_day: Ints
    term_day: Ints
    cause: Ints
    seat: Ints
    manager: Ints
    title: Ints
    job_start: Ints
    last_talk: Ints
    leave_until: Ints

    def __len__(self) -> int:
        """Number of spells."""
        return len(self.person)

    def join(self, newcomers: "Staff") -> None:
        """Append the newcomers' spells."""
        for each in fields(self):
            setattr(
                self,
                each.name,
                np.concatenate([getattr(self, each.name), getattr(newcomers, each.name)]),
            )

    def employed(self, day: int) -> Bools:
        """Who is employed on the day."""
        return (self.hire_day <= day) & (self.term_day > day)


@dataclass
class Log:
    """Blocks of rows written month by month and joined once at the end."""

    blocks: list[dict[str, Ints]] = field(default_factory=list)

    def add(self, rows: Mapping[str, Ints]) -> None:
        """Keep a copy of the rows, for the state they were read from moves on."""
        self.blocks.append({name: values.copy() for name, values in rows.items()})

    def columns(self) -> dict[str, Ints]:
        """Every column over all blocks, in the order written."""
        names = self.blocks[0]
        return {name: np.concatenate([block[name] for block in self.blocks]) for name in names}


@dataclass
class World:
    """All that the month loop reads and changes."""

    employees: int
    scenario: Scenario
    seed: int
    as_of: date
    as_of_day: int
    months: int
    starts: Ints  # first days of the window's months, one more than there are months
    organisation: Organisation
    staff: Staff
    jobs: Log = field(default_factory=Log)
    talks: Log = field(default_factory=Log)
    leaves: Log = field(default_factory=Log)


def new_spells(hire_day: Ints, first_person: int, rng: np.random.Generator) -> Staff:
    """Fresh spells with drawn traits; unit, manager and job come later. Age at hire is an assumption."""
    size = len(hire_day)
    kind = rng.choice(len(KIND_SHARES), size=size, p=list(KIND_SHARES.values()))
    age = np.clip(rng.gamma(4.0, 3.2, size) + 20, 18, 58)
    talks_with_manager = rng.random(size) >= SILENT_WITH_MANAGER
    mean = MANAGER_TALKS_PER_YEAR / (1 - SILENT_WITH_MANAGER)
    manager_rate = rng.gamma(MANAGER_RATE_SHAPE, mean / MANAGER_RATE_SHAPE, size) * talks_with_manager
    return Staff(
        person=np.arange(first_person, first_person + size),
        hire_day=hire_day.astype(np.int64),
        birth_day=(hire_day - age * 365.25).astype(np.int64),
        kind=kind.astype(np.int64),
        unit=np.zeros(size, np.int64),
        rank=rng.choice(np.arange(1, 6), size=size, p=[0.30, 0.30, 0.22, 0.12, 0.06]),
        quality=rng.standard_normal(size),
        manager_rate=manager_rate,
        other_rate=rng.gamma(OTHER_RATE_SHAPE, OTHER_TALKS_PER_YEAR / OTHER_RATE_SHAPE, size),
        notice_day=np.full(size, NEVER),
        term_day=np.full(size, NEVER),
        cause=np.zeros(size, np.int64),
        seat=np.full(size, -1),
        manager=np.full(size, -1),
        title=np.zeros(size, np.int64),
        job_start=hire_day.astype(np.int64),
        last_talk=np.full(size, LONG_AGO),
        leave_until=np.full(size, LONG_AGO),
    )


def cumulative_hazard(months: Floats) -> Floats:
    """Weibull cumulative hazard of leaving by tenure in months; negative tenure counts as none."""
    hazard: Floats = (np.maximum(months, 0.0) / EXIT_SCALE_MONTHS) ** EXIT_SHAPE
    return hazard
