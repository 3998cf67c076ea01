"""What career conversations go with: exits by choice and promotions, in steps of adjustment and as curves, ready to be published.

Hazards are estimated in `hazards`, incidence in `incidence`; what would happen if people talked more belongs to `trials`.
"""

from __future__ import annotations

from datetime import date

import duckdb
import polars as pl

from pipelines.links import curves, staircase
from pipelines.links.cells import read
from pipelines.links.exposures import EXPOSURES, OUTCOMES
from pipelines.links.protocols import protocols
from pipelines.settings import Settings
from pipelines.warehouse import frame

__all__ = ["READS", "link", "link_curve", "protocols"]

# The tables of the warehouse that are read here, by the published table made of them.
READS = {
    "link": ("links.cluster_cell", "links.hazard_cell", "links.exposed_people", "links.placing", "links.late_record"),
    "link_curve": ("links.exit_landmark", "links.promotion_landmark"),
}
_LANDMARKS = {"voluntary_exit": "links.exit_landmark", "promotion": "links.promotion_landmark"}


def link(con: duckdb.DuckDBPyConnection, settings: Settings, as_of: date) -> pl.DataFrame:
    """Table ``published.link``: every outcome, exposure, step and level, in words too; small counts are hidden."""
    made = (
        row
        for outcome in OUTCOMES
        for exposure in EXPOSURES
        for row in staircase.rows(read(con, outcome, exposure), outcome, exposure, settings.minimum_cell)
    )
    return staircase.table(made, as_of)


def link_curve(con: duckdb.DuckDBPyConnection, settings: Settings, as_of: date) -> pl.DataFrame:
    """Table ``published.link_curve``: incidence in the year after landmarks passed in the two years up to `as_of`."""
    made = (
        row
        for outcome, table in _LANDMARKS.items()
        for row in curves.rows(_landmarks(con, table, as_of), outcome, settings.minimum_cell)
    )
    return curves.table(made, as_of)


def _landmarks(con: duckdb.DuckDBPyConnection, table: str, as_of: date) -> pl.DataFrame:
    return frame(con, f"select * from {table} where as_of = $as_of", as_of=as_of)
