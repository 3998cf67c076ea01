"""Coverage month by month, and the line of any share over time with its table."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboards import charts, words
from dashboards.data import cell
from dashboards.page import draw_chart, shown_as_table
from dashboards.views.overview_view import View


def coverage(view: View) -> None:
    """Share with a conversation in the window, month by month, with interval and target."""
    metric_id = view.selection.coverage_id
    points = coverage_points(view)
    target, _ = view.target(metric_id)
    values = points["value"].drop_nulls().to_list()
    newest = cell(view.rows, metric_id, view.release.as_of)
    # Where the newest number is hidden the older ones say nothing about today.
    st.subheader(words.coverage_title(values if newest.is_shown else [], target), anchor=False)
    st.caption(f"Share with a conversation in the last {view.selection.window} months; shaded: 95% interval")
    if not values:
        view.instead(newest, "coverage")
        return
    trend(points, target, "Coverage", about=view.about)


def coverage_points(view: View) -> pl.DataFrame:
    """Coverage of the window by date, with interval and status."""
    rows = view.of(view.selection.coverage_id)
    points = rows.filter((pl.col("band") == "") & (pl.col("status") != "empty")).sort("as_of")
    return points.select("as_of", "value", "lo", "hi", "status")


def trend(
    points: pl.DataFrame,
    target: float | None,
    subject: str,
    colour: str = charts.BLUE,
    height: int = 250,
    about: str = "",
) -> None:
    """The line of a share over time, what of it is hidden, and its table; at least one value must be shown."""
    hidden = points["value"].null_count()
    first, last = charts.first_and_last(points) or (None, None)
    shown = points.filter(pl.col("value").is_not_null())["value"]
    told = f"{subject} from {shown[0]:.0%} in {first:%b %Y} to {shown[-1]:.0%} in {last:%b %Y}."
    chart = charts.coverage(points.drop("status"), target, colour, height)
    draw_chart(chart, alt=told)
    if hidden:
        st.caption(words.hidden_dates(hidden, points.height, last if points["value"][-1] is None else None))
    twin = points.select(
        Date=pl.col("as_of").map_elements(words.day, return_dtype=pl.String),
        Share=_percent("value"),
        From=_percent("lo"),
        To=_percent("hi"),
    )
    shown_as_table(twin.reverse(), subject, chart, about)


def _percent(column: str) -> pl.Expr:
    return (pl.col(column) * 100).round(0).cast(pl.Int64).cast(pl.String) + "%"
