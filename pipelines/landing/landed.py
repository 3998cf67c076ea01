"""Questions about what has landed, asked of the accounts in the warehouse."""

from __future__ import annotations

from datetime import date

import duckdb

from pipelines.contracts import Contract


def refusals(contract: Contract, con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Path and reason of the refused files that matter: the newest of full deliveries, all where deliveries add up."""
    newest = "AND as_of IS NOT DISTINCT FROM (SELECT max(as_of) FROM landing.source_file WHERE source = $1)"
    rows = con.execute(
        "SELECT path, reason FROM landing.source_file WHERE source = $1 AND status = 'refused' "
        + (newest if contract.settings.get("delivery") == "full" else "")
        + " ORDER BY path",
        [contract.id],
    ).fetchall()
    return [(str(path), str(reason)) for path, reason in rows]


def newest_files(con: duckdb.DuckDBPyConnection) -> dict[str, date]:
    """Date of the newest file that could be read, by source."""
    rows = con.execute(
        "SELECT source, max(as_of) FROM landing.source_file WHERE status = 'read' GROUP BY source"
    ).fetchall()
    return {str(source): as_of for source, as_of in rows}
