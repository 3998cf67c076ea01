"""A small organisation as the oracle reads it: people, spells, posts, talks, units, coverage. No metric is here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Spell:
    """From a hire to the first day not employed; `exit_type` is the kind of that exit."""

    hire: date
    term: date | None
    exit_type: str


@dataclass(frozen=True)
class Post:
    """A job in a unit from `start` up to, not including, `end`."""

    start: date
    end: date | None
    unit: str
    job: str


@dataclass(frozen=True)
class Talk:
    """One record of the conversation log."""

    key: str
    day: date
    partner: str
    setting: str
    content: str
    status: str


@dataclass(frozen=True)
class Listed:
    """A line of a list of last conversation dates, as of `on`."""

    on: date
    last: date | None


@dataclass(frozen=True)
class Person:
    """Everything the systems say about one person; leaves are half-open periods."""

    name: str
    employment_type: str
    planned_exit: date | None
    spells: tuple[Spell, ...]
    posts: tuple[Post, ...]
    leaves: tuple[tuple[date, date | None], ...]
    talks: tuple[Talk, ...]
    listed: tuple[Listed, ...]


@dataclass(frozen=True)
class Coverage:
    """A part of the organisation that records its conversations in `source`, for a half-open period."""

    source: str
    unit: str
    start: date
    end: date | None


@dataclass(frozen=True)
class Organisation:
    """Units over time as half-open periods of `parents`; a source is silent from a day in `silent_from` on."""

    as_of: date
    people: tuple[Person, ...]
    parents: dict[str, list[tuple[date, date | None, str | None]]]
    coverage: tuple[Coverage, ...]
    silent_from: dict[str, date]
    list_days: int
    targets: dict[str, int]

    def above(self, unit: str, day: date) -> list[str]:
        """The unit and all units above it, as the organisation was on `day`."""
        found: list[str] = []
        at: str | None = unit
        while at is not None:
            found.append(at)
            at = next(parent for start, end, parent in self.parents[at] if inside(day, start, end))
        return found


def inside(day: date, start: date, end: date | None) -> bool:
    """Whether the day lies in the half-open period."""
    return start <= day and (end is None or day < end)


def days(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
