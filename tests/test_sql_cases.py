"""Every case in tests/sql: the rows it is given, built by the SQL folder, are the rows it expects."""

from __future__ import annotations

import pytest

from pipelines import tables
from pipelines.paths import SQL
from tests.sql_cases import CASES, Case, difference, load_cases


@pytest.mark.parametrize("case", load_cases(), ids=lambda case: f"{case.target}: {case.name}")
def test_the_table_holds_what_the_case_expects(case: Case) -> None:
    found = difference(case)
    assert not found, f"{case.target}: {case.name}\n{found}"


def test_every_metric_has_a_case_and_every_case_a_table() -> None:
    with_case = {f"{path.parent.name}.{path.stem}" for path in CASES.glob("*/*.yaml")}
    known = tables.load(SQL)
    assert with_case <= known.keys()
    assert {name for name in known if name.startswith("metrics.")} <= with_case
