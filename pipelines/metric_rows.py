"""Table ``published.metric``: the rows of every metric from SQL through estimates and disclosure control, closed periods as they were.

How a figure is estimated stands in `estimates`, what may leave in `disclosure`; here is only the order of things.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import duckdb
import polars as pl

from pipelines import comparisons, disclosure, equity, estimates, incidence, rate_ratios, shrinkage
from pipelines.disclosure import Days, Safety
from pipelines.estimates import ESTIMATES
from pipelines.reference import CUTS
from pipelines.scoring import honesty
from pipelines.settings import Settings
from pipelines.tables import Table
from pipelines.trials import what_if
from pipelines.trials.protocol import talking_and_leaving
from pipelines.warehouse import frame

# Periods that were over before the first release are told of large groups only: nobody asked for them then.
PAST_FACTOR = 3
_COLUMNS = [name for name in ESTIMATES if name != "people"]
# Cells in which nobody is, and nobody unknown, are nobody's cells: they say nothing and would only be many.
_ROWS = """
select * from {table}
where (coalesce(people, 0) > 0 or coalesce(unknown, 0) > 0 or cut = 'company')
    and (cut = 'company' or as_of in (select as_of from raw.open_date))
"""
_PAIRS = """
select c.place_key, c.cut, g.group_key, c.second_key
from core.place_cell as c
inner join core.group_at as g on c.is_by_unit = g.is_by_unit and c.leaf_key = g.leaf_key
where g.on_day = $day and c.cut <> 'place'
"""
_WAVE_PAIRS = _PAIRS.replace("core.group_at", "core.wave_group").replace("g.on_day", "g.closed_on")
_EVERYBODY = (
    "select group_key, employed as people from core.census where cut = 'place' and as_of = $day and employed > 0"
)


@dataclass(frozen=True)
class Past:
    """What was published before: `closed` figures and, by metric id, the definition in force (see `closed_periods`)."""

    closed: pl.DataFrame
    definitions: Mapping[str, str]


def metric(
    con: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], settings: Settings, past: Past
) -> Iterator[pl.DataFrame]:
    """All rows of ``published.metric``, one metric after the other, and ``raw.present_figure`` as by-product: what the company's

    figures of closed periods would be today. Raises DisclosureError where the audit finds somebody.
    """
    safety = _safety(con, settings, past)
    parents = parents_at(con)
    present: list[pl.DataFrame] = []

    def safe() -> Iterator[pl.DataFrame]:
        for table in (t for t in tables.values() if t.schema == "metrics"):
            every = _estimated(con, table, settings.minimum_cell)
            kept = _as_they_were(past, every, settings)
            present.append(_company(every, kept))
            fresh = every.join(kept.select("as_of").unique(), on="as_of", how="anti")
            yield pl.concat([kept, disclosure.protected(fresh, safety, parents).select(_COLUMNS)])

    yield from map(_lean, comparisons.settled(safe()))
    con.register("incoming", pl.concat(present))
    con.execute("CREATE OR REPLACE TABLE raw.present_figure AS SELECT * FROM incoming")
    con.unregister("incoming")


def wave_safety(con: duckdb.DuckDBPyConnection, settings: Settings, closings: Iterable[date]) -> Safety:
    """What may be published of surveys that closed on `closings`: who belonged where on those days."""
    least = settings.minimum_cell
    days = Days(lambda day: frame(con, _WAVE_PAIRS, day=day))
    return Safety(days, lambda day: frame(con, _EVERYBODY, day=day), least, least, frozenset(closings))


def _safety(con: duckdb.DuckDBPyConnection, settings: Settings, past: Past) -> Safety:
    days: list[date] = sorted(frame(con, "select as_of from raw.reporting_date")["as_of"].to_list())
    last_closed: date = max(past.closed["as_of"].to_list(), default=days[-1])
    return Safety(
        Days(lambda day: frame(con, _PAIRS, day=day)),
        lambda day: frame(con, _EVERYBODY, day=day),
        settings.minimum_cell,
        PAST_FACTOR * settings.minimum_cell,
        frozenset([*(day for day in days if day > last_closed), days[-1]]),
    )


def _estimated(con: duckdb.DuckDBPyConnection, table: Table, least: int) -> pl.DataFrame:
    words = table.header
    counted = frame(con, _ROWS.format(table=table.full_name))
    rows, interval = _by_method(con, table, counted, least)
    estimated = estimates.estimate(
        rows, metric_id=words["metric_id"], version=words["version"], unit=words["unit"], interval=interval
    )
    return shrinkage.with_shrunk(estimated, interval)


def _by_method(
    con: duckdb.DuckDBPyConnection, table: Table, rows: pl.DataFrame, least: int
) -> tuple[pl.DataFrame, str]:
    """The rows with the figures of the method their header names, and what is left for `estimates` to do."""
    match table.header["interval"]:
        case "given":
            return rows, ""
        case shrinkage.INTERVAL:
            return shrinkage.posteriors(rows), ""
        case equity.INTERVAL:
            return equity.adjusted(rows, frame(con, "select * from core.equity_cell")), ""
        case rate_ratios.INTERVAL:
            cells, windows = (
                frame(con, "select * from links.exit_cell"),
                frame(con, "select * from links.exit_window"),
            )
            return rate_ratios.ratios(rows, cells, windows), ""
        case honesty.INTERVAL:
            return honesty.honesty(rows, frame(con, "select * from lists.origin_cell")), ""
        case incidence.INTERVAL:
            landmarks = next(name for name in sorted(table.upstream) if name.endswith("_landmark"))
            return incidence.differences(rows, frame(con, f"select * from {landmarks}")), ""
        case what_if.INTERVAL:
            cells = frame(con, "select * from links.trial_arm")
            return what_if.differences(rows, cells, talking_and_leaving(), least), ""
        case method:
            return rows, method


def _as_they_were(past: Past, every: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The closed figures of a metric under its present definition, of the reporting days; hidden where the limit has risen."""
    days = every.select("as_of").unique()
    if not past.closed.height or not every.height:
        return every.select(_COLUMNS).clear()
    metric_id = every["metric_id"][0]
    known = past.closed.filter(pl.col("metric_id") == metric_id, pl.col("definition") == past.definitions[metric_id])
    kept = known.join(days, on="as_of", how="semi").select(_COLUMNS).cast(every.select(_COLUMNS).schema)
    return disclosure.hide_below(kept, settings.minimum_cell)


def _company(every: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """What the company's figures of the closed days would be today."""
    closed = kept.select("as_of").unique()
    return every.filter(pl.col("cut") == "company").join(closed, on="as_of", how="semi").select(_COLUMNS)


def parents_at(con: duckdb.DuckDBPyConnection, day: date | None = None) -> dict[tuple[str, str], str]:
    """The unit above each unit, in every cut by unit, on `day` or else on the as-of day."""
    rows = con.execute(
        "SELECT o.org_unit_key, o.parent_key FROM core.org_unit o CROSS JOIN raw.run r WHERE o.parent_key IS NOT NULL"
        " AND o.valid_from <= coalesce($day, r.as_of) AND coalesce(o.valid_to, DATE '9999-12-31') > coalesce($day, r.as_of)",
        {"day": day},
    ).fetchall()
    by_unit = [cut for cut, first, _ in CUTS if first == "org_unit"]
    return {(cut, unit): parent for cut in by_unit for unit, parent in rows}


def _lean(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` without the past of groups of which nothing was ever shown: their newest row says that they are hidden."""
    is_hidden = pl.col("status").is_in(["suppressed", "complementary"])
    was_shown = (~is_hidden).any().over("cut", "group_key", "second_key")
    return rows.filter(was_shown | (pl.col("as_of") == pl.col("as_of").max()))
