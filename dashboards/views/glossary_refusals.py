"""The glossary's refused questions: each in three sentences, with what to ask instead and a small picture of why."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import streamlit as st

from dashboards import words
from dashboards.charts_refusal import misleading_picture
from dashboards.page import GLOSSARY, draw_chart, shown_as_table

_KINDS = {"misleading": "What it would show", "true": "What is so"}
Row = Mapping[str, object]


def refusals(found: tuple[pl.DataFrame, pl.DataFrame] | None) -> None:
    """All refused questions of the release, each folded."""
    st.subheader("What Parley does not work out, and why", anchor=False)
    if found is None:
        st.info("This release is older than the list. Run the night's work again to see it.", icon=":material/history:")
        return
    rows, points = found
    for row in rows.sort("refusal_id").iter_rows(named=True):
        with st.expander(f"**{words.plain(row['title'])}** · {words.plain(row['refusal_id'])}"):
            refusal(row, points)
            link = {"metric": str(row["refusal_id"])}
            st.page_link(GLOSSARY, label="Link to this refusal", icon=":material/link:", query_params=link)


def refusal(row: Row, points: pl.DataFrame) -> None:
    """One refused question: why, what instead, and its picture with the same numbers as a table."""
    st.markdown(words.plain(" ".join(str(row[f"sentence_{place}"]) for place in (1, 2, 3))))
    st.markdown(words.plain(row["instead"]))
    own = points.filter(pl.col("refusal_id") == row["refusal_id"])
    x_title, y_title, unit = (str(row[field]) for field in ("x_title", "y_title", "y_unit"))
    st.caption(
        f"{words.plain(y_title)} in an invented company whose truth is known. "
        "Orange and dashed: what the question would show. Blue: what is so."
    )
    told = own.filter(pl.col("label") != "").iter_rows(named=True)
    spoken = "; ".join(f"{_KINDS[str(p['kind'])].lower()}, {p['label']}" for p in told)
    draw_chart(misleading_picture(own, x_title, unit), alt=f"{y_title} by {x_title.lower()}: {spoken}.")
    shown_as_table(_twin(own, x_title, y_title, unit), f"{row['refusal_id']}: {y_title}")


def _twin(points: pl.DataFrame, x_title: str, y_title: str, unit: str) -> pl.DataFrame:
    return points.select(
        Line=pl.col("kind").replace_strict(_KINDS) + ": " + pl.col("series"),
        **{
            x_title: pl.col("x").map_elements(lambda x: f"{x:.1f}".removesuffix(".0"), return_dtype=pl.String),
            y_title: pl.col("y").map_elements(lambda y: words.number(y, unit), return_dtype=pl.String),
        },
    )
