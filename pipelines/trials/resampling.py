"""Counts in samples of managers: what every sample would have counted had it drawn managers, with all their people, with replacement."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]


def draws(clusters: int, replicates: int, seed: int) -> Floats:
    """How often each cluster is in each sample, shape (clusters, 1 + replicates); the first sample is what was observed.

    Multinomial weights of the bootstrap of clusters (Davison and Hinkley 1997, 3.8), the same for the same seed.
    """
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(clusters, np.full(clusters, 1 / clusters), size=replicates)
    return np.concatenate([np.ones((clusters, 1)), drawn.T.astype(np.float64)], axis=1)


def resampled(cells: pl.DataFrame, keys: list[str], amount: str, drawn: Floats) -> tuple[pl.DataFrame, Floats]:
    """Sums of `amount` by `keys` in every sample: the keys in order, one row each, and sums of shape (rows, samples).

    `cells` has a column `cluster` with numbers from 0, one for each row of `drawn`.
    """
    ordered = cells.group_by([*keys, "cluster"]).agg(pl.col(amount).sum()).sort([*keys, "cluster"], nulls_last=True)
    found = ordered.select(keys).unique(maintain_order=True)
    place = ordered.select(pl.struct(keys).rle_id()).to_series().to_numpy()
    shape = (found.height, drawn.shape[0])
    sums = csr_matrix((ordered[amount].cast(pl.Float64).to_numpy(), (place, ordered["cluster"].to_numpy())), shape)
    return found, np.asarray(sums @ drawn)
