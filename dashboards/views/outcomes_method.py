"""The method drawer of Outcomes: the protocol of every result on screen, part by part, and what is refused."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboards import data, words
from dashboards import words_outcomes as said
from dashboards.page import GLOSSARY, facts_table
from dashboards.views.outcomes_view import View

# Questions about outcomes that mislead whatever is true; confidentiality of surveys is another matter.
_ABOUT_OUTCOMES = ("REF-01", "REF-02", "REF-03", "REF-04")


def method(view: View) -> None:
    """Protocols and their versions, folded; below them the refused questions, each with a way to its page."""
    st.subheader("How this is worked out", anchor=False)
    protocols = view.protocols.filter(pl.col("protocol").is_in(_used(view)))
    if not protocols.height:
        st.caption("This release carries no protocol of the results above.")
    for (name, version), parts in protocols.group_by("protocol", "version", maintain_order=True):
        title = words.plain(f"{said.PROTOCOLS.get(str(name), str(name).replace('_', ' '))} · version {version}")
        with st.expander(f"**{title}**"):
            rows = parts.sort("position").select("part", "text").iter_rows()
            facts_table(dict(rows), f"Protocol {name}")
    _refused(view)


def _used(view: View) -> list[str]:
    """Names of the protocols the rows on screen were worked out under; a row may name the version after it."""
    named = {*view.staircase["protocol"].to_list(), *view.what_if["protocol"].to_list()}
    return [p for p in view.protocols["protocol"].unique() if any(n.partition(" ")[0] == p for n in named)]


def _refused(view: View) -> None:
    found = data.refusals(view.opened.release)
    rows = found[0].filter(pl.col("refusal_id").is_in(_ABOUT_OUTCOMES)) if found else pl.DataFrame()
    if not rows.height:
        return
    with st.expander("**Questions that are refused, and why**"):
        st.caption("Each would show a benefit, or a harm, whatever is true. The glossary shows why in a picture.")
        for row in rows.sort("refusal_id").iter_rows(named=True):
            link = {"metric": str(row["refusal_id"])}
            st.page_link(GLOSSARY, label=words.plain(row["title"]), icon=":material/block:", query_params=link)
