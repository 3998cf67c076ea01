"""Intervals of survey metrics that their SELECTs give, against other implementations and against exact coverage."""

from __future__ import annotations

from datetime import date
from itertools import product
from math import comb
from random import Random

import numpy as np
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from tests.sql_cases import Row, usual_sources, warehouse

AS_OF = date(2026, 6, 30)
CLOSED = "2026-05-31"
WAVE: dict[str, list[Row]] = {
    "core.survey_wave": [{"wave_id": "w", "closed_on": CLOSED}],
    "core.last_wave": [{"as_of": AS_OF.isoformat(), "construct": "enps", "closed_on": CLOSED}],
}
Found = dict[str, tuple[float | None, float | None, float | None]]


def by_sql(target: str, given: dict[str, list[Row]], groups: list[str]) -> Found:
    """Value and interval of each group, where the place of a person is the name of their group."""
    cells: list[Row] = [
        {"place_key": name, "cut": "manager", "is_by_unit": "false", "leaf_key": name, "second_key": ""}
        for name in groups
    ]
    with warehouse().run(
        [target], {**WAVE, **given, "core.place_cell": cells}, AS_OF, usual_sources(AS_OF), {"history_months": 12}
    ) as con:
        found = con.execute(f"SELECT group_key, value, lo, hi FROM {target} WHERE as_of = ?", [AS_OF]).fetchall()
    return {key: (value, lo, hi) for key, value, lo, hi in found}


def enps(counts: list[tuple[int, int, int]]) -> list[tuple[float, float, float]]:
    """Score and interval for numbers of detractors, passives and promoters."""
    answers: list[Row] = [
        {"construct": "enps", "closed_on": CLOSED, "person": f"{group} {score} {nth}", "place_key": str(group), "value_raw": score}
        for group, given in enumerate(counts)
        for score, people in zip(("3", "7", "10"), given, strict=True)
        for nth in range(people)
    ]  # fmt: skip
    found = by_sql("metrics.out_06_enps", {"core.answer_place": answers}, [str(n) for n in range(len(counts))])
    return [found[str(n)] for n in range(len(counts))]  # type: ignore[misc]


def outcomes(people: int) -> list[tuple[int, int, int]]:
    return [(a, b, people - a - b) for a in range(people + 1) for b in range(people + 1 - a)]


@pytest.mark.parametrize("people", [10, 14])
def test_the_interval_of_the_enps_covers_what_it_claims_over_all_samples(people: int) -> None:
    samples = outcomes(people)
    low, high = np.array([(lo, hi) for _, lo, hi in enps(samples)]).T
    ways = np.array([comb(people, a) * comb(people - a, b) for a, b, _ in samples], dtype=float)
    covered = []
    for p, q in product(np.arange(0.05, 0.95, 0.05), repeat=2):
        if p + q < 0.99:
            chance = ways * np.array([p**a * (1 - p - q) ** b * q**c for a, b, c in samples])
            truth = 100 * (q - p)
            covered.append(chance[(low <= truth) & (truth <= high)].sum() / chance.sum())
    assert np.mean(covered) == pytest.approx(0.95, abs=0.015)
    assert min(covered) > 0.88


def test_the_enps_always_lies_in_its_interval() -> None:
    samples = [each for people in (1, 2, 5, 12) for each in outcomes(people)] + [(0, 0, 60), (60, 0, 0), (0, 1, 59)]
    for (detractors, passives, promoters), (value, lo, hi) in zip(samples, enps(samples), strict=True):
        assert value == pytest.approx(100 * (promoters - detractors) / (detractors + passives + promoters))
        assert -100 <= lo <= value <= hi <= 100


def test_kappa_and_its_interval_are_those_of_another_implementation() -> None:
    rng = Random(5)
    tables = [[rng.randint(1, 15) for _ in range(4)] for _ in range(60)]
    said = (("1", "1"), ("1", "0"), ("0", "1"), ("0", "0"))
    pairs: list[Row] = [
        {
            **{"closed_on": CLOSED, "known_on": CLOSED, "employee_key": f"{group} {number} {nth}"},
            **{"place_key": str(group), "employee_said": employee, "manager_said": manager},
        }
        for group, counts in enumerate(tables)
        for number, (count, (employee, manager)) in enumerate(zip(counts, said, strict=True))
        for nth in range(count)
    ]
    found = by_sql("metrics.qua_05_dyad_agreement", {"core.dyad_answer": pairs}, [str(n) for n in range(60)])
    for group, counts in enumerate(tables):
        other = cohens_kappa(np.array(counts).reshape(2, 2))
        expected = (other.kappa, max(other.kappa_low, -1), min(other.kappa_upp, 1))
        assert found[str(group)] == pytest.approx(expected, abs=1e-9)
