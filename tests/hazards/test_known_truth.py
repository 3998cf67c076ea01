"""Estimates in invented companies whose truth is known; `benchmarks/hazards_truth.py` does it at length."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from pipelines.hazards import Fit, Term, by_tenure, cloglog, cox, proportionality, within_manager
from tests.hazards.worlds import EFFECT, NULL, PROMOTION, TERMS, World, cells, person_months, truth

SEEDS = range(20)


def errors(world: World, estimator: Callable[[pl.DataFrame], Fit], known: dict[str, float]) -> tuple[float, float, int]:
    """The largest bias of a log ratio with its Monte Carlo error, and how many of the 95 % intervals hold the truth."""
    fits = [estimator(person_months(world, seed)) for seed in SEEDS]
    off = np.array([[fit.coef[fit.terms.index(name)] - value for name, value in known.items()] for fit in fits])
    held = [fit.ratio(name)[1] <= np.exp(value) <= fit.ratio(name)[2] for fit in fits for name, value in known.items()]
    bias = off.mean(axis=0)
    place = int(np.abs(bias).argmax())
    return float(bias[place]), float(off.std(axis=0, ddof=1)[place] / np.sqrt(len(SEEDS))), sum(held)


def standard_errors_off(fit: Fit, known: dict[str, float]) -> list[float]:
    """How many standard errors a fit is from each known log ratio."""
    places = {name: fit.terms.index(name) for name in known}
    return [abs(fit.coef[places[name]] - value) / fit.errors[places[name]] for name, value in known.items()]


@pytest.mark.parametrize("ratios", [EFFECT, NULL])
@pytest.mark.parametrize("estimator", [cox, cloglog])
def test_planted_ratios_come_back_with_intervals_that_hold_them(
    ratios: tuple[float, ...], estimator: Callable[..., Fit]
) -> None:
    world = World(ratios)
    bias, noise, held = errors(world, lambda months: estimator(cells(months), "voluntary", TERMS), truth(world))
    assert abs(bias) < 3.5 * noise
    # Of 80 intervals 76 are to be expected; fewer than 69 come about less than once in a thousand times.
    assert held >= 69


def test_without_the_covariates_the_ratios_are_off() -> None:
    world = World(EFFECT, people=30_000)
    months = person_months(world, 1)
    crude, adjusted = (cloglog(cells(months), "voluntary", terms) for terms in (TERMS[:1], TERMS))
    assert max(standard_errors_off(adjusted, truth(world))) < 3
    assert max(standard_errors_off(crude, truth(world))) > 5


def test_a_manager_who_talks_less_and_loses_more_is_seen_through_within_managers_only() -> None:
    """The negative control does not see it: it acts on voluntary exits alone."""
    world = World(NULL, spread=0.4, correlation=-0.6)
    pooled, within, control = (
        errors(world, estimator, dict.fromkeys(truth(world), 0.0))
        for estimator in (
            lambda months: cloglog(cells(months), "voluntary", TERMS),
            lambda months: within_manager(cells(months, "manager"), "voluntary", TERMS, "manager"),
            lambda months: cloglog(cells(months), "involuntary", TERMS),
        )
    )
    assert pooled[0] > 0.15
    assert pooled[0] > 5 * pooled[1]
    assert abs(within[0]) < 3.5 * within[1]
    assert within[2] >= 69
    assert abs(control[0]) < 3.5 * control[1]


def test_what_managers_share_needs_errors_by_manager() -> None:
    world = World(team=30, spread=0.5, site_ratio=1.3)
    known = {"site=1": float(np.log(1.3))}
    terms = [*TERMS, Term("site", "0")]
    plain = errors(world, lambda months: cloglog(cells(months, "site"), "voluntary", terms), known)
    clustered = errors(
        world,
        lambda months: cloglog(cells(months, "site", "manager"), "voluntary", terms, clusters="manager"),
        known,
    )
    assert plain[2] < clustered[2]
    assert clustered[2] >= 17


def test_recurrent_promotions_by_the_months_since_the_last() -> None:
    world = World(PROMOTION, is_recurrent=True)
    bias, noise, held = errors(
        world,
        lambda months: cloglog(cells(months, "person"), "voluntary", TERMS, clusters="person"),
        truth(world),
    )
    assert abs(bias) < 3.5 * noise
    assert held >= 69


def test_ever_against_never_shows_a_benefit_where_there_is_none() -> None:
    """The refused estimator: what is only known in the end explains the end."""
    months = person_months(World(NULL), 1)
    counted = cells(months, "ever")
    refused = cox(counted, "voluntary", [Term("ever", "never")]).ratio("ever=ever")
    assert refused[2] < 0.5
    months_in_state = cox(cells(months), "voluntary", TERMS)
    assert all(months_in_state.ratio(name)[1] < 1 < months_in_state.ratio(name)[2] for name in truth(World()))


def test_a_ratio_that_fades_is_found_by_the_test_and_shown_by_tenure() -> None:
    """Twice the hazard in the first year, the same as others' afterwards."""
    draw = np.random.default_rng(11)
    month, level = np.divmod(np.arange(48), 2)
    at_risk = np.full(48, 2_000)
    events = draw.binomial(at_risk, 0.01 * np.where((level == 1) & (month < 12), 2.0, 1.0))
    frame = pl.DataFrame({"tenure_month": month, "at_risk": at_risk, "event": events, "level": level.astype(str)})
    terms = [Term("level", "0")]
    assert proportionality(frame, "event", terms).filter(term="level")["p"].item() < 1e-6
    fit = by_tenure(frame, "event", terms, "level", bands=(12,))
    early, late = fit.ratio("level=1, 000_to_011"), fit.ratio("level=1, 012_or_more")
    assert early[1] < 2 < early[2]
    assert late[1] < 1 < late[2]
    assert early[1] > late[2]


def test_a_constant_ratio_passes_the_test_of_proportionality() -> None:
    passed = [
        proportionality(cells(person_months(World(), seed)), "voluntary", TERMS).row(-1, named=True)["p"] > 0.05
        for seed in range(10)
    ]
    assert sum(passed) >= 8
