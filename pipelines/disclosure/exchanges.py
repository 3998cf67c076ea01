"""Exchanges: the ways values can move between people without any published total changing.

A basis of the null space of the published rows, in exact integers. What is safe to publish does not belong here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import gcd

Move = dict[int, int]


class Exchanges:
    """All changes of the values of `columns` atoms that the totals held so far leave room for.

    Every exchange maps a column to the whole number added there for one unit of the exchange. Together they span the
    null space of the rows held; as they start from single columns, rows of nested groups leave exchanges of two or a
    few columns. Dual form of the elimination in Langsrud (2024), "Secondary cell suppression by Gaussian elimination".
    """

    def __init__(self, columns: int) -> None:
        """With no total held, every column can change alone."""
        self.moves: dict[int, Move] = {column: {column: 1} for column in range(columns)}
        self._holders: list[set[int]] = [{column} for column in range(columns)]

    def effects(self, row: Iterable[int]) -> dict[int, int]:
        """By how much one unit of each exchange changes the total over the columns of `row`; zeros are left out."""
        found: dict[int, int] = {}
        for column in row:
            for name in self._holders[column]:
                found[name] = found.get(name, 0) + self.moves[name][column]
        return {name: effect for name, effect in found.items() if effect}

    def hold(self, effects: Mapping[int, int]) -> Move:
        """Keep the total with these `effects` (not empty) fixed from now on; returns the exchange that is given up."""
        given_up = min(effects, key=lambda name: (abs(effects[name]), len(self.moves[name]), name))
        move = self.moves.pop(given_up)
        for column in move:
            self._holders[column].discard(given_up)
        for name, effect in effects.items():
            if name != given_up:
                self._combine(name, move, effects[given_up], effect)
        return move

    def _combine(self, name: int, move: Move, own: int, effect: int) -> None:
        """Replace an exchange by the combination with `move` that leaves the new total as it is."""
        divisor = gcd(own, effect)
        keep, take = own // divisor, effect // divisor
        changed = self.moves[name]
        if keep == -1:
            keep, take = 1, -take
        if keep != 1:
            changed = {column: keep * amount for column, amount in changed.items()}
            self.moves[name] = changed
        for column, amount in move.items():
            total = changed.get(column, 0) - take * amount
            if total:
                if column not in changed:
                    self._holders[column].add(name)
                changed[column] = total
            else:
                del changed[column]
                self._holders[column].discard(name)
        if keep != 1:
            self._shorten(name)

    def _shorten(self, name: int) -> None:
        divisor = gcd(*self.moves[name].values())
        if divisor > 1:
            self.moves[name] = {column: amount // divisor for column, amount in self.moves[name].items()}
