"""What the data contracts' checks found: failures in full, what held table by table, the whole list on request."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboards import words
from dashboards.data import table
from dashboards.page import safe_table
from dashboards.release import Release

# The checked tables by the part of their name before the point, in the order in which the night fills them.
_LAYERS = {
    "raw": "Exports as they arrived",
    "core": "What is known of people and conversations",
    "published": "What is published",
}


def checks(release: Release) -> None:
    """Failed checks first and in full; those that held are counted for each table."""
    rows = table(str(release.folder), "check_result").sort("is_passed", "severity", "table_name", "check_name")
    failed = rows.filter(~pl.col("is_passed"))
    is_error = pl.col("severity") == "error"
    st.subheader(held(rows), anchor=False)
    silent = _silent(release)
    _leavers(rows.filter(~pl.col("table_name").is_in(silent)))
    _broken(
        failed.filter(is_error),
        ":material/error: **Failed.** No release rests on these unless a person says so.",
        "Failed checks",
    )
    _broken(
        failed.filter(~is_error),
        ":material/warning: **Warnings** stop no run. Each says what it means for the figures.",
        "Warnings",
    )
    _by_table(rows, silent)
    everything = st.expander(f"All {words.counted(rows.height, 'check')}, one by one", on_change="rerun", key="checks")
    # Hundreds of rows are sent to the browser only once somebody asks for them.
    if everything.open:
        with everything:
            safe_table(_named(rows), "Checks, failed ones first")


def held(rows: pl.DataFrame) -> str:
    """The outcome of check results in one line; warnings are counted apart from failures."""
    failed = rows.filter(~pl.col("is_passed"))
    errors = failed.filter(pl.col("severity") == "error").height
    return words.checks_held(errors, failed.height - errors, rows.height)


def _broken(rows: pl.DataFrame, caption: str, subject: str) -> None:
    """Checks that did not hold, in full; nothing where all did."""
    if not rows.height:
        return
    st.markdown(caption)
    # A check written as a query has no rows that broke it; its description ends with what it found.
    only_queries = rows["unexpected"].null_count() == rows.height
    safe_table(_named(rows).drop("Result", *(["Broke"] if only_queries else [])), subject)


def _silent(release: Release) -> list[str]:
    """Tables of exports that have not arrived: what is checked there holds without saying anything."""
    sources = table(str(release.folder), "source")
    return ["raw." + name for name in sources.filter(pl.col("files") == 0)["source"]]


def _by_table(rows: pl.DataFrame, silent: list[str]) -> None:
    """One line a table, by the part of the night's work it belongs to; exports that have not arrived share one."""
    name = pl.col("table_name").str.split_exact(".", 1)
    unused = pl.col("table_name").is_in(silent)
    rows = rows.with_columns(
        unused=unused,
        layer=name.struct[0],
        Table=pl.when(unused).then(pl.lit("exports that have not arrived")).otherwise(name.struct[1]),
    )
    counted = rows.group_by("unused", "layer", "Table").agg(Checks=pl.len(), Passed=pl.col("is_passed").sum())
    counted = counted.sort("unused", "Table")
    layers = [key for key in _LAYERS if key in set(counted["layer"])]
    grid = st.grid(3, min_column_width=300, gap=("medium", 40), key="checks-by-table")
    for layer in layers:
        with grid.cell():
            st.caption(_LAYERS[layer])
            safe_table(counted.filter(pl.col("layer") == layer).select("Table", "Checks", "Passed"), _LAYERS[layer])


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    failure = pl.when(pl.col("severity") == "error").then(pl.lit("failed, stops the run"))
    return rows.select(
        Result=pl.when("is_passed").then(pl.lit("passed")).otherwise(failure.otherwise(pl.lit("failed, warning"))),
        Where=pl.concat_str("table_name", pl.col("column_name").replace("", None), separator=".", ignore_nulls=True),
        Check="description",
        Broke=pl.col("unexpected"),
    )


def _leavers(rows: pl.DataFrame) -> None:
    for row in rows.filter(pl.col("check_name").str.contains("leaver")).iter_rows(named=True):
        where, seen = words.plain(row["table_name"]), row["observed"]
        count = f" ({words.count(seen)} found)" if seen is not None else ""
        if row["is_passed"]:
            st.markdown(f":material/check_circle: **Leavers are present** in {where}{words.plain(count)}.")
        else:
            st.markdown(f":material/error: **Leavers are missing** in {where}: {words.plain(row['description'])}")
