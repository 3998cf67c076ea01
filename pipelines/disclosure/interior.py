"""Proofs of safety from one world deep inside what readers must take as possible: from there every small group can go far.

A proof found here is final; where none is found nothing is said, and `bounding` asks a linear program.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import linalg, sparse

from pipelines.disclosure.differencing import Flags, Integers
from pipelines.disclosure.programs import silent_solver
from pipelines.disclosure.view import Floats, Targets, View, same_rows

_CHUNK = 512
_STUCK = 1e-8
# Keeps the equations solvable where some follow from others; steps are checked against the bounds, and corrected, anyway.
_RIDGE = 1e-11


@dataclass(frozen=True)
class Equations:
    """Published totals as rows over values (atoms), each between `least` and `most`; values between `low` and `high`.

    Cells of the same people are one row; `row_of` says which row a published cell is, -1 for the others.
    """

    rows: sparse.csr_matrix
    least: Floats
    most: Floats
    low: Floats
    high: Floats
    row_of: Integers


def equations_of(view: View) -> Equations:
    """What the published cells of `view` say. Of cells of the same people the tightest bounds count."""
    cells = np.flatnonzero(view.published)
    shown = view.membership[cells].tocsr()
    same = same_rows(shown)
    distinct = np.unique(same, return_index=True)[1]
    row_of = np.full(len(view.published), -1, dtype=np.int64)
    row_of[cells] = same
    least, most = np.full(len(distinct), -np.inf), np.full(len(distinct), np.inf)
    np.maximum.at(least, row_of[cells], view.least[cells])
    np.minimum.at(most, row_of[cells], view.most[cells])
    rows = shown[distinct].astype(np.float64)
    low, high = (np.asarray(view.people * end, dtype=np.float64) for end in (view.low, view.high))
    return Equations(rows, least, most, low, high, row_of)


def program(equations: Equations) -> highspy.HighsLp:
    """The equations as a linear program without an aim."""
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = equations.rows.shape
    lp.col_cost_ = np.zeros(lp.num_col_)
    lp.col_lower_, lp.col_upper_ = equations.low.astype(np.float64), equations.high.astype(np.float64)
    lp.row_lower_, lp.row_upper_ = equations.least, equations.most
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = equations.rows.indptr, equations.rows.indices
    lp.a_matrix_.value_ = equations.rows.data
    return lp


def central_world(equations: Equations) -> Floats | None:
    """Values that agree with everything published, as far from their bounds as they may be (analytic centre).

    None where HiGHS does not find them: then nothing is proven from here.
    """
    # What presolve decides it puts at a bound, and the middle is what is wanted.
    highs = silent_solver()
    for name, value in {"solver": "ipm", "run_crossover": "off", "presolve": "off"}.items():
        highs.setOptionValue(name, value)
    highs.passModel(program(equations))
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    centre: Floats = np.clip(np.array(highs.getSolution().col_value), equations.low, equations.high)
    return centre


def reachable(equations: Equations, centre: Floats, targets: Targets) -> tuple[Floats, Floats]:
    """A least and a greatest total of each target that some possible world certainly has.

    From the centre each target moves along the direction that raises it most within the ellipsoid the bounds leave
    (Dikin 1967), as far as the bounds allow.
    """
    rows, low, high = _with_bands(equations)
    world = np.concatenate([centre, (equations.rows @ centre)[equations.least < equations.most]])
    room = np.minimum(world - low, high - world).clip(min=0)
    weight = np.where(room > _STUCK, room, 0.0) ** 2
    weighted = rows.multiply(weight).tocsr()
    normal = (weighted @ rows.T).toarray()
    normal[np.diag_indices_from(normal)] += _RIDGE * max(normal.diagonal().max(initial=0.0), 1.0)
    factor = linalg.cho_factor(normal)
    groups = sparse.hstack([targets.groups, sparse.csr_matrix((len(targets.people), len(low) - len(centre)))]).tocsr()
    start = groups @ world
    ends = [
        _reach(rows, weighted, weight, factor, groups[at : at + _CHUNK], world, (low, high))
        for at in range(0, len(targets.people), _CHUNK)
    ]
    if not ends:
        return start, start
    return start - np.concatenate([back for back, _ in ends]), start + np.concatenate([forth for _, forth in ends])


def _with_bands(equations: Equations) -> tuple[sparse.csr_matrix, Floats, Floats]:
    """The rows with one more value per band, which stands for its total; bounds of all values."""
    bands = np.flatnonzero(equations.least < equations.most)
    held = sparse.csr_matrix((-np.ones(len(bands)), (bands, np.arange(len(bands)))), (len(equations.least), len(bands)))
    rows = sparse.hstack([equations.rows, held]).tocsr()
    low = np.concatenate([equations.low, equations.least[bands]])
    return rows, low, np.concatenate([equations.high, equations.most[bands]])


def _reach(
    rows: sparse.csr_matrix,
    weighted: sparse.csr_matrix,
    weight: Floats,
    factor: tuple[Floats, bool],
    groups: sparse.csr_matrix,
    world: Floats,
    bounds: tuple[Floats, Floats],
) -> tuple[Floats, Floats]:
    """How far the total of each group can fall and rise."""
    aim = groups.toarray().T.astype(np.float64)
    multipliers = linalg.cho_solve(factor, weighted @ aim)
    moves = weight[:, None] * (aim - rows.T @ multipliers)
    # The second step takes away what the ridge left of a change: a move must leave every total as it is.
    moves -= weight[:, None] * (rows.T @ linalg.cho_solve(factor, rows @ moves))
    low, high = bounds
    above, below = (high - world)[:, None], (world - low)[:, None]
    size = np.abs(moves)
    with np.errstate(divide="ignore", invalid="ignore"):
        forth = np.where(size > 0, np.where(moves > 0, above, below) / size, np.inf).min(axis=0, initial=np.inf)
        back = np.where(size > 0, np.where(moves > 0, below, above) / size, np.inf).min(axis=0, initial=np.inf)
    effect = np.einsum("ij,ij->j", aim, moves)
    # What the equations pin moves by rounding alone: by next to nothing of what it would without them.
    is_move = effect > _STUCK * np.einsum("ij,ij->j", aim, weight[:, None] * aim)
    # Along its whole way a move must leave every published total as it is.
    drift = np.abs(rows @ moves).max(axis=0, initial=0.0)
    usable = is_move & np.isfinite(forth) & np.isfinite(back)
    ends = []
    for way in (back, forth):
        length = np.where(usable, way, 0.0)
        ends.append(np.where(drift * length <= _STUCK, effect * length, 0.0))
    return ends[0], ends[1]


def is_open(view: View, targets: Targets, least: Floats, most: Floats, need: float) -> Flags:
    """Which targets are known too well if their totals were known to lie between `least` and `most`."""
    one = view.high - view.low
    others = np.where(targets.is_person, targets.people - 1, 0)
    top = np.where(targets.is_person, np.minimum(view.high, most - others * view.low), most)
    bottom = np.where(targets.is_person, np.maximum(view.low, least - others * view.high), least)
    found: Flags = top - bottom < need * one * np.where(targets.is_person, 1, targets.people)
    return found
