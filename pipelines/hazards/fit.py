"""What an estimator of hazards hands back: coefficients by term and level, their errors, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import chi2

from pipelines.hazards.design import INTERCEPT, Column, coded

Floats = NDArray[np.float64]
QUANTILE = 1.959963984540054
_SCHEMA = pl.Schema(
    {
        "term": pl.String(),
        "level": pl.String(),
        "log_ratio": pl.Float64(),
        "se": pl.Float64(),
        "robust_se": pl.Float64(),
        "ratio": pl.Float64(),
        "lo": pl.Float64(),
        "hi": pl.Float64(),
    }
)


@dataclass(frozen=True)
class ChiSquare:
    """A chi-square test."""

    statistic: float
    freedom: int

    @property
    def p(self) -> float:
        """Chance of a statistic as large without an effect."""
        return float(chi2.sf(self.statistic, self.freedom))


@dataclass(frozen=True)
class Fit:
    """Estimates of a model of hazards.

    `coef` and the rows of `covariance` belong to `columns`. `infinite` are columns without a finite estimate, with the
    sign of it; they are in none of the arrays. `clusters` is 0 where the errors are those of the model alone. `dropped`
    are sentences on levels left out or pooled. `null_log_likelihood` is that of the same cells without any effect.
    """

    columns: tuple[Column, ...]
    coef: Floats
    covariance: Floats
    robust_covariance: Floats | None
    log_likelihood: float
    null_log_likelihood: float
    iterations: int
    events: int
    at_risk: float
    clusters: int
    infinite: tuple[tuple[Column, float], ...]
    pooled: dict[str, tuple[str, ...]]
    dropped: tuple[str, ...]

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the columns, `term=level` or `term`, in the order of `coef`."""
        return tuple(column.name for column in self.columns)

    @property
    def errors(self) -> Floats:
        """Standard errors of `coef`: robust where there are clusters."""
        of = self.covariance if self.robust_covariance is None else self.robust_covariance
        return np.sqrt(np.diag(of))

    @property
    def likelihood_ratio(self) -> ChiSquare:
        """Test of all effects at once."""
        effects = len(self.coef) - (INTERCEPT in self.columns)
        return ChiSquare(2 * (self.log_likelihood - self.null_log_likelihood), effects)

    @property
    def aic(self) -> float:
        """Akaike's criterion."""
        return 2 * len(self.coef) - 2 * self.log_likelihood

    def ratio(self, name: str) -> tuple[float, float, float]:
        """Ratio and 95 % limits of a column by its name; 0 or infinite, between 0 and infinity, where it has no finite estimate.

        Raises KeyError for a name that is not in the model.
        """
        for column, sign in self.infinite:
            if column.name == name:
                return (0.0 if sign < 0 else np.inf), 0.0, np.inf
        if name not in self.terms:
            raise KeyError(name)
        place = self.terms.index(name)
        reach = QUANTILE * self.errors[place]
        value = self.coef[place]
        return float(np.exp(value)), float(np.exp(value - reach)), float(np.exp(value + reach))

    def predictor(self, frame: pl.DataFrame) -> Floats:
        """Sum of the coefficients that a row of `frame` has: log hazard, less the baseline where the model has none.

        `frame` has the columns of the terms (and `tenure_band` where that is one: see `with_tenure_band`).
        """
        found = coded(self.columns, frame, self.pooled) @ self.coef
        for column, sign in self.infinite:
            has = coded([column], frame, self.pooled)[:, 0] != 0
            found[has] = sign * np.inf
        return np.asarray(found, dtype=np.float64)

    def table(self) -> pl.DataFrame:
        """One row per column: term, level (empty for a number), log_ratio, se, robust_se, ratio, lo, hi."""
        model = np.sqrt(np.diag(self.covariance))
        robust = None if self.robust_covariance is None else np.sqrt(np.diag(self.robust_covariance))
        rows: list[tuple[object, ...]] = [
            (
                column.term,
                column.level,
                float(self.coef[place]),
                float(model[place]),
                None if robust is None else float(robust[place]),
                *self.ratio(column.name),
            )
            for place, column in enumerate(self.columns)
        ]
        rows += [
            (column.term, column.level, sign * np.inf, None, None, *self.ratio(column.name))
            for column, sign in self.infinite
        ]
        return pl.DataFrame(rows, schema=_SCHEMA, orient="row")
