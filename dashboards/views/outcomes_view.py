"""What the Outcomes panels are given: what was asked, and the rows of the release that answer it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import streamlit as st

from dashboards import data, filters, words
from dashboards import words_outcomes as said
from dashboards.page import Opened, said_instead

_NAMES = {"outcome": "outcome", "landmark": "landmark", "exposure": "question", "adjust": "adjustment"}
_DEFAULTS = {
    "outcome": said.OUTCOMES["voluntary_exit"],
    "landmark": said.LANDMARKS["12_months"],
    "exposure": said.EXPOSURES["recency"],
    "adjust": said.STEPS["adjusted"],
}
_ALIKE = (
    "Whom a difference is told between. Tenure only: people as long here. Tenure and job: also alike in unit, grade, "
    "job family, place, stage and year. Manager: also under the same one. 3-month lag: what was on record three "
    "months earlier counts, so that a plan to leave is less likely to have come first."
)


@dataclass(frozen=True)
class Asked:
    """Keys of the four choices in the address."""

    outcome: str
    landmark: str
    exposure: str
    step: str


@dataclass(frozen=True)
class View:
    """`links`, `curves` and `what_if` hold the rows of the outcome asked for, `protocols` those of all protocols."""

    opened: Opened
    asked: Asked
    links: pl.DataFrame
    curves: pl.DataFrame
    what_if: pl.DataFrame
    protocols: pl.DataFrame
    figures: pl.DataFrame = field(repr=False)

    @property
    def about(self) -> str:
        """Whom the figures speak of, when and with what care, for a picture that leaves the page."""
        day = words.day(self.opened.release.as_of)
        return f"{said.OUTCOMES[self.asked.outcome]} · whole company · data as of {day} · an association, not a proof of cause"

    @property
    def minimum(self) -> int:
        """Groups with fewer people are hidden."""
        return self.opened.minimum

    @property
    def staircase(self) -> pl.DataFrame:
        """All levels and steps of the exposure asked for, in the order of the words for them."""
        rows = self.links.filter(pl.col("exposure") == self.asked.exposure)
        return in_order(in_order(rows, "step", said.STEPS), "level", said.LEVELS)

    @property
    def chosen(self) -> pl.DataFrame:
        """The levels of the staircase at the step asked for, the reference among them."""
        return self.staircase.filter(pl.col("step") == self.asked.step)

    @property
    def followed(self) -> pl.DataFrame:
        """Both curves from the landmark asked for."""
        return self.curves.filter(pl.col("landmark") == self.asked.landmark).sort("arm", "month")

    def instead(self, status: str, sentence: str = "") -> None:
        """Draw the state of a result without a figure; its own sentence where it has one."""
        title, explanation = said.state(status, self.minimum)
        icon = ":material/visibility_off:" if status == "hidden" else ":material/help:"
        # A sentence that begins with the title would say it twice.
        own = sentence.removeprefix(f"{title}: ")
        said_instead(icon, title, words.plain(own[:1].upper() + own[1:] or explanation))


def in_order(rows: pl.DataFrame, column: str, known: Iterable[str]) -> pl.DataFrame:
    """Rows sorted by the place of `column` in `known`, those alike as they were."""
    places = {name: place for place, name in enumerate(known)}
    return rows.sort(pl.col(column).replace_strict(places, default=len(places)), maintain_order=True)


def ask() -> Asked:
    """Draw the filter row and return what it asks for; an address that asks for something else leaves a note."""
    offered = {"outcome": said.OUTCOMES, "landmark": said.LANDMARKS, "exposure": said.EXPOSURES, "adjust": said.STEPS}
    keys = {name: {label: key for key, label in labels.items()} for name, labels in offered.items()}
    filters.note_unknown(keys, _NAMES, _DEFAULTS, "what it usually shows")
    bound: dict[str, Any] = {"required": True, "bind": "query-params"}
    outcome = st.segmented_control(
        "Outcome", list(keys["outcome"]), default=_DEFAULTS["outcome"], key="outcome", **bound
    )
    landmark = st.segmented_control(
        "Followed from (time in the company)",
        list(keys["landmark"]),
        default=_DEFAULTS["landmark"],
        key="landmark",
        help="The curves follow people for a year from the day they had been here this long.",
        **bound,
    )
    exposure = st.selectbox("Conversations by", list(keys["exposure"]), key="exposure", bind="query-params", width=240)
    step = st.selectbox(
        "Adjusted for",
        list(keys["adjust"]),
        index=list(keys["adjust"]).index(_DEFAULTS["adjust"]),
        key="adjust",
        bind="query-params",
        help=_ALIKE,
        width=260,
    )
    chosen = {"outcome": outcome, "landmark": landmark, "exposure": exposure, "adjust": step}
    found = {name: keys[name][chosen[name] or _DEFAULTS[name]] for name in keys}
    return Asked(found["outcome"], found["landmark"], found["exposure"], found["adjust"])


def reset() -> None:
    """Put every choice back to its default."""
    st.session_state.update(_DEFAULTS)


def show_outcome(outcome: str) -> Callable[[], None]:
    """The action that turns the page to the other outcome and keeps everything else."""

    def turn() -> None:
        st.session_state["outcome"] = said.OUTCOMES[outcome]

    return turn


def view(opened: Opened, asked: Asked) -> View | None:
    """The rows that answer; None for a release of a version that did not work out links."""
    found = data.links(opened.release)
    if found is None:
        return None
    of_outcome = {
        name: rows.filter(pl.col("outcome") == asked.outcome) for name, rows in found.items() if name != "link_protocol"
    }
    figure = "LNK-02" if asked.outcome == "voluntary_exit" else "LNK-04"
    rows = data.history(opened.release, data.Selection(), (figure,))
    return View(
        opened,
        asked,
        links=of_outcome["link"],
        curves=of_outcome["link_curve"],
        what_if=of_outcome["what_if"],
        protocols=found["link_protocol"].sort("protocol", "position"),
        figures=rows.filter(pl.col("as_of") == opened.release.as_of),
    )
