"""Overview: are career conversations happening? Layout and filters; the panels are drawn in `overview_panels`."""

from __future__ import annotations

from datetime import date
from functools import partial

import polars as pl
import streamlit as st

from dashboards import filters, words
from dashboards.access.account import export_button
from dashboards.access.viewing import current_role
from dashboards.data import definitions, history, matrix, table
from dashboards.groups import Groups, groups
from dashboards.page import DATA_HEALTH, Opened, alone, may_open, nothing_loaded, open_page
from dashboards.views import overview_panels as panels
from dashboards.views.overview_brief import brief
from dashboards.views.overview_cards import IDS as CARD_IDS
from dashboards.views.overview_cards import cards
from dashboards.views.overview_leaving import leaving
from dashboards.views.overview_trend import coverage
from dashboards.views.overview_view import View
from dashboards.workbook import workbook

_IDS = (*CARD_IDS, *panels.IDS)


def render() -> None:
    """Draw the page for the release in force and the filters in the address."""
    opened = open_page("Are career conversations happening?")
    if opened is None:
        return
    tree = groups(opened.release)
    if not tree.choices:
        st.info("The release has no figures about your part of the organisation.", icon=":material/lock:")
        return
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        selection = filters.select(tree)
    rows = history(opened.release, selection, _IDS)
    view = View(opened, tree, selection, rows, definitions(opened.release))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(filters.breadcrumb(tree, selection), width="stretch")
        with st.container(horizontal=True, gap="small", width="content", wrap=False):
            _export_buttons(view)
            st.button("Reset", icon=":material/restart_alt:", on_click=filters.reset, args=(tree,))
    _notes(opened, tree)
    if not rows.height and selection.cut == "company":
        nothing_loaded()
        return
    alone(partial(cards, view))
    _grid(view)


def _notes(opened: Opened, tree: Groups) -> None:
    if not tree.has_company:
        st.caption(f"You see {words.plain(', '.join(tree.tops()))} only. Ask HR analytics for more.")
    if filters.note():
        st.info(filters.note(), icon=":material/link_off:")
    late = table(str(opened.release.folder), "source").filter(pl.col("status").is_in(["late", "refused"]))
    if late.height:
        named = ", ".join(words.plain(_lateness(r["title"], r["last_as_of"])) for r in late.iter_rows(named=True))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            text = f":material/pie_chart: Not all exports are current: {named}. What they would say counts as unknown."
            st.markdown(text, width="content")
            if may_open(DATA_HEALTH, current_role()):
                st.page_link(DATA_HEALTH, label="What to do about it", icon=":material/arrow_forward:", width="content")


def _lateness(title: str, last: date | None) -> str:
    return f"{title} (newest file {words.day(last)})" if last else f"{title} (no usable file)"


def _grid(view: View) -> None:
    grid = st.grid(2, min_column_width=440, gap=("medium", 40), key="panels")
    for panel in (panels.distribution, coverage, panels.gaps, panels.conversations):
        with grid.cell():
            alone(partial(panel, view))
    alone(partial(leaving, view))


def _export_buttons(view: View) -> None:
    export_button(
        "Export",
        partial(_export, view),
        f"career-conversations-{view.release.as_of}.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "This page as a spreadsheet: data, definitions, filters and what it rests on.",
    )
    export_button(
        "Brief",
        partial(brief, view),
        f"career-conversations-brief-{view.release.as_of}.pdf",
        "application/pdf",
        "One page about this group, as PDF.",
    )


def _export(view: View) -> bytes:
    units = tuple(view.groups.units)
    labels = {unit: view.groups.units[unit].label for unit in units} | view.groups.stages
    gaps = matrix(view.release, view.selection.coverage_id, view.heatmap_units())
    rows = pl.concat([view.rows, gaps]).unique(maintain_order=True)
    chosen = {
        "Organisation": view.groups.unit_label(view.selection.org),
        "Career stage": view.groups.stages.get(view.selection.stage, "All stages"),
        "Window": f"{view.selection.window} months",
    }
    return workbook(rows, labels, view.definitions, chosen, view.release, view.minimum)


if __name__ == "__main__":
    render()
