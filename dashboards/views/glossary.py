"""Glossary: what exactly does this number mean, and what is not worked out? Everything comes from the release."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import groupby

import polars as pl
import streamlit as st

from dashboards import data, words
from dashboards.page import GLOSSARY, Opened, alone, open_page
from dashboards.views.glossary_assumptions import assumptions
from dashboards.views.glossary_refusals import refusal, refusals
from dashboards.views.glossary_term import Known, Row, known, term

_SEARCHED = ("metric_id", "name", "label", "question", "definition", "family", "numerator", "denominator")
Refused = tuple[pl.DataFrame, pl.DataFrame]


def render() -> None:
    """Draw the page; `?metric=` in the address opens one term or refusal (`?term=` in links of earlier versions)."""
    opened = open_page("What exactly does this number mean?")
    if opened is None:
        return
    found, refused = data.definitions(opened.release), data.refusals(opened.release)
    asked = st.query_params.get("metric") or st.query_params.get("term")
    if asked is not None and _opened_at(asked.upper(), opened, found, refused):
        return
    if asked is not None:
        st.info("The link asks for a term this release does not have; showing all terms.", icon=":material/link_off:")
    alone(partial(_terms, found, known(opened)))
    alone(partial(assumptions, opened))
    alone(partial(refusals, refused))


def _opened_at(asked: str, opened: Opened, found: Mapping[str, Row], refused: Refused | None) -> bool:
    """Draw the one term or refusal of that id alone; False where the release has none."""
    if asked in found:
        _one(found[asked]["name"], asked)
        alone(partial(term, found[asked], known(opened)))
        return True
    rows = refused[0].filter(pl.col("refusal_id") == asked) if refused else pl.DataFrame()
    if refused is None or not rows.height:
        return False
    row = rows.row(0, named=True)
    _one(row["title"], asked)
    alone(partial(refusal, row, refused[1]))
    return True


def _one(name: object, key: str) -> None:
    st.page_link(GLOSSARY, label="All terms", icon=":material/arrow_back:")
    st.subheader(f"{words.plain(name)} · {words.plain(key)}", anchor=False)


def _terms(found: Mapping[str, Row], release: Known) -> None:
    families = list(dict.fromkeys(str(row["family"]) for row in found.values()))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        asked = st.text_input("Search", key="glossary-search", placeholder="overdue, turnover, RCY-03", width=330)
        family = st.selectbox("Family", ["All families", *families], key="glossary-family", width=240)
    rows = [r for r in found.values() if _matches(r, asked) and family in ("All families", r["family"])]
    if not rows:
        st.info("No term matches. Clear the search or choose all families.", icon=":material/search_off:")
    for name, members in groupby(rows, key=lambda r: str(r["family"])):
        st.subheader(words.plain(name), anchor=False)
        for row in members:
            with st.expander(f"**{words.plain(row['name'])}** · {words.plain(row['metric_id'])}"):
                term(row, release)
                link = {"metric": str(row["metric_id"])}
                st.page_link(GLOSSARY, label="Link to this term", icon=":material/link:", query_params=link)


def _matches(row: Row, asked: str) -> bool:
    text = " ".join(str(row[field]) for field in _SEARCHED).casefold()
    return all(part in text for part in asked.casefold().split())


if __name__ == "__main__":
    render()
