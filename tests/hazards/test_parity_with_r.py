"""Every estimator gives the numbers that R gives for the same people (tests/golden/r)."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pipelines.hazards import Fit, Term, by_tenure, cloglog, cox, logit, proportionality, within_manager
from tests.hazards.golden import AGE, DIVISION, GRADE, LEVEL, TERMS, cells, found_by_r, furthest

UNSTRATIFIED = (LEVEL, GRADE, AGE)
BANDS = (3, 6, 12, 18, 24)


def close(fit: Fit, name: str) -> None:
    far = furthest(fit, name)
    assert far["coef"] <= 1e-9
    assert far["se"] <= 1e-9
    assert far.get("robust_se", 0.0) <= 1e-8


def test_cox_with_late_entry_and_ties_by_efron_is_coxph() -> None:
    fit = cox(cells(), "event", TERMS)
    close(fit, "cox_efron")
    told = found_by_r()["cox_efron"]
    assert [fit.log_likelihood] == pytest.approx(told["log_likelihood"], rel=1e-12)
    assert [fit.null_log_likelihood] == pytest.approx(told["null_log_likelihood"], rel=1e-12)


def test_cox_with_ties_by_breslow_is_coxph() -> None:
    close(cox(cells(), "event", TERMS, ties="breslow"), "cox_breslow")


def test_cox_in_strata_is_coxph() -> None:
    close(cox(cells(), "event", UNSTRATIFIED, strata=["division"]), "cox_strata")


def test_cox_of_another_cause_is_coxph_with_the_first_as_censoring() -> None:
    close(cox(cells(event="cause=involuntary"), "event", TERMS), "cox_involuntary")


def test_errors_by_manager_are_those_of_coxph() -> None:
    fit = cox(cells(), "event", TERMS, clusters="manager")
    close(fit, "cox_cluster")
    assert fit.robust_covariance is not None
    assert fit.clusters == cells()["manager"].n_unique()


def test_errors_by_manager_with_ties_by_breslow_are_those_of_coxph() -> None:
    close(cox(cells(), "event", TERMS, ties="breslow", clusters="manager"), "cox_cluster_breslow")


def test_errors_by_person_in_strata_are_those_of_coxph() -> None:
    close(cox(cells(), "event", UNSTRATIFIED, strata=["division"], clusters="person"), "cox_cluster_strata")


def test_months_without_an_event_change_nothing_in_cox() -> None:
    close(cox(cells("months"), "event", TERMS, clusters="manager"), "cox_cluster")


def test_cloglog_in_bands_is_glm_with_vcovcl() -> None:
    fit = cloglog(cells("months"), "event", TERMS, clusters="manager", bands=BANDS)
    close(fit, "cloglog")
    assert [fit.log_likelihood] == pytest.approx(found_by_r()["cloglog"]["log_likelihood"], rel=1e-12)


def test_logit_in_bands_is_glm_with_vcovcl() -> None:
    close(logit(cells("months"), "event", TERMS, clusters="manager", bands=BANDS), "logit")


def test_within_manager_is_poisson_with_a_column_per_manager() -> None:
    close(within_manager(cells("months"), "event", UNSTRATIFIED, "manager", bands=BANDS), "within_manager")


def test_the_effect_by_tenure_is_coxph_with_a_level_per_band() -> None:
    close(by_tenure(cells("months"), "event", TERMS, "level", bands=(12,)), "by_tenure")


@pytest.mark.parametrize(
    ("name", "scale", "terms", "strata"),
    [
        ("zph_km", "km", TERMS, ()),
        ("zph_identity", "identity", TERMS, ()),
        ("zph_strata", "km", UNSTRATIFIED, ("division",)),
    ],
)
def test_the_test_of_proportionality_is_cox_zph(
    name: str, scale: str, terms: tuple[Term, ...], strata: tuple[str, ...]
) -> None:
    told = found_by_r()[name]
    ours = proportionality(cells(), "event", terms, scale=scale, strata=strata)
    assert ours["term"].to_list() == [*told["terms"][:-1], "all terms"]
    for column in ("statistic", "freedom", "p"):
        assert ours[column].to_list() == pytest.approx(told[column], rel=1e-9)


def test_scores_add_up_to_nothing_so_that_whole_companies_have_no_score() -> None:
    fit = cox(cells(), "event", TERMS, clusters="division")
    assert fit.robust_covariance is not None
    # Three clusters whose scores add up to zero span two directions.
    assert np.linalg.matrix_rank(fit.robust_covariance, tol=1e-12) == 2


def test_one_row_per_cell_or_counts_of_them_give_the_same() -> None:
    rounded = cells("months").with_columns(age=pl.lit(40))
    counted = rounded.group_by("tenure_month", "level", "grade", "division").agg(pl.col("at_risk", "event").sum())
    assert counted.height < rounded.height / 2
    for estimator in (cox, cloglog):
        one, other = (estimator(each, "event", (LEVEL, GRADE, DIVISION)) for each in (rounded, counted))
        assert one.terms == other.terms
        assert one.coef == pytest.approx(other.coef, abs=1e-9)
        assert one.covariance == pytest.approx(other.covariance, abs=1e-9)
