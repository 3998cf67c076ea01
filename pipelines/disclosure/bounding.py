"""The nightly attack audit: linear programs for what `interior` could not prove safe, and hiding of what pins somebody.

`attack` and `repair` answer the same questions exactly and keep more cells, but take minutes where this takes a second; the tests hold
the two against each other. What may be published by exact arithmetic is for `elimination`.
"""

from __future__ import annotations

from dataclasses import replace

import highspy
import numpy as np

from pipelines.disclosure.differencing import Flags, Integers
from pipelines.disclosure.interior import Equations, central_world, equations_of, is_open, program, reachable
from pipelines.disclosure.programs import silent_solver
from pipelines.disclosure.view import NEED, Floats, Targets, View, targets_of

_TOLERANCE = 1e-6
# The repair asks for a little more than the audit, so that what it leaves cannot fail by rounding.
_MARGIN = 1e-3


def narrow(view: View, need: float = NEED) -> list[int]:
    """Numbers of the targets of `view` (see `targets_of`) of which a reader knows more than `need` of the scale allows.

    Raises RuntimeError where a program could not be solved.
    """
    return _Audit(view, need - _TOLERANCE).narrow()


def without_narrow(view: View, priority: Integers, need: float = NEED) -> Flags:
    """The published cells of `view` without those that pin somebody: of those each proof needs, the least important goes.

    `priority` is lower for what readers miss most. Hiding a cell only adds worlds: what was safe stays safe, and only who was
    pinned is asked about again.
    """
    published = view.published.copy()
    while True:
        audit = _Audit(replace(view, published=published), need + _MARGIN)
        before = published.sum()
        for target in audit.narrow():
            while audit.is_narrow(target) and (cells := audit.culprits(target, priority)):
                published[cells] = False
        # Where fewer cells tell people apart, groups that were of no concern become some: they are asked about in their turn.
        if published.sum() == before:
            return published


class _Audit:
    """One view, its targets, and a program whose aim is changed from target to target."""

    def __init__(self, view: View, need: float) -> None:
        self._view, self._need = view, need
        self._equations: Equations = equations_of(view)
        self._targets: Targets = targets_of(view)
        self._highs = silent_solver()
        self._highs.passModel(program(self._equations))
        self._duals: dict[int, Floats] = {}
        # The furthest totals seen among possible worlds; hiding a cell takes no world away.
        self._least = np.full(len(self._targets.people), np.inf)
        self._most = -self._least

    def narrow(self) -> list[int]:
        """Numbers of the targets known too well."""
        if not self._equations.rows.shape[0]:
            return []
        return [target for target in self._unproven() if self.is_narrow(target)]

    def _unproven(self) -> list[int]:
        """The targets that are not certainly safe."""
        centre = central_world(self._equations)
        if centre is None:
            return list(range(len(self._targets.people)))
        self._least, self._most = reachable(self._equations, centre, self._targets)
        return np.flatnonzero(is_open(self._view, self._targets, self._least, self._most, self._need)).tolist()

    def is_narrow(self, target: int) -> bool:
        """Whether a reader knows too much of one target."""
        self._duals[target] = np.zeros(self._equations.rows.shape[0])
        for sign in (1.0, -1.0):
            if not self._is_open(target):
                return False
            duals = self._end(target, sign)
            self._duals[target] = np.maximum(self._duals[target], np.abs(duals))
        return self._is_open(target)

    def _is_open(self, target: int) -> bool:
        """Whether the worlds seen leave too little doubt about one target; after both ends were asked, all worlds do."""
        least, most = (ends[[target]] for ends in (self._least, self._most))
        return bool(is_open(self._view, self._targets.only(np.array([target])), least, most, self._need)[0])

    def culprits(self, target: int, priority: Integers) -> list[int]:
        """The least important published cells that the proof about a narrow target needs: taken out, and named.

        They are the cells of one group of people; empty where the proof needs none.
        """
        row_of = self._equations.row_of
        needed = np.flatnonzero((row_of >= 0) & (self._duals[target][row_of] > _TOLERANCE))
        if not len(needed):
            return []
        row = int(row_of[needed[np.argmax(priority[needed])]])
        self._highs.changeRowBounds(row, -highspy.kHighsInf, highspy.kHighsInf)
        return np.flatnonzero(row_of == row).tolist()

    def _end(self, target: int, sign: float) -> Floats:
        """See the world of the least (sign 1) or greatest (-1) total of a target; returns the multipliers that prove it."""
        atoms = self._targets.groups[target].indices
        self._highs.changeColsCost(len(atoms), atoms.astype(np.int32), np.full(len(atoms), sign))
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            # Where the way from the last solution is lost, the way from nothing may not be.
            self._highs.clearSolver()
            self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"The disclosure audit could not bound a group: {self._highs.getModelStatus()}.")
        solution = self._highs.getSolution()
        duals = np.array(solution.row_dual)
        totals = self._targets.groups @ np.array(solution.col_value)
        self._least, self._most = np.minimum(self._least, totals), np.maximum(self._most, totals)
        self._highs.changeColsCost(len(atoms), atoms.astype(np.int32), np.zeros(len(atoms)))
        return duals
