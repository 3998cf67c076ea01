"""What changes in people's jobs on the first of each month: succession, reorganisation, promotion, moves, titles."""

import numpy as np

from pipelines.company.assumptions import (
    DEMOTIONS_PER_YEAR,
    LATERAL_MOVES_PER_YEAR,
    NEVER,
    PROMOTION_SEASON,
    PROMOTIONS_PER_YEAR,
    REORG_MONTHS_BEFORE_END,
    TITLE_CHANGES_PER_YEAR,
    Bools,
    Ints,
    stream,
)
from pipelines.company.calendar import calendar_month
from pipelines.company.founding import (
    DEMOTION,
    LATERAL,
    MANAGER_CHANGE,
    MANAGER_RANKS,
    PROMOTION,
    REORGANIZATION,
    TITLE_CHANGE,
    TOP_STAFF_RANK,
    TRANSFER,
)
from pipelines.company.organisation import TEAM
from pipelines.company.staff import CONTRACTOR, World

CROSS_DIVISION_SHARE = 0.3  # of lateral moves (assumption)


def change_jobs(world: World, month: int) -> None:
    """Apply the month's changes and log one row for everyone whose unit, manager, rank or title is now different."""
    staff, day = world.staff, int(world.starts[month])
    rng = stream(world.seed, f"jobs {month}")
    before = [values.copy() for values in (staff.unit, staff.manager, staff.rank, staff.title)]
    reason = np.full(len(staff), MANAGER_CHANGE)
    _fill_vacant_seats(world, day, reason)
    if month == world.months - REORG_MONTHS_BEFORE_END:
        _reorganise(world, reason)
    free = staff.employed(day) & (staff.notice_day == NEVER) & (staff.seat < 0) & (reason == MANAGER_CHANGE)
    _promote(world, month, free, reason, rng)
    _move(world, free, reason, rng)
    _retitle(world, free, reason, rng)
    manager = world.organisation.managers_of(staff.unit)
    staff.manager = np.where(manager == np.arange(len(staff)), -1, manager)
    differs = np.zeros(len(staff), np.bool_)
    for old, new in zip(before, (staff.unit, staff.manager, staff.rank, staff.title), strict=True):
        differs |= old != new
    changed = np.flatnonzero(differs & staff.employed(day))
    new_job = changed[np.isin(reason[changed], (PROMOTION, LATERAL, TRANSFER, DEMOTION))]
    staff.job_start[new_job] = day
    log_jobs(world, changed, np.full(len(changed), day), reason[changed])


def log_jobs(world: World, spells: Ints, days: Ints, reasons: Ints) -> None:
    """Write one job row per given spell from the present state."""
    staff = world.staff
    world.jobs.add(
        {
            "spell": spells,
            "day": days,
            "reason": reasons,
            "unit": staff.unit[spells],
            "manager": staff.manager[spells],
            "rank": staff.rank[spells],
            "title": staff.title[spells],
            "is_head": (staff.seat[spells] >= 0).astype(np.int64),
        }
    )


def _fill_vacant_seats(world: World, day: int, reason: Ints) -> None:
    """Top down, so that a seat emptied by a successor is filled on the same day."""
    staff, organisation = world.staff, world.organisation
    for level in range(TEAM + 1):
        held = organisation.holder >= 0
        gone = held & (staff.term_day[np.maximum(organisation.holder, 0)] <= day)
        organisation.holder[gone] = -1
        vacant = np.flatnonzero((organisation.kind == level) & (organisation.holder < 0))
        fit = np.flatnonzero(staff.employed(day) & (staff.notice_day == NEVER) & (staff.kind != CONTRACTOR))
        fit = fit[np.lexsort((staff.hire_day[fit], -staff.rank[fit], staff.unit[fit]))]
        first = np.searchsorted(staff.unit[fit], vacant)
        for unit, at in zip(vacant.tolist(), first.tolist(), strict=True):
            if at < len(fit) and staff.unit[fit[at]] == unit:
                _appoint(world, unit, int(fit[at]), reason)


def _appoint(world: World, unit: int, successor: int, reason: Ints) -> None:
    staff, organisation = world.staff, world.organisation
    left = int(staff.seat[successor])
    if left >= 0:
        organisation.holder[left] = -1
    organisation.holder[unit] = successor
    staff.seat[successor] = unit
    staff.unit[successor] = max(int(organisation.parent[unit]), 0)
    staff.rank[successor] = MANAGER_RANKS[int(organisation.kind[unit])]
    reason[successor] = PROMOTION


def _reorganise(world: World, reason: Ints) -> None:
    organisation = world.organisation
    organisation.reorganise()
    head = int(organisation.holder[organisation.moved_unit])
    if head >= 0:
        world.staff.unit[head] = organisation.moved_to
        reason[head] = REORGANIZATION


def _promote(world: World, month: int, free: Bools, reason: Ints, rng: np.random.Generator) -> None:
    staff = world.staff
    settled = free & (staff.kind != CONTRACTOR) & (staff.job_start < world.starts[month] - 365)
    season = PROMOTION_SEASON[calendar_month(int(world.starts[month]))]
    # Only settled people below the top rank can be promoted; scaling keeps the rate over all staff at its level.
    able = settled & (staff.rank < TOP_STAFF_RANK)
    chance = PROMOTIONS_PER_YEAR / 12 * season * int(free.sum()) / max(1, int(able.sum()))
    up = able & (rng.random(len(staff)) < chance)
    down = settled & ~up & (staff.rank > 1) & (rng.random(len(staff)) < DEMOTIONS_PER_YEAR / 12)
    staff.rank = staff.rank + up - down
    reason[up] = PROMOTION
    reason[down] = DEMOTION


def _move(world: World, free: Bools, reason: Ints, rng: np.random.Generator) -> None:
    """Send people to another team, mostly within their division; the old team hires a replacement later."""
    staff, organisation = world.staff, world.organisation
    chosen = rng.random(len(staff)) < LATERAL_MOVES_PER_YEAR / 12
    movers = np.flatnonzero(free & chosen & (reason == MANAGER_CHANGE))
    teams = np.flatnonzero(organisation.kind == TEAM)
    teams = teams[np.argsort(organisation.division[teams], kind="stable")]
    divisions = organisation.division[teams]
    own = organisation.division[staff.unit[movers]]
    low, high = (
        np.searchsorted(divisions, own),
        np.searchsorted(divisions, own, side="right"),
    )
    anywhere = rng.random(len(movers)) < CROSS_DIVISION_SHARE
    low, high = np.where(anywhere, 0, low), np.where(anywhere, len(teams), high)
    target = teams[rng.integers(low, high)]
    crosses = organisation.division[target] != own
    stays = target == staff.unit[movers]
    reason[movers[~stays]] = np.where(crosses, TRANSFER, LATERAL)[~stays]
    staff.unit[movers] = target


def _retitle(world: World, free: Bools, reason: Ints, rng: np.random.Generator) -> None:
    staff = world.staff
    chosen = rng.random(len(staff)) < TITLE_CHANGES_PER_YEAR / 12
    renamed = np.flatnonzero(free & chosen & (reason == MANAGER_CHANGE) & (staff.title == 0))
    staff.title[renamed] = 1
    reason[renamed] = TITLE_CHANGE
