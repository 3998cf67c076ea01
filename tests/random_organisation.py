"""Small random organisations for the oracle, full of awkward days, and the rows that say the same to the SQL folder."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from pipelines.reference import SourceStatus
from tests.small_organisation import Coverage, Listed, Organisation, Person, Post, Spell, Talk
from tests.sql_cases import Row

EDGES = [
    0,
    1,
    88,
    89,
    90,
    91,
    92,
    93,
    179,
    180,
    181,
    182,
    183,
    184,
    185,
    273,
    274,
    364,
    365,
    366,
    367,
    547,
    548,
    549,
    730,
]
LEAVES = ["A1", "A2", "B1"]
KINDS = ["exit_voluntary", "exit_voluntary", "exit_involuntary", "exit_other", "exit_unknown"]
FRESH_DAYS, LIST_DAYS = 14, 45


def organisation(seed: int) -> Organisation:
    """Twelve people in three teams under two divisions.

    Reorganisations fall on the first of a month, as the head-count of a month is placed by the organisation at its end.
    """
    rng = Random(seed)
    as_of = rng.choice([date(2026, 6, 30), date(2026, 6, 17), date(2026, 9, 30), date(2026, 12, 31), date(2026, 11, 1)])
    moved = date(2025, rng.randint(1, 12), 1)
    parents: dict[str, list[tuple[date, date | None, str | None]]] = {
        "ROOT": [(date(2000, 1, 1), None, None)],
        "A": [(date(2000, 1, 1), None, "ROOT")],
        "B": [(date(2000, 1, 1), None, "ROOT")],
        "A1": [(date(2000, 1, 1), None, "A")],
        "A2": [(date(2000, 1, 1), moved, "A"), (moved, None, "B")],
        "B1": [(date(2000, 1, 1), None, "B")],
    }
    return Organisation(
        as_of=as_of,
        people=tuple(_person(rng, f"P{number}", as_of) for number in range(12)),
        parents=parents,
        coverage=tuple(_coverage(rng, as_of) for _ in range(rng.randint(1, 4))),
        silent_from={
            source: as_of - timedelta(days=rng.choice([0, 0, 30, 200]) - FRESH_DAYS - 1)
            for source in ("talklog", "parley")
        },
        list_days=LIST_DAYS,
        targets=rng.choice([{}, {"growing": 120, "leaving_or_retiring": 300}]),
    )


def sources(org: Organisation) -> list[SourceStatus]:
    """How far each source of the organisation reaches."""
    events = [
        SourceStatus(name, True, silent - timedelta(days=FRESH_DAYS + 1), FRESH_DAYS)
        for name, silent in org.silent_from.items()
    ]
    return [*events, SourceStatus("workbook", False, org.as_of, LIST_DAYS)]


def rows(org: Organisation) -> dict[str, list[Row]]:
    """The organisation as rows of the staging tables."""
    given: dict[str, list[Row]] = {
        "staging.parley__org_unit": [
            {"org_unit_key": unit, "valid_from": _text(start), "valid_to": _text(end), "parent_key": parent}
            for unit, periods in org.parents.items()
            for start, end, parent in periods
        ],
        "staging.parley__capture_coverage": [
            {"source_system": c.source, "org_unit_key": c.unit, "valid_from": _text(c.start), "valid_to": _text(c.end)}
            for c in org.coverage
        ],
    }
    for person in org.people:
        for table, found in _person_rows(person).items():
            given.setdefault(table, []).extend({"employee_id": person.name, **row} for row in found)
    return {table: found for table, found in given.items() if found}


def _person_rows(person: Person) -> dict[str, list[Row]]:
    hires = {s.hire for s in person.spells}
    return {
        "staging.parley__worker": [
            {"employment_type": person.employment_type, "planned_exit_on": _text(person.planned_exit)}
        ],
        "staging.parley__job_history": [
            {
                "valid_from": _text(p.start),
                "valid_to": _text(p.end),
                "org_unit_key": p.unit,
                "job_code": p.job,
                "is_primary": "true",
                "change_type": "rehire" if p.start in hires else "transfer",
            }
            for p in person.posts
        ],
        "staging.parley__outcome_event": [
            {"type": s.exit_type, "effective_on": _text(s.term)} for s in person.spells if s.term
        ],
        "staging.parley__absence": [
            {"valid_from": _text(start), "valid_to": _text(end)} for start, end in person.leaves
        ],
        "staging.parley__conversation": [
            {
                "conversation_id": t.key,
                "occurred_on": _text(t.day),
                "partner_id": t.partner,
                "partner_role": "peer",
                "setting": t.setting,
                "career_content": t.content,
                "status": t.status,
                "source_system": "parley",
            }
            for t in person.talks
        ],
        "staging.workbook__conversation_snapshot": [
            {"as_of": _text(line.on), "last_on": _text(line.last), "relation": "any", "source_system": "workbook"}
            for line in person.listed
        ],
    }


def _person(rng: Random, name: str, as_of: date) -> Person:
    spells = _spells(rng, as_of)
    born = spells[0].hire
    return Person(
        name=name,
        employment_type=rng.choice(["full_time"] * 8 + ["part_time", "contractor"]),
        planned_exit=as_of + timedelta(days=rng.randint(0, 500)) if rng.random() < 0.2 else None,
        spells=tuple(spells),
        posts=tuple(post for spell in spells for post in _posts(rng, spell, as_of)),
        leaves=tuple(_leave(rng, as_of) for _ in range(rng.choice([0, 0, 0, 1, 2, 3]))),
        talks=tuple(_talk(rng, f"{name}-{number}", born, as_of) for number in range(rng.choice([0, 1, 2, 4, 8]))),
        listed=tuple(
            _listed(rng, born, day) for day in {_day(rng, as_of, 400) for _ in range(rng.choice([0, 0, 0, 1, 2]))}
        ),
    )


def _day(rng: Random, as_of: date, reach: int) -> date:
    """A day up to `reach` days back; every other time one that lies on an edge of some definition."""
    month_end = as_of.replace(day=1) - timedelta(days=1)
    return rng.choice([as_of, month_end]) - timedelta(days=rng.choice([rng.choice(EDGES), rng.randint(0, reach)]))


def _spells(rng: Random, as_of: date) -> list[Spell]:
    ends = sorted({_day(rng, as_of, 1500) for _ in range(rng.choice([1, 1, 1, 2, 3, 4]))})
    spells = []
    for start, end in zip(ends[::2], [*ends[1::2], None], strict=False):
        spells.append(Spell(start, end, rng.choice(KINDS)))
    if spells[-1].term is None and rng.random() < 0.1:
        spells[-1] = Spell(spells[-1].hire, as_of + timedelta(days=rng.randint(1, 60)), "exit_voluntary")
    return spells


def _posts(rng: Random, spell: Spell, as_of: date) -> list[Post]:
    last = min(spell.term or as_of, as_of)
    inner = {spell.hire + timedelta(days=rng.randint(1, 900)) for _ in range(rng.randint(0, 3))}
    starts = [spell.hire, *sorted(day for day in inner if day < last)]
    ends = [*starts[1:], spell.term]
    return [Post(start, end, rng.choice(LEAVES), rng.choice("JK")) for start, end in zip(starts, ends, strict=True)]


def _leave(rng: Random, as_of: date) -> tuple[date, date | None]:
    start = _day(rng, as_of, 500)
    return start, None if rng.random() < 0.1 else start + timedelta(
        days=rng.choice([20, 45, 60, 91, 92, 93, 120, 183, 250])
    )


def _talk(rng: Random, key: str, born: date, as_of: date) -> Talk:
    reach = (as_of - born).days + 30
    day = rng.choice(
        [_day(rng, as_of, reach), _day(rng, as_of, reach), as_of + timedelta(days=5), born, as_of - timedelta(days=40)]
    )
    return Talk(
        key=key,
        day=day,
        partner=rng.choice("XY"),
        setting=rng.choice(["informal", "dedicated", "formal_review", "unknown"]),
        content=rng.choice(["explicit", "explicit", "inferred", "none", "unknown"]),
        status=rng.choice(
            ["held_confirmed", "held_reported", "held_reported", "cancelled", "scheduled_only", "missed"]
        ),
    )


def _listed(rng: Random, born: date, on: date) -> Listed:
    return Listed(
        on, max(born - timedelta(days=10), on - timedelta(days=rng.choice(EDGES))) if rng.random() < 0.6 else None
    )


def _coverage(rng: Random, as_of: date) -> Coverage:
    start = _day(rng, as_of, 1600)
    end = _day(rng, as_of, 300) if rng.random() < 0.2 else None
    if end and end <= start:
        end = start + timedelta(days=100)
    return Coverage(rng.choice(["talklog", "parley"]), rng.choice(["ROOT", "ROOT", "A", "B", *LEAVES]), start, end)


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
