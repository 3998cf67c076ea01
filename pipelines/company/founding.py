"""The staff already there when the window opens, with a job history back to each hire; nothing after that day."""

import numpy as np

from pipelines.company.assumptions import (
    DAYS_PER_MONTH,
    LONGEST_TENURE_MONTHS,
    OPENING_SHARE,
    Bools,
    Floats,
    Ints,
    stream,
)
from pipelines.company.organisation import TEAM, Organisation
from pipelines.company.staff import CONTRACTOR, REGULAR, Staff, World, cumulative_hazard, new_spells

(
    HIRE,
    REHIRE,
    PROMOTION,
    LATERAL,
    TRANSFER,
    DEMOTION,
    MANAGER_CHANGE,
    REORGANIZATION,
    TITLE_CHANGE,
) = range(1, 10)
MANAGER_RANKS = (10, 9, 8, 7)  # by kind of unit: company, division, department, team
TOP_STAFF_RANK = 6


def founding_staff(employees: int, organisation: Organisation, start: int, seed: int) -> Staff:
    """Spells alive on day `start`, with tenures as a company in balance has them: density proportional to survival."""
    rng = stream(seed, "founding")
    tenure = _standing_tenure(round(employees * OPENING_SHARE), rng)
    staff = new_spells(start - 1 - np.floor(tenure * DAYS_PER_MONTH).astype(np.int64), 0, rng)
    _promote_with_tenure(staff, tenure, rng)
    managers = _choose_managers(staff, tenure, organisation, rng)
    _place_in_teams(staff, managers, organisation, rng)
    _start_seats(staff, managers, start, rng)
    staff.manager = _led_by(staff, organisation)
    return staff


def _standing_tenure(size: int, rng: np.random.Generator) -> Floats:
    grid = np.linspace(0, LONGEST_TENURE_MONTHS, 3001)
    weight = np.cumsum(np.exp(-cumulative_hazard(grid)))
    tenure: Floats = np.interp(rng.random(size), weight / weight[-1], grid)
    return tenure


def _promote_with_tenure(staff: Staff, tenure: Floats, rng: np.random.Generator) -> None:
    steps = rng.poisson(0.06 * tenure / 12)
    staff.rank = np.minimum(staff.rank + steps, TOP_STAFF_RANK)
    settled = tenure > 24
    staff.kind = np.where(settled & (staff.kind != CONTRACTOR), REGULAR, staff.kind)


def _choose_managers(staff: Staff, tenure: Floats, organisation: Organisation, rng: np.random.Generator) -> Ints:
    """One manager per unit; higher units get longer-serving people, so that a fallback leader always exists."""
    fit = np.flatnonzero((tenure > 24) & (staff.kind == REGULAR))
    if len(fit) < organisation.units:
        raise ValueError(f"{len(staff)} people are too few for {organisation.units} units; simulate at least 200.")
    chosen = rng.choice(fit, organisation.units, replace=False)
    chosen[0] = fit[np.argmin(staff.hire_day[fit])] if fit[np.argmin(staff.hire_day[fit])] not in chosen else chosen[0]
    chosen = chosen[np.argsort(staff.hire_day[chosen], kind="stable")]
    units = np.argsort(organisation.kind, kind="stable")
    managers = np.empty(organisation.units, np.int64)
    managers[units] = chosen
    staff.seat[managers] = np.arange(organisation.units)
    staff.unit[managers] = np.maximum(organisation.parent, 0)
    staff.rank[managers] = np.array(MANAGER_RANKS)[organisation.kind]
    organisation.holder = managers
    return managers


def _place_in_teams(staff: Staff, managers: Ints, organisation: Organisation, rng: np.random.Generator) -> None:
    places = np.repeat(np.arange(organisation.units), organisation.capacity)
    others = np.setdiff1d(np.arange(len(staff)), managers)
    spare = rng.choice(places, max(0, len(others) - len(places)))
    staff.unit[others] = np.concatenate([rng.permutation(places), spare])[: len(others)]


def _start_seats(staff: Staff, managers: Ints, start: int, rng: np.random.Generator) -> None:
    served = start - staff.hire_day
    last_step = staff.hire_day + np.floor(served * rng.uniform(0.2, 0.9, len(staff))).astype(np.int64)
    stepped_up = (served > 900) & (rng.random(len(staff)) < 0.4) & (staff.rank > 1)
    staff.job_start = np.where(stepped_up, last_step, staff.hire_day)
    staff.job_start[managers] = last_step[managers]
    staff.job_start[managers[0]] = staff.hire_day[managers[0]]


def _led_by(staff: Staff, organisation: Organisation) -> Ints:
    manager = organisation.managers_of(staff.unit)
    return np.where(manager == np.arange(len(staff)), -1, manager)


def log_founding_jobs(world: World) -> None:
    """Write the rows before the window: hire, the last step up, and the arrival of the present manager.

    Until the present manager took the post, a unit reported to the next leader above who was already in place.
    """
    staff, manager = world.staff, world.staff.manager
    earlier = _leader_at_hire(world)
    arrival = np.where(manager < 0, staff.hire_day, staff.job_start[np.maximum(manager, 0)])
    later_manager = (arrival > staff.hire_day) & (earlier != manager)
    stepped_up = staff.job_start > staff.hire_day
    led_from = np.where(later_manager, arrival, staff.hire_day)
    staff.job_start = np.where(stepped_up & (staff.job_start == led_from), staff.job_start + 1, staff.job_start)
    everyone = np.ones(len(staff), np.bool_)
    rank_before = np.where(stepped_up, np.minimum(staff.rank - 1, TOP_STAFF_RANK), staff.rank)
    at_hire = np.where(later_manager, earlier, manager)
    at_step = np.where(staff.job_start >= led_from, manager, earlier)
    at_arrival = np.where(led_from >= staff.job_start, staff.rank, rank_before)
    _log(world, everyone, staff.hire_day, HIRE, rank_before, at_hire)
    _log(world, stepped_up, staff.job_start, PROMOTION, staff.rank, at_step)
    _log(world, later_manager, arrival, MANAGER_CHANGE, at_arrival, manager)


def _leader_at_hire(world: World) -> Ints:
    staff, organisation = world.staff, world.organisation
    leader = np.full(len(staff), -1)
    at = staff.unit.copy()
    for _ in range(TEAM + 1):
        holder = organisation.holder[at]
        found = (leader < 0) & (staff.job_start[holder] <= staff.hire_day) & (holder != np.arange(len(staff)))
        leader = np.where(found, holder, leader)
        at = np.maximum(organisation.parent[at], 0)
    return leader


def _log(world: World, who: Bools, day: Ints, reason: int, rank: Ints, manager: Ints) -> None:
    staff = world.staff
    spell = np.flatnonzero(who)
    in_seat = (staff.seat[spell] >= 0) & (day[spell] >= staff.job_start[spell])
    world.jobs.add(
        {
            "spell": spell,
            "day": day[spell],
            "reason": np.full(len(spell), reason),
            "unit": staff.unit[spell],
            "manager": manager[spell],
            "rank": rank[spell],
            "title": staff.title[spell],
            "is_head": (in_seat & (reason != HIRE)).astype(np.int64),
        }
    )
