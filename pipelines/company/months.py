"""The month loop of the synthetic company: hires, exits and leaves; talks themselves are drawn elsewhere."""

from datetime import date

import numpy as np

from pipelines.company.assumptions import (
    DAYS_PER_MONTH,
    LEAVE_MEAN_MONTHS,
    LEAVES_PER_YEAR,
    OPENING_SHARE,
    REHIRE_SHARE,
    Bools,
    Ints,
    stream,
)
from pipelines.company.calendar import day_number, first_days, on_weekdays
from pipelines.company.exits import leave_the_company
from pipelines.company.founding import HIRE, REHIRE, founding_staff, log_founding_jobs
from pipelines.company.jobs import change_jobs, log_jobs
from pipelines.company.meetings import log_talks
from pipelines.company.organisation import TEAM, build_organisation
from pipelines.company.scenarios import Scenario
from pipelines.company.staff import CONTRACTOR, VOLUNTARY, Staff, World, new_spells

BURN_IN_MONTHS = 7  # talks before the window, so that recency is right from its first day


def run_months(employees: int, scenario: Scenario, seed: int, as_of: date, months: int) -> World:
    """Simulate `months` full calendar months and the one that holds `as_of`; later events are cut at assembly."""
    organisation = build_organisation(employees, stream(seed, "organisation"))
    starts = first_days(as_of, months, 1)
    staff = founding_staff(employees, organisation, int(starts[0]), seed)
    as_of_day = day_number(as_of)
    world = World(employees, scenario, seed, as_of, as_of_day, months, starts, organisation, staff)
    log_founding_jobs(world)
    earlier = first_days(as_of, months + BURN_IN_MONTHS, -months)
    for number in range(BURN_IN_MONTHS):
        log_talks(
            world,
            int(earlier[number]),
            int(earlier[number + 1]),
            0.0,
            f"talks before {number}",
        )
    for month in range(months + 1):
        change_jobs(world, month)
        _hire(world, month)
        leave_the_company(world, month)
        _start_leaves(world, month)
        low, high = int(starts[month]), int(starts[month + 1])
        log_talks(world, low, high, month / months, f"talks {month}")
    return world


def _hire(world: World, month: int) -> None:
    """Fill the gap between the planned and the present head-count; some hires are people coming back."""
    low, high = int(world.starts[month]), int(world.starts[month + 1])
    rng = stream(world.seed, f"hires {month}")
    planned = world.employees * (OPENING_SHARE + (1 - OPENING_SHARE) * (month + 1) / world.months)
    present = int(world.staff.employed(low).sum())
    size = max(0, round(planned * 1.012) - present)  # a month's leavers go before the next hires come
    days = np.where(rng.random(size) < 0.5, low, rng.integers(low, high, size))
    days = on_weekdays(days, np.full(size, low), high)
    days = days[days <= world.as_of_day]
    newcomers = new_spells(days, int(world.staff.person.max()) + 1, rng)
    back = _bring_back(world, newcomers, low, rng)
    newcomers.unit = _open_places(world, low, len(days), rng)
    newcomers.manager = world.organisation.managers_of(newcomers.unit)
    first = len(world.staff)
    world.staff.join(newcomers)
    log_jobs(world, np.arange(first, len(world.staff)), days, np.where(back, REHIRE, HIRE))


def _bring_back(world: World, newcomers: Staff, day: int, rng: np.random.Generator) -> Bools:
    """Turn about 2 % of the newcomers into people who left by choice at least two months ago."""
    staff = world.staff
    returned = np.bincount(staff.person)[staff.person] > 1
    away = np.flatnonzero((staff.cause == VOLUNTARY) & (staff.term_day < day - 60) & ~returned)
    back = rng.random(len(newcomers)) < REHIRE_SHARE
    spots = np.flatnonzero(back)[: len(away)]
    former = rng.choice(away, len(spots), replace=False)
    for trait in (
        "person",
        "birth_day",
        "quality",
        "manager_rate",
        "other_rate",
        "rank",
    ):
        getattr(newcomers, trait)[spots] = getattr(staff, trait)[former]
    newcomers.rank[spots] = np.minimum(newcomers.rank[spots], 6)
    newcomers.kind[spots] = 0
    back[:] = False
    back[spots] = True
    return back


def _open_places(world: World, day: int, size: int, rng: np.random.Generator) -> Ints:
    staff, organisation = world.staff, world.organisation
    members = staff.unit[staff.employed(day) & (staff.seat < 0)]
    missing = np.maximum(organisation.capacity - np.bincount(members, minlength=organisation.units), 0)
    places = rng.permutation(np.repeat(np.arange(organisation.units), missing))
    extra = rng.choice(np.flatnonzero(organisation.kind == TEAM), max(0, size - len(places)))
    units: Ints = np.concatenate([places, extra])[:size]
    return units


def _start_leaves(world: World, month: int) -> None:
    low, high = int(world.starts[month]), int(world.starts[month + 1])
    rng, staff = stream(world.seed, f"leaves {month}"), world.staff
    here = staff.employed(low) & (staff.term_day > high + 60) & (staff.leave_until < low) & (staff.kind != CONTRACTOR)
    away = np.flatnonzero(here & (rng.random(len(staff)) < LEAVES_PER_YEAR / 12))
    begins = rng.integers(low, high, len(away))
    lasts = rng.gamma(2.0, LEAVE_MEAN_MONTHS / 2, len(away)) * DAYS_PER_MONTH
    ends = begins + np.maximum(14, lasts).astype(np.int64)
    staff.leave_until[away] = ends
    world.leaves.add({"spell": away, "begins": begins, "ends": ends})
