"""Which further cells must be hidden so that no single sum of published cells gives a hidden one back.

Knows nothing of metrics or the organisation: `cell_sums` says what adds up, `disclosure` what is hidden first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Cells:
    """One entry per cell: the people it rests on, whether its number is unpublished, whether that is for privacy.

    A cell that `is_formed` is a total nobody publishes: readers have it as long as they have every part of it in its
    own `group`.
    """

    people: Integers
    is_hidden: Flags
    is_protected: Flags
    can_hide: Flags
    is_formed: Flags
    group: Integers


@dataclass(frozen=True)
class Sums:
    """One total per sum; the cell `parts[i]` belongs to the sum `sum_of[i]`. Cells and sums are numbered from 0."""

    totals: Integers
    parts: Integers
    sum_of: Integers

    def over_parts(self, weights: NDArray[np.generic]) -> Integers:
        """The weights of the parts added up, per sum."""
        return np.bincount(self.sum_of, weights=weights, minlength=len(self.totals)).astype(np.int64)

    def beyond_parts(self, people: Integers) -> Integers:
        """People a total rests on who are in none of its parts: one more part, never published."""
        beyond: Integers = people[self.totals] - self.over_parts(people[self.parts])
        return beyond.clip(min=0)

    def only(self, which: Flags) -> Sums:
        """The sums flagged in `which`, renumbered."""
        is_kept, number = which[self.sum_of], np.cumsum(which) - 1
        return Sums(self.totals[which], self.parts[is_kept], number[self.sum_of[is_kept]])


def complements(cells: Cells, sums: Sums, threshold: int) -> Flags:
    """Which cells to hide besides those hidden already, one flag per cell.

    A sum leaks where what is hidden in it rests on 1 to `threshold` - 1 people, where exactly one part is protected
    and no other hidden, or where its total is protected and no part hidden. Its smallest shown part is then hidden;
    failing that its total, failing that an empty part. Repeated until no sum leaks or nothing is left to hide.
    One sum is looked at at a time; what follows from several together needs elimination over all of them.
    """
    added = np.zeros(len(cells.people), dtype=np.bool_)
    in_order = _smallest_first(cells, sums.only(_may_leak(cells, sums)))
    is_half = cells.group[in_order.parts] == cells.group[in_order.totals[in_order.sum_of]]
    while len(chosen := _choice(cells, in_order, threshold, added)):
        added[chosen] = True
        # A reader forms a coarser bar from its halves: a hidden bar of a part of the group takes nothing away from that.
        lacks_half = in_order.over_parts((cells.is_hidden | added)[in_order.parts] & is_half) > 0
        added[in_order.totals[lacks_half & cells.is_formed[in_order.totals]]] = True
    return added


def _may_leak(cells: Cells, sums: Sums) -> Flags:
    """False for sums that are safe whatever else is hidden: by far the most, as most totals are small themselves."""
    hidden_parts = sums.over_parts(_is_unclear(cells.people, cells.is_hidden, cells.is_protected)[sums.parts])
    may_leak: Flags = ~cells.is_hidden[sums.totals] | (cells.is_protected[sums.totals] & (hidden_parts == 0))
    return may_leak


def _is_unclear(people: Integers, is_hidden: Flags, is_protected: Flags) -> Flags:
    # An empty cell is known to be empty unless it was hidden on purpose.
    return is_hidden & (is_protected | (people > 0))


def _smallest_first(cells: Cells, sums: Sums) -> Sums:
    order = np.lexsort((sums.parts, cells.people[sums.parts], sums.sum_of))
    return Sums(sums.totals, sums.parts[order], sums.sum_of[order])


def _choice(cells: Cells, sums: Sums, threshold: int, added: Flags) -> Integers:
    """The cells to hide now: one for every sum that leaks and has one left."""
    is_shown = cells.can_hide & ~(cells.is_hidden | added)
    is_leaking, may_hide_total = _leaks(cells, sums, threshold, added)
    has_people = cells.people[sums.parts] > 0
    is_open = is_leaking[sums.sum_of] & is_shown[sums.parts]
    fulls, full_parts = _first_per_sum(sums, is_open & has_people)
    totals = np.setdiff1d(np.flatnonzero(is_leaking & may_hide_total & is_shown[sums.totals]), fulls)
    empties, empty_parts = _first_per_sum(sums, is_open & ~has_people & may_hide_total[sums.sum_of])
    is_last_resort = ~np.isin(empties, np.concatenate([fulls, totals]))
    return np.unique(np.concatenate([full_parts, sums.totals[totals], empty_parts[is_last_resort]]))


def _leaks(cells: Cells, sums: Sums, threshold: int, added: Flags) -> tuple[Flags, Flags]:
    """Per sum: whether it leaks, and whether it still would were only parts with people hidden."""
    is_hidden, is_protected = cells.is_hidden | added, cells.is_protected | added
    counts = _is_unclear(cells.people, is_hidden, is_protected)
    beyond = sums.beyond_parts(cells.people)
    unpublished = beyond + sums.over_parts((cells.people * is_hidden)[sums.parts])
    hidden_parts = sums.over_parts(counts[sums.parts])
    is_small = (unpublished > 0) & (unpublished < threshold)
    is_single = (hidden_parts == 1) & (sums.over_parts(is_protected[sums.parts]) == 1)
    # People beyond the parts cover a part that was hidden for others' sake; a small part must not rely on them.
    is_single &= (beyond == 0) | (sums.over_parts(cells.is_protected[sums.parts]) == 1)
    is_total_shown = ~is_hidden[sums.totals]
    is_given_back = is_protected[sums.totals] & (hidden_parts == 0)
    is_leaking = (is_total_shown & (is_small | is_single)) | is_given_back
    return is_leaking, (is_total_shown & (is_small | (beyond == 0))) | is_given_back


def _first_per_sum(sums: Sums, is_candidate: Flags) -> tuple[Integers, Integers]:
    """Sums that have a candidate among their parts, and the first such part of each."""
    found, first = np.unique(sums.sum_of[is_candidate], return_index=True)
    return found, sums.parts[is_candidate][first]
