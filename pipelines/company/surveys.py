"""The answers people give to three half-yearly pulse surveys, from what they truly lived; no vendor layout here."""

from datetime import date

import numpy as np
import polars as pl

from pipelines.company.assumptions import Bools, Floats, Ints, stream
from pipelines.company.calendar import day_number
from pipelines.company.opinions import opinions
from pipelines.company.staff import CONTRACTOR, VOLUNTARY, World
from pipelines.company.vocabulary import LINE_MANAGER, NOT_SURE, QUESTIONS, RECENCY_BANDS

WAVES = 3
OPEN_DAYS = 18
RESPONSE_RATE = 0.65
RESIGNER_FACTOR = 0.85  # people about to resign answer 15 % less often (published, vendor)
UNFINISHED_SHARE = 0.03
FIRST_LATE = 3  # number of questions that come before people break off
PREVIEWS_PER_WAVE = 3
NOT_SURE_SHARE = 0.06
MISREMEMBERED_SHARE = 0.10  # answers one band too recent or too old
BAND_ENDS = (30, 91, 183, 365)
# Shares of answers 1 to 5. Confidence to start one: 31 % in the top two (published); the rest are assumptions.
SCALE_SHARES = {
    "Q2": (0.12, 0.24, 0.33, 0.21, 0.10),
    "Q3": (0.05, 0.10, 0.23, 0.38, 0.24),
    "Q4": (0.06, 0.13, 0.27, 0.35, 0.19),
    "Q5": (0.08, 0.16, 0.28, 0.31, 0.17),
    "Q6": (0.07, 0.13, 0.27, 0.33, 0.20),
}
RECOMMEND_SHARES = (
    0.02,
    0.02,
    0.03,
    0.04,
    0.05,
    0.09,
    0.11,
    0.18,
    0.21,
    0.14,
    0.11,
)  # 0 to 10


def closing_days(as_of: date) -> list[date]:
    """The three latest closing days (30 April and 31 October) at least a week before `as_of`, oldest first."""
    years = range(as_of.year - 3, as_of.year + 1)
    closings = [day for year in years for day in (date(year, 4, 30), date(year, 10, 31))]
    return [day for day in closings if (as_of - day).days >= 7][-WAVES:]


def wave_name(closing: date) -> str:
    """The half-year a wave belongs to, as in ``2026h2``."""
    return f"{closing.year}h{1 if closing.month < 7 else 2}"


def survey_responses(world: World, talks: pl.DataFrame) -> pl.DataFrame:
    """One row per answer sheet: wave, spell (null for previews), answering time, and Q1 to Q10 (null = skipped)."""
    held = talks.filter(pl.col("held_career")).select("spell", "day", "partner").sort("day")
    return pl.concat([_wave(world, held, closing) for closing in closing_days(world.as_of)])


def _wave(world: World, held: pl.DataFrame, closing: date) -> pl.DataFrame:
    rng, staff, last = (
        stream(world.seed, f"survey {closing}"),
        world.staff,
        day_number(closing),
    )
    opened = last - OPEN_DAYS
    invited = np.flatnonzero(staff.employed(opened) & staff.employed(last) & (staff.kind != CONTRACTOR))
    soon = (staff.cause[invited] == VOLUNTARY) & (staff.notice_day[invited] < last + 90)
    answers = rng.random(len(invited)) < RESPONSE_RATE * np.where(soon, RESIGNER_FACTOR, 1.0)
    spells = np.concatenate([invited[answers], np.full(PREVIEWS_PER_WAVE, -1)])
    size = len(spells)
    day = opened + np.minimum(rng.exponential(5.0, size).astype(np.int64), OPEN_DAYS - 1)
    sheet = pl.DataFrame(
        {
            "wave": np.full(size, wave_name(closing)),
            "spell": spells,
            "day": np.where(spells < 0, opened - 2, day),
            "second": rng.integers(7 * 3600, 20 * 3600, size),
            "duration": rng.integers(70, 600, size),
            "is_preview": spells < 0,
            "is_finished": rng.random(size) >= UNFINISHED_SHARE,
        }
    )
    since = _days_since_talk(sheet, held)
    sheet = sheet.with_columns(pl.Series("Q1", _recency_answers(since, rng), pl.String), *_scales(since, rng))
    since_manager = _days_since_talk(sheet, held.filter(pl.col("partner") == LINE_MANAGER))
    sheet = sheet.with_columns(*opinions(world.seed, wave_name(closing), since, since_manager))
    late = [pl.when("is_finished").then(pl.col(name)).alias(name) for name in list(QUESTIONS)[FIRST_LATE:]]
    return sheet.with_columns(*late, spell=pl.when(~pl.col("is_preview")).then(pl.col("spell")))


def _days_since_talk(sheet: pl.DataFrame, held: pl.DataFrame) -> Ints:
    """Days since the last talk, recorded or not; -1 where there was none in the present spell."""
    asked = sheet.select("spell", "day").with_row_index("row").sort("day")
    found = asked.join_asof(
        held.with_columns(talked=pl.col("day")),
        on="day",
        by="spell",
        check_sortedness=False,
    ).sort("row")
    return (found["day"] - found["talked"]).fill_null(-1).to_numpy()


def _recency_answers(since: Ints, rng: np.random.Generator) -> list[str]:
    band = np.where(since < 0, len(BAND_ENDS) + 1, np.searchsorted(BAND_ENDS, since))
    wrong = (rng.random(len(band)) < MISREMEMBERED_SHARE) & (since >= 0)
    band = np.where(wrong, np.clip(band + rng.choice((-1, 1), len(band)), 0, len(BAND_ENDS)), band)
    unsure = rng.random(len(band)) < NOT_SURE_SHARE
    return [str(answer) for answer in np.where(unsure, NOT_SURE, np.array(RECENCY_BANDS)[band])]


def _scales(since: Ints, rng: np.random.Generator) -> list[pl.Series]:
    """Answers to the scale questions; people without any talk skip the three about the last one."""
    answers = []
    for name, shares in SCALE_SHARES.items():
        values = rng.choice(np.arange(1, 6), len(since), p=shares)
        skipped = rng.random(len(since)) < 0.03
        if name in ("Q3", "Q4", "Q5"):
            skipped |= since < 0
        answers.append(_with_skips(name, values, skipped))
    recommend = rng.choice(np.arange(11), len(since), p=_normalised(RECOMMEND_SHARES))
    return [*answers, _with_skips("Q7", recommend, rng.random(len(since)) < 0.04)]


def _with_skips(name: str, values: Ints, skipped: Bools) -> pl.Series:
    kept = pl.when(pl.Series(skipped)).then(None).otherwise(pl.Series(values))
    return pl.select(kept.cast(pl.Int64).alias(name)).to_series()


def _normalised(shares: tuple[float, ...]) -> Floats:
    return np.array(shares) / sum(shares)
