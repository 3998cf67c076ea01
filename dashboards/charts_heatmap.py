"""The Altair spec of the gaps: org units by career stage, one hue, a number in each cell, hidden cells dashed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import altair as alt
import polars as pl

from dashboards.charts import INK, MUTED, framed

_HUE = ["#F3F7FB", "#5B97C6"]
_ROW_HEIGHT, _LINE = 30, 15
# Characters in a line of a heading: at least those that fit over a column on the narrowest screen.
_NARROWEST, _LINES = 8, 2
# Colours span at least this share, so that groups a few points apart do not look like opposites.
_SPAN = 0.2


def heatmap(cells: pl.DataFrame, rows: Sequence[str], columns: Sequence[str]) -> Any:
    """Cells of `row`, `column`, `share` (null when hidden), `text`; `rows` and `columns` are the orders to keep."""
    shown = cells["share"].drop_nulls()
    low, high = (float(shown.min() or 0), float(shown.max() or 0)) if shown.len() else (0.0, 1.0)  # type: ignore[arg-type]
    ends = [low, max(high, low + _SPAN)]
    x = alt.X(
        "column:N",
        sort=None,
        title=None,
        scale=alt.Scale(domain=list(columns), paddingInner=0, paddingOuter=0),
        axis=alt.Axis(
            orient="top",
            labelAngle=0,
            labelOverlap=False,
            labelFlush=False,
            labelLimit=120,
            labelExpr=_wrapped(columns),
            labelPadding=_lift(columns),
        ),
    )
    y = alt.Y(
        "row:N",
        sort=None,
        title=None,
        scale=alt.Scale(domain=list(rows), paddingInner=0, paddingOuter=0),
        axis=alt.Axis(labelLimit=170, labelFontSize=13, labelColor=INK, labelOverlap=False),
    )
    colour = alt.Color("share:Q", scale=alt.Scale(domain=ends, range=_HUE), legend=None)
    found = alt.Chart(cells).encode(x, y)
    filled = (
        found.transform_filter("datum.share !== null").mark_rect(stroke="#FFFFFF", strokeWidth=2).encode(color=colour)
    )
    hidden = found.transform_filter("datum.share === null").mark_rect(
        fill="#ECEFF2", stroke="#B4BEC8", strokeDash=[3, 3], strokeWidth=1
    )
    number = found.transform_filter("datum.share !== null").mark_text(fontSize=13, color=INK).encode(text="text:N")
    reason = found.transform_filter("datum.share === null").mark_text(fontSize=12, color=MUTED).encode(text="text:N")
    height = _ROW_HEIGHT * len(rows) + _lift(columns) + _LINE
    return framed(alt.layer(filled, hidden, number, reason), height)


def _lift(columns: Sequence[str]) -> int:
    # A heading of several lines grows down from the axis, so it has to start as many lines above the cells.
    return 6 + _LINE * (max((len(_lines(c)) for c in columns), default=1) - 1)


def _lines(heading: str) -> list[str]:
    """The heading in two lines at most, as narrow as two lines can be."""
    for width in range(_NARROWEST, len(heading)):
        lines = wrap(heading, width, break_long_words=False)
        if len(lines) <= _LINES:
            return lines
    return [heading]


def _wrapped(columns: Sequence[str]) -> str:
    """Headings in short lines for narrow screens; blank lines in front let all of them end at the cells."""
    split = {column: _lines(column) for column in columns}
    lines = max(map(len, split.values()), default=1)
    return f"({json.dumps({c: [''] * (lines - len(words)) + words for c, words in split.items()})})[datum.label]"
