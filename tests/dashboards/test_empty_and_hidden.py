"""What is empty leaves the overview, and what is hidden is told; headings of the heatmap stay short."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from dashboards.charts_heatmap import heatmap
from tests.dashboards.conftest import Open
from tests.dashboards.release import AS_OF, Tables, write_published
from tests.dashboards.test_overview import words_on


def test_a_stage_that_nobody_is_in_is_neither_offered_nor_a_column(open_page: Open, tmp_path: Path) -> None:
    def without_a_stage(tables: Tables) -> None:
        keys = ("group_key", "second_key")
        tables["metric"] = [r for r in tables["metric"] if "leaving_or_retiring" not in [r[key] for key in keys]]

    app = open_page(write_published(tmp_path / "p", without_a_stage))
    assert "Leaving or retiring" not in app.selectbox(key="stage").options
    gaps = next(table.value for table in app.table if "Unit" in table.value)
    assert "Long in role" in gaps
    assert "Leaving or retiring" not in gaps


@pytest.mark.parametrize("heading", ["All stages", "Growing", "Long in the role", "Leaving or retiring", "Unassigned"])
def test_headings_of_the_gaps_take_two_lines_at_most(heading: str) -> None:
    cells = pl.DataFrame({"row": ["Legal"], "column": [heading], "share": [0.5], "text": ["50%"]})
    spec = heatmap(cells, ["Legal"], [heading]).to_dict()
    (lines,) = json.loads(spec["layer"][0]["encoding"]["x"]["axis"]["labelExpr"].partition(")[")[0][1:]).values()
    assert len(lines) <= 2
    assert " ".join(lines) == heading


def test_a_hidden_newest_date_is_told_and_leaves_the_title_without_a_finding(open_page: Open, tmp_path: Path) -> None:
    def hide_newest(tables: Tables) -> None:
        for row in tables["metric"]:
            if row["metric_id"] == "COV-02" and row["as_of"] == AS_OF:
                row |= {
                    "value": None,
                    "n": None,
                    "known_share": None,
                    "lo": None,
                    "hi": None,
                    "status": "complementary",
                }

    text = words_on(open_page(write_published(tmp_path / "p", hide_newest)))
    assert "Coverage month by month" in text
    assert "1 of 25 dates hidden" in text
    assert "The newest is one of them; the last one shown is 31 Oct 2026." in text
