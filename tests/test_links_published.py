"""What may leave of the links, and in which words: small counts, curves, percentage points and sentences."""

from __future__ import annotations

import re
from datetime import date
from random import Random

import numpy as np
import polars as pl
import pytest

from pipelines import links
from pipelines.hazards import Term, cloglog
from pipelines.links import curves, staircase
from pipelines.links.cells import Cells, months
from pipelines.links.exposures import COVARIATES, EXPOSURES, OUTCOMES
from pipelines.links.models import STEPS, Step
from pipelines.links.points import baseline, points
from pipelines.links.small_counts import FEW_EVENTS, hidden

EXITS = OUTCOMES[0]
SETTING = next(each for each in EXPOSURES if each.name == "setting")


def levels(*counts: tuple[str, int, int]) -> pl.DataFrame:
    return pl.DataFrame(counts, schema=["level", "people", "events"], orient="row")


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([("a", 50, 9), ("b", 40, 5)], set()),
        ([("a", 50, 9), ("b", 40, 0)], set()),
        ([("a", 50, 9), ("b", 9, 5), ("c", 30, 6)], {"b", "c"}),
        ([("a", 50, 9), ("b", 40, 4), ("c", 60, 6)], {"b", "a"}),
        ([("a", 50, 9), ("b", 9, 0), ("c", 0, 0)], {"a", "b"}),
        ([("a", 50, 9), ("b", 20, 1), ("c", 20, 2), ("d", 70, 8)], {"b", "c", "a"}),
    ],
)
def test_a_small_level_is_hidden_with_others_until_the_rest_tells_nothing_small(
    counts: list[tuple[str, int, int]], expected: set[str]
) -> None:
    assert hidden(levels(*counts), 10) == expected


def test_what_is_hidden_never_adds_up_to_something_small() -> None:
    rng = Random(1)
    for _ in range(500):
        drawn = [(name, rng.choice([0, 3, 9, 10, 40]), rng.randint(0, 8)) for name in "abcde"]
        counts = [(name, people, min(people, events)) for name, people, events in drawn]
        gone = hidden(levels(*counts), 10)
        shown = [each for each in counts if each[0] not in gone]
        assert all((people == 0 or people >= 10) and not 0 < events <= FEW_EVENTS for _, people, events in shown)
        peopled = [each for each in counts if each[1]]
        if gone and len(gone) < len(peopled):
            assert len(gone) > 1
            people, events = (sum(each[place] for each in counts if each[0] in gone) for place in (1, 2))
            assert people >= 10
            assert not 0 < events <= FEW_EVENTS


def world(seed: int, people: int = 400, managers: int = 40, after: int = 0) -> Cells:
    """Cells in which those who talked informally leave half as often; nobody knows anything of `formal`."""
    rng = np.random.default_rng(seed)
    rows = pl.DataFrame(
        {
            "level": rng.choice(["none_in_half_year", "informal"], people),
            "tenure_month": rng.choice([3, 6, 12, 24], people),
            "cluster_no": rng.integers(0, managers, people),
            "division": rng.choice(["A", "B"], people),
        }
    )
    rate = 0.1 * np.where(rows["level"] == "informal", 0.5, 1.0) * np.where(rows["division"] == "A", 1.0, 2.0)
    others = {name: pl.lit("x") for name in COVARIATES if name != "division"}
    at_risk = rng.integers(4, 12, people)
    cells = rows.with_columns(at_risk=at_risk, voluntary=rng.binomial(at_risk, rate), **others).with_columns(
        involuntary=pl.Series(rng.binomial(4, 0.02, people)), worker_no=pl.lit(None, pl.Int64)
    )
    counts = cells.group_by("level").agg(people=pl.len().cast(pl.Int64))
    late = pl.DataFrame({"conversations": [80], "recorded_after": [after]})
    return Cells(cells, cells, cells.drop("cluster_no", "worker_no"), (counts, counts), late)


def test_points_are_the_average_of_what_the_model_says_of_everybody_twice() -> None:
    cells = world(1).now
    terms = [Term("level", "none_in_half_year"), Term("division", "A")]
    fit = cloglog(cells, "voluntary", terms, clusters="cluster_no")
    step = Step("adjusted", fit, fit, cells)
    at = baseline(step, "none_in_half_year")
    assert at is not None
    found = points(step, "informal", at)
    assert found is not None
    # Written out: the risk within twelve months of each row at either level, weighted by its months.
    names = dict(zip(fit.terms, fit.coef, strict=True))
    band = {3: "003_to_005", 6: "006_to_011", 12: "012_to_017", 24: "024_to_035"}

    def mean(effect: float, shift: dict[str, float]) -> float:
        log = {name: value + shift.get(name, 0.0) for name, value in names.items()}
        total = weight = 0.0
        for month, division, at_risk in cells.select("tenure_month", "division", "at_risk").iter_rows():
            hazard = (
                log["intercept"] + log.get(f"division={division}", 0.0) + log.get(f"tenure_band={band[month]}", 0.0)
            )
            total += at_risk * (1 - np.exp(-12 * np.exp(hazard + effect * log["level=informal"])))
            weight += at_risk
        return total / weight

    assert found.value == pytest.approx(100 * (mean(1, {}) - mean(0, {})), abs=1e-9)
    # The derivative by differences, for the interval.
    slope = [
        (mean(1, {name: h}) - mean(0, {name: h}) - mean(1, {name: -h}) + mean(0, {name: -h})) / (2 * h)
        for name in fit.terms
        for h in (1e-5,)
    ]
    assert fit.robust_covariance is not None
    error = 100 * np.sqrt(np.array(slope) @ fit.robust_covariance @ np.array(slope))
    assert (found.hi - found.lo) / 2 == pytest.approx(1.959964 * error, rel=1e-5)


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    return staircase.table(staircase.rows(world(2), EXITS, SETTING, 10), date(2026, 6, 30))


def test_every_level_has_a_row_at_every_step_and_one_is_the_reference(rows: pl.DataFrame) -> None:
    assert rows.height == len(STEPS) * len(SETTING.levels)
    assert rows.filter("is_reference")["level"].unique().to_list() == ["none_in_half_year"]
    assert rows.filter(pl.col("level") == "formal")["status"].unique().to_list() == ["empty"]


def test_a_planted_ratio_comes_out_with_all_that_goes_with_it(rows: pl.DataFrame) -> None:
    row = rows.row(by_predicate=(pl.col("level") == "informal") & (pl.col("step") == "adjusted"), named=True)
    assert row["status"] == "ok"
    assert row["lo"] < 0.5 < row["hi"]
    assert row["points_lo"] < row["points"] < row["points_hi"] < 0
    assert row["e_value"] > 1
    assert row["control_lo"] < 1 < row["control_hi"]
    assert 0 <= row["proportional_p"] <= 1
    assert 0.5 < row["smallest_detectable"] < 1


def test_no_words_make_a_cause_of_an_association(rows: pl.DataFrame) -> None:
    causal = re.compile(
        r"\b(keeps?|reduces?|prevents?|makes?|because of|leads? to|lowers?|effect|impact|thanks to)\b", re.IGNORECASE
    )
    assert not [said for said in rows["sentence"] if causal.search(said)]
    assert all("does not say what would happen" in said for said in rows["caveat"])
    told = rows.filter((pl.col("status") == "ok") & ~pl.col("is_reference"))["sentence"]
    assert all("less often than those who" in said for said in told)


def test_too_few_events_say_how_little_could_be_seen_and_few_people_nothing() -> None:
    early = staircase.table(staircase.rows(world(3, people=16), EXITS, SETTING, 5), date(2026, 6, 30))
    assert set(early.filter(pl.col("level") == "informal")["status"]) <= {"too_early", "hidden"}
    said = early.filter(pl.col("status") == "too_early", ~pl.col("is_reference"))["sentence"]
    assert all(each.startswith("Too early to tell") for each in said)
    nobody = staircase.table(staircase.rows(world(3, people=16), EXITS, SETTING, 20), date(2026, 6, 30))
    gone = nobody.filter(pl.col("level") != "formal")
    assert gone["status"].unique().to_list() == ["hidden"]
    figures = [
        "ratio",
        "points",
        "people",
        "person_months",
        "events",
        "clusters",
        "smallest_detectable",
        "e_value",
        "control_ratio",
    ]
    assert all(gone[name].null_count() == gone.height for name in figures)
    assert not any(re.search(r"\d", said) for said in gone["sentence"])


def test_within_small_teams_nothing_is_told_and_it_is_said_why() -> None:
    small = staircase.table(staircase.rows(world(2, managers=60), EXITS, SETTING, 10), date(2026, 6, 30))
    within = small.filter(pl.col("step") == "within_manager", pl.col("level") != "formal")
    assert within["status"].unique().to_list() == ["refused"]
    assert within["ratio"].null_count() == within.height
    assert all("managers have 4." in said and "fewer than 6" in said for said in within["sentence"])
    others = small.filter(pl.col("step") != "within_manager", pl.col("level") != "formal")
    assert others["status"].unique().to_list() == ["ok"]


@pytest.mark.parametrize(("after", "said"), [(0, None), (3, None), (12, "15% were recorded only"), (78, None)])
def test_it_is_named_how_much_was_recorded_after_the_outcome_unless_that_is_too_little_to_tell_of(
    after: int, said: str | None
) -> None:
    told = staircase.table(staircase.rows(world(2, after=after), EXITS, SETTING, 10), date(2026, 6, 30))["caveat"]
    assert all((said or "recorded only") in each for each in told) == (said is not None)


def test_months_of_a_stretch_are_those_in_which_something_happens_to_anybody() -> None:
    nothing = {"involuntary": 0, "other": 0, "promotion": 0}
    stretches = pl.DataFrame(
        [
            {"level": "a", "tenure_month": 2, "until_month": 7, "at_risk": 5, "voluntary": 0, **nothing},
            {"level": "b", "tenure_month": 3, "until_month": 3, "at_risk": 2, "voluntary": 1, **nothing},
            {"level": "b", "tenure_month": 6, "until_month": 9, "at_risk": 4, "voluntary": 2, **nothing},
            {"level": "c", "tenure_month": 4, "until_month": 5, "at_risk": 4, "voluntary": 0, **nothing},
        ]
    )
    found = months(stretches, "voluntary").select("level", "tenure_month", "at_risk", "voluntary").rows()
    assert found == [("a", 3, 5, 0), ("a", 6, 5, 0), ("b", 3, 2, 1), ("b", 6, 4, 2)]


def arm(status: str, days: dict[int, tuple[int, int, int]]) -> list[dict[str, object]]:
    return [
        {"band": "6_months", "status": status, "stratum": 0, "day": day, "events": e, "competing": c, "censored": s}
        for day, (e, c, s) in days.items()
    ]


def test_a_curve_is_told_of_where_nobody_can_be_read_off_it() -> None:
    quick = arm("in_date", {10: (2, 0, 0), 40: (4, 1, 0), 200: (1, 0, 3), 330: (2, 0, 0), 365: (0, 0, 60)})
    slow = arm("out_of_date", {100: (8, 0, 0), 365: (0, 0, 40)})
    found = curves.table(curves.rows(pl.DataFrame(quick + slow), "voluntary_exit", 10), date(2026, 6, 30))
    assert found["status"].unique().to_list() == ["ok"]
    told = found.filter(pl.col("arm") == "in_date", pl.col("events").is_not_null())
    # Two by the first month are too few to tell of, and so are the three that follow the six until they stand alone at the end.
    assert told.select("month", "events", "at_risk").rows() == [(0, 0, 73), (11, 9, 60), (12, 9, 60)]
    assert told["incidence"][-1] == pytest.approx(9 / 73, abs=0.01)
    other = found.filter(pl.col("arm") == "out_of_date", pl.col("events") == 8)
    assert other["month"].to_list() == list(range(4, 13))
    assert other["incidence"].to_list() == pytest.approx([8 / 48] * 9)


@pytest.mark.parametrize(
    ("days", "status"),
    [
        ({100: (4, 0, 0), 365: (0, 0, 40)}, "hidden"),
        ({100: (5, 0, 0), 365: (0, 0, 4)}, "hidden"),
        ({100: (5, 0, 0), 300: (0, 0, 40)}, "too_early"),
        ({365: (0, 0, 40)}, "too_early"),
    ],
)
def test_both_arms_stand_or_fall_together(days: dict[int, tuple[int, int, int]], status: str) -> None:
    counts = pl.DataFrame(arm("in_date", {100: (8, 0, 0), 365: (0, 0, 40)}) + arm("out_of_date", days))
    found = curves.table(curves.rows(counts, "promotion", 10), date(2026, 6, 30))
    assert found.height == 26
    assert found["status"].unique().to_list() == [status]
    assert all(found[name].null_count() == 26 for name in ("incidence", "lo", "hi", "at_risk", "events"))


def test_every_protocol_named_is_told_part_by_part() -> None:
    told = links.protocols()
    assert {each.protocol for each in OUTCOMES} <= set(told["protocol"])
    assert told.select("protocol", "part").is_unique().all()
    assert not [text for text in told["text"] if re.search(r"[.:][A-Z]|  ", text)]
