"""Hides what the attack audit proves to pin a target, until it proves nothing more.

What may be published by exact arithmetic is for `elimination`, the proofs are found in `attack`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pipelines.disclosure.arranging import arranged
from pipelines.disclosure.attack import SOLVER_TOLERANCE, Finding, narrow_targets
from pipelines.disclosure.differencing import Flags, Integers
from pipelines.disclosure.elimination import safe_cells
from pipelines.disclosure.returning import given_back
from pipelines.disclosure.view import NEED, View, targets_of

# Half of what the audit allows for rounding: values in whole numbers leave many intervals at exactly what is needed.
_ROUNDING = SOLVER_TOLERANCE / 2
# Rounds in which cells hidden for nothing can come back; after these, cells are only hidden.
_OPEN_ROUNDS = 6

# Atoms and their weights.
_Combination = tuple[tuple[int, int], ...]


def published_safely(view: View, priority: Integers, need: float = NEED, fixed: Flags | None = None) -> Flags:
    """The cells of `view` to publish so that the audit finds nothing, of those it has as published; one flag per cell.

    As many cells as possible stay (see `arranged`); `priority` decides between cells worth the same. Cells are let
    in as by `safe_cells`. Each target found narrow has a proof: multipliers of published totals that add up to a
    combination of values which is at its bounds. That combination becomes a secret of its own and the cells are let
    in anew, so that the last cell it needs stays out; in the end, cells hidden for a proof that is broken without
    them come back. Cells shown as a band are no equations, and are let in freely until a proof needs one; from then
    on it counts like any other. `fixed` cells stay whatever they give away: put the company there, and what earlier
    releases have shown. What they alone expose remains for the audit to find. Cells of too few people are never let
    in.

    Raises ValueError as `safe_cells` does, and RuntimeError where a program could not be solved.
    """
    stays = np.zeros(len(priority), dtype=np.bool_) if fixed is None else fixed & view.published
    is_large = view.membership @ view.people >= view.threshold
    wanted = offered = view.published & (is_large | stays)
    loose: Flags = view.is_band & wanted
    order = arranged(view, wanted & ~loose, priority, stays & ~loose)
    secrets: dict[_Combination, None] = {}
    rounds = 0
    while True:
        shown = loose | safe_cells(
            view.membership,
            view.people,
            wanted & ~loose,
            order,
            view.threshold,
            stays & ~loose,
            list(map(dict, secrets)),
        )
        trial = replace(view, published=shown)
        found = narrow_targets(trial, targets_of(trial), need - _ROUNDING)
        fresh = _secrets(trial, found, stays, order).difference(secrets)
        needed = loose & _bands(found, len(loose))
        is_stuck = rounds > _OPEN_ROUNDS and bool((shown == wanted).all())
        if not needed.any() and (not fresh or is_stuck):
            return shown | given_back(trial, offered & ~shown, order, need - _ROUNDING)
        secrets |= dict.fromkeys(sorted(fresh))
        loose &= ~needed
        wanted = shown if rounds >= _OPEN_ROUNDS else wanted
        rounds += 1


def _bands(found: list[Finding], cells: int) -> Flags:
    """The cells shown as a band that a proof needs."""
    flags: Flags = np.zeros(cells, dtype=np.bool_)
    flags[[band for finding in found for band in finding.bands]] = True
    return flags


def _secrets(view: View, found: list[Finding], stays: Flags, priority: Integers) -> set[_Combination]:
    """The combinations to keep from readers: those proven, or else the least important cell around each target."""
    return {_combination(view, finding, stays, priority) for finding in found} - {()}


def _combination(view: View, finding: Finding, stays: Flags, priority: Integers) -> _Combination:
    if finding.weights:
        return tuple((atom, weight) for atom, weight in enumerate(finding.weights) if weight)
    around = np.diff(view.membership[:, list(finding.atoms)].tocsr().indptr) > 0
    cells = np.flatnonzero(around & view.published & ~stays)
    if not len(cells):
        return ()
    row = view.membership[cells[np.argmax(priority[cells])]]
    return tuple((column, 1) for column in sorted(row.indices.tolist()))
