"""Figures of closed months that this release gives otherwise than the one before (DQ-05)."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import streamlit as st

from dashboards import words
from dashboards.columns import month
from dashboards.data import definitions, restatement
from dashboards.differences import compared
from dashboards.page import long_table
from dashboards.release import Release

# Sums of many numbers come out in another order on another machine; below this a figure is the same.
_NOISE = 1e-9
_BANDS = {"none": "none on record", "unknown": "not known"}
_WHY = {
    "definition changed": "Its definition changed, so before and now count something else.",
    "no longer reported": "It is no longer reported.",
    "withheld now": "It is withheld now: too few people, or too much unknown.",
}


def restated(release: Release) -> None:
    """Which figures of months that had ended changed, before and now; one quiet line where none did."""
    rows = restatement(release)
    if rows is None:
        st.caption("Closed months: this release was made before changes to their figures were recorded.")
        return
    if not rows.height:
        st.caption("Closed months: there is no earlier release to compare their figures with.")
        return
    moved, lost = rows.filter(pl.col("difference").abs() > _NOISE), rows.filter(pl.col("note") != "")
    if not moved.height and not lost.height:
        st.caption(f"Closed months: none of their {words.count(rows.height)} figures changed since the last release.")
        return
    st.subheader(_title(moved, lost), anchor=False)
    st.caption(
        "Late and corrected files change what is known of months that have ended. Whole company; more under DQ-05 in the glossary."
    )
    names = {metric_id: str(row["name"]) for metric_id, row in definitions(release).items()}
    if moved.height:
        _moved(moved, names)
    if lost.height:
        _lost(lost, names)


def _title(moved: pl.DataFrame, lost: pl.DataFrame) -> str:
    if not moved.height:
        return f"{_of_months(lost)} cannot be compared with the last release"
    title = f"{_of_months(moved)} changed since the last release"
    return title + (f"; {words.count(lost.height)} cannot be compared" if lost.height else "")


def _of_months(rows: pl.DataFrame) -> str:
    months = words.counted(rows["as_of"].n_unique(), "closed month")
    return f"{words.counted(rows.height, 'figure')} of {months}"


def _moved(rows: pl.DataFrame, names: Mapping[str, str]) -> None:
    # Bars of a distribution come in the order of their lower ends; those without one come last.
    lower_end = pl.col("band").str.extract(r"^(\d+)").cast(pl.Int64)
    order = ("as_of", "metric_id", lower_end, "band")
    newest_first = rows.sort(*order, descending=[True, False, False, False], nulls_last=True)
    lines = []
    for row in newest_first.iter_rows(named=True):
        before, now, difference = compared(row["value_before"], row["value_now"], row["unit"])
        figure = _figure(row["metric_id"], row["band"], names)
        lines.append((f"{row['as_of']:%b %Y}", figure, before, now, difference))
    headings = ["Month", "Figure", "Before", "Now", "Change"]
    long_table(pl.DataFrame(lines, schema=headings, orient="row"), "Figures of closed months that changed")


def _lost(rows: pl.DataFrame, names: Mapping[str, str]) -> None:
    """One line a metric and reason: a new definition touches every bar of every month alike."""
    by_metric = rows.group_by("metric_id", "note").agg(
        Figures=pl.len(), first=pl.col("as_of").min(), last=pl.col("as_of").max()
    )
    span = pl.when(pl.col("first") == pl.col("last")).then(month("last"))
    named = by_metric.sort("metric_id", "note").select(
        Figure=pl.col("metric_id").replace(names),
        Why=pl.col("note").replace(_WHY),
        Months=span.otherwise(pl.format("{} to {}", month("first"), month("last"))),
        Figures="Figures",
    )
    long_table(named, "Figures of closed months that cannot be compared")


def _figure(metric_id: str, band: str, names: Mapping[str, str]) -> str:
    name = names.get(metric_id, metric_id)
    return f"{name}: {_BANDS.get(band, band.replace('-', '–'))}" if band else name
