"""Answers to the questions of a survey, counted by SQL, turned into mean, score, shares and the reliability of team scores.

Which cells may leave is decided by `disclosure`; what a question means stands in its declaration.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl

from pipelines import estimates
from pipelines.team_reliability import reliabilities

ITEM = ("wave_id", "question_id")
_COUNTS = ("answers", "point_sum", "square_sum")
_OWN = ("mean", "score_0_100", "favourable", "favourable_lo", "favourable_hi", "neutral", "unfavourable")
_JUDGED = (
    *("band", "value", "lo", "hi", "n", "known_share", "bound_lo", "bound_hi"),
    *("status", "is_flagged", "people"),
)
COLUMNS = (
    *("wave_id", "survey_key", "source_system", "closed_on", "question_id", "question_text", "construct", "points"),
    *("cut", "group_key", "second_key", *_OWN, "n", "known_share", "status", "is_flagged", "team_icc1", "team_icc2"),
)


def items(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of core.item_census as estimates, in order: COLUMNS but the reliabilities, and what disclosure needs to decide.

    `mean` is in steps of the scale from 1 to `points`; `score_0_100` is round((mean - 1) / (points - 1) * 100), as Viva
    Glint computes it, halves to the even number; the shares are of the answers on the scale, the interval of
    `favourable` is Wilson's, 95 %. An item of which over 40 % of the answers are unknown is withheld.
    """
    judged = estimates.estimate(_as_metric(rows), metric_id="Survey item", version="", unit="share", interval="counts")
    counts = rows.rename({name: f"{name}_answers" for name in ("favourable", "unfavourable")}).drop("people", "unknown")
    told = counts.hstack(judged.select("as_of", "metric_version", "unit", *_JUDGED)).with_columns(
        # An item is to disclosure what a metric is: cells of two items never add up.
        metric_id=pl.concat_str(ITEM, separator="|"),
        mean=_per_answer(pl.col("point_sum")),
        favourable="value",
        favourable_lo="lo",
        favourable_hi="hi",
        neutral=_per_answer(pl.col("answers") - pl.col("favourable_answers") - pl.col("unfavourable_answers")),
        unfavourable=_per_answer(pl.col("unfavourable_answers")),
    )
    score = np.rint(((told["mean"] - 1) / (told["points"] - 1) * 100).to_numpy())
    return _without_hidden(told.with_columns(score_0_100=pl.Series(score, dtype=pl.Float64).fill_nan(None)))


def published(rows: pl.DataFrame, protected: Callable[[pl.DataFrame, date], pl.DataFrame]) -> pl.DataFrame:
    """Table ``published.survey_item`` from the rows of core.item_census: estimated, everything that may not leave removed.

    `protected` is disclosure control of one item of one wave, given its closing day. In the cut `manager` every shown
    row bears the reliability of its item's shown team scores, if there are ten or more.
    """
    judged = items(rows)
    waves = [protected(item, item["closed_on"][0]) for _, item in judged.group_by(ITEM, maintain_order=True)]
    shown = _lean(_without_hidden(pl.concat(waves))) if waves else judged
    teams = shown.filter((pl.col("cut") == "manager") & (pl.col("status") == "shown"))
    found = reliabilities(teams.select(*ITEM, *_COUNTS), list(ITEM)).with_columns(cut=pl.lit("manager"))
    joined = shown.join(found, on=[*ITEM, "cut"], how="left", maintain_order="left")
    is_shown = pl.col("status") == "shown"
    return joined.with_columns(pl.when(is_shown).then(name).alias(name) for name in ("team_icc1", "team_icc2")).select(
        COLUMNS
    )


def _lean(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` without earlier waves of groups of which nothing was ever shown: the last one says that they are hidden."""
    was_shown = (pl.col("status") == "shown").any().over("survey_key", "cut", "group_key", "second_key")
    is_last = pl.col("closed_on") == pl.col("closed_on").max().over("source_system", "survey_key")
    return rows.filter(was_shown | is_last)


def _as_metric(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows as those of a share: favourable answers among all on the scale."""
    nothing = {name: pl.lit(None, pl.Float64) for name in ("value", "lo", "hi")}
    return rows.select(
        *("cut", "group_key", "second_key", "people", "unknown"),
        as_of="closed_on",
        band=pl.lit(""),
        numerator="favourable",
        denominator="answers",
        note=pl.lit(""),
        **nothing,
    )


def _per_answer(count: pl.Expr) -> pl.Expr:
    return pl.when(pl.col("answers") > 0).then(count / pl.col("answers"))


def _without_hidden(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` without the figures of an item where the status says that there are none to see."""
    return rows.with_columns(pl.when(pl.col("status") == "shown").then(name).alias(name) for name in _OWN)
