"""Estimators of emulated trials: against truth that was planted, published examples, and other people's implementations."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm

from pipelines.trials.clone_weight import NO_TALK, TALK, arms
from pipelines.trials.e_value import e_value
from pipelines.trials.effects import effect
from pipelines.trials.g_formula import LONGEST, NONE, g_formula
from pipelines.trials.monthly_rates import LOST, STAYED, monthly_rates
from pipelines.trials.power import smallest_detectable
from pipelines.trials.propensity import chances, design
from pipelines.trials.protocol import Strategy
from pipelines.trials.resampling import draws, resampled
from tests.talking_world import DISMISSAL, EXIT, World, arm_cells, cells, months_at_risk, starts

AS_IT_WAS, HALF_YEARLY, QUARTERLY = (
    Strategy(name="n"),
    Strategy(name="6", every_months=6),
    Strategy(name="3", every_months=3),
)
# Of six simulations of 500,000 people each (benchmarks/what_if_truth.py): as it was, every six months, every three months.
PLANTED = {"n": 0.1742, "6": 0.1338, "3": 0.1222}


def counted(*rows: tuple[str, str, bool, int]) -> pl.DataFrame:
    """Months by recency, ending, talked, and how many, of people of one kind under one manager."""
    columns = {"recency": pl.String, "ending": pl.String, "has_talked": pl.Boolean, "months": pl.Int64}
    return pl.DataFrame(rows, schema=columns, orient="row").with_columns(
        cluster=0,
        group=pl.lit("all"),
        tenure_band=pl.lit("2_years_plus"),
        stage=pl.lit("any"),
        next_stage=pl.lit("any"),
    )


def start_at(*states: tuple[int, int]) -> pl.DataFrame:
    """Months since the last conversation, and how many months began so, of people of that kind."""
    rows = pl.DataFrame(states, schema={"since_month": pl.Int64, "months": pl.Int64}, orient="row")
    return rows.with_columns(group=pl.lit("all"), stage=pl.lit("any"), tenure_month=40)


MILLION = 1_000_000
MONTHS = counted(
    ("under_3_months", STAYED, False, 88 * MILLION), ("under_3_months", STAYED, True, 10 * MILLION),
    ("under_3_months", EXIT, False, MILLION), ("under_3_months", DISMISSAL, False, MILLION),
    ("3_to_5_months", STAYED, False, 95 * MILLION), ("3_to_5_months", EXIT, False, 5 * MILLION),
    ("3_to_5_months", LOST, False, 900 * MILLION),
    ("none_on_record", STAYED, False, 80 * MILLION), ("none_on_record", EXIT, False, 20 * MILLION),
)  # fmt: skip


def test_the_recursion_is_what_paper_and_pencil_say() -> None:
    rates = monthly_rates(MONTHS, EXIT, np.ones((1, 1)))
    # A month after two without: 1 % leave, 1 % are dismissed, 10 of 98 of the others talk; then 1 % leave, or 5 % in the fourth month.
    natural = 0.01 + 0.98 * (10 / 98 * 0.01 + 88 / 98 * 0.05)
    assert g_formula(rates, start_at((2, 7)), AS_IT_WAS, 2)[0] == pytest.approx(natural, rel=1e-6)
    # Everybody who stays talks.
    assert g_formula(rates, start_at((2, 7)), QUARTERLY, 2)[0] == pytest.approx(0.01 + 0.98 * 0.01, rel=1e-6)
    # Nobody without a conversation has one by themselves; a strategy begins with the first month.
    assert g_formula(rates, start_at((NONE, 1)), AS_IT_WAS, 2)[0] == pytest.approx(0.2 + 0.8 * 0.2, rel=1e-6)
    assert g_formula(rates, start_at((NONE, 1)), HALF_YEARLY, 2)[0] == pytest.approx(0.2 + 0.8 * 0.01, rel=1e-6)
    mixed = g_formula(rates, start_at((NONE, 1), (2, 3)), AS_IT_WAS, 2)[0]
    assert mixed == pytest.approx((0.36 + 3 * natural) / 4, rel=1e-6)


def test_a_border_of_tenure_is_crossed_in_the_month_in_which_it_is() -> None:
    newer = MONTHS.with_columns(tenure_band=pl.lit("1_to_2_years"), ending=pl.lit(STAYED))
    rates = monthly_rates(pl.concat([MONTHS, newer]), EXIT, np.ones((1, 1)))
    for month, at_risk in ((12, 0), (13, 1), (20, 8), (23, 11), (24, 12), (90, 12)):
        start = start_at((LONGEST + 1, 1)).with_columns(tenure_month=month)
        assert g_formula(rates, start, AS_IT_WAS, 12)[0] == pytest.approx(1 - 0.8**at_risk, abs=1e-6), month


def test_where_nobody_was_the_rate_of_alike_people_stands_in_and_elsewhere_it_counts_as_one_month() -> None:
    other = MONTHS.filter(pl.col("recency") == "under_3_months").with_columns(group=pl.lit("other"))
    rates = monthly_rates(pl.concat([MONTHS, other]), EXIT, np.ones((1, 1)))
    assert rates.groups == ("all", "other")
    assert rates.event[1, 2, 0, 4, 0] == pytest.approx(0.2, rel=1e-6)
    few = counted(("under_3_months", STAYED, False, 3)).with_columns(group=pl.lit("other"))
    rates = monthly_rates(pl.concat([MONTHS, few]), EXIT, np.ones((1, 1)))
    assert rates.event[1, 2, 0, 0, 0] == pytest.approx(0.01 / 4, rel=1e-3)


def found(size: int, replicates: int, seed: int) -> list[bool]:
    """Whether the intervals of one world cover: risks under three strategies, and two differences."""
    months = months_at_risk(World(rng=np.random.default_rng(seed)), size)
    own, start = cells(months), starts(months)
    drawn = draws(int(own.select(pl.col("cluster").max()).item()) + 1, replicates, seed)
    rates = monthly_rates(own, EXIT, drawn)
    risks = {each.name: g_formula(rates, start, each, 12) for each in (AS_IT_WAS, HALF_YEARLY, QUARTERLY)}
    covered = []
    for name, samples in risks.items():
        shown = effect(samples, risks["n"] if name != "n" else None, len(drawn))
        assert shown is not None
        covered.append(shown.risk.lo <= PLANTED[name] <= shown.risk.hi)
        if shown.points:
            covered.append(shown.points.lo <= 100 * (PLANTED[name] - PLANTED["n"]) <= shown.points.hi)
    return covered


def test_intervals_of_the_g_formula_cover_what_was_planted() -> None:
    covered = [each for seed in range(30) for each in found(800, 40, seed)]
    # 30 worlds of five figures that go together: with a coverage of 95 % fewer than 85 % are seen once in a hundred worlds of worlds.
    assert 0.85 <= np.mean(covered) < 1


def test_the_g_formula_has_no_bias_that_matters_in_a_large_company_and_the_naive_figure_has() -> None:
    months = months_at_risk(World(rng=np.random.default_rng(7)), 24_000)
    rates = monthly_rates(cells(months), EXIT, np.ones((3_000, 1)))
    for strategy in (AS_IT_WAS, HALF_YEARLY, QUARTERLY):
        risk = g_formula(rates, starts(months), strategy, 12)[0]
        # Standard errors of about 0.2 points.
        assert risk == pytest.approx(PLANTED[strategy.name], abs=0.007), strategy.name
    often = months.group_by("person").agg(talks=pl.col("has_talked").sum(), left=(pl.col("ended") == 1).any())
    naive = often.filter(pl.col("talks") >= 8).select(pl.col("left").mean()).item()
    assert naive < PLANTED["3"] - 0.03


def test_the_emulated_trial_finds_what_was_planted_and_no_more_where_talking_only_raises_ratings() -> None:
    flat = World(by_recency=(1.0,) * 5, rng=np.random.default_rng(3))
    planted = World(rng=np.random.default_rng(3))
    for world, expected in ((planted, -5.57), (flat, -0.46)):
        own = arm_cells(months_at_risk(world, 16_000))
        clusters = int(own.select(pl.col("cluster").max()).item()) + 1
        both = arms(own, (EXIT, DISMISSAL), 12, draws(clusters, 60, 1))
        shown = effect(both[TALK].risks[EXIT], both[NO_TALK].risks[EXIT], clusters)
        control = effect(both[TALK].risks[DISMISSAL], both[NO_TALK].risks[DISMISSAL], clusters)
        assert shown is not None
        assert control is not None
        assert shown.points is not None
        assert control.points is not None
        # Three standard errors; benchmarks/what_if_truth.py looks at many worlds.
        assert abs(shown.points.value - expected) < 3 * (shown.points.hi - shown.points.lo) / 3.92
        assert shown.points.hi - shown.points.lo < 2.5
        assert control.points.lo < 0 < control.points.hi
        crude = own.group_by(pl.col("talked_in").is_null()).agg(
            risk=pl.col("trials").filter(pl.col("ending") == EXIT).sum() / pl.col("trials").sum()
        )
        # Those rated high talk more and leave less: without weights more is seen than there is.
        gap = dict(crude.iter_rows())
        assert 100 * (gap[False] - gap[True]) < shown.points.value - 1


def test_a_trial_in_which_everybody_did_the_same_compares_nothing() -> None:
    own = arm_cells(months_at_risk(World(rng=np.random.default_rng(1)), 80))
    drawn = draws(10, 5, 1)
    assert arms(own.filter(pl.col("talked_in").is_null()), (EXIT,), 12, drawn) == {}
    assert arms(own.clear(), (EXIT,), 12, drawn) == {}


def test_weights_of_one_trait_are_those_of_shares_and_their_worth_is_kishs() -> None:
    kinds = {"division_key": "d", "opportunity": "o", "career_stage": "any", "tenure_band": "t"}
    rows = [("new", 0, 3_000), ("new", None, 1_000), ("old", 0, 1_000), ("old", None, 3_000)]
    own = pl.DataFrame(rows, schema={"recency": pl.String, "talked_in": pl.Int64, "trials": pl.Int64}, orient="row")
    own = own.with_columns(
        **{name: pl.lit(value) for name, value in kinds.items()},
        cluster=0, people="trials", ending=pl.lit("followed"), end_month=12,
    )  # fmt: skip
    talk = arms(own, (EXIT,), 12, np.ones((1, 1)))[TALK]
    # Half of all talk: who did stands for 0.5 / 0.75 or 0.5 / 0.25. A prior draws fitted chances a little together.
    assert talk.largest_weight == pytest.approx(2.0, rel=2e-3)
    expected = (3_000 * 2 / 3 + 1_000 * 2) ** 2 / (3_000 * (2 / 3) ** 2 + 1_000 * 2**2)
    assert talk.effective_sample == pytest.approx(expected, rel=2e-3)


def test_chances_are_those_of_another_implementation() -> None:
    rng = np.random.default_rng(1)
    rows = pl.DataFrame({"a": rng.choice(["x", "y", "z"], 60), "b": rng.choice(["p", "q"], 60)})
    people = rng.integers(200, 4_000, (60, 2)).astype(float)
    talked = rng.binomial(people.astype(int), 0.2).astype(float)
    matrix = design(rows, ["a", "b"])
    for sample in range(2):
        outcome = np.stack([talked[:, sample], people[:, sample] - talked[:, sample]], axis=1)
        fitted = sm.GLM(outcome, matrix, family=sm.families.Binomial()).fit().fittedvalues
        assert chances(matrix, talked, people)[:, sample] == pytest.approx(fitted, rel=1e-4)


def test_chances_stay_finite_where_nobody_of_a_kind_talked() -> None:
    matrix = design(pl.DataFrame({"a": ["x", "x", "y"]}), ["a"])
    share = chances(matrix, np.array([[5.0], [7.0], [0.0]]), np.array([[10.0], [10.0], [10.0]]))
    assert 0 < share[2, 0] < 0.2


def test_samples_draw_managers_with_all_their_people() -> None:
    drawn = draws(7, 400, 1)
    assert drawn.shape == (7, 401)
    assert (drawn[:, 0] == 1).all()
    assert (drawn.sum(axis=0) == 7).all()
    assert (drawn == draws(7, 400, 1)).all()
    assert drawn[:, 1:].var() == pytest.approx(6 / 7, rel=0.1)
    own = pl.DataFrame({"kind": ["a", "b", "a", None], "cluster": [0, 0, 3, 3], "n": [1, 2, 4, 8]})
    keys, sums = resampled(own, ["kind"], "n", drawn)
    assert keys["kind"].to_list() == ["a", "b", None]
    assert (sums == np.stack([drawn[0] + 4 * drawn[3], 2 * drawn[0], 8 * drawn[3]])).all()


def test_sums_do_not_depend_on_the_order_of_rows() -> None:
    months = months_at_risk(World(rng=np.random.default_rng(5)), 160)
    drawn = draws(20, 20, 1)
    one, other = (monthly_rates(own, EXIT, drawn) for own in (cells(months), cells(months.reverse())))
    assert (one.event == other.event).all()
    assert (
        g_formula(one, starts(months), QUARTERLY, 12) == g_formula(other, starts(months.reverse()), QUARTERLY, 12)
    ).all()


def test_an_effect_has_no_figure_where_a_risk_is_none_or_all_or_there_is_one_manager() -> None:
    risks = np.array([0.2, 0.19, 0.21])
    assert effect(risks, np.array([0.0, 0.1, 0.1]), 5) is None
    assert effect(np.array([1.0, 0.5, 0.5]), None, 5) is None
    assert effect(risks, risks, 1) is None
    shown = effect(risks, np.array([0.1, 0.11, 0.09]), 1_000_000)
    assert shown is not None
    assert shown.points is not None
    assert shown.ratio is not None
    assert (shown.points.value, shown.ratio.value) == (pytest.approx(10), pytest.approx(2))
    assert shown.points.hi == pytest.approx(10 + 1.959964 * math.sqrt(8), rel=1e-4)


@pytest.mark.parametrize(
    ("ratio", "limit", "expected"),
    # VanderWeele and Ding 2017, Ann Intern Med 167:268: breastfeeding and respiratory death, and its limit; leukaemia, and its limit.
    [
        (3.9, None, 7.26),
        (3.9, 1.8, 3.0),
        (0.80, None, 1.81),
        (0.80, 0.91, 1.43),
        (1.198, None, 1.69),
        (1.0, None, 1.0),
        (0.8, 1.1, 1.0),
    ],
)
def test_e_values_are_the_published_ones(ratio: float, limit: float | None, expected: float) -> None:
    assert e_value(ratio, limit) == pytest.approx(expected, abs=0.005)


def test_an_e_value_needs_ratios_above_nought() -> None:
    with pytest.raises(ValueError, match="above 0"):
        e_value(0.0)
    with pytest.raises(ValueError, match="above 0"):
        e_value(0.5, -1.0)


def test_the_smallest_ratio_is_schoenfelds() -> None:
    # A ratio of 2 in equal groups takes 66 events for 80 % power, 88 for 90 % (65.3 and 87.5 before rounding up).
    assert smallest_detectable(65.3, 0.5) == pytest.approx(0.5, abs=0.001)
    assert smallest_detectable(87.5, 0.5, power=0.9) == pytest.approx(0.5, abs=0.001)
    assert smallest_detectable(65.3 / 0.84, 0.3) == pytest.approx(0.5, abs=0.001)
    assert smallest_detectable(0, 0.5) is None
    assert smallest_detectable(100, 1.0) is None
    with pytest.raises(ValueError, match="shares between"):
        smallest_detectable(10, 1.5)
