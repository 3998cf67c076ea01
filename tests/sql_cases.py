"""Runs given/expected cases against the SQL folder on an in-memory database. What the cases say stands in tests/sql."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import yaml

from pipelines import contracts, reference, tables
from pipelines.identity import READS, WRITES, write_worker_xref
from pipelines.paths import CONTRACTS, SQL
from pipelines.reference import SourceStatus
from pipelines.settings import Settings

CASES = Path(__file__).parent / "sql"
KEYS = {f"core.{name}" for name in WRITES}
REFERENCE = {
    "run",
    "reporting_date",
    "flow_point",
    "calendar",
    "tenure_class",
    "career_stage",
    "stage_support",
    "recency_class",
    "cut",
    "source_status",
    "open_date",
    "present_figure",
    "smallest_group",
    "trial_protocol",
}
TOLERANCE = 1e-9
PLACE = ("org_unit_key", "manager_key", "career_stage", "tenure_band", "grade_code", "job_family", "location_code")

Row = dict[str, str | None]
Values = tuple[Any, ...]


@dataclass(frozen=True)
class Case:
    """One sentence about a table, the rows it is given and those it must then hold in the columns named."""

    target: str
    name: str
    as_of: date
    settings: Mapping[str, Any]
    sources: tuple[SourceStatus, ...]
    given: Mapping[str, list[Row]]
    expected: list[Row]
    columns: tuple[str, ...]
    where: str


def load_cases(folder: Path = CASES) -> list[Case]:
    """All cases below `folder`, in files called ``<schema>/<table>.yaml``. Raises KeyError where one is incomplete."""
    return [
        _case(f"{path.parent.name}.{path.stem}", entry)
        for path in sorted(folder.glob("*/*.yaml"))
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
        if "case" in entry
    ]


def parse_table(text: str) -> tuple[tuple[str, ...], list[Row]]:
    """Headings and rows of a table drawn with ``|``; a blank cell is null, two single quotes are an empty text."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.strip()]
    head, *body = lines
    ragged = [line for line in body if len(line) != len(head)]
    if ragged:
        raise ValueError(f"{len(ragged[0])} cells under {len(head)} headings: {' | '.join(ragged[0])}")
    return tuple(head), [dict(zip(head, map(_cell, line), strict=True)) for line in body]


def usual_sources(as_of: date) -> tuple[SourceStatus, ...]:
    """Sources that are up to date on `as_of`: two that record conversations and a workbook that keeps last dates."""
    events = tuple(SourceStatus(vendor, True, as_of, 14) for vendor in ("talklog", "parley"))
    return (*events, SourceStatus("workbook", False, as_of, 45))


def run_order(known: Mapping[str, tables.Table]) -> tuple[set[str], list[tables.Table]]:
    """Names of the tables that worker keys are made from, and all tables in the order of a run, those first."""
    before = {up for name in READS for up in [name, *tables.ancestors(known[name], known)]}
    return before, sorted(tables.in_order(known.values()), key=lambda table: table.full_name not in before)


def build_all(con: duckdb.DuckDBPyConnection, known: Mapping[str, tables.Table], key_of: Callable[[str], str]) -> None:
    """Every table on `con`, whose raw and reference tables are there; worker keys before the first that may read them."""
    before, order = run_order(known)
    for number, table in enumerate(order):
        if number == sum(name in before for name in known):
            write_worker_xref(con, key_of)
        table.build(con)


class Warehouse:
    """Every table of the project, empty but typed, on one connection; cases run in a transaction that is taken back."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        self.tables = tables.load(SQL)
        self.con.execute("CREATE SCHEMA raw; CREATE SCHEMA core")
        self.con.execute("CREATE SCHEMA published")
        for contract in contracts.load_folder(CONTRACTS).values():
            if contract.layer in ("sources", "published"):
                self.con.execute(contract.ddl())
        reference.write(self.con, Settings(home=CASES), date(2026, 6, 30), [])
        self.before_keys, self.order = run_order(self.tables)
        build_all(self.con, self.tables, str)

    @contextmanager
    def run(
        self,
        targets: Iterable[str],
        given: Mapping[str, list[Row]],
        as_of: date,
        sources: Iterable[SourceStatus],
        settings: Mapping[str, Any],
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """The connection with `targets` and all they descend from built out of `given`; empty again afterwards."""
        self.con.execute("BEGIN")
        try:
            reference.write(self.con, Settings(home=CASES, **settings), as_of, sources)
            for name, rows in given.items():
                self._fill(name, rows, as_of)
            self._build(targets, set(given) | self._place(given))
            yield self.con
        finally:
            self.con.execute("ROLLBACK")

    def types(self, table: str) -> dict[str, str]:
        """Column names and types of a table, in order."""
        return {row[0]: row[1] for row in self.con.execute(f"DESCRIBE {table}").fetchall()}

    def _fill(self, table: str, rows: list[Row], as_of: date) -> None:
        types = self.types(table)
        full = [_lineage(as_of, line) | row for line, row in enumerate(rows, 1)] if "_as_of" in types else rows
        names = [*dict.fromkeys(name for row in full for name in row)]
        self.con.register("given", pl.DataFrame(full, schema=dict.fromkeys(names, pl.String)))
        cast = ", ".join(f'CAST("{name}" AS {types[name]}) AS "{name}"' for name in names)
        self.con.execute(f"DELETE FROM {table}")
        self.con.execute(f"INSERT INTO {table} BY NAME SELECT {cast} FROM given")
        self.con.unregister("given")

    def _place(self, given: Iterable[str]) -> set[str]:
        """Give rows that stand somewhere the key of their place, and the places themselves; name the table filled."""
        stated = [
            (table, [name for name in PLACE if name in types])
            for table in given
            if "place_key" in (types := self.types(table))
        ]
        if not stated or "core.place" in given:
            return set()
        self.con.execute("DELETE FROM core.place WHERE place_key <> 'nowhere'")
        for table, names in stated:
            key = (
                "concat_ws('|', "
                + ", ".join(f"coalesce({name}, '')" if name in names else "''" for name in PLACE)
                + ")"
            )
            columns = ", ".join(names)
            self.con.execute(f"UPDATE {table} SET place_key = {key} WHERE place_key IS NULL")
            self.con.execute(
                f"INSERT INTO core.place BY NAME SELECT DISTINCT place_key, {columns} FROM {table}"
                " WHERE place_key NOT IN (SELECT place_key FROM core.place)"
            )
        return {"core.place"}

    def _build(self, targets: Iterable[str], given: set[str]) -> None:
        needed = {up for target in targets for up in [target, *tables.ancestors(self.tables[target], self.tables)]}
        needed |= self.before_keys
        changed = given | {f"raw.{name}" for name in REFERENCE}
        for table in self.order:
            if table.full_name not in self.before_keys and not changed & KEYS:
                write_worker_xref(self.con, str)
                changed |= KEYS
            if table.full_name in needed - given and table.upstream & changed:
                table.build(self.con)
                changed.add(table.full_name)


@cache
def warehouse() -> Warehouse:
    """The one empty warehouse of a test run."""
    return Warehouse()


def difference(case: Case) -> str:
    """What the built table lacks of the expected rows and has beyond them; empty where they agree."""
    with warehouse().run([case.target], case.given, case.as_of, case.sources, case.settings) as con:
        return compare_rows(con, case.target, case.columns, case.expected, case.where)


def compare_rows(
    con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], rows: Sequence[Row], where: str = ""
) -> str:
    """What `table` lacks of `rows` (in `columns`) and has beyond them; empty where they agree."""
    names = ", ".join(f'"{name}"' for name in columns)
    types = {row[0]: row[1] for row in con.execute(f"DESCRIBE {table}").fetchall()}
    actual = con.execute(f"SELECT {names} FROM {table}" + (f" WHERE {where}" if where else "")).fetchall()
    expected = [_typed(con, row, columns, types) for row in rows]
    missing, surplus = _unmatched(expected, actual), _unmatched(actual, expected)
    if not (missing or surplus):
        return ""
    return "\n".join(
        [
            " | ".join(columns),
            *(f"missing: {_line(r)}" for r in missing),
            *(f"surplus: {_line(r)}" for r in surplus),
        ]
    )


def _case(target: str, entry: Mapping[str, Any]) -> Case:
    as_of = entry["as_of"]
    columns, expected = parse_table(entry["expected"])
    declared = tuple(SourceStatus(**source) for source in entry.get("sources", []))
    given = {name: parse_table(text)[1] for name, text in entry["given"].items()}
    settings = {"history_months": 12, **entry.get("settings", {})}
    return Case(
        target,
        entry["case"],
        as_of,
        settings,
        declared or usual_sources(as_of),
        given,
        expected,
        columns,
        entry.get("where", ""),
    )


def _lineage(as_of: date, line: int) -> Row:
    return {
        "_as_of": as_of.isoformat(),
        "_file_id": "file",
        "_series": "series",
        "_line": str(line),
        "_id_space": "",
    }


def _cell(text: str) -> str | None:
    return "" if text == "''" else text or None


def _typed(con: duckdb.DuckDBPyConnection, row: Row, columns: Sequence[str], types: Mapping[str, str]) -> Values:
    values = [_quotient(row[name]) if types[name] == "DOUBLE" else row[name] for name in columns]
    cast = ", ".join(f"CAST(? AS {types[name]})" for name in columns)
    return con.execute(f"SELECT {cast}", values).fetchall()[0]


def _quotient(text: str | None) -> str | None:
    """A cell may show its arithmetic: ``183 / 30.4375``."""
    if text is None or "/" not in text:
        return text
    upper, lower = text.split("/")
    return repr(float(upper) / float(lower))


def _unmatched(rows: Iterable[Values], others: Iterable[Values]) -> list[Values]:
    left = list(others)
    found = []
    for row in rows:
        twin = next((i for i, other in enumerate(left) if _same(row, other)), None)
        if twin is None:
            found.append(row)
        else:
            left.pop(twin)
    return found


def _same(row: Values, other: Values) -> bool:
    return all(
        abs(a - b) <= TOLERANCE if isinstance(a, float) and isinstance(b, float) else a == b
        for a, b in zip(row, other, strict=True)
    )


def _line(row: Values) -> str:
    return " | ".join("" if value is None else str(value) for value in row)
