"""The table of Data health about sources: those that send something, late ones first; the others on request."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboards import words
from dashboards.columns import count, day
from dashboards.data import table
from dashboards.page import long_table, safe_table
from dashboards.release import Release

_WORST_FIRST = {"refused": 0, "late": 1, "fresh": 2, "never": 3}
_AREAS = {"hris": "HR systems", "conversations": "Conversations", "surveys": "Surveys", "outcomes": "Outcomes"}


def sources(release: Release) -> None:
    """Every source that has ever sent a file, late ones first with what to do; the others in one folded line."""
    rank = pl.col("status").replace_strict(_WORST_FIRST, default=4)
    every = table(str(release.folder), "source").sort(rank, "domain", "title")
    in_use = (pl.col("status") != "never") | (pl.col("files") > 0)
    rows, silent = every.filter(in_use), every.filter(~in_use)
    late = rows.filter(pl.col("status").is_in(["late", "refused"])).height
    title = (
        f"{late} of {words.counted(rows.height, 'source')} {'needs' if late == 1 else 'need'} attention"
        if late
        else "Every source that arrives is current"
    )
    st.subheader(title, anchor=False)
    remedy = pl.when(pl.col("status") == "fresh").then(pl.lit("")).otherwise(pl.col("remedy").fill_null(""))
    named = rows.select(
        Source="title",
        State=pl.concat_str("status", _age(), separator="; ", ignore_nulls=True),
        Records=pl.format("{}, {} set aside", count("accepted"), count("quarantined")),
        Remedy=remedy,
    )
    long_table(named if late else named.drop("Remedy"), "Sources")
    if silent.height:
        _silent(silent)


def _silent(rows: pl.DataFrame) -> None:
    with st.expander(f"{words.counted(rows.height, 'further source')} can be read"):
        st.caption("Put an export of one of them into its folder and the next run reads it.")
        area = pl.col("domain").replace(_AREAS)
        named = rows.select(Area=area, Source="title", Folder=_folder()).sort("Area", "Source")
        safe_table(named, "Sources that have sent nothing")


def _folder() -> pl.Expr:
    """The folder that the remedy names; one that names none has the folder of its area and its vendor."""
    named = pl.col("remedy").str.extract(r"landing/([\w-]+/[\w-]+)/")
    vendor = pl.col("source").str.extract("^(.+?)__")
    return pl.format("landing/{}/", pl.coalesce(named, pl.concat_str("domain", vendor, separator="/")))


def _age() -> pl.Expr:
    allowed = pl.format(", may be {} days old", "freshness_days").fill_null("")
    return pl.format("newest file {}", day("last_as_of")) + allowed
