"""The synthetic company: what it fills into templates, and the survey answers that two people give about one thing."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipelines.company import Company, simulate, write_exports

AS_OF = date(2026, 11, 22)
LAST_WAVE = "2026h2"


@pytest.fixture(scope="module")
def company() -> Company:
    return simulate(employees=5_000, as_of=AS_OF)


@pytest.fixture(scope="module")
def landing(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("landing")
    write_exports(company, folder)
    return folder


def exported(landing: Path, stem: str) -> pl.DataFrame:
    return pl.read_csv(
        next(landing.glob(f"{stem}_*.csv")), try_parse_dates=True, schema_overrides={"employee_id": pl.String}
    )


def share(frame: pl.DataFrame, what: pl.Expr) -> float:
    return float(frame.select(what.cast(pl.Float64).mean()).item())


def same_minded(pairs: pl.DataFrame, one: str, other: str) -> float:
    """Cohen's kappa of two columns of Yes and No."""
    yes = [pl.col(name) == "Yes" for name in (one, other)]
    agreed = share(pairs, yes[0] == yes[1])
    first, second = (share(pairs, said) for said in yes)
    by_chance = first * second + (1 - first) * (1 - second)
    return (agreed - by_chance) / (1 - by_chance)


def test_something_is_agreed_in_about_half_of_the_talks_and_more_often_in_dedicated_ones(company: Company) -> None:
    held = company.conversations.filter("held_career")
    held = held.with_columns(
        agreed=pl.struct("spell", "day").is_in(company.actions.select(s=pl.struct("spell", "day"))["s"].implode())
    )
    assert share(held, pl.col("agreed")) == pytest.approx(0.46, abs=0.03)
    by_setting = {
        name: share(held.filter(pl.col("setting") == name), pl.col("agreed")) for name in ("Informal", "Dedicated")
    }
    assert by_setting["Dedicated"] > by_setting["Informal"] + 0.2


def test_actions_end_while_their_owner_is_there_and_are_reviewed_at_the_next_talk(company: Company) -> None:
    actions = company.actions.join(company.spells.select("spell", "term_on"), left_on="owner_spell", right_on="spell")
    over = (pl.col("done") <= pl.col("day")) | (pl.col("done") >= pl.col("term_on")) | (pl.col("done") > AS_OF)
    assert actions.filter(over).is_empty()
    assert share(actions, pl.col("done").is_not_null()) == pytest.approx(0.60, abs=0.05)
    assert actions.filter((pl.col("status") == "done") != pl.col("done").is_not_null()).is_empty()
    talks = company.conversations.filter("held_career").sort("spell", "day")
    talks = talks.select("spell", "day", following=pl.col("day").shift(-1).over("spell"))
    reviewed = actions.drop_nulls("reviewed").join(talks, on=["spell", "day"])
    assert reviewed.height > 1_000
    assert reviewed.filter(pl.col("reviewed") != pl.col("following")).is_empty()


def test_an_exported_action_belongs_to_a_talk_of_the_log_on_its_day(company: Company, landing: Path) -> None:
    actions = exported(landing, "conversations/parley/action")
    text = b"".join(
        path.read_bytes().split(b"\r\n", 1)[1] for path in sorted(landing.glob("conversations/talklog/*.csv"))
    )
    lines = [line.split(";") for line in text.decode("cp1252").split("\r\n") if line]
    days = {line[0]: line[2] for line in lines}
    soiled = {"impossible_date", "future_date", "before_hire"}
    expected = sum(1 for kind in company.conversations["dirt"].to_list() if kind in soiled)
    strange = actions.filter(
        pl.col("agreed_on").dt.to_string("%d/%m/%Y") != pl.col("conversation_id").replace_strict(days, default="")
    )
    lost = actions.filter(~pl.col("conversation_id").is_in(list(days)))
    assert actions.height > 10_000
    assert lost.height <= strange.height <= lost.height + 3 * expected


def test_most_ratings_are_the_employees_own(company: Company) -> None:
    rated = company.conversations.drop_nulls("useful")
    assert share(rated, pl.col("rated_by").eq_missing("Employee")) == pytest.approx(0.86, abs=0.02)
    assert share(rated, pl.col("rated_by").eq_missing("Partner")) == pytest.approx(0.09, abs=0.02)
    assert company.conversations.filter(pl.col("useful").is_null() & pl.col("rated_by").is_not_null()).is_empty()


def test_employed_staff_are_judged_once_a_year_and_regretted_leavers_were_more_often_valued(company: Company) -> None:
    flags = company.valued_flags
    assert flags.select("employee_id", "flagged_on").is_unique().all()
    spells = company.spells.filter(pl.col("kind") != "Contractor").select("employee_id", "hired_on", "term_on")
    there = (pl.col("hired_on") <= pl.col("flagged_on")) & (pl.col("term_on") > pl.col("flagged_on")).fill_null(True)
    assert flags.join(spells, on="employee_id").filter(there).height == flags.height
    newest = flags.filter(pl.col("flagged_on") == date(2026, 1, 31))
    assert newest.height / 5_000 == pytest.approx(0.88, abs=0.04)
    assert share(newest, pl.col("is_valued")) == pytest.approx(0.32, abs=0.04)
    assert flags.filter((pl.col("recorded_on") < pl.col("flagged_on")) | (pl.col("recorded_on") > AS_OF)).is_empty()
    told = flags.join(company.workers.select("employee_id", "regretted"), on="employee_id")
    by_regret = {
        answer: share(told.filter(pl.col("regretted") == answer), pl.col("is_valued")) for answer in ("Yes", "No")
    }
    assert by_regret["Yes"] > by_regret["No"] + 0.2


def test_everybody_has_attributes_some_of_them_undisclosed_and_divisions_differ(company: Company) -> None:
    attributes = company.attributes
    assert attributes.select("employee_id", "attribute", "valid_from").is_unique().all()
    for name, undisclosed in (("gender", 0.035), ("disability", 0.15)):
        rows = attributes.filter(pl.col("attribute") == name)
        assert set(rows["employee_id"]) == set(company.workers["employee_id"])
        last = rows.sort("employee_id", "valid_from").unique("employee_id", keep="last", maintain_order=True)
        assert share(last, pl.col("value") == "Undisclosed") == pytest.approx(undisclosed, abs=0.015)
        earlier = rows.filter(pl.col("employee_id").is_duplicated() & pl.col("valid_from").is_null())
        assert earlier["value"].unique().to_list() == ["Undisclosed"]
    now = company.jobs.filter(pl.col("ended_on").is_null()).select("employee_id", "division")
    women = attributes.filter(pl.col("value").is_in(["Female", "Male"])).join(now, on="employee_id")
    care, engineering = (
        share(women.filter(pl.col("division") == each), pl.col("value") == "Female") for each in (0, 4)
    )
    assert care > engineering + 0.25


def test_managers_answer_about_their_reports_and_claim_more_than_those_do(company: Company) -> None:
    checks = company.manager_checks
    assert checks.select("wave", "employee_id").is_unique().all()
    jobs = company.jobs.select("employee_id", "manager_id", "began_on", "ended_on")
    led = checks.join(jobs, on=["employee_id", "manager_id"])
    then = (pl.col("began_on") <= pl.col("day")) & (
        pl.col("ended_on").is_null() | (pl.col("ended_on") >= pl.col("day"))
    )
    assert led.filter(then).height == checks.height
    sheets = company.responses.drop_nulls("Q8").select("wave", "employee_id", "Q8")
    pairs = checks.filter(pl.col("wave") == LAST_WAVE).join(sheets, on=["wave", "employee_id"])
    assert pairs.height > 1_000
    assert share(pairs, pl.col("answer") == "Yes") > share(pairs, pl.col("Q8") == "Yes") + 0.05
    assert 0.3 < same_minded(pairs, "answer", "Q8") < 0.5


def test_opinions_are_at_the_published_levels_and_better_after_a_talk(company: Company) -> None:
    sheets = company.responses.filter(~pl.col("is_preview"))
    for name, level in (("Q2", 0.31), ("Q9", 0.57), ("Q10", 0.53)):
        answered = sheets.drop_nulls(name)
        assert share(answered, pl.col(name) >= 4) == pytest.approx(level, abs=0.03), name
    held = company.conversations.filter("held_career").select("spell", "day", talked="day").sort("day")
    asked = sheets.sort("day").join_asof(held, on="day", by="spell", check_sortedness=False)
    recent = (pl.col("day") - pl.col("talked") <= timedelta(days=183)).fill_null(False)
    for name in ("Q9", "Q10"):
        answered = asked.drop_nulls(name)
        talked, others = (share(answered.filter(who), pl.col(name) >= 4) for who in (recent, ~recent))
        assert talked == pytest.approx(others + 0.16, abs=0.04), name
