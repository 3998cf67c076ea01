"""The model of leaving: what it may know, how it is tried, and its figures against their definitions and against worlds of known truth."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from pipelines.scoring import honesty, measures
from pipelines.scoring.backtest import Backtest, walk_forward
from pipelines.scoring.card import model_card
from pipelines.scoring.features import FEATURES, FORBIDDEN, NAMES, Feature, FeatureError, require_allowed
from pipelines.scoring.listing import with_band
from pipelines.scoring.model import FEWEST_IN_BIN, Floats, ThinDataError, overlap_of, risk_model
from pipelines.scoring.pooling import grouped
from tests.risk_world import FIRST_MONTH, World
from tests.sql_cases import warehouse

SCORED = st.lists(
    st.tuples(st.sampled_from([0.01, 0.05, 0.2, 0.4, 0.7]), st.integers(1, 6), st.integers(0, 6), st.integers(0, 2)),
    min_size=2,
    max_size=12,
)


@cache
def tried(people: int, seed: int, strength: float = 1.0, monthly: float = 0.008) -> Backtest:
    return walk_forward(World(people, seed=seed, strength=strength, monthly=monthly).cells())


def scored_cells(rows: list[tuple[float, int, int, int]]) -> pl.DataFrame:
    """Cells with somebody who left and somebody who stayed."""
    told = [(chance, people, min(left, people), origin) for chance, people, left, origin in rows]
    schema = ["chance", "people", "leavers", "origin_month"]
    return pl.DataFrame([*told, (0.1, 2, 1, 0)], schema=schema, orient="row").with_columns(base_chance=pl.lit(0.1))


def one_by_one(cells: pl.DataFrame) -> tuple[Floats, Floats]:
    """Chance and outcome of every single person."""
    rows = cells.select("chance", "people", "leavers").rows()
    chance = np.array([each for each, people, _ in rows for _ in range(people)])
    return chance, np.array([float(n < left) for _, people, left in rows for n in range(people)])


@pytest.mark.parametrize("table", ["lists.pattern", "lists.origin_cell", "lists.person_feature"])
def test_what_the_model_reads_holds_the_features_allowed_and_nothing_else(table: str) -> None:
    columns = warehouse().types(table)
    require_allowed(columns)
    assert set(NAMES) <= columns.keys()


@pytest.mark.parametrize(
    "column", ["age", "gender", "location_code", "pay_ratio", "sick_days", "tenure_years", "rating"]
)
def test_any_other_column_is_refused(column: str) -> None:
    with pytest.raises(FeatureError, match=column):
        require_allowed([*NAMES, "people", column])


def test_no_feature_is_called_after_what_is_forbidden() -> None:
    assert not [name for name in NAMES if FORBIDDEN & set(name.split("_"))]


def test_time_since_hire_and_in_the_role_end_before_they_tell_an_age() -> None:
    levels = {feature.name: feature.levels for feature in FEATURES}
    assert levels["since_hire"] == ("up_to_1_year", "1_to_2_years", "2_years_or_more")
    assert levels["time_in_role"][-1] == "3_years_or_more"


@settings(max_examples=60, deadline=None)
@given(SCORED)
def test_figures_on_counts_are_those_of_their_definitions_person_by_person(
    rows: list[tuple[float, int, int, int]],
) -> None:
    cells = scored_cells(rows)
    chance, left = one_by_one(cells)
    ahead = np.sign(chance[left == 1][:, None] - chance[left == 0][None, :])
    assert measures.auc(cells).value == pytest.approx((ahead.mean() + 1) / 2)
    assert measures.brier(cells) == pytest.approx(np.mean((chance - left) ** 2))
    skill = measures.brier_skill(cells)
    assert skill.value == pytest.approx(1 - np.mean((chance - left) ** 2) / np.mean((0.1 - left) ** 2))
    assert skill.lo <= skill.value <= skill.hi


@settings(max_examples=40, deadline=None)
@given(SCORED)
def test_the_calibration_line_solves_its_equations(rows: list[tuple[float, int, int, int]]) -> None:
    cells = scored_cells(rows)
    found = measures.calibration(cells)
    if found is None or abs(found[0].value) > 20:
        return
    slope, intercept = found
    chance, left = one_by_one(cells)
    odds = np.log(chance / (1 - chance))
    rest = left - expit(intercept.value + slope.value * odds)
    assert abs(rest.sum()) < 1e-4 * len(left)
    assert abs(rest @ odds) < 1e-3 * len(left)


def test_a_list_that_ends_amid_equals_has_a_part_of_them() -> None:
    rows = [(0.4, 6, 3, 0), (0.2, 20, 4, 0), (0.1, 74, 3, 0), (0.9, 5, 5, 1), (0.1, 95, 0, 1)]
    cells = pl.DataFrame(rows, schema=["chance", "people", "leavers", "origin_month"], orient="row")
    # Ten of each hundred: six and four of twenty at the first origin, five and five of 95 at the second.
    hits = 3 + 4 / 20 * 4 + 5
    assert measures.precision(cells).value == pytest.approx(hits / 20)
    assert measures.lift(cells).value == pytest.approx(hits / 20 / (15 / 200))


def test_intervals_are_as_wide_as_of_so_many_times_fewer_people() -> None:
    cells = tried(2500, 0).scored
    for figure in (measures.auc, measures.brier_skill):
        one, six = figure(cells), figure(cells, 6)
        assert (six.hi - six.lo) / (one.hi - one.lo) == pytest.approx(np.sqrt(6), rel=0.02)


def test_chances_of_a_world_of_known_truth_are_right_and_rank_as_well_as_the_truth() -> None:
    runs = [tried(2500, seed) for seed in range(3)]
    slopes = [run.figures["calibration_slope"].value for run in runs]
    assert 0.9 < np.mean(slopes) < 1.1
    for run in runs:
        best = measures.auc(run.scored.with_columns(chance="truth")).value
        assert best - 0.02 < run.figures["auc"].value < best + 0.005
        assert run.figures["lift"].value > 1.5
        assert run.verdict == "used"
        assert run.unknown == 0


def test_bands_of_the_list_are_in_order_and_hold_a_tenth() -> None:
    bands = tried(2500, 0).by_band
    first, soon, others = (
        (left / people) for people, left in (bands["talk_first"], bands["talk_soon"], bands["others"])
    )
    assert first > soon > others
    assert 0.09 < (bands["talk_first"][0] + bands["talk_soon"][0]) / tried(2500, 0).people <= 0.1


def test_where_nothing_tells_who_leaves_the_model_is_not_used() -> None:
    run = tried(800, 0, strength=0.0, monthly=0.008)
    assert run.verdict in ("not_better", "not_calibrated")
    assert run.figures["auc"].lo < 0.5 < run.figures["auc"].hi


def test_with_too_few_people_it_says_nothing() -> None:
    run = tried(150, 0, monthly=0.005)
    assert run.verdict == "too_thin"
    assert not run.figures
    assert run.unknown == run.people


def test_it_learns_only_what_was_known_at_the_time_and_is_tried_for_a_year() -> None:
    told: list[int] = []

    class Nobody:
        def chances(self, patterns: pl.DataFrame) -> Floats:
            assert patterns["origin_month"].n_unique() == 1
            told.append(int(patterns["origin_month"][0]))
            return np.full(patterns.height, 0.1)

    def learning(cells: pl.DataFrame) -> Nobody:
        told.append(int(cells["origin_month"].to_numpy().max()))
        return Nobody()

    walk_forward(World(200, months=30).cells(), learning)
    pairs = list(zip(told[::2], told[1::2], strict=True))
    assert [origin for _, origin in pairs] == [FIRST_MONTH + month for month in range(13, 25)]
    assert all(newest + 6 == origin for newest, origin in pairs)


def test_recency_alone_is_tried_with_a_list_of_the_same_size() -> None:
    run = tried(2500, 0)
    by_recency = run.scored.with_columns(chance="recency_chance")
    assert run.figures["recency_precision"] == measures.precision(by_recency, run.overlap)
    assert run.figures["recency_lift"] == measures.lift(by_recency, run.overlap)
    assert run.figures["precision"].value > run.figures["recency_precision"].value


@pytest.mark.parametrize(("unknown", "told"), [(0, "0 of 1009"), (9, "fewer than 10 of 1009"), (10, "10 of 1009")])
def test_the_card_counts_of_whom_nothing_is_said_and_gives_the_rate_of_all(unknown: int, told: str) -> None:
    rows = [(0.2, 200, 40, 0.1), (0.1, 809 - unknown, 60, 0.1), (None, unknown, 0, 0.1), (0.1, 0, 0, 0.1)]
    schema = {"chance": pl.Float64, "people": pl.Int64, "leavers": pl.Int64, "base_chance": pl.Float64}
    cells = pl.DataFrame(rows, schema=schema, orient="row").with_columns(recency_chance=0.1, origin_month=0)
    run = Backtest(cells, 1)
    found = {
        row["item"]: row
        for row in model_card(cells, run, None, pl.Series(["ok"]), date(2026, 6, 30)).iter_rows(named=True)
    }
    assert run.people == 1009
    assert f": {told} times" in found["unknown"]["text"]
    assert found["left_all"]["value"] == pytest.approx(100 / (1009 - unknown))
    assert "Of 100 people, on a list or not, about 10 left" in found["left_all"]["text"]


def test_the_card_does_not_call_fair_what_was_not_compared() -> None:
    run = tried(3_000, seed=1)
    told = {
        compared: next(
            row
            for row in model_card(
                run.cells, run, None, pl.Series(compared, dtype=pl.String), date(2026, 6, 30)
            ).iter_rows(named=True)
            if row["item"] == "flagged"
        )
        for compared in [(), ("too_few", "hidden"), ("ok", "ok"), ("ok", "look", "too_few")]
    }
    assert [row["value"] for row in told.values()] == [None, None, 0.0, 1.0]
    assert "No sign of fairness" in told[()]["text"]
    assert "No sign of fairness" in told[("too_few", "hidden")]["text"]
    assert "In 2 comparisons no group" in told[("ok", "ok")]["text"]
    assert told[("ok", "look", "too_few")]["text"].startswith("1 of 2 comparisons")


def test_a_slope_out_of_bounds_or_a_model_behind_recency_is_not_used() -> None:
    good = tried(2500, 0)
    too_bold = good.cells.with_columns(
        chance=expit(2 * (good.cells["chance"] / (1 - good.cells["chance"])).log() + 2.2)
    )
    assert Backtest(too_bold, good.overlap).verdict in ("not_calibrated", "not_better")
    beaten = good.cells.with_columns(chance="recency_chance", recency_chance="chance")
    assert Backtest(beaten, good.overlap).verdict == "not_better"
    timid = good.cells.with_columns(chance=expit(0.6 * (good.cells["chance"] / (1 - good.cells["chance"])).log() - 0.9))
    assert Backtest(timid, good.overlap).verdict == "not_calibrated"


def test_what_features_add_is_the_whole_of_the_log_odds() -> None:
    cells = World(700, seed=1, monthly=0.008).cells()
    model = risk_model(cells)
    odds = np.log(model.chances(cells) / (1 - model.chances(cells)))
    assert np.allclose(model.base + model.contributions(cells).sum(axis=1), odds)
    assert cells["people"].to_numpy() @ model.chances(cells) == pytest.approx(int(cells["leavers"].sum()))


def test_of_a_level_never_seen_and_of_odds_hardly_known_nothing_is_said() -> None:
    cells = World(700, seed=1, monthly=0.008).cells()
    model = risk_model(cells)
    strange = cells.head(2).with_columns(grade=pl.Series(["G1", "G99"]))
    assert np.isnan(model.chances(strange)).tolist() == [False, True]
    few = risk_model(World(150, seed=1, monthly=0.015).cells())
    assert np.isnan(few.chances(cells)).any()


def test_too_few_leavers_are_refused_in_words() -> None:
    with pytest.raises(ThinDataError, match="people left"):
        risk_model(World(60, monthly=0.002).cells())


def levels_of(feature: Feature, leavers: dict[str, int]) -> dict[str, str]:
    counts = list(leavers.values())
    frame = pl.DataFrame({feature.name: list(leavers), "leavers": counts, "people": [each + 60 for each in counts]})
    return grouped(frame, feature, FEWEST_IN_BIN)


def test_rare_levels_join_their_neighbour_and_rare_names_each_other() -> None:
    ordered = Feature("recency", "", ("a", "b", "c", "d"))
    assert levels_of(ordered, {"a": 30, "b": 4, "c": 12, "d": 50}) == {"a": "a", "b": "b", "c": "b", "d": "d"}
    assert levels_of(ordered, {"a": 3, "b": 4, "c": 2, "d": 1}) == dict.fromkeys("abcd", "a")
    names = Feature("grade", "")
    assert levels_of(names, {"p": 30, "q": 6, "r": 7}) == {"p": "p", "q": "rest", "r": "rest"}
    assert levels_of(names, {"p": 30, "q": 2, "r": 3}) == {"p": "p", "q": "p", "r": "p"}
    assert levels_of(names, {"p": 30, "unknown": 2}) == {"p": "p", "unknown": "p"}


def test_a_level_of_which_everybody_left_joins_its_neighbour() -> None:
    frame = pl.DataFrame({"recency": ["a", "b", "c"], "leavers": [20, 20, 20], "people": [90, 80, 20]})
    assert grouped(frame, Feature("recency", "", ("a", "b", "c")), FEWEST_IN_BIN) == {"a": "a", "b": "b", "c": "b"}


def of_grade_and_family(rows: list[tuple[str, str, int, int]]) -> pl.DataFrame:
    schema = ["grade", "job_family", "people", "leavers"]
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(origin_month=0)


def test_of_features_that_tell_only_together_and_without_exception_the_last_adds_nothing() -> None:
    cells = of_grade_and_family([("x", "p", 400, 0), ("x", "q", 40, 20), ("y", "p", 40, 20), ("y", "q", 100, 100)])
    grade, family = Feature("grade", ""), Feature("job_family", "")
    both, alone = risk_model(cells, (grade, family)), risk_model(cells, (grade,))
    assert set(both.effects["job_family"].values()) == {0.0}
    assert both.effects["grade"] == pytest.approx(alone.effects["grade"])
    assert both.effects["grade"]["y"] > 1
    assert both.chances(cells) == pytest.approx(alone.chances(cells))


def test_who_is_certainly_below_the_average_is_told_so_however_vague_the_odds() -> None:
    rows = [("x", 20_000, 10), ("y", 1000, 200), ("z", 40, 12)]
    cells = pl.DataFrame(rows, schema=["grade", "people", "leavers"], orient="row").with_columns(origin_month=0)
    low, high, _ = risk_model(cells, (Feature("grade", ""),)).chances(cells)
    assert low < 0.002 < 0.15 < high


def test_origins_overlap_by_how_many_fall_within_six_months() -> None:
    assert [
        overlap_of(pl.Series(each, dtype=pl.Int64))
        for each in ([], [5], [0, 12, 24], [0, 6], [0, 3, 6], list(range(30)))
    ] == [1, 1, 1, 1, 2, 6]


def test_people_alike_are_never_parted_by_the_end_of_a_list() -> None:
    cells = pl.DataFrame({"chance": [0.5, 0.4, 0.3, 0.2, None], "people": [4, 3, 10, 83, 40]})
    assert with_band(cells)["band"].to_list() == ["talk_first", "talk_soon", None, None, None]
    alike = pl.DataFrame({"chance": [0.2], "people": [100]})
    assert with_band(alike)["band"].to_list() == [None]
    assert "chance" not in with_band(cells).columns


def test_lnk_05_rows_carry_the_figures_of_the_backtest_and_count_the_unknown() -> None:
    cells = World(700, seed=0, monthly=0.008).cells().drop("truth")
    bands = ["calibration_slope", "brier_skill", "precision", "lift"]
    rows = pl.DataFrame({"band": bands, "numerator": 1.0, "denominator": 1.0, "unknown": 0})
    found = honesty.honesty(rows, cells)
    figures = walk_forward(cells).figures
    assert found["value"].to_list() == [figures[band].value for band in bands]
    assert found["denominator"][0] + found["unknown"][0] == walk_forward(cells).people
    thin = honesty.honesty(rows, World(60, monthly=0.002).cells().drop("truth"))
    assert thin.select("value", "lo", "hi", "numerator").null_count().row(0) == (4, 4, 4, 4)
    assert thin["denominator"].unique().to_list() == [0.0]
