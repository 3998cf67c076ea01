"""A fit is the same however rows are ordered, clusters numbered and covariates named, where some estimates have no end too."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pipelines.hazards import Fit, Term, cloglog, cox, within_manager

COVARIATES = {"division": 5, "grade": 4}


def sparse(seed: int) -> pl.DataFrame:
    """Cells in which the ratios of the new site and of the new wing have no end, each way, but their product has.

    Nobody is at the new site but in the new wing; of those in it at the old site nothing happens to anybody.
    """
    draw = np.random.default_rng(seed)
    size = 300
    at_risk = draw.integers(1, 400, size)
    chosen = {name: pl.Series(draw.integers(0, many, size)).cast(pl.String) for name, many in COVARIATES.items()}
    part = draw.integers(0, 3, size)
    return pl.DataFrame(
        {
            "tenure_month": draw.integers(0, 30, size),
            "level": pl.Series(["a", "b", "c"]).gather(draw.integers(0, 3, size)),
            **chosen,
            "site": pl.Series(["old", "old", "new"]).gather(part),
            "wing": pl.Series(["old", "new", "new"]).gather(part),
            "manager": draw.integers(0, 60, size),
            "at_risk": at_risk,
            "event": np.where(part == 1, 0, draw.binomial(at_risk, 0.01)),
        }
    )


def renumbered(cells: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The same rows in another order, with other numbers of managers and other names of divisions."""
    draw = np.random.default_rng(seed)
    manager = pl.Series(draw.permutation(60)).gather(cells["manager"])
    name = pl.Series([f"name {number}" for number in draw.permutation(COVARIATES["division"])])
    division = name.gather(cells["division"].cast(pl.Int64))
    return cells.with_columns(manager=manager, division=division)[draw.permutation(cells.height)]


def terms(cells: pl.DataFrame) -> list[Term]:
    found = [Term("level", "a")]
    for name in (*COVARIATES, "site", "wing"):
        total = cells.group_by(name).agg(pl.col("event").sum()).sort(["event", name], descending=[True, False])
        found.append(Term(name, str(total[name][0])))
    return found


def fit(cells: pl.DataFrame, estimator: str) -> Fit:
    if estimator == "within manager":
        return within_manager(cells, "event", terms(cells), "manager")
    model = cox if estimator == "cox" else cloglog
    return model(cells, "event", terms(cells), clusters="manager")


@pytest.mark.parametrize("estimator", ["cloglog", "cox", "within manager"])
def test_the_numbering_of_rows_managers_and_divisions_has_no_say(estimator: str) -> None:
    for seed in range(12):
        cells = sparse(seed)
        first, other = (fit(each, estimator) for each in (cells, renumbered(cells, seed)))
        assert {column.term for column, _ in first.infinite} == {"site", "wing"}
        assert set(other.infinite) == set(first.infinite)
        for name in ("level=b", "level=c"):
            assert other.ratio(name) == pytest.approx(first.ratio(name), rel=1e-9)
        assert other.log_likelihood == pytest.approx(first.log_likelihood, rel=1e-9)
        assert (other.events, other.at_risk, other.clusters) == (first.events, first.at_risk, first.clusters)
