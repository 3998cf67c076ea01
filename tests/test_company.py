"""The synthetic company: determinism, calibration and inner consistency."""

import json
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipelines.company import SCENARIOS, Company, simulate, write_exports, write_truth

AS_OF = date(2026, 11, 22)


@pytest.fixture(scope="module")
def company() -> Company:
    return simulate(employees=5_000, as_of=AS_OF)


def employed(company: Company, day: date) -> pl.DataFrame:
    there = (pl.col("hired_on") <= day) & (pl.col("term_on").is_null() | (pl.col("term_on") > day))
    return company.spells.filter(there & (pl.col("kind") != "Contractor"))


def share_with_talk(company: Company, day: date, days: int, partner: str | None = None) -> float:
    """Share of people employed all of the last `days` who had a career conversation in them."""
    since = day - timedelta(days=days)
    talks = company.conversations.filter(pl.col("held_career") & pl.col("day").is_between(since, day, closed="right"))
    talks = talks if partner is None else talks.filter(pl.col("partner") == partner)
    people = employed(company, day).filter(pl.col("hired_on") <= since)
    return people.join(talks, on="spell", how="semi").height / people.height


def share(values: pl.Series, value: str) -> float:
    return float((values.drop_nulls() == value).sum() / values.drop_nulls().len())


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        write_exports(simulate(employees=300, as_of=AS_OF), tmp_path / folder)
    files = [path.relative_to(tmp_path / "one") for path in sorted((tmp_path / "one").rglob("*.*"))]
    assert len(files) == 22
    assert all((tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes() for file in files)


def test_another_seed_gives_another_company() -> None:
    first, second = (simulate(employees=300, as_of=AS_OF, seed=seed) for seed in (1, 2))
    assert not first.spells.equals(second.spells)


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("as_of", [AS_OF, date(2024, 2, 29), date(2025, 1, 31), date(2025, 12, 1)])
def test_a_small_company_works_in_every_scenario_and_on_awkward_days(
    scenario: str, as_of: date, tmp_path: Path
) -> None:
    small = simulate(employees=300, scenario=scenario, as_of=as_of)
    assert len(write_exports(small, tmp_path)) == 22
    assert employed(small, as_of).height == pytest.approx(300, rel=0.06)
    assert all(count >= 1 for count in json.loads(write_truth(small, tmp_path).read_text())["dirt"].values())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"employees": 50}, "at least 200 people"),
        ({"employees": 300, "months": 12}, "42 months"),
        ({"employees": 300, "scenario": "miracle"}, "Choose one of: null"),
    ],
)
def test_impossible_requests_say_what_to_ask_for(arguments: dict[str, int | str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        simulate(as_of=AS_OF, **arguments)  # type: ignore[arg-type]


def test_head_count_is_as_asked_and_never_jumps(company: Company) -> None:
    counts = [employed(company, AS_OF - timedelta(days=30 * month)).height for month in range(40)]
    assert counts[0] == pytest.approx(5_000, rel=0.05)
    assert all(abs(new / old - 1) < 0.03 for old, new in zip(counts[1:], counts[:-1], strict=True))


def test_talking_matches_the_published_levels(company: Company) -> None:
    assert 0.40 <= share_with_talk(company, AS_OF, 183) <= 0.52
    assert 0.33 <= 1 - share_with_talk(company, AS_OF, 1095, "Line manager") <= 0.41
    assert share_with_talk(company, AS_OF, 183) > share_with_talk(company, AS_OF - timedelta(days=1095), 183) + 0.03
    year = company.conversations.filter(pl.col("held_career") & (pl.col("day") > AS_OF - timedelta(days=365)))
    assert 1.3 <= year.height / employed(company, AS_OF).height <= 1.8


def test_divisions_differ_in_talking(company: Company) -> None:
    talks = company.conversations.filter("held_career")
    now = company.jobs.filter(pl.col("ended_on").is_null() & (pl.col("reason") != "Termination"))
    talks_now = talks.filter(pl.col("day") > AS_OF - timedelta(days=365)).group_by("division").len()
    rates = now.group_by("division").len("people").join(talks_now, on="division")
    by_division = dict(rates.select("division", pl.col("len") / pl.col("people")).iter_rows())
    assert by_division[0] < 0.7 * by_division[4]  # Customer Care against Engineering


def test_the_character_of_talks_matches_the_published_levels(company: Company) -> None:
    talks = company.conversations.filter("held_career")
    assert share(talks["partner"], "Line manager") == pytest.approx(0.53, abs=0.03)
    assert share(talks["setting"], "Informal") == pytest.approx(0.54, abs=0.02)
    assert share(talks["started_by"], "Employee") == pytest.approx(0.39, abs=0.02)
    assert share(talks["prepared"], "Yes") == pytest.approx(0.40, abs=0.02)
    timed = talks.filter(pl.col("basis") == "Reported").drop_nulls("minutes")
    assert (timed["minutes"] <= 15).sum() / timed.height == pytest.approx(0.21, abs=0.02)


def test_fields_are_left_blank_at_the_assumed_rates(company: Company) -> None:
    talks = company.conversations.filter("held_career")
    expected = {"minutes": 0.28, "started_by": 0.14, "setting": 0.14, "partner": 0.06, "useful": 0.40}
    for name, gap in expected.items():
        assert talks[name].null_count() / talks.height == pytest.approx(gap, abs=0.015), name


def test_leaving_matches_the_published_levels(company: Company) -> None:
    exits = company.spells["cause"].drop_nulls()
    assert share(exits, "Voluntary") == pytest.approx(0.70, abs=0.04)
    assert share(exits, "Involuntary") == pytest.approx(0.20, abs=0.03)
    hires = company.spells.filter(pl.col("hired_on").is_between(date(2023, 6, 1), AS_OF - timedelta(days=365)))
    stayed = pl.col("term_on").is_null() | (pl.col("term_on") - pl.col("hired_on") > timedelta(days=365))
    assert 0.70 <= hires.filter(stayed).height / hires.height <= 0.82
    assert hires.height > 1_000


def test_careers_move_at_the_published_rates(company: Company) -> None:
    recent = company.jobs.filter(pl.col("began_on") > AS_OF - timedelta(days=730))
    promotions = recent.filter(pl.col("reason") == "Promotion").height
    assert promotions / 2 / 5_000 == pytest.approx(0.06, abs=0.015)
    window = company.jobs.filter(pl.col("began_on") >= date(2024, 6, 1))["reason"].value_counts()
    counts = dict(window.iter_rows())
    assert counts["Rehire"] / (counts["Rehire"] + counts["Hire"]) == pytest.approx(0.02, abs=0.012)
    away = company.absences["ended_on"].null_count()
    assert away / 5_000 == pytest.approx(0.03, abs=0.01)


def test_job_rows_abut_and_managers_are_in_place(company: Company) -> None:
    jobs = company.jobs
    following = jobs.with_columns(next_on=pl.col("began_on").shift(-1).over("spell")).drop_nulls("next_on")
    assert (following["next_on"] - following["ended_on"]).unique().to_list() == [timedelta(days=1)]
    assert jobs.filter(pl.col("ended_on") < pl.col("began_on")).is_empty()
    led = jobs.drop_nulls("manager_id").join(
        company.spells.select(manager_id="employee_id", manager_hired="hired_on", manager_gone="term_on"),
        on="manager_id",
    )
    last = pl.col("ended_on").fill_null(AS_OF)
    there = (pl.col("manager_hired") <= pl.col("began_on")) & (pl.col("manager_gone") > last).fill_null(True)
    assert led.filter(there).select("spell", "began_on").n_unique() == jobs.drop_nulls("manager_id").height
    assert led.filter(pl.col("manager_id") == pl.col("employee_id")).is_empty()


def test_talks_happen_on_working_days_of_employment_and_never_with_oneself(company: Company) -> None:
    talks = company.conversations.join(company.spells.select("spell", "hired_on", "term_on"), on="spell")
    assert talks.filter(pl.col("day").dt.weekday() > 5).is_empty()
    assert talks.filter((pl.col("day") < pl.col("hired_on")) | (pl.col("day") >= pl.col("term_on"))).is_empty()
    assert talks.filter(pl.col("partner_id") == pl.col("employee_id")).is_empty()
    assert talks.select("spell", "day").is_unique().all()
    logged = talks.filter(pl.col("recorded_in") == "talklog")
    shares = logged.drop_nulls("partner_id").group_by("day", "partner_id").len()
    shares = shares.join(logged.group_by("day").len("all"), on="day").filter(pl.col("all") >= 20)
    assert shares.filter(pl.col("len") >= 0.20 * pl.col("all")).is_empty()
    assert shares.height > 1_000


def test_one_department_changes_division(company: Company) -> None:
    moved = company.units.filter(pl.col("unit").is_duplicated())
    assert moved.height == 2
    before, after = moved.to_dicts()
    assert before["ended_on"] + timedelta(days=1) == after["began_on"]
    assert before["parent"] != after["parent"]


def test_finance_is_never_in_the_talk_log_and_legal_only_lately(company: Company) -> None:
    logged = company.conversations.filter(pl.col("recorded_in") == "talklog")
    first = dict(logged.group_by("division").agg(pl.col("day").min()).iter_rows())
    assert 3 not in first
    assert first[5] >= date(2025, 9, 22)
    assert first[0] < date(2023, 8, 22)
