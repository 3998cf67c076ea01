"""From ratios of hazards to percentage points: the risk within twelve months in one state less that in the reference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.hazards import Fit, with_tenure_band
from pipelines.hazards.design import coded
from pipelines.hazards.fit import QUANTILE
from pipelines.links.exposures import COVARIATES
from pipelines.links.models import Step

MONTHS = 12
_CERTAIN = 700.0

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Points:
    """A difference of risks in percentage points with its 95 % interval."""

    value: float
    lo: float
    hi: float


@dataclass(frozen=True)
class Baseline:
    """Everybody at risk as they would be at the reference: a row per pattern, with its share of all months.

    `matrix` (patterns x columns of the fit) has no level set, `log_hazard` is that of a month.
    """

    fit: Fit
    share: Floats
    matrix: Floats
    log_hazard: Floats


def baseline(step: Step, reference: str) -> Baseline | None:
    """Who is at risk in the cells of a step, whatever their level; None where no model says how often it happens."""
    if step.baseline is None:
        return None
    by = [*COVARIATES, "tenure_band"]
    patterns = with_tenure_band(step.cells).group_by(by).agg(pl.col("at_risk").sum()).sort(pl.col(by).cast(pl.String))
    standing = patterns.with_columns(level=pl.lit(reference), intercept=pl.lit(1.0))
    share = patterns["at_risk"].cast(pl.Float64).to_numpy()
    fit = step.baseline
    return Baseline(fit, share / share.sum(), coded(fit.columns, standing, fit.pooled), fit.predictor(standing))


def points(step: Step, level: str, at: Baseline) -> Points | None:
    """How many more (or fewer) of 100 it happens to within twelve months at `level`; None without a finite ratio.

    Everybody at risk is put at `level` and at the reference in turn, with the hazard of their present month held for
    twelve and no other exit in between (standardisation; Rothman, Greenland and Lash 2008, chapter 21). The interval is
    by the delta method, with the covariance of the fit, robust where it is; within managers, where the model says nothing
    of how often it happens, the hazards at the reference are those of the adjusted step and taken as known.
    """
    place = step.column(level)
    if step.fit is None or place is None:
        return None
    effect = float(step.fit.coef[place])
    above, above_slope = _risk(at, effect)
    below, below_slope = _risk(at, 0.0)
    # The derivative in the effect is the sum of those of everybody at the level.
    own = float(above_slope.sum())
    value = float((above - below).sum())
    if step.fit is at.fit:
        gradient = (above_slope - below_slope) @ at.matrix
        gradient[place] += own
        covariance = _covariance(step.fit)
        error = float(np.sqrt(gradient @ covariance @ gradient))
    else:
        error = abs(own) * float(step.fit.errors[place])
    return Points(100 * value, 100 * (value - QUANTILE * error), 100 * (value + QUANTILE * error))


def _risk(at: Baseline, effect: float) -> tuple[Floats, Floats]:
    """Each pattern's part of the risk within twelve months, and of its derivative with respect to the log hazard."""
    # Where everybody was seen to go the hazard has no end; the risk is 1 then, and has no slope.
    total = np.minimum(MONTHS * np.exp(at.log_hazard + effect), _CERTAIN)
    return at.share * -np.expm1(-total), at.share * total * np.exp(-total)


def _covariance(fit: Fit) -> Floats:
    return fit.covariance if fit.robust_covariance is None else fit.robust_covariance
