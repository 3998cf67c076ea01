"""Which published cells add up to a given combination of values: the proof that an attacker can bound a target.

Finds the cells; which of them to hide is for `covering` and `repair` to decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from pipelines.disclosure.differencing import Flags, Integers
from pipelines.disclosure.elimination import columns_of
from pipelines.disclosure.exchanges import Exchanges
from pipelines.disclosure.view import Floats, View

_NONE = 1e-6
_LARGEST_DIVISOR = 60
# With more right-hand sides at once the solver hands them to threads, which on a busy machine wait for each other.
_CHUNK = 8


def whole_multiple(weights: Floats, moves: sparse.csr_matrix) -> tuple[int, ...]:
    """The smallest multiple of `weights` in whole numbers, proven to change with none of `moves`; empty if there is none.

    The multipliers of a linear program over whole numbers are fractions of small numbers, known up to rounding.
    """
    for divisor in range(1, _LARGEST_DIVISOR + 1 if len(weights) else 0):
        whole = np.round(weights * divisor)
        if np.abs(weights * divisor - whole).max() < _NONE and not (moves @ whole.astype(np.int64)).any():
            return tuple(whole.astype(np.int64).tolist())
    return ()


def adding_up(view: View, combinations: Sequence[Sequence[float]]) -> list[tuple[int, ...]]:
    """For each combination (one weight per atom) the published cells whose totals, times a factor each, add up to it.

    Small cells are preferred to large ones that say the same, and any to those shown as a band, which count with their
    bounds only. Every combination must be in the span of the cells.
    """
    if not combinations:
        return []
    equations = _Equations(view.membership, np.flatnonzero(view.published), view.is_band)
    return list(equations.adding_up(sparse.csr_matrix(np.array(combinations, dtype=np.float64))))


def giving_away(
    membership: sparse.csr_matrix, shown: Integers, refused: Mapping[int, Mapping[int, int]]
) -> list[tuple[int, ...]]:
    """For each cell `refused` (with the combination it would give away) itself and the cells of `shown` it needs for that.

    Nothing for a cell that follows from those of `shown`.
    """
    if not refused:
        return []
    equations = _Equations(membership, shown, np.zeros(membership.shape[0], dtype=np.bool_))
    # An exchange that leaves all of `shown` as it is moves cell and target, and so tells how much of one is in the other.
    exchange = equations.exchange()
    moved = membership[list(refused)] @ exchange
    open_cells = {cell: refused[cell] for cell, change in zip(refused, moved, strict=True) if abs(change) > _NONE}
    rows = np.repeat(np.arange(len(open_cells)), [len(combination) for combination in open_cells.values()])
    columns = [column for combination in open_cells.values() for column in combination]
    weights = [float(weight) for combination in open_cells.values() for weight in combination.values()]
    targets = sparse.csr_matrix((weights, (rows, columns)), shape=(len(open_cells), membership.shape[1]))
    cells = membership[list(open_cells)].astype(np.float64)
    part = sparse.diags_array((targets @ exchange) / (cells @ exchange))
    found = equations.adding_up((targets - part @ cells).tocsr())
    return [(cell, *others) for cell, others in zip(open_cells, found, strict=True)]


class _Equations:
    """Cells none of which follows from the others, and the factors of their normal equations."""

    def __init__(self, membership: sparse.csr_matrix, cells: Integers, is_last: Flags) -> None:
        self._cells = _independent(membership, cells, is_last)
        self._rows = membership[self._cells].astype(np.float64)
        # Orders made for symmetric matrices leave a fifth of the entries: everybody is in the company's row.
        normal = (self._rows @ self._rows.T).tocsc()
        self._factors = splu(normal, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})

    def adding_up(self, combinations: sparse.csr_matrix) -> Iterator[tuple[int, ...]]:
        """For each combination (a row) the cells whose totals, times a factor each, add up to it."""
        for start in range(0, combinations.shape[0], _CHUNK):
            right = self._rows @ combinations[start : start + _CHUNK].T
            for factors in self._factors.solve(right.toarray()).T:
                yield tuple(sorted(self._cells[index] for index in np.flatnonzero(np.abs(factors) > _NONE)))

    def exchange(self) -> Floats:
        """A change of all values that leaves every total of the cells as it is."""
        change: Floats = np.random.default_rng(len(self._cells)).standard_normal(self._rows.shape[1])
        # The second pass removes what rounding left of the first.
        for _ in range(2):
            change = change - self._rows.T @ self._factors.solve(self._rows @ change)
        return change


def _independent(membership: sparse.csr_matrix, cells: Integers, is_last: Flags) -> list[int]:
    rows = columns_of(membership)
    exchanges = Exchanges(membership.shape[1])
    chosen = []
    for cell in sorted(cells.tolist(), key=lambda cell: (bool(is_last[cell]), len(rows[cell]), rows[cell])):
        effects = exchanges.effects(rows[cell])
        if effects:
            exchanges.hold(effects)
            chosen.append(cell)
    return chosen
