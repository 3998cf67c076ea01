"""List review: is the list fair, right and of useful size before it goes out? For HR business partners, about their units."""

from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl
import streamlit as st

from dashboards import words
from dashboards.access.deciding import REASONS
from dashboards.data import table
from dashboards.lists import act, act_on_all, refusal, to_review, unit_states
from dashboards.page import Opened, alone, open_page, safe_table

_BANDS = {"talk_first": "Talk first", "talk_soon": "Talk soon"}
_REASONS = {
    "facts_wrong": "A fact is wrong",
    "already_talking": "Somebody is talking to them already",
    "contested": "The person contests it",
    "not_helpful_now": "A talk would not help now",
}
_NOTES = {"hold": "on hold: leaders see nothing of it", "automatic_on": "goes out without review"}
_AT_A_TIME = 10
_MOSTLY = 0.95


def render() -> None:
    """Draw the page; no name before the viewer has said what it is for."""
    page = open_page("Is the list fair, right and of useful size?")
    if page is None:
        return
    why = refusal(page.release)
    if why:
        st.warning(words.plain(why), icon=":material/block:")
        return
    st.info(
        "Leaders see an entry from the night after you release it, and none you have not released.",
        icon=":material/info:",
    )
    if not st.checkbox("I open this list to review it, and for nothing else.", key="purpose"):
        st.caption("Every look at the list is on record, with its purpose.")
        return
    rows = to_review(page.release)
    if not rows.height:
        st.success("There is nothing to review in your units.", icon=":material/check_circle:")
    states = unit_states()
    for (unit,), entries in rows.group_by("unit_key", maintain_order=True):
        _unit(page, str(unit), entries, states.get(str(unit), set()))
    alone(lambda: _fairness(page))
    alone(lambda: _model(page))


def _unit(page: Opened, unit: str, rows: pl.DataFrame, held: set[str]) -> None:
    st.subheader(words.plain(rows["review_unit"][0]), anchor=False)
    told = dict(rows.group_by("state").len().iter_rows())
    counts = ", ".join(f"{told.get(s, 0)} {s}" for s in ("waiting", "confirmed", "released", "dismissed"))
    notes = [text for kind, text in _NOTES.items() if kind in held]
    st.markdown(words.plain("; ".join([f"{words.counted(rows.height, 'person')}: {counts}", *notes])))
    reviewed, unchanged = rows.height - told.get("waiting", 0), told.get("confirmed", 0) + told.get("released", 0)
    if reviewed >= _AT_A_TIME and unchanged / reviewed > _MOSTLY:
        st.warning("Nearly all were confirmed unchanged. Look again at some of them.", icon=":material/visibility:")
    _recipients(rows)
    _switches(page, unit, rows, "automatic_on" in held)
    waiting = rows.filter(pl.col("state") == "waiting").sort("band", "name")
    for row in waiting.head(_AT_A_TIME).iter_rows(named=True):
        _entry(page, row)
    if waiting.height > _AT_A_TIME:
        st.caption(f"{words.count(waiting.height - _AT_A_TIME)} more wait; they follow as these are decided.")


def _recipients(rows: pl.DataFrame) -> None:
    """Who would get how many, were all released: leaders who have the person nearest to them come first."""
    going = rows.filter(pl.col("state").is_in(["waiting", "confirmed"]))
    counted = Counter(name for leaders in going["leaders"] for name in leaders)
    if counted:
        with st.expander(f"Would go to {words.counted(len(counted), 'leader')}"):
            frame = pl.DataFrame(sorted(counted.items()), schema=["Leader", "People"], orient="row")
            safe_table(frame, f"Recipients in {rows['review_unit'][0]}")


def _switches(page: Opened, unit: str, rows: pl.DataFrame, is_automatic: bool) -> None:
    confirmed = tuple(rows.filter(pl.col("state") == "confirmed")["worker_ref"])
    everybody, said = tuple(rows["worker_ref"]), {"unit": unit}
    other = "automatic_off" if is_automatic else "automatic_on"
    label = "Review before release again" if is_automatic else "Release without review from now on"
    with st.container(horizontal=True):
        for text, kind, refs in (
            (f"Release {words.count(len(confirmed))} confirmed", "release", confirmed),
            ("Hold the unit", "hold", everybody),
            (label, other, ()),
        ):
            st.button(text, key=f"{kind}-{unit}", on_click=act_on_all, args=(page.release, kind, refs, said))


def _entry(page: Opened, row: dict[str, Any]) -> None:
    ref, entry = row["worker_ref"], {"entry": row["entry"]}
    with st.container(border=True):
        st.markdown(f"**{words.plain(row['name'])}** – {_BANDS[row['band']]}")
        st.caption(words.plain(f"{row['role']} · {row['unit']} · data of {words.day(row['data_date'])}"))
        st.markdown("\n".join(f"- {words.plain(reason)}" for reason in row["reasons"]))
        with st.container(horizontal=True):
            st.button("Confirm", key=f"confirm-{ref}", on_click=act, args=(page.release, "confirm", ref, entry))
            with st.popover("Dismiss"):
                for reason in REASONS:
                    said = entry | {"reason": reason}
                    st.button(
                        _REASONS[reason], key=f"{reason}-{ref}", on_click=act, args=(page.release, "dismiss", ref, said)
                    )


def _fairness(page: Opened) -> None:
    rows = table(str(page.release.folder), "model_fairness").filter(pl.col("measure") == "selection")
    st.subheader("How often each group is listed", anchor=False)
    shown = rows.filter(pl.col("share").is_not_null())
    if not shown.height:
        st.caption("There are too few people in the groups to compare, or no model of leaving.")
        return
    points = pl.format("{} to {} points", pl.col("points_lo").round(1), pl.col("points_hi").round(1))
    share = pl.format("{}%", (100 * pl.col("share")).round(0).cast(pl.Int64))
    look = pl.when(pl.col("status") == "look").then(pl.lit("more than chance: look at it")).otherwise(pl.lit(""))
    safe_table(
        shown.select("attribute", Group="group_key", Listed=share, Difference=points, Verdict=look).rename(
            {"attribute": "By"}
        ),
        "Share of each group that the model lists",
    )


def _model(page: Opened) -> None:
    rows = table(str(page.release.folder), "model_card").filter(pl.col("part").is_in(["verdict", "backtest", "limits"]))
    st.subheader("How good the model is", anchor=False)
    if not rows.height:
        st.caption("The release has no model card.")
        return
    figure = (
        pl.when(pl.col("value").is_not_null()).then(pl.format(" ({})", pl.col("value").round(2))).otherwise(pl.lit(""))
    )
    for line in rows.sort("position").select(pl.concat_str("text", figure)).to_series():
        st.markdown(f"- {words.plain(line)}")


if __name__ == "__main__":
    render()
