"""The model tried as it would have been used: at each of the past twelve origins, taught only what was known by then (LNK-05)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import polars as pl

from pipelines.scoring import measures
from pipelines.scoring.listing import with_band
from pipelines.scoring.measures import Figure
from pipelines.scoring.model import MONTHS_AHEAD, Challenger, ThinDataError, overlap_of, risk_model

ORIGINS = 12
# With fewer people who left in the year tried nothing can be said about the model.
FEWEST_TRIED = 30
SLOPES = (0.8, 1.2)


@dataclass(frozen=True)
class Backtest:
    """Cells of the origins tried, with the chance the model gave (`chance`), recency alone (`recency_chance`) and the rate of the past

    (`base_chance`); null where nothing was said. `overlap` is how many origins look at the same exits.
    """

    cells: pl.DataFrame
    overlap: int

    @cached_property
    def scored(self) -> pl.DataFrame:
        """The cells for which the model and what it is compared with all have a figure."""
        return self.cells.drop_nulls(["chance", "recency_chance", "base_chance"])

    @property
    def people(self) -> int:
        """People of all origins, each counted at every one."""
        return int(self.cells["people"].sum())

    @property
    def unknown(self) -> int:
        """People of all origins of whom nothing was said."""
        return self.people - int(self.scored["people"].sum())

    @property
    def leavers(self) -> int:
        """About how many different people, of those scored, left."""
        return int(self.scored["leavers"].sum()) // self.overlap

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """The figures of the model by name; empty where there is too little to judge it by."""
        if self.leavers < FEWEST_TRIED:
            return {}
        of, overlap = self.scored, self.overlap
        by_recency = of.with_columns(chance="recency_chance")
        found = {
            "auc": measures.auc(of, overlap),
            "brier_skill": measures.brier_skill(of, overlap),
            "precision": measures.precision(of, overlap),
            "lift": measures.lift(of, overlap),
            "recency_auc": measures.auc(by_recency, overlap),
            "recency_precision": measures.precision(by_recency, overlap),
            "recency_lift": measures.lift(by_recency, overlap),
            "recency_skill": measures.brier_skill(of, overlap, reference="recency_chance"),
        }
        straight = measures.calibration(of, overlap)
        return found | (
            dict(zip(("calibration_slope", "calibration_intercept"), straight, strict=True)) if straight else {}
        )

    @cached_property
    def by_band(self) -> dict[str, tuple[int, int]]:
        """People and leavers of all origins by the band of the list they would have been on; 'others' were on none."""
        origins = self.scored.partition_by("origin_month", maintain_order=True)
        banded = (
            pl.concat([with_band(of) for of in origins]) if origins else self.scored.with_columns(band=pl.lit("others"))
        )
        total = banded.group_by(pl.col("band").fill_null("others")).agg(pl.col("people", "leavers").sum())
        return {band: (people, leavers) for band, people, leavers in total.iter_rows()}

    @property
    def verdict(self) -> str:
        """'used', or why the model is not: 'too_thin', 'not_better', 'not_calibrated'."""
        if not self.figures:
            return "too_thin"
        is_ahead = self.figures["auc"].value > self.figures["recency_auc"].value
        is_closer = self.figures["recency_skill"].value > 0 and self.figures["brier_skill"].value > 0
        if not (is_ahead and is_closer):
            return "not_better"
        slope = self.figures.get("calibration_slope")
        is_straight = slope is not None and SLOPES[0] <= slope.value <= SLOPES[1]
        return "used" if is_straight else "not_calibrated"


def walk_forward(cells: pl.DataFrame, challenger: Challenger = risk_model) -> Backtest:
    """The model of `challenger` tried at the newest twelve months of `cells` (lists.origin_cell, or columns like it).

    For each origin it learns from the cells of which it was known by then who left within six months.
    """
    # Sums of floats depend on the order of rows, so it is fixed.
    return _walked(_Content(cells.sort(pl.all())), challenger)


@dataclass(frozen=True, eq=False)
class _Content:
    """A frame known by what is in it: the metric, the card and the list of a night ask for the same backtest."""

    frame: pl.DataFrame

    def __hash__(self) -> int:
        return hash((*self.frame.columns, *self.frame.hash_rows().head(1000)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and self.frame.equals(other.frame)


@lru_cache(maxsize=1)
def _walked(content: _Content, challenger: Challenger) -> Backtest:
    cells = content.frame
    months = cells["origin_month"].unique().sort()
    tried = [month for month in months if month > months[-1] - ORIGINS] if months.len() else []
    found = [_tried(cells, month, challenger) for month in tried]
    empty = cells.clear().with_columns(pl.lit(None, pl.Float64).alias(name) for name in _CHANCES)
    return Backtest(pl.concat([empty, *found]), overlap_of(pl.Series(tried, dtype=pl.Int64)))


_CHANCES = ("chance", "recency_chance", "base_chance")


def _tried(cells: pl.DataFrame, origin: int, challenger: Challenger) -> pl.DataFrame:
    known = cells.filter(pl.col("origin_month") + MONTHS_AHEAD <= origin)
    now = cells.filter(pl.col("origin_month") == origin)
    rate = int(known["leavers"].sum()) / int(known["people"].sum()) if known.height else None
    return now.with_columns(
        _chances(known, now, challenger).alias("chance"),
        _chances(known, now, _recency_alone).alias("recency_chance"),
        pl.lit(rate, pl.Float64).alias("base_chance"),
    )


def _recency_alone(cells: pl.DataFrame) -> _Rates:
    if not cells["leavers"].sum():
        raise ThinDataError("Nobody left: there is no rate to compare with.")
    return _Rates(cells.group_by("recency").agg(rate=pl.col("leavers").sum() / pl.col("people").sum()))


@dataclass(frozen=True)
class _Rates:
    rates: pl.DataFrame

    def chances(self, patterns: pl.DataFrame) -> measures.Floats:
        found = patterns.select("recency").join(self.rates, on="recency", how="left", maintain_order="left")
        return found["rate"].fill_null(float("nan")).to_numpy()


def _chances(known: pl.DataFrame, now: pl.DataFrame, challenger: Challenger) -> pl.Series:
    try:
        found = challenger(known).chances(now)
    except ThinDataError:
        found = np.full(now.height, np.nan)
    return pl.Series(found, dtype=pl.Float64).fill_nan(None)
