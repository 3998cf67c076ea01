"""The order in which to let cells in so that as many as possible stay.

Only `elimination` decides what is safe: an order can cost cells, never give anybody away.
"""

from __future__ import annotations

import numpy as np

from pipelines.disclosure.certificates import giving_away
from pipelines.disclosure.covering import least_cover
from pipelines.disclosure.differencing import Flags, Integers
from pipelines.disclosure.elimination import Selection, let_in
from pipelines.disclosure.view import Floats, View, same_rows

# Each round finds a little more room, and takes longer, than the one before.
_ROUNDS = 14
# Every group counts, and one of ten times the people an eighth more.
_POWER = 0.05


def arranged(view: View, wanted: Flags, priority: Integers, fixed: Flags) -> Integers:
    """A priority for `elimination` under which more of the `wanted` cells stay than under `priority` itself.

    By turns, cells are let in and the refused ones explained: each by the cells that together would give a target away.
    The least set that breaks all explanations so far goes to the end of the next order. These are the cuts of Fischetti
    and Salazar (2001), "Solving the cell suppression problem on tabular data with linear constraints", found by
    elimination. `fixed` cells are published whatever the order. Raises as `let_in` does.
    """
    same = same_rows(view.membership)
    leaders = _leaders(same, wanted, priority, fixed)
    copies = np.bincount(same[wanted], minlength=len(priority))[same]
    worth: Floats = copies * np.maximum(view.membership @ view.people, 1) ** _POWER
    proofs: dict[tuple[int, ...], None] = {}
    given_up: Flags = np.zeros(len(priority), dtype=np.bool_)
    best, most = priority, -1.0
    for _ in range(_ROUNDS):
        given_up = np.isin(same, same[least_cover(proofs, worth)]) if proofs else given_up
        order = _ranked(given_up, worth, priority)
        selection = let_in(view.membership, view.people, leaders, order, view.threshold, fixed)
        kept = worth[selection.shown].sum()
        best, most = (order, kept) if kept > most else (best, most)
        fresh = dict.fromkeys(_explained(view, selection, given_up, fixed))
        if fresh.keys() <= proofs.keys():
            break
        proofs |= fresh
    return best


def _explained(view: View, selection: Selection, given_up: Flags, fixed: Flags) -> list[tuple[int, ...]]:
    """The cells to choose from so that a cell refused need not be; nothing of cells that were given up."""
    refused = {cell: target for cell, target in selection.refused.items() if not given_up[cell]}
    shown = np.flatnonzero((selection.shown | fixed) & ~given_up)
    proofs = giving_away(view.membership, shown, refused)
    return [tuple(cell for cell in proof if not fixed[cell]) for proof in proofs]


def _leaders(same: Integers, wanted: Flags, priority: Integers, fixed: Flags) -> Flags:
    """Of cells of the same people the most important; none of the people of a `fixed` cell."""
    candidates = np.flatnonzero(wanted & ~np.isin(same, same[fixed]))
    by_priority = candidates[np.argsort(priority[candidates])]
    leaders: Flags = np.zeros(len(same), dtype=np.bool_)
    leaders[by_priority[np.unique(same[by_priority], return_index=True)[1]]] = True
    return leaders


def _ranked(given_up: Flags, worth: Floats, priority: Integers) -> Integers:
    """The number of each cell in order: cells given up last, then by worth, then by `priority`."""
    ranks = np.empty(len(priority), dtype=np.int64)
    ranks[np.lexsort((priority, -worth, given_up))] = np.arange(len(priority))
    return ranks
