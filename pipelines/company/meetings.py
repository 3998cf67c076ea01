"""The moments at which people talk about careers, month by month, and who could have been the partner."""

import numpy as np

from pipelines.company.assumptions import DAYS_PER_MONTH, DIVISIONS, TALK_SEASON, TALK_TREND, Floats, Ints, stream
from pipelines.company.calendar import calendar_month, on_weekdays
from pipelines.company.staff import CONTRACTOR, Staff, World

HR_DIVISION = [division.name for division in DIVISIONS].index("People")


def manager_quality(staff: Staff, spells: Ints) -> Floats:
    """Quality of each spell's manager, standard normal, 0 where there is none."""
    manager = staff.manager[spells]
    return np.where(manager < 0, 0.0, staff.quality[np.maximum(manager, 0)])


def log_talks(world: World, low: int, high: int, elapsed: float, purpose: str) -> None:
    """Draw the month's conversations; `elapsed` is the share of the window gone by, for the slow rise in coverage."""
    rng, staff = stream(world.seed, purpose), world.staff
    here = np.flatnonzero(staff.employed(high - 1) & (staff.hire_day < high - 3))
    trend = TALK_TREND[0] + (TALK_TREND[1] - TALK_TREND[0]) * elapsed
    pace = _talk_pace(world, here, low) * trend / 12
    slope = world.scenario.manager_talk_slope
    pull = np.exp(slope * manager_quality(staff, here) - slope**2 / 2) * (staff.manager[here] >= 0)
    with_manager = np.repeat(here, rng.poisson(staff.manager_rate[here] * pull * pace))
    with_others = np.repeat(here, rng.poisson(staff.other_rate[here] * pace))
    spells = np.concatenate([with_manager, with_others])
    earliest = np.maximum(staff.hire_day[spells] + 1, low)
    days = on_weekdays(rng.integers(earliest, high), earliest, high)
    np.maximum.at(staff.last_talk, spells, days)
    away = days - staff.leave_until[spells]
    hr_staff = here[(world.organisation.division[staff.unit[here]] == HR_DIVISION) & (staff.seat[here] < 0)]
    manager = staff.manager[spells]
    world.talks.add(
        {
            "spell": spells,
            "day": days,
            "with_manager": (np.arange(len(spells)) < len(with_manager)).astype(np.int64),
            "unit": staff.unit[spells],
            "division": world.organisation.division[staff.unit[spells]],
            "manager": manager,
            "skip_level": np.where(manager < 0, -1, staff.manager[np.maximum(manager, 0)]),
            "job_start": staff.job_start[spells],
            "returned": ((away >= 0) & (away < 90)).astype(np.int64),
            "neighbour": _neighbours(staff, here, spells, rng),
            "hr_partner": rng.choice(hr_staff, len(spells)),
            "anyone": rng.choice(here, len(spells)),
        }
    )


def _talk_pace(world: World, spells: Ints, low: int) -> Floats:
    """How much more or less than average people talk, by division, season, time in job, leave and contract."""
    staff = world.staff
    by_division = np.array([division.talk_factor for division in DIVISIONS] + [1.0])
    in_job = (low - staff.job_start[spells]) / DAYS_PER_MONTH
    stage = np.select([in_job < 6, in_job < 24, in_job < 60], [1.25, 1.05, 0.95], 0.85)
    on_leave = np.where(staff.leave_until[spells] > low, 0.1, 1.0)
    back = low - staff.leave_until[spells]
    returning = np.where((back >= 0) & (back < 60), 1.8, 1.0)
    outside = np.where(staff.kind[spells] == CONTRACTOR, 0.2, 1.0)
    season = TALK_SEASON[calendar_month(low)]
    pace: Floats = by_division[world.organisation.division[staff.unit[spells]]] * stage * on_leave * returning * outside
    return pace * season


def _neighbours(staff: Staff, here: Ints, spells: Ints, rng: np.random.Generator) -> Ints:
    """For each talk a colleague from the same or the next team."""
    ordered = here[np.argsort(staff.unit[here], kind="stable")]
    position = np.empty(len(staff), np.int64)
    position[ordered] = np.arange(len(ordered))
    colleagues: Ints = ordered[(position[spells] + rng.integers(1, 5, len(spells))) % len(ordered)]
    return colleagues
