"""The second opinion on a view: which targets the published equations alone determine, by projection in floats.

Shares no arithmetic with `elimination` and `attack`. Knows nothing of bounds, so that it finds exact leaks only.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import lsmr

from pipelines.disclosure.differencing import Flags
from pipelines.disclosure.view import Floats, Targets, View

_DRAWS = 3
# What is determined comes out below 1e-9 and what is not above 1e-2, on views of up to 16,000 cells.
_ZERO = 1e-6
_ACCURACY = 1e-9


def determined(view: View, targets: Targets) -> Flags:
    """Which `targets` have a total that follows from the published totals alone, one flag per target.

    A total follows when it lies in the row space of the published cells, so when its projection on the null space
    vanishes. That is seen on random vectors of the null space, each what least squares (LSMR, Fong and Saunders 2011)
    leaves of random noise. Cells shown as a band are no equations. The members of a group of many are not determined
    by its total. Raises RuntimeError where least squares did not converge.
    """
    exact = np.flatnonzero(view.published & ~view.is_band)
    rows = view.membership[exact].astype(np.float64)
    sizes = np.maximum(np.diff(rows.indptr), 1)
    equations = (sparse.diags_array(1 / np.sqrt(sizes)) @ rows).tocsr()
    random = np.random.default_rng(len(exact))
    noise = random.standard_normal((_DRAWS, rows.shape[1]))
    left = np.array([_null_part(equations, draw) for draw in noise])
    largest = np.abs(targets.groups @ left.T).max(axis=1)
    is_zero: Flags = largest < _ZERO * np.sqrt(np.diff(targets.groups.indptr))
    return is_zero & ~targets.is_person


def _null_part(equations: sparse.csr_matrix, noise: Floats) -> Floats:
    """What is left of `noise` beyond the row space of `equations`."""
    if not equations.shape[0]:
        return noise
    left = noise
    # The second pass removes what rounding left of the first.
    for _ in range(2):
        factors = lsmr(equations.T, left, atol=1e-14, btol=1e-14, conlim=1e14, maxiter=20 * sum(equations.shape))[0]
        left = left - equations.T @ factors
    if np.abs(equations @ left).max() > _ACCURACY:
        raise RuntimeError("The rank audit did not converge.")
    return left
