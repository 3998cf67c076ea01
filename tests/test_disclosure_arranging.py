"""The order in which cells are let in, the cells given up for it, and those that come back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipelines.disclosure.arranging import arranged
from pipelines.disclosure.attack import SOLVER_TOLERANCE, audit
from pipelines.disclosure.certificates import giving_away
from pipelines.disclosure.covering import least_cover
from pipelines.disclosure.elimination import let_in, safe_cells
from pipelines.disclosure.repair import published_safely
from pipelines.disclosure.returning import given_back
from pipelines.disclosure.view import NEED
from tests.linked_groups import exposed, organisation, seen

TEAMS = [6, 9, 4, 8, 7, 5, 11, 3, 10, 6, 8, 12]


def test_the_least_cover_breaks_every_proof_at_the_least_worth() -> None:
    chosen = least_cover([(0, 1), (1, 2), (2, 3)], np.array([1.0, 1.5, 1.6, 1.0]))
    assert np.flatnonzero(chosen).tolist() in ([0, 2], [1, 3])
    assert np.flatnonzero(least_cover([(0, 1), (1, 2)], np.array([2.0, 3.0, 2.0]))).tolist() == [1]
    with pytest.raises(RuntimeError, match="No cells were found to hide"):
        least_cover([(0,), ()], np.ones(1))


def test_an_arranged_order_keeps_more_cells_and_none_that_exposes_somebody() -> None:
    kept = before = 0
    for seed in range(8):
        firm = organisation(TEAMS, 2, 2, seed)
        view = seen(firm, firm.sizes >= 5)
        order = arranged(view, view.published, firm.priority(), firm.company)
        shown = safe_cells(view.membership, view.people, view.published, order, 5, firm.company)
        assert exposed(replace(view, published=shown, least=np.zeros(len(shown)), most=np.zeros(len(shown)))) == 0
        kept += shown.sum()
        before += safe_cells(view.membership, view.people, view.published, firm.priority(), 5, firm.company).sum()
    assert kept > 1.02 * before


def test_a_refused_cell_is_explained_by_cells_that_together_give_its_target_away() -> None:
    firm = organisation(TEAMS, 2, 2, 1)
    view = seen(firm, firm.sizes >= 5)
    selection = let_in(view.membership, view.people, view.published, firm.priority(), 5)
    proofs = giving_away(view.membership, np.flatnonzero(selection.shown), selection.refused)
    assert len(proofs) > 5
    for cell, *others in proofs:
        target, proof = selection.refused[cell], [cell, *others]
        rows = view.membership[list(proof)].toarray().astype(float)
        wanted = np.zeros(rows.shape[1])
        wanted[list(target)] = list(target.values())
        assert np.abs(rows.T @ np.linalg.lstsq(rows.T, wanted)[0] - wanted).max() < 1e-8


def test_what_was_hidden_for_nothing_comes_back_and_what_pins_somebody_does_not() -> None:
    came_back = stayed_out = 0
    for seed in range(6):
        firm = organisation(TEAMS, 2, 2, seed)
        view = seen(firm, firm.sizes >= 5)
        shown = published_safely(view, firm.priority(), fixed=firm.company)
        fewer = shown & ((np.arange(len(shown)) % 5 > 0) | firm.company)
        back = given_back(
            replace(view, published=fewer), view.published & ~fewer, firm.priority(), NEED - SOLVER_TOLERANCE
        )
        trial = replace(view, published=fewer | back)
        assert not (back & fewer).any()
        assert audit(trial) == []
        assert exposed(trial) == 0
        came_back += back.sum()
        stayed_out += (view.published & ~fewer & ~back).sum()
    assert came_back > 0
    assert stayed_out > 0
