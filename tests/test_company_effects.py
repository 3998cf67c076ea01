"""The synthetic company: what each scenario plants can be found again in the truth."""

import itertools
from datetime import date, timedelta

import polars as pl
import pytest

from pipelines.company import Company, simulate
from pipelines.company.calendar import first_days

AS_OF = date(2026, 11, 22)


def share(values: pl.Series, value: str) -> float:
    return float((values.drop_nulls() == value).sum() / values.drop_nulls().len())


def person_months(company: Company) -> pl.DataFrame:
    """Person-months at risk: exposed at the first of the month or not, event decided in it, tenure, manager."""
    months = first_days(company.as_of, company.months, 0).tolist()
    talks = company.conversations.filter("held_career").select("spell", talked="day").sort("talked")
    led = company.jobs.select("spell", "began_on", "manager_id", "unit").sort("began_on")
    blocks = []
    for low, high in itertools.pairwise(months):
        first, following = date.fromordinal(low + 719_163), date.fromordinal(high + 719_163)
        here = company.spells.filter(
            (pl.col("hired_on") <= first) & (pl.col("notice_on").is_null() | (pl.col("notice_on") >= first))
        ).with_columns(first=pl.lit(first), eve=pl.lit(first - timedelta(days=1)))
        here = here.join_asof(talks, left_on="eve", right_on="talked", by="spell", check_sortedness=False)
        here = here.join_asof(led, left_on="first", right_on="began_on", by="spell", check_sortedness=False)
        blocks.append(
            here.select(
                "manager_id",
                "unit",
                tenure=(pl.col("first") - pl.col("hired_on")).dt.total_days() // 30,
                exposed=(pl.col("first") - pl.col("talked") <= timedelta(days=183)).fill_null(False),
                event=((pl.col("notice_on") < following) & (pl.col("cause") == "Voluntary")).fill_null(False),
            )
        )
    return pl.concat(blocks)


def mantel_haenszel(months: pl.DataFrame, *strata: str) -> float:
    """Rate ratio of exposed against unexposed person-months, pooled over strata."""
    exposed, event = pl.col("exposed"), pl.col("event")
    cells = months.group_by(strata).agg(
        a=(event & exposed).sum(), b=(event & ~exposed).sum(), n1=exposed.sum(), n0=(~exposed).sum(), n=pl.len()
    )
    above, below = pl.col("a") * pl.col("n0") / pl.col("n"), pl.col("b") * pl.col("n1") / pl.col("n")
    return float(cells.select(above.sum() / below.sum()).item())


@pytest.mark.parametrize(("scenario", "planted"), [("null", 1.0), ("protective", 0.85)])
def test_the_planted_ratio_is_found_in_the_truth(scenario: str, planted: float) -> None:
    months = person_months(simulate(employees=20_000, scenario=scenario, as_of=AS_OF))
    # About 3,000 events in each arm give a standard error of 0.024 on the log scale; three of them are 7 %.
    assert mantel_haenszel(months, "tenure") == pytest.approx(planted, rel=0.07)


def test_manager_quality_confounds_until_it_is_held_fixed() -> None:
    confounded = simulate(employees=20_000, scenario="manager_confounded", as_of=AS_OF)
    quality = confounded.spells.select(manager_id="employee_id", quality="quality_as_manager")
    months = person_months(confounded).join(quality.unique("manager_id", keep="first"), on="manager_id")
    months = months.with_columns(
        quality_band=(pl.col("quality") * 5).floor(),
        tenure_band=(pl.col("tenure") + 1).log(1.5).cast(pl.Int32),
    )
    assert mantel_haenszel(months, "tenure") < 0.94
    assert mantel_haenszel(months, "tenure_band", "quality_band") == pytest.approx(1.0, rel=0.07)


def test_talks_stop_before_notice_only_in_the_reverse_scenario() -> None:
    last_weeks = {}
    for name in ("null", "reverse"):
        world = simulate(employees=2_000, scenario=name, as_of=AS_OF)
        resigned = world.spells.filter(pl.col("cause") == "Voluntary").select("spell", "notice_on")
        talks = world.conversations.filter("held_career").join(resigned, on="spell")
        ahead = (pl.col("notice_on") - pl.col("day")).dt.total_days()
        last_weeks[name] = talks.filter(ahead.is_between(0, 60)).height
    assert last_weeks["reverse"] == 0
    assert last_weeks["null"] > 50


def test_informal_talks_are_recorded_less_where_the_scenario_says_so() -> None:
    known = {}
    for name in ("protective", "under_recorded"):
        talks = simulate(employees=2_000, scenario=name, as_of=AS_OF).conversations.filter(pl.col("held_career"))
        care = talks.filter((pl.col("division") == 0) & (pl.col("setting") == "Informal"))
        care = care.filter(pl.col("day").is_between(date(2024, 1, 1), AS_OF - timedelta(days=150)))
        known[name] = share(care["recorded_in"], "talklog")
    assert known["protective"] == pytest.approx(0.96, abs=0.03)
    assert known["under_recorded"] == pytest.approx(0.40, abs=0.06)


def test_effects_in_kraimer_depend_on_openings() -> None:
    world = simulate(employees=20_000, scenario="kraimer", as_of=AS_OF)
    openings = world.units.unique("unit").select("unit", "has_openings")
    months = person_months(world).join(openings, on="unit")
    found = {kind: mantel_haenszel(months.filter(pl.col("has_openings") == kind), "tenure") for kind in (True, False)}
    # Half the events in each stratum: a standard error of 0.033, three of them 10 %.
    assert found[True] == pytest.approx(0.80, rel=0.10)
    assert found[False] == pytest.approx(1.15, rel=0.10)
