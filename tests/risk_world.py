"""A world in which the chance of leaving is known: people with the features of the model, followed month by month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit

from pipelines.scoring.features import FEATURES, NAMES

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
FIRST_MONTH = 24_000
AHEAD = 6
KINDS = {"grade": tuple(f"G{number}" for number in range(1, 8)), "job_family": ("Law", "Sales", "Software", "Care")}
LEVELS = {feature.name: feature.levels or KINDS[feature.name] for feature in FEATURES}
# Log odds that a level adds to leaving within a month; what is not named adds nothing.
EFFECTS = {
    "recency": {"3_to_5_months": 0.2, "6_to_11_months": 0.45, "12_months_or_more": 0.7, "none_on_record": 0.6},
    "new_manager": {"yes": 0.6},
    "since_hire": {"up_to_1_year": 0.5, "1_to_2_years": 0.3},
    "since_promotion": {"none_in_2_years": 0.4},
    "job_family": {"Software": 0.5, "Care": -0.4},
}


@dataclass(frozen=True)
class World:
    """`people` in as many places for `months`; a share of them `changing` is drawn anew each month, leavers at once."""

    people: int
    months: int = 36
    monthly: float = 0.005
    strength: float = 1.0
    changing: float = 0.04
    seed: int = 0

    def cells(self) -> pl.DataFrame:
        """lists.origin_cell of the months followed for six, with `truth`, the chance were nothing to change."""
        rng = np.random.default_rng(self.seed)
        codes = self._drawn(rng, self.people)
        seen, gone = [], []
        for _ in range(self.months):
            odds = self._odds(codes)
            leaves = rng.random(self.people) < expit(odds)
            seen.append((codes.copy(), odds))
            gone.append(leaves)
            anew = leaves | (rng.random(self.people) < self.changing)
            codes[anew] = self._drawn(rng, int(anew.sum()))
        origins = [self._counted(month, *seen[month], gone) for month in range(self.months - AHEAD + 1)]
        return pl.concat(origins)

    def _drawn(self, rng: np.random.Generator, size: int) -> Integers:
        return np.column_stack([rng.integers(0, len(LEVELS[name]), size) for name in NAMES])

    def _odds(self, codes: Integers) -> Floats:
        base = np.log(self.monthly / (1 - self.monthly))
        found = np.full(len(codes), base)
        for place, name in enumerate(NAMES):
            told = EFFECTS.get(name, {})
            found += self.strength * np.array([told.get(level, 0.0) for level in LEVELS[name]])[codes[:, place]]
        return found

    def _counted(self, month: int, codes: Integers, odds: Floats, gone: list[NDArray[np.bool_]]) -> pl.DataFrame:
        # Whoever sits in the place after somebody has left counts for nothing at this origin.
        left = np.any(gone[month : month + AHEAD], axis=0)
        named = {name: np.array(LEVELS[name])[codes[:, place]] for place, name in enumerate(NAMES)}
        frame = pl.DataFrame(named | {"truth": 1 - (1 - expit(odds)) ** AHEAD, "leavers": left.astype(np.int64)})
        counted = frame.group_by(*NAMES, "truth").agg(people=pl.len().cast(pl.Int64), leavers=pl.col("leavers").sum())
        return counted.with_columns(origin_month=pl.lit(FIRST_MONTH + month)).sort(NAMES)
