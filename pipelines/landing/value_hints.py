"""What the values of a file say about its mapping: formats of dates, spellings to place, words for "missing".

Values of columns classified as restricted are looked at and never repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import duckdb

from pipelines.column_options import has_short_years
from pipelines.contracts import Column, Contract
from pipelines.landing.date_order import proofs, strptime_of
from pipelines.landing.matching import Match
from pipelines.landing.matching_values import spellings
from pipelines.landing.reading import TextTable
from pipelines.landing.row_rules import clean_select
from pipelines.landing.typed_values import MISSING, literal

_ORDERS = (("dd", "MM", "yyyy"), ("MM", "dd", "yyyy"), ("dd", "MM", "yy"), ("MM", "dd", "yy"))
_FORMATS = (
    *(separator.join(order) for order, separator in product(_ORDERS, "/.-")),
    *("dd-MMM-yyyy", "dd MMM yyyy", "MMM dd, yyyy", "dd MMMM yyyy", "MMMM dd, yyyy", "dd-MMM-yy", "yyyyMMdd"),
)
_YEAR_FIRST = "^[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}"
_ABSENT = (*MISSING, "-9999", "-999", "(null)", "(blank)", "n.a.", "k.A.", "nan")
_LISTED = 30
_LONGEST = 60


@dataclass(frozen=True)
class DateHint:
    """`choices` are the formats that read most of the dates of `column`, none where the file mixes several.

    `is_proven` says that the one choice reads all of them.
    """

    column: str
    choices: tuple[str, ...]
    is_proven: bool


@dataclass(frozen=True)
class Hints:
    """`strange` are values, by column, that are not valid; `crowded` the columns that have too many of them to list.

    `absent` are words in the file that often stand for a missing value and are not declared as such.
    """

    dates: tuple[DateHint, ...]
    strange: Mapping[str, tuple[str, ...]]
    crowded: tuple[str, ...]
    absent: tuple[str, ...]


def hints(matches: Sequence[Match], contract: Contract, table: TextTable) -> Hints:
    """What the columns of `table` that are certain or offered first suggest about reading them with `contract`."""
    positions = {m.column.name: m.likeliest.position for m in matches if m.likeliest}
    columns = tuple(m.column for m in matches if m.likeliest)
    select = clean_select(contract, positions, table.rows.width - 1, "landing_text")
    with duckdb.connect() as con:
        con.register("landing_text", table.rows)
        con.execute(f"CREATE TEMP TABLE landing_clean AS {select}")
        listed = {c.name: _strange(c, contract, con) for c in columns if c.classification != "restricted"}
        return Hints(
            dates=tuple(_dates([c for c in columns if c.kind in ("date", "timestamp")], con)),
            strange={name: values for name, values in listed.items() if values},
            crowded=tuple(name for name, values in listed.items() if values is None),
            absent=_absent(columns, con),
        )


def _dates(columns: Sequence[Column], con: duckdb.DuckDBPyConnection) -> list[DateHint]:
    undeclared = [replace(c, options={k: v for k, v in c.options.items() if k != "format"}) for c in columns]
    found = [
        _date(column, bool(proof.problem), con)
        for column, proof in zip(columns, proofs(undeclared, "landing_clean", con), strict=True)
    ]
    return [hint for hint in found if hint]


def _date(column: Column, is_open: bool, con: duckdb.DuckDBPyConnection) -> DateHint | None:
    """None where the dates are read as they are; `is_open` says that landing could not settle their order."""
    declared = str(column.options.get("format", ""))
    formats = tuple(dict.fromkeys(filter(None, (declared, *_FORMATS))))
    counts = ", ".join(f"count(*) FILTER ({_reads(pattern)})" for pattern in formats)
    values = f"""SELECT DISTINCT "{column.name}" AS value FROM landing_clean WHERE value IS NOT NULL"""
    where = f"NOT regexp_matches(value, '{_YEAR_FIRST}')"
    rest, *read = con.execute(f"SELECT count(*), {counts} FROM ({values}) WHERE {where}").fetchall()[0]
    most = max(read)
    best = tuple(pattern for pattern, count in zip(formats, read, strict=True) if count == most)
    if not most:
        return DateHint(column.name, (), False) if is_open else None
    is_short = has_short_years(best[0])
    if most == rest and len(best) == 1 and not is_short:
        return None if declared in best else DateHint(column.name, best, True)
    if not is_open or (most == rest and declared in best):
        return None
    return DateHint(column.name, best if most == rest or is_short else (), False)


def _reads(pattern: str) -> str:
    """SQL that is true of a value in this format; strptime alone takes 14 for the year 14."""
    year = "[0-9]{4}" if "yyyy" in pattern else "[0-9]{2}"
    return f"regexp_matches(value, '{year}') AND try_strptime(value, {literal(strptime_of(pattern))}) IS NOT NULL"


def _strange(column: Column, contract: Contract, con: duckdb.DuckDBPyConnection) -> tuple[str, ...] | None:
    """Values that are not valid, the most frequent first; None where they are too many, or as good as all differ.

    A field of names or notes that was taken for one of codes has few values that repeat: nothing of it is shown.
    """
    if column.kind == "boolean":
        settings = contract.settings
        known = {str(v).lower() for name, usual in _YES_NO.items() for v in settings.get(name, usual)}
    elif column.valid_values:
        known = set(spellings(column))
    else:
        return ()
    query = f'SELECT "{column.name}", count(*) FROM landing_clean GROUP BY ALL ORDER BY 2 DESC, 1'
    counts = {str(value): int(count) for value, count in con.execute(query).fetchall() if value is not None}
    strange = tuple(value for value in counts if value.lower() not in known)
    is_crowded = len(strange) > _LISTED or len(counts) * 2 > sum(counts.values())
    return None if strange and (is_crowded or any(_is_personal(value) for value in strange)) else strange


_YES_NO = {"trueValues": ("Yes", "Y", "True", "1"), "falseValues": ("No", "N", "False", "0")}


def _is_personal(value: str) -> bool:
    return len(value) > _LONGEST or "@" in value


def _absent(columns: Sequence[Column], con: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    words = ", ".join(literal(word.lower()) for word in _ABSENT)
    found: set[str] = set()
    for column in columns:
        query = f'SELECT DISTINCT "{column.name}" FROM landing_clean WHERE lower("{column.name}") IN ({words})'
        found |= {str(row[0]) for row in con.execute(query).fetchall()} if not column.valid_values else set()
    return tuple(sorted(found))
