"""Disclosure control of all groups of a day together: which rows of a metric stay, and what the audit stops."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import product
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import disclosure, estimates
from pipelines.disclosure import PLACE, Days, DisclosureError, Safety, bounding, protection
from pipelines.disclosure.attack import audit
from pipelines.disclosure.bands import banded
from pipelines.disclosure.cell_sums import GROUP
from pipelines.disclosure.rank_audit import determined
from pipelines.disclosure.view import View, targets_of
from tests.linked_groups import organisation, seen

DAY, BEFORE = date(2026, 6, 30), date(2026, 5, 31)
# A person: the unit, the manager, the stage, and whether the conversation took place.
Person = tuple[str, str, str, int]


def team(unit: str, manager: str, stages: str, yes: int) -> list[Person]:
    """One person per letter of `stages`, `yes` of whom say yes, whatever their stage."""
    order = Random(len(stages)).sample(range(len(stages)), len(stages))
    return [(unit, manager, stage, int(number < yes)) for number, stage in zip(order, stages, strict=True)]


def groups(person: Person) -> list[tuple[str, str, str]]:
    unit, manager, stage, _ = person
    return [
        ("company", "company", ""),
        ("org_unit", unit, ""),
        ("org_unit", "TOP", ""),
        ("manager", manager, ""),
        ("career_stage", stage, ""),
        ("org_unit_career_stage", unit, stage),
        ("org_unit_career_stage", "TOP", stage),
    ]


def metric(people: Iterable[Person], day: date = DAY) -> pl.DataFrame:
    """Estimates of a share over all groups and places of `people`."""
    rows = [
        {"as_of": day, **dict(zip(GROUP, group, strict=True)), "numerator": person[3], "people": 1}
        for person in people
        for group in [*groups(person), (PLACE, place_of(person), "")]
    ]
    summed = pl.DataFrame(rows).group_by("as_of", *GROUP).agg(pl.col("numerator", "people").sum()).sort(GROUP)
    nothing = [pl.lit(None, pl.Float64).alias(name) for name in ("value", "lo", "hi")]
    counted = summed.with_columns(*nothing, band=pl.lit(""), denominator="people", unknown=0, note=pl.lit(""))
    return estimates.estimate(counted, metric_id="COV-02", version="1", unit="share", interval="counts")


def place_of(person: Person) -> str:
    return "/".join(person[:3])


def safety(people: Iterable[Person], threshold: int = 5, past: int = 15, live: Iterable[date] = (DAY,)) -> Safety:
    known = list(people)
    pairs = pl.DataFrame(
        [(place_of(person), *group) for person in known for group in groups(person)],
        schema=["place_key", *GROUP],
        orient="row",
    ).unique()
    count = pl.DataFrame({"group_key": [place_of(person) for person in known]}).group_by("group_key").len("people")
    everybody = count.with_columns(pl.col("people").cast(pl.Int64), cut=pl.lit(PLACE), second_key=pl.lit(""))
    return Safety(Days(lambda _: pairs), lambda _: everybody, threshold, past, frozenset(live))


def shown(rows: pl.DataFrame) -> set[tuple[str, str, str]]:
    return set(rows.filter(pl.col("status").is_in(["shown", "low", "high"])).select(GROUP).rows())


def test_a_head_who_is_in_the_unit_but_not_in_the_line_is_not_given_away() -> None:
    # Unit X is its manager's eight reports and the manager: the two shares together would be the manager's own answer.
    people = [*team("X", "M", "aaaabbbb", 4), ("X", "TOP-M", "a", 1), *team("Y", "TOP-M", "aaaaaabbbbbb", 6)]
    alone = disclosure.suppress(metric(people).filter(pl.col("cut") != PLACE), threshold=5)
    assert {("org_unit", "X", ""), ("manager", "M", "")} <= shown(alone)
    together = disclosure.protected(metric(people), safety(people), {})
    assert ("org_unit", "X", "") in shown(together)
    assert ("manager", "M", "") not in shown(together)


def test_what_can_be_shown_safely_is_shown_and_places_never_are() -> None:
    people = [*team("X", "M", "aaaaaabbbbbb", 6), *team("Y", "N", "aaaaaabbbbbb", 5)]
    rows = disclosure.protected(metric(people), safety(people), {})
    assert set(rows["status"]) == {"shown"}
    assert PLACE not in rows["cut"].to_list()
    assert "people" not in rows.columns


def test_a_remainder_in_which_all_agree_costs_a_cell() -> None:
    # TOP has 12 yeses of 20 and X 2 of 10: all of Y, which is not published, would be known to have said yes.
    people = [*team("X", "M", "a" * 10, 2), *team("Y", "N", "a" * 10, 10)]
    rows = disclosure.protected(metric(people), safety(people), {})
    assert len(rows.filter(pl.col("status") == "shown", pl.col("cut").is_in(["company", "org_unit", "manager"]))) < 5
    assert not audit(view_of_rows(people, rows))


def test_days_before_the_first_release_are_told_of_large_groups_only() -> None:
    people = [*team("X", "M", "a" * 20, 8), *team("Y", "N", "a" * 12, 5)]
    rows = disclosure.protected(metric(people, BEFORE), safety(people, live=[DAY]), {})
    assert ("org_unit", "X", "") in shown(rows)
    assert ("org_unit", "Y", "") not in set(rows.select(GROUP).rows())


def test_nothing_is_published_when_the_audit_finds_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [*team("X", "M", "a" * 10, 2), *team("Y", "N", "a" * 10, 10)]
    monkeypatch.setattr(protection, "without_narrow", lambda view, priority: view.published)
    with pytest.raises(DisclosureError, match=r"COV-02 of 2026-06-30: \d+ groups of too few people"):
        disclosure.protected(metric(people), safety(people), {})


@pytest.mark.parametrize(
    ("yes", "n", "status", "lo", "hi"),
    [
        *((0, 10, "low", 0, 0.1), (1, 10, "low", 0, 0.1), (2, 10, "shown", None, None), (1, 5, "low", 0, 0.2)),
        *((10, 10, "high", 0.9, 1), (9, 10, "high", 0.9, 1), (1, 40, "low", 0, 0.05), (600, 600, "high", 0.99, 1)),
    ],
)
def test_shares_of_nobody_and_everybody_are_bands(
    yes: int, n: int, status: str, lo: float | None, hi: float | None
) -> None:
    found = banded(metric(team("X", "M", "a" * n, yes)).filter(pl.col("cut") == "company")).row(0, named=True)
    assert found["status"] == status
    if lo is not None:
        assert (found["value"], found["lo"], found["hi"], found["n"]) == (None, pytest.approx(lo), hi, n)


@settings(max_examples=25, deadline=None)
@given(
    teams=st.lists(st.integers(1, 14), min_size=2, max_size=8),
    depth=st.integers(1, 3),
    attributes=st.integers(1, 2),
    seed=st.integers(0, 10_000),
)
def test_the_nightly_audit_leaves_nothing_for_the_exact_one(
    teams: list[int], depth: int, attributes: int, seed: int
) -> None:
    world = organisation(teams, depth, attributes, seed)
    view = seen(world, world.sizes >= 5)
    priority = np.lexsort((np.arange(len(world.sizes)), -world.sizes)).argsort()
    narrow = set(bounding.narrow(view))
    exact = {(tuple(found.atoms), found.people) for found in audit(view)}
    targets = targets_of(view)
    assert {(tuple(targets.groups[t].indices.tolist()), int(targets.people[t])) for t in narrow} == exact
    kept = bounding.without_narrow(view, priority)
    safe = seen(world, kept)
    assert not audit(safe)
    assert not determined(safe, targets_of(safe)).any()
    assert not (kept & ~view.published).any()


def view_of_rows(people: list[Person], rows: pl.DataFrame) -> View:
    """The reader's view of what is left of `rows`."""
    watch = safety(people)
    places = metric(people).filter(pl.col("cut") == PLACE)
    family = protection._family_of(places, watch)
    left = set(rows.filter(pl.col("status").is_in(["shown", "low", "high"])).select(GROUP).rows())
    published = np.array([key in left for key in family.belonging.groups.select(GROUP).rows()])
    return protection._view(places, family, published)


def test_random_companies_keep_their_secrets() -> None:
    random = Random(7)
    for _ in range(12):
        people = [
            person
            for unit, stages in product("XYZ", ["aab", "aaaabbbb", "ab" * random.randrange(2, 9)])
            for person in team(unit, unit.lower(), stages, random.randrange(len(stages) + 1))
        ]
        rows = disclosure.protected(metric(people), safety(people), {("org_unit", u): "TOP" for u in "XYZ"})
        view = view_of_rows(people, rows)
        assert not bounding.narrow(view)
        assert not determined(view, targets_of(view)).any()


def test_without_a_central_world_every_target_is_settled_by_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    world = organisation([3, 6, 9, 7, 5], 2, 1, 4)
    view = seen(world, world.sizes >= 5)
    known = bounding.narrow(view)
    monkeypatch.setattr(bounding, "central_world", lambda _: None)
    assert bounding.narrow(view) == known
    assert known
