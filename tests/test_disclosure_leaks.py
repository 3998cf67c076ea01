"""Leaks put into safe releases on purpose: every one must be caught by both auditors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count, islice

import numpy as np
import pytest
from scipy import sparse

from pipelines.disclosure.attack import audit
from pipelines.disclosure.elimination import safe_cells
from pipelines.disclosure.rank_audit import determined
from pipelines.disclosure.view import View, targets_of, view_of
from tests.linked_groups import Flags, Organisation, exposed, organisation

LEAKS_OF_A_KIND = 45
MOST_DRAWS = 2000


def firm_of(seed: int) -> Organisation:
    teams = np.random.default_rng(seed).integers(3, 13, 7).tolist()
    return organisation(teams, 2, 2, seed, unanimous=0.0)


def safe(groups: sparse.csr_matrix, threshold: int = 5) -> Flags:
    sizes = np.asarray(groups.sum(axis=1)).ravel()
    priority = np.empty(len(sizes), np.int64)
    priority[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    return safe_cells(groups, np.ones(groups.shape[1], np.int64), sizes >= threshold, priority, threshold)


def release(groups: sparse.csr_matrix, values: np.ndarray, published: Flags) -> View:
    return view_of(groups, values, published, low=1.0, high=5.0, with_bands=False)


def unhidden(firm: Organisation, random: np.random.Generator) -> View:
    shown = safe(firm.groups)
    shown[random.choice(np.flatnonzero(~shown & (firm.sizes >= 5)))] = True
    return release(firm.groups, firm.values, shown)


def filtered(firm: Organisation, random: np.random.Generator) -> View:
    """One more filter: two attributes of one unit at once, or a unit without a few of its people."""
    shown = safe(firm.groups)
    names = [cell for cell, name in enumerate(firm.names) if firm.sizes[cell] >= 8]
    one, other = (firm.groups[random.choice(names)].toarray().ravel() for _ in range(2))
    both = one * other if random.random() < 0.5 else one * (random.random(len(one)) < 0.8)
    groups = sparse.vstack([firm.groups, sparse.csr_matrix(both)]).tocsr()
    return release(groups, firm.values, np.append(shown, both.sum() >= 5))


def restated(firm: Organisation, random: np.random.Generator) -> View:
    """The same figures again without those who left since."""
    leavers = random.choice(len(firm.values), random.integers(1, 4), replace=False)
    stayed = sparse.diags_array((~np.isin(np.arange(len(firm.values)), leavers)).astype(np.int64), dtype=np.int64)
    again = (firm.groups @ stayed).tocsr()
    groups = sparse.vstack([firm.groups, again]).tocsr()
    return release(groups, firm.values, np.concatenate([safe(firm.groups), safe(again)]))


def lowered(firm: Organisation, random: np.random.Generator) -> View:
    return release(firm.groups, firm.values, safe(firm.groups, int(random.integers(2, 5))))


def attribute_dropped(firm: Organisation, random: np.random.Generator) -> View:
    """Made safe without looking at one attribute, whose large enough cells are shown all the same."""
    forgotten = random.integers(0, 2)
    is_known = np.array([name[2] != forgotten for name in firm.names])
    shown = ~is_known & (firm.sizes >= 5)
    shown[is_known] = safe(firm.groups[np.flatnonzero(is_known)])
    return release(firm.groups, firm.values, shown & (random.random(len(shown)) < 0.9))


def leaks(seeded: Callable[[Organisation, np.random.Generator], View]) -> Iterator[View]:
    """Seeded changes that leak by the dense judge; a change that gives nothing away is none."""
    for seed in islice(count(), MOST_DRAWS):
        view = seeded(firm_of(seed % 40), np.random.default_rng(seed))
        if exposed(view):
            yield view


@pytest.mark.parametrize("seeded", [unhidden, filtered, restated, lowered, attribute_dropped])
def test_every_seeded_leak_is_caught_by_both_auditors(
    seeded: Callable[[Organisation, np.random.Generator], View],
) -> None:
    caught = [
        (bool(audit(view)), bool(determined(view, targets_of(view)).any()))
        for view in islice(leaks(seeded), LEAKS_OF_A_KIND)
    ]
    assert caught == [(True, True)] * LEAKS_OF_A_KIND


def test_the_releases_the_leaks_are_put_into_are_safe() -> None:
    for seed in range(40):
        firm = firm_of(seed)
        view = release(firm.groups, firm.values, safe(firm.groups))
        assert exposed(view) == 0
        assert not determined(view, targets_of(view)).any()


def test_showing_again_what_was_hidden_to_protect_others_nearly_always_leaks() -> None:
    draws = [exposed(unhidden(firm_of(seed), np.random.default_rng(seed))) > 0 for seed in range(40)]
    assert np.mean(draws) > 0.9


def test_a_leak_through_bounds_alone_is_caught_by_the_linear_program_only() -> None:
    groups = sparse.csr_matrix(np.array([[1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 0, 0]]))
    values = np.array([5.0, 5, 5, 5, 5, 4, 1, 3])
    view = release(groups, values, np.array([True, False]))
    assert audit(view) == []
    near_the_top = replace(
        view, totals=np.array([29.0, 10.0]), least=np.array([39.0, 29.0]), most=np.array([39.0, 29.0])
    )
    assert not determined(near_the_top, targets_of(near_the_top)).any()
    assert [round(finding.interval[0], 6) for finding in audit(near_the_top)] == [4.5]
