"""The tables of Data health about what is not recorded, who is covered by a source, and rows that cannot be."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboards.columns import count, exact_percent, percent
from dashboards.data import quality, table
from dashboards.page import long_table, safe_table
from dashboards.release import Release


def fields(release: Release) -> None:
    """Share unknown of each field by source, most unknown first."""
    rows = quality(release, "DQ-01").filter(pl.col("value").is_not_null()).sort("value")
    st.subheader("What is not recorded", anchor=False)
    if not rows.height:
        st.caption("This release has no completeness figures.")
        return
    st.caption("Share of records where the field is unknown")
    titles = _titles(release)
    named = rows.select(
        Source=pl.col("group_key").replace(titles),
        Field=pl.col("second_key").str.replace_all(r"^is_|_key$", "").str.replace_all("_", " "),
        Unknown=percent(1 - pl.col("value")),
        Records=count("n"),
    )
    long_table(named, "Share unknown by field")


def coverage_and_rules(release: Release) -> None:
    """Share of people that any source covers, and the share of impossible rows by rule."""
    covered = quality(release, "DQ-02").filter((pl.col("cut") == "company") & pl.col("value").is_not_null())
    if covered.height:
        share = covered["value"][0]
        st.subheader(f"{share:.0%} of people are covered by a source", anchor=False)
        st.caption(f"For the other {1 - share:.0%} no record means unknown, not none.")
    rows = quality(release, "DQ-04").filter(pl.col("value").is_not_null()).sort("value", descending=True)
    st.subheader("Impossible rows, by rule", anchor=False)
    if not rows.height:
        st.caption("This release has no figures about impossible rows.")
        return
    labels = table(str(release.folder), "cut_group").filter(pl.col("cut") == "rule")
    named_rules = dict(zip(labels["group_key"].to_list(), labels["label"].to_list(), strict=True))
    named = rows.select(
        Rule=pl.col("group_key").replace(named_rules),
        Share=exact_percent("value"),
        Records=count("n"),
    )
    safe_table(named, "Impossible rows by rule")


def _titles(release: Release) -> dict[str, str]:
    """Title by source, and by vendor: that of its source in use where there is just one, else its name."""
    rows = table(str(release.folder), "source")
    in_use = rows.filter(pl.col("files") > 0).group_by(pl.col("source").str.extract("^(.+?)__", 1)).agg("title")
    vendors = {str(v): t[0] if len(t) == 1 else str(v).capitalize() for v, t in in_use.iter_rows()}
    return vendors | dict(zip(rows["source"].to_list(), rows["title"].to_list(), strict=True))
