"""Shares of many groups that differ by chance and in truth: the beta-binomial prior they share, and what each then has.

Works on arrays of counts; which groups belong together, and what is published, does not belong here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
# Correlations between two members of a group at which the likelihood is looked at; finer where they are small.
_CORRELATIONS = np.geomspace(5e-4, 0.9, 28)
_TAIL = 0.025
_STEPS = 40


@dataclass(frozen=True)
class Counts:
    """Groups in pools, as what their likelihood needs: how many have more than k yes, no and trials; pools x k."""

    yes: Floats
    no: Floats
    trials: Floats

    @property
    def size(self) -> Floats:
        """The numbers k, as a row."""
        return np.arange(self.yes.shape[1], dtype=float)


@dataclass(frozen=True)
class Priors:
    """One prior per pool: the mean share and `spread` = 1 / (alpha + beta), 0 where groups differ by chance only.

    `grid_*` (pools x points) are other priors that the counts allow: weight, mean, the variance of that mean, spread.
    """

    share: Floats
    spread: Floats
    grid_weight: Floats
    grid_share: Floats
    grid_variance: Floats
    grid_spread: Floats


def counted(yes: Integers, trials: Integers, pool: Integers, pools: int) -> Counts:
    """Counts of the groups; all three arrays have one entry per group, `pool` numbers from 0."""
    longest = int(trials.max(initial=1))
    return Counts(*(_more_than(values, pool, pools, longest) for values in (yes, trials - yes, trials)))


def fitted(counts: Counts) -> Priors:
    """Priors of greatest marginal likelihood (Griffiths 1973), and what else is likely given even odds of all correlations.

    Every pool needs a yes and a no: without, there is no prior (callers leave such pools out).
    """
    pooled = counts.yes.sum(1) / counts.trials.sum(1)
    spread = np.broadcast_to(_CORRELATIONS / (1 - _CORRELATIONS), (len(pooled), len(_CORRELATIONS)))
    share = _best_share(counts, pooled[:, None], spread)
    height = _likelihood(counts, share, spread)
    variance = -1 / _second_in_share(counts, share, spread)
    edges = np.concatenate([[0.0], (_CORRELATIONS[1:] + _CORRELATIONS[:-1]) / 2, [1.0]])
    weight = np.exp(height - height.max(1, keepdims=True)) * np.sqrt(variance) * np.diff(edges)
    best_share, best_spread = _most_likely(counts, pooled, height)
    return Priors(best_share, best_spread, weight / weight.sum(1, keepdims=True), share, variance, spread)


def posterior(priors: Priors, yes: Integers, trials: Integers, pool: Integers) -> tuple[Floats, Floats, Floats]:
    """Mean share of each group and the ends of its 95 % interval, under the prior of its pool.

    The mean is that of the most likely prior (Casella 1985). The interval also holds what is not known of the prior
    (Kass and Steffey 1989): the variance around that mean is averaged over the priors the counts allow, and the ends
    are those of the beta distribution with this mean and variance. With the most likely prior alone it would be too
    short, and of no length at all where the groups look alike.
    """
    codes, back = np.unique(np.stack([pool, yes, trials]), axis=1, return_inverse=True)
    of, some, all_of_them = codes[0], codes[1].astype(float), codes[2].astype(float)
    mean = _mean(priors.share[of], priors.spread[of], some, all_of_them)
    spread = priors.grid_spread[of]
    means = _mean(priors.grid_share[of], spread, some[:, None], all_of_them[:, None])
    within = means * (1 - means) * spread / (1 + spread * (all_of_them[:, None] + 1))
    of_prior = priors.grid_variance[of] / (1 + spread * all_of_them[:, None]) ** 2
    variance = (priors.grid_weight[of] * (within + of_prior + (means - mean[:, None]) ** 2)).sum(1)
    size = np.maximum(mean * (1 - mean) / variance - 1, 1e-3)
    ends = (betaincinv(mean * size, (1 - mean) * size, tail) for tail in (_TAIL, 1 - _TAIL))
    lo, hi = ends
    return mean[back], np.minimum(lo, mean)[back], np.maximum(hi, mean)[back]


def _mean(share: Floats, spread: Floats, yes: Floats, trials: Floats) -> Floats:
    return (share + spread * yes) / (1 + spread * trials)


def _more_than(values: Integers, pool: Integers, pools: int, longest: int) -> Floats:
    """How many groups of each pool have a value above k, for k from 0 to `longest` - 1."""
    exact = np.bincount(pool * (longest + 1) + values, minlength=pools * (longest + 1)).reshape(pools, longest + 1)
    return exact[:, ::-1].cumsum(1)[:, -2::-1].astype(float)


def _factors(counts: Counts, share: Floats, spread: Floats) -> tuple[Floats, Floats, Floats]:
    """The factors of the likelihood, pools x points x k."""
    grown = spread[..., None] * counts.size
    return share[..., None] + grown, 1 - share[..., None] + grown, 1 + grown


def _likelihood(counts: Counts, share: Floats, spread: Floats) -> Floats:
    """Logarithm of the marginal likelihood, less what does not depend on the prior; pools x points."""
    yes, no, all_of_them = _factors(counts, share, spread)
    return np.asarray(
        _summed(np.log(yes), counts.yes) + _summed(np.log(no), counts.no) - _summed(np.log(all_of_them), counts.trials)
    )


def _summed(values: Floats, weights: Floats) -> Floats:
    return np.asarray(np.matmul(values, weights[:, :, None])[..., 0])


def _second_in_share(counts: Counts, share: Floats, spread: Floats) -> Floats:
    yes, no, _ = _factors(counts, share, spread)
    return -_summed(yes**-2, counts.yes) - _summed(no**-2, counts.no)


def _best_share(counts: Counts, start: Floats, spread: Floats, steps: int = 5) -> Floats:
    """The most likely mean at each spread, by Newton's method: the likelihood is concave in it."""
    share = np.broadcast_to(start, spread.shape)
    for _ in range(steps):
        yes, no, _ = _factors(counts, share, spread)
        slope = _summed(1 / yes, counts.yes) - _summed(1 / no, counts.no)
        bend = _summed(yes**-2, counts.yes) + _summed(no**-2, counts.no)
        share = np.clip(share + slope / bend, share / 4, 1 - (1 - share) / 4)
    return share


def _most_likely(counts: Counts, pooled: Floats, height: Floats) -> tuple[Floats, Floats]:
    """Mean and spread of greatest likelihood: Newton's method between the neighbours of the best point of the grid."""
    best, last = height.argmax(1), len(_CORRELATIONS) - 1
    ends = np.log(_CORRELATIONS / (1 - _CORRELATIONS))
    low = np.where(best == 0, ends[0] - 9, ends[np.maximum(best - 1, 0)])
    high = np.where(best == last, ends[last] + 9, ends[np.minimum(best + 1, last)])
    place, share = ends[best], pooled[:, None]
    for _ in range(_STEPS):
        spread = np.exp(place)[:, None]
        share = _best_share(counts, share, spread, steps=2)
        slope, bend = _along_the_ridge(counts, share, spread)
        low, high = np.where(slope > 0, place, low), np.where(slope > 0, high, place)
        newton = place - slope / np.where(bend < 0, bend, -np.inf)
        is_inside = (bend < 0) & (newton > low) & (newton < high)
        moved = np.where(is_inside, newton, (low + high) / 2)
        if np.abs(moved - place).max() < 1e-9:
            break
        place = moved
    spread = np.exp(place)[:, None]
    share = _best_share(counts, share, spread)
    nothing = np.zeros_like(spread)
    is_chance = _likelihood(counts, pooled[:, None], nothing) >= _likelihood(counts, share, spread)
    return np.where(is_chance, pooled[:, None], share)[:, 0], np.where(is_chance, nothing, spread)[:, 0]


def _along_the_ridge(counts: Counts, share: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """First and second derivative by log spread of the likelihood at the best mean; one entry per pool."""
    size = counts.size
    yes, no, all_of_them = _factors(counts, share, spread)
    slope = _summed(size / yes, counts.yes) + _summed(size / no, counts.no) - _summed(size / all_of_them, counts.trials)
    bend = (
        _summed((size / all_of_them) ** 2, counts.trials)
        - _summed((size / yes) ** 2, counts.yes)
        - _summed((size / no) ** 2, counts.no)
    )
    mixed = _summed(size / no**2, counts.no) - _summed(size / yes**2, counts.yes)
    bent = bend - mixed**2 / _second_in_share(counts, share, spread)
    return (spread * slope)[:, 0], (spread * slope + spread**2 * bent)[:, 0]
