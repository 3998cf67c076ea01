"""Records of people who were erased, met again in an export: set aside without their text, and their mentions in others emptied."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import polars as pl

from pipelines.contracts import Contract
from pipelines.landing.delimited import Record
from pipelines.landing.reading import TextTable
from pipelines.person_columns import SEPARATOR, UNKNOWN, is_list, replacement
from pipelines.person_records import Layout, is_about

ERASED = "erased"
_TOKEN = re.compile(r"""[^\s,;|"'<>]+""")


def without_erased(table: TextTable, contract: Contract, is_erased: Callable[[str], bool]) -> TextTable:
    """`table` with the records of those for whose id or address `is_erased` holds turned into faults of that name.

    Names are not looked at: without an id nobody can say whose they are.
    """
    layout = Layout(contract, table.claims.positions)
    found = {name: hits for name in layout.roles if (hits := _hits(table.rows, layout, name, is_erased))}
    faults = tuple(_judged(fault, layout, is_erased) for fault in table.faults)
    if not found:
        return replace(table, faults=faults)
    suspected = pl.any_horizontal(
        pl.col(f"c{layout.positions[name]}").is_in(list(hits)) for name, hits in found.items()
    )
    theirs = [int(row[0]) for row in table.rows.filter(suspected).iter_rows() if is_about(row[1:], layout, is_erased)]
    others = {name: hits for name, hits in found.items() if layout.roles[name].startswith("other")}
    emptied = [pl.col(f"c{layout.positions[name]}").replace(hits) for name, hits in others.items()]
    set_aside = tuple(Record(line, [], ERASED) for line in theirs)
    is_last_kept = not theirs or theirs[-1] != table.rows["_line"][-1]
    return replace(
        table,
        rows=table.rows.filter(~pl.col("_line").is_in(theirs)).with_columns(emptied),
        faults=(*faults, *set_aside),
        is_open=table.is_open and is_last_kept,
    )


def _hits(rows: pl.DataFrame, layout: Layout, name: str, is_erased: Callable[[str], bool]) -> dict[str, str]:
    """The texts of a column that mean somebody erased, each with what takes its place."""
    if layout.roles[name].endswith("name"):
        return {}
    texts = rows[f"c{layout.positions[name]}"].unique().to_list()
    if not is_list(name):
        instead = replacement(layout.columns[name])
        return {text: instead for text in texts if is_erased(layout.normal(text, name))}
    parted = {text: [UNKNOWN if is_erased(p.strip().upper()) else p for p in text.split(SEPARATOR)] for text in texts}
    return {text: new for text, parts in parted.items() if (new := SEPARATOR.join(parts)) != text}


def _judged(fault: Record, layout: Layout, is_erased: Callable[[str], bool]) -> Record:
    """A record that is not well formed counts as erased where any word of it is an id or address of somebody erased."""
    names = [name for name, kind in layout.roles.items() if not kind.endswith("name")]
    tokens = {token for text in fault.fields for token in _TOKEN.findall(text)}
    is_theirs = any(is_erased(layout.normal(token, name)) for token in tokens for name in names)
    return Record(fault.line, [], ERASED) if is_theirs else fault
