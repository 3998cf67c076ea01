"""What can be known of a person from exports of single days, in plain Python: it shares nothing with the SQL it is compared with.

It reads one person's exports in order, as a careful clerk would.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from tests.histories import Post, Seen

NEXT_DAY = timedelta(days=1)


class KnownSpell(NamedTuple):
    """One employment as far as it is known; `basis` says where `ended_on` is from."""

    started_on: date
    ended_on: date | None
    exit_type: str | None
    basis: str | None


class KnownJob(NamedTuple):
    """One period of a job as far as it is known; `change` is how it began."""

    valid_from: date
    valid_to: date | None
    post: Post
    change: str
    job_started_on: date | None
    manager_started_on: date


def spells(seen: Sequence[Seen], days: Sequence[date]) -> list[KnownSpell]:
    """The employments of one person, from all that exports of `days` say of them."""
    known: list[KnownSpell] = []
    stints = _stints(seen)
    starts = [_start(stints, number) for number in range(len(stints))]
    for number, stint in enumerate(stints):
        back = starts[number + 1] if number + 1 < len(stints) else None
        if (found := _spell(stint, starts[number], back, days)) is not None:
            known.append(found)
    return known


def jobs(seen: Sequence[Seen], days: Sequence[date]) -> list[KnownJob]:
    """The jobs of one person; a period ends where the next begins."""
    held = [s for s in seen if not s.is_over and (s.hire <= s.day or s.day == days[-1])]
    drafts: list[KnownJob] = []
    for before, now in pairwise([None, *held]):
        assert now is not None
        is_back = before is not None and (
            now.hire > before.day or any(s.is_over and before.day < s.day < now.day for s in seen)
        )
        if before is None or is_back or _post(before) != _post(now):
            drafts.append(_job(before, now, is_back, days))
    ends = [*(later.valid_from for later in drafts[1:]), None][: len(drafts)]
    return _with_starts([job._replace(valid_to=end) for job, end in zip(drafts, ends, strict=True)])


def _stints(seen: Sequence[Seen]) -> list[list[Seen]]:
    """The exports of a person cut where they must have come back."""
    parts: list[list[Seen]] = []
    for now in seen:
        before = parts[-1][-1] if parts else None
        if before is None or _returned(before, now):
            parts.append([])
        parts[-1].append(now)
    return parts


def _returned(before: Seen, now: Seen) -> bool:
    if before.is_over:
        return not now.is_over or now.hire > (before.last_day or before.day)
    return before.hire <= before.day < now.hire


def _start(stints: Sequence[Sequence[Seen]], number: int) -> date:
    """The newest hire date of the stint where it is later than what went before, else the first day seen again."""
    if number == 0:
        return stints[0][-1].hire
    before = stints[number - 1][-1]
    gone = (before.last_day or before.day) if before.is_over else before.day
    newest = stints[number][-1]
    return newest.hire if newest.hire > gone else stints[number][0].day


def _spell(stint: Sequence[Seen], start: date, back: date | None, days: Sequence[date]) -> KnownSpell | None:
    newest = stint[-1]
    following = next((day for day in days if day > newest.day), None)
    stated = next((s for s in reversed(stint) if s.last_day and (s is newest or s.day > s.last_day)), None)
    if stated and stated.last_day and stated is next(s for s in reversed(stint) if s.last_day):
        if following and stated.last_day > following:
            return KnownSpell(start, min(following, back or following), stated.kind, "derived")
        end = stated.last_day + NEXT_DAY
        return KnownSpell(start, min(end, back or end), stated.kind, "source")
    if newest.is_over:
        gone_by = next(s.day for s in stint if s.is_over)
        return KnownSpell(start, gone_by, newest.kind, "derived") if gone_by > days[0] else None
    if following is None:
        return KnownSpell(start, None, None, None)
    if newest.hire > newest.day:
        return None
    return KnownSpell(start, min(following, back or following), "exit_unknown", "derived")


def _job(before: Seen | None, now: Seen, is_back: bool, days: Sequence[date]) -> KnownJob:
    is_new = before is not None and before.post.title != now.post.title
    delivered_before = max((day for day in days if day < now.day), default=now.day)
    begins = now.day
    if (before is None or is_back) and now.hire > (before.day if before else delivered_before):
        begins = now.hire
    elif before and is_new and now.job_start and before.day < now.job_start <= now.day:
        begins = now.job_start
    started = now.job_start or (begins if is_new or begins == now.hire else None)
    return KnownJob(begins, None, now.post, _change(before, now, is_back, begins), started, begins)


def _change(before: Seen | None, now: Seen, is_back: bool, begins: date) -> str:
    if before is None:
        return "hire" if begins == now.hire else "unknown"
    if is_back:
        return "rehire"
    rise = now.post.rank - before.post.rank
    return "promotion" if rise > 0 else "demotion" if rise < 0 else "unknown"


def _with_starts(periods: Sequence[KnownJob]) -> list[KnownJob]:
    """The same periods with the beginnings of the job and of the time under the manager carried on."""
    known: list[KnownJob] = []
    kept = [p for p in periods if p.valid_to is None or p.valid_to > p.valid_from]
    for before, now in pairwise([None, *kept]):
        assert now is not None
        is_on = before is not None and before.valid_to == now.valid_from and now.change != "rehire"
        under = (
            known[-1].manager_started_on
            if is_on and before and before.post.manager == now.post.manager
            else now.valid_from
        )
        known.append(now._replace(manager_started_on=under))
    return [p._replace(job_started_on=_run_start(known, number)) for number, p in enumerate(known)]


def _run_start(periods: Sequence[KnownJob], number: int) -> date | None:
    """The earliest start that any period of the unbroken run in this job knows."""
    first = last = number
    while first and _is_same_job(periods[first - 1], periods[first]):
        first -= 1
    while last + 1 < len(periods) and _is_same_job(periods[last], periods[last + 1]):
        last += 1
    return min((p.job_started_on for p in periods[first : last + 1] if p.job_started_on), default=None)


def _is_same_job(before: KnownJob, now: KnownJob) -> bool:
    return before.valid_to == now.valid_from and before.post.title == now.post.title and now.change != "rehire"


def _post(seen: Seen) -> tuple[str, int, str, str]:
    return seen.post.title, seen.post.rank, seen.post.unit, seen.post.manager
