"""The fixed phrases of the lists and the conditions under which each is true, out of phrases.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

FILE = Path(__file__).with_name("phrases.toml")


@dataclass(frozen=True)
class Phrase:
    """A fact in words; it may be given for the `levels` of `feature` (none: it says why a conversation is due) where `when` holds."""

    id: str
    text: str
    topic: str
    feature: str
    levels: tuple[str, ...]
    when: tuple[Mapping[str, Any], ...]

    def is_true(self, on: date) -> pl.Expr:
        """Whether it holds of a row of lists.due on the day of the list; never null."""
        return pl.all_horizontal([_holds(condition, on) for condition in self.when])


@dataclass(frozen=True)
class Start:
    """How a conversation with somebody in a career stage may begin."""

    id: str
    stage: str
    text: str


@cache
def phrases() -> tuple[Phrase, ...]:
    """All phrases in the order of the file."""
    return tuple(
        Phrase(
            each["id"],
            each["text"],
            each["topic"],
            each.get("feature", ""),
            tuple(each.get("levels", ())),
            tuple(each["when"]),
        )
        for each in _file()["phrase"]
    )


@cache
def starts() -> dict[str, Start]:
    """The suggested start of each career stage."""
    return {each["stage"]: Start(**each) for each in _file()["start"]}


def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _holds(condition: Mapping[str, Any], on: date) -> pl.Expr:
    column = pl.col(str(condition["column"]))
    ago = (pl.lit(on) - column).dt.total_days() if "from" not in condition and "is" not in condition else column
    found = pl.lit(True)
    for key, bound in condition.items():
        match key:
            case "is":
                found &= column == bound
            case "days_ago_from" | "from":
                found &= ago >= bound
            case "days_ago_to":
                found &= (ago <= bound) & (ago >= 0)
            case "days_ago_beyond":
                found &= ago > pl.col(str(bound))
            case "column" | "or_none":
                continue
            case unknown:
                raise ValueError(f"phrases.toml: '{unknown}' is no condition.")
    return found.fill_null(bool(condition.get("or_none", False)))
