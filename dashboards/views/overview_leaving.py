"""Leaving and staying on the overview: two levels over time; nothing here says what causes them."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import streamlit as st

from dashboards import words
from dashboards.charts import BLUE, ORANGE
from dashboards.data import Cell, cell
from dashboards.views.overview_trend import trend
from dashboards.views.overview_view import View

_MONTHS = 12
_HEIGHT = 170
_COLUMNS = ["as_of", "value", "lo", "hi", "status"]


def leaving(view: View) -> None:
    """Voluntary turnover of the last 12 months and one-year retention, each with its trend."""
    turnover = yearly(view.of("OUT-01"))
    retention = view.of("OUT-02").filter(pl.col("band") == "").select(_COLUMNS)
    left, stayed = _newest(turnover), cell(view.rows, "OUT-02", view.release.as_of)
    st.subheader(words.leaving_title(left, stayed), anchor=False)
    st.caption(
        "These are levels, not a link: they do not say that conversations keep people. "
        "People who plan to stay may also talk more."
    )
    grid = st.grid(2, min_column_width=340, gap=("medium", 40), key="leaving")
    for points, now, name, colour in zip(
        (turnover, retention),
        (left, stayed),
        ("Left by choice in the 12 months before", "Still here a year later"),
        (ORANGE, BLUE),
        strict=True,
    ):
        with grid.cell():
            st.markdown(f"**{name}**")
            if points["value"].drop_nulls().len():
                trend(points, None, name, colour, _HEIGHT, view.about)
            else:
                view.instead(now, name)


def yearly(rows: pl.DataFrame) -> pl.DataFrame:
    """Annual turnover by date: as published (band ``year``), else the sum of the 12 months up to each month's end.

    A sum needs all 12 months; one that is hidden hides it. The rule is that of the metric catalogue, OUT-01.
    """
    published = rows.filter(pl.col("band") == "year").sort("as_of")
    if published.height:
        return published.select(_COLUMNS)
    # The release date itself is usually mid-month: its month is not over and belongs to no sum.
    months = rows.filter((pl.col("band") == "") & ((pl.col("as_of") + timedelta(days=1)).dt.day() == 1)).sort("as_of")
    total = pl.col("value").rolling_sum(_MONTHS)
    blank = pl.lit(None, pl.Float64)
    state = pl.when(total.is_null()).then(pl.lit("suppressed")).otherwise(pl.lit("shown"))
    return months.select("as_of", value=total, lo=blank, hi=blank, status=state).slice(_MONTHS - 1)


def _newest(points: pl.DataFrame) -> Cell:
    if not points.height:
        return Cell()
    last = points.row(-1, named=True)
    return Cell(status=str(last["status"]), value=last["value"])
