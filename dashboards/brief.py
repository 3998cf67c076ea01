"""One A4 page about one group, as PDF: what the page on screen says, for somebody who does not open it.

Typst is given data and never markup, so a name that looks like either is printed as it is.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import typst

from dashboards.release import Release

_PAGE = Path(__file__).with_name("brief.typ")
CARE = (
    "Figures are associations and levels: they do not say what conversations bring about.",
    "Only what was recorded counts. Short, informal talks are recorded least, so read shares and counts as minimums.",
    "How long a conversation lasted is no part of any score.",
)


@dataclass(frozen=True)
class Headline:
    """One figure: `value` as printed, `note` with interval, target and what it rests on, or why it is hidden."""

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Meaning:
    """What a figure counts, in the words of the glossary."""

    name: str
    text: str


@dataclass(frozen=True)
class Drawing:
    """A chart with the finding as title; without a `picture` (SVG) `told` says why there is none."""

    title: str
    caption: str
    told: str
    picture: str = ""


@dataclass(frozen=True)
class Brief:
    """What the page holds; `group` is the name of whom it speaks of."""

    group: str
    cards: Sequence[Headline]
    distribution: Drawing
    trend: Drawing
    meanings: Sequence[Meaning]
    hidden: Sequence[str]


def brief_pdf(brief: Brief, release: Release, stamp: str) -> bytes:
    """The PDF, tagged, the same bytes for the same release and group. Raises typst.TypstError."""
    content = asdict(brief) | {
        "title": "Are career conversations happening?",
        "stamp": stamp,
        "care": CARE,
        "footer": f"Parley · release {release.id} · content {release.content_hash[:12]} · hidden figures stay hidden here too",
    }
    # The page's own date would differ from one download to the next.
    made_at = datetime.combine(release.as_of, datetime.min.time(), UTC)
    return bytes(
        typst.compile(
            _PAGE,
            root=_PAGE.parent,
            format="pdf",
            ignore_system_fonts=True,
            sys_inputs={"brief": json.dumps(content)},
            timestamp=int(made_at.timestamp()),
        )
    )
