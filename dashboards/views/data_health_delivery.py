"""Whether the readers of lists were told that one is ready; who they are, and what is in a list, is not known here."""

from __future__ import annotations

import json

import polars as pl
import streamlit as st

from dashboards import words
from dashboards.page import Opened, safe_table

_FILE = "delivery.json"
_STATES = {
    "sent": "Sent",
    "waiting": "Not sent, tried again after the next release",
    "refused": "Refused",
    "uncertain": "Perhaps sent, so not sent again",
}


def notices(opened: Opened) -> None:
    """How the notices of the last release that had lists went; nothing where there was none."""
    path = opened.published.folder / _FILE
    if not path.is_file():
        return
    told = json.loads(path.read_text(encoding="utf-8"))
    counts = {state: int(told["counts"].get(state, 0)) for state in _STATES}
    missing = sum(counts.values()) - counts["sent"]
    verb = "was" if missing == 1 else "were"
    title = (
        f"{words.counted(missing, 'notice')} {verb} not surely sent" if missing else "Readers of lists have been told"
    )
    st.subheader(title, anchor=False)
    rows = [{"Notices": _STATES[state], "Number": words.count(count)} for state, count in counts.items() if count]
    if rows:
        safe_table(pl.DataFrame(rows), "Notices to the readers of lists")
    for reason in told["reasons"]:
        st.caption(words.plain(reason))
