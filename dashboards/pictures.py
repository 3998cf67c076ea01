"""A chart of the page as a file of its own, PNG, SVG or PDF: the rows the chart already holds, its title and what it rests on.

Nothing is fetched: rows are in the chart, fonts in the converter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import vl_convert

Kind = Literal["png", "svg", "pdf"]
MIME: dict[Kind, str] = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}
_WIDTH, _SCALE, _VEGA_LITE = 720, 2.0, "6.4"
# The converter brings this font along, so a picture is the same wherever it is made.
_FONT = "Liberation Sans"
_PARTS = ("vconcat", "hconcat", "concat")


def picture(chart: Any, kind: Kind, title: str = "", notes: Sequence[str] = (), width: int = _WIDTH) -> bytes:
    """The file of an Altair chart, `width` pixels wide; `title` and `notes` stand above it, as text and nothing else.

    Raises ValueError where the chart cannot be drawn.
    """
    spec = _widened(chart.to_dict(), width)
    spec["background"] = "#FFFFFF"
    spec["config"] = {**spec.get("config", {}), "font": _FONT, "padding": 12}
    if title:
        spec["title"] = {"text": title, "subtitle": list(notes), "anchor": "start", "fontSize": 16, "offset": 14}
    options: dict[str, Any] = {"vl_version": _VEGA_LITE, "allowed_base_urls": []}
    if kind == "png":
        return bytes(vl_convert.vegalite_to_png(spec, scale=_SCALE, **options))
    if kind == "svg":
        return str(vl_convert.vegalite_to_svg(spec, **options)).encode()
    return bytes(vl_convert.vegalite_to_pdf(spec, **options))


def _widened(spec: dict[str, Any], width: int) -> dict[str, Any]:
    """The spec with a width, which the page leaves to the browser; parts beside or below each other get theirs."""
    inner = {name: [_widened(part, width) for part in spec[name]] for name in _PARTS if name in spec}
    return {**spec, **inner} if inner else {**spec, "width": width}
