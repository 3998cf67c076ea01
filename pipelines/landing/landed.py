"""Questions about what has landed, asked of the accounts in the warehouse."""

from __future__ import annotations

from datetime import date

import duckdb

from pipelines.contracts import Contract
from pipelines.landing.deliveries import is_whole


def refusals(contract: Contract, con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Path and reason of the refused files that matter: the newest where each is complete, all where they add up."""
    newest = "AND as_of IS NOT DISTINCT FROM (SELECT max(as_of) FROM landing.source_file WHERE source = $1)"
    rows = con.execute(
        "SELECT path, reason FROM landing.source_file WHERE source = $1 AND status = 'refused' "
        + (newest if is_whole(contract) else "")
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


def is_delivered(contract: Contract, con: duckdb.DuckDBPyConnection) -> bool:
    """Whether any file of the source, or of the one that fills its table, has been there, readable or not."""
    source = str(contract.settings.get("filledBy", contract.id))
    return bool(con.execute("SELECT 1 FROM landing.source_file WHERE source = ? LIMIT 1", [source]).fetchall())
