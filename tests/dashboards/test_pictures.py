"""A chart saved from the page: the same suppressed rows, made for one reader, and on record."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.access.audit_log import log_path
from dashboards.access.exports import OFFERS, Offers
from dashboards.charts import coverage
from dashboards.pictures import picture
from tests.dashboards.conftest import Open

SUBJECTS = (
    "months-since-the-last-conversation",
    "coverage",
    "coverage-by-unit-and-stage",
    "what-conversations-look-like",
    "left-by-choice-in-the-12-months-before",
    "still-here-a-year-later",
)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bytes]]:
    """Name and content of the files offered, in order; they are offered and put on record all the same."""
    files: list[tuple[str, bytes]] = []
    make = Offers.make

    def kept(self: Offers, session: Any, name: str, mime: str, content: bytes) -> str:
        files.append((name, content))
        return make(self, session, name, mime, content)

    monkeypatch.setattr(type(OFFERS), "make", kept)
    return files


def saved(app: AppTest, key: str) -> None:
    app.button(key=key).click().run()
    assert not app.exception


def test_every_chart_of_the_overview_is_saved_as_png_and_svg_and_each_use_is_on_record(
    open_page: Open, published: Path, made: list[tuple[str, bytes]]
) -> None:
    app = open_page(published)
    expected = [f"{subject}.{kind}" for subject in SUBJECTS for kind in ("png", "svg")]
    for name in expected:
        subject, kind = name.split(".")
        saved(app, f"{kind}-{subject}")
    assert [name for name, _ in made] == expected
    assert all(
        content.startswith(b"\x89PNG" if name.endswith("png") else b"<svg") and len(content) > 2000
        for name, content in made
    )
    log = log_path().read_text(encoding="utf-8")
    assert all(f'"{name}"' in log for name in expected)


def test_a_picture_says_whom_it_speaks_of_and_hides_what_the_page_hides(
    open_page: Open, published: Path, made: list[tuple[str, bytes]]
) -> None:
    app = open_page(published, org="Legal")
    saved(app, "svg-coverage-by-unit-and-stage")
    svg = made[0][1].decode()
    assert "Legal · data as of 22 Nov 2026" in svg
    assert "n&lt;10" in svg


def test_a_picture_is_the_same_each_time_and_takes_titles_as_text() -> None:
    points = pl.DataFrame({"as_of": [date(2026, 1, 31), date(2026, 2, 28)], "value": [0.4, 0.5]})
    chart = coverage(points.with_columns(lo="value", hi="value"), 0.75, "#1F5A8A", 200)
    one, other = (picture(chart, "svg", "<script>alert(1)</script> #image", ["=1+1"]) for _ in range(2))
    assert one == other
    assert b"<script" not in one
    assert b"&lt;script&gt;" in one
    assert picture(chart, "png") == picture(chart, "png")
