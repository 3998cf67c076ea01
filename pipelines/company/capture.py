"""What the systems get to know of a talk: entry day, which system has it, and the fields left blank."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.company.assumptions import (
    DIVISIONS,
    LATE_DIVISION,
    LATE_LOG_MONTHS,
    TALK_LOG_MONTHS,
    WORKBOOK_DIVISION,
    Ints,
    Texts,
    stream,
)
from pipelines.company.calendar import day_number, months_earlier
from pipelines.company.staff import World

# Share of log entries that leave a field blank.
GAPS = {
    "partner": 0.06,
    "started_by": 0.14,
    "setting": 0.14,
    "minutes": 0.28,
    "channel": 0.10,
    "topic": 0.12,
    "support": 0.25,
    "prepared": 0.15,
    "useful": 0.40,
}
RATERS = {"Employee": 0.86, "Partner": 0.09, "": 0.05}  # of ratings (assumption)


def logged_days(days: Ints, rng: np.random.Generator) -> Ints:
    """Entry day: a few days later on average, and now and then months later."""
    late = rng.random(len(days)) < 0.02
    return days + np.where(
        late,
        rng.integers(60, 121, len(days)),
        rng.exponential(5.0, len(days)).astype(np.int64),
    )


def recorded_in(
    world: World,
    talks: dict[str, Ints],
    setting: Texts,
    in_job: NDArray[np.float64],
    rng: np.random.Generator,
) -> Texts:
    """Which system knows of the talk, by the division the person belonged to on that day."""
    scenario, names = world.scenario, [division.name for division in DIVISIONS]
    worse_units = [names.index(name) for name in scenario.worse_recording]
    worse = np.isin(talks["division"], worse_units) | ((in_job < 6) & bool(worse_units))
    informal = np.where(worse, scenario.capture_informal_worse, scenario.capture_informal)
    captured = rng.random(len(in_job)) < np.where(setting == "Informal", informal, scenario.capture_other)
    late = talks["division"] == names.index(LATE_DIVISION)
    begins = np.where(late, _log_start(world, LATE_LOG_MONTHS), _log_start(world, TALK_LOG_MONTHS))
    in_workbook = talks["division"] == names.index(WORKBOOK_DIVISION)
    in_log = (talks["division"] >= 0) & ~in_workbook & (talks["day"] >= begins)
    return np.where(
        captured & in_log,
        "talklog",
        np.where(captured & in_workbook, "workbook", "none"),
    )


def _log_start(world: World, months: int) -> int:
    return day_number(months_earlier(world.as_of, months))


def with_raters(world: World, talks: pl.DataFrame) -> pl.DataFrame:
    """Say whose rating it is, where there is one: mostly the employee's, now and then the partner's or nobody says."""
    rng = stream(world.seed, "raters")
    raters = pl.Series(rng.choice(list(RATERS), talks.height, p=list(RATERS.values())))
    named = pl.col("useful").is_not_null() & (raters != "")
    return talks.with_columns(rated_by=pl.when(named).then(raters))


def with_gaps(world: World, talks: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Blank what people leave blank, and what cannot be known of a talk that was not held."""
    held = pl.col("status") == "Held"
    gaps = {name: pl.Series(rng.random(talks.height) < share) for name, share in GAPS.items()}
    talks = talks.with_columns(pl.when(~gap).then(pl.col(name)).alias(name) for name, gap in gaps.items())
    unheld: Sequence[str] = ("minutes", "prepared", "useful")
    talks = talks.with_columns(pl.when(held).then(pl.col(name)).alias(name) for name in unheld)
    known_partner = (pl.col("partner_spell") >= 0) & pl.col("partner").is_not_null()
    logged_in_time = pl.col("logged_day") <= world.as_of_day
    return talks.with_columns(
        partner_spell=pl.when(known_partner).then(pl.col("partner_spell")),
        held_career=held & (pl.col("career") != "No"),
        recorded_in=pl.when(logged_in_time).then(pl.col("recorded_in")).otherwise(pl.lit("none")),
    )
