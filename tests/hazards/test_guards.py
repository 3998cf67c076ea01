"""What an estimator says where there is no estimate, or not of everything."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np
import polars as pl
import pytest

from pipelines.hazards import (
    HazardError,
    NoEventsError,
    NotConvergedError,
    Term,
    by_tenure,
    cloglog,
    cox,
    logit,
    within_manager,
)
from pipelines.hazards.newton import highest

ESTIMATORS = pytest.mark.parametrize("estimator", [cox, cloglog, logit])
LEVEL = Term("level", "a")


def cells(**events: int) -> pl.DataFrame:
    """One hundred people at risk in each of four months at each level, and so many events in each month."""
    rows = [(month, level, 100, count) for month in range(4) for level, count in events.items()]
    return pl.DataFrame(rows, schema=["tenure_month", "level", "at_risk", "event"], orient="row")


def test_of_no_cells_at_all_it_is_said_that_nothing_happened() -> None:
    with pytest.raises(NoEventsError, match="no cells"):
        cloglog(cells(), "event", [LEVEL])


@ESTIMATORS
def test_a_level_without_events_has_ratio_zero_and_no_say_in_the_rest(estimator) -> None:  # type: ignore[no-untyped-def]
    fit = estimator(cells(a=4, b=8, c=0), "event", [LEVEL])
    alone = estimator(cells(a=4, b=8), "event", [LEVEL])
    assert fit.ratio("level=c") == (0.0, 0.0, math.inf)
    assert fit.ratio("level=b") == pytest.approx(alone.ratio("level=b"))
    assert fit.table().filter(pl.col("level") == "c").row(0) == (
        "level",
        "c",
        -math.inf,
        None,
        None,
        0.0,
        0.0,
        math.inf,
    )
    assert fit.dropped == ("level: nothing happened at 'c'; its ratio is 0.",)
    assert np.isfinite(fit.coef).all()
    assert np.isfinite(fit.covariance).all()


@ESTIMATORS
def test_a_level_nobody_is_at_risk_at_is_named_and_left_out(estimator) -> None:  # type: ignore[no-untyped-def]
    nobody = pl.DataFrame({"tenure_month": [0], "level": ["c"], "at_risk": [0], "event": [0]})
    fit = estimator(pl.concat([cells(a=4, b=8), nobody]), "event", [LEVEL])
    assert "level=c" not in fit.terms
    assert fit.dropped == ("level: nobody is at risk at 'c'; it is left out.",)


@ESTIMATORS
def test_a_column_that_follows_from_others_is_named_and_left_out(estimator) -> None:  # type: ignore[no-untyped-def]
    doubled = cells(a=4, b=8, c=6).with_columns(twin=pl.col("level"), year=pl.lit(2024), two=2024 - pl.lit(0.5))
    fit = estimator(doubled, "event", [LEVEL, Term("twin", "a"), Term("year"), Term("two")])
    plain = estimator(doubled, "event", [LEVEL])
    assert fit.terms == plain.terms
    assert fit.coef == pytest.approx(plain.coef)
    assert fit.dropped == tuple(
        f"{name} follows from the other columns; it is left out." for name in ("twin=b", "twin=c", "year", "two")
    )


@ESTIMATORS
def test_levels_that_only_together_have_no_event_are_infinite_and_the_others_keep_their_errors(estimator) -> None:  # type: ignore[no-untyped-def]
    """Both levels of `side` have events, but within level b only one of them: the interaction has no finite estimate."""
    rows = [
        (month, level, side, level + side, 200, events)
        for month in range(4)
        for level, side, events in (("a", "x", 5), ("a", "y", 9), ("b", "x", 6), ("b", "y", 0))
    ]
    frame = pl.DataFrame(
        rows, schema=["tenure_month", "level", "side", "both", "at_risk", "event"], orient="row"
    ).with_columns(crossed=(pl.col("both") == "by").cast(pl.Int64))
    fit = estimator(frame, "event", [LEVEL, Term("side", "x"), Term("crossed")])
    assert fit.ratio("crossed") == (0.0, 0.0, math.inf)
    limit = estimator(frame.filter(pl.col("both") != "by"), "event", [LEVEL, Term("side", "x")])
    assert fit.coef == pytest.approx(limit.coef, abs=1e-6)
    assert fit.errors == pytest.approx(limit.errors, abs=1e-6)


def test_rare_levels_are_put_together_by_their_events() -> None:
    fit = cloglog(cells(a=4, b=8, c=1, d=2), "event", [Term("level", "a", pool_below=10)])
    assert fit.pooled == {"level": ("c", "d")}
    together = cloglog(cells(a=4, b=8, c=1, d=2).with_columns(pl.col("level").replace({"d": "c"})), "event", [LEVEL])
    assert fit.ratio("level=rest") == pytest.approx(together.ratio("level=c"))
    assert fit.predictor(pl.DataFrame({"level": ["c", "d"], "tenure_band": ["000_to_002"] * 2}))[0] == pytest.approx(
        fit.coef[fit.terms.index("intercept")] + fit.coef[fit.terms.index("level=rest")]
    )


def test_the_predictor_of_a_level_without_events_says_that_there_is_no_hazard() -> None:
    fit = cloglog(cells(a=4, b=8, c=0), "event", [LEVEL], bands=())
    hazard = np.exp(fit.predictor(pl.DataFrame({"level": ["a", "b", "c"], "tenure_band": ["000_or_more"] * 3})))
    assert -np.expm1(-hazard) == pytest.approx([0.04, 0.08, 0.0])


@ESTIMATORS
def test_nothing_happened(estimator) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NoEventsError, match="Nothing is counted in 'event'"):
        estimator(cells(a=0, b=0), "event", [LEVEL])


@ESTIMATORS
def test_a_reference_without_events_is_refused_with_its_remedy(estimator) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(HazardError, match=r"nothing happened at 'a'.*Compare with another"):
        estimator(cells(a=0, b=8), "event", [LEVEL])


@pytest.mark.parametrize(
    ("change", "terms", "words"),
    [
        (pl.lit(1).alias("other"), [Term("missing", "a")], "no column 'missing'"),
        (pl.lit("b").alias("level"), [LEVEL], "no 'a' to compare with; it has b"),
        (pl.when(pl.col("tenure_month") > 0).then("level").alias("level"), [LEVEL], "'level' is empty in 2 cells"),
        (pl.lit("old").alias("age"), [LEVEL, Term("age")], "'age' is text"),
        (pl.lit(math.nan).alias("age"), [LEVEL, Term("age")], "'age' has no number in 8 cells"),
        (pl.lit(200).alias("event"), [LEVEL], "'event' counts more than are at risk"),
    ],
)
def test_cells_that_cannot_be_right_are_refused_by_column(change: pl.Expr, terms: list[Term], words: str) -> None:
    with pytest.raises(HazardError, match=words):
        cox(cells(a=4, b=8).with_columns(change), "event", terms)


@pytest.mark.parametrize("part", [{"strata": ["unit"]}, {"clusters": "unit"}])
def test_a_missing_column_of_strata_or_clusters_is_named(part: dict[str, Any]) -> None:
    with pytest.raises(HazardError, match="no column 'unit'"):
        cox(cells(a=4, b=8), "event", [LEVEL], **part)


def test_weighted_cells_need_ties_by_breslow_and_weights_alone_change_no_ratio() -> None:
    weighted = cells(a=4, b=8).with_columns(pl.col("at_risk", "event") * 0.3)
    with pytest.raises(HazardError, match="does not count whole events"):
        cox(weighted, "event", [LEVEL])
    for estimator in (
        lambda frame: cox(frame, "event", [LEVEL], ties="breslow"),
        lambda f: cloglog(f, "event", [LEVEL]),
    ):
        one, other = estimator(cells(a=4, b=8)), estimator(weighted)
        assert one.coef == pytest.approx(other.coef)
        assert one.covariance == pytest.approx(0.3 * other.covariance)


def test_nothing_to_compare_among_those_at_risk_together() -> None:
    with pytest.raises(HazardError, match="nothing to compare"):
        cox(cells(a=4, b=8), "event", [LEVEL], strata=["level"])


def test_an_effect_by_tenure_needs_a_category_of_the_model() -> None:
    with pytest.raises(HazardError, match="'age' is not among the categories"):
        by_tenure(cells(a=4, b=8), "event", [LEVEL], "age")


def test_one_cluster_has_no_errors_by_cluster() -> None:
    one = cells(a=4, b=8).with_columns(manager=pl.lit(7))
    with pytest.raises(HazardError, match="at least two clusters"):
        cox(one, "event", [LEVEL], clusters="manager")


def test_a_likelihood_without_a_summit_is_refused() -> None:
    class Slope:
        """Ever higher, ever less steep than thought."""

        def value(self, at: np.ndarray) -> float:
            return float(at[0])

        def derivatives(self, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            return np.ones(1), np.ones((1, 1))

    with pytest.raises(NotConvergedError, match="did not settle"):
        highest(Slope(), np.zeros(1))


def test_a_step_that_leads_down_is_halved() -> None:
    class Hill:
        """Highest at 1, and so flat far from it that a whole step goes far beyond."""

        def value(self, at: np.ndarray) -> float:
            return float(-np.log1p((at[0] - 1) ** 2))

        def derivatives(self, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            away = at[0] - 1
            return np.array([-2 * away / (1 + away**2)]), np.array([[0.2]])

    assert highest(Hill(), np.array([3.0])).at == pytest.approx([1.0], abs=1e-6)


def test_managers_without_an_event_have_no_say_within_managers() -> None:
    few = cells(a=4, b=8).with_columns(manager=pl.lit("m"))
    more = cells(a=4, b=8).with_columns(manager=pl.lit("n"), event=pl.lit(0, pl.Int64))
    other = few.with_columns(manager=pl.lit("o"))
    with_them = within_manager(pl.concat([few, more, other]), "event", [LEVEL], "manager")
    without = within_manager(pl.concat([few, other]), "event", [LEVEL], "manager")
    assert with_them.coef == pytest.approx(without.coef)
    assert with_them.robust_covariance == pytest.approx(without.robust_covariance, abs=1e-12)


def test_a_hundred_thousand_cells_of_text_take_well_under_a_second() -> None:
    draw = np.random.default_rng(5)
    size = 100_000
    frame = pl.DataFrame({f"c{k}": draw.integers(0, 4, size) for k in range(6)}).select(pl.all().cast(pl.String))
    frame = frame.with_columns(
        tenure_month=draw.integers(0, 60, size), at_risk=pl.lit(5), event=pl.Series(draw.binomial(5, 0.01, size))
    )
    began = time.process_time()
    fit = cox(frame, "event", [Term(f"c{k}", "0") for k in range(6)])
    assert time.process_time() - began < 1.5
    assert len(fit.coef) == 18
