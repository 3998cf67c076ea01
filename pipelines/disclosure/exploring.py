"""Looks for worlds that leave doubt about a target, by exchanges of values one after the other.

Says nothing of targets for which it finds none; those are for `programs`.
"""

from __future__ import annotations

from itertools import pairwise
from math import floor

import numpy as np

from pipelines.disclosure.view import Floats
from pipelines.disclosure.worlds import Room, Seen

_CENTRING = 3
_BATCH = 8
# Further worlds are looked for while a batch settles at least this part of the targets still open.
_PROGRESS = 0.15


def explore(room: Room, seen: Seen) -> Floats:
    """Look at central and at random extreme worlds until that settles few more targets; returns a central world."""
    seen.look_around(room, room.start)
    if not room.moves.shape[0]:
        return room.start
    walk = _Walk(room)
    centre = room.start
    for _ in range(_CENTRING):
        centre = walk.centred(centre)
        seen.look_around(room, centre)
    world = centre
    count = int(seen.is_open().sum())
    while count:
        for _ in range(_BATCH):
            world = walk.extreme(walk.extreme(world))
            seen.look_around(room, world)
            walk.turn()
        before, count = count, int(seen.is_open().sum())
        if count > (1 - _PROGRESS) * before:
            break
    return centre


class _Walk:
    """Goes through the room one exchange at a time; the same steps in every run."""

    def __init__(self, room: Room) -> None:
        self._random = np.random.default_rng(0)
        self._room = room
        self._low, self._high = room.low.tolist(), room.high.tolist()
        ends, columns, amounts = (part.tolist() for part in (room.moves.indptr, room.moves.indices, room.moves.data))
        self._moves = [list(zip(columns[start:end], amounts[start:end], strict=True)) for start, end in pairwise(ends)]
        self.turn()

    def turn(self) -> None:
        """Choose another direction for `extreme`."""
        weights = self._random.standard_normal(self._room.moves.shape[1])
        self._aims: list[float] = (self._room.moves @ weights).tolist()

    def centred(self, world: Floats) -> Floats:
        """Each exchange in turn halfway between its ends."""
        return self._walked(world, [0.0] * len(self._moves))

    def extreme(self, world: Floats) -> Floats:
        """Each exchange in turn to the end that lies in the direction chosen."""
        return self._walked(world, self._aims)

    def _walked(self, world: Floats, aims: list[float]) -> Floats:
        values: list[float] = world.tolist()
        for name in self._random.permutation(len(self._moves)).tolist():
            move = self._moves[name]
            forth, back = self._ends(values, move)
            if self._room.whole:
                forth, back = floor(forth), floor(back)
            step = forth if aims[name] > 0 else -back if aims[name] < 0 else (forth - back) / 2
            if self._room.whole:
                step = floor(step)
            for column, amount in move:
                values[column] += amount * step
        reached: Floats = np.clip(np.array(values), self._room.low, self._room.high)
        return reached

    def _ends(self, values: list[float], move: list[tuple[int, int]]) -> tuple[float, float]:
        # The inner loop of the search: written out, as calls of min cost more than the arithmetic.
        forth = back = float("inf")
        low, high = self._low, self._high
        for column, amount in move:
            above, below = high[column] - values[column], values[column] - low[column]
            if amount < 0:
                above, below, amount = below, above, -amount
            if above < forth * amount:
                forth = above / amount
            if below < back * amount:
                back = below / amount
        return max(forth, 0.0), max(back, 0.0)
