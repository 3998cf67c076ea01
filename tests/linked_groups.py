"""Organisations as groups of people: every unit of a tree, alone and crossed with attributes. For disclosure tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipelines.disclosure.view import View, targets_of, view_of

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
COMPANY = (0, 0, -1, 0)
LEVELS = ((0.47, 0.53), (0.3, 0.4, 0.3), (0.5, 0.5))


@dataclass(frozen=True)
class Organisation:
    """Groups x people of 0/1; each group is named by its level, unit, attribute (-1 for none) and value of it."""

    groups: sparse.csr_matrix
    names: tuple[tuple[int, int, int, int], ...]
    values: NDArray[np.float64]

    @property
    def sizes(self) -> Integers:
        return np.asarray(self.groups.sum(axis=1)).ravel()

    @property
    def company(self) -> Flags:
        return np.array([name == COMPANY for name in self.names])

    def priority(self) -> Integers:
        """Large groups first, then by name: the company is the first."""
        order = sorted(range(len(self.names)), key=lambda cell: (-self.sizes[cell], self.names[cell]))
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        return rank


def organisation(teams: Sequence[int], depth: int, attributes: int, seed: int, unanimous: float = 0.2) -> Organisation:
    """Teams of the given sizes under `depth` levels above them, values 1 to 5; in some teams all answer alike."""
    random = np.random.default_rng(seed)
    team = np.repeat(np.arange(len(teams)), teams)
    levels = [team]
    for _ in range(depth):
        units = int(levels[-1].max()) + 1
        above = np.cumsum(random.random(units) < 0.4)
        levels.append((above - above[0])[levels[-1]])
    levels.append(np.zeros(len(team), np.int64))
    traits = [random.choice(len(shares), len(team), p=shares) for shares in LEVELS[:attributes]]
    groups = groups_of(levels[::-1], traits)
    values = np.clip(np.round(random.normal(3.5, 1.1, len(team))), 1, 5)
    alike = random.random(len(teams)) < unanimous
    values = np.where(alike[team], random.integers(1, 6, len(teams))[team], values)
    names = tuple(groups)
    return Organisation(matrix_of(list(groups.values()), len(team)), names, values)


def groups_of(levels: Sequence[Integers], traits: Sequence[Integers]) -> dict[tuple[int, int, int, int], Integers]:
    """The people of every unit of every level, alone and by every value of every trait; no empty groups."""
    found = {}
    for level, unit in enumerate(levels):
        for trait, value in [(-1, np.zeros(len(unit), np.int64)), *enumerate(traits)]:
            for pair in np.unique(np.stack([unit, value]), axis=1).T.tolist():
                found[level, pair[0], trait, pair[1]] = np.flatnonzero((unit == pair[0]) & (value == pair[1]))
    return found


def matrix_of(groups: Sequence[Integers], people: int) -> sparse.csr_matrix:
    ends = np.cumsum([0, *map(len, groups)])
    members = np.concatenate(groups) if groups else np.zeros(0, np.int64)
    return sparse.csr_matrix((np.ones(len(members), np.int64), members, ends), shape=(len(groups), people))


def seen(organisation: Organisation, published: Flags, *, threshold: int = 5, whole: bool = False) -> View:
    return view_of(
        organisation.groups, organisation.values, published, low=1.0, high=5.0, whole=whole, threshold=threshold
    )


def exposed(view: View) -> int:
    """How many small targets the published totals determine, by dense least squares: the judge of the tests."""
    rows = view.membership[np.flatnonzero(view.published & ~view.is_band)].toarray().astype(float)
    targets = targets_of(view)
    small = targets.groups[np.flatnonzero(~targets.is_person)].toarray().astype(float)
    if not len(rows) or not len(small):
        return 0
    factors = np.linalg.lstsq(rows.T, small.T)[0]
    return int((np.abs(rows.T @ factors - small.T).max(axis=0) < 1e-8).sum())
