"""Invented companies whose hazard ratios are known, as the tables of core that an export of some years would leave behind.

Months are lived one by one. What decides on leaving and on rising is the state on the day before the month begins, and
the export knows nothing of what was said, or who left, before it begins.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

AS_OF = date(2026, 6, 30)
LEVELS = ("under_3_months", "3_to_5_months", "6_to_11_months", "12_months_or_more", "none_on_record")
# Levels of every exposure, the reference first; of the last talk there are two kinds, by whether its day is even or odd.
LEVELS_OF = {
    "recency": LEVELS,
    "count": ("none", "one", "two_or_three", "four_or_more"),
    "partner": ("none_in_half_year", "boss", "not_boss"),
    "setting": ("none_in_half_year", "informal", "formal"),
    "length": ("none_in_half_year", "up_to_15_minutes", "longer"),
    "initiator": ("none_in_half_year", "employee", "somebody_else"),
    "support": ("none_in_half_year", "fits_stage", "does_not_fit"),
    "usefulness": ("none_in_half_year", "useful", "not_useful"),
}
# The column that says of what kind a talk was, and what it holds on even and on odd days.
_KINDS: dict[str, tuple[str, tuple[str | int, str | int]]] = {
    "partner": ("partner_relation", ("line_manager", "mentor")),
    "setting": ("setting", ("informal", "formal")),
    "length": ("duration_min", (15, 30)),
    "initiator": ("initiated_by", ("employee", "manager")),
    "support": ("support_type", ("advice_challenge", "information")),
    "usefulness": ("usefulness", (4, 3)),
}
EFFECT = (1.0, 1.25, 1.60, 2.00, 1.80)
RISES = (1.0, 0.90, 0.75, 0.60, 0.60)
NULL = (1.0,) * 5
BEFORE = 36
_EDGES, _NEVER = (92, 183, 366), -1
_TOP_GRADE, _FAR = 3, 10**6
_WORKER = "worker_key"

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class World:
    """What is true: `exits` and `rises` are hazard ratios by the level of `exposure`; `people` are hired over time.

    The level that counts is that of `lag_months` before.

    `months` are seen; those of the BEFORE months before them who are still there are seen as well. A manager hires `team`
    people over time, has not half of them at once, and a hazard of leaving of their own (`spread`) that goes with how
    much they talk (`correlation`). Who gives notice stays for `notice_days` more and talks a fifth as much. In the first
    two years the hazard of leaving is `newcomers` times that later.
    """

    exits: tuple[float, ...] = EFFECT
    rises: tuple[float, ...] = NULL
    people: int = 10_000
    months: int = 60
    team: int = 8
    spread: float = 0.0
    correlation: float = 0.0
    notice_days: int = 1
    newcomers: float = 2.0
    exposure: str = "recency"
    lag_months: int = 0


@dataclass
class _Staff:
    """One entry per person: what they are and, month by month, what has become of them; days count from 1970."""

    hired: Integers
    hired_on: Integers
    manager: Integers
    stage: Integers
    grade_at_first: Integers
    mood: Floats
    talkative: Floats
    grade: Integers = field(init=False)
    last_on: Integers = field(init=False)
    since: Integers = field(init=False)
    noticed_on: Integers = field(init=False)
    cause: Integers = field(init=False)
    talks: list[tuple[Integers, Integers]] = field(default_factory=list)
    moves: list[tuple[Integers, Integers]] = field(default_factory=list)

    def __post_init__(self) -> None:
        size = len(self.hired)
        self.grade, self.since = self.grade_at_first.copy(), self.hired + 1
        self.last_on, self.noticed_on = np.full(size, _NEVER), np.full(size, _FAR)
        self.cause = np.zeros(size, dtype=np.int64)


def export(world: World, seed: int) -> dict[str, pl.DataFrame]:
    """Tables of core by name, of `world.people` or, as many have left before it begins, somewhat fewer."""
    days = first_days(world.months)
    staff = lived(world, np.random.default_rng(seed), days)
    return _tables(world, staff, days, seed)


def first_days(months: int) -> Integers:
    """The first day of each month lived, and of the one after."""
    first = np.datetime64(AS_OF + timedelta(days=1), "M") - (BEFORE + months)
    return (first + np.arange(BEFORE + months + 1)).astype("datetime64[D]").astype(np.int64)


def lived(world: World, draw: np.random.Generator, days: Integers) -> _Staff:
    """Everybody's life, from the first hire on."""
    staff = _hired(world, draw, days)
    exits, rises = np.log(world.exits), np.log(world.rises)
    levels: list[Integers] = []
    for month in range(1, BEFORE + world.months):
        there = np.flatnonzero((staff.hired < month) & (staff.noticed_on + world.notice_days > days[month]))
        here = there[staff.cause[there] == 0]
        levels.append(_level(staff, world.exposure, int(days[month]) - 1))
        level = levels[max(month - 1 - world.lag_months, 0)][here]
        on = days[month] + draw.integers(0, 28, len(here))
        tenure = month - staff.hired[here] - 1
        leaving = _base(staff, here) + exits[level] + np.log(world.newcomers) * (tenure < 24)
        voluntary = _happens(draw, leaving)
        involuntary = ~voluntary & (draw.random(len(here)) < 0.004)
        clock = month - staff.since[here]
        rising = np.log(0.012) + rises[level] + 0.4 * (clock >= 12) - 0.2 * staff.grade[here]
        risen = _happens(draw, rising) & ~voluntary & ~involuntary & (staff.grade[here] < _TOP_GRADE)
        gone = voluntary | involuntary
        staff.noticed_on[here[gone]] = on[gone]
        staff.cause[here[gone]] = np.where(voluntary[gone], 1, 2)
        _talk(staff, draw, there, days[month] + draw.integers(0, 28, len(there)), world)
        staff.grade[here[risen]] += 1
        staff.since[here[risen]] = month + 1
        staff.moves.append((here[risen], on[risen]))
    return staff


def _hired(world: World, draw: np.random.Generator, days: Integers) -> _Staff:
    size = world.people
    month = np.where(
        draw.random(size) < 0.5, draw.integers(0, BEFORE, size), draw.integers(0, world.months, size) + BEFORE
    )
    manager = draw.integers(0, max(size // world.team, 1), size)
    mood = draw.normal(size=manager.max() + 1)
    talkative = world.correlation * mood + np.sqrt(1 - world.correlation**2) * draw.normal(size=len(mood))
    return _Staff(
        month, days[month] + draw.integers(0, 28, size), manager, draw.integers(0, 2, size), draw.integers(0, 3, size),
        world.spread * mood[manager], talkative[manager],
    )  # fmt: skip


def _level(staff: _Staff, exposure: str, eve: int) -> Integers:
    """The level of everybody on a day, as a place in LEVELS_OF."""
    if exposure == "count":
        year = [np.zeros(0, dtype=np.int64), *(who for who, _ in staff.talks[-12:])]
        return np.searchsorted([1, 2, 4], np.bincount(np.concatenate(year), minlength=len(staff.hired)), side="right")
    age = eve - staff.last_on
    if exposure == "recency":
        return np.where(staff.last_on == _NEVER, 4, np.searchsorted(_EDGES, age, side="right"))
    return np.where((staff.last_on != _NEVER) & (age < _EDGES[1]), 1 + staff.last_on % 2, 0)


def _base(staff: _Staff, who: Integers) -> Floats:
    division, grade = _division(staff.manager[who]), staff.grade[who]
    covariates = 0.3 * (division == 1) - 0.2 * (division == 2) + 0.25 * staff.stage[who] - 0.25 * grade
    log_hazard: Floats = np.log(0.008) + covariates + staff.mood[who]
    return log_hazard


def _division(manager: Integers) -> Integers:
    return manager % 4


def _happens(draw: np.random.Generator, log_hazard: Floats) -> Flags:
    return draw.random(len(log_hazard)) < -np.expm1(-np.exp(log_hazard))


def _talk(staff: _Staff, draw: np.random.Generator, who: Integers, on: Integers, world: World) -> None:
    """Those of a high grade talk more (and leave less); after notice, a fifth as much, and not at all once gone."""
    chance = 0.13 * np.exp(0.4 * (staff.grade[who] - 1) + 0.5 * staff.talkative[who])
    chance *= np.where(on > staff.noticed_on[who], 0.2, 1.0) * (on < staff.noticed_on[who] + world.notice_days)
    talking = draw.random(len(who)) < chance
    staff.last_on[who[talking]] = on[talking]
    staff.talks.append((who[talking], on[talking]))


def _tables(world: World, staff: _Staff, days: Integers, seed: int) -> dict[str, pl.DataFrame]:
    from_day, horizon, ended_on = int(days[BEFORE]), int(days[-1]), staff.noticed_on + world.notice_days
    manager = pl.Series(staff.manager).cast(pl.String)
    person = pl.DataFrame(
        {
            "person": np.arange(world.people),
            "started": staff.hired_on,
            "noticed": staff.noticed_on,
            "ended": ended_on,
            "ends": np.minimum(ended_on, horizon),
            "grade": staff.grade_at_first,
            "manager_key": f"{seed}-" + manager,
            "org_unit_key": pl.Series(_division(staff.manager)).cast(pl.String),
            "career_stage": pl.Series(staff.stage).cast(pl.String),
            "exit_type": pl.Series([None, "exit_voluntary", "exit_involuntary"]).gather(staff.cause),
        }
    ).filter((pl.col("ends") > from_day) & (pl.col("started") < horizon))
    key = pl.format("{}-{}", pl.lit(seed), pl.col("person")).alias(_WORKER)
    is_over = pl.col("exit_type").is_not_null()
    person = person.with_columns(
        key, *(pl.when(is_over).then(name).alias(name) for name in ("noticed", "ended")), spell_no=pl.lit(1, pl.Int64)
    )
    known = pl.max_horizontal("started", pl.lit(from_day))
    return {
        "core.employment": person.select(_WORKER, "spell_no", started_on=_day("started"), ends_on=_day("ends")),
        "core.spell": person.select(
            _WORKER,
            "spell_no",
            "exit_type",
            started_on=_day("started"),
            decided_on=_day("noticed"),
            ended_on=_day("ended"),
        ),
        "core.capture_span": person.select(
            _WORKER,
            "spell_no",
            scope=pl.lit("event"),
            valid_from=known.cast(pl.Int32).cast(pl.Date),
            valid_to=_day("ends"),
        ),
        **_talks(person, staff, from_day, world.exposure),
        **_jobs(person, staff),
    }


def _day(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Int32).cast(pl.Date)


def _dated(happened: list[tuple[Integers, Integers]]) -> pl.DataFrame:
    who, on = (np.concatenate(part) for part in zip(*happened, strict=True))
    return pl.DataFrame({"person": who, "on": on})


def _talks(person: pl.DataFrame, staff: _Staff, from_day: int, exposure: str) -> dict[str, pl.DataFrame]:
    seen = _dated(staff.talks).filter(pl.col("on") >= from_day).join(person.select("person", _WORKER), on="person")
    conversation = seen.select(
        _WORKER, spell_no=pl.lit(1, pl.Int64), occurred_on=_day("on"),
        conversation_key=pl.format("{}-{}", _WORKER, "on"), partner_relation=pl.lit("line_manager"),
        setting=pl.lit("informal"), duration_min=pl.lit(15), duration_basis=pl.lit("reported"), initiated_by=pl.lit("employee"),
        support_type=pl.lit(None, pl.String), usefulness=pl.lit(4),
    )  # fmt: skip
    if exposure in _KINDS:
        column, (even, odd) = _KINDS[exposure]
        is_odd = pl.col("occurred_on").cast(pl.Int32) % 2 == 1
        conversation = conversation.with_columns(
            pl.when(is_odd).then(pl.lit(odd)).otherwise(pl.lit(even)).alias(column)
        )
    return {
        "core.conversation": conversation,
        "core.talk": conversation.select(
            "conversation_key", career_stage=pl.lit("unknown" if exposure != "support" else "growing")
        ),
    }


def _jobs(person: pl.DataFrame, staff: _Staff) -> dict[str, pl.DataFrame]:
    """Jobs end with a rise in grade; an episode ends on the ninetieth day as well, the first of those that count."""
    risen = _dated(staff.moves).join(person, on="person")
    turns = [
        person.select("person", on="started", step=pl.lit(0)),
        person.select("person", on=pl.col("started") + 90, step=pl.lit(0)),
        risen.select("person", "on", step=pl.lit(1)),
    ]
    span = pl.concat(turns).group_by("person", "on").agg(pl.col("step").sum()).join(person, on="person")
    span = span.filter(pl.col("on") < pl.col("ends")).sort("person", "on")
    rank = pl.col("grade") + pl.col("step").cum_sum().over("person")
    until = pl.col("on").shift(-1).over("person").fill_null(pl.col("ends")).cast(pl.Int32).cast(pl.Date)
    place = ["org_unit_key", "manager_key", "grade_code", "career_stage"]
    told = span.with_columns(valid_from=_day("on"), valid_to=until, grade_rank=rank, grade_code=rank.cast(pl.String))
    episode = told.select(
        _WORKER, "spell_no", "valid_from", "valid_to", *place, started_on=_day("started"),
        is_eligible=pl.col("on") >= pl.col("started") + 90, place_key=pl.concat_str(place, separator="|"),
    )  # fmt: skip
    return {
        "core.episode": episode,
        "core.job": told.select(_WORKER, "valid_from", "valid_to", "grade_rank", source_system=pl.lit("hr")),
        "core.move": risen.select(_WORKER, "spell_no", moved_on=_day("on"), is_grade_increase=pl.lit(value=True)),
    }
