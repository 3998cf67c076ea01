"""Exports in the shape each vendor gives them, invented here: what is read, set aside, and made of them up to core."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.contracts import load_folder
from pipelines.expectations import validate
from pipelines.landing import landed
from pipelines.paths import CONTRACTS
from tests.runs import warehouse
from tests.sql_cases import compare_rows, parse_table

GOLDEN = Path(__file__).parent / "golden"
VENDORS = sorted(path.parent.name for path in GOLDEN.glob("*/expected.yaml"))
every_vendor = pytest.mark.parametrize("vendor", VENDORS)


@cache
def expected(vendor: str) -> dict[str, Any]:
    """What the vendor's files must come to."""
    found: dict[str, Any] = yaml.safe_load((GOLDEN / vendor / "expected.yaml").read_text(encoding="utf-8"))
    return found


@cache
def built(vendor: str) -> duckdb.DuckDBPyConnection:
    """The vendor's files landed, and everything built on them; worker keys are the ids themselves."""
    plan = expected(vendor)
    as_of = plan["as_of"]
    assert isinstance(as_of, date)
    return warehouse(GOLDEN / vendor / "landing", as_of, key_of=str, history_months=12, **plan.get("settings", {}))


@every_vendor
def test_every_record_of_every_file_is_accounted_for(vendor: str) -> None:
    rows = built(vendor).execute("SELECT path, status, records, header, accepted, quarantined FROM landing.source_file")
    found = {path: rest for path, *rest in rows.fetchall()}
    assert {path: (status, accepted, aside) for path, (status, _, _, accepted, aside) in found.items()} == {
        path: (told["status"], told["accepted"], told["quarantined"])
        for path, told in expected(vendor)["files"].items()
    }
    assert all(records == header + accepted + aside for _, records, header, accepted, aside in found.values())


@every_vendor
def test_the_tables_hold_what_the_files_say(vendor: str) -> None:
    con = built(vendor)
    for table, drawn in expected(vendor)["tables"].items():
        assert not (difference := compare_rows(con, table, *parse_table(drawn))), f"{table}\n{difference}"


@every_vendor
def test_what_was_read_holds_under_the_contracts_of_its_sources(vendor: str, tmp_path: Path) -> None:
    con = built(vendor)
    sources = [c for c in load_folder(CONTRACTS).values() if c.layer == "sources" and landed.is_delivered(c, con)]
    assert sources
    for contract in sources:
        broken = [r for r in validate(contract, con, tmp_path) if not r.is_passed and r.severity == "error"]
        assert not broken, broken


@every_vendor
def test_what_must_not_be_stored_is_in_no_table(vendor: str) -> None:
    con = built(vendor)
    tables = con.execute("SELECT table_schema || '.' || table_name FROM information_schema.tables").fetchall()
    assert len(tables) > 100
    for (name,) in tables:
        assert "CANARY" not in repr(con.execute(f"SELECT * FROM {name}").fetchall()), name


def test_the_files_do_contain_what_must_not_be_stored() -> None:
    holding = [path for path in GOLDEN.rglob("*") if path.is_file() and b"CANARY" in path.read_bytes()]
    assert len(holding) >= 8
