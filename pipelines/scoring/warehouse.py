"""From the warehouse to what the model of leaving gives out: the card, the fairness table, and the entries of the lists."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import partial

import duckdb
import polars as pl

from pipelines.scoring import card, entries, fairness
from pipelines.scoring.backtest import Backtest, walk_forward
from pipelines.scoring.features import require_allowed
from pipelines.scoring.listing import with_band
from pipelines.scoring.model import MONTHS_AHEAD, RiskModel, ThinDataError, risk_model
from pipelines.warehouse import frame

_CELLS = "select * from lists.origin_cell order by all"


def model_card(con: duckdb.DuckDBPyConnection, as_of: date) -> pl.DataFrame:
    """Table ``published.model_card``: the model as it was learned and tried for this release; published.model_fairness is there."""
    cells, tried, model = _learned(con)
    compared = frame(con, "select status from published.model_fairness")["status"]
    return card.model_card(cells, tried, model, compared, as_of).with_columns(as_of=pl.lit(as_of))


def model_fairness(con: duckdb.DuckDBPyConnection, as_of: date) -> pl.DataFrame:
    """Table ``published.model_fairness``: the list by group, for who reviews it; as it would be where the model is not used."""
    cells, _, model = _learned(con)
    people = frame(con, "select * from fairness.attribute_cell order by all")
    marked = fairness.listed_cells(people, partial(_is_listed, cells, model))
    return fairness.fairness(marked).with_columns(as_of=pl.lit(as_of))


def list_entries(
    con: duckdb.DuckDBPyConnection, as_of: date, critical_days: int, without: Collection[str] = ()
) -> pl.DataFrame:
    """The entries of this night's lists (see `entries`), on the ground 'at_risk' only where the model has earned it.

    Nothing is worked out about the workers in `without`: they object to it.
    """
    _, tried, model = _learned(con)
    is_asked = ~pl.col("worker_key").is_in(list(without))
    people = frame(con, "select * from lists.person_feature order by worker_key").filter(is_asked)
    due = frame(con, "select * from lists.due order by worker_key").filter(is_asked)
    return entries.entries(people, due, model if tried.verdict == "used" else None, as_of, critical_days)


def _learned(con: duckdb.DuckDBPyConnection) -> tuple[pl.DataFrame, Backtest, RiskModel | None]:
    cells = frame(con, _CELLS)
    require_allowed(cells.columns)
    return cells, walk_forward(cells), _model(cells)


def _model(cells: pl.DataFrame) -> RiskModel | None:
    try:
        return risk_model(cells)
    except ThinDataError:
        return None


def _is_listed(cells: pl.DataFrame, model: RiskModel | None, patterns: pl.DataFrame, origin: int) -> pl.Series:
    """Whether people of each pattern would be on the list of an origin; null where the model of that time says nothing of them."""
    known = cells.filter(pl.col("origin_month") + MONTHS_AHEAD <= origin)
    now = model if known.height == cells.height else _model(known)
    if now is None:
        return pl.Series([None] * patterns.height, dtype=pl.Boolean)
    scored = patterns.with_columns(pl.Series("chance", now.chances(patterns)).fill_nan(None))
    banded = with_band(scored).with_columns(scored["chance"])
    return banded.select(pl.when(pl.col("chance").is_not_null()).then(pl.col("band").is_not_null())).to_series()
