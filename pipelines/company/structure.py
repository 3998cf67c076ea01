"""Job rows and units of the synthetic company as frames, with the one reorganisation in its place."""

import numpy as np
import polars as pl

from pipelines.company.assumptions import NEVER, REORG_MONTHS_BEFORE_END, Ints
from pipelines.company.frames import dated, named
from pipelines.company.organisation import KIND_NAMES, PLACES
from pipelines.company.staff import World
from pipelines.company.vocabulary import JOB_REASONS


def job_rows(world: World, ids: pl.Series) -> pl.DataFrame:
    """Job rows that abut within a spell, with a Termination row the day after each last day that has come."""
    staff, rows = world.staff, pl.DataFrame(world.jobs.columns())
    rows = rows.filter((pl.col("day") <= world.as_of_day) & (pl.col("day") < pl.Series(staff.term_day[rows["spell"]])))
    rows = pl.concat([rows, _termination_rows(world)]).sort("spell", "day")
    following = pl.col("day").shift(-1).over("spell")
    moved = pl.col("reason").is_in([3, 4, 5, 6]).cum_sum().over("spell")
    rows = rows.with_columns(ended=following - 1, position=moved)
    rows = rows.with_columns(
        reason=pl.col("reason").replace_strict(JOB_REASONS, return_dtype=pl.String),
        division=pl.Series(_division_then(world, rows["unit"].to_numpy(), rows["day"].to_numpy())),
        place=pl.Series(world.organisation.place[rows["unit"]]),
        manager_id=ids.gather(rows.select(pl.when(pl.col("manager") >= 0).then("manager")).to_series()),
    )
    return dated(named(rows, ids, "spell"), "day", "ended").rename({"day": "began_on", "ended": "ended_on"})


def _termination_rows(world: World) -> pl.DataFrame:
    staff = world.staff
    gone = np.flatnonzero(staff.term_day <= world.as_of_day)
    values = {
        "spell": gone, "day": staff.term_day[gone], "reason": np.full(len(gone), 10), "unit": staff.unit[gone],
        "manager": np.full(len(gone), -1), "rank": staff.rank[gone], "title": staff.title[gone],
        "is_head": (staff.seat[gone] >= 0).astype(np.int64),
    }  # fmt: skip
    return pl.DataFrame(values)


def _reorg_day(world: World) -> int:
    return int(world.starts[world.months - REORG_MONTHS_BEFORE_END])


def _division_then(world: World, unit: Ints, day: Ints) -> Ints:
    """The division a unit belonged to on the day, -1 for the company itself."""
    organisation = world.organisation
    inside = (unit == organisation.moved_unit) | (organisation.parent[unit] == organisation.moved_unit)
    return np.where(
        inside & (day < _reorg_day(world)),
        organisation.moved_from - 1,
        organisation.division[unit],
    )


def unit_rows(world: World, ids: pl.Series) -> pl.DataFrame:
    """Units with their periods, the reorganised department twice; one row per unit and period."""
    organisation = world.organisation
    founded, reorganised = (
        np.datetime64("1998-01-01", "D").astype(np.int64),
        _reorg_day(world),
    )
    index = np.append(np.arange(organisation.units), organisation.moved_unit)
    parent = np.append(organisation.parent, organisation.moved_from)
    began = np.where(index == organisation.moved_unit, reorganised, founded)
    began[-1] = founded
    frame = pl.DataFrame(
        {
            "unit": index,
            "name": [organisation.names[i] for i in index],
            "kind": np.array(KIND_NAMES)[organisation.kind[index]],
            "parent": parent,
            "holder": organisation.managers_of(index),
            "began_on": began,
            "ended_on": np.append(np.full(organisation.units, NEVER), reorganised - 1),
            "has_openings": organisation.has_openings[index],
            "place": np.array([name for name, _ in PLACES])[organisation.place[index]],
        }
    )
    frame = frame.with_columns(
        parent=pl.when(pl.col("parent") >= 0).then("parent"),
        ended_on=pl.when(pl.col("ended_on") < NEVER).then("ended_on"),
        manager_id=ids.gather(frame["holder"]),
    )
    return dated(frame, "began_on", "ended_on").sort("unit", "began_on")
