"""Every chart a page sends is Vega-Lite as its schema says; pages themselves do not spend their readers' time on that."""

from __future__ import annotations

import json
from pathlib import Path

import altair as alt
import pytest
from jsonschema import ValidationError

from tests.dashboards.conftest import Open


@pytest.mark.parametrize(("page", "at_least"), [("overview", 8), ("outcomes", 5)])
def test_the_charts_of_a_page_are_valid(open_page: Open, published: Path, page: str, at_least: int) -> None:
    charts = open_page(published, page).get("vega_lite_chart")
    specs = [json.loads(chart.proto.spec) for chart in charts]
    assert len(specs) >= at_least
    for spec in specs:
        alt.Chart.from_dict({key: part for key, part in spec.items() if key != "autosize"})


def test_a_chart_that_is_not_valid_is_found() -> None:
    with pytest.raises(ValidationError):
        alt.Chart.from_dict({"mark": "bar", "data": {"name": "d"}, "encoding": {"x": {"field": "a", "type": "colour"}}})
