"""What people agree to do in their career conversations and what becomes of it; every share here is an assumption."""

from typing import Final

import numpy as np
import polars as pl

from pipelines.company.assumptions import NEVER, Bools, Ints, stream
from pipelines.company.staff import World

# Share of talks in which something is agreed, by setting.
AGREED_SHARES: Final = {"Informal": 0.38, "One-to-one": 0.50, "Dedicated": 0.68, "Formal review": 0.60}
AGREED_SHARE_ELSE: Final = 0.42  # where nobody noted the setting
NUMBER_SHARES: Final = (0.72, 0.22, 0.06)  # one, two or three actions
PARTNER_OWNS_SHARE: Final = 0.18
DUE_SET_SHARE: Final = 0.75
DUE_WITHIN_DAYS: Final = (14, 121)
DONE_SHARE: Final = 0.65
DONE_MEAN_DAYS: Final = 60.0
LATEST_DONE_DAYS: Final = 300
DROPPED_SHARE: Final = 0.20  # of what is not done
UNKNOWN_SHARE: Final = 0.08  # of what is not done
REVIEWED_SHARE: Final = 0.50  # of actions whose owner's talk has a next one


def agreed_actions(world: World, talks: pl.DataFrame) -> pl.DataFrame:
    """One row per action agreed in a held career talk: the talk's spell and day, the owner's spell, and day numbers.

    `due`, `done` and `reviewed` are null where no day was set or it has not come; an action is reviewed at the next
    career talk of the same spell or not at all, and done only while its owner is still employed.
    """
    rng = stream(world.seed, "actions")
    held = talks.filter("held_career").sort("spell", "day")
    held = held.with_columns(following=pl.col("day").shift(-1).over("spell"))
    chance = held["setting"].replace_strict(AGREED_SHARES, default=AGREED_SHARE_ELSE, return_dtype=pl.Float64)
    agrees = rng.random(held.height) < chance.to_numpy()
    number = rng.choice(np.arange(1, 4), held.height, p=NUMBER_SHARES)
    rows = held[np.repeat(np.arange(held.height), np.where(agrees, number, 0))]
    owner = np.where(
        rng.random(rows.height) < PARTNER_OWNS_SHARE, rows["partner_spell"].fill_null(rows["spell"]), rows["spell"]
    )
    done = _done_days(world, owner, rows["day"].to_numpy(), rng)
    reviewed = pl.Series(rng.random(rows.height) < REVIEWED_SHARE)
    return rows.select(
        "spell",
        "day",
        "recorded_in",
        "logged_day",
        owner_spell=pl.Series(owner),
        due=_due_days(rows["day"].to_numpy(), rng),
        done=pl.when(pl.Series(done < NEVER)).then(pl.Series(done)),
        reviewed=pl.when(reviewed).then("following"),
        status=_statuses(done < NEVER, rng),
    )


def _done_days(world: World, owner: Ints, agreed: Ints, rng: np.random.Generator) -> Ints:
    """The day each action was done; NEVER where it was not, not yet, or its owner had left before."""
    size = len(owner)
    takes = np.minimum(rng.gamma(2.0, DONE_MEAN_DAYS / 2, size).astype(np.int64) + 1, LATEST_DONE_DAYS)
    day = agreed + takes
    is_done = (rng.random(size) < DONE_SHARE) & (day <= world.as_of_day) & (day < world.staff.term_day[owner])
    return np.where(is_done, day, NEVER)


def _due_days(agreed: Ints, rng: np.random.Generator) -> pl.Series:
    due = pl.Series(agreed + rng.integers(*DUE_WITHIN_DAYS, len(agreed)))
    is_set = pl.Series(rng.random(len(agreed)) < DUE_SET_SHARE)
    return pl.select(pl.when(is_set).then(due)).to_series()


def _statuses(is_done: Bools, rng: np.random.Generator) -> pl.Series:
    chance = rng.random(len(is_done))
    otherwise = np.select(
        [chance < DROPPED_SHARE, chance < DROPPED_SHARE + UNKNOWN_SHARE], ["dropped", "unknown"], "open"
    )
    return pl.Series(np.where(is_done, "done", otherwise))
