"""One term of the glossary: formula, what it counts among whom, what is unknown or hidden, assumptions, SQL and lineage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import polars as pl
import streamlit as st

from dashboards import words
from dashboards.data import Cell, company_now, settings, table
from dashboards.page import Opened, facts_table

_FACTS = {
    "formula": "Formula",
    "numerator": "Counts",
    "denominator": "Among",
    "window": "Window",
    "exclusions": "Left out",
    "unit": "Unit",
    "interval": "Interval",
    "metric_version": "Version",
    "source": "Source of the definition",
}
_BETTER = {"higher": "higher is better", "lower": "lower is better"}
_UNITS = {
    "share": "share, shown in %",
    "per_year": "per person and year",
    "points": "in the unit of the figure",
    "ratio": "ratio, 1 is parity",
}
_HIDING = (
    "Groups under {minimum} are hidden so no one can be picked out, and neighbours that would give a hidden one back."
    " How many people are in a hidden group is never said."
)
Row = Mapping[str, object]


@dataclass(frozen=True)
class Known:
    """What a release says beside its definitions: titles of the exports that arrived, company figures, settings in force."""

    titles: Mapping[str, str]
    now: Mapping[str, Cell]
    settings: Mapping[str, str]
    as_of: str
    minimum: int


def known(opened: Opened) -> Known:
    """The same for all terms of the page."""
    arrived = table(str(opened.release.folder), "source").filter(pl.col("files") > 0)
    return Known(
        titles=dict(zip(arrived["source"].to_list(), arrived["title"].to_list(), strict=True)),
        now=company_now(opened.release),
        settings=settings(opened.release),
        as_of=words.day(opened.release.as_of),
        minimum=opened.minimum,
    )


def term(row: Row, release: Known) -> None:
    """Draw one term from its row of the glossary."""
    st.markdown(f"*{words.plain(row['question'])}*")
    st.markdown(words.plain(row["definition"]))
    facts = {title: str(row.get(field) or "") for field, title in _FACTS.items()}
    facts["Unit"] = _UNITS.get(facts["Unit"], facts["Unit"])
    facts["Target"] = _target(row)
    facts["Not known"] = _unknown(release.now.get(str(row["metric_id"]), Cell()), release.as_of)
    facts["Hidden groups"] = _HIDING.format(minimum=release.minimum)
    facts["Assumptions"] = _assumed(_listed(row, "assumptions"), release.settings)
    lineage = _listed(row, "tables")
    facts["Exports it uses"] = _origin(_listed(row, "sources") or _exports(lineage), release.titles)
    shown = {label: text for label, text in facts.items() if text not in ("", "None")}
    facts_table(shown, f"Definition of {row['metric_id']}")
    with st.expander("How it is computed (SQL)"):
        st.code(str(row["sql"]), language="sql", wrap_lines=True)
        st.markdown("**Tables it descends from**")
        for layer, names in groupby(sorted(lineage), key=lambda name: name.partition(".")[0]):
            st.caption(words.plain(f"{layer}: " + ", ".join(name.removeprefix(f"{layer}.") for name in names)))


def _target(row: Row) -> str:
    target, better = row["target"], _BETTER.get(str(row["better"]))
    goal = words.with_unit(float(target), str(row["unit"])) if isinstance(target, int | float) else "none set"
    return f"{goal}; {better}" if better else goal


def _unknown(cell: Cell, as_of: str) -> str:
    rule = "Over 20% a figure is flagged, over 40% it is withheld."
    if cell.known_share is None:
        return rule
    return f"{1 - cell.known_share:.0%} for the whole company on {as_of}. {rule}"


def _assumed(names: Sequence[str], in_force: Mapping[str, str]) -> str:
    """The settings of these names and those of single stages, as words; a stage that keeps the general target is left out."""
    found = []
    for name in names:
        own = {n: v for n, v in in_force.items() if n == name or n.startswith(f"{name} ")}
        general = own.get(name)
        found += [f"{n.replace('_', ' ')}: {v.replace('_', ' ')}" for n, v in own.items() if n == name or v != general]
    return "; ".join(found)


def _exports(lineage: Sequence[str]) -> list[str]:
    """The exports among the tables, for a release that does not list the contracts."""
    return [name.removeprefix("raw.") for name in lineage if name.startswith("raw.") and "__" in name]


def _origin(exports: Sequence[str], titles: Mapping[str, str]) -> str:
    """The exports a term rests on: those that have arrived by title, the others it could use as a number."""
    arrived = [titles[name] for name in exports if name in titles]
    other = len(exports) - len(arrived)
    if not arrived:
        return "an export that has not arrived yet" if other else ""
    return ", ".join(arrived) + (f"; {words.counted(other, 'further export')} could add to it" if other else "")


def _listed(row: Row, field: str) -> list[str]:
    return [name for name in str(row.get(field) or "").split(", ") if name]
