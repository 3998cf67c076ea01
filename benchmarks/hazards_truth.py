"""How far estimators of hazards are from a known truth, and how often their intervals hold it, over many invented companies.

    python benchmarks/hazards_truth.py [--replications 1000] [--world effect]

Prints one line per world, estimator and level: mean log ratio less the truth, its Monte Carlo error, and coverage. Where
managers differ, a ratio among all people is not that among people of one manager, even if nothing goes with talking: those
of the most harmful managers have left, more of them at the levels that harm. What an estimator that pools them aims at
is then its own figure in a company so large that chance is gone (`aim`).
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from pipelines.hazards import Fit, Term, cloglog, cox, within_manager
from tests.hazards.worlds import NULL, PROMOTION, TERMS, World, cells, person_months, truth

SITE = (*TERMS, Term("site", "0"))
LARGE, PARTS = 100_000, 12
_FIRST_LARGE = 1_000_000


@dataclass(frozen=True)
class Estimator:
    """A model of cells counted by `keys` as well; one that `is_pooled` aims at ratios among all people, whoever their manager."""

    fit: Callable[[pl.DataFrame], Fit]
    keys: tuple[str, ...] = ()
    is_pooled: bool = True
    is_control: bool = False

    def of(self, months: pl.DataFrame) -> Fit:
        """The fit to person-months."""
        return self.fit(cells(months, *self.keys))


@dataclass
class Found:
    """Log ratios less the truth, and whether the interval held it, one entry per company."""

    off: list[float] = field(default_factory=list)
    held: list[bool] = field(default_factory=list)

    def add(self, fit: Fit, name: str, known: float) -> None:
        """Count one fit; a company in which a level has no finite ratio is left out."""
        if name in fit.terms:
            ratio, lo, hi = fit.ratio(name)
            self.off.append(float(np.log(ratio) - known))
            self.held.append(bool(np.log(lo) <= known <= np.log(hi)))


ESTIMATORS = {
    "cox": Estimator(lambda counted: cox(counted, "voluntary", TERMS)),
    "cloglog": Estimator(lambda counted: cloglog(counted, "voluntary", TERMS)),
    "crude": Estimator(lambda counted: cloglog(counted, "voluntary", TERMS[:1])),
    "within manager": Estimator(
        lambda counted: within_manager(counted, "voluntary", TERMS, "manager"), ("manager",), is_pooled=False
    ),
    "by manager": Estimator(
        lambda counted: cloglog(counted, "voluntary", SITE, clusters="manager"), ("manager", "site")
    ),
    "by person": Estimator(lambda counted: cloglog(counted, "voluntary", TERMS, clusters="person"), ("person",)),
    "involuntary": Estimator(lambda counted: cloglog(counted, "involuntary", TERMS), is_control=True),
}
WORLDS = {
    "effect": (World(), ("cox", "cloglog", "crude", "involuntary")),
    "null": (World(NULL), ("cox", "cloglog")),
    "confounded": (World(NULL, spread=0.4, correlation=-0.6), ("cloglog", "within manager", "involuntary")),
    "frailty": (World(spread=0.5, site_ratio=1.3), ("cloglog", "by manager", "within manager")),
    "promotion": (World(PROMOTION, is_recurrent=True), ("by person",)),
}


def known(world: World, estimator: Estimator) -> dict[str, float]:
    """Log ratios that were planted, by column."""
    planted = truth(world) if not estimator.is_control else dict.fromkeys(truth(world), 0.0)
    return planted | {"site=1": float(np.log(world.site_ratio))}


def aim(world: World, name: str) -> dict[str, float]:
    """What the estimator of that name says of a company of LARGE x PARTS people, by the columns a truth was planted in."""
    estimator = ESTIMATORS[name]
    seen = []
    for part in range(PARTS):
        months = person_months(replace(world, people=LARGE), _FIRST_LARGE + part)
        # Errors are not asked for, so anything can stand for a cluster.
        seen.append(cells(months.with_columns(manager=part, person=part), *estimator.keys))
    fit = estimator.fit(pl.concat(seen))
    found = dict(zip(fit.terms, map(float, fit.coef), strict=True))
    return {column: found[column] for column in known(world, estimator) if column in found}


def measured(
    world: World, truths: Mapping[str, Mapping[str, float]], replications: int
) -> dict[tuple[str, str], Found]:
    """By estimator and column, how far from `truths` the estimators of one world are."""
    found: dict[tuple[str, str], Found] = defaultdict(Found)
    for seed in range(replications):
        months = person_months(world, seed)
        for name, planted in truths.items():
            fit = ESTIMATORS[name].of(months)
            for column, value in planted.items():
                found[name, column].add(fit, column, value)
    return {which: each for which, each in found.items() if each.off}


def told(label: str, found: Mapping[tuple[str, str], Found]) -> None:
    """Print one line per estimator and column."""
    for (estimator, column), each in found.items():
        off = np.array(each.off)
        error = off.std(ddof=1) / np.sqrt(len(off))
        print(f"{label:18} {estimator:15} {column:22} {off.mean():+.4f}   {error:.4f}    {np.mean(each.held):.3f}")


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=1000)
    parser.add_argument("--world", choices=WORLDS, action="append")
    chosen = parser.parse_args()
    print("world              estimator       column                  bias   MC error  coverage")
    for name in chosen.world or WORLDS:
        world, estimators = WORLDS[name]
        began = time.process_time()
        told(name, measured(world, {each: known(world, ESTIMATORS[each]) for each in estimators}, chosen.replications))
        if world.spread and not world.correlation:
            pooled = [each for each in estimators if ESTIMATORS[each].is_pooled]
            told(f"{name}, to aim", measured(world, {each: aim(world, each) for each in pooled}, chosen.replications))
        print(f"{name:18} {time.process_time() - began:.0f} CPU s", flush=True)


if __name__ == "__main__":
    main()
