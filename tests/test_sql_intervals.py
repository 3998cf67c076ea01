"""Intervals that a SELECT works out itself, against independent implementations and what they promise."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from scipy.stats import binom
from statsmodels.stats.proportion import confint_proportions_2indep

from tests.sql_cases import Row, usual_sources, warehouse

AS_OF = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("short_useful", "short_rated", "long_useful", "long_rated"),
    [(24, 40, 30, 60), (10, 10, 0, 10), (0, 10, 0, 12), (17, 17, 11, 11), (1, 300, 299, 300)],
)
def test_short_yet_useful_has_the_interval_of_newcombe(
    short_useful: int, short_rated: int, long_useful: int, long_rated: int
) -> None:
    counts = (short_useful, short_rated, long_useful, long_rated)
    value, *limits = short_yet_useful(*counts)
    assert value == pytest.approx(100 * (short_useful / short_rated - long_useful / long_rated), abs=1e-9)
    expected = confint_proportions_2indep(*counts, method="newcomb", compare="diff")
    assert limits == pytest.approx([100 * limit for limit in expected], abs=1e-9)


def test_newcombes_published_example_comes_out() -> None:
    """56 of 70 against 48 of 80: 0.0524 to 0.3339 (Newcombe 1998, Statistics in Medicine 17, method 10, example a)."""
    assert [round(limit, 2) for limit in short_yet_useful(56, 70, 48, 80)] == [20.0, 5.24, 33.39]


@pytest.mark.parametrize("known", [6, 10, 23, 50, 99, 200])
def test_the_interval_of_the_median_holds_it_in_95_of_100_samples_and_not_many_more(known: int) -> None:
    rows: list[Row] = [
        {
            "conversation_key": str(minutes),
            "worker_key": "ANN",
            "occurred_on": (AS_OF - timedelta(days=minutes)).isoformat(),
            "duration_min": str(minutes),
            "duration_basis": "reported",
        }
        for minutes in range(1, known + 1)
    ]
    value, low, high = by_sql("metrics.ch3_02_median_duration", "core.talk", rows)
    assert value == (known + 1) / 2
    # The minutes are the ranks: the median lies between the two where as many as `low`, and fewer than `high`, are below it.
    held = binom.cdf(high - 1, known, 0.5) - binom.cdf(low - 1, known, 0.5)
    # Ranks are whole: with few of them the next narrower interval would hold it too seldom.
    assert 0.95 <= held <= (0.98 if known >= 50 else 1)


def short_yet_useful(short_useful: int, short_rated: int, long_useful: int, long_rated: int) -> tuple[float, ...]:
    counts = {
        "short_useful": short_useful,
        "short_rated": short_rated,
        "short_rated_people": short_rated,
        "long_useful": long_useful,
        "long_rated": long_rated,
        "long_rated_people": long_rated,
        "conversations": short_rated + long_rated,
    }
    row: Row = {"as_of": AS_OF.isoformat(), "cut": "company", "group_key": "company", "second_key": ""}
    counted = row | {name: str(count) for name, count in counts.items()}
    return by_sql("metrics.ch3_03_short_yet_useful", "core.talk_census", [counted])


def by_sql(target: str, given: str, rows: list[Row]) -> tuple[float, ...]:
    """Value and limits of the company on the as-of date."""
    with warehouse().run([target], {given: rows}, AS_OF, usual_sources(AS_OF), {"history_months": 12}) as con:
        found = con.execute(
            f"SELECT value, lo, hi FROM {target} WHERE cut = 'company' AND as_of = ?", [AS_OF]
        ).fetchall()
    return tuple(found[0])
