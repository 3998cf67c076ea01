"""What every metric means, for readers: the header of its SQL file in words, what it assumes and where it comes from.

Figures do not belong here, nor how a definition is shown.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import sqlglot
from sqlglot import exp

from pipelines.contracts import Contract
from pipelines.settings import Settings
from pipelines.tables import Table, ancestors

_WILSON = "Wilson score interval, 95 %, on the denominator"
_WILSON_PEOPLE = "Wilson score interval, 95 %, on people: several days of one person are not independent of each other"
_POISSON = "Exact Poisson interval, 95 % (Garwood 1936)"
_NONE = "None"
# Tables of core that bring an interval of their own to the metrics that read them.
_OF_TABLE = {
    "core.clock_median": "Interval of the median by order statistics, 95 %",
    "core.waiting_curve": "Log-log band of the Kaplan-Meier curve at one half, 95 % (Brookmeyer and Crowley 1982)",
}
_OWN = "Given by the SELECT itself, 95 %"
# Methods that a header names, of the modules that turn such counts into figures.
_NAMED = {
    "beta_binomial": "Beta-binomial posterior interval, 95 %, with what is not known of the prior all managers share",
    "mantel_haenszel": "Log rate ratio with variance robust to managers, Student's t, 95 %",
    "aalen_johansen": "Newcombe's interval on Aalen-Johansen incidences with their Greenwood-type variance, 95 %",
    "target_trial": "Bootstrap of managers with all their people, Student's t, 95 %",
    "walk_forward": "As if one beginning in six had been looked at, 95 %: model-based, by the delta method, and Wilson's",
    "adjusted_logistic": "Delta method on the average marginal difference, 95 %",
}
_RATIOS = ("share", "rate", "per_year")
# Targets of a metric, in its own unit.
_GOALS = {
    "COV-02": "coverage_target",
    "RCY-02": "median_target_months",
    "CAD-01": "conversations_target",
    "RCY-04": "never_target",
}
# Assumptions that decide the figure itself; a name stands also for the settings of single stages that begin with it.
DECIDING = {"RCY-03": ("target_days",), "CH4-01": ("stage_support", "support_version")}


def metric_definition(
    tables: Mapping[str, Table], contracts: Mapping[str, Contract], settings: Settings
) -> pl.DataFrame:
    """Table ``published.metric_definition``: one row per metric, the glossary out of the headers of the SQL files."""
    found = [t for t in tables.values() if t.schema in ("metrics", "releases")]
    rows = [_definition(table, tables, contracts, settings) for table in found]
    return pl.DataFrame(rows, schema_overrides={"target": pl.Float64}).sort("metric_id")


def formula(header: Mapping[str, str]) -> str:
    """The formula in words, from the header of a metric's SQL file."""
    numerator, denominator = header["numerator"], header["denominator"]
    if denominator == "None":
        return f"{numerator}."
    if header["unit"] in (*_RATIOS, "ratio"):
        return f"{numerator}, divided by: {_lower(denominator)}."
    return f"{numerator}. Taken over: {_lower(denominator)}."


def interval_method(table: Table) -> str:
    """How the interval of a metric comes about, in words; methods are those of `estimates` and of the SELECTs."""
    declared, unit = table.header["interval"], table.header["unit"]
    if declared in _NAMED:
        return _NAMED[declared]
    if declared == "given" and _gives(table.sql, "lo"):
        return next((words for name, words in _OF_TABLE.items() if name in table.upstream), _OWN)
    if unit == "share":
        return _WILSON_PEOPLE if declared == "people" else _WILSON
    return _POISSON if unit in _RATIOS else _NONE


def source_contracts(lineage: set[str], contracts: Mapping[str, Contract]) -> list[str]:
    """Ids of the source contracts among the tables of a lineage; answers of a survey belong to its response file."""
    found = (contracts[name.removeprefix("raw.")] for name in lineage if name.removeprefix("raw.") in contracts)
    return sorted({str(c.settings.get("filledBy", c.id)) for c in found if c.layer == "sources"})


def _definition(
    table: Table, tables: Mapping[str, Table], contracts: Mapping[str, Contract], settings: Settings
) -> dict[str, object]:
    header = table.header
    metric_id, lineage = header["metric_id"], ancestors(table, tables)
    goal = _GOALS.get(metric_id)
    assumed = ([goal] if goal else []) + list(DECIDING.get(metric_id, ()))
    words: dict[str, object] = {name: text for name, text in header.items() if name not in ("interval", "version")}
    return words | {
        "metric_version": header["version"],
        "formula": formula(header),
        "interval": interval_method(table),
        "target": getattr(settings, goal) if goal else None,
        "assumptions": ", ".join(assumed),
        "sql": table.sql,
        "tables": ", ".join(sorted(lineage)),
        "sources": ", ".join(source_contracts(lineage, contracts)),
    }


def _gives(sql: str, column: str) -> bool:
    """Whether a SELECT has `column`, and as more than a typed null."""
    select = sqlglot.parse_one(sql, dialect="duckdb")
    columns = select.selects if isinstance(select, exp.Query) else []
    found = next((c.unalias() for c in columns if c.alias_or_name == column), None)
    return found is not None and not (isinstance(found, exp.Cast) and isinstance(found.this, exp.Null))


def _lower(text: str) -> str:
    """The text with a small first letter, as it stands within a sentence."""
    return text[:1].lower() + text[1:]
