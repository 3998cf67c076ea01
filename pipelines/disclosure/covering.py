"""The least to hide so that of every proof known at least one cell is missing: an integer program (HiGHS).

Where proofs come from, and whether others remain, is not known here.
"""

from __future__ import annotations

from collections.abc import Collection

import highspy
import numpy as np
from scipy import sparse

from pipelines.disclosure.differencing import Flags
from pipelines.disclosure.programs import linear_program, silent_solver
from pipelines.disclosure.view import Floats

# Proofs still unknown change more than the last half percent; the number of nodes bounds the time, the same in every run.
_GAP, _NODES = 0.005, 2000


def least_cover(proofs: Collection[Collection[int]], worth: Floats) -> Flags:
    """A set of cells of nearly the least `worth` in all that has one of every proof, one flag per cell.

    Raises RuntimeError where no such set is found, as for an empty proof.
    """
    rows = np.repeat(np.arange(len(proofs)), [len(proof) for proof in proofs])
    cells, columns = np.unique([cell for proof in proofs for cell in proof], return_inverse=True)
    entries = sparse.csr_matrix((np.ones(len(columns)), (columns, rows)), shape=(len(cells), len(proofs)))
    program = linear_program(entries, np.ones(len(proofs)), np.full(len(proofs), highspy.kHighsInf))
    program.col_cost_ = worth[cells]
    program.col_lower_, program.col_upper_ = np.zeros(len(cells)), np.ones(len(cells))
    program.integrality_ = [highspy.HighsVarType.kInteger] * len(cells)
    solver = silent_solver()
    solver.setOptionValue("mip_rel_gap", _GAP)
    solver.setOptionValue("mip_max_nodes", _NODES)
    solver.passModel(program)
    solver.run()
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        raise RuntimeError(f"No cells were found to hide: {solver.modelStatusToString(solver.getModelStatus())}.")
    chosen: Flags = np.zeros(len(worth), dtype=np.bool_)
    chosen[cells] = np.array(solver.getSolution().col_value) > 0.5
    return chosen
