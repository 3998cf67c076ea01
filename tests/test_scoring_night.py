"""The model of leaving in a whole night: a company far too small for it gets lists of who is due, and is told why."""

from __future__ import annotations

import duckdb
import polars as pl

from pipelines import scoring
from pipelines.scoring.entries import SCHEMA
from tests.runs import AS_OF, FinishedNight, release


def test_a_small_company_is_told_that_the_model_is_not_used(finished: FinishedNight) -> None:
    card = pl.read_parquet(release(finished.home) / "model_card.parquet")
    assert card.filter(pl.col("part") == "verdict")["item"].to_list() == ["too_thin"]
    metric = pl.read_parquet(release(finished.home) / "metric.parquet").filter(pl.col("metric_id") == "LNK-05")
    assert set(metric["band"]) == {"calibration_slope", "brier_skill", "precision", "lift"}
    assert metric["value"].null_count() == metric.height


def test_its_lists_hold_who_is_due_and_nobody_at_risk(finished: FinishedNight) -> None:
    with duckdb.connect(str(finished.home / "warehouse" / "parley.duckdb"), read_only=True) as con:
        found = scoring.list_entries(con, AS_OF, 365)
        staff = con.execute("SELECT count(*) FROM lists.person_feature").fetchall()[0][0]
    assert found.schema == SCHEMA
    assert set(found["ground"]) == {"due"}
    assert 0.3 * staff < found.height <= staff
    assert found.filter(pl.col("band") != "in_rhythm")["reasons"].list.len().to_numpy().min() >= 1
