"""What of an emulated trial is told: the protocol that decides, when there is no figure and why, and in which words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
import yaml
from pydantic import ValidationError

from pipelines.trials import protocol, wording
from pipelines.trials.results import Finding, Judged, judged

LIMITS = protocol.talking_and_leaving().refusal
FILE = protocol.FOLDER / "talking_and_leaving.yaml"
SAMPLES = np.random.default_rng(1).normal(0.0, 0.004, (2, 200))


def finding(**changed: Any) -> Finding:
    """A finding that may be told: 0.08 against 0.10, of 5,000 people."""
    risks, others = (np.concatenate([[risk], risk + noise]) for risk, noise in zip((0.08, 0.10), SAMPLES, strict=True))
    known = {
        "estimator": "clone_censor_weight", "strategy": "talk_within_60_days", "stratum": "all", "compared_with": "no_talk",
        "risks": risks, "others": others, "control": risks / 4, "control_others": risks[:1] / 4 + (risks - risks[:1]) / 3,
        "clusters": 400, "people": 5_000, "events": 600, "share_exposed": 0.5, "effective_sample": 900.0, "largest_weight": 4.0,
    }  # fmt: skip
    return Finding(**(known | changed))


def one(**changed: Any) -> Judged:
    return judged([finding(**changed)], LIMITS, 10)[0]


def test_a_finding_is_told_with_its_difference_and_its_limits() -> None:
    told = one()
    assert (told.status, wording.reason(told, LIMITS)) == ("ok", "")
    assert told.effect is not None
    assert told.effect.points is not None
    assert told.effect.points.value == pytest.approx(-2.0)
    assert told.effect.points.lo < told.effect.points.value < told.effect.points.hi < 0
    assert "2.0 points fewer" in wording.sentence(told)
    assert "weak evidence" in wording.caveat(told)
    assert "explain the difference away" in wording.caveat(told)
    assert not {"because", "cause", "keeps", "prevents", "effect"} & set(wording.sentence(told).lower().split())


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"effective_sample": 199.9}, "tell as much as 200 would; below 200"),
        ({"largest_weight": 20.5}, "One person would stand for 20; above 20"),
        ({"effective_sample": 30.0, "largest_weight": 90.0}, "tell as much as 30 would"),
    ],
)
def test_without_enough_people_on_a_side_the_trial_is_refused_and_says_why(changed: dict[str, float], why: str) -> None:
    told = one(**changed)
    assert (told.status, told.effect, told.control) == ("refused", None, None)
    assert why in wording.reason(told, LIMITS)
    assert wording.sentence(told) == "There is no figure."


def test_at_the_limits_it_is_told_and_unweighted_estimators_have_none() -> None:
    assert one(effective_sample=200.0, largest_weight=20.0).status == "ok"
    assert one(effective_sample=None, largest_weight=None).status == "ok"


def test_where_only_a_large_difference_would_show_it_is_too_early() -> None:
    told = one(events=240)
    assert told.status == "too_early"
    assert told.smallest_detectable == pytest.approx(0.6965, abs=0.001)
    assert "a difference of 30 % or more" in wording.sentence(told)
    assert one(events=250).status == "ok"
    assert one(events=0).status == "too_early"
    assert "no exit by choice was observed" in wording.sentence(one(events=0))


def test_few_people_and_few_exits_are_hidden() -> None:
    for changed in ({"people": 9}, {"events": 1}, {"events": 4}):
        told = one(**changed)
        assert told.status == "hidden"
        assert "recognised" in wording.reason(told, LIMITS)
    assert one(events=5).status == "too_early"


def test_strata_that_would_tell_of_few_by_difference_are_hidden_together() -> None:
    def statuses(*sizes: tuple[str, int, int]) -> list[str]:
        rows = [finding(stratum=stratum, people=people, events=events) for stratum, people, events in sizes]
        return [each.status for each in judged(rows, LIMITS, 10)]

    whole = ("all", 5_000, 900)
    assert statuses(whole, ("many_openings", 3_000, 500), ("few_openings", 2_000, 400)) == ["ok"] * 3
    assert statuses(whole, ("many_openings", 4_995, 896), ("few_openings", 5, 4)) == ["ok", "hidden", "hidden"]
    # Three people, or two exits, of whose openings nobody knows.
    assert statuses(whole, ("many_openings", 2_997, 500), ("few_openings", 2_000, 400)) == ["ok", "hidden", "hidden"]
    assert statuses(whole, ("many_openings", 2_000, 498), ("few_openings", 2_000, 400)) == ["ok", "hidden", "hidden"]
    assert statuses(whole, ("many_openings", 2_000, 450), ("few_openings", 2_000, 400)) == ["ok"] * 3


def test_the_protocol_decides_the_numbers_that_the_sql_is_told() -> None:
    with duckdb.connect() as con:
        protocol.write(con, protocol.talking_and_leaving())
        told = con.execute("SELECT * FROM raw.trial_protocol").fetchall()
    text = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    assert told == [(
        text["eligibility"]["days_without_conversation"], text["eligibility"]["washout_days"],
        text["time_zero"]["window_months"], text["arms"]["grace_days"], text["outcome"]["horizon_months"],
        text["estimator"]["weights_cut_at"],
    )]  # fmt: skip


def test_a_protocol_says_in_words_the_numbers_it_decides_by() -> None:
    known = protocol.talking_and_leaving()
    parts = dict(known.parts())
    assert [*parts] == [
        "question", "eligibility", "time_zero", "arms", "outcome", "censoring", "estimator", "negative_control", "refusal",
    ]  # fmt: skip
    assert str(known.eligibility.days_without_conversation) in parts["eligibility"]
    assert str(known.time_zero.window_months) in parts["time_zero"]
    assert f"{known.arms.grace_days} days" in parts["arms"]
    assert f"{known.estimator.replicates} bootstrap samples" in parts["estimator"]
    assert f"fewer than {known.refusal.effective_sample:.0f}" in parts["refusal"]
    assert f"above {known.refusal.largest_weight:.0f}" in parts["refusal"]
    assert f"{known.refusal.detectable_ratio:.2f}" in parts["refusal"]


@pytest.mark.parametrize(
    ("part", "value"),
    [
        (("estimator", "replicates"), 10),
        (("refusal", "power"), 1.2),
        (("arms", "grace_days"), 90),
        (("version",), "1"),
        (("extra",), "unknown"),
        (("outcome", "text"), ""),
    ],
)
def test_a_protocol_that_cannot_be_followed_is_refused(part: tuple[str, ...], value: object, tmp_path: Path) -> None:
    text = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    place = text
    for name in part[:-1]:
        place = place[name]
    place[part[-1]] = value
    path = tmp_path / "wrong.yaml"
    path.write_text(yaml.safe_dump(text), encoding="utf-8")
    with pytest.raises(ValidationError, match=part[-1]):
        protocol.load(path)
