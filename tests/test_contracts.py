"""Contracts are read strictly, and what they declare is what the SQL makes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipelines import contracts, reference, tables
from pipelines.contracts import Contract, ContractError, heading_key
from pipelines.paths import CONTRACTS, SQL
from pipelines.settings import Settings
from tests.sql_cases import build_all

ALL = contracts.load_folder(CONTRACTS)


@pytest.fixture(scope="module")
def empty() -> duckdb.DuckDBPyConnection:
    """Every table of the project, empty."""
    con = duckdb.connect()
    con.execute("CREATE SCHEMA raw; CREATE SCHEMA published")
    for contract in ALL.values():
        if contract.layer in ("sources", "published"):
            con.execute(contract.ddl())
    reference.write(con, Settings(), date(2026, 10, 31), [])
    build_all(con, tables.load(SQL), str)
    return con


@pytest.mark.parametrize("contract", [c for c in ALL.values() if c.layer == "canonical"], ids=lambda c: c.id)
def test_a_canonical_contract_has_the_columns_its_table_has(
    contract: Contract, empty: duckdb.DuckDBPyConnection
) -> None:
    made = {name: kind for name, kind, *_ in empty.execute(f"DESCRIBE {contract.table}").fetchall()}
    assert made == contract.sql_types()


@pytest.mark.parametrize("contract", [c for c in ALL.values() if c.layer != "published"], ids=lambda c: c.id)
def test_the_checks_of_a_contract_are_sound_sql(contract: Contract, empty: duckdb.DuckDBPyConnection) -> None:
    for check in contract.checks:
        assert len(empty.execute(check.query).fetchall()) == 1, check.name
    for rule in contract.row_rules:
        empty.execute(f"SELECT {rule.expression} FROM {contract.table}")


def test_every_source_says_where_it_lands_and_how_to_deliver_it() -> None:
    for contract in (c for c in ALL.values() if c.layer == "sources"):
        assert contract.remedy, contract.id
        assert contract.grain, contract.id
        if "filledBy" not in contract.settings:
            assert contract.settings["landing"].split("/")[0] in ("hris", "conversations", "surveys", "outcomes")
            assert contract.settings["delivery"] in ("full", "snapshot", "append")
            assert contract.freshness_days


def test_every_person_id_and_name_in_a_source_is_classified() -> None:
    personal = ("employee_id", "worker_id", "manager_id", "partner_id", "name", "email", "viewer_id")
    for contract in (c for c in ALL.values() if c.layer == "sources"):
        for column in contract.columns:
            if column.name.endswith(personal) and column.name not in ("name", "organization_name"):
                assert column.classification == "restricted", f"{contract.id}.{column.name}"


def test_every_column_with_the_id_of_a_worker_says_so() -> None:
    ids = re.compile(
        "(.*_)?(employee|worker|manager|partner|personnel|person|supervisor)_(id|no|number)|(.*_)?internal_id"
    )
    found = [(f"{c.id}.{column.name}", column) for c in ALL.values() if c.layer == "sources" for column in c.columns]
    # Viva draws new ids for every query, which lead to nobody.
    named = {place: column for place, column in found if ids.fullmatch(column.name)}
    assert len(named) > 50
    silent = [place for place, column in named.items() if column.options.get("identifies") != "worker"]
    assert silent == ["viva__person_week.person_id"]


@pytest.mark.parametrize(
    "text", ["Hire Date", "\ufeffHire Date", " hire\u00a0 date ", "HIRE\r\nDATE", "\u2007Hire\tdate"]
)
def test_blanks_case_and_a_byte_order_mark_make_no_other_heading(text: str) -> None:
    assert heading_key(text) == "hire date"
    assert heading_key(f"{text}s") != heading_key(text)
    assert heading_key(f"x{text}") != heading_key(text)


@given(text=st.text("aB\u00df\u00a0 \ufeff\u0130*"))
def test_the_key_of_a_heading_is_its_own_key(text: str) -> None:
    assert heading_key(heading_key(text)) == heading_key(text)


def _misspell(data: dict[str, object]) -> None:
    data["schema"][0]["properties"][0]["requird"] = True  # type: ignore[index]


def _unknown_type(data: dict[str, object]) -> None:
    data["schema"][0]["properties"][0].pop("logicalType")  # type: ignore[index]


def _other_id(data: dict[str, object]) -> None:
    data["id"] = "another"


def _two_tables(data: dict[str, object]) -> None:
    data["schema"].append(data["schema"][0])  # type: ignore[attr-defined, index]


def _unquoted_yes(data: dict[str, object]) -> None:
    rule = {"type": "library", "metric": "invalidValues", "mustBe": 0, "arguments": {"validValues": [True]}}
    data["schema"][0]["properties"][0]["quality"] = [rule]  # type: ignore[index]


def _check_without_comparison(data: dict[str, object]) -> None:
    data["schema"][0]["quality"] = [{"name": "n", "type": "custom", "engine": "other", "implementation": "x"}]  # type: ignore[index]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_misspell, "requird"),
        (_unknown_type, "logicalType"),
        (_other_id, "must equal the file name"),
        (_two_tables, "one contract describes one table"),
        (_unquoted_yes, "Quote the valid values"),
        (_check_without_comparison, "needs name, description, engine"),
    ],
)
def test_a_faulty_contract_is_refused_with_its_place(
    tmp_path: Path, spoil: Callable[[dict[str, object]], None], message: str
) -> None:
    source = CONTRACTS / "sources" / "workday__leave.odcs.yaml"
    data = yaml.safe_load(source.read_text(encoding="utf-8"))
    spoil(data)
    copy = tmp_path / "sources" / source.name
    copy.parent.mkdir()
    copy.write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(ContractError, match=message) as refused:
        contracts.load(copy)
    assert source.name in str(refused.value)


def test_an_id_is_used_once(tmp_path: Path) -> None:
    text = (CONTRACTS / "sources" / "workday__leave.odcs.yaml").read_text(encoding="utf-8")
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "workday__leave.odcs.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ContractError, match="used by"):
        contracts.load_folder(tmp_path)
