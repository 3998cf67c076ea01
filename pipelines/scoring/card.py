"""The model card: what the model learns from, how it did when it was tried, whether it is used, and what it cannot do."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from pipelines.scoring.backtest import FEWEST_TRIED, SLOPES, Backtest
from pipelines.scoring.fairness import PROXY_FROM
from pipelines.scoring.features import FEATURES
from pipelines.scoring.measures import LIST_SHARE
from pipelines.scoring.model import FEWEST_LEAVERS, RiskModel, overlap_of

VERSION = "1"
# Counts of fewer people or times are not told.
FEWEST_TOLD = 10
SCHEMA = pl.Schema(
    {
        "part": pl.String,
        "position": pl.Int64,
        "item": pl.String,
        "text": pl.String,
        "value": pl.Float64,
        "lo": pl.Float64,
        "hi": pl.Float64,
    }
)
VERDICTS = {
    "used": "The model is used: it was calibrated and better than the time since the last conversation alone.",
    "too_thin": f"The model is not used: fewer than {FEWEST_TRIED} people left in the year it was tried, or too few before to learn"
    " from. The lists say who is due for a conversation, and nothing about the risk of leaving.",
    "not_calibrated": f"The model is not used: its calibration slope lies outside {SLOPES[0]} to {SLOPES[1]}, so its chances are not"
    " right. The lists say who is due for a conversation, and nothing about the risk of leaving.",
    "not_better": "The model is not used: it was no better than the time since the last conversation alone. The lists say who is due"
    " for a conversation, and nothing about the risk of leaving.",
}
_FIGURES = {
    "auc": "How often the model put somebody who left above somebody who stayed; 0.5 is chance.",
    "recency_auc": "The same by the time since the last conversation alone.",
    "brier_skill": "By what share its errors are smaller than those of giving everybody the rate of the past.",
    "recency_skill": "By what share its errors are smaller than those of the time since the last conversation alone.",
    "calibration_slope": "1 where chances are right; below 1 where they are too extreme.",
    "calibration_intercept": "0 where chances are right, given a slope of 1.",
    "precision": f"Share of the highest {LIST_SHARE:.0%} that left within six months.",
    "lift": f"How many times more often the highest {LIST_SHARE:.0%} left than all.",
    "recency_precision": f"Share of the {LIST_SHARE:.0%} put highest by the time since the last conversation alone that left.",
    "recency_lift": "How many times more often these left than all.",
}
_BANDS = {"talk_first": "Talk first", "talk_soon": "Talk soon", "others": "on no list"}
_LIMITS = (
    "It tells who is like those who left, not why they left, nor what would keep anybody.",
    "It knows jobs and conversations alone. Most of what makes people leave is not in it: most of those it lists stay, and most of"
    " those who leave are not on the list.",
    "The last day employed stands for a day of notice that is not known: then talks that stopped because somebody had already"
    " resigned can make it look better than it is.",
    "Exits of which the kind is not known count as not by choice.",
    "It says nothing of people in their first 90 days, on long leave, or on notice, nor of those whose odds it does not know within"
    " a factor of three.",
    "It is for offering support. It is not for appraisal, pay, promotion, termination or selection.",
)


def model_card(
    cells: pl.DataFrame, tried: Backtest, model: RiskModel | None, compared: pl.Series, as_of: date
) -> pl.DataFrame:
    """Table ``published.model_card`` (SCHEMA). `cells` is lists.origin_cell, `compared` the status of each row of the fairness table.

    Figures are those of the backtest, with 95 % intervals; counts of fewer than ten are in none of them.
    """
    rows: list[dict[str, Any]] = [{"part": "verdict", "item": tried.verdict, "text": VERDICTS[tried.verdict]}]
    rows += [
        {
            "part": "version",
            "item": "version",
            "text": f"Version {VERSION} of the model, learned anew on {as_of.isoformat()}.",
        }
    ]
    rows += _data(cells, tried)
    rows += [{"part": "features", "item": each.name, "text": each.title} for each in FEATURES]
    rows += _backtest(tried, model)
    rows += [{"part": "fairness", "item": "flagged", "text": _fairness(compared), "value": _flagged(compared)}]
    rows += [{"part": "limits", "item": f"limit_{number}", "text": text} for number, text in enumerate(_LIMITS, 1)]
    return pl.DataFrame([row | {"position": place} for place, row in enumerate(rows)], schema=SCHEMA)


def _data(cells: pl.DataFrame, tried: Backtest) -> list[dict[str, Any]]:
    people, origins = int(cells["people"].sum()), cells["origin_month"].n_unique()
    left = int(cells["leavers"].sum()) // overlap_of(cells["origin_month"])
    few = left < FEWEST_LEAVERS
    learned = "fewer than 50" if few else f"about {left}"
    told = f"{origins} beginnings of a month, {people} times somebody was at risk, {learned} people who left by choice."
    share = tried.unknown / tried.people if tried.people else 0.0
    return [
        {"part": "data", "item": "learned_from", "text": told},
        {
            "part": "data",
            "item": "target",
            "text": "Notice given by choice within six months, of people at risk at the beginning of a month.",
        },
        {
            "part": "data",
            "item": "unknown",
            "text": f"Share of people of whom it says nothing: {_abstained(tried)}.",
            "value": share,
        },
    ]


def _abstained(tried: Backtest) -> str:
    if not 0 < tried.unknown < FEWEST_TOLD:
        return f"{tried.unknown} of {tried.people} times somebody was at risk in the year it was tried"
    return f"fewer than {FEWEST_TOLD} of {tried.people} times somebody was at risk in the year it was tried"


def _backtest(tried: Backtest, model: RiskModel | None) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for name, text in _FIGURES.items():
        figure = tried.figures.get(name)
        if figure is not None:
            rows.append({"item": name, "text": text, "value": figure.value, "lo": figure.lo, "hi": figure.hi})
    if tried.figures:
        rate = int(tried.scored["leavers"].sum()) / int(tried.scored["people"].sum())
        told = f"Of 100 people, on a list or not, about {round(100 * rate)} left within six months."
        rows.append({"item": "left_all", "text": told, "value": rate})
        for band, label in _BANDS.items():
            people, left = tried.by_band.get(band, (0, 0))
            if people >= FEWEST_TOLD * tried.overlap:
                told = f"Of 100 people {label} about {round(100 * left / people)} left within six months."
                rows.append({"item": f"left_{band}", "text": told, "value": left / people})
    if model is not None:
        rows.append(
            {
                "item": "shrinkage",
                "text": "Share of each effect that is kept, the rest being chance.",
                "value": model.shrunk,
            }
        )
    return [{"part": "backtest"} | row for row in rows]


def _fairness(compared: pl.Series) -> str:
    made, flagged = int(compared.is_in(["ok", "look"]).sum()), int((compared == "look").sum())
    if not made:
        return "Groups could not be compared: too few people gave these attributes, or nothing is said of them. No sign of fairness."
    if not flagged:
        return (
            f"In {made} comparisons no group is listed, missed or wrongly listed more or less often than others by more than chance,"
            " nor told by the features."
        )
    return (
        f"{flagged} of {made} comparisons need a look: a group is listed, missed or wrongly listed more or less often than others by more"
        f" than chance, or features tell it with an area under the curve above {PROXY_FROM}."
    )


def _flagged(compared: pl.Series) -> float | None:
    return float((compared == "look").sum()) if compared.is_in(["ok", "look"]).any() else None
