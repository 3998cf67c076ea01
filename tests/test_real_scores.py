"""Published figures of surveys that others ran, met by the whole path from the export to the score."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.disclosure import suppress
from pipelines.group_scores import means, medians
from pipelines.survey_items import items, published
from pipelines.team_reliability import intraclass
from tests.landing_cases import rows
from tests.real_inputs import DATA, needs_real_data, table
from tests.runs import warehouse

pytestmark = needs_real_data
CONSTRUCTS = {"My work is meaningful": "heard", "I feel valued": "support", "I have work-life balance": "future_here"}
# Mean, score and favourable share that the survey product's own package finds in its sample of twelve people.
GLINT = {
    "I feel valued": (3.333, 58, 41.7),
    "I have work-life balance": (3.333, 58, 50.0),
    "My work is meaningful": (3.417, 60, 50.0),
}
SCORES = DATA / "survey/csps/csps2020_orgscores_long.csv"
# Rows of the file that are over all organisations, none of them one.
OVER_ALL = ("CS_MEDIAN", "CS_MEAN")


@pytest.fixture(scope="module")
def surveys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cycle of Glint with its questions declared, and the scores of 109 organisations."""
    landing = tmp_path_factory.mktemp("scores") / "landing"
    _deliver(DATA / "survey/viva_glint/sample_survey.csv", landing / "surveys/glint/engagement_20240331.csv")
    _deliver(SCORES, landing / "surveys/parley/survey_score_20201001.csv")
    declared = [("engagement", text, text, construct, 1, 5, "No") for text, construct in CONSTRUCTS.items()]
    names = ["survey_id", "question_id", "text", "construct", "scale_min", "scale_max", "reversed"]
    pl.DataFrame(declared, schema=names, orient="row").write_csv(
        landing / "surveys/parley/survey_question_20240101.csv"
    )
    with warehouse(landing, date(2024, 6, 30), history_months=12) as con:
        yield con


def test_a_cycle_of_glint_has_the_scores_of_its_own_package(surveys: duckdb.DuckDBPyConnection) -> None:
    census = surveys.sql("SELECT * FROM core.item_census WHERE cut = 'company'").pl()
    found = {
        row["question_id"]: (round(row["mean"], 3), row["score_0_100"], round(100 * row["favourable"], 1))
        for row in items(census).iter_rows(named=True)
    }
    assert found == GLINT
    assert set(published(census, lambda item, _: suppress(item, threshold=10))["n"]) == {12}


def test_the_medians_over_organisations_are_those_that_were_published() -> None:
    scores = pl.DataFrame(table(SCORES)).select(
        unit_key="organisation_code", measure="measure", value=pl.col("value").cast(pl.Float64)
    )
    found = medians(scores.filter(~pl.col("unit_key").is_in(OVER_ALL)))
    assert set(found["groups"]) == {109}
    assert _differences(found, dict(scores.filter(unit_key="CS_MEDIAN").drop("unit_key").iter_rows())) == {
        0: 83,
        0.01: 12,
    }


def test_so_are_those_of_the_table_of_scores_but_for_a_rate_above_one(surveys: duckdb.DuckDBPyConnection) -> None:
    told = dict(rows(surveys, "SELECT measure, value FROM core.survey_score WHERE upper(unit_key) = 'CS_MEDIAN'"))
    found = medians(_organisations(surveys))
    # One response rate of 102 % was set aside, which leaves an even number of them and a median between two.
    assert found.filter(pl.col("groups") != 109).select("measure", "groups").rows() == [("RR", 108)]
    assert _differences(found, told) == {0: 82, 0.01: 12, 0.005: 1}


def test_organisations_without_head_counts_are_not_averaged(surveys: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ValueError, match="not the mean over people"):
        means(_organisations(surveys))


def test_the_reliability_of_army_companies_is_that_of_the_multilevel_package() -> None:
    people = pl.DataFrame(table(DATA / "published/multilevel__bh1996.csv")).select(
        "GRP", value=pl.col("WBEING").cast(pl.Float64)
    )
    teams = people.group_by("GRP").agg(size=pl.len(), total=pl.col("value").sum(), square=(pl.col("value") ** 2).sum())
    of_one, of_team = intraclass(teams["size"], teams["total"], teams["square"])
    assert of_one == pytest.approx(0.04336905, abs=5e-9)
    assert round(of_team, 4) == 0.7717


def _differences(found: pl.DataFrame, told: dict[str, float]) -> dict[float, int]:
    """How many medians differ from the published ones, by how much."""
    return Counter(round(abs(median - told[measure]), 6) for measure, _, median in found.iter_rows())


def _organisations(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    scores = con.sql("SELECT upper(unit_key) AS unit_key, measure, value, n FROM core.survey_score").pl()
    return scores.filter(~pl.col("unit_key").is_in(OVER_ALL))


def _deliver(path: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, to)
