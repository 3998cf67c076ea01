"""Why somebody is on a list, in at most three plain facts, each checked against their row; weights stay behind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from pipelines.scoring.model import Floats
from pipelines.scoring.phrases import Phrase, phrases

MOST = 3


def of_risk(people: pl.DataFrame, weights: Mapping[str, Floats], on: date) -> pl.DataFrame:
    """Columns `worker_key` and `reasons`: ids of the facts that weigh most of those that raise the chance of `people` above the average.

    `people` has the columns of lists.person_feature and of lists.due, `weights` by feature what it adds to each of them
    above the average (log odds). A feature that nothing is to be said about, or that lowers the chance, gives none.
    """
    found = []
    for place, phrase in enumerate(each for each in phrases() if each.feature):
        weighed = people.with_columns(weight=pl.Series(weights[phrase.feature]))
        is_so = pl.col(phrase.feature).is_in(phrase.levels) & (pl.col("weight") > 0)
        found.append(_said(weighed.filter(is_so), phrase, place, on))
    return _most_telling(pl.concat(found))


def of_rhythm(people: pl.DataFrame, on: date) -> pl.DataFrame:
    """Columns `worker_key` and `reasons`: ids of the facts that make a conversation with `people` (lists.due) due."""
    told = people.with_columns(weight=pl.lit(0.0))
    due = [each for each in phrases() if not each.feature]
    return _most_telling(pl.concat([_said(told, phrase, place, on) for place, phrase in enumerate(due)]))


def _said(people: pl.DataFrame, phrase: Phrase, place: int, on: date) -> pl.DataFrame:
    return people.filter(phrase.is_true(on)).select(
        "worker_key", "weight", id=pl.lit(phrase.id), topic=pl.lit(phrase.topic), place=pl.lit(place)
    )


def _most_telling(said: pl.DataFrame) -> pl.DataFrame:
    """The weightiest of each topic, then the weightiest three."""
    ranked = said.sort(["worker_key", "weight", "place"], descending=[False, True, False])
    one_each = ranked.unique(["worker_key", "topic"], keep="first", maintain_order=True)
    return one_each.group_by("worker_key", maintain_order=True).agg(reasons=pl.col("id").head(MOST))
