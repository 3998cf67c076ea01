"""Random true careers, and what exports of single days tell of them. What can be known from those is in history_oracle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tests.deliveries import AS_OF
from tests.sql_cases import Row

FOUNDED = date(2018, 1, 1)
KINDS = ("exit_voluntary", "exit_involuntary", "exit_other", "exit_unknown")
TITLES = ("Clerk", "Analyst", "Planner")
ANNOUNCED_DAYS = 25


@dataclass(frozen=True)
class Post:
    """What somebody does from a day on."""

    from_on: date
    title: str
    rank: int
    unit: str
    manager: str


@dataclass(frozen=True)
class Notice:
    """A last day as it was announced; `withdrawn_on` where it was taken back."""

    given_on: date
    last_day: date
    withdrawn_on: date | None = None


@dataclass(frozen=True)
class Stint:
    """One true employment; until `corrected_on` the system shows `wrong_hire`, and `shown_hire` for good after it."""

    hired_on: date
    shown_hire: date
    wrong_hire: date
    corrected_on: date
    posts: tuple[Post, ...]
    notices: tuple[Notice, ...]
    last_day: date | None
    kind: str
    came: bool = True


@dataclass(frozen=True)
class Style:
    """When a system is exported and what it tells."""

    days: tuple[date, ...]
    keeps_leavers: bool
    dates_exits: bool
    dates_jobs: bool


@dataclass(frozen=True)
class Seen:
    """One person on one export."""

    day: date
    hire: date
    last_day: date | None
    kind: str | None
    is_over: bool
    post: Post
    job_start: date | None


def style(seed: int) -> Style:
    """Three to six days of export; every second system keeps its leavers, some of those without their last day."""
    rng = Random(f"style {seed}")
    days = sorted({AS_OF - timedelta(days=rng.randint(0, 900)) for _ in range(rng.randint(3, 6))})
    return Style(tuple(days), seed % 2 == 0, seed % 6 != 0, seed % 3 == 1)


def careers(seed: int, people: int = 16) -> dict[str, tuple[Stint, ...]]:
    """True careers by id; the first three people stay for good and manage the others."""
    rng = Random(f"careers {seed}")
    bosses = [f"S{seed}-B{number}" for number in range(3)]
    found = {boss: (_stint(rng, FOUNDED, bosses[:1], None),) for boss in bosses}
    return found | {f"S{seed}-P{number}": _career(rng, bosses) for number in range(people)}


def shown(stints: Sequence[Stint], day: date, style: Style) -> Seen | None:
    """What an export of `day` says of a person; None where it leaves them out."""
    begun = [s for s in stints if s.came and s.hired_on <= day]
    coming = [s for s in stints[:1] if day < s.hired_on <= day + timedelta(days=ANNOUNCED_DAYS)]
    if not (begun or coming):
        return None
    stint = (begun or coming)[-1]
    is_gone = stint.last_day is not None and stint.last_day < day
    if is_gone and not style.keeps_leavers:
        return None
    given = [n for n in stint.notices if n.given_on <= day and (n.withdrawn_on is None or day < n.withdrawn_on)]
    last_day = given[-1].last_day if given and style.dates_exits else None
    post = [p for p in stint.posts if p.from_on <= day or p is stint.posts[0]][-1]
    hire = stint.wrong_hire if stint.hired_on <= day < stint.corrected_on else stint.shown_hire
    kind = stint.kind if last_day or is_gone else None
    start = min(p.from_on for p in stint.posts if p.title == post.title) if style.dates_jobs else None
    return Seen(day, hire, last_day, kind, is_gone, post, start)


def raw_rows(seed: int) -> list[Row]:
    """The exports of one seed as rows of ``raw.parley__worker_snapshot``; the seed is the population."""
    plan = style(seed)
    return [
        as_exported(found) | {"employee_id": person, "_as_of": day.isoformat(), "_id_space": f"S{seed}"}
        for person, stints in careers(seed).items()
        for day in plan.days
        if (found := shown(stints, day, plan))
    ]


def as_exported(seen: Seen) -> Row:
    """The columns of the template that an export fills."""
    return {
        "hire_date": seen.hire.isoformat(),
        "last_day_on": seen.last_day.isoformat() if seen.last_day else None,
        "exit_type": seen.kind,
        "employment_status": "terminated" if seen.is_over else "prehire" if seen.hire > seen.day else "active",
        "job_title": seen.post.title,
        "grade_rank": str(seen.post.rank),
        "org_unit_key": seen.post.unit,
        "manager_id": seen.post.manager,
        "job_started_on": seen.job_start.isoformat() if seen.job_start else None,
    }


def _career(rng: Random, bosses: Sequence[str]) -> tuple[Stint, ...]:
    hired = date(2023, 6, 1) + timedelta(days=rng.randint(-1500, 1050))
    stints = [_stint(rng, hired, bosses, rng.choice([None, 40, 200, 600]), came=rng.random() < 0.9)]
    while stints[-1].came and stints[-1].last_day and rng.random() < 0.8 and len(stints) < 4:
        again = stints[-1].last_day + timedelta(days=rng.randint(1, 250))
        old = stints[0].shown_hire if rng.random() < 0.4 else None
        stints.append(_stint(rng, again, bosses, rng.choice([None, 60, 300]), old))
    return tuple(stints)


def _stint(
    rng: Random, hired: date, bosses: Sequence[str], length: int | None, old: date | None = None, *, came: bool = True
) -> Stint:
    last_day = hired + timedelta(days=rng.randint(1, length)) if length and came else None
    lasted = (last_day - hired).days if last_day else 1000
    is_corrected = old is None and lasted > 9 and rng.random() < 0.15
    wrong = hired + timedelta(days=rng.choice([-9, 9])) if is_corrected else old or hired
    return Stint(
        hired_on=hired,
        shown_hire=old or hired,
        wrong_hire=wrong,
        corrected_on=hired + timedelta(days=rng.randint(20, 400)),
        posts=_posts(rng, hired, bosses),
        notices=_notices(rng, hired, last_day),
        last_day=last_day,
        kind=rng.choice(KINDS),
        came=came,
    )


def _posts(rng: Random, hired: date, bosses: Sequence[str]) -> tuple[Post, ...]:
    posts = [Post(hired, rng.choice(TITLES), rng.randint(2, 4), rng.choice("ABC"), rng.choice(bosses))]
    left = list(TITLES)
    while rng.random() < 0.75 and len(posts) < 6:
        now = posts[-1]
        left = [title for title in left if title != now.title]
        posts.append(
            Post(
                now.from_on + timedelta(days=rng.randint(15, 300)),
                rng.choice(left) if left and rng.random() < 0.4 else now.title,
                now.rank + rng.choice([-1, 0, 0, 0, 1, 1]),
                rng.choice("ABC"),
                rng.choice(bosses),
            )
        )
    return tuple(posts)


def _notices(rng: Random, hired: date, last_day: date | None) -> tuple[Notice, ...]:
    """A withdrawn notice now and then, and the true one where there is an end."""
    limit = last_day or AS_OF
    found = []
    if rng.random() < 0.3 and limit > hired + timedelta(days=120):
        given = hired + timedelta(days=rng.randint(0, 60))
        back = given + timedelta(days=rng.randint(1, 50))
        found.append(Notice(given, back + timedelta(days=rng.randint(0, 60)), back))
    if last_day:
        found.append(Notice(max(hired, last_day - timedelta(days=rng.randint(0, 90))), last_day))
    return tuple(found)
