"""How often the intervals of the what-if figures cover what was planted, and how far the figures are from it on average."""

from __future__ import annotations

import argparse
import time

import numpy as np
import polars as pl

from pipelines.trials.clone_weight import NO_TALK, TALK, arms
from pipelines.trials.effects import Interval, effect
from pipelines.trials.g_formula import g_formula
from pipelines.trials.monthly_rates import monthly_rates
from pipelines.trials.protocol import talking_and_leaving
from pipelines.trials.resampling import Floats, draws
from tests.talking_world import EXIT, World, arm_cells, cells, months_at_risk, starts, true_arms, true_risks

PROTOCOL = talking_and_leaving()
STRATEGIES, HORIZON = PROTOCOL.arms.strategies, PROTOCOL.outcome.horizon_months
TRUTHS, TRUTH_PEOPLE = 6, 500_000
Figures = dict[str, tuple[Interval, float]]


def planted() -> tuple[Floats, Floats]:
    """True risks under the strategies of the protocol, and of both arms of the trial."""
    worlds = [World(rng=np.random.default_rng(seed)) for seed in range(10, 10 + TRUTHS)]
    every = tuple(each.every_months for each in STRATEGIES)
    going_on = np.mean([true_risks(world, TRUTH_PEOPLE, every) for world in worlds], axis=0)
    return going_on, np.mean([true_arms(world, TRUTH_PEOPLE) for world in worlds], axis=0)


def by_g_formula(months: pl.DataFrame, truth: Floats, replicates: int, seed: int) -> Figures:
    own, start = cells(months), starts(months)
    drawn = draws(int(own.select(pl.col("cluster").max()).item()) + 1, replicates, seed)
    rates = monthly_rates(own, EXIT, drawn)
    risks = [g_formula(rates, start, each, HORIZON) for each in STRATEGIES]
    found: Figures = {}
    for number, each in enumerate(STRATEGIES):
        shown = effect(risks[number], risks[0] if number else None, len(drawn))
        if shown is None:
            continue
        found[f"g-formula {each.name}, risk x 100"] = (_percent(shown.risk), 100 * truth[number])
        if shown.points:
            found[f"g-formula {each.name}, points"] = (shown.points, 100 * (truth[number] - truth[0]))
    return found


def by_cloning(months: pl.DataFrame, truth: Floats, replicates: int, seed: int) -> Figures:
    own = arm_cells(months)
    drawn = draws(int(own.select(pl.col("cluster").max()).item()) + 1, replicates, seed)
    both = arms(own, (EXIT,), HORIZON, drawn)
    shown = effect(both[TALK].risks[EXIT], both[NO_TALK].risks[EXIT], len(drawn))
    if shown is None or shown.points is None or shown.ratio is None:
        return {}
    return {
        "trial by cloning, points": (shown.points, 100 * (truth[0] - truth[1])),
        "trial by cloning, ratio": (shown.ratio, truth[0] / truth[1]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=1_000)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--replicates", type=int, default=PROTOCOL.estimator.replicates)
    given = parser.parse_args()
    going_on, trial = planted()
    figures: list[Figures] = []
    began = time.process_time()
    for seed in range(given.worlds):
        months = months_at_risk(World(rng=np.random.default_rng(1_000 + seed)), given.people)
        figures.append(
            by_g_formula(months, going_on, given.replicates, seed) | by_cloning(months, trial, given.replicates, seed)
        )
    print(
        f"{given.worlds} worlds of {given.people} people, {given.replicates} samples of managers, {time.process_time() - began:.0f} CPU s"
    )
    print(f"{'':44}{'planted':>9}{'bias':>9}{'SD':>8}{'covered':>9}")
    for name in figures[0]:
        shown = [each[name] for each in figures if name in each]
        errors = np.array([interval.value - truth for interval, truth in shown])
        covered = np.mean([interval.lo <= truth <= interval.hi for interval, truth in shown])
        print(f"{name:44}{shown[0][1]:9.3f}{errors.mean():9.3f}{errors.std():8.3f}{covered:9.3f}")


def _percent(of: Interval) -> Interval:
    return Interval(100 * of.value, 100 * of.lo, 100 * of.hi)


if __name__ == "__main__":
    main()
