"""Standard errors that assume nothing of what goes on inside a cluster: a covariance from each cluster's sum of scores."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipelines.hazards.faults import HazardError

Floats = NDArray[np.float64]


def clustered(covariance: Floats, scores: Floats, *, is_corrected: bool) -> Floats:
    """The sandwich `covariance` (columns x columns) x scores' scores x `covariance`.

    `scores` (clusters x columns) are the sums of the derivatives of the log likelihood (Huber 1967, White 1982; for the
    partial likelihood Lin and Wei 1989). With `is_corrected` it is multiplied by clusters / (clusters - 1). Raises
    HazardError with fewer than two clusters.
    """
    count = len(scores)
    if count < 2:
        raise HazardError("Errors by cluster need at least two clusters: leave the clusters out.")
    spread = scores @ covariance
    found = spread.T @ spread
    return found * (count / (count - 1)) if is_corrected else found
