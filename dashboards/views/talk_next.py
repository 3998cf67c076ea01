"""Who to talk to next: whom in my line should someone talk to, and how do we start? For leaders, about their own line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import streamlit as st

from dashboards import words
from dashboards.access.deciding import MINUTES, PARTNERS
from dashboards.lists import act, my_list, refusal, viewer_name
from dashboards.page import Opened, open_page

_BANDS = {
    "talk_first": ("Talk first", "red", ":material/priority_high:"),
    "talk_soon": ("Talk soon", "blue", ":material/schedule:"),
}
_OTHER_WAYS = (
    ("Talking to someone else", "someone_else", ":material/group:"),
    ("This looks wrong", "looks_wrong", ":material/flag:"),
)
_PARTNERS = {
    "line_manager": "With me",
    "skip_level": "With my own manager",
    "mentor": "With a mentor",
    "peer": "With a colleague",
    "hr_partner": "With HR",
    "other": "With somebody else",
}
_PURPOSE = (
    "For starting conversations, never for appraisal, pay, promotion, dismissal or selection. It misses talks nobody"
    " recorded and is wrong about some people. The conversation need not be with you."
)
_RHYTHM = (
    ":material/check: **In rhythm** – for everybody else in your line nothing on record calls for a conversation now, or too"
    " little is known to say."
)
_USED = (
    "Dates of conversations and job changes choose whom to show, and answers only where a survey said so by name and"
    " beforehand. Never used: age, gender, nationality, pay, absence, messages or calendars, job applications. What"
    " somebody answered is never shown. Names leave the list after 30 days, or once they have talked."
)


def render() -> None:
    """Draw the page; no name before the viewer has said what it is for."""
    page = open_page("Who to talk to next")
    if page is None:
        return
    st.info(_PURPOSE, icon=":material/info:")
    why = refusal(page.release)
    if why:
        st.warning(words.plain(why), icon=":material/block:")
        return
    if not st.checkbox("I open this list to prepare conversations, and for nothing else.", key="purpose"):
        st.caption("Every look at the list is on record, with its purpose.")
        return
    _list(page)


def _list(page: Opened) -> None:
    rows = my_list(page.release).to_dicts()
    # Who photographs the screen says who they are and when.
    st.caption(
        f"For {words.plain(viewer_name())} only, {datetime.now(UTC):%d %b %Y %H:%M} UTC. Visible to you and HR; views are logged."
    )
    if not rows:
        st.success("Nobody in your line is waiting for you on this list.", icon=":material/check_circle:")
    for band in _BANDS:
        for row in (row for row in rows if row["band"] == band):
            _card(page, row)
    st.markdown(_RHYTHM)
    with st.expander("What is and is not used"):
        st.markdown(_USED)


def _card(page: Opened, row: dict[str, Any]) -> None:
    label, color, icon = _BANDS[row["band"]]
    ref = row["worker_ref"]
    with st.container(border=True, key=f"card-{ref}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{words.plain(row['name'])}**", width="stretch")
            st.badge(label, color=color, icon=icon)  # type: ignore[arg-type]
        st.caption(words.plain(f"{row['role']} · {row['unit']} · data of {words.day(row['data_date'])}"))
        why, start = st.columns(2, gap="medium")
        why.markdown("\n".join(["**Why now**\n", *(f"- {words.plain(reason)}" for reason in row["reasons"])]))
        start.markdown(f"**A 15 minute start**\n\n{words.plain(row['suggested_start'])}")
        start.caption("With you, or with somebody they would rather talk to.")
        with st.container(horizontal=True):
            with st.popover("We talked", icon=":material/check:", type="primary"):
                _talked(page, ref)
            for label, kind, icon in _OTHER_WAYS:
                st.button(label, key=f"{kind}-{ref}", icon=icon, on_click=act, args=(page.release, kind, ref, {}))


def _talked(page: Opened, ref: str) -> None:
    today = date.today()  # noqa: DTZ011 (the reader's day)
    day = st.date_input("When", today, max_value=today, key=f"day-{ref}")
    partner = st.selectbox("With whom", PARTNERS, format_func=_PARTNERS.__getitem__, key=f"with-{ref}")
    minutes = st.selectbox(
        "About how long", MINUTES, format_func=lambda m: f"{m} minutes" if m else "Not known", key=f"long-{ref}"
    )
    said = {"occurred_on": str(day), "partner_role": str(partner), "minutes": str(minutes)}
    st.button(
        "Put it on record", key=f"talked-{ref}", type="primary", on_click=act, args=(page.release, "talked", ref, said)
    )
    st.caption("No notes. It counts from the next night on.")


if __name__ == "__main__":
    render()
