"""Gives back what was hidden for a proof that other hiding has broken since, as far as the attack audit finds nobody.

What has to be hidden in the first place is for `repair`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pipelines.disclosure.attack import Finding, narrow_targets
from pipelines.disclosure.certificates import adding_up
from pipelines.disclosure.covering import least_cover
from pipelines.disclosure.differencing import Flags, Integers
from pipelines.disclosure.elimination import safe_cells
from pipelines.disclosure.view import View, same_columns, same_rows, targets_of


def given_back(view: View, hidden: Flags, priority: Integers, need: float) -> Flags:
    """Which `hidden` cells can be shown beside the published ones of `view`, of which the audit must find nobody.

    All that exact arithmetic allows come back at once; then the least that breaks all proofs goes again.
    Raises as `safe_cells` does, and RuntimeError where a program could not be solved.
    """
    exact = view.published & ~view.is_band
    candidates = exact | hidden & ~_within_a_band(view)
    safe = safe_cells(view.membership, view.people, candidates, priority, view.threshold, exact)
    back: Flags = hidden & (safe | _within_a_band(view))
    same = same_rows(view.membership)
    # Among cells of one kind the least important goes.
    worth = 1 - priority / (priority.max() + 1) / 2
    while back.any():
        trial = replace(view, published=view.published | back)
        found = narrow_targets(trial, targets_of(trial), need)
        if not found:
            break
        leave = least_cover(_choices(trial, found, back), worth)
        back = back & ~np.isin(same, same[leave])
    return back


def _within_a_band(view: View) -> Flags:
    """Cells that are, or would be, shown as a band."""
    flags: Flags = view.least < view.most
    return flags


def _choices(view: View, found: list[Finding], back: Flags) -> list[tuple[int, ...]]:
    """Of `back` the cells that the proof of either end of each finding needs.

    Where it needs none, those that tell the pinned apart from others, and so made them a target; where there are none, all.
    """
    needed = iter(adding_up(view, [end for finding in found for end in finding.ends]))
    alike = same_columns(view.membership[np.flatnonzero(view.published & ~back)])
    choices = []
    for finding in found:
        proven = {cell for _ in finding.ends for cell in next(needed) if back[cell]}
        mates = np.flatnonzero(np.isin(alike, alike[list(finding.atoms)]))
        telling = back & (np.diff(view.membership[:, mates].tocsr().indptr) > 0)
        choices.append(tuple(sorted(proven) or np.flatnonzero(telling).tolist() or np.flatnonzero(back).tolist()))
    return choices
