"""Worlds: assignments of values that agree with everything published, and the bounds of targets seen among them.

Which worlds to look at is for `exploring` and `programs`, the verdict for `attack`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from pipelines.disclosure.differencing import Flags, Integers
from pipelines.disclosure.elimination import columns_of
from pipelines.disclosure.exchanges import Exchanges
from pipelines.disclosure.view import Floats, Targets, View

_ROUNDING = 1e-9


@dataclass(frozen=True)
class Room:
    """The values an attacker must take as possible: `start` plus any mixture of `moves`, between `low` and `high`.

    Columns are the atoms of the view, then one per cell shown as a band, which stands for minus its total. `moves` is
    exchanges x columns of whole numbers. In a `whole` room only worlds of whole numbers count.
    """

    moves: sparse.csr_matrix
    low: Floats
    high: Floats
    start: Floats
    whole: bool


def room_of(view: View) -> Room:
    """The room that the published cells of `view` leave. Raises RuntimeError where an exchange would change a total."""
    bands = np.flatnonzero(view.is_band)
    published = np.flatnonzero(view.published)
    shown = view.membership[published]
    held = sparse.csr_matrix(
        (np.ones(len(bands), np.int64), (np.searchsorted(published, bands), np.arange(len(bands)))),
        shape=(len(published), len(bands)),
    )
    rows = sparse.hstack([shown, held]).tocsr()
    moves = _moves(rows)
    if (rows @ moves.T).count_nonzero():
        raise RuntimeError("An exchange of values changes a published total.")
    least, most = view.least[bands], view.most[bands]
    if view.whole:
        least, most = np.ceil(least - _ROUNDING), np.floor(most + _ROUNDING)
    low = np.concatenate([view.people * view.low, -most])
    high = np.concatenate([view.people * view.high, -least])
    start = np.concatenate([view.totals, -(view.membership[bands] @ view.totals)])
    return Room(moves, low, high, np.clip(start, low, high), view.whole)


def _moves(rows: sparse.csr_matrix) -> sparse.csr_matrix:
    exchanges = Exchanges(rows.shape[1])
    # Small groups first leave exchanges within small groups.
    for row in sorted(columns_of(rows), key=lambda row: (len(row), row)):
        effects = exchanges.effects(row)
        if effects:
            exchanges.hold(effects)
    moves = list(exchanges.moves.values())
    ends = np.cumsum([0, *map(len, moves)])
    amounts = np.array([amount for move in moves for amount in move.values()], dtype=np.int64)
    columns = np.array([column for move in moves for column in move], dtype=np.int64)
    return sparse.csr_matrix((amounts, columns, ends), shape=(len(moves), rows.shape[1]))


class Seen:
    """The least and the greatest total of each target among the worlds seen so far."""

    def __init__(self, room: Room, targets: Targets, low: float, high: float, need: float) -> None:
        """Only the start of `room` is seen; `need` is a part of the scale from `low` to `high`."""
        self.targets = sparse.hstack(
            [targets.groups, sparse.csr_matrix((len(targets.people), room.moves.shape[1] - targets.groups.shape[1]))]
        ).tocsr()
        self.effects = (self.targets @ room.moves.T).tocsr()
        self.effects.eliminate_zeros()
        self.least = self.targets @ room.start
        self.most = self.least.copy()
        one = high - low
        required = need * one * np.where(targets.is_person, 1, targets.people)
        self._required = np.maximum(np.ceil(required - 1e-6), 1) if room.whole else required
        self._others = np.where(targets.is_person, targets.people - 1, 0)
        self._scale = (low, high)
        self._is_person = targets.is_person

    def is_open(self) -> Flags:
        """Which targets the worlds seen do not leave doubt enough about."""
        is_open: Flags = self._width(self.least, self.most, slice(None)) < self._required
        return is_open

    def is_narrow(self, least: float, most: float, target: int) -> bool:
        """Whether a target would be known too well were its total known to lie between `least` and `most`."""
        return bool(self._width(np.array([least]), np.array([most]), np.array([target]))[0] < self._required[target])

    def _width(self, least: Floats, most: Floats, which: slice | Integers) -> Floats:
        low, high = self._scale
        is_person, others = self._is_person[which], self._others[which]
        top = np.where(is_person, np.minimum(high, most - others * low), most)
        bottom = np.where(is_person, np.maximum(low, least - others * high), least)
        width: Floats = top - bottom
        return width

    def note(self, totals: Floats, which: Integers | slice = slice(None)) -> None:
        """Take in a world by the totals of its targets."""
        self.least[which] = np.minimum(self.least[which], totals)
        self.most[which] = np.maximum(self.most[which], totals)

    def look_around(self, room: Room, world: Floats) -> None:
        """Take in `world` and, for every exchange, the two furthest worlds that way."""
        self.note(self.targets @ world)
        moved = np.flatnonzero(np.diff(self.effects.indptr))
        if not len(moved):
            return
        forth, back = _room_along(room, world)
        one = self.effects.data * forth[self.effects.indices]
        other = -self.effects.data * back[self.effects.indices]
        starts = self.effects.indptr[moved]
        here = (self.targets @ world)[moved]
        self.least[moved] = np.minimum(self.least[moved], here + np.minimum.reduceat(np.minimum(one, other), starts))
        self.most[moved] = np.maximum(self.most[moved], here + np.maximum.reduceat(np.maximum(one, other), starts))


def _room_along(room: Room, world: Floats) -> tuple[Floats, Floats]:
    """How far each exchange can go from `world` forwards and backwards."""
    column, amount = room.moves.indices, room.moves.data
    above, below = (room.high - world)[column], (world - room.low)[column]
    starts = room.moves.indptr[:-1]
    forth = np.minimum.reduceat(np.where(amount > 0, above, below) / np.abs(amount), starts)
    back = np.minimum.reduceat(np.where(amount > 0, below, above) / np.abs(amount), starts)
    if room.whole:
        return np.floor(forth + _ROUNDING), np.floor(back + _ROUNDING)
    return forth, back
