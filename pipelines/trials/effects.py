"""Risks in samples of managers turned into a risk, a difference and a ratio, each with its interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from pipelines.trials.resampling import Floats

_CONFIDENCE = 0.95
_POINTS = 100.0


@dataclass(frozen=True)
class Interval:
    """An estimate with its 95 % interval."""

    value: float
    lo: float
    hi: float


@dataclass(frozen=True)
class Effect:
    """A risk (0 to 1), what it is above that of another strategy in percentage points, and divided by it; None without another."""

    risk: Interval
    points: Interval | None = None
    ratio: Interval | None = None


def effect(risks: Floats, others: Floats | None, clusters: int) -> Effect | None:
    """The effect of a strategy against another out of both risks in the same samples, the first as observed; None if a risk is 0 or 1.

    Limits are the estimate and Student's t, with `clusters` - 1 degrees of freedom, times the standard deviation over
    the samples of clusters (Davison and Hinkley 1997, 5.2): of log odds for a risk, of the logarithm for a ratio, of
    the difference itself.
    """
    arms = [risks] if others is None else [risks, others]
    if clusters < 2 or any(not 0 < arm[0] < 1 for arm in arms):
        return None
    kept = np.all([(arm > 0) & (arm < 1) for arm in arms], axis=0)
    one, other = (arm[kept] for arm in (risks, risks if others is None else others))
    reach = float(student.ppf(0.5 + _CONFIDENCE / 2, clusters - 1))
    odds = _limits(np.log(one / (1 - one)), reach)
    risk = Interval(*(1 / (1 + np.exp(-end)) for end in (odds.value, odds.lo, odds.hi)))
    if others is None:
        return Effect(risk)
    points, log_ratio = _limits(_POINTS * (one - other), reach), _limits(np.log(one / other), reach)
    return Effect(
        risk, points, Interval(*(float(np.exp(end)) for end in (log_ratio.value, log_ratio.lo, log_ratio.hi)))
    )


def _limits(samples: Floats, reach: float) -> Interval:
    value, error = float(samples[0]), float(samples[1:].std(ddof=1))
    return Interval(value, value - reach * error, value + reach * error)
