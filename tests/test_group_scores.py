"""What may be said of all groups together when only their own scores are known."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.group_scores import means, medians

SCORES = pl.DataFrame(
    [("A", "heard", 0.9, 10), ("B", "heard", 0.5, 1000), ("C", "heard", 0.4, 90), ("A", "growth", 0.2, 10), ("B", "growth", None, 5)],
    schema={"unit_key": pl.String, "measure": pl.String, "value": pl.Float64, "n": pl.Int64},
    orient="row",
)  # fmt: skip


def test_the_median_is_over_groups_and_says_over_how_many() -> None:
    assert medians(SCORES).rows() == [("growth", 1, 0.2), ("heard", 3, 0.5)]


def test_the_mean_weighs_every_group_by_its_people() -> None:
    found = means(SCORES)
    assert found.select("measure", "people").rows() == [("growth", 10), ("heard", 1100)]
    assert found["mean"].to_list() == pytest.approx([0.2, (0.9 * 10 + 0.5 * 1000 + 0.4 * 90) / 1100])


@pytest.mark.parametrize("size", [None, 0])
def test_no_mean_is_made_of_groups_that_do_not_say_how_large_they_are(size: int | None) -> None:
    unsized = SCORES.with_columns(pl.when(pl.col("unit_key") == "B").then(size).otherwise("n").alias("n"))
    with pytest.raises(ValueError, match=r"'heard' of B .* is not the mean over people"):
        means(unsized)
