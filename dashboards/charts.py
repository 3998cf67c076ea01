"""Altair specs of one group's numbers, from published rows only; what they mean is said in `words`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt
import polars as pl

from dashboards.data import Cell

INK, MUTED, GRID, TRACK, DASH = "#0F1720", "#4A5560", "#E4E9EE", "#E4E9EE", "#7B8794"
BLUE, LIGHT_BLUE, ORANGE, GREY = "#1F5A8A", "#5B97C6", "#C65A00", "#7B8794"
KINDS = {"in rhythm": BLUE, "slipping": LIGHT_BLUE, "overdue": ORANGE, "none on record": GREY, "not known": "#FFFFFF"}
FONT = "Source Sans, sans-serif"


def framed(chart: Any, height: int) -> Any:
    """The chart `height` pixels high, with the page's type and colours and no frame; the chart itself is changed.

    Its marks are silent to screen readers: the page gives the chart one text alternative and a table of its rows.
    """
    # The methods of the same names copy the whole chart once each, a fifth of the time a page takes.
    chart.height = height
    chart.config = alt.Config(
        font=FONT,
        background="transparent",
        padding=2,
        view=alt.ViewConfig(strokeWidth=0),
        mark=alt.MarkConfig(aria=False),
        axis=alt.AxisConfig(
            labelColor=MUTED,
            titleColor=MUTED,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            gridColor=GRID,
            domain=False,
            ticks=False,
            labelPadding=6,
        ),
    )
    return chart


def bullet(cell: Cell, target: float | None, top: float) -> Any:
    """A bar from 0 to the value on a track to `top`, a tick at the target; a dashed track and no bar when hidden."""
    x = alt.X("to:Q", scale=alt.Scale(domain=[0, top], nice=False, clamp=True), axis=None)
    whole = alt.Chart(pl.DataFrame({"to": [top], "from": [0.0]})).encode(x=x, x2="from:Q")
    if cell.is_shown:
        layers = [whole.mark_bar(color=TRACK, height=10)]
        value = pl.DataFrame({"to": [cell.value], "from": [0.0]})
        layers.append(alt.Chart(value).mark_bar(color=BLUE, height=10).encode(x=x, x2="from:Q"))
    else:
        layers = [whole.mark_bar(fill="#FFFFFF", stroke=DASH, strokeDash=[4, 3], strokeWidth=1, height=10)]
    if target is not None:
        mark = alt.Chart(pl.DataFrame({"to": [target]})).mark_tick(color=INK, thickness=2.5, height=22)
        layers.append(mark.encode(x=x))
    return framed(alt.layer(*layers), 26)


def distribution(bars: pl.DataFrame, slots: Sequence[str]) -> Any:
    """Bars of `label`, `share` (null when hidden), `kind`, `under` (words below the label), `text`.

    `slots` is the order of the labels, blank strings being gaps.
    """
    x = alt.X("label:N", sort=None, scale=alt.Scale(domain=list(slots), paddingInner=0.22), axis=_slot_axis())
    top = max(0.05, float(bars["share"].max() or 0))  # type: ignore[arg-type]
    y = alt.Y("share:Q", axis=alt.Axis(format="%", tickCount=4), title=None, scale=alt.Scale(domain=[0, top * 1.15]))
    colour = alt.Color("kind:N", scale=alt.Scale(domain=list(KINDS), range=list(KINDS.values())), legend=None)
    found = alt.Chart(bars)
    solid = found.transform_filter("datum.share !== null && datum.kind !== 'not known'").mark_bar().encode(x, y, colour)
    dashed = (
        found.transform_filter("datum.kind === 'not known' && datum.share !== null")
        .mark_bar(fill="#FFFFFF", stroke=DASH, strokeDash=[4, 3], strokeWidth=1.5)
        .encode(x, y)
    )
    text = found.transform_calculate(at="datum.share === null ? 0 : datum.share").mark_text(
        dy=-9, fontSize=13, fontWeight=600, color=INK
    )
    # Under narrow bars the words would run into each other; bands, order and the table still tell them apart.
    fits = alt.ExprRef("width < 520 ? 0 : 1")
    kinds = found.mark_text(dy=36, fontSize=11, color=MUTED, opacity=fits)
    kinds = kinds.encode(x, y=alt.value("height"), text="under:N")
    layers = alt.layer(solid, dashed, text.encode(x, y=alt.Y("at:Q", title=None), text="text:N"), kinds)
    return framed(layers, 250)


# The two bars set apart carry words, the others a few digits.
_TWO_LINES = (
    "datum.label === 'None on record' ? ['None on', 'record'] : "
    "datum.label === 'Not known' ? ['Not', 'known'] : datum.label"
)


def _slot_axis() -> alt.Axis:
    return alt.Axis(
        labelAngle=0,
        labelOverlap=False,
        labelFlush=False,
        grid=False,
        labelPadding=8,
        labelFontSize=13,
        title=" ",
        labelExpr=_TWO_LINES,
        labelColor=INK,
    )


def coverage(points: pl.DataFrame, target: float | None, colour: str, height: int) -> Any:
    """A line over `as_of` of `value`, its interval `lo`-`hi`, all shares; a hidden date leaves a gap; y starts at 0."""
    shown = [v for column in ("value", "hi") for v in points[column].drop_nulls().to_list()]
    top = min(1.0, max([*shown, target or 0.0, 0.05]) * 1.15)
    x = alt.X(
        "as_of:T",
        title=None,
        axis=alt.Axis(format="%b %y", tickCount=6, grid=False, labelOverlap=True, labelFlush=True),
    )
    y = alt.Y(
        "value:Q", title=None, axis=alt.Axis(format="%", tickCount=4), scale=alt.Scale(domain=[0, top], nice=False)
    )
    found = alt.Chart(points.with_columns(pl.col("as_of").cast(pl.Datetime)))
    layers: list[Any] = [
        found.mark_area(color=colour, opacity=0.15, invalid="break-paths-show-domains").encode(
            x, alt.Y("lo:Q", title=None), alt.Y2("hi:Q")
        ),
        found.mark_line(color=colour, strokeWidth=2.5, invalid="break-paths-show-domains").encode(x, y),
        found.mark_point(color=colour, filled=True, size=34, invalid="filter").encode(x, y),
    ]
    if target is not None:
        layers += _target_rule(target, y, points["as_of"].min())
    last = points.filter(pl.col("value").is_not_null()).tail(1)
    layers.append(_end_label(last, x, y, colour))
    return framed(alt.layer(*layers), height)


def _target_rule(target: float, y: alt.Y, first: Any) -> list[Any]:
    found = alt.Chart(pl.DataFrame({"value": [target], "as_of": [first], "text": [f"target {target:.0%}"]}))
    rule = found.mark_rule(color=MUTED, strokeDash=[5, 4], strokeWidth=1.3).encode(y)
    label = found.mark_text(align="left", dy=-8, fontSize=12, color=MUTED).encode(y, x=alt.value(2), text="text:N")
    return [rule, label]


def _end_label(last: pl.DataFrame, x: alt.X, y: alt.Y, colour: str) -> Any:
    rows = last.with_columns(pl.col("as_of").cast(pl.Datetime))
    text = alt.Text("value:Q", format=".0%")
    style: dict[str, Any] = {"align": "right", "dy": -16, "fontSize": 14, "fontWeight": 700}
    # The halo keeps the number readable where the line runs through it.
    halo = alt.Chart(rows).mark_text(**style, stroke="#FFFFFF", strokeWidth=5).encode(x, y, text)
    return alt.layer(halo, alt.Chart(rows).mark_text(**style, color=colour).encode(x, y, text))


def characteristics(rows: pl.DataFrame) -> Any:
    """Bars of `label`, `share` (null when hidden), `text`, `known`; a line spans `bound_lo` to `bound_hi` if given."""
    y = alt.Y("label:N", sort=None, title=None, axis=None, scale=alt.Scale(paddingInner=0.1))
    x = alt.X("to:Q", axis=None, scale=alt.Scale(domain=[0, 1]))
    found = alt.Chart(rows.with_columns(to=pl.lit(1.0), start=pl.lit(0.0)))
    hidden = "datum.share === null"
    track = found.mark_bar(color=TRACK, height=12, yOffset=7).encode(x, y, x2="start:Q")
    dashed = found.transform_filter(hidden).mark_bar(
        fill="#FFFFFF", stroke=DASH, strokeDash=[4, 3], strokeWidth=1, height=12, yOffset=7
    )
    bar = found.transform_filter("datum.share !== null").mark_bar(color=BLUE, height=12, yOffset=7)
    span = found.transform_filter("datum.bound_lo !== null").mark_rule(color=INK, strokeWidth=1.5, yOffset=7)
    layers = [
        track,
        dashed.encode(x, y, x2="start:Q"),
        bar.encode(alt.X("share:Q"), y, x2="start:Q"),
        span.encode(alt.X("bound_lo:Q"), y, x2="bound_hi:Q"),
        found.mark_text(align="left", dy=-10, fontSize=13, color=INK).encode(y, x=alt.value(0), text="label:N"),
        found.mark_text(align="right", dy=-10, fontSize=14, fontWeight=700, color=INK).encode(
            y, x=alt.value("width"), text="text:N"
        ),
        found.mark_text(align="right", dy=23, fontSize=12, color=MUTED).encode(y, x=alt.value("width"), text="known:N"),
    ]
    return framed(alt.layer(*layers), 4 * 62)


def runs(rows: pl.DataFrame) -> Any:
    """Nightly runs: `at`, `seconds`, `outcome` ('succeeded' or 'failed'), told apart by colour, shape and lane."""
    outcome = ["succeeded", "failed"]
    y = alt.Y("outcome:N", sort=outcome, title=None, axis=alt.Axis(labelFontSize=13, labelColor=INK, grid=True))
    colour = alt.Color("outcome:N", scale=alt.Scale(domain=outcome, range=[BLUE, ORANGE]), legend=None)
    shape = alt.Shape("outcome:N", scale=alt.Scale(domain=outcome, range=["circle", "cross"]), legend=None)
    x = alt.X("at:T", title=None, scale=alt.Scale(padding=14), axis=alt.Axis(format="%d %b", tickCount=8, grid=False))
    points = alt.Chart(rows).mark_point(filled=True, size=110, opacity=1)
    return framed(points.encode(x, y, colour, shape, tooltip=["at:T", "outcome:N", "seconds:Q"]), 90)


def first_and_last(points: pl.DataFrame) -> tuple[date, date] | None:
    """Dates of the first and last value shown, for a chart's text alternative."""
    dates = points.filter(pl.col("value").is_not_null())["as_of"].to_list()
    return (min(dates), max(dates)) if dates else None
