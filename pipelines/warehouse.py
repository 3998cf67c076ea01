"""What a query finds in the warehouse, as a frame; what is asked for stands where it is used."""

from __future__ import annotations

import duckdb
import polars as pl


def frame(con: duckdb.DuckDBPyConnection, query: str, **params: object) -> pl.DataFrame:
    """The rows of `query`, with `params` in place of its $names. Raises duckdb.Error."""
    return pl.DataFrame(pl.from_arrow(con.sql(query, params=params or None).to_arrow_table()))
