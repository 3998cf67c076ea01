"""The attacker's view: which groups of people have a published total, what is known of it, and whom to protect.

An attacker knows who belongs to which group and what values are possible; only the values themselves are secret. How
he attacks is found in `attack` and `rank_audit`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipelines.disclosure.differencing import Flags, Integers

Floats = NDArray[np.float64]
THRESHOLD = 5
# One point on a scale from 1 to 5, as a part of the scale: the least doubt that must remain about a mean.
NEED = 0.25


@dataclass(frozen=True)
class View:
    """Cells (rows) of people (`membership`, cells x atoms of 0/1) and what a reader knows of them.

    An atom is `people[a]` people whom no cell tells apart; their values, each between `low` and `high`, add up to
    `totals[a]`. A `published` cell is known to have a total between `least` and `most`, which are equal unless it is
    shown as a band. `whole` values are whole numbers, and the reader knows it. Groups nobody publishes but which must
    not be found out (a unit without its sub-units) are cells like any other. Groups of fewer than `threshold` people
    are protected.
    """

    membership: sparse.csr_matrix
    people: Integers
    totals: Floats
    published: Flags
    least: Floats
    most: Floats
    low: float = 0.0
    high: float = 1.0
    whole: bool = False
    threshold: int = THRESHOLD

    @property
    def is_band(self) -> Flags:
        """Which published cells give an interval only."""
        return self.published & (self.least < self.most)


@dataclass(frozen=True)
class Targets:
    """Groups to protect (`groups`, targets x atoms of 0/1) of `people` each.

    `is_person` marks groups of many whose members are the ones to protect, each alone: what is known of such a group
    matters only as far as it narrows the value of one.
    """

    groups: sparse.csr_matrix
    people: Integers
    is_person: Flags

    def only(self, which: Flags | Integers) -> Targets:
        """The targets flagged or numbered in `which`."""
        return Targets(self.groups[which], self.people[which], self.is_person[which])


def view_of(
    membership: sparse.csr_matrix,
    values: Floats,
    published: Flags,
    *,
    low: float = 0.0,
    high: float = 1.0,
    whole: bool = False,
    threshold: int = THRESHOLD,
    with_bands: bool = True,
) -> View:
    """The view of cells x persons of 0/1 and one value per person; persons in the same cells become one atom.

    Raises ValueError where a value lies outside `low` to `high`, or is not whole in a `whole` view.
    """
    if whole and (values != np.round(values)).any():
        raise ValueError("A value is not a whole number, though the scale has whole numbers only.")
    if len(values) and not (low <= values.min() and values.max() <= high):
        raise ValueError(f"A value lies outside the scale from {low:g} to {high:g}: check the scale of the question.")
    atom = same_columns(membership)
    people = np.bincount(atom)
    totals: Floats = np.bincount(atom, weights=values).astype(np.float64)
    first = np.unique(atom, return_index=True)[1]
    cells = membership.tocsc()[:, first].tocsr()
    least, most = shown_totals(cells @ totals, cells @ people, low, high, threshold=threshold, whole=whole)
    if not with_bands:
        least = most = cells @ totals
    return View(cells, people, totals, published, least, most, low, high, whole, threshold)


def shown_totals(
    totals: Floats, people: Integers, low: float, high: float, *, threshold: int = THRESHOLD, whole: bool = False
) -> tuple[Floats, Floats]:
    """The bounds of each total a reader is shown: the total itself, or a band at either end of the scale.

    A band is as wide as the doubt needed about `threshold` - 1 people: a total closer to an end would tell too much of
    any few of the group. Every total within the band is shown as it, or the band alone would tell that all agree. In
    a group of five this is ">= 80 %" or "<= 20 %" of the scale, in a larger one a part of it of the same people.
    """
    width = max((threshold - 1) * NEED * (high - low), 1.0 if whole else 0.0)
    top, bottom = people * high, people * low
    at_top = totals >= top - width
    at_bottom = (totals <= bottom + width) & ~at_top
    least = np.where(at_top, np.maximum(top - width, bottom), np.where(at_bottom, bottom, totals))
    most = np.where(at_top, top, np.where(at_bottom, np.minimum(bottom + width, top), totals))
    return least, most


def targets_of(view: View) -> Targets:
    """Everything to protect: small groups, small groups no published cell tells apart, and every person of others."""
    columns = view.membership.shape[1]
    kind = same_columns(view.membership[np.flatnonzero(view.published)])
    classes = sparse.csr_matrix((np.ones(columns, np.int64), (kind, np.arange(columns))))
    sizes = classes @ view.people
    few = np.flatnonzero((sizes > 0) & (sizes < view.threshold))
    small = _distinct(sparse.vstack([small_groups(view.membership, view.people, view.threshold), classes[few]]).tocsr())
    many = classes[np.flatnonzero(sizes >= view.threshold)]
    groups = sparse.vstack([small, many]).tocsr()
    return Targets(groups, groups @ view.people, np.arange(groups.shape[0]) >= small.shape[0])


def small_groups(membership: sparse.csr_matrix, people: Integers, threshold: int) -> sparse.csr_matrix:
    """The groups of fewer than `threshold` people that are a cell, an atom, or what a cell has more than one within it.

    Groups x atoms of 0/1, none twice; none without people.
    """
    atoms = sparse.identity(membership.shape[1], np.int64, "csr")
    groups = sparse.vstack([membership, atoms, _differences(membership, people, threshold)]).tocsr()
    sizes = groups @ people
    return _distinct(groups[np.flatnonzero((sizes > 0) & (sizes < threshold))])


def _differences(membership: sparse.csr_matrix, people: Integers, threshold: int) -> sparse.csr_matrix:
    """What remains of a cell beyond another one within it, of at least `threshold` people, where that is few."""
    sizes = membership @ people
    large = np.flatnonzero(sizes >= threshold)
    rows, sizes = membership[large], sizes[large]
    common = (rows @ sparse.diags_array(people, dtype=np.int64) @ rows.T).tocoo()
    few = sizes[common.row] - common.data
    is_pair = (common.data == sizes[common.col]) & (few > 0) & (few < threshold)
    return rows[common.row[is_pair]] - rows[common.col[is_pair]]


def same_columns(matrix: sparse.csr_matrix) -> Integers:
    """A number per column, the same for columns that are equal, counted in the order of first appearance."""
    return _numbered(matrix.tocsc())


def same_rows(matrix: sparse.csr_matrix) -> Integers:
    """A number per row of 0/1, the same for rows that are equal, counted in the order of first appearance."""
    return _numbered(matrix.tocsr())


def _distinct(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """The rows that do not repeat an earlier one."""
    return matrix[np.sort(np.unique(same_rows(matrix), return_index=True)[1])]


def _numbered(compressed: sparse.csr_matrix | sparse.csc_matrix) -> Integers:
    compressed.sort_indices()
    known: dict[bytes, int] = {}
    ends = compressed.indptr.tolist()
    keys = (compressed.indices[start:end].tobytes() for start, end in pairwise(ends))
    return np.array([known.setdefault(key, len(known)) for key in keys], dtype=np.int64)
