"""What making linked groups safe to publish costs and leaves, from 500 to 10,000 people, against an audit without pruning."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipelines.disclosure.attack import audit
from pipelines.disclosure.programs import silent_solver
from pipelines.disclosure.rank_audit import determined
from pipelines.disclosure.repair import published_safely
from pipelines.disclosure.view import View, targets_of, view_of

LIMIT_SECONDS = 120.0
SMALLEST = 5
# Two genders, four career stages, four bands of age and four of tenure, independent of each other and of the unit.
ATTRIBUTES = ((0.47, 0.53), (0.3, 0.3, 0.2, 0.2), (0.3, 0.3, 0.2, 0.2), (0.35, 0.3, 0.2, 0.15))
SIZES = ((500, 1), (500, 4), (1_000, 4), (2_000, 4), (5_000, 4), (10_000, 1), (10_000, 4))
# Two programs per target over everything published are bearable up to here.
LARGEST_PLAIN = 1_000
Result = TypeVar("Result")


@dataclass(frozen=True)
class Figures:
    """One line of the table."""

    people: int
    attributes: int
    cells: int
    targets: int
    primary: tuple[int, int]
    left: tuple[int, int]
    kept: float
    seconds: tuple[float, float, float]
    plain: float | None

    @property
    def is_kept_to(self) -> bool:
        return self.left == (0, 0) and sum(self.seconds) < LIMIT_SECONDS


def organisation(people: int, attributes: int, seed: int = 1) -> tuple[sparse.csr_matrix, NDArray[np.float64]]:
    """Groups x respondents of 0/1 and answers from 1 to 5: every unit of the tree, alone and by each attribute.

    Teams of 3 to 18, about three units to the next one up, 80 % of people answer. The first row is the company.
    """
    random = np.random.default_rng(seed)
    team = np.repeat(np.arange(people // 3), random.integers(3, 19, people // 3))[:people]
    levels = [team]
    while levels[-1].max() > 3:
        above = np.cumsum(random.random(int(levels[-1].max()) + 1) < 0.3)
        levels.append((above - above[0])[levels[-1]])
    levels.append(np.zeros(people, np.int64))
    traits = [random.choice(len(shares), people, p=shares) for shares in ATTRIBUTES[:attributes]]
    answers = np.flatnonzero(random.random(people) < 0.8)
    values = np.clip(np.round(random.normal(3.6, 1.0, people)), 1, 5)[answers]
    crossed = [(unit, trait) for unit in levels[::-1] for trait in (np.zeros(people, np.int64), *traits)]
    parts = [_groups(unit[answers] * 8 + trait[answers]) for unit, trait in crossed]
    return sparse.vstack(parts).tocsr(), values


def _groups(key: NDArray[np.int64]) -> sparse.csr_matrix:
    _, group = np.unique(key, return_inverse=True)
    return sparse.csr_matrix((np.ones(len(key), np.int64), (group, np.arange(len(key)))))


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """What `work` returns and the processor seconds it took."""
    started = time.process_time()
    return work(), time.process_time() - started


def plain_audit(view: View) -> None:
    """Two linear programs per target over all published totals, each started from the last."""
    published = np.flatnonzero(view.published)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(view.people), len(published)
    program.col_cost_ = np.zeros(len(view.people))
    program.col_lower_, program.col_upper_ = view.people * view.low, view.people * view.high
    program.row_lower_, program.row_upper_ = view.least[published], view.most[published]
    rows = view.membership[published]
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_, program.a_matrix_.index_ = rows.indptr, rows.indices
    program.a_matrix_.value_ = rows.data.astype(np.float64)
    solver = silent_solver()
    solver.passModel(program)
    for target in targets_of(view).groups.toarray().astype(np.float64):
        for sense in (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize):
            solver.changeColsCost(len(target), np.arange(len(target), dtype=np.int32), target)
            solver.changeObjectiveSense(sense)
            solver.run()


def leaks(view: View) -> tuple[int, int]:
    """Targets determined exactly, by rank, and the others known too narrowly, by linear programs."""
    targets = targets_of(view)
    exact = determined(view, targets)
    known = {tuple(row.indices.tolist()) for row in targets.groups[np.flatnonzero(exact)]}
    narrow = [finding for finding in audit(view) if finding.atoms not in known]
    return int(exact.sum()), len(narrow)


def measured(people: int, attributes: int) -> Figures:
    """All figures of one organisation; the times are those of the release alone, not of the primary-only comparison."""
    groups, values = organisation(people, attributes)
    sizes = np.asarray(groups.sum(axis=1)).ravel()
    priority = np.empty(len(sizes), np.int64)
    priority[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    offered = view_of(groups, values, sizes >= SMALLEST, low=1.0, high=5.0)
    company = np.arange(len(sizes)) == 0
    shown, suppressing = timed(lambda: published_safely(offered, priority, fixed=company))
    release = replace(offered, published=shown)
    found, auditing = timed(lambda: audit(release))
    targets = targets_of(release)
    exact, ranking = timed(lambda: determined(release, targets))
    return Figures(
        people=people,
        attributes=attributes,
        cells=len(sizes),
        targets=len(targets.people),
        primary=leaks(offered),
        left=(int(exact.sum()), len(found)),
        kept=shown.sum() / offered.published.sum(),
        seconds=(suppressing, auditing, ranking),
        plain=timed(lambda: plain_audit(release))[1] if people <= LARGEST_PLAIN else None,
    )


def line(found: Figures) -> str:
    """One row of the table."""
    repairing, auditing, ranking = found.seconds
    plain = f"{found.plain / auditing:7.0f} x" if found.plain is not None else f"{'':>9}"
    return (
        f"{found.people:>7,} {found.attributes:>5} {found.cells:>7,} {found.targets:>8,} "
        f"{found.primary[0]:>6,} / {found.primary[1]:<5,} {found.left[0]:>4} / {found.left[1]:<4} {found.kept:>6.1%} "
        f"{repairing:>8.2f} {auditing:>6.2f} {ranking:>5.2f} {sum(found.seconds) / LIMIT_SECONDS:>9.1%} {plain}"
    )


def main() -> int:
    """Print the table; 1 where anything is left exposed or the limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000, help="leave out larger organisations")
    largest = parser.parse_args().people
    print(
        f"{'people':>7} {'attrs':>5} {'cells':>7} {'targets':>8} {'primary: exact':>14}/narrow {'left':>6} {'kept':>9} "
        f"{'suppress':>9} {'audit':>6} {'rank':>5} {'of limit':>9} {'plain audit':>9}"
    )
    broken = 0
    for people, attributes in SIZES:
        if people <= largest:
            found = measured(people, attributes)
            print(line(found), flush=True)
            broken |= not found.is_kept_to
    print(f"limit {LIMIT_SECONDS:.0f} CPU s and nothing left exposed: {'broken' if broken else 'kept'}")
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
