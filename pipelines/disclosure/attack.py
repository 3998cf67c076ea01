"""The attack audit: what a reader who knows everything but the values can say of each group to protect.

Decides nothing about what to hide (`repair` does) and shares no mathematics with its second opinion, `rank_audit`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse.csgraph import connected_components

from pipelines.disclosure.certificates import adding_up, whole_multiple
from pipelines.disclosure.differencing import Flags, Integers
from pipelines.disclosure.exploring import explore
from pipelines.disclosure.programs import Program
from pipelines.disclosure.view import NEED, Floats, Targets, View, targets_of
from pipelines.disclosure.worlds import Room, Seen, room_of

SOLVER_TOLERANCE = 1e-6
# Blocks of more exchanges than this are first tried by the surroundings of the target alone.
_LARGE_BLOCK = 400


@dataclass(frozen=True)
class Finding:
    """A target known too well: its atoms, people, the interval of its mean, and the published cells that pin it.

    `weights`, one whole number per atom, is the combination of values that those cells add up to. It is empty for a
    target that only the wholeness of values pins; its cells are all those around it. `ends` are the
    multiples, not whole ones, that prove the least and the greatest mean; empty as `weights`. `bands` are the cells shown as a
    band whose bounds the proof uses; without weights, all those around.
    """

    atoms: tuple[int, ...]
    people: int
    interval: tuple[float, float]
    cells: tuple[int, ...]
    weights: tuple[int, ...]
    bands: tuple[int, ...]
    ends: tuple[tuple[float, ...], ...]


def audit(view: View, need: float = NEED) -> list[Finding]:
    """All targets whose mean a reader of `view` can bound to less than `need` of the scale; empty where it is safe.

    A member of a group of many counts by the bounds of the one value, every other target by those of its mean.
    A target is safe once two worlds are seen that differ enough; what stays open is settled by linear programs, block
    by block where the published totals fall apart into blocks, and for whole values by integer programs.
    Raises RuntimeError where a program could not be solved.
    """
    narrow = narrow_targets(view, targets_of(view), need - SOLVER_TOLERANCE)
    proven = iter(adding_up(view, [found.weights for found in narrow if found.weights]))
    return [
        replace(found, cells=next(proven) if found.weights else _around(view, found.atoms, view.published))
        for found in narrow
    ]


def _around(view: View, atoms: Sequence[int], cells: Flags) -> tuple[int, ...]:
    """Those of `cells` that hold any of `atoms`."""
    holds = np.diff(view.membership[:, list(atoms)].indptr) > 0
    return tuple(np.flatnonzero(holds & cells).tolist())


def narrow_targets(view: View, targets: Targets, need: float) -> list[Finding]:
    """The findings among `targets`, without the cells that pin them; `need` is taken as it is."""
    room = room_of(view)
    seen = Seen(room, targets, view.low, view.high, need)
    blocks = _Blocks(room, seen, explore(room, seen))
    narrow = [target for target in np.flatnonzero(seen.is_open()).tolist() if blocks.is_pinned(target)]
    return [_finding(view, room, targets, target, blocks.ends[target]) for target in narrow]


@dataclass(frozen=True)
class _End:
    """The least or greatest total of a target and the weights that prove it, one per column of the room."""

    total: float
    weights: Floats


class _Block:
    """A program, and the targets whose totals its worlds change."""

    def __init__(self, program: Program, seen: Seen, centre: Floats) -> None:
        self.program = program
        inside = seen.targets[:, program.columns]
        self.touched = np.flatnonzero(np.diff(inside.indptr))
        self._inside = inside[self.touched]
        self._outside = (seen.targets @ centre)[self.touched] - self._inside @ centre[program.columns]

    def totals(self, world: Floats) -> Floats:
        """The totals of the targets touched where the block has the values of `world` and all else stays."""
        totals: Floats = self._inside @ world + self._outside
        return totals


class _Blocks:
    """The room in blocks that no published total connects, with one program for each block asked about."""

    def __init__(self, room: Room, seen: Seen, centre: Floats) -> None:
        self._room, self._seen, self._centre = room, seen, centre
        self._totals = seen.targets @ centre
        touched = (abs(room.moves.T) @ abs(room.moves)).tocsr()
        column_block = connected_components(touched, directed=False)[1]
        self._of_move = column_block[room.moves.indices[room.moves.indptr[:-1]]]
        self._known: dict[int, _Block] = {}
        self.ends: dict[int, tuple[_End, _End]] = {}

    def is_pinned(self, target: int) -> bool:
        """Whether an attacker knows too much of a target; leaves the bounds in `ends` if so."""
        if not self._seen.is_open()[target]:
            return False
        names = self._seen.effects[target].indices
        blocks = [self._block(int(number)) for number in np.unique(self._of_move[names])]
        if sum(len(block.program.names) for block in blocks) > _LARGE_BLOCK and self._is_safe_nearby(target, names):
            return False
        ends = self._ask(target, blocks, whole=False)
        is_pinned = self._is_narrow(target, ends)
        if self._room.whole and not is_pinned and self._seen.is_open()[target]:
            ends = self._ask(target, blocks, whole=True)
            is_pinned = self._is_narrow(target, ends)
        self.ends[target] = ends
        return is_pinned

    def _is_safe_nearby(self, target: int, names: Integers) -> bool:
        """Whether the exchanges that share a column with those of the target settle that it is safe.

        Holding all other values only takes worlds away, so that what is safe here is safe.
        """
        near = np.flatnonzero(np.diff((self._room.moves @ abs(self._room.moves[names]).T).tocsr().indptr))
        block = _Block(Program(self._room, self._centre, near), self._seen, self._centre)
        self._ask(target, [block], whole=self._room.whole)
        return not self._seen.is_open()[target]

    def _ask(self, target: int, blocks: list[_Block], *, whole: bool) -> tuple[_End, _End]:
        effects = self._seen.effects[target].toarray().ravel().astype(np.float64)
        return (
            self._end(target, blocks, effects, whole=whole, greatest=False),
            self._end(target, blocks, effects, whole=whole, greatest=True),
        )

    def _end(self, target: int, blocks: list[_Block], effects: Floats, *, whole: bool, greatest: bool) -> _End:
        total = float(self._totals[target])
        weights = self._seen.targets[target].toarray().ravel().astype(np.float64)
        is_world = True
        for block in blocks:
            ask = block.program.whole_bound if whole else block.program.bound
            bound = ask(effects[block.program.names], greatest=greatest)
            total += bound.change
            weights[block.program.columns] -= bound.weights
            if not self._room.whole or block.program.is_whole(bound.world):
                self._seen.note(block.totals(bound.world), block.touched)
            else:
                is_world = False
        if is_world:
            self._seen.note(np.array([total]), np.array([target]))
        return _End(total, np.zeros(0) if whole else weights)

    def _is_narrow(self, target: int, ends: tuple[_End, _End]) -> bool:
        least, most = (end.total for end in ends)
        if self._room.whole:
            least, most = np.ceil(least - SOLVER_TOLERANCE), np.floor(most + SOLVER_TOLERANCE)
        return self._seen.is_narrow(least, most, target)

    def _block(self, number: int) -> _Block:
        if number not in self._known:
            program = Program(self._room, self._centre, np.flatnonzero(self._of_move == number))
            self._known[number] = _Block(program, self._seen, self._centre)
        return self._known[number]


def _finding(view: View, room: Room, targets: Targets, target: int, ends: tuple[_End, _End]) -> Finding:
    atoms = targets.groups[target].indices
    people = int(targets.people[target])
    least, most = (end.total for end in ends)
    # The end that stays further from what the scale allows has more to give.
    is_least = least - people * view.low > people * view.high - most
    weights = whole_multiple(ends[0 if is_least else 1].weights, room.moves)
    width = len(view.people)
    shown_as_band = np.flatnonzero(view.is_band)
    bands = shown_as_band[np.flatnonzero(weights[width:])] if weights else _around(view, atoms.tolist(), view.is_band)
    interval = (least / people, most / people)
    multiples = tuple(tuple(end.weights[:width].tolist()) for end in ends if len(end.weights))
    return Finding(tuple(atoms.tolist()), people, interval, (), weights[:width], tuple(map(int, bands)), multiples)
