"""Marks the few rows that exports will show wrongly; the truth frames keep the right values and the mark."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from pipelines.company.assumptions import stream
from pipelines.company.calendar import months_earlier
from pipelines.company.record import Company

# How many rows of each fault a file of at least FULL_DIRT_ROWS rows gets; smaller files get fewer, at least one.
WORKER_DIRT: Final = {"trailing_space": 6, "hostile_name": 8}
JOB_DIRT: Final = {"ends_before_start": 3}
TALK_DIRT: Final = {
    "impossible_date": 4,
    "future_date": 4,
    "before_hire": 4,
    "duplicate": 5,
    "unknown_employee": 4,
    "cut_short": 3,
}
ACTION_DIRT: Final = {"done_before_agreed": 3, "unknown_conversation": 3}
FULL_DIRT_ROWS: Final = 8_000
OVERLAP_DAYS: Final = 7  # entries of these last days are delivered again with the next export


def export_days(as_of: date) -> list[date]:
    """The days of the three talk log exports, oldest first: a year ago, half a year ago and now."""
    return [months_earlier(as_of, 12), months_earlier(as_of, 6), as_of]


def soil(company: Company) -> Company:
    """The company with a `dirt` column (null = clean) on workers, jobs, conversations and actions."""
    rng = stream(company.seed, "dirt")
    jobs = company.jobs
    last = pl.col("ended_on").is_null()
    # A row of two days or more that another row follows: reversing its dates then breaks that row alone.
    fit_jobs = jobs.select(~last & (pl.col("ended_on") > pl.col("began_on"))).to_series()
    return replace(
        company,
        workers=_mark(
            company.workers,
            pl.repeat(True, company.workers.height, eager=True),
            WORKER_DIRT,
            rng,
        ),
        jobs=_mark(jobs, fit_jobs, JOB_DIRT, rng),
        conversations=_mark(company.conversations, _fit_talks(company), TALK_DIRT, rng),
        actions=_mark(company.actions, _fit_actions(company), ACTION_DIRT, stream(company.seed, "dirt of actions")),
    )


def dirt_counts(company: Company) -> dict[str, int]:
    """How many rows carry each fault."""
    counts: dict[str, int] = {}
    for frame in (company.workers, company.jobs, company.conversations, company.actions):
        found = frame.drop_nulls("dirt").group_by("dirt", maintain_order=True).len()
        counts.update(dict(found.sort("dirt").iter_rows()))
    return counts


def _fit_talks(company: Company) -> pl.Series:
    """Held talks of the log that are delivered once, so that each fault shows up once.

    In a small company only the first and longest delivery is soiled: in the others one bad row is already too large
    a share for the blocking checks.
    """
    *earlier, _ = export_days(company.as_of)
    once = pl.lit(True)
    for day in earlier:
        once &= ~pl.col("logged_day").is_between(day - timedelta(days=OVERLAP_DAYS), day)
    in_log = (pl.col("recorded_in") == "talklog") & pl.col("held_career") & pl.col("partner").is_not_null()
    fit = company.conversations.select(in_log & once).to_series()
    if fit.sum() >= FULL_DIRT_ROWS:
        return fit
    return fit & (company.conversations["logged_day"] < earlier[0])


def _fit_actions(company: Company) -> pl.Series:
    """Actions that are delivered and done, so that either fault can show."""
    return company.actions.select((pl.col("recorded_in") == "talklog") & pl.col("done").is_not_null()).to_series()


def _mark(
    frame: pl.DataFrame,
    fit: pl.Series,
    wanted: Mapping[str, int],
    rng: np.random.Generator,
) -> pl.DataFrame:
    size = int(fit.sum())
    counts = {kind: max(1, round(count * min(1.0, size / FULL_DIRT_ROWS))) for kind, count in wanted.items()}
    rows = rng.choice(np.flatnonzero(fit.to_numpy()), sum(counts.values()), replace=False)
    marks = pl.DataFrame(
        {
            "row": rows,
            "dirt": [kind for kind, count in counts.items() for _ in range(count)],
        }
    )
    marks = marks.with_columns(pl.col("row").cast(pl.UInt32))
    numbered = frame.with_row_index("row").with_columns(pl.col("row").cast(pl.UInt32))
    return numbered.join(marks, on="row", how="left", maintain_order="left").drop("row")
