"""Which published cells add up to a given combination of values: the proof that an attacker can bound a target.

Finds the cells for people to look at; which of them to hide is for `repair` to decide.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from pipelines.disclosure.elimination import columns_of
from pipelines.disclosure.exchanges import Exchanges
from pipelines.disclosure.view import Floats, View

_NONE = 1e-6
_LARGEST_DIVISOR = 60


def whole_multiple(weights: Floats, moves: sparse.csr_matrix) -> tuple[int, ...]:
    """The smallest multiple of `weights` in whole numbers, proven to change with none of `moves`; empty if there is none.

    The multipliers of a linear program over whole numbers are fractions of small numbers, known up to rounding.
    """
    for divisor in range(1, _LARGEST_DIVISOR + 1 if len(weights) else 0):
        whole = np.round(weights * divisor)
        if np.abs(weights * divisor - whole).max() < _NONE and not (moves @ whole.astype(np.int64)).any():
            return tuple(whole.astype(np.int64).tolist())
    return ()


def adding_up(view: View, combinations: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """For each combination (one weight per atom) the published cells whose totals, times a factor each, add up to it.

    Small cells are preferred to large ones that say the same. The factors solve the normal equations over cells none
    of which follows from the others; every combination must be in their span.
    """
    if not combinations:
        return []
    cells = _independent(view)
    rows = view.membership[cells].astype(np.float64)
    factors = splu((rows @ rows.T).tocsc()).solve(rows @ np.array(combinations, dtype=np.float64).T)
    return [tuple(sorted(cells[index] for index in np.flatnonzero(np.abs(column) > _NONE))) for column in factors.T]


def _independent(view: View) -> list[int]:
    rows = columns_of(view.membership)
    exchanges = Exchanges(view.membership.shape[1])
    chosen = []
    for cell in sorted(np.flatnonzero(view.published).tolist(), key=lambda cell: (len(rows[cell]), rows[cell])):
        effects = exchanges.effects(rows[cell])
        if effects:
            exchanges.hold(effects)
            chosen.append(cell)
    return chosen
