"""Secondary suppression: which cells can be published without an equation of published totals for a small group.

Decides by exact arithmetic alone; how narrow the bounds of the values make an interval is for `attack` to find out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse

from pipelines.disclosure.differencing import Flags, Integers
from pipelines.disclosure.exchanges import Exchanges, Move
from pipelines.disclosure.view import small_groups

# A false alarm of the test for parallel totals has odds of one to this prime; a leak is never missed.
_PRIME = 2**61 - 1


def safe_cells(
    membership: sparse.csr_matrix,
    people: Integers,
    wanted: Flags,
    priority: Integers,
    threshold: int,
    fixed: Flags | None = None,
    secrets: Sequence[Mapping[int, int]] = (),
) -> Flags:
    """Which `wanted` cells can be published together, one flag per cell: those `let_in` shows."""
    return let_in(membership, people, wanted, priority, threshold, fixed, secrets).shown


@dataclass(frozen=True)
class Selection:
    """The cells `shown`, one flag per cell, and for each one `refused` a combination of atoms' totals it would give away."""

    shown: Flags
    refused: Mapping[int, Mapping[int, int]]


def let_in(
    membership: sparse.csr_matrix,
    people: Integers,
    wanted: Flags,
    priority: Integers,
    threshold: int,
    fixed: Flags | None = None,
    secrets: Sequence[Mapping[int, int]] = (),
) -> Selection:
    """The `wanted` cells that can be published together; `fixed` cells are published already.

    `membership` is cells x atoms of 0/1, `people` the people of each atom, lower `priority` comes first. Cells are let
    in one by one (Langsrud 2024): a cell stays out where the totals let in so far and its own would add up to the total
    of a target. Targets are the `small_groups` of fewer than `threshold` people and those no cell let in so far tells
    apart. So is each of the `secrets`, whole multiples of atoms' totals by atom. What `fixed` cells give away already
    is not held against later ones.

    Exact, and the same for any order of rows. Raises ValueError where a wanted cell has fewer than `threshold` people
    or shares its priority with another.
    """
    is_fixed = np.zeros(len(wanted), dtype=np.bool_) if fixed is None else fixed
    is_open = wanted & ~is_fixed
    if (membership @ people < threshold)[is_open].any():
        raise ValueError(f"A cell of fewer than {threshold} people cannot be wanted: it must be hidden first.")
    if len(np.unique(priority[is_open])) < is_open.sum():
        raise ValueError("Two wanted cells have the same priority: which of them is hidden would be left to chance.")
    published = _Published(membership, people, threshold, secrets)
    for cell in np.flatnonzero(is_fixed):
        published.let_in(int(cell))
    refused = {}
    for cell in np.flatnonzero(is_open)[np.argsort(priority[is_open])].tolist():
        target = published.exposed_by(cell)
        if target is None:
            published.let_in(cell)
        else:
            refused[cell] = target
    is_safe = wanted.copy()
    is_safe[list(refused)] = False
    return Selection(is_safe, refused)


class _Published:
    """What readers of the cells let in so far can compute.

    `_world` holds two random assignments of values (modulo a prime) in which all totals let in are zero. A total is
    computable when it is zero in both; two totals differ by computable ones when their values are in one proportion.
    """

    def __init__(
        self, membership: sparse.csr_matrix, people: Integers, threshold: int, secrets: Sequence[Mapping[int, int]]
    ) -> None:
        """Nothing let in yet."""
        columns = membership.shape[1]
        self._rows = columns_of(membership)
        self._people: list[int] = people.tolist()
        self._threshold = threshold
        self._exchanges = Exchanges(columns)
        random = np.random.default_rng(columns)
        self._world: list[list[int]] = random.integers(1, _PRIME, (2, columns)).tolist()
        self._targets: list[Mapping[int, int]] = []
        self._targets_at: list[list[int]] = [[] for _ in range(columns)]
        self._known: set[frozenset[int]] = set()
        for group in columns_of(small_groups(membership, people, threshold)):
            self._protect(frozenset(group))
        for secret in secrets:
            self._add(secret)
        self._class_of = [0] * columns
        self._classes: dict[int, set[int]] = {0: set(range(columns))}

    def exposed_by(self, cell: int) -> Mapping[int, int] | None:
        """A target whose total the total of `cell`, beside those let in, gives; None where there is none."""
        effects = self._exchanges.effects(self._rows[cell])
        if not effects:
            return None
        own = self._totals(dict.fromkeys(self._rows[cell], 1))
        # What adds up to a target moves with every exchange that moves the cell: one exchange names all suspects.
        shortest = min((self._exchanges.moves[name] for name in effects), key=len)
        suspects = {target for column in shortest for target in self._targets_at[column]}
        groups = [dict.fromkeys(group, 1) for group in self._told_apart(cell)]
        targets = (*(self._targets[target] for target in sorted(suspects)), *groups)
        return next((target for target in targets if self._is_parallel(target, own)), None)

    def let_in(self, cell: int) -> None:
        """Publish the total of `cell`."""
        row = self._rows[cell]
        for inside in self._inside(row):
            self._split(inside)
        effects = self._exchanges.effects(row)
        if effects:
            self._hold(row, self._exchanges.hold(effects))

    def _hold(self, row: list[int], move: Move) -> None:
        """Bring the total of `row` to zero in both worlds, along the exchange that is given up."""
        members = set(row)
        change = sum(amount for column, amount in move.items() if column in members)
        inverse = pow(change, -1, _PRIME)
        for world, total in zip(self._world, self._totals(dict.fromkeys(row, 1)), strict=True):
            step = total * inverse
            for column, amount in move.items():
                world[column] = (world[column] - step * amount) % _PRIME

    def _totals(self, combination: Mapping[int, int]) -> tuple[int, int]:
        first, second = self._world
        return (
            sum(amount * first[column] for column, amount in combination.items()) % _PRIME,
            sum(amount * second[column] for column, amount in combination.items()) % _PRIME,
        )

    def _is_parallel(self, combination: Mapping[int, int], own: tuple[int, int]) -> bool:
        first, second = self._totals(combination)
        # What is computable already is not exposed by this cell.
        return (first * own[1] - second * own[0]) % _PRIME == 0 and (first, second) != (0, 0)

    def _inside(self, row: list[int]) -> list[set[int]]:
        """The part of every class of atoms nobody tells apart that lies within `row`."""
        inside: dict[int, set[int]] = {}
        for column in row:
            inside.setdefault(self._class_of[column], set()).add(column)
        return list(inside.values())

    def _told_apart(self, cell: int) -> list[set[int]]:
        """Groups of too few people that no cell told apart from others before `cell`."""
        found = []
        for inside in self._inside(self._rows[cell]):
            whole = self._classes[self._class_of[next(iter(inside))]]
            if len(inside) == len(whole):
                continue
            if self._is_few(inside):
                found.append(inside)
            # Only a difference of fewer atoms than people can be too small.
            if len(whole) - len(inside) < self._threshold and self._is_few(rest := whole - inside):
                found.append(rest)
        return found

    def _is_few(self, group: set[int]) -> bool:
        return len(group) < self._threshold and sum(self._people[column] for column in group) < self._threshold

    def _split(self, inside: set[int]) -> None:
        old = self._class_of[next(iter(inside))]
        if len(inside) < len(self._classes[old]):
            new = len(self._classes)
            self._classes[old] -= inside
            self._classes[new] = inside
            for column in inside:
                self._class_of[column] = new
            for group in (self._classes[old], inside):
                if self._is_few(group):
                    self._protect(frozenset(group))

    def _protect(self, group: frozenset[int]) -> None:
        if group not in self._known:
            self._known.add(group)
            self._add(dict.fromkeys(group, 1))

    def _add(self, target: Mapping[int, int]) -> None:
        for column in target:
            self._targets_at[column].append(len(self._targets))
        self._targets.append(target)


def columns_of(membership: sparse.csr_matrix) -> list[list[int]]:
    """The columns of each row."""
    ends = membership.indptr.tolist()
    columns = membership.indices.tolist()
    return [columns[start:end] for start, end in pairwise(ends)]
