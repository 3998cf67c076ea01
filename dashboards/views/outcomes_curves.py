"""The two panels of Outcomes on people followed from a landmark: the curves, and the difference at every landmark."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboards import charts_outcomes as drawn
from dashboards import words
from dashboards import words_outcomes as said
from dashboards.data import Cell, cell_of
from dashboards.page import GLOSSARY, draw_chart, shown_as_table
from dashboards.views.outcomes_view import View

_FIGURES = {"voluntary_exit": "LNK-02", "promotion": "LNK-04"}
_LEAST_POINTS = 4.0


def curves(view: View) -> None:
    """Cumulative incidence for a year from the landmark, of those who had talked by then and those who had not."""
    rows = view.followed
    shown = rows.filter((pl.col("status") == "ok") & pl.col("incidence").is_not_null())
    last = shown.sort("month").group_by("arm").last()
    ends = dict(zip(last["arm"].to_list(), last["incidence"].to_list(), strict=True))
    st.subheader(said.curves_title(view.asked.outcome, ends), anchor=False)
    st.caption(
        f"People followed for a year from the day they had been here {said.LANDMARKS[view.asked.landmark]}: share who "
        f"{said.HAPPENED[view.asked.outcome]}, by whether they had a conversation in the 6 months before that day; "
        "shaded: 95% interval"
    )
    if not shown.height:
        view.instead(rows["status"][0] if rows.height else "absent")
        return
    followed = rows.filter(pl.col("status") == "ok")
    named = followed.with_columns(name=pl.col("arm").replace_strict(said.ARMS))
    told = "; ".join(f"{said.ARMS[arm]}: {share:.1%}" for arm, share in sorted(ends.items()))
    chart = drawn.incidence(named, said.ARMS)
    draw_chart(chart, alt=f"Incidence after 12 months. {told}.")
    _without_a_curve(view, rows)
    if followed.filter(pl.col("month").is_in(drawn.QUARTERS) & pl.col("at_risk").is_null()).height:
        st.caption("A dash in place of a number: it is not told, for it would speak of a few.")
    if rows.filter((pl.col("status") == "ok") & pl.col("incidence").is_null()).height:
        st.caption("Thin straight lines lead across months with so few events that they are told together.")
    shown_as_table(_twin(rows), "Incidence and people followed, month by month", chart, view.about)


def _without_a_curve(view: View, rows: pl.DataFrame) -> None:
    """Say of an arm that has no figure why."""
    for arm, status in rows.filter(pl.col("status") != "ok").select("arm", "status").unique().sort("arm").iter_rows():
        title, explanation = said.state(status, view.minimum)
        st.caption(f"**{said.ARMS[arm]}: {title[0].lower()}{title[1:]}.** {explanation}")


def _twin(rows: pl.DataFrame) -> pl.DataFrame:
    """Every third month of both arms; the ends of a quarter are what is read."""
    found = [
        {
            "Months after": str(row["month"]),
            "Group": said.ARMS[row["arm"]],
            "Share (95%)": said.share(row["incidence"], row["lo"], row["hi"])
            if row["incidence"] is not None
            else _untold(row["status"]),
            "Followed": words.count(row["at_risk"]) if row["at_risk"] is not None else None,
            "Events so far": words.count(row["events"]) if row["events"] is not None else None,
        }
        for row in rows.sort("month", "arm").iter_rows(named=True)
    ]
    return pl.DataFrame(found, infer_schema_length=None)


def _untold(status: str) -> str:
    return "told with a later month" if status == "ok" else said.without_figure(status)


def landmarks(view: View) -> None:
    """Talked less had not, in percentage points, at each landmark: whether the picture beside it is one of chance."""
    figure = _FIGURES[view.asked.outcome]
    cells = {str(row["band"]): cell_of(row) for row in view.figures.iter_rows(named=True)}
    cells = {name: cells.get(name, Cell()) for name in said.LANDMARKS}
    shown = {name: c for name, c in cells.items() if c.is_shown}
    clear = [c for c in shown.values() if (c.lo or 0) > 0 or (c.hi or 0) < 0]
    st.subheader(said.landmarks_title(len(clear), len(shown)), anchor=False)
    st.caption(
        f"Share who {said.HAPPENED[view.asked.outcome]} within 12 months: had talked less had not, "
        "in percentage points with 95% interval"
    )
    if shown:
        rows = pl.DataFrame([_row(view, n, c) for n, c in cells.items()], schema=drawn.FOREST, orient="row")
        told = "; ".join(f"{row['label']}: {row['text']}" for row in rows.iter_rows(named=True))
        axis = drawn.reach(rows, _LEAST_POINTS)
        chart = drawn.forest(rows, axis, "Percentage points; left of 0: fewer of those who had talked")
        draw_chart(chart, alt=f"Difference in points. {told}.")
        twin = rows.select(**{"Time in the company": "label", "Points (95%)": "text", "Rests on": "under"})
        shown_as_table(twin, "Difference at each landmark", chart, view.about)
    else:
        view.instead(_own(next(iter(cells.values())).status))
    st.markdown(_WITH_CARE)
    st.page_link(GLOSSARY, label=f"What {figure} means", icon=":material/menu_book:", query_params={"metric": figure})


_WITH_CARE = """
- Nothing is adjusted for here; the steps below are.
- Whoever talks only after that day stays among those who had not, which makes the two more alike than they were.
- Other exits compete: they count neither as leaving by choice nor as staying.
"""


def _row(view: View, landmark: str, cell: Cell) -> tuple[object, ...]:
    label = f"After {said.LANDMARKS[landmark]}"
    chosen = landmark == view.asked.landmark
    if not cell.is_shown:
        return label, said.without_figure(_own(cell.status)), "", None, None, None, chosen
    under = words.base(cell, "people")
    return label, said.points(cell.value or 0.0, cell.lo, cell.hi), under, cell.value, cell.lo, cell.hi, chosen


def _own(status: str) -> str:
    """A status of the metric table as this page words it; the metric says `empty` where too few events happened."""
    return {"suppressed": "hidden", "complementary": "hidden", "withheld": "hidden", "empty": "too_early"}.get(
        status, "absent"
    )
