"""Answers to the survey questions about the last half-year and the chances here; drawn apart from the older questions."""

from typing import Final

import numpy as np
import polars as pl

from pipelines.company.assumptions import IN_DATE_DAYS, Bools, Ints, stream

SKIPPED_SHARE: Final = 0.03
# Share who say yes, by whether there was a talk with the manager in the half-year (assumption: some forget, some are kind).
EMPLOYEE_SAYS_YES: Final = {True: 0.90, False: 0.10}
# Shares of answers 1 to 5 of people with and without a talk in the half-year. Over all, 57 % feel supported and 53 % see
# chances to develop (published); that those who talked answer more favourably is an assumption.
OPINION_SHARES: Final = {
    "Q9": {True: (0.04, 0.09, 0.21, 0.42, 0.24), False: (0.09, 0.16, 0.26, 0.34, 0.15)},
    "Q10": {True: (0.05, 0.11, 0.23, 0.39, 0.22), False: (0.10, 0.18, 0.26, 0.32, 0.14)},
}


def opinions(seed: int, wave: str, since: Ints, since_manager: Ints) -> list[pl.Series]:
    """Q8 (yes or no) to Q10 (1 to 5) of one wave, null = skipped; `since` is days since the last talk, -1 for none."""
    rng = stream(seed, f"opinions {wave}")
    answers = [_with_skips("Q8", said_yes(within_half_year(since_manager), EMPLOYEE_SAYS_YES, rng), rng)]
    recent = within_half_year(since)
    for name, shares in OPINION_SHARES.items():
        drawn = {talked: rng.choice(np.arange(1, 6), len(since), p=shares[talked]) for talked in (True, False)}
        answers.append(_with_skips(name, pl.Series(np.where(recent, drawn[True], drawn[False])), rng))
    return answers


def within_half_year(since: Ints) -> Bools:
    """Whether the last talk was within the half-year; `since` is in days, -1 for none."""
    within: Bools = (since >= 0) & (since <= IN_DATE_DAYS)
    return within


def said_yes(talked: Bools, shares: dict[bool, float], rng: np.random.Generator) -> pl.Series:
    """The answers Yes and No of people who did talk or did not, as both remember it."""
    chance = np.where(talked, shares[True], shares[False])
    return pl.Series(np.where(rng.random(len(talked)) < chance, "Yes", "No"))


def _with_skips(name: str, values: pl.Series, rng: np.random.Generator) -> pl.Series:
    skipped = pl.Series(rng.random(len(values)) < SKIPPED_SHARE)
    return pl.select(pl.when(~skipped).then(values).alias(name)).to_series()
