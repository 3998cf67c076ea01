"""What every page begins with: the release in force, its stamps and warnings, and panels that fail alone."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl
import streamlit as st
from altair.utils.schemapi import SchemaValidationError

from dashboards import words
from dashboards.access.account import account, export_button
from dashboards.access.scopes import Role
from dashboards.access.viewing import current_role
from dashboards.data import minimum_cell, table
from dashboards.pictures import MIME, Kind, picture
from dashboards.release import Published, Release, find_published, published_folder

OVERVIEW, OUTCOMES = "views/overview.py", "views/outcomes.py"
DATA_HEALTH, GLOSSARY = "views/data_health.py", "views/glossary.py"
TALK_NEXT, LIST_REVIEW = "views/talk_next.py", "views/list_review.py"
ACCESS_LOG = "views/access_log.py"
# Who may open which page; what a page may read is decided again, query by query.
READERS = {
    OVERVIEW: (Role.ANALYST, Role.HRBP, Role.LEADER),
    OUTCOMES: (Role.ANALYST, Role.HRBP),
    DATA_HEALTH: (Role.ANALYST, Role.HRBP, Role.ADMIN),
    GLOSSARY: (Role.ANALYST, Role.HRBP, Role.LEADER),
    TALK_NEXT: (Role.LEADER,),
    LIST_REVIEW: (Role.HRBP,),
    ACCESS_LOG: (Role.AUDITOR,),
}
_OPEN, _MOST_ROWS = 12, 500
_LOGGER = logging.getLogger("parley.dashboard")
_DRAWING_FAULTS = (pl.exceptions.PolarsError, SchemaValidationError, OSError, ValueError, KeyError)


@dataclass(frozen=True)
class Opened:
    """A page with a release to show; groups under `minimum` people are hidden."""

    published: Published
    release: Release
    minimum: int


def open_page(question: str) -> Opened | None:
    """Draw the heading, stamps and warnings; None, with the remedy on screen, where nothing can be shown."""
    published = find_published(published_folder())
    heading = st.container(horizontal=True, vertical_alignment="center", gap="small")
    heading.title(question, anchor=False, width="stretch")
    with heading:
        account()
    if published.release is None:
        _no_release(published)
        return None
    _stamps(heading, published.release)
    for text, icon in (
        (words.damage_banner(published), ":material/error:"),
        (words.stale_banner(published), ":material/history:"),
    ):
        if text:
            st.warning(text, icon=icon)
    return Opened(published, published.release, minimum_cell(published.release))


def _stamps(heading: st.delta_generator.DeltaGenerator, release: Release) -> None:
    known = f"{words.day(release.knowledge_at)}, {release.knowledge_at:%H:%M}"
    stamp = f"Data as of {words.day(release.as_of)}"
    heading.badge(stamp, icon=":material/schedule:", color="gray", help=f"Everything recorded by {known} is in it.")
    checks = table(str(release.folder), "check_result")
    label = f"{checks['is_passed'].sum()} of {words.counted(checks.height, 'check')} passed"
    if may_open(DATA_HEALTH, current_role()):
        heading.page_link(DATA_HEALTH, label=label, icon=checks_icon(checks), width="content")
    else:
        heading.badge(label, icon=checks_icon(checks), color="gray")


def may_open(page: str, role: Role | None) -> bool:
    """Whether a role may open a page; before the first release there is no role, and no data on any page."""
    return page not in (ACCESS_LOG, TALK_NEXT, LIST_REVIEW) if role is None else role in READERS[page]


def checks_icon(checks: pl.DataFrame) -> str:
    """The icon of the worst outcome among check results: a failed error, else a warning, else none of both."""
    failed = checks.filter(~pl.col("is_passed"))
    if not failed.height:
        return ":material/check_circle:"
    return ":material/error:" if (failed["severity"] == "error").any() else ":material/warning:"


def nothing_loaded() -> None:
    """Say how the first conversations get on the page."""
    with st.container(border=True):
        st.subheader("No conversation data yet", anchor=False)
        st.markdown("Put an export in landing/conversations/ and run the night's work, or run the sample company:")
        st.code("parley demo", language="shell")


def _no_release(published: Published) -> None:
    if published.faults:
        fault = published.faults[0]
        reason = words.plain(f"Release {fault.release_id}: {fault.reason}.")
        with st.container(border=True):
            st.subheader("No release can be trusted", anchor=False)
            st.markdown(f"{reason} Run the night's work again to publish a new one.")
    else:
        nothing_loaded()
    for attempt in published.failures_since()[-1:]:
        stopped = words.plain(f"{attempt.stopped_at}: {attempt.reason}".rstrip("."))
        st.warning(f"The last nightly run stopped at *{stopped}*.", icon=":material/history:")


def alone(draw: Callable[[], None]) -> None:
    """Draw a panel; where it cannot be drawn say so in its place and log the kind of fault, never its text or data."""
    try:
        draw()
    except _DRAWING_FAULTS as fault:
        reference = secrets.token_hex(2)
        _LOGGER.error("panel not drawn, reference %s: %s", reference, type(fault).__name__)
        st.error(
            f"This panel could not be drawn. The rest of the page is unaffected. Reference {reference}.",
            icon=":material/error:",
        )


def hidden(status: str, minimum: int, wider: tuple[str, Callable[[], None]] | None = None, key: str = "") -> None:
    """Say why a panel shows no number, with a button to a wider group where there is one."""
    title, explanation = words.state(status, minimum)
    icon = ":material/visibility_off:" if status in ("suppressed", "complementary") else ":material/help:"
    with said_instead(icon, title, explanation):
        if wider:
            st.button(wider[0], on_click=wider[1], key=f"wider-{key}")


def said_instead(icon: str, title: str, explanation: str) -> st.delta_generator.DeltaGenerator:
    """A box in the place of a figure: what is wrong, then why and what to do; returned for a way out below them."""
    box = st.container(border=True)
    box.markdown(f"{icon} **{title}**")
    box.caption(explanation)
    return box


def draw_chart(chart: Any, alt: str, key: str | None = None) -> None:
    """A chart with its text alternative; raises ValueError or TypeError where its rows cannot be drawn.

    Checking the spec against the schema of Vega-Lite is half the time of a page, so tests do it and readers do not wait for it.
    """
    st.vega_lite_chart(spec=chart.to_dict(validate=False), theme=None, alt=alt, key=key)


def shown_as_table(rows: pl.DataFrame, subject: str, chart: Any = None, about: str = "") -> None:
    """The twin of a chart: the same rows as a table, read by screen readers and keyboards; a `chart` can be saved there.

    `about` is whom the chart speaks of and when; it goes with the picture.
    """
    with st.expander("Show as table"):
        safe_table(rows, subject)
        if chart is not None:
            _picture_buttons(chart, subject, about)


def _picture_buttons(chart: Any, subject: str, about: str) -> None:
    name = re.sub(r"\W+", "-", subject.casefold()).strip("-")
    kinds: tuple[Kind, ...] = ("png", "svg")
    with st.container(horizontal=True, gap="small"):
        for kind in kinds:
            build = partial(picture, chart, kind, subject, [about] if about else [])
            export_button(f"Save as {kind.upper()}", build, f"{name}.{kind}", MIME[kind], key=f"{kind}-{name}")


def safe_table(rows: pl.DataFrame, subject: str) -> None:
    """A table whose headings and cells are data: every text is escaped, nulls are a dash."""
    text = rows.select(pl.all().cast(pl.String).fill_null("–").map_elements(words.plain, return_dtype=pl.String))
    st.table(text, hide_index=True, border="horizontal", alt=subject)


def long_table(rows: pl.DataFrame, subject: str) -> None:
    """A table of which only the first rows stand open; the others are sent to the browser once somebody asks."""
    # An expander for a row or two would take as much room as they do.
    first = rows.height if rows.height <= _OPEN + 3 else _OPEN
    safe_table(rows.head(first), subject)
    if rows.height == first:
        return
    key = "more-" + re.sub(r"\W+", "-", subject.casefold())
    others = st.expander(f"Show the other {words.count(rows.height - first)}", on_change="rerun", key=key)
    if others.open:
        with others:
            safe_table(rows.slice(first, _MOST_ROWS), f"{subject}, continued")
            if rows.height > first + _MOST_ROWS:
                st.caption(f"{words.count(rows.height - first - _MOST_ROWS)} more are in the release itself.")


def facts_table(facts: Mapping[str, str], subject: str) -> None:
    """A description list: narrow labels, wide contents, no headings; `subject` is its name and tells it from others."""
    with st.container(key="facts-" + re.sub(r"\W+", "-", subject.casefold())):
        text = pl.DataFrame({"Label": list(facts), "Content": [words.plain(content) for content in facts.values()]})
        st.table(text, hide_index=True, hide_header=True, border="horizontal", alt=subject)


def definition_help(definitions: Mapping[str, Mapping[str, object]], metric_id: str) -> str:
    """Hover text of a metric from the glossary; empty where the release does not define it."""
    row = definitions.get(metric_id)
    return words.plain(row["definition"]) + f" ({metric_id})" if row else ""
