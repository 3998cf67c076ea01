"""Whether planted hazard ratios come back through the whole SQL of the links, in companies so large that chance hides nothing.

    python -m benchmarks.links_truth [--people 1000000] [--world effect]

Per world: the export of a company is written, counted chunk by chunk, and fitted. One line per estimator and level: log
ratio less the truth, its standard error, and their quotient z. Ends with 1 where one is beyond 3.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import duckdb

from pipelines.hazards import Fit, Term, cloglog, cox, within_manager
from tests.linked_export import EVENT, banded, counted, monthly, off, stored, terms
from tests.linked_worlds import EFFECT, NULL, RISES, World, export

LIMIT = 3.0
PART = 50_000
Estimator = Callable[[duckdb.DuckDBPyConnection, str, Sequence[Term]], Fit]
ESTIMATORS: dict[str, Estimator] = {
    "cloglog": lambda con, event, model: cloglog(banded(con, event), event, model),
    "cox": lambda con, event, model: cox(monthly(con, event), event, model),
    "within manager": lambda con, event, model: within_manager(
        banded(con, event, by_manager=True), event, model, "cluster_no"
    ),
}
POOLED = ("cloglog", "cox")
# Ratios of the last talk's two kinds, and by the number of talks in a year.
OF_KIND, OF_COUNT = (1.0, 0.70, 1.30), (1.0, 0.85, 0.70, 0.55)


@dataclass(frozen=True)
class Case:
    """A world, the clock of its outcome, the ratios planted, and who is to find them."""

    world: World
    clock: str = "tenure"
    estimators: tuple[str, ...] = POOLED

    @property
    def ratios(self) -> tuple[float, ...]:
        """The planted ratios of the outcome."""
        return self.world.exits if self.clock == "tenure" else self.world.rises


CASES = {
    "effect": Case(World(EFFECT)),
    "null": Case(World(NULL)),
    "notice": Case(World(NULL, notice_days=60)),
    "truncated": Case(World(NULL, newcomers=4.0)),
    "promotion": Case(World(NULL, RISES), "promotion"),
    "confounded": Case(World(NULL, team=20, spread=0.4, correlation=-0.6), estimators=("within manager",)),
    "frailty": Case(World(EFFECT, team=20, spread=0.5), estimators=("within manager",)),
    "count": Case(World(OF_COUNT, exposure="count")),
    **{
        kind: Case(World(OF_KIND, exposure=kind))
        for kind in ("partner", "setting", "length", "initiator", "support", "usefulness")
    },
    # The nightly cells of each month are of the present state only, so Cox has none.
    "lagged": Case(World(EFFECT, lag_months=3), estimators=("cloglog",)),
    "lagged partner": Case(World(OF_KIND, exposure="partner", lag_months=3), estimators=("cloglog",)),
}


def written(path: str, world: World) -> None:
    """Write a file with the tables of core of a company, some people at a time."""
    sizes = [min(PART, world.people - begun) for begun in range(0, world.people, PART)]
    with duckdb.connect(path) as con:
        stored(con, (export(replace(world, people=size), seed) for seed, size in enumerate(sizes)))


def judged(path: str, case: Case, threads: int) -> Iterator[tuple[str, dict[str, tuple[float, float]]]]:
    """Build the cells of a company and print what they cost; then each estimator with how far it is off, by level."""
    event = EVENT[case.clock]
    with duckdb.connect(path) as con:
        con.execute(f"SET memory_limit = '2GB'; SET threads = {threads}; SET preserve_insertion_order = false")
        began = time.process_time()
        counted(con, case.clock, exposure=case.world.exposure, lag_months=case.world.lag_months)
        spent = time.process_time() - began
        people, months, events = con.execute(
            f"SELECT (SELECT count(*) FROM core.employment), sum(at_risk), sum({event}) FROM links.cluster_cell"
        ).fetchall()[0]
        print(
            f"{people:,} people in the export, {months:,} person-months, {events:,} events; SQL {spent:.0f} CPU s, {_memory():,.0f} MB"
        )
        for name in case.estimators:
            began = time.process_time()
            fit = ESTIMATORS[name](con, event, terms(case.world.exposure))
            print(f"{name}: {time.process_time() - began:.1f} CPU s, {_memory():,.0f} MB", flush=True)
            yield name, off(fit, case.ratios, case.world.exposure)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Print what was measured; 1 where a ratio is too far from the truth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--people", type=int, default=1_000_000, help="people ever hired; some leave before the export begins"
    )
    parser.add_argument("--months", type=int, default=60)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--world", choices=CASES, action="append")
    chosen = parser.parse_args()
    furthest = 0.0
    for name in chosen.world or CASES:
        case = replace(CASES[name], world=replace(CASES[name].world, people=chosen.people, months=chosen.months))
        print(f"\n{name}, {chosen.people:,} people over {chosen.months} months", flush=True)
        with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(1, get_context("spawn")) as pool:
            path = str(Path(folder) / "company.duckdb")
            # Memory of the making is not to count as that of the links.
            pool.submit(written, path, case.world).result()
            for estimator, found in judged(path, case, chosen.threads):
                for level, (value, error) in found.items():
                    print(
                        f"  {estimator:15} {level:18} {value:+.4f}   {error:.4f}   z {value / error:+.2f}", flush=True
                    )
                    furthest = max(furthest, abs(value / error))
    print(f"\nfurthest |z| {furthest:.2f}, limit {LIMIT}")
    return int(furthest > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
