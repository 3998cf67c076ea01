"""The company of tests/golden/r as cells, and what R found in it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.hazards import Fit, Term, cells_of
from pipelines.hazards.ready_table import Times

FOLDER = Path(__file__).parents[1] / "golden" / "r"
LEVEL, GRADE, DIVISION, AGE = Term("level", "under_3"), Term("grade", "junior"), Term("division", "N"), Term("age")
TERMS = (LEVEL, GRADE, DIVISION, AGE)
COVARIATES = ("level", "grade", "division", "age", "manager", "person")


def stretches() -> pl.DataFrame:
    """Stretches of people: one row each."""
    return pl.read_csv(FOLDER / "stretches.csv")


@cache
def cells(times: Times = "events", event: str = "cause=voluntary") -> pl.DataFrame:
    """The same as cells."""
    return cells_of(stretches(), "exit", event, entry="entry", covariates=COVARIATES, times=times).cells


@cache
def found_by_r() -> dict[str, dict[str, list[float]]]:
    """Everything R found, by the names of hazards.R."""
    found: dict[str, dict[str, list[float]]] = json.loads((FOLDER / "hazards.json").read_text(encoding="utf-8"))
    return found


def furthest(fit: Fit, name: str) -> dict[str, float]:
    """The largest distance of a fit from R's, of its coefficients (`coef`), `se` and `robust_se`."""
    told = found_by_r()[name]
    # R has no names for columns of numbers other than ours; the order of columns is its own.
    order = [list(told["terms"]).index(term) for term in fit.terms]
    assert len(order) == len(told["terms"])
    ours = {"coef": fit.coef, "se": np.sqrt(np.diag(fit.covariance))}
    if fit.robust_covariance is not None:
        ours["robust_se"] = np.sqrt(np.diag(fit.robust_covariance))
    return {part: float(np.abs(values - np.array(told[part])[order]).max()) for part, values in ours.items()}
