"""Data health: can I trust today's numbers? Runs, sources, checks and completeness; no figures about people."""

from __future__ import annotations

from functools import partial

import polars as pl
import streamlit as st

from dashboards import words
from dashboards.access.scopes import Role
from dashboards.access.viewing import current_role
from dashboards.charts import runs
from dashboards.data import table
from dashboards.page import Opened, alone, checks_icon, draw_chart, facts_table, open_page, safe_table, shown_as_table
from dashboards.release import Attempt
from dashboards.views import data_health_completeness as completeness
from dashboards.views import data_health_files as files
from dashboards.views.data_health_checks import checks, held
from dashboards.views.data_health_delivery import notices
from dashboards.views.data_health_restated import restated
from dashboards.views.data_health_sources import sources

_RUNS_SHOWN = 60
_NIGHTS_FOR_A_CHART = 5
_FAILURES_SHOWN = 3


def render() -> None:
    """Draw the page for the release in force."""
    opened = open_page("Can I trust today's numbers?")
    if opened is None:
        return
    alone(partial(_verdict, opened))
    top = st.grid(2, min_column_width=440, gap=("medium", 40), key="runs")
    for panel in (_timeline, _passport):
        with top.cell():
            alone(partial(panel, opened))
    # Figures about people, even of the whole company, are not for whoever runs the machine.
    about_people = () if current_role() is Role.ADMIN else (restated,)
    for panel_of in (*about_people, sources, files.refused, files.accounts, files.reasons):
        alone(partial(panel_of, opened.release))
    alone(partial(notices, opened))
    left, right = st.columns(2, gap="large")
    with left:
        alone(partial(completeness.fields, opened.release))
    with right:
        alone(partial(completeness.coverage_and_rules, opened.release))
    alone(partial(checks, opened.release))


def _verdict(opened: Opened) -> None:
    found = table(str(opened.release.folder), "check_result")
    exports = table(str(opened.release.folder), "source")
    waiting = exports.filter(pl.col("status").is_in(["late", "refused"])).height
    accounts = table(str(opened.release.folder), "source_file")
    off = accounts.filter(pl.col("records") != pl.col("header") + pl.col("accepted") + pl.col("quarantined")).height
    late = f"{words.counted(waiting, 'export')} late or refused"
    facts = (
        (_icon(not opened.published.failures_since()), "The last nightly run " + _ended(opened)),
        (checks_icon(found), held(found)),
        (_icon(not waiting), late if waiting else "Every export is current"),
        (_icon(not off), words.not_adding_up(off) if off else "Every record is accounted for"),
    )
    grid = st.grid(4, min_column_width=165, border=True, gap="small", key="verdict")
    for icon, fact in facts:
        grid.markdown(f"{icon} **{fact}**")


def _icon(holds: bool) -> str:
    return ":material/check_circle:" if holds else ":material/error:"


def _ended(opened: Opened) -> str:
    return "did not succeed" if opened.published.failures_since() else "succeeded"


def _timeline(opened: Opened) -> None:
    attempts = opened.published.attempts[-_RUNS_SHOWN:]
    failed = [a for a in attempts if not a.succeeded]
    of = words.counted(len(attempts), "run")
    st.subheader(f"{len(failed)} of the last {of} failed" if failed else f"The last {of} succeeded", anchor=False)
    if not attempts:
        st.caption("No run has been recorded yet. Run the night's work to see it here.")
        return
    newest = pl.DataFrame([_run(a) for a in attempts[:-15:-1]])
    if len({a.at.date() for a in attempts}) < _NIGHTS_FOR_A_CHART:
        safe_table(newest, "The newest nightly runs")
        return
    st.caption("Nightly runs by date")
    rows = pl.DataFrame([{"at": a.at, "outcome": _outcome(a), "seconds": a.seconds} for a in attempts])
    draw_chart(runs(rows), alt=f"{of}, {len(failed)} failed, newest {words.day(attempts[-1].at)}.")
    if failed:
        safe_table(pl.DataFrame([_run(a) for a in failed[: -_FAILURES_SHOWN - 1 : -1]]), "The newest runs that failed")
    shown_as_table(newest, "The newest nightly runs")


def _outcome(attempt: Attempt) -> str:
    return "succeeded" if attempt.succeeded else "failed"


def _run(attempt: Attempt) -> dict[str, str]:
    outcome = "succeeded" if attempt.succeeded else f"failed at {attempt.stopped_at}: {attempt.reason}"
    when = f"{words.day(attempt.at)}, {attempt.at:%H:%M}"
    return {"When": when, "Outcome": outcome, "Seconds": words.count(attempt.seconds)}


def _passport(opened: Opened) -> None:
    release = opened.release
    st.subheader("What is on screen", anchor=False)
    rows = {
        "Data as of": words.day(release.as_of),
        "Recorded by": f"{words.day(release.knowledge_at)}, {release.knowledge_at:%H:%M}",
        "Release": release.id,
        "Code version": release.code_version,
        "Content hash": release.content_hash[:16],
    }
    facts_table(rows, "The release on screen")
    if (opened.published.folder / "data_docs" / "index.html").is_file():
        st.link_button("Open the Data Docs", "data-docs/index.html", icon=":material/open_in_new:", help=_DOCS_HELP)
    else:
        st.caption("The Great Expectations Data Docs appear here once a run has written them to data_docs.")


_DOCS_HELP = "The full Great Expectations report of every data contract. Opens in a new tab."


if __name__ == "__main__":
    render()
