"""The SQL folder against the oracle: on random organisations, every cell of eleven metrics is the same."""

from __future__ import annotations

from datetime import date
from math import ceil, floor, inf

import pytest

from pipelines.reference import reporting_dates
from tests.oracle import Cell, Known
from tests.oracle_metrics import METRICS, each, turnover
from tests.random_organisation import organisation, rows, sources
from tests.small_organisation import Organisation
from tests.sql_cases import warehouse

MONTHS = 12
TURNOVER = "metrics.out_01_voluntary_turnover"
MEDIAN = "metrics.rcy_02_median_months_since_last"
UNKNOWN_IN = {"metrics.cov_03_in_date_person_time": 365}
ADHERENCE = "metrics.cad_03_adherence"
Answer = tuple[float, float, float]


def by_hand(org: Organisation) -> dict[str, dict[Cell, Answer]]:
    everybody = [Known(org, person) for person in org.people]
    dates = reporting_dates(org.as_of, MONTHS)
    tallies = {name: each(metric, everybody, compared(org)) for name, metric in METRICS.items()} | {
        TURNOVER: turnover(everybody, dates)
    }
    found = {
        name: {cell: (a, b, _whole(name, c)) for cell, (a, b, c) in tally.cells.items()}
        for name, tally in tallies.items()
    }
    return {
        name: {cell: answer for cell, answer in cells.items() if answer[1] or answer[2]}
        for name, cells in found.items()
    }


def compared(org: Organisation) -> list[date]:
    """The reporting dates compared: some of the year, and the last two, on whose edges the organisations have most to say."""
    dates = reporting_dates(org.as_of, MONTHS)
    return sorted({*dates[::4], *dates[-2:]})


def _whole(name: str, unknown: float) -> float:
    """Unknown person-days and person-years are published as whole years, half-years as at least so many people."""
    if name == ADHERENCE:
        return float(ceil(unknown / 4))
    return float(floor(unknown / UNKNOWN_IN.get(name, 1) + 1e-9))


def by_sql(org: Organisation) -> dict[str, dict[Cell, Answer]]:
    names = [*METRICS, TURNOVER]
    found: dict[str, dict[Cell, Answer]] = {}
    settings = {"history_months": MONTHS, "stage_target_days": org.targets}
    with warehouse().run(names, rows(org), org.as_of, sources(org), settings) as con:
        for name in names:
            query = f"SELECT as_of, cut, group_key, band, numerator, denominator, unknown, value, note FROM {name}"
            listed = con.execute(
                f"{query} WHERE cut IN ('company', 'org_unit') AND (denominator > 0 OR unknown > 0)"
            ).fetchall()
            assert len({row[:4] for row in listed}) == len(listed), f"{name} has a cell twice"
            dates = reporting_dates(org.as_of, MONTHS) if name == TURNOVER else compared(org)
            found[name] = {row[:4]: (_upper(name, *row[4:]), row[5], row[6]) for row in listed if row[0] in dates}
    return found


def _upper(name: str, numerator: float, denominator: float, unknown: int, value: float | None, note: str) -> float:
    if name != MEDIAN or not denominator:
        return numerator or 0.0
    return inf if note == "over_tenure" else value or 0.0


@pytest.mark.parametrize("seed", range(30))
def test_every_cell_is_the_one_worked_out_by_hand(seed: int) -> None:
    org = organisation(seed)
    expected, actual = by_hand(org), by_sql(org)
    for name, cells in expected.items():
        wrong = {
            cell: (answer, actual[name].get(cell))
            for cell, answer in cells.items()
            if actual[name].get(cell) != pytest.approx(answer, abs=1e-9)
        }
        assert not wrong, (
            f"{name}: {len(wrong)} of {len(cells)} cells differ (by hand, by SQL): {dict(list(wrong.items())[:6])}"
        )
        assert actual[name].keys() == cells.keys(), f"{name}: {actual[name].keys() ^ cells.keys()}"
