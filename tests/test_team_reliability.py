"""Reliability of team scores, against a simulation whose truth is known and an independent analysis of variance."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from scipy.stats import f_oneway

from pipelines.team_reliability import intraclass, reliabilities


def of(teams: list[np.ndarray]) -> tuple[float, float]:
    return intraclass([len(t) for t in teams], [t.sum() for t in teams], [(t**2).sum() for t in teams])


@pytest.mark.parametrize(("share", "size"), [(0.0, 8), (0.05, 12), (0.2, 5), (0.5, 20)])
def test_the_truth_of_a_simulation_is_found(share: float, size: int) -> None:
    found = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        level = rng.normal(0, math.sqrt(share), 80)
        found.append(of([value + rng.normal(0, math.sqrt(1 - share), size) for value in level]))
    of_one, of_team = np.array(found).T
    margin = 4 * of_one.std(ddof=1) / math.sqrt(len(found))
    assert of_one.mean() == pytest.approx(share, abs=margin)
    # Spearman and Brown: what one answer tells of a team, a mean of `size` answers tells more surely.
    stepped = size * of_one / (1 + (size - 1) * of_one)
    np.testing.assert_allclose(of_team, stepped, atol=1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_teams_of_unequal_size_agree_with_another_analysis_of_variance(seed: int) -> None:
    rng = np.random.default_rng(seed)
    teams = [rng.normal(number % 3, 1, rng.integers(1, 15)) for number in range(15)]
    # ICC(2) is one minus one over F.
    assert of(teams)[1] == pytest.approx(1 - 1 / f_oneway(*teams).statistic)


def test_teams_that_do_not_differ_have_a_reliability_below_zero_and_without_teams_there_is_none() -> None:
    alike = [np.array([1.0, 5.0]), np.array([5.0, 1.1])]
    assert of(alike)[0] < 0 > of(alike)[1]
    assert all(math.isnan(value) for value in of([np.array([3.0, 4.0])]))
    assert all(math.isnan(value) for value in of([np.array([3.0]), np.array([4.0])]))
    assert all(math.isnan(value) for value in of([np.array([3.0, 3.0]), np.array([3.0, 3.0])]))


def test_unanimous_teams_that_differ_are_fully_reliable() -> None:
    assert of([np.array([2.0, 2.0]), np.array([4.0, 4.0])]) == (1.0, 1.0)


def test_a_reliability_is_stated_from_ten_teams_on() -> None:
    rng = np.random.default_rng(1)
    values = rng.integers(1, 6, (19, 6)) + (np.arange(19) % 3)[:, None]
    frame = pl.DataFrame(
        {
            "item": ["ten"] * 10 + ["nine"] * 9,
            "answers": [6] * 19,
            "point_sum": values.sum(axis=1),
            "square_sum": (values**2).sum(axis=1),
        }
    )
    found = reliabilities(frame, ["item"])
    assert found["item"].to_list() == ["ten"]
    assert found.row(0)[1:] == pytest.approx(of(list(values[:10])))
    assert reliabilities(frame.clear(), ["item"]).columns == ["item", "team_icc1", "team_icc2"]
