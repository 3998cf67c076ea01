"""Contract checks of a run: carried out, remembered in the warehouse, and turned into pages."""

from dataclasses import astuple, fields
from pathlib import Path

from pipelines.contracts import Contract
from pipelines.expectations import CheckResult, validate
from pipelines.expectations.data_docs import build_docs
from pipelines.landing import landed
from pipelines.night import Night

_TABLE = """
    CREATE SCHEMA IF NOT EXISTS checks;
    CREATE TABLE IF NOT EXISTS checks.result (
        table_name VARCHAR, check_name VARCHAR, column_name VARCHAR, description VARCHAR, severity VARCHAR,
        is_passed BOOLEAN, observed DOUBLE, unexpected BIGINT)"""


def docs_folder(night: Night) -> Path:
    """Where the pages of the checks are kept for readers."""
    return night.settings.published / "data_docs"


def check_contract(night: Night, contract: Contract) -> list[CheckResult]:
    """Validate one table, remember the results in ``checks.result`` and return them; none for a source without a file."""
    night.on_step(f"check {contract.table.replace('.', '/')}")
    if contract.layer == "sources" and not landed.is_delivered(contract, night.con):
        return []
    results = validate(contract, night.con, docs_folder(night))
    night.con.execute(_TABLE)
    night.con.execute("DELETE FROM checks.result WHERE table_name = ?", [contract.table])
    marks = ", ".join("?" * len(fields(CheckResult)))
    night.con.executemany(f"INSERT INTO checks.result VALUES ({marks})", [astuple(r) for r in results])
    return results


def results(night: Night) -> list[CheckResult]:
    """Everything the checks of this run found so far."""
    names = ", ".join(f.name for f in fields(CheckResult))
    return [CheckResult(*row) for row in night.con.execute(f"SELECT {names} FROM checks.result").fetchall()]


def write_docs(night: Night) -> Path:
    """Build the pages from the results of this run."""
    return build_docs(docs_folder(night), night.started_at)
