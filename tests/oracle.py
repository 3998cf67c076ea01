"""What can be said of a person on any day, in plain Python and straight from the definitions; it knows no SQL.

Slow on purpose: every answer is found by walking over days, so that it can be read beside the catalogue.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, wraps
from typing import Any, TypeVar

from tests.small_organisation import Organisation, Person, Post, Spell, days, inside

DAY = timedelta(days=1)
HALF_YEAR, YEAR = 183, 365
BANDS = [
    ("0-3", 0, 92),
    ("3-6", 92, 183),
    ("6-9", 183, 274),
    ("9-12", 274, 366),
    ("12-18", 366, 548),
    ("18+", 548, 10**6),
]
STAGES = [("new_in_job", 0, 183), ("growing", 183, 730), ("ready_for_more", 730, 1826), ("long_in_role", 1826, 10**6)]

Group = tuple[str, str]
Cell = tuple[date, str, str, str]
Result = TypeVar("Result")


def remembered(answer: Callable[[Known, date], Result]) -> Callable[[Known, date], Result]:
    """The same answer, worked out once a day: the windows of the metrics overlap."""

    @wraps(answer)
    def ask(known: Known, day: date) -> Result:
        memory: dict[date, Result] = known.memory.setdefault(answer.__name__, {})
        if day not in memory:
            memory[day] = answer(known, day)
        return memory[day]

    return ask


@dataclass
class Known:
    """What can be said of one person on any day: employed, where, covered, eligible, since when without a talk."""

    org: Organisation
    person: Person
    memory: dict[str, dict[date, Any]] = field(default_factory=dict)

    @remembered
    def spell(self, day: date) -> Spell | None:
        """E(D): the employment spell of that day; none for people who are no employees."""
        if self.person.employment_type == "contractor":
            return None
        return next((s for s in self.person.spells if inside(day, s.hire, s.term)), None)

    def tenure(self, day: date) -> int:
        """Days since the hire that opened the present spell; -1 where not employed."""
        spell = self.spell(day)
        return (day - spell.hire).days if spell else -1

    @remembered
    def groups(self, day: date) -> list[Group]:
        """The company and every unit the person belonged to on that day."""
        post = self.post(day)
        return [("company", "company"), *(("org_unit", unit) for unit in self.org.above(post.unit, day))]

    def post(self, day: date) -> Post:
        """The job of that day."""
        return next(p for p in self.person.posts if inside(day, p.start, p.end))

    @remembered
    def is_covered_by_events(self, day: date) -> bool:
        """Whether a source that records single conversations speaks of the person on that day."""
        if self.spell(day) is None:
            return False
        units = self.org.above(self.post(day).unit, day)
        return any(
            c.unit in units and inside(day, c.start, c.end) and day < self.org.silent_from[c.source]
            for c in self.org.coverage
        )

    @remembered
    def is_covered(self, day: date) -> bool:
        """Whether any source speaks of the person on that day; a list speaks back to its date, or else to the hire."""
        spell = self.spell(day)
        if spell is None:
            return False
        for line in self.person.listed:
            if self.spell(line.on) == spell:
                start = line.last if line.last and line.last >= spell.hire else spell.hire
                if start <= day <= line.on + timedelta(days=self.org.list_days):
                    return True
        return self.is_covered_by_events(day)

    @cached_property
    def conversations(self) -> set[tuple[date, str]]:
        """Held career conversations while employed, one per day and partner; formal reviews only if explicit."""
        return {
            (t.day, t.partner)
            for t in self.person.talks
            if t.status in ("held_confirmed", "held_reported")
            and (t.content == "explicit" or (t.content == "inferred" and t.setting != "formal_review"))
            and t.day <= self.org.as_of
            and self.spell(t.day)
        }

    def last(self, day: date) -> date | None:
        """The last conversation of the present spell up to that day, from the log or from a list."""
        spell = self.spell(day)
        listed = {
            line.last for line in self.person.listed if line.last and self.spell(line.on) == self.spell(line.last)
        }
        dates = [d for d in {*listed, *(d for d, _ in self.conversations)} if d <= day and self.spell(d) == spell]
        return max(dates, default=None)

    @remembered
    def state(self, day: date) -> tuple[str, int]:
        """RCY-01: 'known' with days since, 'never', 'at_least' with the fewest days it can be, or 'unknown'."""
        spell, last = self.spell(day), self.last(day)
        if spell is None or not self.is_covered(day):
            return "unknown", 0
        start = day
        while start > spell.hire and self.is_covered(start - DAY):
            start -= DAY
        if last and last >= start:
            return "known", (day - last).days
        if last is None and start == spell.hire:
            return "never", 0
        return "at_least", (day - start).days + 1

    def exceeds(self, day: date, limit: int) -> bool | None:
        """Whether the last conversation is more than `limit` days ago; none where that is not certain."""
        state, since = self.state(day)
        if state == "at_least":
            return True if since > limit else None
        return {"known": since > limit, "never": True}.get(state)

    @remembered
    def is_eligible(self, day: date) -> bool:
        """EL(D): 90 days or more in the spell, not on leave for more than half of the past 183 days."""
        window = days(day - timedelta(days=HALF_YEAR - 1), day)
        away = sum(any(inside(d, *leave) for leave in self.person.leaves) for d in window)
        return self.tenure(day) >= 90 and 2 * away <= HALF_YEAR

    def stage(self, day: date) -> str:
        """The career stage: close to a planned exit, or by the days in the present job."""
        if self.person.planned_exit and (self.person.planned_exit - day).days <= 365:
            return "leaving_or_retiring"
        post = self.post(day)
        start = post.start
        while earlier := next((p for p in self.person.posts if p.end == start and p.job == post.job), None):
            start = earlier.start
        return next(name for name, low, high in STAGES if low <= (day - start).days < high)


@dataclass
class Tally:
    """Numerator, denominator and unknown by reporting day, cut, group and band."""

    cells: dict[Cell, list[float]] = field(default_factory=lambda: defaultdict(lambda: [0.0, 0.0, 0.0]))

    def add(
        self, at: date, groups: list[Group], band: str, numerator: float, denominator: float, unknown: float
    ) -> None:
        """Count one contribution into every group."""
        for cut, group in groups:
            cell = self.cells[(at, cut, group, band)]
            for place, value in enumerate((numerator, denominator, unknown)):
                cell[place] += value

    def add_answer(self, at: date, groups: list[Group], answer: bool | None) -> None:
        """Count one person whose yes or no is known, or none."""
        self.add(at, groups, "", float(answer is True), float(answer is not None), float(answer is None))
