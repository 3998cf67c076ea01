"""Entries of the lists and what they may say: bands without a figure, at most three facts true of the row, a start that fits the stage."""

from __future__ import annotations

import re
from datetime import date, timedelta
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pytest

from pipelines.career_stages import STAGES
from pipelines.scoring import reasons
from pipelines.scoring.entries import SCHEMA, entries
from pipelines.scoring.features import FEATURES, NAMES
from pipelines.scoring.model import RiskModel, risk_model
from pipelines.scoring.phrases import phrases, starts
from pipelines.scoring.rhythm import with_due_band
from tests.risk_world import LEVELS, World
from tests.sql_cases import warehouse

ON = date(2026, 6, 30)
TODAY = (ON - date(1970, 1, 1)).days
DAYS = ("last_on", "none_since_on", "started_on", "job_started_on", "manager_started_on", "promoted_on")
RECENT = ("new_manager_on", "new_role_on", "three_years_on", "lost_mentor_on")
DUE = {name: pl.Date() for name in (*DAYS, *RECENT)}


def ago(days: int | None) -> date | None:
    return None if days is None else ON - timedelta(days=days)


def due_row(key: str, **changes: Any) -> dict[str, Any]:
    """Somebody in the rhythm of their stage: talked 100 days ago, hired and in the role five years ago."""
    usual = {"worker_key": key, "spell_no": 1, "is_eligible": True, "career_stage": "ready_for_more", "state": "known"}
    days = {"last_on": 100, "started_on": 2000, "job_started_on": 2000, "manager_started_on": 2000}
    row = usual | {name: ago(days.get(name)) for name in DUE} | {"target_days": 183, "managers_in_two_years": 0}
    return row | changes


def due_frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema_overrides=DUE)


def staff(size: int, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """People drawn at random, as lists.person_feature and lists.due have them; facts and bins need not agree."""
    rng = Random(seed)
    people, rows = [], []
    for number in range(size):
        key = f"w{number:04}"
        people.append(
            {"worker_key": key, "spell_no": 1, "is_eligible": rng.random() < 0.9}
            | {n: rng.choice(LEVELS[n]) for n in NAMES}
        )
        facts: dict[str, Any] = {name: ago(rng.choice([None, rng.randint(0, 1500)])) for name in DAYS}
        facts |= {name: ago(rng.choice([None, None, None, rng.randint(0, 59)])) for name in RECENT}
        facts |= {"state": rng.choice(["known", "never", "at_least", "unknown"]), "career_stage": rng.choice(STAGES)}
        facts |= {"started_on": ago(rng.randint(0, 1500)), "is_eligible": people[-1]["is_eligible"]}
        rows.append(due_row(key, **facts, managers_in_two_years=rng.randint(0, 3)))
    return pl.DataFrame(people), due_frame(*rows)


@pytest.fixture(scope="module")
def model() -> RiskModel:
    return risk_model(World(700, seed=3, monthly=0.008).cells())


def band_of(**changes: Any) -> str | None:
    found: str | None = with_due_band(due_frame(due_row("a", **changes)), ON, 365)["band"][0]
    return found


@pytest.mark.parametrize(
    ("changes", "band"),
    [
        ({"last_on": ago(183)}, "in_rhythm"),
        ({"last_on": ago(184)}, "talk_soon"),
        ({"last_on": ago(366)}, "talk_first"),
        ({"last_on": ago(200), "new_manager_on": ago(3)}, "talk_first"),
        ({"new_role_on": ago(3)}, "talk_soon"),
        ({"lost_mentor_on": ago(3)}, "talk_soon"),
        ({"last_on": ago(150), "target_days": 122}, "talk_soon"),
        ({"state": "never", "last_on": None, "started_on": ago(120)}, "in_rhythm"),
        ({"state": "never", "last_on": None, "started_on": ago(181)}, "talk_first"),
        ({"state": "at_least", "last_on": None, "none_since_on": ago(150)}, None),
        ({"state": "at_least", "last_on": None, "none_since_on": ago(200)}, "talk_soon"),
        ({"state": "unknown", "last_on": None}, None),
        ({"last_on": ago(400), "is_eligible": False}, None),
    ],
)
def test_a_conversation_is_due_by_the_rhythm_of_the_stage_and_what_has_happened(
    changes: dict[str, Any], band: str | None
) -> None:
    assert band_of(**changes) == band


def test_entries_have_no_figure_and_at_most_one_per_person_and_ground(model: RiskModel) -> None:
    people, due = staff(400, 1)
    found = entries(people, due, model, ON, 365)
    assert found.schema == SCHEMA
    assert not [kind for kind in found.schema.values() if kind.is_numeric()]
    assert found.select("worker_key", "ground").is_unique().all()
    assert found["reasons"].list.len().to_numpy().max() <= 3
    assert set(found["band"]) == {"talk_first", "talk_soon", "in_rhythm"}
    risk = found.filter(pl.col("ground") == "at_risk")
    assert set(risk["band"]) == {"talk_first", "talk_soon"}
    # A tenth of those of whom something can be said, less those of whom nothing may be told.
    assert 5 < risk.height <= 0.1 * people["is_eligible"].sum()
    assert risk["reasons"].list.len().to_numpy().min() >= 1


def test_without_a_model_there_is_only_what_is_due(model: RiskModel) -> None:
    people, due = staff(200, 2)
    with_model, without = (entries(people, due, each, ON, 365) for each in (model, None))
    assert set(without["ground"]) == {"due"}
    assert with_model.filter(pl.col("ground") == "due").equals(without)


def holds(condition: dict[str, Any], row: dict[str, Any]) -> bool:
    """A condition of phrases.toml, told once more in plain Python."""
    value = row[condition["column"]]
    if value is None:
        return bool(condition.get("or_none", False))
    if "is" in condition:
        return bool(value == condition["is"])
    if "from" in condition:
        return bool(value >= condition["from"])
    days = (ON - value).days
    low = max(
        condition.get("days_ago_from", 0),
        row[condition["days_ago_beyond"]] + 1 if "days_ago_beyond" in condition else 0,
    )
    return bool(low <= days <= condition.get("days_ago_to", 10**6))


@pytest.mark.parametrize("seed", range(3))
def test_every_fact_given_is_true_of_the_person_and_belongs_to_their_bin(model: RiskModel, seed: int) -> None:
    people, due = staff(300, 10 + seed)
    facts = {row["worker_key"]: row for row in due.iter_rows(named=True)}
    bins = {row["worker_key"]: row for row in people.iter_rows(named=True)}
    known = {phrase.id: phrase for phrase in phrases()}
    found = entries(people, due, model, ON, 365)
    given = 0
    for key, ground, ids in found.select("worker_key", "ground", "reasons").iter_rows():
        topics = [known[each].topic for each in ids]
        assert len(topics) == len(set(topics))
        for each in ids:
            phrase = known[each]
            assert all(holds(dict(condition), facts[key]) for condition in phrase.when), each
            assert bool(phrase.feature) == (ground == "at_risk")
            assert not phrase.feature or bins[key][phrase.feature] in phrase.levels
            given += 1
    assert given > 100


def test_only_what_raises_the_chance_is_a_reason_and_the_weightiest_comes_first() -> None:
    row = due_row("a", last_on=ago(400), manager_started_on=ago(20), promoted_on=ago(800))
    bins = dict.fromkeys(NAMES, "") | {
        "recency": "12_months_or_more",
        "new_manager": "yes",
        "since_promotion": "none_in_2_years",
    }
    person = due_frame(row).with_columns(pl.lit(level).alias(name) for name, level in bins.items())
    weights = {name: np.zeros(1) for name in NAMES}
    weights |= {"recency": np.array([0.2]), "new_manager": np.array([0.5]), "since_promotion": np.array([-0.1])}
    assert reasons.of_risk(person, weights, ON)["reasons"].to_list() == [["new_manager", "over_a_year"]]
    weights["new_manager"] = np.array([0.1])
    assert reasons.of_risk(person, weights, ON)["reasons"].to_list() == [["over_a_year", "new_manager"]]
    # The bin says a year, the record of today says yesterday: nothing is said of it.
    talked = person.with_columns(last_on=pl.lit(ago(1)))
    assert reasons.of_risk(talked, weights, ON)["reasons"].to_list() == [["new_manager"]]


def test_phrases_are_of_known_features_and_say_nothing_of_whom_somebody_talks_to() -> None:
    known = {feature.name: feature.levels for feature in FEATURES}
    columns = warehouse().types("lists.due")
    assert len({phrase.id for phrase in phrases()}) == len(phrases())
    for phrase in phrases():
        assert not phrase.feature or set(phrase.levels) <= set(known[phrase.feature])
        assert phrase.feature not in ("grade", "job_family")
        assert {condition["column"] for condition in phrase.when} <= columns.keys()
        assert not re.search(r"\d|risk|likely|score|mentor|leaving", phrase.text)


def test_every_stage_has_a_start_of_fifteen_minutes_that_need_not_be_with_the_leader() -> None:
    assert set(starts()) == set(STAGES)
    for start in starts().values():
        assert start.text.startswith("Fifteen minutes: ")
        assert "It need not be with you" in start.text
