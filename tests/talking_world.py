"""A world of people, managers and conversations whose truth is known, simulated month by month: what the what-if figures are held against.

In every quarter teams differ in how many leave, by something nobody records and that goes again: were it to stay, it
would be behind both. Whether a person is rated high decides on talking and on leaving, and talking on being rated
high. Everything that decides on both is told apart in the counts.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.trials.g_formula import LONGEST, NONE
from pipelines.trials.monthly_rates import RECENCY, TENURE

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

EXIT, DISMISSAL = "exit_voluntary", "exit_involuntary"
BURN_IN, WINDOW, HORIZON, TEAM = 36, 24, 12, 8
_BAND = np.array([0] * 3 + [1] * 3 + [2] * 6 + [3, 4])


@dataclass
class People:
    """Parallel arrays, one place each; who leaves is followed by a newcomer in the same place."""

    tenure: Integers
    since: Integers
    rated_high: Integers
    division: Integers
    leaving_factor: Floats
    month: int = 0


@dataclass(frozen=True)
class World:
    """Chances of a month; `by_recency` multiplies the chance of leaving by choice."""

    by_recency: tuple[float, ...] = (1.0, 1.25, 1.6, 2.0, 1.8)
    frailty: float = 0.6
    monthly_exit: float = 0.011
    rng: np.random.Generator = field(default_factory=np.random.default_rng)

    def people(self, size: int) -> People:
        """Newcomers to all places, in teams, in three divisions."""
        team = np.arange(size) // TEAM
        rated = self.rng.integers(0, 2, size)
        return People(self.rng.integers(0, 60, size), np.full(size, NONE), rated, team % 3, np.ones(size))

    def _factors(self, size: int) -> Floats:
        teams = -(-size // TEAM)
        factors: Floats = np.exp(self.rng.normal(-(self.frailty**2) / 2, self.frailty, teams))
        return factors[np.arange(size) // TEAM]

    def talking(self, now: People) -> Floats:
        """The chance of a conversation in the month that begins."""
        talks = np.array([0.22, 0.18, 0.12, 0.08, 0.1])[_BAND[now.since]] * np.where(now.rated_high == 1, 1.4, 0.7)
        chance: Floats = talks * np.array([1.2, 1.0, 0.8])[now.division]
        return chance

    def month(
        self, now: People, every: int | None = None, talk: NDArray[np.bool_] | None = None
    ) -> tuple[Integers, Integers]:
        """How the month ends for each place (0 stayed, 1 left, 2 was dismissed) and who of the others talked; `now` moves on."""
        size, rng = len(now.tenure), self.rng
        if now.month % 3 == 0:
            now.leaving_factor = self._factors(size)
        now.month += 1
        newer = np.where(now.tenure < 12, 1.3, np.where(now.tenure < 24, 1.1, 0.8))
        recency = np.array(self.by_recency)[_BAND[now.since]]
        low = np.where(now.rated_high == 1, 0.6, 1.5)
        leaves = (
            self.monthly_exit * newer * recency * low * now.leaving_factor * np.array([0.8, 1.0, 1.3])[now.division]
        )
        ending = np.where(rng.random(size) < leaves, 1, np.where(rng.random(size) < 0.003 * low, 2, 0))
        talked = rng.random(size) < self.talking(now) if talk is None else talk
        if every is not None:
            talked = talked | (now.since >= every - 1)
        high = np.where(talked, 0.5, 0.15)
        rises = (now.rated_high == 0) & (rng.random(size) < high * 0.3)
        falls = (now.rated_high == 1) & (rng.random(size) < (1 - high) * 0.1)
        now.rated_high = np.where(rises, 1, np.where(falls, 0, now.rated_high))
        now.since = np.where(talked, 0, np.where(now.since == NONE, NONE, np.minimum(now.since + 1, LONGEST)))
        now.tenure = now.tenure + 1
        return ending, talked.astype(np.int64)

    def renewed(self, now: People, ending: Integers) -> None:
        """A newcomer in every place that somebody left."""
        gone = ending > 0
        now.tenure[gone], now.since[gone] = 0, NONE
        now.rated_high[gone] = self.rng.integers(0, 2, int(gone.sum()))


def months_at_risk(world: World, size: int) -> pl.DataFrame:
    """Every person-month of the window with its state, how it ended and what it brought."""
    now, blocks = world.people(size), []
    place = np.arange(size)
    person = np.arange(size)
    for month in range(BURN_IN + WINDOW):
        before = (now.tenure.copy(), now.since.copy(), now.rated_high.copy())
        ending, talked = world.month(now)
        if month >= BURN_IN:
            block = {
                "person": person.copy(), "month": np.full(size, month), "cluster": place // TEAM, "division": now.division,
                "tenure_month": before[0], "since_month": before[1], "rated": before[2], "ended": ending,
                "has_talked": (talked == 1) & (ending == 0), "next_rated": now.rated_high.copy(),
            }  # fmt: skip
            blocks.append(pl.DataFrame(block))
        person[ending > 0] = person.max() + 1 + np.arange(int((ending > 0).sum()))
        world.renewed(now, ending)
    return pl.concat(blocks)


def cells(months: pl.DataFrame) -> pl.DataFrame:
    """Counts of person-months as the g-formula takes them."""
    tenure = pl.when(pl.col("tenure_month") < 12).then(pl.lit(TENURE[0])).when(pl.col("tenure_month") < 24)
    named = months.select(
        "cluster",
        group=pl.col("division").cast(pl.String),
        tenure_band=tenure.then(pl.lit(TENURE[1])).otherwise(pl.lit(TENURE[2])),
        stage=pl.col("rated").cast(pl.String),
        recency=pl.Series([RECENCY[band] for band in _BAND[months["since_month"].to_numpy()]]),
        ending=pl.col("ended").replace_strict({0: "stayed", 1: EXIT, 2: DISMISSAL}),
        has_talked="has_talked",
        next_stage=pl.when(pl.col("ended") == 0).then(pl.col("next_rated").cast(pl.String)),
    )
    return named.group_by(pl.all()).agg(months=pl.len())


def starts(months: pl.DataFrame) -> pl.DataFrame:
    """The states that months began with, as the g-formula takes them."""
    named = months.select(
        "since_month",
        group=pl.col("division").cast(pl.String),
        stage=pl.col("rated").cast(pl.String),
        tenure_month=pl.col("tenure_month").clip(0, 24),
    )
    return named.group_by(pl.all()).agg(months=pl.len())


def true_risks(world: World, size: int, every: tuple[int | None, ...]) -> list[float]:
    """Share who leave by choice within the horizon, of `size` people as they are after years, under each strategy."""
    now = world.people(size)
    for _ in range(BURN_IN + WINDOW // 2):
        ending, _ = world.month(now)
        world.renewed(now, ending)
    found = []
    for strategy in every:
        again = deepcopy(now)
        there, left = np.ones(size, dtype=bool), np.zeros(size, dtype=bool)
        for _ in range(HORIZON):
            ending, _ = world.month(again, strategy)
            left |= there & (ending == 1)
            there &= ending == 0
        found.append(float(left.mean()))
    return found


def arm_cells(months: pl.DataFrame) -> pl.DataFrame:
    """Trials of people without a conversation for six months, as cloning, censoring and weighting takes them."""
    last = BURN_IN + WINDOW - 1
    gone = months.filter(pl.col("ended") > 0).select("person", gone_in="month", gone_by="ended")
    talks = months.filter("has_talked").select("person", talked="month")
    entered = months.filter(pl.col("since_month") >= 6, pl.col("month") < last).join(gone, on="person", how="left")
    first = entered.join(talks, on="person").filter(pl.col("talked").is_between(pl.col("month"), pl.col("month") + 1))
    first = first.group_by("person", "month").agg(talked=pl.col("talked").min())
    entered = entered.join(first, on=["person", "month"], how="left").sort("month")
    exit_month = pl.col("gone_in") - pl.col("month")
    has_left = (exit_month < HORIZON).fill_null(False)
    named = entered.select(
        "person",
        "cluster",
        "month",
        division_key=pl.col("division").cast(pl.String),
        opportunity=pl.lit("unknown"),
        career_stage=pl.col("rated").cast(pl.String),
        tenure_band=(pl.col("tenure_month") // 12).clip(0, 2).cast(pl.String),
        recency=pl.Series([RECENCY[band] for band in _BAND[entered["since_month"].to_numpy()]]),
        talked_in=pl.col("talked") - pl.col("month"),
        ending=pl.when(~has_left)
        .then(pl.lit("followed"))
        .otherwise(pl.col("gone_by").replace_strict({1: EXIT, 2: DISMISSAL})),
        end_month=pl.when(has_left)
        .then(exit_month)
        .otherwise(pl.min_horizontal(pl.lit(HORIZON), last - pl.col("month") + 1)),
    )
    nth = pl.struct("person", pl.col("talked_in").is_null()).is_first_distinct()
    return (
        named.with_columns(people=nth.cast(pl.Int64))
        .group_by(pl.exclude("person", "month", "people"))
        .agg(trials=pl.len(), people=pl.col("people").sum())
    )


def true_arms(world: World, size: int) -> tuple[float, float]:
    """Share of those silent for six months who leave by choice within the horizon if they talk in the first two, or do not."""
    now = world.people(size)
    for _ in range(BURN_IN + WINDOW // 2):
        ending, _ = world.month(now)
        world.renewed(now, ending)
    chosen = now.since >= 6
    # Who does not talk in the first month of themselves does so in the second.
    in_first = world.rng.random(size) < world.talking(now)
    risks = []
    for plan in ((in_first, ~in_first), (np.zeros(size, dtype=bool),) * 2):
        again, there, left = deepcopy(now), np.ones(size, dtype=bool), np.zeros(size, dtype=bool)
        for month in range(HORIZON):
            ending, _ = world.month(again, talk=plan[month] if month < len(plan) else None)
            left |= there & (ending == 1)
            there &= ending == 0
        risks.append(float(left[chosen].mean()))
    return risks[0], risks[1]
