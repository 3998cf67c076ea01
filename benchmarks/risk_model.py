"""The model of leaving against challengers, each tried walking forward: on worlds of known truth, and on the ten-year staff file.

    python -m benchmarks.risk_model worlds [SEEDS] [PEOPLE]
    python -m benchmarks.risk_model staff FOLDER     (that of MFG10YearTerminationData.csv)

An EBM is among the challengers where interpret-core is installed, boosted trees where scikit-learn is.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.scoring import measures
from pipelines.scoring.backtest import Backtest, walk_forward
from pipelines.scoring.features import NAMES, Feature
from pipelines.scoring.model import Challenger, overlap_of, risk_model
from tests.risk_world import World

Floats = NDArray[np.float64]
TRIED_YEARS = range(2010, 2015)
BINS = {"age": 5, "service": 2}
STAFF = ("age", "service", "gender", "department", "unit")


@dataclass(frozen=True)
class Learned:
    """A classifier of scikit-learn's kind, and how it is told what it knows."""

    classifier: Any
    columns: tuple[str, ...]
    kinds: dict[str, list[str]]

    def chances(self, patterns: pl.DataFrame) -> Floats:
        found: Floats = self.classifier.predict_proba(coded(patterns, self.columns, self.kinds))[:, 1]
        return found


def coded(patterns: pl.DataFrame, columns: Sequence[str], kinds: dict[str, list[str]]) -> Floats:
    """Numbers as they are, names by their place in `kinds`, -1 for one that is not there."""
    each = [
        patterns[name].replace_strict(kinds[name], range(len(kinds[name])), default=-1, return_dtype=pl.Float64)
        if name in kinds
        else patterns[name].cast(pl.Float64)
        for name in columns
    ]
    return np.column_stack([column.to_numpy() for column in each])


def learned(cells: pl.DataFrame, columns: tuple[str, ...], kind: str) -> Learned:
    """A challenger: every cell once for those who left and once for those who stayed, with their numbers as weights."""
    kinds = {name: sorted(cells[name].unique()) for name in columns if cells[name].dtype == pl.String}
    told = coded(cells, columns, kinds)
    left, people = (cells[name].to_numpy().astype(np.float64) for name in ("leavers", "people"))
    weights = np.concatenate([left, people - left]) / overlap_of(cells["origin_month"])
    outcome = np.repeat([1, 0], len(told))
    used = weights > 0
    classifier = classifiers(kind, [name in kinds for name in columns])
    classifier.fit(np.vstack([told, told])[used], outcome[used], sample_weight=weights[used])
    return Learned(classifier, columns, kinds)


def classifiers(kind: str, is_kind: list[bool]) -> Any:
    if kind == "ebm":
        from interpret.glassbox import ExplainableBoostingClassifier

        types = ["nominal" if each else "continuous" for each in is_kind]
        return ExplainableBoostingClassifier(feature_types=types, random_state=1, n_jobs=1)
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(random_state=1, max_leaf_nodes=8, learning_rate=0.05, max_iter=100)


def challengers(ours: Challenger, columns: tuple[str, ...]) -> dict[str, Challenger]:
    found = {"logistic on cells": ours}
    for kind, package in (("ebm", "interpret"), ("boosted trees", "sklearn")):
        if importlib.util.find_spec(package):
            found[kind] = partial(learned, columns=columns, kind=kind)
    return found


def told(run: Backtest, seconds: float) -> str:
    figures = run.figures
    words = [
        f"{name} {figures[name].value:.3f}"
        for name in ("auc", "brier_skill", "calibration_slope", "lift")
        if name in figures
    ]
    return f"{', '.join(words)}, brier {measures.brier(run.scored):.4f}, {run.verdict}, {seconds:.1f} CPU s"


def worlds(seeds: int = 5, people: int = 2500) -> None:
    slopes: dict[str, list[float]] = {}
    for seed in range(seeds):
        cells = World(people, seed=seed, monthly=0.008).cells()
        for name, challenger in challengers(risk_model, NAMES).items():
            started = time.process_time()
            run = walk_forward(cells, challenger)
            best = measures.auc(run.scored.with_columns(chance="truth")).value
            slopes.setdefault(name, []).append(run.figures["calibration_slope"].value)
            print(
                f"seed {seed} {name}: {told(run, time.process_time() - started)}, the truth's auc {best:.3f}",
                flush=True,
            )
    for name, found in slopes.items():
        print(f"{name}: mean slope {np.mean(found):.3f} (standard error {np.std(found) / np.sqrt(len(found)):.3f})")


def staff_cells(folder: Path) -> pl.DataFrame:
    """One cell per pattern and year: numbers as they are, and beside them in bins of even width."""
    rows = pl.read_csv(folder / "MFG10YearTerminationData.csv")
    named = rows.select(
        "age",
        service="length_of_service",
        gender="gender_short",
        department="department_name",
        unit="BUSINESS_UNIT",
        origin_month=pl.col("STATUS_YEAR") * 12,
        leavers=(pl.col("STATUS") == "TERMINATED").cast(pl.Int64),
    )
    counted = named.group_by(*STAFF, "origin_month").agg(
        people=pl.len().cast(pl.Int64), leavers=pl.col("leavers").sum()
    )
    binned = [
        (pl.col(name) // width * width).cast(pl.String).str.zfill(3).alias(f"{name}_bin")
        for name, width in BINS.items()
    ]
    return counted.with_columns(*binned, recency=pl.lit("unknown"))


def staff(folder: Path) -> None:
    cells = staff_cells(folder)
    levels = {f"{name}_bin": tuple(cells[f"{name}_bin"].unique().sort()) for name in BINS}
    features = [Feature(name, name, levels.get(name, ())) for name in ("age_bin", "service_bin", *STAFF[2:])]
    for name, challenger in challengers(partial(risk_model, features=features), STAFF).items():
        started = time.process_time()
        runs = [walk_forward(cells.filter(pl.col("origin_month") <= 12 * year), challenger) for year in TRIED_YEARS]
        whole = Backtest(pl.concat([run.cells for run in runs]), 1)
        by_year = [measures.auc(run.scored).value for run in runs]
        print(f"{name}: {told(whole, time.process_time() - started)}, unknown {whole.unknown}")
        print(
            f"  auc of each year {', '.join(f'{each:.3f}' for each in by_year)}, mean {np.mean(by_year):.3f}",
            flush=True,
        )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["staff", folder]:
            staff(Path(folder))
        case ["worlds", *numbers]:
            worlds(*map(int, numbers))
        case _:
            print(__doc__)
