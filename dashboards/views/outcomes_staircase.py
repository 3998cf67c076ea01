"""The staircase of Outcomes: what each step of adjustment does to a difference, and how far it can be trusted."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboards import charts_outcomes as drawn
from dashboards import words
from dashboards import words_outcomes as said
from dashboards.page import draw_chart, safe_table, shown_as_table
from dashboards.views.outcomes_view import View

_LEAST_POINTS = 4.0
_PH_DOUBT = 0.05
Row = dict[str, object]


def staircase(view: View) -> None:
    """One forest a level of the exposure, all on one axis; the step asked for is blue and gives title and sentences."""
    rows = view.staircase
    reference, levels = _reference(rows), _levels(rows)
    found = {
        said.LEVELS[r["level"]]: (r["points"], r["points_lo"], r["points_hi"])
        for r in view.chosen.iter_rows(named=True)
        if r["points"] is not None and not r["is_reference"]
    }
    states = view.chosen.filter(~pl.col("is_reference"))["status"].to_list()
    st.subheader(words.plain(said.staircase_title(found, reference, states)), anchor=False)
    if not levels:
        st.caption("Difference in percentage points, step by step of adjustment")
        view.instead("absent")
        return
    st.caption(_heading(view, reference))
    axis = _axis(rows)
    grid = st.grid(2, min_column_width=440, gap=("medium", 40), key="staircase")
    for level in levels:
        with grid.cell():
            _level(view, rows.filter(pl.col("level") == level), axis)
    shown_as_table(_twin(rows, view.asked.outcome), "Differences and ratios, step by step of adjustment")
    if len(common := _caveats(view)) == 1:
        st.markdown(f":material/info: {words.plain(common[0])}")
    _trust(view)


def _told(row: Row) -> str:
    """The difference, else the ratio alone where no difference follows from it, else why there is neither."""
    if isinstance(row["points"], float):
        return said.points(row["points"], row["points_lo"], row["points_hi"])  # type: ignore[arg-type]
    ratio = said.ratio(row["ratio"], row["lo"], row["hi"])  # type: ignore[arg-type]
    return f"ratio {ratio}" if ratio else said.without_figure(str(row["status"]))


def _reference(rows: pl.DataFrame) -> str:
    names = rows.filter("is_reference")["level"].to_list()
    return said.LEVELS[names[0]].lower() if names else "the reference"


def _levels(rows: pl.DataFrame) -> list[str]:
    return list(dict.fromkeys(rows.filter(~pl.col("is_reference"))["level"].to_list()))


def _heading(view: View, reference: str) -> str:
    own = view.chosen.filter("is_reference")
    row = own.row(0, named=True) if own.height else {}
    rests = said.followed(row.get("people"), row.get("events"), view.asked.outcome)
    return (
        f"How many more or fewer {said.HAPPENED[view.asked.outcome]} within 12 months than “{reference}”"
        + (f" ({rests})" if rests else "")
        + f", in percentage points with 95% interval; blue: adjusted for {said.STEPS[view.asked.step].lower()}. "
        "Down the steps people are more alike, and the last takes the talks of three months earlier"
    )


def _axis(rows: pl.DataFrame) -> tuple[float, float]:
    """One axis for all levels, so that panels beside each other compare."""
    shown = rows.filter(pl.col("points").is_not_null()).select(lo="points_lo", hi="points_hi")
    return drawn.reach(shown, _LEAST_POINTS)


def _level(view: View, rows: pl.DataFrame, axis: tuple[float, float]) -> None:
    own = rows.filter(pl.col("step") == view.asked.step)
    name = said.LEVELS[rows["level"][0]]
    st.markdown(f"**{words.plain(name)}**")
    if rows["points"].drop_nulls().len():
        steps = [_step(row, view) for row in rows.iter_rows(named=True)]
        bars = pl.DataFrame(steps, schema=drawn.FOREST, orient="row")
        told = "; ".join(f"{row['label']}: {row['text']}" for row in bars.iter_rows(named=True))
        title = f"Percentage points; right of 0: more {said.HAPPENED[view.asked.outcome].removeprefix('were ')}"
        chart = drawn.forest(bars, axis, title, joined=True)
        draw_chart(chart, alt=f"{name}, difference in points. {told}.", key=f"steps-{name}")
    if not own.height:
        view.instead("absent")
        return
    row = own.row(0, named=True)
    if row["status"] == "ok":
        st.markdown(words.plain(row["sentence"]))
        if len(_caveats(view)) > 1:
            st.caption(words.plain(row["caveat"]))
    else:
        view.instead(row["status"], row["sentence"])


def _step(row: Row, view: View) -> tuple[object, ...]:
    value, low, high = row["points"], row["points_lo"], row["points_hi"]
    text = _told(row)
    under = said.followed(row["people"], row["events"], view.asked.outcome)  # type: ignore[arg-type]
    step = str(row["step"])
    return said.STEPS[step], text, under, value, low, high, step == view.asked.step


def _caveats(view: View) -> list[str]:
    """What the results on screen do not say, each once; where it differs from level to level it stands with the level."""
    own = view.chosen.filter(~pl.col("is_reference") & (pl.col("status") == "ok"))
    rows = own if own.height else view.chosen.filter(~pl.col("is_reference"))
    return list(dict.fromkeys(filter(None, rows["caveat"].to_list())))


def _trust(view: View) -> None:
    """Checks of the step asked for: negative control, E-value, one ratio at every tenure, and what could be seen at all."""
    rows = view.chosen.filter(~pl.col("is_reference"))
    checks = [_checks(row) for row in rows.iter_rows(named=True)]
    # What could have been seen stands with each level that has no figure.
    if not rows["ratio"].drop_nulls().len():
        return
    st.markdown("**How far to trust it**")
    st.caption(
        "Control: the same comparison for exits decided by the employer, on which a talk should have no bearing; near 1 "
        "is as it should be, though passing is weak evidence. E-value: how strongly something unrecorded would have "
        "to go with both to explain the ratio away; 1 is nothing at all."
    )
    safe_table(pl.DataFrame(checks, infer_schema_length=None), "How far to trust the differences")


def _checks(row: Row) -> dict[str, str | None]:
    chance, e_value = row["proportional_p"], row["e_value"]
    even = None
    if isinstance(chance, float):
        even = "it seems so" if chance >= _PH_DOUBT else "no, it changes with tenure"
    return {
        "Level": said.LEVELS[str(row["level"])],
        "Control ratio (95%)": said.ratio(row["control_ratio"], row["control_lo"], row["control_hi"]),  # type: ignore[arg-type]
        "E-value": f"{e_value:.2f}" if isinstance(e_value, float) else None,
        "The same at every tenure?": even,
        "Ratio that could be seen": said.detectable(row["smallest_detectable"]) or None,  # type: ignore[arg-type]
    }


def _twin(rows: pl.DataFrame, outcome: str) -> pl.DataFrame:
    found = [
        {
            "Conversations": said.LEVELS[row["level"]],
            "Adjusted for": said.STEPS[row["step"]],
            "Points (95%)": "reference" if row["is_reference"] and row["status"] == "ok" else _told(row),
            "Ratio (95%)": said.ratio(row["ratio"], row["lo"], row["hi"]),
            "Rests on": said.followed(row["people"], row["events"], outcome) or None,
        }
        for row in rows.iter_rows(named=True)
    ]
    return pl.DataFrame(found, infer_schema_length=None)
