"""Whether a career conversation is due, by the rhythm of a person's stage and what has just happened; no model is needed for it."""

from __future__ import annotations

from datetime import date

import polars as pl

from pipelines.scoring.listing import IN_RHYTHM, TALK_FIRST, TALK_SOON

# Whoever has been here so long without any on record comes first.
NONE_AFTER_DAYS = 180
TRIGGERS = ("new_manager_on", "new_role_on", "three_years_on", "lost_mentor_on")


def with_due_band(due: pl.DataFrame, on: date, critical_days: int) -> pl.DataFrame:
    """`due` (lists.due) with the column `band`; null where nobody knows, or who is new or on leave.

    'talk_first': more than `critical_days` without a conversation, or none on record after 180 days, or overdue when something has
    just happened; 'talk_soon': overdue by the target of the stage, or something has just happened; else 'in_rhythm'.
    """
    since = pl.coalesce("last_on", "none_since_on", pl.when(pl.col("state") == "never").then("started_on"))
    days = (pl.lit(on) - since).dt.total_days()
    is_never = pl.col("state") == "never"
    is_overdue = days > pl.col("target_days")
    is_called = pl.any_horizontal(pl.col(name).is_not_null() for name in TRIGGERS)
    is_first = (days > critical_days) | (is_never & (days > NONE_AFTER_DAYS)) | (is_overdue & is_called)
    # Covered for less than the target without one: nobody knows.
    is_unknown = (pl.col("state") == "unknown") | ((pl.col("state") == "at_least") & ~is_overdue)
    band = (
        pl.when(is_unknown | ~pl.col("is_eligible"))
        .then(pl.lit(None, pl.String))
        .when(is_first)
        .then(pl.lit(TALK_FIRST))
        .when(is_overdue | is_called)
        .then(pl.lit(TALK_SOON))
        .otherwise(pl.lit(IN_RHYTHM))
    )
    return due.with_columns(band=band)
