"""Glossary: what exactly does this number mean? All but the refusals comes from the release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby

import polars as pl
import streamlit as st

from dashboards import words
from dashboards.data import definitions, table
from dashboards.page import GLOSSARY, Opened, alone, facts_table, open_page, safe_table
from dashboards.refusals import REFUSALS

_SEARCHED = ("metric_id", "name", "label", "question", "definition", "family")
_FACTS = {
    "numerator": "Counts",
    "denominator": "Among",
    "window": "Window",
    "exclusions": "Left out",
    "unit": "Unit",
    "metric_version": "Version",
    "source": "Source of the definition",
}
_BETTER = {"higher": "higher is better", "lower": "lower is better"}
_UNITS = {"share": "share, shown in %", "per_year": "per person and year", "points": "in the unit of the figure"}
Row = Mapping[str, object]


def render() -> None:
    """Draw the page; `?term=` in the address opens one term."""
    opened = open_page("What exactly does this number mean?")
    if opened is None:
        return
    found = definitions(opened.release)
    arrived = table(str(opened.release.folder), "source").filter(pl.col("files") > 0)
    titles = dict(zip(arrived["source"].to_list(), arrived["title"].to_list(), strict=True))
    term = st.query_params.get("term")
    if term in found:
        _one(found[term], titles)
        return
    if term is not None:
        st.info("The link asks for a term this release does not have; showing all terms.", icon=":material/link_off:")
    alone(partial(_terms, found, titles))
    alone(partial(_assumptions, opened))
    _refusals()


def _one(row: Row, titles: Mapping[str, str]) -> None:
    st.page_link(GLOSSARY, label="All terms", icon=":material/arrow_back:")
    st.subheader(f"{words.plain(row['name'])} · {words.plain(row['metric_id'])}", anchor=False)
    _term(row, titles)


def _terms(found: Mapping[str, Row], titles: Mapping[str, str]) -> None:
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
                _term(row, titles)
                link = {"term": str(row["metric_id"])}
                st.page_link(GLOSSARY, label="Link to this term", icon=":material/link:", query_params=link)


def _matches(row: Row, asked: str) -> bool:
    text = " ".join(str(row[field]) for field in _SEARCHED).casefold()
    return all(part in text for part in asked.casefold().split())


def _term(row: Row, titles: Mapping[str, str]) -> None:
    st.markdown(f"*{words.plain(row['question'])}*")
    st.markdown(words.plain(row["definition"]))
    facts = {title: str(row[field]) for field, title in _FACTS.items()}
    facts["Unit"] = _UNITS.get(facts["Unit"], facts["Unit"])
    target = row["target"]
    goal = words.with_unit(float(target), str(row["unit"])) if isinstance(target, int | float) else "none set"
    better = _BETTER.get(str(row["better"]))
    facts["Target"] = f"{goal}; {better}" if better else goal
    lineage = str(row["tables"]).split(", ")
    facts["Exports it uses"] = _origin(lineage, titles)
    facts_table(
        {label: text for label, text in facts.items() if text not in ("", "None")}, f"Definition of {row['metric_id']}"
    )
    with st.expander("How it is computed (SQL)"):
        st.code(str(row["sql"]), language="sql", wrap_lines=True)
        st.markdown("**Tables it descends from**")
        for layer, names in groupby(sorted(lineage), key=lambda name: name.partition(".")[0]):
            st.caption(words.plain(f"{layer}: " + ", ".join(name.removeprefix(f"{layer}.") for name in names)))


def _origin(lineage: Sequence[str], titles: Mapping[str, str]) -> str:
    """The exports a term rests on: those that have arrived by title, the others it could use as a number."""
    exports = [name.removeprefix("raw.") for name in lineage if name.startswith("raw.") and "__" in name]
    arrived = [titles[name] for name in exports if name in titles]
    other = len(exports) - len(arrived)
    if not arrived:
        return "an export that has not arrived yet" if other else ""
    return ", ".join(arrived) + (f"; {words.counted(other, 'further export')} could add to it" if other else "")


def _assumptions(opened: Opened) -> None:
    rows = table(str(opened.release.folder), "setting")
    st.subheader("Assumptions in force", anchor=False)
    st.caption("Targets, thresholds and bands chosen for this organisation. They are choices, not research.")
    named = rows.select(Setting=pl.col("name").str.replace_all("_", " "), Value="value", Meaning="description")
    safe_table(named, "Assumptions in force")


def _refusals() -> None:
    st.subheader("What Parley does not work out, and why", anchor=False)
    for what, why in REFUSALS.items():
        st.markdown(f"- **{what}.** {why}")


if __name__ == "__main__":
    render()
