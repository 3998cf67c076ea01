"""How far estimators of hazards are from a known truth, and how often their intervals hold it, over many invented companies.

    python benchmarks/hazards_truth.py [--replications 1000] [--world effect]

Prints one line per world, estimator and level: mean log ratio less the truth, its Monte Carlo error, and coverage.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import polars as pl

from pipelines.hazards import Fit, Term, cloglog, cox, within_manager
from tests.hazards.worlds import NULL, PROMOTION, TERMS, World, cells, person_months, truth

Estimator = Callable[[pl.DataFrame], Fit]
ESTIMATORS: dict[str, Estimator] = {
    "cox": lambda months: cox(cells(months), "voluntary", TERMS),
    "cloglog": lambda months: cloglog(cells(months), "voluntary", TERMS),
    "crude": lambda months: cloglog(cells(months), "voluntary", TERMS[:1]),
    "within manager": lambda months: within_manager(cells(months, "manager"), "voluntary", TERMS, "manager"),
    "by manager": lambda months: cloglog(
        cells(months, "manager", "site"), "voluntary", [*TERMS, Term("site", "0")], clusters="manager"
    ),
    "by person": lambda months: cloglog(cells(months, "person"), "voluntary", TERMS, clusters="person"),
    "involuntary": lambda months: cloglog(cells(months), "involuntary", TERMS),
}
WORLDS = {
    "effect": (World(), ("cox", "cloglog", "crude", "involuntary")),
    "null": (World(NULL), ("cox", "cloglog")),
    "confounded": (World(NULL, spread=0.4, correlation=-0.6), ("cloglog", "within manager", "involuntary")),
    "frailty": (World(spread=0.5, site_ratio=1.3), ("cloglog", "by manager")),
    "promotion": (World(PROMOTION, is_recurrent=True), ("by person",)),
}


def measured(
    world: World, estimator: Estimator, known: dict[str, float], replications: int
) -> dict[str, tuple[float, float, float]]:
    """Per column with a `known` log ratio: bias, its Monte Carlo error, and the share of 95 % intervals that hold it."""
    found: dict[str, list[tuple[float, bool]]] = {name: [] for name in known}
    for seed in range(replications):
        fit = estimator(person_months(world, seed))
        for name in set(known) & set(fit.terms):
            ratio, lo, hi = fit.ratio(name)
            found[name].append((np.log(ratio) - known[name], np.log(lo) <= known[name] <= np.log(hi)))
    told = {name: np.array(values, dtype=float).T for name, values in found.items() if values}
    return {
        name: (bias.mean(), bias.std(ddof=1) / np.sqrt(len(bias)), held.mean()) for name, (bias, held) in told.items()
    }


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=1000)
    parser.add_argument("--world", choices=WORLDS, action="append")
    chosen = parser.parse_args()
    print("world       estimator       column                  bias   MC error  coverage")
    for name in chosen.world or WORLDS:
        world, estimators = WORLDS[name]
        for estimator in estimators:
            began = time.process_time()
            known = dict.fromkeys(truth(world), 0.0) if estimator == "involuntary" else truth(world)
            known |= {"site=1": float(np.log(world.site_ratio))}
            found = measured(world, ESTIMATORS[estimator], known, chosen.replications)
            for column, (bias, error, held) in found.items():
                print(f"{name:11} {estimator:15} {column:22} {bias:+.4f}   {error:.4f}    {held:.3f}")
            print(f"{name:11} {estimator:15} {time.process_time() - began:.0f} CPU s", flush=True)


if __name__ == "__main__":
    main()
