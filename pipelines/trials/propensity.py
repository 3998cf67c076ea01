"""How likely people of each kind are to talk within the days of grace, sample by sample: a logistic model on counts."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.trials.resampling import Floats

# Coefficients are drawn to 0 as by a normal prior with this precision: nothing where there is data, finite where nobody talked.
_PRECISION = 0.1
_FIRST_STEPS, _STEPS = 25, 4


def design(rows: pl.DataFrame, traits: list[str]) -> Floats:
    """An intercept and one column for each value of each trait but the most common one, shape (rows, columns)."""
    columns = [np.ones(rows.height)]
    for trait in traits:
        values = rows[trait].value_counts(sort=True).sort(["count", trait], descending=[True, False])[trait].to_list()
        columns += [(rows[trait] == value).to_numpy().astype(np.float64) for value in values[1:]]
    return np.stack(columns, axis=1)


def chances(matrix: Floats, talked: Floats, people: Floats) -> Floats:
    """Fitted chances, shape (rows, samples), of `talked` out of `people`, both of that shape; the first sample is what was observed.

    Maximum of the penalised binomial likelihood by Newton's method (Agresti, Categorical Data Analysis, 5.5), in
    every sample from the estimate of the first one on.
    """
    start = np.zeros((matrix.shape[1], 1))
    for _ in range(_FIRST_STEPS):
        start = _step(matrix, start, talked[:, :1], people[:, :1])
    found = np.repeat(start, talked.shape[1], axis=1)
    for _ in range(_STEPS):
        found = _step(matrix, found, talked, people)
    return _share(matrix, found)


def _share(matrix: Floats, coefficients: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(matrix @ coefficients, -30, 30))))


def _step(matrix: Floats, coefficients: Floats, talked: Floats, people: Floats) -> Floats:
    share = _share(matrix, coefficients)
    precision = np.full(matrix.shape[1], _PRECISION)
    precision[0] = 1e-6
    score = matrix.T @ (talked - people * share) - precision[:, None] * coefficients
    products = (matrix[:, :, None] * matrix[:, None, :]).reshape(len(matrix), -1)
    information = (products.T @ (people * share * (1 - share))).T.reshape(-1, matrix.shape[1], matrix.shape[1])
    steps = np.linalg.solve(information + np.diag(precision), score.T[:, :, None])[:, :, 0].T
    # A step that is too long is cut: far from the maximum Newton's method runs past it.
    return np.asarray(coefficients + np.clip(steps, -2.0, 2.0))
