"""Asset keys and the metadata that contracts and tables give to assets."""

from datetime import timedelta

import dagster as dg

from pipelines import contracts, tables
from pipelines.contracts import Contract
from pipelines.paths import CONTRACTS, SQL

# Read once: assets are declared from these when the module is loaded, and one run must not see two versions.
ALL_CONTRACTS = contracts.load_folder(CONTRACTS)
ALL_TABLES = tables.load(SQL)


def key(full_name: str) -> dg.AssetKey:
    """The asset key of a table: ``core.worker`` is ``core/worker``."""
    return dg.AssetKey(full_name.split("."))


def columns(contract: Contract) -> dg.TableSchema:
    """The column schema an operator sees, from the contract."""
    found = [
        dg.TableColumn(
            c.name,
            c.sql_type,
            c.description or c.title,
            dg.TableColumnConstraints(nullable=not c.required, unique=c.unique),
        )
        for c in contract.columns
    ]
    return dg.TableSchema(columns=found)


def spec(contract: Contract, deps: list[dg.AssetKey] | None = None) -> dg.AssetSpec:
    """Asset of a table under contract, with its columns and, where the contract gives one, its freshness policy."""
    days = contract.freshness_days if contract.settings.get("landing") else None
    return dg.AssetSpec(
        key(contract.table),
        deps=deps or [],
        description=f"{contract.description} {contract.remedy}".strip(),
        metadata={"dagster/column_schema": columns(contract), "contract": contract.id, "version": contract.version},
        freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(days=days)) if days else None,
        group_name=contract.table.split(".")[0],
        kinds={"duckdb"},
    )
