"""The SQL steps that one readable file goes through, in temporary tables of the warehouse connection.

landing_text (the file as it is) becomes landing_clean (the contract's columns, as text), then landing_judged (typed,
with the rules each row breaks), which `accept` and `quarantine` divide between them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb
import polars as pl

from pipelines.contracts import Contract
from pipelines.landing.accounts import file_id
from pipelines.landing.date_order import DateProof, proofs
from pipelines.landing.files import LandingFile
from pipelines.landing.reading import TextTable
from pipelines.landing.repeats import repeated
from pipelines.landing.row_rules import STRUCTURE, clean_select, failed_rules, rule_messages, typed_select
from pipelines.landing.typed_values import literal


@dataclass(frozen=True)
class Delivery:
    """One readable file with what is known of it; `table.rows` is registered as landing_text."""

    contract: Contract
    file: LandingFile
    as_of: date
    table: TextTable

    @property
    def width(self) -> int:
        """Number of text columns of the file."""
        return self.table.rows.width - 1


def clean(delivery: Delivery, con: duckdb.DuckDBPyConnection) -> list[DateProof]:
    """Make landing_clean, and prove the date format of each dated column from it."""
    positions = delivery.table.claims.positions
    select = clean_select(delivery.contract, positions, delivery.width, "landing_text")
    con.execute(f"CREATE OR REPLACE TEMP TABLE landing_clean AS {select}")
    dated = [c for c in delivery.contract.columns if c.kind in ("date", "timestamp") and c.name in positions]
    return proofs(dated, "landing_clean", con)


def judge(delivery: Delivery, formats: Mapping[str, str], con: duckdb.DuckDBPyConnection) -> None:
    """Make landing_judged: typed columns, lineage, and `_failed`, the names of the rules the row breaks."""
    series = literal(delivery.file.series)
    space = literal(str(delivery.contract.settings.get("idSpace", "")))
    lineage = f"'{file_id(delivery.file)}' AS _file_id, DATE '{delivery.as_of}' AS _as_of, {series} AS _series, {space} AS _id_space"
    typed = f"SELECT *, {lineage} FROM ({typed_select(delivery.contract, formats, 'landing_clean')})"
    failed = failed_rules(delivery.contract, delivery.as_of)
    con.execute(f"CREATE OR REPLACE TEMP TABLE landing_judged AS SELECT *, {failed} AS _failed FROM ({typed})")
    repeats = repeated(delivery.contract, con)
    if repeats:
        schema = {"line": pl.Int64, "rule": pl.String}
        con.register("landing_repeat", pl.DataFrame(repeats, schema=schema, orient="row"))
        con.execute("""
            UPDATE landing_judged SET _failed = list_append(_failed, rule)
            FROM landing_repeat WHERE line = _line AND NOT _is_blank""")
        con.unregister("landing_repeat")


def accept(delivery: Delivery, con: duckdb.DuckDBPyConnection) -> int:
    """Add the rows that break no rule to the table of the contract. Returns their number."""
    names = ", ".join(f'"{name}"' for name in delivery.contract.sql_types())
    rows = f"SELECT {names} FROM landing_judged WHERE len(_failed) = 0 ORDER BY _line"
    return int(con.execute(f"INSERT INTO {delivery.contract.table} ({names}) {rows}").fetchall()[0][0])


def quarantine(delivery: Delivery, accepted: int, con: duckdb.DuckDBPyConnection, *, keeps_text: bool = True) -> int:
    """Add all records but the `accepted` ones to landing.quarantine, with their claimed text if it is kept. Returns their number."""
    file = delivery.file
    where = f"'{file_id(file)}', {literal(file.relative)}, '{delivery.contract.id}'"
    judged = _quarantine_judged(where, delivery, con, keeps_text) if accepted < delivery.table.rows.height else 0
    return judged + (_quarantine_malformed(where, delivery, con, keeps_text) if delivery.table.faults else 0)


def _quarantine_judged(where: str, delivery: Delivery, con: duckdb.DuckDBPyConnection, keeps_text: bool) -> int:
    messages = rule_messages(delivery.contract, delivery.as_of)
    words = ", ".join(f"{literal(name)}: {literal(message)}" for name, message in messages.items())
    reason = f"array_to_string(list_transform(_failed, lambda rule: (MAP {{{words}}})[rule]), '; ')"
    moved = con.execute(f"""
        INSERT INTO landing.quarantine
        SELECT {where}, _line, {reason}, _failed[1], {_claimed_text(delivery) if keeps_text else "NULL"}
        FROM landing_judged JOIN landing_text USING (_line) WHERE len(_failed) > 0 ORDER BY _line""")
    return int(moved.fetchall()[0][0])


def _claimed_text(delivery: Delivery) -> str:
    """SQL of a JSON object: column to original text. What nobody asked for is left out, as is what is only cut from."""
    options = {column.name: column.options for column in delivery.contract.columns}
    texts = ", ".join(
        f"{literal(name)}, " + (f'"_text_{name}"' if options[name].get("keepOnly") else f"c{position}")
        for name, position in sorted(delivery.table.claims.positions.items(), key=lambda claimed: claimed[1])
    )
    return f"CAST(json_object({texts}) AS VARCHAR)"


def _may_keep_malformed(delivery: Delivery) -> bool:
    """Whether all text of a file was asked for: the fields of a malformed record cannot be told apart."""
    settings, columns = delivery.contract.settings, delivery.contract.columns
    is_cut = any(column.options.get("keepOnly") for column in columns)
    return not (delivery.table.claims.extra or settings.get("ignored") or is_cut)


def _quarantine_malformed(where: str, delivery: Delivery, con: duckdb.DuckDBPyConnection, keeps_text: bool) -> int:
    may_keep, faults = keeps_text and _may_keep_malformed(delivery), delivery.table.faults
    texts = [json.dumps(fault.fields, ensure_ascii=False) if may_keep else None for fault in faults]
    rows = [(f.line, STRUCTURE[f.fault], f.fault, text) for f, text in zip(faults, texts, strict=True)]
    schema = {"line": pl.Int64, "reason": pl.String, "rule": pl.String, "record": pl.String}
    con.register("landing_fault", pl.DataFrame(rows, schema=schema, orient="row"))
    con.execute(f"INSERT INTO landing.quarantine SELECT {where}, * FROM landing_fault")
    con.unregister("landing_fault")
    return len(faults)
