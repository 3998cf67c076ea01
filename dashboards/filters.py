"""The filters of the overview, bound to the page's address so that a link is a view; identity never is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from dashboards import words
from dashboards.data import Selection
from dashboards.groups import SEPARATOR, Groups

_COMPANY, _ALL_STAGES = "Whole company", "All stages"
_WINDOWS = {"6 months": 6, "12 months": 12}
_NAMES = {"org": "organisation", "stage": "career stage", "win": "window"}
_DEFAULTS = {"org": _COMPANY, "stage": _ALL_STAGES, "win": "6 months"}


def reset(groups: Groups) -> None:
    """Put every filter back to its default."""
    st.session_state.update(_defaults(groups))


def _defaults(groups: Groups) -> dict[str, str]:
    return _DEFAULTS | {"org": groups.first}


def select(groups: Groups) -> Selection:
    """Draw the filter row and return what it asks for; an address that asks for something else leaves a `note`."""
    stages = {_ALL_STAGES: ""} | {label: key for key, label in groups.stages.items()}
    note_unknown({"org": groups.choices, "stage": stages, "win": _WINDOWS}, _NAMES, _defaults(groups))
    org = st.selectbox("Organisation", list(groups.choices), key="org", bind="query-params", width=330)
    stage = st.selectbox("Career stage", list(stages), key="stage", bind="query-params", width=220)
    win = st.segmented_control(
        "Window", list(_WINDOWS), default="6 months", required=True, key="win", bind="query-params"
    )
    return Selection(groups.choices[org or groups.first], stages[stage or _ALL_STAGES], _WINDOWS[win or "6 months"])


def breadcrumb(groups: Groups, selection: Selection) -> str:
    """Where the reader is, from the company down, with the career stage; as Markdown."""
    trail = groups.units[selection.org].trail if selection.org else ()
    steps = (_COMPANY, *trail) if groups.has_company else trail
    path = SEPARATOR.join(words.plain(step) for step in steps)
    return path + (f" · {words.plain(groups.stages[selection.stage])}" if selection.stage else "")


def wider(groups: Groups, selection: Selection) -> tuple[str, Callable[[], None]] | None:
    """Label and action that widen the selection one step: drop the stage, else go up a unit; None for the widest in sight."""
    if selection.stage:
        return _whole(groups, selection.org), _widen("stage", _ALL_STAGES)
    if selection.org:
        parent = groups.units[selection.org].parent
        if not parent and not groups.has_company:
            return None
        return _whole(groups, parent), _widen("org", groups.choice(parent))
    return None


def _whole(groups: Groups, key: str) -> str:
    return f"Show {words.plain(groups.unit_label(key))} as a whole" if key else "Show the whole company"


def _widen(key: str, choice: str) -> Callable[[], None]:
    def widen() -> None:
        st.session_state[key] = choice

    return widen


def note_unknown(
    offered: Mapping[str, Mapping[str, object]],
    names: Mapping[str, str],
    defaults: Mapping[str, str],
    shown: str = "all",
) -> None:
    """Remember which filters of the address ask for a text that is not offered, until another choice is made; `shown` says what is seen."""
    for key, choices in offered.items():
        asked = st.query_params.get(key)
        if asked is not None and asked not in choices and key not in st.session_state:
            st.session_state[f"unknown-{key}"] = True
        elif key in st.session_state and st.session_state[key] != defaults[key]:
            st.session_state.pop(f"unknown-{key}", None)
    unknown = [names[key] for key in offered if st.session_state.get(f"unknown-{key}")]
    if unknown:
        asked_for = " and ".join(unknown)
        st.session_state["filter-note"] = f"The link asks for an unknown {asked_for}; showing {shown} instead."
    else:
        st.session_state.pop("filter-note", None)


def note() -> str:
    """What the address asked for in vain; empty when it was understood."""
    return str(st.session_state.get("filter-note", ""))
