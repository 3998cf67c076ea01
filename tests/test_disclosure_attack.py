"""What the suppression of linked groups leaves to an attacker, judged by rank, by linear programs and by brute force."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from pipelines.disclosure.attack import audit
from pipelines.disclosure.elimination import safe_cells
from pipelines.disclosure.exploring import explore
from pipelines.disclosure.rank_audit import determined
from pipelines.disclosure.repair import published_safely
from pipelines.disclosure.view import NEED, View, shown_totals, targets_of, view_of
from pipelines.disclosure.worlds import Room, Seen, room_of
from tests.linked_groups import Flags, Organisation, exposed, organisation, seen

ORGANISATIONS = st.builds(
    organisation,
    teams=st.lists(st.integers(1, 12), min_size=1, max_size=9),
    depth=st.integers(0, 6),
    attributes=st.integers(0, 2),
    seed=st.integers(0, 10_000),
    unanimous=st.sampled_from([0.0, 0.3, 1.0]),
)
TINY = st.builds(
    organisation,
    teams=st.lists(st.integers(1, 3), min_size=2, max_size=3).filter(lambda teams: sum(teams) <= 7),
    depth=st.just(0),
    attributes=st.integers(1, 2),
    seed=st.integers(0, 10_000),
)


def let_in(firm: Organisation, threshold: int = 5) -> Flags:
    view = seen(firm, firm.sizes >= threshold, threshold=threshold)
    return safe_cells(view.membership, view.people, view.published, firm.priority(), threshold)


def repaired(firm: Organisation, *, threshold: int = 5, whole: bool = False) -> View:
    view = seen(firm, firm.sizes >= threshold, threshold=threshold, whole=whole)
    return replace(view, published=published_safely(view, firm.priority(), fixed=firm.company))


def possible_worlds(firm: Organisation, view: View) -> np.ndarray:
    """All assignments of whole values to people that agree with what is shown; worlds x people."""
    scale = range(int(view.low), int(view.high) + 1)
    worlds = np.array(list(product(scale, repeat=len(firm.values))))
    totals = worlds @ firm.groups.T.toarray()
    agrees = (totals >= view.least - 1e-9) & (totals <= view.most + 1e-9) | ~view.published
    return worlds[agrees.all(axis=1)]


def known_too_well(firm: Organisation, view: View) -> set[tuple[int, ...]]:
    """The small groups and single persons whose mean all possible worlds bound to less than is needed."""
    worlds = possible_worlds(firm, view)
    targets = targets_of(view)
    people = people_of_atoms(firm, view)
    found = set()
    for group, is_person in zip(targets.groups, targets.is_person, strict=True):
        atoms = tuple(sorted(group.indices.tolist()))
        members = [person for atom in atoms for person in people[atom]]
        single = is_person or len(members) == 1
        subjects = [[person] for person in members] if single else [members]
        ranges = [np.ptp(worlds[:, subject].sum(axis=1)) / len(subject) for subject in subjects]
        if min(ranges) < NEED * (view.high - view.low) - 1e-9:
            found.add(atoms)
    return found


def people_of_atoms(firm: Organisation, view: View) -> list[list[int]]:
    """The people of each atom, found by comparing everybody with every atom."""
    atoms = view.membership.T.toarray()
    alike = (firm.groups.T.toarray()[:, None, :] == atoms[None]).all(axis=2)
    return [np.flatnonzero(alike[:, atom]).tolist() for atom in range(len(atoms))]


@settings(max_examples=60, deadline=None)
@given(ORGANISATIONS)
def test_nothing_small_is_exact_or_narrow_after_suppression_and_repair(firm: Organisation) -> None:
    view = repaired(firm)
    assert exposed(view) == 0
    assert not determined(view, targets_of(view)).any()
    assert audit(view) == []


@settings(max_examples=40, deadline=None)
@given(ORGANISATIONS)
def test_elimination_alone_leaves_nothing_exact_and_hides_nothing_that_could_be_shown(firm: Organisation) -> None:
    shown = let_in(firm)
    view = replace(seen(firm, shown), least=np.zeros(len(shown)), most=np.zeros(len(shown)))
    assert exposed(view) == 0
    for cell in np.flatnonzero((firm.sizes >= 5) & ~shown):
        with_it = shown | (np.arange(len(shown)) == cell)
        again = safe_cells(view.membership, view.people, with_it, firm.priority(), 5, fixed=shown)
        assert (again == shown).all()


@settings(max_examples=40, deadline=None)
@given(ORGANISATIONS, st.sampled_from([0.3, 0.6, 1.0]), st.integers(0, 1000))
def test_both_audits_and_the_dense_judge_agree_on_what_is_determined(
    firm: Organisation, share: float, seed: int
) -> None:
    published = (firm.sizes >= 5) & (np.random.default_rng(seed).random(len(firm.sizes)) < share)
    view = replace(seen(firm, published), least=np.zeros(len(published)), most=np.zeros(len(published)))
    flags = determined(view, targets_of(view))
    assert flags.sum() == exposed(view)
    totals = view.membership @ view.totals
    found = {finding.atoms for finding in audit(replace(view, least=totals, most=totals))}
    exact = targets_of(view).groups[np.flatnonzero(flags)]
    assert {tuple(group.indices.tolist()) for group in exact} <= found


@settings(max_examples=25, deadline=None)
@given(TINY, st.integers(0, 1000))
def test_intervals_of_the_linear_program_hold_every_possible_world(firm: Organisation, seed: int) -> None:
    published = (firm.sizes >= 3) & (np.random.default_rng(seed).random(len(firm.sizes)) < 0.8)
    view = seen(firm, published, threshold=3)
    worlds = possible_worlds(firm, view)
    people = people_of_atoms(firm, view)
    everything = audit(view, need=2.0)
    assert len(everything) == len(targets_of(view).people)
    for finding in everything:
        means = worlds[:, [person for atom in finding.atoms for person in people[atom]]].mean(axis=1)
        assert finding.interval[0] <= means.min() + 1e-6
        assert finding.interval[1] >= means.max() - 1e-6


@settings(max_examples=40, deadline=None)
@given(TINY, st.integers(0, 1000))
def test_with_whole_values_the_audit_finds_exactly_what_trying_all_worlds_finds(firm: Organisation, seed: int) -> None:
    published = (firm.sizes >= 3) & (np.random.default_rng(seed).random(len(firm.sizes)) < 0.8)
    view = seen(firm, published, threshold=3, whole=True)
    found = {tuple(sorted(finding.atoms)) for finding in audit(view)}
    assert found == known_too_well(firm, view)


@settings(max_examples=25, deadline=None)
@given(TINY)
def test_with_whole_values_no_possible_world_attack_succeeds_after_repair(firm: Organisation) -> None:
    view = repaired(firm, threshold=3, whole=True)
    assert known_too_well(firm, view) == set()


@settings(max_examples=30, deadline=None)
@given(
    teams=st.lists(st.integers(1, 3), min_size=3, max_size=4).filter(lambda teams: sum(teams) <= 9),
    seed=st.integers(0, 10_000),
)
def test_whole_shares_of_nine_people_resist_trying_all_answers(teams: list[int], seed: int) -> None:
    firm = organisation(teams, 0, 2, seed)
    firm = replace(firm, values=(firm.values > 3).astype(float))
    view = view_of(firm.groups, firm.values, firm.sizes >= 3, whole=True, threshold=3)
    view = replace(view, published=published_safely(view, firm.priority(), fixed=firm.company))
    assert known_too_well(firm, view) == set()


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_every_world_that_counts_agrees_with_all_that_is_published(seed: int, whole: bool) -> None:
    # Linked closely enough for exchanges of two units against one, which whole steps must not overshoot.
    firm = organisation([4, 6, 3, 5, 8, 7, 2, 6], 2, 3, seed)
    view = seen(firm, firm.sizes >= 3, threshold=3, whole=whole)
    room = room_of(view)
    noted = Worlds(room, targets_of(view), view.low, view.high, NEED)
    explore(room, noted)
    for world in noted.worlds:
        values = world[: len(view.people)]
        totals = view.membership @ values
        assert (values >= view.people * view.low - 1e-8).all()
        assert (values <= view.people * view.high + 1e-8).all()
        assert ((totals >= view.least - 1e-8) & (totals <= view.most + 1e-8))[view.published].all()
        assert not whole or (values == np.round(values)).all()


class Worlds(Seen):
    """Keeps every world it is shown."""

    def look_around(self, room: Room, world: np.ndarray) -> None:
        self.worlds = [*getattr(self, "worlds", []), world]
        super().look_around(room, world)


def test_a_share_can_be_wide_as_a_linear_program_and_certain_as_a_yes_or_no() -> None:
    # Twice each of three, and all of four, of five people: the sums leave no other yes and no.
    groups = sparse.csr_matrix(np.array([[1, 1, 1, 0], [1, 1, 0, 1], [1, 0, 1, 1]]))
    view = view_of(groups, np.array([1.0, 0.0, 0.0, 0.0]), np.ones(3, bool), threshold=3, with_bands=False)
    assert audit(view) == []
    assert len(audit(replace(view, whole=True))) == len(targets_of(view).people)


def test_the_order_of_rows_and_people_changes_nothing() -> None:
    firm = organisation([6, 9, 4, 8, 7, 5, 11, 3], 2, 2, seed=4)
    random = np.random.default_rng(0)
    rows, people = random.permutation(len(firm.names)), random.permutation(len(firm.values))
    mixed = Organisation(
        firm.groups[rows][:, people].tocsr(), tuple(firm.names[row] for row in rows), firm.values[people]
    )
    shown = {name for name, flag in zip(firm.names, let_in(firm), strict=True) if flag}
    assert shown == {name for name, flag in zip(mixed.names, let_in(mixed), strict=True) if flag}
    assert 0 < len(shown) < (firm.sizes >= 5).sum()


def test_a_finding_names_published_cells_that_prove_it() -> None:
    firm = organisation([6, 9, 4, 8, 7, 5, 11, 3], 2, 2, seed=4)
    view = seen(firm, firm.sizes >= 5)
    proven = [finding for finding in audit(view) if finding.weights]
    assert proven
    for finding in proven:
        assert view.published[list(finding.cells)].all()
        rows = view.membership[list(finding.cells)].toarray().astype(float)
        weights = np.array(finding.weights, float)
        assert np.abs(rows.T @ np.linalg.lstsq(rows.T, weights)[0] - weights).max() < 1e-8


def test_the_company_is_never_hidden() -> None:
    for seed in range(10):
        firm = organisation([6, 2, 4, 3], 1, 2, seed=seed, unanimous=0.9)
        assert repaired(firm).published[firm.company].all()


def test_cells_of_an_earlier_release_stay_and_hold_back_restated_ones() -> None:
    kept = offered = 0
    for seed in range(8):
        firm = organisation([6, 9, 4, 8, 7, 5, 11, 3], 2, 1, seed=seed)
        stayed = np.random.default_rng(seed).random(len(firm.values)) > 0.1
        as_was = let_in(firm)
        again = firm.groups @ sparse.diags_array(stayed.astype(np.int64), dtype=np.int64)
        groups = sparse.vstack([firm.groups, again]).tocsr()
        restated = np.asarray(again.sum(axis=1)).ravel() >= 5
        count = len(as_was)
        fixed = np.concatenate([as_was, np.zeros(count, bool)])
        wanted = np.concatenate([as_was, restated])
        view = view_of(groups, firm.values, wanted, low=1.0, high=5.0, with_bands=False)
        priority = np.concatenate([firm.priority(), count + firm.priority()])
        shown = safe_cells(view.membership, view.people, wanted, priority, 5, fixed=fixed)
        assert shown[:count][as_was].all()
        assert exposed(replace(view, published=shown)) == 0
        assert not determined(replace(view, published=shown), targets_of(view)).any()
        assert exposed(view) > 0
        kept, offered = kept + shown[count:].sum(), offered + restated.sum()
    assert 0.2 * offered < kept < offered


def test_unanimous_groups_are_shown_as_bands_that_hide_single_answers() -> None:
    groups = sparse.csr_matrix(np.repeat(np.eye(2, dtype=np.int64), 6, axis=1))
    values = np.array([1.0] * 6 + [1, 1, 1, 0, 0, 0])
    plain = view_of(groups, values, np.ones(2, bool), with_bands=False, whole=True)
    banded = view_of(groups, values, np.ones(2, bool), whole=True)
    assert [finding.interval for finding in audit(plain)] == [(1.0, 1.0)]
    assert audit(banded) == []
    assert banded.is_band.tolist() == [True, False]


def test_a_band_does_not_tell_that_all_agree() -> None:
    people = np.full(11, 10)
    least, most = shown_totals(np.arange(11.0), people, 0.0, 1.0)
    assert np.flatnonzero(least < most).tolist() == [0, 1, 9, 10]
    assert (least[10], most[10]) == (least[9], most[9]) == (9, 10)
    five = shown_totals(np.array([5.0]), np.array([5]), 0.0, 1.0)
    assert (five[0] / 5, five[1] / 5) == (0.8, 1.0)


def test_wrong_requests_are_refused() -> None:
    groups = sparse.csr_matrix(np.ones((2, 6), np.int64))
    people, wanted = np.ones(6, np.int64), np.ones(2, bool)
    with pytest.raises(ValueError, match="fewer than 7 people"):
        safe_cells(groups, people, wanted, np.arange(2), 7)
    with pytest.raises(ValueError, match="same priority"):
        safe_cells(groups, people, wanted, np.zeros(2, np.int64), 5)
    with pytest.raises(ValueError, match="outside the scale"):
        view_of(groups, np.full(6, 6.0), wanted, low=1.0, high=5.0)
    with pytest.raises(ValueError, match="not a whole number"):
        view_of(groups, np.full(6, 0.5), wanted, whole=True)
