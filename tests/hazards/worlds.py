"""Invented companies whose hazard ratios are known, month by month, as cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.hazards import Term

LEVELS = ("under_3", "3_to_5", "6_to_11", "12_or_more", "none_on_record")
EFFECT = (1.0, 1.25, 1.60, 2.00, 1.80)
NULL = (1.0,) * 5
PROMOTION = (1.0, 0.90, 0.75, 0.60, 0.60)
TERMS = (Term("level", "under_3"), Term("division", "0"), Term("grade", "0"))
_BEFORE, _SEEN = 24, 36


@dataclass(frozen=True)
class World:
    """What is true: ratios by level, the spread of managers' own hazards, and how it goes with how much they talk.

    With `is_recurrent` the event does not end employment, and its clock starts anew each time. `site_ratio` is that of a
    site, which a manager's people share.
    """

    ratios: tuple[float, ...] = EFFECT
    people: int = 3_000
    team: int = 8
    spread: float = 0.0
    correlation: float = 0.0
    site_ratio: float = 1.0
    is_recurrent: bool = False


def person_months(world: World, seed: int) -> pl.DataFrame:
    """Months at risk within 36 observed: tenure_month (or months since the last event), level at its start, and what happened.

    People are hired up to 24 months before and 24 months after observation begins; who was hired before enters late. The
    other end, `involuntary`, has nothing to do with the level. `ever` is whether a person ever talked while observed.
    """
    draw = np.random.default_rng(seed)
    size = world.people
    hired = draw.integers(-_BEFORE, _BEFORE, size)
    manager = draw.integers(0, size // world.team, size)
    mood = draw.normal(size=manager.max() + 1)
    talks = world.correlation * mood + np.sqrt(1 - world.correlation**2) * draw.normal(size=len(mood))
    division, grade, site = draw.integers(0, 3, size), draw.integers(0, 3, size), (manager % 2).astype(np.int64)
    base = np.log(0.012) + 0.3 * (division == 1) - 0.4 * (grade - 1) + np.log(world.site_ratio) * site
    base += world.spread * mood[manager]
    # Those of a high grade talk more and leave less.
    chance = 0.14 * np.exp(0.5 * (grade - 1) + 0.5 * talks[manager])
    log_ratio = np.log(np.array(world.ratios))
    last, since = np.full(size, -(10**6)), hired.copy()
    is_there = np.ones(size, dtype=bool)
    seen = []
    for month in range(-_BEFORE, _SEEN):
        here = is_there & (hired <= month)
        level = np.where(last < hired, 4, np.searchsorted([3, 6, 12], month - last, side="right"))
        tenure = month - since
        hazard = np.exp(base + log_ratio[level] + 0.2 * (tenure < 12))
        voluntary = here & (draw.random(size) < -np.expm1(-hazard))
        involuntary = here & ~voluntary & (draw.random(size) < 0.004) & (not world.is_recurrent)
        if month >= 0:
            who = np.flatnonzero(here)
            seen.append((who, tenure[who], level[who], voluntary[who], involuntary[who]))
        if world.is_recurrent:
            since[voluntary] = month + 1
        else:
            is_there &= ~(voluntary | involuntary)
        # A talk within the month counts from the next.
        last[here & is_there & (draw.random(size) < chance)] = month + 1
    who, tenure, level, voluntary, involuntary = (np.concatenate(part) for part in zip(*seen, strict=True))
    talked = last >= 0
    return pl.DataFrame(
        {
            "person": who,
            "tenure_month": tenure,
            "level": pl.Series(LEVELS).gather(level),
            "division": division[who],
            "grade": grade[who],
            "site": site[who],
            "manager": manager[who],
            "ever": pl.Series(np.where(talked, "ever", "never")).gather(who),
            "at_risk": np.ones(len(who), dtype=np.int64),
            "voluntary": voluntary.astype(np.int64),
            "involuntary": involuntary.astype(np.int64),
        }
    )


def cells(months: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """Counts of the months by tenure, level, division, grade and `keys`."""
    by = ["tenure_month", "level", "division", "grade", *keys]
    return months.group_by(by).agg(pl.col("at_risk", "voluntary", "involuntary").sum())


def truth(world: World) -> dict[str, float]:
    """Log ratios by the name of a level's column."""
    return {f"level={level}": float(np.log(ratio)) for level, ratio in zip(LEVELS[1:], world.ratios[1:], strict=True)}
