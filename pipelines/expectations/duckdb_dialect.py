"""A SQLAlchemy dialect that lets Great Expectations speak to the pipeline's open DuckDB connection.

Great Expectations chooses its SQL by the dialect's name. Of those it knows, DuckDB understands "postgresql" throughout;
under the name "duckdb" most expectations fail. The database file cannot be opened twice while the pipeline holds it for
writing, hence an engine on a cursor of the connection that is open.
"""

from __future__ import annotations

import types
from typing import Any

import duckdb
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.pool import StaticPool


class DuckDBDialect(PGDialect):
    """PostgreSQL's SQL over DuckDB's DBAPI.

    It only ever reads, and the connection belongs to the caller, so transactions and closing are left alone.
    """

    driver = "duckdb"
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> types.ModuleType:
        """The DBAPI module: DuckDB itself."""
        return duckdb

    def initialize(self, connection: object) -> None:
        """Ask the server nothing: PostgreSQL's opening questions on version and settings have no answer here."""

    def do_begin(self, dbapi_connection: object) -> None:
        """Leave the caller's transaction as it is."""

    def do_commit(self, dbapi_connection: object) -> None:
        """Leave the caller's transaction as it is."""

    def do_rollback(self, dbapi_connection: object) -> None:
        """Leave the caller's transaction as it is; without one DuckDB would raise."""

    def do_close(self, dbapi_connection: object) -> None:
        """Leave closing to the owner of the cursor."""


def datasource_options(cursor: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Keyword arguments that make a SQL data source of Great Expectations work on this one `cursor`."""
    engine = {"creator": lambda: cursor, "poolclass": StaticPool, "hide_parameters": True}
    return {"connection_string": "postgresql+duckdb://", "kwargs": engine}


registry.register("postgresql.duckdb", __name__, DuckDBDialect.__name__)
