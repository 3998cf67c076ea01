"""The Altair spec of a refused question's picture: what it would show against what is so, in an invented company."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from dashboards.charts import BLUE, ORANGE, framed

_KINDS = ["true", "misleading"]
_HEIGHT = 230


def misleading_picture(points: pl.DataFrame, x_title: str, unit: str) -> Any:
    """Lines by `series` over `x` of `y`, blue where `kind` is true, orange and dashed where misleading, with their `label`s."""
    low, high = float(points["x"].min()), float(points["x"].max())  # type: ignore[arg-type]
    highest = float(points["y"].max()) * 1.2  # type: ignore[arg-type]
    top = min(highest, 1.0) if unit == "share" else highest
    x = alt.X(
        "x:Q",
        title=x_title,
        scale=alt.Scale(domain=[low, high], padding=16, nice=False, zero=False),
        axis=alt.Axis(grid=False, tickCount=6, tickMinStep=1, format="d"),
    )
    ticks = alt.Axis(tickCount=4, format="%" if unit == "share" else "d")
    y = alt.Y("y:Q", title=None, scale=alt.Scale(domain=[0, top], nice=False), axis=ticks)
    colour = alt.Color("kind:N", scale=alt.Scale(domain=_KINDS, range=[BLUE, ORANGE]), legend=None)
    dash = alt.StrokeDash("kind:N", scale=alt.Scale(domain=_KINDS, range=[[1, 0], [6, 4]]), legend=None)
    found = alt.Chart(points)
    layers = [
        found.mark_line(strokeWidth=2.5).encode(x, y, colour, dash, detail="series:N"),
        found.mark_point(filled=True, size=28, opacity=1).encode(x, y, colour),
        *_labels(points.filter(pl.col("label") != ""), (low + high) / 2, x, y, colour),
    ]
    return framed(alt.layer(*layers), _HEIGHT)


def _labels(rows: pl.DataFrame, middle: float, x: alt.X, y: alt.Y, colour: alt.Color) -> list[Any]:
    """The words over their points, to the side on which there is room, on a halo that keeps them readable over a line."""
    layers = []
    for align, side in (("left", rows.filter(pl.col("x") <= middle)), ("right", rows.filter(pl.col("x") > middle))):
        style: dict[str, Any] = {"align": align, "dy": -12, "fontSize": 13, "fontWeight": 700}
        text = alt.Chart(side)
        layers.append(text.mark_text(**style, stroke="#FFFFFF", strokeWidth=5).encode(x, y, text="label:N"))
        layers.append(text.mark_text(**style).encode(x, y, colour, text="label:N"))
    return layers
