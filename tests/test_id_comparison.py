"""Two appearances of one id beside each other: what may change in one life, and what only another person explains."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.identity import people

DAYS = (date(2026, 1, 31), date(2026, 3, 31), date(2026, 6, 30))
BORN, HIRED = date(1988, 5, 4), date(2014, 9, 1)
LIVES = {
    "a marriage": [("Silva, Ana", BORN, HIRED), ("Reyes, Ana", BORN, HIRED)],
    "a hire date corrected": [("Silva, Ana", BORN, HIRED), ("Silva, Ana", BORN, date(2014, 10, 1))],
    "a birth date corrected": [("Silva, Ana", BORN, HIRED), ("Silva, Ana", date(1988, 4, 5), HIRED)],
    "a rehire": [("Silva, Ana", BORN, HIRED), ("Ana Silva", BORN, date(2026, 2, 2))],
    "a new name altogether": [("Silva, Ana", BORN, HIRED), ("Reyes, Lea", BORN, HIRED)],
    "a name left out": [("Silva, Ana", BORN, HIRED), (None, BORN, HIRED), ("SILVA ANA", None, HIRED)],
    "accents and order": [("Łukasz O’Hara-Núñez", BORN, HIRED), ("NUNEZ O'HARA, Łukasz", BORN, date(2015, 1, 1))],
}
STRANGERS = {
    "all differs": [("Silva, Ana", BORN, HIRED), ("Kim, Mei", date(1990, 1, 1), date(2025, 1, 1))],
    "first name alike": [("Silva, Ana", BORN, HIRED), ("Kim, Ana", date(1990, 1, 1), date(2025, 1, 1))],
    "no birth dates": [("Silva, Ana", None, HIRED), ("Kim, Mei", None, date(2025, 1, 1))],
    "no names": [(None, BORN, HIRED), (None, date(1990, 1, 1), date(2025, 1, 1))],
    "only an initial alike": [("Silva, Ana M.", None, HIRED), ("Kim, Tom M.", None, date(2025, 1, 1))],
    "only a particle alike": [("van der Haas, Ana", None, HIRED), ("van den Ito, Tom", None, date(2025, 1, 1))],
    "facts missing in between": [
        ("Silva, Ana", BORN, HIRED),
        (None, None, HIRED),
        ("Kim, Mei", None, date(2025, 1, 1)),
    ],
}


@pytest.mark.parametrize("life", LIVES.values(), ids=LIVES)
def test_what_happens_in_one_life_is_no_conflict(life: list[tuple[str | None, date | None, date]]) -> None:
    assert not moved_between(life)


@pytest.mark.parametrize("life", STRANGERS.values(), ids=STRANGERS)
def test_facts_that_contradict_are_of_two_people(life: list[tuple[str | None, date | None, date]]) -> None:
    assert moved_between(life)


WORDS = st.sampled_from(["Ana", "ANÁ", "Silva", "O'Hara", "de", "van", "M.", "Kim", "李", "Núñez", "-"])
APPEARANCE = st.tuples(
    st.sampled_from(["1", "2"]),
    st.sampled_from(DAYS),
    st.sampled_from(["hr", "old_hr"]),
    st.none() | st.lists(WORDS, max_size=3).map(" ".join),
    st.sampled_from([None, BORN, date(1990, 1, 1)]),
    st.sampled_from([None, HIRED, date(2025, 1, 1)]),
)


@given(st.lists(APPEARANCE, max_size=9, unique_by=lambda a: a[:3]))
def test_comparing_agrees_with_a_clerk_who_reads_one_line_after_the_other(appearances: list[tuple[Any, ...]]) -> None:
    compared = people.compared(_frame(appearances))
    found = {tuple(row) for row in compared.select("employee_id", "as_of", "source_system", "is_other_person").rows()}
    assert found == set(by_a_clerk(appearances))


def by_a_clerk(appearances: Sequence[tuple[Any, ...]]) -> list[tuple[str, date, str, bool]]:
    """Each appearance of an id beside what was last known of it; True where two facts contradict, or the name unexcused."""
    told = []
    last: dict[str, list[Any]] = {}
    for person, day, source, name, birth, hire in sorted(appearances, key=lambda a: a[:3]):
        words, known = _words(name), last.setdefault(person, [None, None, None])
        same = [None if a is None or b is None else a == b for a, b in zip(known[1:], (birth, hire), strict=True)]
        other_name = bool(words and known[0] and not words & known[0])
        contradicting = other_name + same.count(False)
        alone = other_name and same[1] is None
        told.append((person, day, source, alone or (contradicting >= 2 and (other_name or same[0] is False))))
        last[person] = [new if new is not None else old for new, old in zip((words, birth, hire), known, strict=True)]
    return told


def _words(name: str | None) -> set[str] | None:
    """The words of a name by letters, without marks, particles and initials where there are others; None for none."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name or "").lower() if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in plain).split()
    telling = {word for word in words if len(word) > 1 and word not in ("de", "van")}
    return telling or set(words) or None


def moved_between(life: Sequence[tuple[str | None, date | None, date]]) -> bool:
    """Whether one id with these names, birth and hire dates on following exports came to stand for somebody else."""
    compared = people.compared(_frame([("1", day, "hr", *facts) for day, facts in zip(DAYS, life, strict=False)]))
    return not people.conflicts(compared).is_empty()


def _frame(appearances: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    types = [pl.String, pl.Date, pl.String, pl.String, pl.Date, pl.Date]
    columns = ["employee_id", "as_of", "source_system", "display_name", "birth_on", "hired_on"]
    frame = pl.DataFrame(list(appearances), schema=dict(zip(columns, types, strict=True)), orient="row")
    return frame.with_columns(population=pl.lit(""))
