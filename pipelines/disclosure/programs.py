"""Exact bounds of what an attacker can say of a target: linear programs, and integer programs for whole values (HiGHS).

Which targets to ask about, and what the bounds mean, is for `attack`.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from pipelines.disclosure.differencing import Integers
from pipelines.disclosure.view import Floats
from pipelines.disclosure.worlds import Room

_WHOLE = 1e-6


@dataclass(frozen=True)
class Bound:
    """One end of what a target's total can change by inside a block.

    `world` holds the values of the block's columns there. `weights` are the multipliers of the bounds on these values:
    the target less the weights adds up to a combination of published totals, which is the proof that it goes no
    further. An integer program has no such proof and leaves them empty.
    """

    change: float
    world: Floats
    weights: Floats


class Program:
    """The worlds that differ from `base` by the exchanges numbered in `names` only, solved for one target at a time.

    Where `names` are all exchanges that touch any of their columns, the bounds are those of the whole room; with fewer
    they are too narrow, never too wide. Between targets only the objective changes, so that each starts from the last.
    """

    def __init__(self, room: Room, base: Floats, names: Integers) -> None:
        """Set up the linear program; the integer program follows when it is first asked."""
        self.names = names
        moves = room.moves[names]
        self.columns = np.unique(moves.indices)
        self._moves = moves[:, self.columns].tocsr()
        self._base = base[self.columns]
        self._low, self._high = room.low[self.columns], room.high[self.columns]
        self._linear = silent_solver()
        self._linear.passModel(_by_exchanges(self._moves, self._low - self._base, self._high - self._base))
        self._linear.setOptionValue("presolve", "off")
        self._whole: highspy.Highs | None = None

    def bound(self, effects: Floats, *, greatest: bool) -> Bound:
        """The least or greatest change of a target on which one unit of each exchange has the given effect."""
        solver = self._linear
        _aim(solver, effects, greatest)
        solution = solver.getSolution()
        steps = np.array(solution.col_value)
        world = np.clip(self._base + steps @ self._moves, self._low, self._high)
        return Bound(float(effects @ steps), world, np.array(solution.row_dual))

    def whole_bound(self, effects: Floats, *, greatest: bool) -> Bound:
        """The same over worlds of whole numbers alone."""
        if self._whole is None:
            self._whole = silent_solver()
            self._whole.passModel(_by_values(self._moves, self._base, self._low, self._high))
        _aim(self._whole, np.concatenate([effects, np.zeros(len(self.columns))]), greatest)
        steps_and_values = np.array(self._whole.getSolution().col_value)
        steps, world = np.split(steps_and_values, [len(effects)])
        return Bound(float(effects @ steps), np.round(world), np.zeros(len(world)))

    def is_whole(self, world: Floats) -> bool:
        """Whether every value of `world` is a whole number."""
        return bool(np.abs(world - np.round(world)).max(initial=0) < _WHOLE)


class _Silent(highspy.Highs):
    """HiGHS without a word on the console, where it would otherwise greet before any option can forbid it."""

    def enableCallbacks(self) -> None:  # noqa: N802 (the name is HiGHS's)
        """Called while HiGHS is set up; nothing here is called back."""
        self.setOptionValue("output_flag", False)


def silent_solver() -> highspy.Highs:
    """HiGHS on one thread, to the optimum, without output."""
    solver = _Silent()  # type: ignore[no-untyped-call]
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("mip_rel_gap", 0.0)
    return solver


def _aim(solver: highspy.Highs, cost: Floats, greatest: bool) -> None:
    """Solve for one end. Raises RuntimeError where HiGHS gives up: nothing may pass for safe then."""
    solver.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
    solver.changeObjectiveSense(highspy.ObjSense.kMaximize if greatest else highspy.ObjSense.kMinimize)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        status = solver.modelStatusToString(solver.getModelStatus())
        raise RuntimeError(f"The linear program of the disclosure audit was not solved: {status}.")


def _by_exchanges(moves: sparse.csr_matrix, low: Floats, high: Floats) -> highspy.HighsLp:
    """One free variable per exchange, one row per value with the room it has."""
    program = linear_program(moves, low, high)
    program.col_lower_ = np.full(moves.shape[0], -highspy.kHighsInf)
    program.col_upper_ = np.full(moves.shape[0], highspy.kHighsInf)
    return program


def _by_values(moves: sparse.csr_matrix, base: Floats, low: Floats, high: Floats) -> highspy.HighsLp:
    """One free variable per exchange and one whole variable per value; rows say that the two agree."""
    count, values = moves.shape
    both = sparse.vstack([moves, -sparse.identity(values)]).tocsr()
    program = linear_program(both, -base, -base)
    program.col_lower_ = np.concatenate([np.full(count, -highspy.kHighsInf), low])
    program.col_upper_ = np.concatenate([np.full(count, highspy.kHighsInf), high])
    program.integrality_ = [highspy.HighsVarType.kContinuous] * count + [highspy.HighsVarType.kInteger] * values
    return program


def linear_program(variables: sparse.csr_matrix, low: Floats, high: Floats) -> highspy.HighsLp:
    """A program without aim or bounds of variables: the products of `variables` (variables x rows) lie between `low` and `high`."""
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = variables.shape
    program.col_cost_ = np.zeros(variables.shape[0])
    program.row_lower_, program.row_upper_ = low, high
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = variables.indptr
    program.a_matrix_.index_ = variables.indices
    program.a_matrix_.value_ = variables.data.astype(np.float64)
    return program
