"""What managers answer about each of their reports in the half-yearly check; no vendor layout here."""

from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from pipelines.company.assumptions import stream
from pipelines.company.opinions import said_yes, within_half_year
from pipelines.company.surveys import OPEN_DAYS, closing_days, wave_name
from pipelines.company.vocabulary import LINE_MANAGER

RESPONSE_RATE: Final = 0.70
# Managers claim more than their people do (published: 57 against 50 %); the shares by truth are assumptions.
MANAGER_SAYS_YES: Final = {True: 0.94, False: 0.30}


def manager_checks(
    jobs: pl.DataFrame, spells: pl.DataFrame, talks: pl.DataFrame, as_of: date, seed: int
) -> pl.DataFrame:
    """One row per wave, manager who answered and report: wave, manager_id, employee_id, day and answer (Yes or No)."""
    held = talks.filter(pl.col("held_career") & (pl.col("partner") == LINE_MANAGER))
    held = held.select("spell", "day", talked="day").sort("day")
    led = jobs.filter(pl.col("manager_id").is_not_null() & (pl.col("reason") != "Termination"))
    led = led.join(spells.filter(pl.col("kind") != "Contractor").select("spell"), on="spell")
    return pl.concat([_wave(led, held, closing, seed) for closing in closing_days(as_of)])


def _wave(led: pl.DataFrame, held: pl.DataFrame, closing: date, seed: int) -> pl.DataFrame:
    rng, opened = stream(seed, f"manager check {closing}"), closing - timedelta(days=OPEN_DAYS)
    throughout = (pl.col("began_on") <= opened) & (pl.col("ended_on").is_null() | (pl.col("ended_on") >= closing))
    pairs = led.filter(throughout).select("manager_id", "employee_id", "spell").sort("manager_id", "employee_id")
    managers = pairs.select(pl.col("manager_id").unique().sort())
    later = np.minimum(rng.exponential(5.0, managers.height).astype(np.int64), OPEN_DAYS - 1)
    managers = managers.with_columns(later=later, answers=rng.random(managers.height) < RESPONSE_RATE)
    answering = managers.filter("answers").select("manager_id", day=pl.lit(opened) + pl.duration(days="later"))
    rows = pairs.join(answering, on="manager_id", maintain_order="left").with_row_index("row").sort("day", "row")
    rows = rows.join_asof(held, on="day", by="spell", check_sortedness=False).sort("row")
    since = (rows["day"] - rows["talked"]).dt.total_days().fill_null(-1).to_numpy()
    answer = said_yes(within_half_year(since), MANAGER_SAYS_YES, rng)
    return rows.select(pl.lit(wave_name(closing)).alias("wave"), "manager_id", "employee_id", "day", answer=answer)
