"""Who decides to leave in a month, why, and on which day they go: the only place where the planted effect acts."""

import numpy as np

from pipelines.company.assumptions import (
    DAYS_PER_MONTH,
    DIVISIONS,
    EXIT_SHARES,
    IN_DATE_DAYS,
    NEVER,
    Floats,
    Ints,
    stream,
)
from pipelines.company.calendar import month_ends, on_weekdays
from pipelines.company.meetings import manager_quality
from pipelines.company.staff import FIXED_TERM, INVOLUNTARY, OTHER_EXIT, VOLUNTARY, World, cumulative_hazard

TOP_DECILE_GAP = 3.51  # mean of the top decile of a standard normal minus that of the bottom decile


def leave_the_company(world: World, month: int) -> None:
    """Draw who decides to leave this month, with exposure fixed at the first of the month, and set their last day."""
    low, high = int(world.starts[month]), int(world.starts[month + 1])
    rng, staff = stream(world.seed, f"exits {month}"), world.staff
    at_risk = np.flatnonzero(staff.employed(high - 1) & (staff.notice_day == NEVER))
    rates = _exit_rates(world, at_risk, low, high)
    total = rates.sum(axis=0)
    goes = rng.random(len(at_risk)) < 1 - np.exp(-total)
    leavers, rates, total = at_risk[goes], rates[:, goes], total[goes]
    pick = rng.random(len(leavers)) * total
    cause = np.where(
        pick < rates[0],
        VOLUNTARY,
        np.where(pick < rates[0] + rates[1], INVOLUNTARY, OTHER_EXIT),
    )
    decided = rng.integers(np.maximum(staff.hire_day[leavers], low), high)
    decided = on_weekdays(decided, np.maximum(staff.hire_day[leavers], low), high)
    notice = np.where(
        cause == INVOLUNTARY,
        rng.integers(1, 15, len(leavers)),
        rng.integers(21, 61, len(leavers)),
    )
    last = decided + notice
    last = np.where(staff.seat[leavers] >= 0, month_ends(last), last)  # managers hand over at month end
    real = decided <= world.as_of_day
    staff.cause[leavers[real]] = cause[real]
    staff.notice_day[leavers[real]] = decided[real]
    staff.term_day[leavers[real]] = last[real] + 1


def _exit_rates(world: World, spells: Ints, low: int, high: int) -> Floats:
    """Cumulative hazards of the month, shape (3, people): voluntary, involuntary, other."""
    staff = world.staff
    tenure = [(day - staff.hire_day[spells]) / DAYS_PER_MONTH for day in (low, high)]
    base = cumulative_hazard(tenure[1]) - cumulative_hazard(tenure[0])
    age = (low - staff.birth_day[spells]) / 365.25
    weight = 0.15 + 8.0 * (staff.kind[spells] == FIXED_TERM) + 12.0 * (age >= 62) + 60.0 * (age >= 66)
    shares = EXIT_SHARES
    voluntary = base * shares["Voluntary"] * _voluntary_factor(world, spells, low)
    other = base * shares["Other"] * weight / max(float(weight.mean()), 1e-9)
    return np.stack([voluntary, base * shares["Involuntary"], other])


def _voluntary_factor(world: World, spells: Ints, low: int) -> Floats:
    """The planted part of the voluntary hazard: conversation, manager and division."""
    staff, scenario, organisation = world.staff, world.scenario, world.organisation
    ratio = np.full(len(spells), scenario.hazard_ratio)
    if scenario.low_opportunity_hazard_ratio is not None:
        openings = organisation.has_openings[staff.unit[spells]]
        ratio = np.where(openings, scenario.hazard_ratio, scenario.low_opportunity_hazard_ratio)
    in_date = low - staff.last_talk[spells] <= IN_DATE_DAYS
    slope = -np.log(scenario.manager_exit_spread) / TOP_DECILE_GAP
    quality = manager_quality(staff, spells)
    by_division = np.array([scenario.division_exit_factors.get(each.name, 1.0) for each in DIVISIONS] + [1.0])
    unit_factor = by_division[organisation.division[staff.unit[spells]]]
    factor: Floats = np.where(in_date, ratio, 1.0) * np.exp(-slope * quality - slope**2 / 2) * unit_factor
    return factor
