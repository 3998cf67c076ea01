"""What is refused: recognised by structure, shown to mislead in invented companies, and out of reach of the SQL as well."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import Enum
from pathlib import Path
from random import Random
from typing import get_type_hints

import polars as pl
import pytest
import sqlglot
from sqlglot import exp

from pipelines import refusal_worlds, refusals, tables
from pipelines.contracts import load_folder
from pipelines.paths import CONTRACTS, SQL
from pipelines.publishing.release_tables import checked_tables
from pipelines.refusals import (
    REFUSALS,
    Clock,
    Comparison,
    Confidentiality,
    Exposure,
    Grain,
    Outcome,
    RefusedError,
    Request,
)
from pipelines.tables import Table, ancestors

SOUND = Request(Outcome.LEAVING, Exposure.SINCE_LAST, Comparison.BY_EXPOSURE, Grain.PERSON_TIME, Clock.BEFORE)
EVER = Request(Outcome.LEAVING, Exposure.EVER_TALKED, Comparison.BY_EXPOSURE, Grain.PERSON, Clock.HINDSIGHT)
RECENCY = Request(Outcome.LEAVING, Exposure.SINCE_LAST, Comparison.BY_OUTCOME, Grain.PERSON, Clock.OWN_END)
CONTENT = Request(Outcome.LEAVING, Exposure.LAST_CONTENT, Comparison.BY_OUTCOME, Grain.PERSON, Clock.OWN_END)
TEAMS = Request(Outcome.LEAVING, Exposure.FREQUENCY, Comparison.CORRELATION, Grain.TEAM_MEAN, Clock.BEFORE)
ANSWERS = Request(
    Outcome.STATED,
    Exposure.ANSWER,
    Comparison.LEVEL,
    Grain.PERSON,
    Clock.BEFORE,
    frozenset({Confidentiality.CONFIDENTIAL}),
)
SEEDS = (11, 12, 13)


@pytest.mark.parametrize(
    ("request_", "refusal_id"),
    [
        (EVER, "REF-01"),
        (replace(EVER, outcome=Outcome.MOVING_UP), "REF-01"),
        (replace(EVER, comparison=Comparison.BY_OUTCOME, grain=Grain.GROUP), "REF-01"),
        (RECENCY, "REF-02"),
        (replace(RECENCY, grain=Grain.GROUP), "REF-02"),
        (CONTENT, "REF-03"),
        (replace(CONTENT, clock=Clock.HINDSIGHT), "REF-03"),
        (TEAMS, "REF-04"),
        (replace(TEAMS, outcome=Outcome.STATED, exposure=Exposure.ANSWER), "REF-04"),
        (ANSWERS, "REF-05"),
        (replace(ANSWERS, sources=frozenset(Confidentiality)), "REF-05"),
        (replace(ANSWERS, sources=frozenset({Confidentiality.ANONYMOUS}), grain=Grain.PERSON_TIME), "REF-05"),
        (replace(SOUND, sources=frozenset({Confidentiality.CONFIDENTIAL})), "REF-05"),
    ],
)
def test_a_refused_question_is_recognised_by_its_structure(request_: Request, refusal_id: str) -> None:
    with pytest.raises(RefusedError) as caught:
        refusals.check(request_)
    refused = caught.value.refusal
    assert refused.refusal_id == refusal_id
    assert refused.instead in str(caught.value)
    assert all(sentence in str(caught.value) for sentence in refused.sentences)


@pytest.mark.parametrize(
    "request_",
    [
        SOUND,
        replace(EVER, clock=Clock.BEFORE, grain=Grain.PERSON_TIME),
        replace(EVER, outcome=Outcome.STATED),
        replace(RECENCY, clock=Clock.SAME_DAYS),
        replace(RECENCY, clock=Clock.BEFORE, grain=Grain.PERSON_TIME),
        replace(CONTENT, clock=Clock.SAME_DAYS),
        replace(TEAMS, grain=Grain.PERSON_TIME),
        replace(TEAMS, comparison=Comparison.LEVEL),
        replace(ANSWERS, grain=Grain.GROUP),
        replace(ANSWERS, sources=frozenset({Confidentiality.IDENTIFIED})),
    ],
)
def test_a_sound_question_is_let_through(request_: Request) -> None:
    refusals.check(request_)


def test_a_promise_counts_before_a_misleading_comparison() -> None:
    with pytest.raises(RefusedError, match="REF-05"):
        refusals.check(replace(EVER, sources=frozenset({Confidentiality.CONFIDENTIAL})))


def test_a_question_holds_no_free_words() -> None:
    kinds = get_type_hints(Request)
    assert kinds.pop("sources") == frozenset[Confidentiality]
    assert all(issubclass(kind, Enum) for kind in kinds.values())


@pytest.mark.parametrize(
    ("words", "refusal_id"),
    [
        ("ever never attrition", "REF-01"),
        ("Ever v. never attrition", "REF-01"),
        ("average recency of stayers and leavers", "REF-02"),
        ("last conversation content leavers stayers", "REF-03"),
        ("team means correlation", "REF-04"),
        ("confidential survey answers of one person", "REF-05"),
        *((wording, refused.refusal_id) for refused in REFUSALS for wording in (refused.title, *refused.wordings)),
    ],
)
def test_words_people_use_lead_to_the_refusal(words: str, refusal_id: str) -> None:
    found = refusals.in_words(words)
    assert found is not None
    assert found.refusal_id == refusal_id


@pytest.mark.parametrize("words", ["attrition", "voluntary turnover", "overdue", "months since the last conversation"])
def test_words_for_what_is_worked_out_are_not_refused(words: str) -> None:
    assert refusals.in_words(words) is None


def test_ids_follow_each_other_and_every_reason_has_three_sentences() -> None:
    assert [r.refusal_id for r in REFUSALS] == [f"REF-{n:02d}" for n in range(1, len(REFUSALS) + 1)]
    for refused in REFUSALS:
        for sentence in (*refused.sentences, refused.instead):
            assert re.fullmatch(r"[A-Z][^.!?]+\.", sentence), sentence
        assert refusals.by_id(refused.refusal_id.lower()) is refused
    assert refusals.by_id("REF-99") is None


def test_the_published_tables_are_as_their_contracts_say() -> None:
    known = {name: c for name, c in load_folder(CONTRACTS / "published").items() if name.startswith("refusal")}
    made = checked_tables({"refusal": refusals.table(), "refusal_picture": refusal_worlds.pictures()}, known)
    assert set(made["refusal"]["refusal_id"]) == set(made["refusal_picture"]["refusal_id"])
    assert set(made["refusal_picture"]["kind"]) == {"misleading", "true"}


def test_pictures_are_the_same_in_every_run_cheap_and_made_of_the_figures() -> None:
    began = time.process_time()
    first = refusal_worlds.pictures()
    assert time.process_time() - began < 0.5
    assert first.equals(refusal_worlds.pictures())
    figures = refusal_worlds.worlds()["REF-01"].figures
    last = dict(first.filter(pl.col("refusal_id") == "REF-01", pl.col("x") == 24).select("series", "y").iter_rows())
    assert last["ever talked"] == pytest.approx(1 - figures["risk_ever"], abs=1e-4)
    assert last["never talked"] == pytest.approx(1 - figures["risk_never"], abs=1e-4)


@pytest.mark.parametrize("seed", SEEDS)
def test_ever_against_never_shows_a_protection_that_is_not_there(seed: int) -> None:
    figures = refusal_worlds.worlds(seed)["REF-01"].figures
    assert figures["risk_ratio"] == pytest.approx(0.33, abs=0.02)
    assert 0.10 < figures["rate_ratio"] < 0.20
    assert figures["month_by_month"] == pytest.approx(1, abs=0.08)


@pytest.mark.parametrize("seed", SEEDS)
def test_leavers_at_exit_against_stayers_today_shows_a_harm_that_is_not_there(seed: int) -> None:
    figures = refusal_worlds.worlds(seed)["REF-02"].figures
    assert figures["leavers"] == pytest.approx(4.98, abs=0.15)
    assert figures["stayers"] == pytest.approx(8.10, abs=0.15)
    assert abs(figures["same_tenure"]) < 0.45


@pytest.mark.parametrize("seed", SEEDS)
def test_last_contents_differ_by_the_calendar_alone(seed: int) -> None:
    figures = refusal_worlds.worlds(seed)["REF-03"].figures
    assert figures["stayers"] - figures["leavers"] > 0.15
    assert abs(figures["same_quarter"]) < 0.03


@pytest.mark.parametrize("seed", SEEDS)
def test_team_averages_turn_the_sign_around(seed: int) -> None:
    figures = refusal_worlds.worlds(seed)["REF-04"].figures
    assert figures["between_teams"] > 0.9
    assert figures["within_teams"] == pytest.approx(-0.15, abs=0.02)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_row_without_a_name_still_singles_people_out(seed: int) -> None:
    figures = refusal_worlds.worlds(seed)["REF-05"].figures
    assert figures["with_team"] == 0
    assert figures["with_team"] <= figures["with_grade"] < figures["with_years"] < figures["with_place"]
    assert figures["with_place"] > 0.8


def test_the_two_traps_of_time_are_there_when_talks_are_simulated_one_by_one() -> None:
    """The same truth told another way: every conversation drawn, nothing conditional, no array."""
    dice = Random(5)
    risks: dict[bool, list[bool]] = {True: [], False: []}
    months: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(25_000):
        stay, here = dice.weibullvariate(62.6, 0.783), dice.uniform(12, 36)
        talks = list(_talks(dice, max(24.0, here)))
        risks[any(t < min(stay, 24) for t in talks)].append(stay < 24)
        end = min(stay, here)
        months[stay < here].append(end - max((t for t in talks if t < end), default=0.0))
    ever, never = (sum(risks[side]) / len(risks[side]) for side in (True, False))
    leavers, stayers = (sum(months[side]) / len(months[side]) for side in (True, False))
    assert ever / never == pytest.approx(0.33, abs=0.025)
    assert (leavers, stayers) == (pytest.approx(4.98, abs=0.2), pytest.approx(8.10, abs=0.2))


def _talks(dice: Random, until: float) -> Iterable[float]:
    at = dice.expovariate(1 / 9)
    while at < until:
        yield at
        at += dice.expovariate(1 / 9)


# Answers of single people; and what tells people apart in a row, or is an answer itself.
ANSWER_TABLES = {"core.response", "core.delivered_answer"}
TELLING = {
    *("worker_key", "response_key", "person", "person_key", "employee_id", "owner_key", "partner_key", "about_key"),
    *("manager_key", "value_raw", "*"),
}
LOADED = tables.load(SQL)


def breaches(found: Mapping[str, Table]) -> list[str]:
    """Tables outside core that would carry single people's answers: rows of people, or any list that descends from answers."""
    from_answers = {name for name, t in found.items() if name in ANSWER_TABLES or ANSWER_TABLES & ancestors(t, found)}
    personal = {name for name in from_answers if exposed(found[name]) & TELLING}
    outside = [found[name] for name in sorted(from_answers) if found[name].schema not in ("core", "staging")]
    return [
        table.full_name
        for table in outside
        if table.schema == "lists"
        or exposed(table) & TELLING
        or (personal & table.upstream and query(table).find(exp.Group) is None)
    ]


def exposed(table: Table) -> set[str]:
    """Names of a table's columns, and of what they are made of unless it went into a count or a sum."""
    parts = (c for chosen in query(table).selects for c in chosen.find_all(exp.Column))
    return {*query(table).named_selects, *(c.name for c in parts if c.find_ancestor(exp.AggFunc) is None)}


def query(table: Table) -> exp.Query:
    tree = sqlglot.parse_one(table.sql, dialect="duckdb")
    assert isinstance(tree, exp.Query)
    return tree


def with_file(schema: str, sql: str) -> dict[str, Table]:
    return LOADED | {f"{schema}.peek": Table(schema, "peek", sql, Path("peek.sql"))}


def test_no_table_outside_core_holds_answers_of_single_people() -> None:
    assert any("core.response" in ancestors(t, LOADED) for t in LOADED.values() if t.schema == "metrics")
    assert breaches(LOADED) == []


@pytest.mark.parametrize(
    ("schema", "sql"),
    [
        ("metrics", "select worker_key, value_raw from core.response"),
        ("metrics", "select * from core.response"),
        ("metrics", "select 'company' as cut, value_raw as note from core.response"),
        ("metrics", "select worker_key as group_key, count(*) as people from core.response group by worker_key"),
        ("metrics", "select 'company' as cut, 1 as people from core.kept"),
        ("metrics", "select c.partner_key, max(r.value_raw) as note from core.conversation c"
                    " join core.response r on c.worker_key = r.worker_key group by c.partner_key"),
        ("lists", "select manager_key, count(*) as people from core.response group by manager_key"),
        ("lists", "select count(*) as people from core.kept group by 1"),
    ],
)  # fmt: skip
def test_a_seeded_path_from_answers_to_people_is_found(schema: str, sql: str) -> None:
    kept = Table("core", "kept", "select worker_key, value_raw from core.response", Path("kept.sql"))
    assert breaches(with_file(schema, sql) | {kept.full_name: kept}) == [f"{schema}.peek"]


def test_counts_of_answers_and_lists_without_answers_pass() -> None:
    counted = "select 'company' as cut, count(*) as people from core.response group by 1"
    assert breaches(with_file("metrics", counted)) == []
    assert breaches(with_file("lists", "select worker_key from core.conversation")) == []
