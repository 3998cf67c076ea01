"""Planted ratios come back through the whole SQL of the links, and ways of reading the same export wrong do not find them.

`benchmarks/links_truth.py` does it with a million people.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import duckdb
import pytest

from pipelines.hazards import Term, cloglog, cox, within_manager
from tests.linked_export import EVENT, TERMS, banded, counted, monthly, off, stored, terms
from tests.linked_worlds import EFFECT, LEVELS_OF, NULL, RISES, World, export

# Talks change nothing; who leaves falls silent two months before, and newcomers leave oftener.
UNMOVED = World(NULL, people=10_000, notice_days=60, newcomers=4.0)
# Ratios planted of an exposure with so many levels; far from one, so that small companies are enough.
RATIOS = {3: (1.0, 0.4, 2.5), 4: (1.0, 0.6, 0.4, 0.25), 5: (1.0, 1.5, 2.5, 4.0, 3.0)}
Off = dict[str, tuple[float, float]]


@contextmanager
def cells(world: World, clock: str, mistake: str | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        stored(con, [export(world, 1)])
        counted(con, clock, mistake)
        yield con


@cache
def unmoved(mistake: str | None) -> Off:
    with cells(UNMOVED, "tenure", mistake) as con:
        return off(cloglog(banded(con, "voluntary"), "voluntary", TERMS), NULL)


def furthest(found: Off) -> float:
    return max(abs(value / error) for value, error in found.values())


@pytest.mark.parametrize(
    ("world", "clock", "ratios"),
    [(World(EFFECT, people=8_000), "tenure", EFFECT), (World(NULL, RISES, people=8_000), "promotion", RISES)],
    ids=["exits", "promotions"],
)
def test_planted_ratios_come_back_by_both_models(world: World, clock: str, ratios: tuple[float, ...]) -> None:
    event = EVENT[clock]
    with cells(world, clock) as con:
        by_band, by_month = cloglog(banded(con, event), event, TERMS), cox(monthly(con, event), event, TERMS)
    for fit in (by_band, by_month):
        assert furthest(off(fit, ratios)) < 3
        # None would pass that because nothing can be told: without effects it is far from the truth.
        assert furthest(off(fit, NULL)) > 4


@pytest.mark.parametrize(
    ("exposure", "lag_months"),
    [(each, 0) for each in LEVELS_OF if each != "recency"] + [("recency", 3), ("partner", 3)],
    ids="{}".format,
)
def test_planted_ratios_of_every_exposure_come_back_and_three_months_later(exposure: str, lag_months: int) -> None:
    ratios = RATIOS[len(LEVELS_OF[exposure])]
    world = World(ratios, people=3_000, exposure=exposure, lag_months=lag_months)
    with duckdb.connect() as con:
        stored(con, [export(world, 2)])
        counted(con, "tenure", exposure=exposure, lag_months=lag_months)
        fit = cloglog(banded(con, "voluntary"), "voluntary", terms(exposure))
    assert furthest(off(fit, ratios, exposure)) < 3
    assert furthest(off(fit, (1.0,) * len(ratios), exposure)) > 4


def test_where_talks_change_nothing_nothing_is_found() -> None:
    assert furthest(unmoved(None)) < 3
    assert max(error for _, error in unmoved(None).values()) < 0.11


@pytest.mark.parametrize(
    ("mistake", "fooled"), [("same_month", 0.08), ("exit_as_event", 0.35), ("clock_at_export", 0.15)]
)
def test_the_same_export_read_wrong_shows_an_effect_that_is_not_there(mistake: str, fooled: float) -> None:
    right, wrong = unmoved(None), unmoved(mistake)
    assert furthest(wrong) > 2.5
    assert wrong["none_on_record"][0] > right["none_on_record"][0] + fooled


def test_ever_against_never_shows_a_benefit_where_there_is_none() -> None:
    """The refused estimator: what is only known in the end explains the end."""
    with cells(UNMOVED, "tenure", "ever_against_never") as con:
        refused = cox(monthly(con, "voluntary"), "voluntary", [Term("level", "never")]).ratio("level=ever")
    assert 0.1 < refused[0] < 0.4
    assert refused[2] < 0.5


def test_a_manager_behind_both_is_seen_through_within_managers_only() -> None:
    world = World(NULL, people=10_000, spread=0.5, correlation=-0.8)
    with cells(world, "tenure") as con:
        by_manager = banded(con, "voluntary", by_manager=True)
    pooled = off(cloglog(by_manager, "voluntary", TERMS), NULL)
    assert furthest(pooled) > 4
    assert furthest(off(within_manager(by_manager, "voluntary", TERMS, "cluster_no"), NULL)) < 3
