"""Entries of the lists: whom to talk to, on which ground, in which band, why and how to start. No chance, rank or weight is in them."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from pipelines.scoring import reasons
from pipelines.scoring.features import NAMES
from pipelines.scoring.listing import with_band
from pipelines.scoring.model import RiskModel
from pipelines.scoring.phrases import starts
from pipelines.scoring.rhythm import with_due_band

AT_RISK, DUE = "at_risk", "due"
SCHEMA = pl.Schema(
    {
        "worker_key": pl.String(),
        "ground": pl.String(),
        "band": pl.String(),
        "reasons": pl.List(pl.String()),
        "suggested_start": pl.String(),
        "data_date": pl.Date(),
    }
)


def entries(
    people: pl.DataFrame, due: pl.DataFrame, model: RiskModel | None, on: date, critical_days: int
) -> pl.DataFrame:
    """Entries (SCHEMA), at most one per person and ground, in the order of keys.

    `people` is lists.person_feature, `due` lists.due of the same people. Without a `model` that may be used there is none on the
    ground 'at_risk'. On it are those of the highest tenth for whom there is a reason to give; on the ground 'due' is everybody
    of whom it is known.
    """
    parts = [_due(due, on, critical_days)]
    if model is not None:
        parts.append(_at_risk(people, due, model, on))
    start = {stage: each.id for stage, each in starts().items()}
    told = pl.concat(parts).join(due.select("worker_key", "career_stage"), on="worker_key", maintain_order="left")
    return (
        told.with_columns(
            pl.col("reasons").fill_null([]),
            suggested_start=pl.col("career_stage").replace_strict(start, default=start["unknown"]),
            data_date=pl.lit(on),
        )
        .select(SCHEMA.names())
        .cast(SCHEMA)
        .sort("worker_key", "ground")
    )


def _due(due: pl.DataFrame, on: date, critical_days: int) -> pl.DataFrame:
    banded = with_due_band(due, on, critical_days).drop_nulls("band")
    why = reasons.of_rhythm(banded.filter(pl.col("band") != "in_rhythm"), on)
    return banded.select("worker_key", "band", ground=pl.lit(DUE)).join(why, on="worker_key", how="left")


def _at_risk(people: pl.DataFrame, due: pl.DataFrame, model: RiskModel, on: date) -> pl.DataFrame:
    eligible = people.filter("is_eligible").with_columns(people=1)
    weights = model.contributions(eligible)
    above = weights - np.nanmean(weights, axis=0)
    scored = eligible.with_columns(pl.Series("chance", model.chances(eligible)).fill_nan(None))
    facts = due.drop("spell_no", "is_eligible")
    is_listed = with_band(scored)["band"].is_not_null()
    listed = with_band(scored).filter(is_listed).join(facts, on="worker_key", how="left", maintain_order="left")
    chosen = above[is_listed.to_numpy()]
    why = reasons.of_risk(listed, {name: chosen[:, place] for place, name in enumerate(NAMES)}, on)
    # Of whom nothing can be said that their leader may know they are not on the list.
    return listed.select("worker_key", "band", ground=pl.lit(AT_RISK)).join(why, on="worker_key")
