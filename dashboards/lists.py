"""What the pages of lists ask and decide, in their words; `access` answers, and says no."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import streamlit as st

from dashboards.access import decisions, reading
from dashboards.access.deciding import decide
from dashboards.access.denials import AccessDeniedError
from dashboards.access.fetching import fetch
from dashboards.access.viewing import current
from dashboards.release import Release

DECIDED = {"confirm": "confirmed", "dismiss": "dismissed", "release": "released"}


def my_list(release: Release) -> pl.DataFrame:
    """The entries a leader may see now. Raises AccessDeniedError."""
    return fetch(current(), "my_list", str(release.folder), {"purpose": "prepare_conversation"})


def to_review(release: Release) -> pl.DataFrame:
    """The entries of a reviewer's units with where they would go and `state`. Raises AccessDeniedError."""
    asked = {"purpose": "review_list"}
    entries = fetch(current(), "review_list", str(release.folder), asked)
    more = fetch(current(), "review_recipients", str(release.folder), asked).rename({"unit": "review_unit"})
    rows = entries.join(more, on="worker_ref", maintain_order="left")
    known = decisions.states()
    keys = rows.select("worker_ref", "entry").iter_rows()
    return rows.with_columns(
        state=pl.Series([DECIDED.get(known.get(key, ""), "waiting") for key in keys], dtype=pl.String)
    )


def unit_states() -> Mapping[str, set[str]]:
    """Which units are held, and which go out without review."""
    return decisions.unit_states()


def act(release: Release, kind: str, ref: str, params: Mapping[str, str]) -> None:
    """Decide about one person and say that it is on record, or why it is not."""
    act_on_all(release, kind, (ref,), params)


def act_on_all(release: Release, kind: str, refs: tuple[str, ...], params: Mapping[str, str]) -> None:
    """Decide about several people at once."""
    try:
        decide(current(), kind, str(release.folder), refs, params)
    except AccessDeniedError as denied:
        st.toast(str(denied), icon=":material/error:")
    else:
        st.toast("It is on record.", icon=":material/check:")


def refusal(release: Release) -> str:
    """Why there are no lists, in words; empty where there may be."""
    return reading.refusal(release.folder)


def viewer_name() -> str:
    """What the viewer signed in with."""
    return current().viewer
