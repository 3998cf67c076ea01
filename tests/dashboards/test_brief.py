"""The one-page brief: one page, the same each time, names as they are, and nothing that the page hides."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dashboards.access.exports import OFFERS
from dashboards.brief import Brief, Drawing, Headline, Meaning, brief_pdf
from dashboards.release import Release
from tests.dashboards.conftest import Open

RELEASE = Release("r", Path("r"), date(2026, 11, 22), datetime(2026, 11, 22, tzinfo=UTC), "0.1.0", "5f2c")
HOSTILE = (
    '#panic("x")',
    "n<10 #[",
    "*a* _b_ $x^2$ @ref <label>",
    '=HYPERLINK("x")',
    "<script>x</script>",
    '"\\',
    "#" * 400,
)
NOTHING = Drawing("Title", "Caption", "Too few people to show.")
PLAIN = Brief(
    "Legal", [Headline("Talked", "44%", "target 75%")] * 4, NOTHING, NOTHING, [Meaning("Talked", "It.")], ["x"]
)


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_name_is_text_wherever_it_stands(name: str) -> None:
    drawing = Drawing(name, name, name)
    hostile = Brief(
        name, [Headline(name[:40], name[:9], name[:40])] * 4, drawing, drawing, [Meaning(name, name)], [name]
    )
    pdf = brief_pdf(hostile, RELEASE, name[:40])
    assert pdf.startswith(b"%PDF")
    assert b"/StructTreeRoot" in pdf


def test_the_same_release_gives_the_same_bytes_and_another_name_others() -> None:
    assert brief_pdf(PLAIN, RELEASE, "s") == brief_pdf(PLAIN, RELEASE, "s")
    assert brief_pdf(PLAIN, RELEASE, "s") != brief_pdf(dataclasses.replace(PLAIN, group="Sales"), RELEASE, "s")


@pytest.mark.parametrize("address", [{}, {"org": "Legal", "stage": "Ready for more"}, {"org": "*IT* <b>& Data</b>"}])
def test_the_brief_of_a_group_is_one_page(
    open_page: Open, published: Path, monkeypatch: pytest.MonkeyPatch, address: dict[str, str]
) -> None:
    made: list[tuple[str, bytes]] = []

    def kept(_session: object, name: str, _mime: str, content: bytes) -> str:
        made.append((name, content))
        return "/export/x"

    monkeypatch.setattr(OFFERS, "make", kept)
    app = open_page(published, **address)
    next(b for b in app.button if b.label == "Brief").click().run()
    assert not app.exception
    assert not app.error
    assert [name for name, _ in made] == ["career-conversations-brief-2026-11-22.pdf"]
    assert pages(made[0][1]) == 1
