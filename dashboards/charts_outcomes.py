"""Altair specs of the Outcomes page: incidence curves with the numbers at risk, and forests about a zero line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import polars as pl

from dashboards.charts import BLUE, DASH, GREY, INK, MUTED, ORANGE, framed

_ARMS = {"in_date": BLUE, "out_of_date": ORANGE}
# Pixels: the plot above the axis, the foot below it with axis, title and numbers at risk, the margin for names.
_PLOT, _FOOT, _MARGIN = 230, 88, 86
_TITLE_ROOM, _AXIS_ROOM, _LINE = 32, 54, 18
_APART, _NAME_LIFT = 34, 14
# Where there is room a row is words, picture and numbers beside each other; on a phone the words stand above the picture.
_ROOM = "width > 520"
_BESIDE = [alt.ExprRef(f"{_ROOM} ? 195 : 0"), alt.ExprRef(f"{_ROOM} ? width - 135 : width")]
_MARK = alt.ExprRef(f"{_ROOM} ? -6 : 15")
_ROW, _FOREST_AXIS = 56, 46
QUARTERS = (0, 3, 6, 9, 12)
_MONTHS = QUARTERS[-1]
# The rows of `forest`: `under` are words below the label, may be empty; `value`, `lo` and `hi` are null without a figure.
FOREST = {
    "label": pl.String,
    "text": pl.String,
    "under": pl.String,
    "value": pl.Float64,
    "lo": pl.Float64,
    "hi": pl.Float64,
    "is_chosen": pl.Boolean,
}


def incidence(curves: pl.DataFrame, labels: dict[str, str]) -> Any:
    """Steps of `incidence` with `lo`-`hi` over `month` by `arm`, and below the axis how many are still followed.

    `at_risk` null is a dash; across months without an incidence runs a thin straight line, for nobody is told when in
    them it rose. `labels` names the arms beside the end of their lines; colour and dash tell them apart too.
    """
    highest = max([0.05, *curves["hi"].drop_nulls().to_list(), *curves["incidence"].drop_nulls().to_list()])
    top = min(1.0, highest * 1.1)
    below = -top * _FOOT / _PLOT
    # The names of the lines need the same room on every screen, so the axis ends where that room begins.
    end = alt.ExprRef(f"{_MONTHS} + {_MONTHS} * {_MARGIN} / max(width - {_MARGIN}, 1)")
    lift = alt.ExprRef(f"-height * {_FOOT} / {_PLOT + _FOOT}")
    ticks = alt.Axis(values=list(QUARTERS), grid=False, offset=lift, title=None, labelFlush=False)
    x = alt.X("month:Q", scale=alt.Scale(domainMin=0, domainMax=end, nice=False, zero=False), axis=ticks)
    # The axis begins at 0; the scale goes on below it for the numbers at risk.
    plain = alt.Scale(domain=[below, top], nice=False, zero=False)
    y = alt.Y("incidence:Q", title=None, scale=plain, axis=alt.Axis(format="%", values=_ticks(top)))
    colour = alt.Color("arm:N", scale=alt.Scale(domain=list(_ARMS), range=list(_ARMS.values())), legend=None)
    dash = alt.StrokeDash("arm:N", scale=alt.Scale(domain=list(_ARMS), range=[[1, 0], [6, 4]]), legend=None)
    told_months = _in_runs(curves.filter(pl.col("incidence").is_not_null()))
    found = alt.Chart(told_months)
    told = [
        alt.Tooltip("name:N", title="Group"),
        alt.Tooltip("month:Q", title="Months after"),
        alt.Tooltip("incidence:Q", title="Share", format=".1%"),
        alt.Tooltip("lo:Q", title="From (95%)", format=".1%"),
        alt.Tooltip("hi:Q", title="To (95%)", format=".1%"),
    ]
    layers = [
        found.mark_area(interpolate="step-after", opacity=0.15).encode(
            x, alt.Y("lo:Q", title=None, scale=plain), alt.Y2("hi:Q"), colour, detail="run:N"
        ),
        alt.Chart(_gaps(told_months)).mark_line(strokeWidth=1).encode(x, y, colour, detail="run:N"),
        found.mark_line(interpolate="step-after", strokeWidth=2.5).encode(x, y, colour, dash, detail="run:N"),
        found.mark_point(size=16, opacity=1, filled=True).encode(x, y, colour),
        found.mark_point(size=160, opacity=0, filled=True).encode(x, y, tooltip=told),
        *_names(curves, labels, x, y, colour, top / _PLOT),
        *_at_risk(curves, labels, x, y, colour, top / _PLOT),
    ]
    return framed(alt.layer(*layers), _PLOT + _FOOT)


def _in_runs(curves: pl.DataFrame) -> pl.DataFrame:
    """The rows with `run`: months that follow each other in one arm carry the same number."""
    rows = curves.sort("arm", "month")
    is_first = (pl.col("month") - pl.col("month").shift(1).over("arm")).fill_null(0) != 1
    return rows.with_columns(run=is_first.cum_sum())


def _gaps(runs: pl.DataFrame) -> pl.DataFrame:
    """The end of each run and the begin of the next one of its arm, under one number."""
    ends = runs.group_by("arm", "run").agg(pl.col("month", "incidence").last())
    begins = runs.group_by("arm", "run").agg(pl.col("month", "incidence").first()).with_columns(pl.col("run") - 1)
    between = ends.join(begins.select("arm", "run"), on=["arm", "run"]).select("arm", "run")
    return pl.concat([ends, begins], how="vertical").join(between, on=["arm", "run"]).sort("arm", "run", "month")


def _ticks(top: float) -> list[float]:
    """Round shares from 0 to `top`, six at most."""
    step = next(s for s in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25) if top / s <= 5)
    return [round(step * place, 2) for place in range(int(top / step) + 1)]


def _names(
    curves: pl.DataFrame, labels: dict[str, str], x: alt.X, y: alt.Y, colour: alt.Color, pixel: float
) -> list[Any]:
    """Name and last value of each line beside its end, moved apart where the lines end close together.

    `pixel` is the share one pixel stands for.
    """
    last = curves.filter(pl.col("incidence").is_not_null()).sort("month").group_by("arm", maintain_order=True).last()
    rows: list[dict[str, Any]] = []
    for row in last.sort("incidence", "arm").iter_rows(named=True):
        own, value = max(float(row["incidence"]), _NAME_LIFT * pixel), f"{row['incidence']:.0%}"
        at = max(own, rows[-1]["incidence"] + _APART * pixel) if rows else own
        rows.append(
            {"arm": row["arm"], "month": row["month"], "incidence": at, "text": f"{labels[row['arm']]}\n{value}"}
        )
    style: dict[str, Any] = {"align": "left", "dx": 8, "fontSize": 13, "fontWeight": 700, "lineHeight": 15, "dy": -3}
    named = alt.Chart(pl.DataFrame(rows)).mark_text(**style, lineBreak="\n")
    return [named.encode(x, y, colour, text="text:N")] if rows else []


def _at_risk(
    curves: pl.DataFrame, labels: dict[str, str], x: alt.X, y: alt.Y, colour: alt.Color, pixel: float
) -> list[Any]:
    """A line of numbers for each arm under the months, the title of the axis above them."""
    arms = [arm for arm in _ARMS if arm in set(curves["arm"])]
    places = {arm: -(_AXIS_ROOM + _LINE * place) * pixel for place, arm in enumerate(arms)}
    shown = curves.filter(pl.col("month").is_in(QUARTERS))
    rows = [
        {"arm": row["arm"], "month": row["month"], "incidence": places[row["arm"]], "text": _number(row["at_risk"])}
        for row in shown.iter_rows(named=True)
    ]
    title = [{"incidence": -_TITLE_ROOM * pixel, "text": "Months after the landmark, and people still followed"}]
    names = [{"arm": arm, "month": _MONTHS, "incidence": at, "text": labels[arm]} for arm, at in places.items()]
    head = alt.Chart(pl.DataFrame(title)).mark_text(align="left", fontSize=12, color=MUTED)
    numbers = alt.Chart(pl.DataFrame(rows)).mark_text(fontSize=12)
    side = alt.Chart(pl.DataFrame(names)).mark_text(align="left", fontSize=12, dx=20)
    return [
        head.encode(y, x=alt.value(0), text="text:N"),
        numbers.encode(x, y, colour, text="text:N"),
        side.encode(x, y, colour, text="text:N"),
    ]


def _number(at_risk: int | None) -> str:
    return f"{at_risk:,}" if at_risk is not None else "–"


def forest(rows: pl.DataFrame, domain: Sequence[float], title: str, *, joined: bool = False, form: str = "d") -> Any:
    """Rows of FOREST, one below the other.

    Point and interval about a zero line on the axis `domain`, which holds 0; a dashed line where there is no figure;
    `joined` runs a thin line from point to point.
    """
    # Two rows may carry the same label, so their place in the order is what tells them apart.
    y = alt.Y("place:O", axis=None, scale=alt.Scale(paddingInner=0.1))
    scale = alt.Scale(domain=list(domain), range=_BESIDE, nice=False)
    x = alt.X("value:Q", title=title, scale=scale, axis=alt.Axis(tickCount=6, format=form, grid=False))
    told = rows.with_row_index("place").with_columns(low=pl.lit(domain[0]), high=pl.lit(domain[1]), zero=pl.lit(0.0))
    data = alt.Chart(told)
    found, missing = data.transform_filter("datum.value !== null"), data.transform_filter("datum.value === null")
    colour = alt.condition("datum.is_chosen", alt.value(BLUE), alt.value(GREY))
    layers = [
        alt.Chart(told.head(1)).mark_rule(color=DASH).encode(alt.X("zero:Q", scale=scale, title=title)),
        missing.mark_rule(color=DASH, strokeDash=[4, 3], yOffset=_MARK).encode(
            alt.X("low:Q", scale=scale), y, x2="high:Q"
        ),
        found.mark_rule(strokeWidth=2, yOffset=_MARK).encode(alt.X("lo:Q", scale=scale), y, x2="hi:Q", color=colour),
        found.mark_point(filled=True, size=90, opacity=1, yOffset=_MARK).encode(x, y, color=colour),
        *_words(data, y, "label", {"align": "left", "dy": -17, "fontSize": 13, "color": INK}),
        *_words(data, y, "under", {"align": "left", "dy": -1, "fontSize": 12, "color": MUTED}),
    ]
    for is_chosen, weight in (("true", 700), ("false", 400)):
        own = data.transform_filter(f"datum.is_chosen === {is_chosen}")
        style = {"align": "right", "dy": -17, "fontSize": 13, "fontWeight": weight, "color": INK}
        layers += _words(own, y, "text", style)
    if joined:
        path = found.mark_line(color=GREY, strokeWidth=1, opacity=0.6, yOffset=_MARK).encode(x, y, order="place:Q")
        layers.insert(1, path)
    return framed(alt.layer(*layers), _ROW * rows.height + _FOREST_AXIS)


def _words(data: alt.Chart, y: alt.Y, column: str, style: dict[str, Any]) -> list[Any]:
    """Text at the side it is aligned to, on a halo that keeps it readable where a line runs through it."""
    at = alt.value(0) if style["align"] == "left" else alt.value("width")
    marks = (data.mark_text(**style | {"stroke": "#FFFFFF", "strokeWidth": 5}), data.mark_text(**style))
    return [mark.encode(y, x=at, text=f"{column}:N") for mark in marks]


def reach(rows: pl.DataFrame, floor: float) -> tuple[float, float]:
    """An axis that holds 0 and every interval of `rows` (columns `lo`, `hi`), at least `floor` to one side."""
    ends = [float(v) for column in ("lo", "hi") for v in rows[column].drop_nulls().to_list()]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    if high - low < floor:
        high = low + floor
    room = (high - low) * 0.06
    return (low - room if low < 0 else 0.0, high + room)
