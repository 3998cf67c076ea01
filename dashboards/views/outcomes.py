"""Outcomes: do people who talk leave less or move up more? Layout; the panels are in the modules beside it."""

from __future__ import annotations

from functools import partial

import polars as pl
import streamlit as st

from dashboards import filters
from dashboards import words_outcomes as said
from dashboards.access.account import export_button
from dashboards.page import Opened, alone, open_page, said_instead
from dashboards.views.outcomes_curves import curves, landmarks
from dashboards.views.outcomes_method import method
from dashboards.views.outcomes_staircase import staircase
from dashboards.views.outcomes_view import View, ask, reset, show_outcome, view
from dashboards.views.outcomes_what_if import what_if
from dashboards.workbook_outcomes import workbook


def render() -> None:
    """Draw the page for the release in force and the choices in the address."""
    opened = open_page("Do people who talk leave less or move up more?")
    if opened is None:
        return
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        asked = ask()
    found = view(opened, asked)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_READ_WITH_CARE, width="stretch")
        with st.container(horizontal=True, gap="small", width="content", wrap=False):
            if found is not None:
                _export_button(found)
            st.button("Reset", icon=":material/restart_alt:", on_click=reset, key="reset-outcomes")
    if filters.note():
        st.info(filters.note(), icon=":material/link_off:")
    if found is None:
        _older(opened)
    else:
        _panels(found)


_READ_WITH_CARE = (
    "Whole company. Everything here is an **association**: people who plan to stay may also talk more, "
    "and a good manager may bring about both."
)


def _older(opened: Opened) -> None:
    said_instead(
        ":material/history:",
        "This release is older than the links",
        f"Release {opened.release.id} was made before they were worked out. Run the night's work again to see them.",
    )


def _panels(found: View) -> None:
    top = st.grid(2, min_column_width=440, gap=("medium", 40), key="outcomes-top")
    for panel in (curves, landmarks):
        with top.cell():
            alone(partial(panel, found))
    alone(partial(staircase, found))
    alone(partial(what_if, found))
    alone(partial(method, found))
    other = next(name for name in said.OUTCOMES if name != found.asked.outcome)
    st.button(
        f"See the same for {said.OUTCOMES[other].lower()}",
        icon=":material/arrow_forward:",
        on_click=show_outcome(other),
        key="other-outcome",
    )


def _export_button(found: View) -> None:
    export_button(
        "Export",
        partial(_export, found),
        f"conversations-and-outcomes-{found.opened.release.as_of}.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "This page as a spreadsheet: every row with its sentence and caveat, the protocols and the choices.",
    )


def _export(found: View) -> bytes:
    asked = found.asked
    chosen = {
        "Outcome": said.OUTCOMES[asked.outcome],
        "Followed from": said.LANDMARKS[asked.landmark],
        "Conversations by": said.EXPOSURES[asked.exposure],
        "Adjusted for": said.STEPS[asked.step],
    }
    sheets: dict[str, pl.DataFrame] = {
        "Links": found.staircase,
        "Curves": found.followed,
        "What if": found.what_if,
        "Protocols": found.protocols,
    }
    return workbook(sheets, chosen, found.opened.release, found.minimum)


if __name__ == "__main__":
    render()
