"""What was said about each talk: partner, setting, length, support, and whether any system ever recorded it."""

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.company.assumptions import (
    DAYS_PER_MONTH,
    NEVER,
    NOT_CAREER_SHARE,
    NOT_HELD_SHARE,
    TALKS_WHILE_ON_NOTICE,
    Bools,
    Ints,
    Texts,
    stream,
)
from pipelines.company.capture import logged_days, recorded_in, with_gaps, with_raters
from pipelines.company.staff import VOLUNTARY, World
from pipelines.company.vocabulary import (
    CHANNELS,
    LINE_MANAGER,
    OTHER_PARTNERS,
    SETTINGS,
    STARTERS,
    SUPPORT_BY_STAGE,
    SUPPORTS,
    TOPICS,
)

SHORT_MINUTES, LONG_MINUTES = (5, 10, 15), (20, 25, 30, 45, 60, 90)
# Share of talks of 15 minutes or less by setting; 21 % over all.
SHORT_SHARES = {"Informal": 0.30, "One-to-one": 0.13, "Dedicated": 0.06, "Formal review": 0.03}
RATING_SHARES = (0.04, 0.09, 0.24, 0.38, 0.25)


def conversations(world: World) -> pl.DataFrame:
    """One row per talk, recorded or not, held or not, up to the as-of date.

    `held_career` marks the talks that carry the planted effect; `recorded_in` is talklog, workbook or none.
    """
    rng = stream(world.seed, "conversations")
    talks = _with_extras(world, _kept(world, rng), rng)
    spells, size = talks["spell"], len(talks["spell"])
    setting = _draw(rng, SETTINGS, size)
    partner, partner_spell = _partners(talks, rng)
    in_job = (talks["day"] - talks["job_start"]) / DAYS_PER_MONTH
    columns: dict[str, Ints | Texts | Bools] = {
        "spell": spells,
        "day": talks["day"],
        "unit": talks["unit"],
        "division": talks["division"],
        "partner": partner,
        "partner_spell": partner_spell,
        "started_by": _draw(rng, STARTERS, size),
        "setting": setting,
        "channel": _draw(rng, CHANNELS, size),
        "topic": _topics(talks, in_job, rng),
        "support": _supports(talks, in_job, rng),
        "prepared": np.where(rng.random(size) < 0.40, "Yes", "No"),
        "useful": rng.choice(np.arange(1, 6), size, p=RATING_SHARES),
        "career": np.where(
            talks["not_career"] == 1,
            "No",
            np.where(rng.random(size) < 0.82, "Yes", "Partly"),
        ),
        "status": np.array(["Held", "Cancelled", "Missed", "Planned"])[talks["status"]],
    }
    columns["minutes"], columns["basis"] = _minutes(setting, rng)
    columns["logged_day"] = logged_days(talks["day"], rng)
    columns["recorded_in"] = recorded_in(world, talks, setting, in_job, rng)
    return with_raters(world, with_gaps(world, pl.DataFrame(columns), rng))


def _kept(world: World, rng: np.random.Generator) -> dict[str, Ints]:
    """Talks that took place: before the as-of date and the last day, rare on notice, one a person and day."""
    talks, staff = world.talks.columns(), world.staff
    spells, days = talks["spell"], talks["day"]
    notice = staff.notice_day[spells]
    quiet = world.scenario.silence_before_notice_days
    silent = (staff.cause[spells] == VOLUNTARY) & (days >= notice - quiet) & (days <= notice) & (quiet > 0)
    spared = (days <= notice) | (rng.random(len(days)) < TALKS_WHILE_ON_NOTICE)
    keep = (days <= world.as_of_day) & (days < staff.term_day[spells]) & spared & ~silent
    kept = np.flatnonzero(keep)
    order = kept[np.lexsort((kept, spells[kept], days[kept]))]
    repeated = np.zeros(len(order), np.bool_)
    repeated[1:] = (np.diff(days[order]) == 0) & (np.diff(spells[order]) == 0)
    order = order[~repeated]
    age = (days[order] - staff.birth_day[spells[order]]) // 365
    return {name: values[order] for name, values in talks.items()} | {"age": age}


def _with_extras(world: World, talks: dict[str, Ints], rng: np.random.Generator) -> dict[str, Ints]:
    """Add entries that must not count: talks without career content, and cancelled, missed or planned ones."""
    size = len(talks["spell"])
    pick = np.flatnonzero(rng.random(size) < NOT_CAREER_SHARE + NOT_HELD_SHARE)
    extra = {name: values[pick] for name, values in talks.items()}
    extra["day"] = extra["day"] + 7 * rng.integers(1, 9, len(pick))
    not_held = rng.random(len(pick)) < NOT_HELD_SHARE / (NOT_CAREER_SHARE + NOT_HELD_SHARE)
    extra["status"] = np.where(not_held, rng.integers(1, 4, len(pick)), 0)
    extra["not_career"] = (~not_held).astype(np.int64)
    inside = (extra["day"] <= world.as_of_day) & (extra["day"] < world.staff.term_day[extra["spell"]])
    # A second entry for the same person and day would be one talk too many.
    same_day = [each["spell"] * NEVER + each["day"] for each in (talks, extra)]
    _, first = np.unique(same_day[1], return_index=True)
    inside &= ~np.isin(same_day[1], same_day[0]) & np.isin(np.arange(len(pick)), first)
    plain = talks | {
        "status": np.zeros(size, np.int64),
        "not_career": np.zeros(size, np.int64),
    }
    return {name: np.concatenate([values, extra[name][inside]]) for name, values in plain.items()}


def _draw(rng: np.random.Generator, weights: Mapping[str, float], size: int) -> Texts:
    chances = np.array(list(weights.values()))
    drawn: Texts = np.array(list(weights))[rng.choice(len(chances), size, p=chances / chances.sum())]
    return drawn


def _partners(talks: dict[str, Ints], rng: np.random.Generator) -> tuple[Texts, Ints]:
    """The partner's role and spell (-1 for people outside); nobody is their own partner."""
    role = np.where(
        talks["with_manager"] == 1,
        LINE_MANAGER,
        _draw(rng, OTHER_PARTNERS, len(talks["spell"])),
    )
    role = np.where((role == "Skip-level manager") & (talks["skip_level"] < 0), "Mentor", role)
    choices = [
        role == LINE_MANAGER,
        role == "Skip-level manager",
        role == "Peer",
        role == "HR partner",
    ]
    spell = np.select(
        choices,
        [
            talks["manager"],
            talks["skip_level"],
            talks["neighbour"],
            talks["hr_partner"],
        ],
        talks["anyone"],
    )
    spell = np.where(spell == talks["spell"], talks["neighbour"], spell)
    return role, np.where(role == "Coach (external)", -1, spell)


def _topics(talks: dict[str, Ints], in_job: NDArray[np.float64], rng: np.random.Generator) -> Texts:
    size = len(in_job)
    usual, chance = _draw(rng, TOPICS, size), rng.random(size)
    special = [
        (in_job < 6) & (chance < 0.35),
        (talks["returned"] == 1) & (chance < 0.6),
    ]
    special.append((talks["age"] >= 60) & (chance < 0.4))
    topics: Texts = np.select(special, ["New role", "Return from leave", "Later career"], usual)
    return topics


def _supports(talks: dict[str, Ints], in_job: NDArray[np.float64], rng: np.random.Generator) -> Texts:
    stage = np.select([talks["age"] >= 60, in_job < 6, in_job < 24, in_job < 60], [4, 0, 1, 2], 3)
    ladder = np.cumsum(np.array(SUPPORT_BY_STAGE), axis=1)[stage]
    step = (rng.random(len(stage))[:, None] > ladder).sum(axis=1)
    supports: Texts = np.array(SUPPORTS)[np.minimum(step, len(SUPPORTS) - 1)]
    return supports


def _minutes(setting: Texts, rng: np.random.Generator) -> tuple[Ints, Texts]:
    """Length in minutes and its basis; scheduled lengths are calendar blocks, so they are never short."""
    size = len(setting)
    short_share = np.select([setting == name for name in SHORT_SHARES], list(SHORT_SHARES.values()))
    short = rng.random(size) < short_share
    minutes = np.where(short, rng.choice(SHORT_MINUTES, size), rng.choice(LONG_MINUTES, size))
    scheduled = rng.random(size) < 0.15
    return np.where(scheduled, rng.choice((30, 60), size), minutes), np.where(scheduled, "Scheduled", "Reported")
