"""The four headline figures of the overview, each with its change, its target and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from dashboards import words
from dashboards.charts import bullet
from dashboards.data import Cell, cell, earlier_date
from dashboards.page import definition_help, draw_chart
from dashboards.views.overview_view import View

IDS = ("COV-01", "COV-02", "RCY-02", "CAD-01", "RCY-04")


@dataclass(frozen=True)
class Card:
    """A headline figure: whom `noun` counts, and the end of its bar."""

    metric_id: str
    label: str
    noun: str
    top: float


def chosen_cards(view: View) -> tuple[Card, ...]:
    """The four headline figures of a view, in order."""
    return (
        Card(view.selection.coverage_id, f"Talked in the last {view.selection.window} months", "people", 1.0),
        Card("RCY-02", "Median months since last", "people", 12.0),
        Card("CAD-01", "Conversations a year each", "person-years", 4.0),
        Card("RCY-04", "None on record", "here 6+ months", 1.0),
    )


def cards(view: View) -> None:
    """Four cards of one height, four, two or one beside each other as the page allows."""
    chosen = chosen_cards(view)
    # Two grids of two: four cards in a row, two by two or one below the other, but never three and one.
    pairs = st.grid(2, min_column_width=520, gap="small", key="cards")
    for pair in (chosen[:2], chosen[2:]):
        with pairs.cell():
            grid = st.grid(
                2, min_column_width=230, border=True, gap="small", height="stretch", key=f"cards-{pair[0].label}"
            )
            for card in pair:
                with grid.cell():
                    _draw(view, card)


def _draw(view: View, card: Card) -> None:
    now = cell(view.rows, card.metric_id, view.release.as_of)
    since = earlier_date(view.rows, view.release.as_of)
    before = cell(view.rows, card.metric_id, since) if since else Cell()
    moved = words.change(now, before, since) if since else None
    target, better = view.target(card.metric_id)
    st.metric(
        card.label,
        words.short(now, view.minimum) if now.status != "over_tenure" else "No median",
        delta=moved[0] if moved else None,
        delta_color="off",
        delta_arrow=_arrow(moved[0]) if moved else "off",
        delta_description=moved[1] if moved else None,
        help=definition_help(view.definitions, card.metric_id) or None,
    )
    top = max(card.top, (now.value or 0) * 1.1, (target or 0) * 1.3) if card.top > 1 else 1.0
    told = words.target_text(target, now.unit, better)
    draw_chart(bullet(now, target, top), alt=_described(card, now, told), key=f"bullet-{card.metric_id}")
    if now.is_shown:
        st.caption("  \n".join(part for part in (told.capitalize(), words.base(now, card.noun)) if part))
    else:
        title, explanation = words.state(now.status, view.minimum)
        st.caption(f"**{title}.** {explanation}")


def _arrow(moved: str) -> Literal["up", "down", "off"]:
    return "up" if moved.startswith("+") else "down" if moved.startswith("−") else "off"


def _described(card: Card, now: Cell, told: str) -> str:
    value = words.with_unit(now.value or 0, now.unit) if now.is_shown else "not shown"
    return f"{card.label}: {value}" + (f", {told}" if told else "") + "."
