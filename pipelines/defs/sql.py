"""One asset for every SQL file: what it reads is its lineage, its text is its code version."""

import dagster as dg

from pipelines.defs.keys import ALL_CONTRACTS, ALL_TABLES, columns, key
from pipelines.night import Night
from pipelines.tables import Table

_UNDER_CONTRACT = {c.table: c for c in ALL_CONTRACTS.values()}


def sql_asset(table: Table) -> dg.AssetsDefinition:
    """The asset that builds one table from its SELECT."""
    contract = _UNDER_CONTRACT.get(table.full_name)

    @dg.asset(
        key=key(table.full_name),
        deps=[key(up) for up in sorted(table.upstream)],
        description=table.header.get("definition") or table.header.get("description"),
        code_version=table.digest,
        group_name=table.schema,
        kinds={"duckdb", "sql"},
        metadata={"dagster/column_schema": columns(contract)} if contract else None,
    )
    def build(night: dg.ResourceParam[Night]) -> dg.MaterializeResult[None]:
        night.on_step(table.full_name.replace(".", "/"))
        return dg.MaterializeResult(metadata={"dagster/row_count": table.build(night.con)})

    return build


assets = [sql_asset(table) for table in ALL_TABLES.values()]
