"""The SQL folder read as tables: path is name, the SELECT says what it needs, the leading comment says what it means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import TopologicalSorter
from hashlib import sha256
from pathlib import Path

import duckdb
import sqlglot
from sqlglot import exp

READS = {
    "staging": {"raw"},
    "core": {"raw", "staging", "core"},
    # Risk sets and counts that the estimators of the links start from.
    "links": {"raw", "core", "links"},
    # What the model of leaving may know of people, and when a conversation with them is due.
    "lists": {"raw", "core", "links", "lists"},
    # What the lists mean for groups of people; nothing that makes a list may read it.
    "fairness": {"raw", "core", "links", "lists"},
    "metrics": {"raw", "core", "links", "lists"},
    # What a release says about the one before it.
    "releases": {"raw", "published"},
}
# Tables with ids, names or addresses of people, or their protected attributes: only the tables of core may read them, where
# ids become keys and attributes become the groups of a census, and of fairness the attributes.
RESTRICTED = frozenset(
    {
        "core.identity",
        "core.worker_xref",
        "core.name_xref",
        "core.id_conflict",
        "core.equity_attribute",
        "core.equity_cell",
        "fairness.attribute_cell",
    }
)
ATTRIBUTES = "core.equity_attribute"
# A SELECT that reads this table is run once for each of its rows, with the ends of that chunk in place of these.
CHUNKS = "links.worker_chunk"
_FROM, _TO = f"(select min(from_no) from {CHUNKS})", f"(select max(to_no) from {CHUNKS})"
_VIEW = "-- kept as: view"
_FIELD = re.compile(r"^([a-z_]+): (.*)$")


class TableError(ValueError):
    """A SQL file breaks a rule of the house; the message names the file and the remedy."""


@dataclass(frozen=True)
class Table:
    """One SELECT of the SQL folder: `schema` is its folder, `name` its file; `path` is where it came from."""

    schema: str
    name: str
    sql: str
    path: Path
    header: Mapping[str, str] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        """The name other SELECTs use: ``schema.table``."""
        return f"{self.schema}.{self.name}"

    @cached_property
    def upstream(self) -> frozenset[str]:
        """Full names of the tables the SELECT reads."""
        return tables_in(self.sql)

    @property
    def digest(self) -> str:
        """A stable fingerprint of the SELECT, for code versions."""
        return sha256(self.sql.encode()).hexdigest()[:12]

    @property
    def is_view(self) -> bool:
        """Whether its rows are worked out by whoever reads it, because they would be too many to keep."""
        return _VIEW in self.sql.splitlines()

    def build(self, con: duckdb.DuckDBPyConnection) -> int:
        """(Re)create the table on `con` and return the number of rows it keeps.

        Where it reads CHUNKS, one chunk is worked out after the other: memory is needed for one at a time.
        """
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {self.schema}")
        if self.is_view:
            con.execute(f"CREATE OR REPLACE VIEW {self.full_name} AS {self.sql}")
            return 0
        first, *others = self._parts(con)
        con.execute(f"CREATE OR REPLACE TABLE {self.full_name} AS {first}")
        for part in others:
            con.execute(f"INSERT INTO {self.full_name} {part}")
        return int(con.execute(f"SELECT count(*) FROM {self.full_name}").fetchall()[0][0])

    def _parts(self, con: duckdb.DuckDBPyConnection) -> list[str]:
        """The SELECT for each chunk of workers, or the SELECT itself."""
        if CHUNKS not in self.upstream:
            return [self.sql]
        ends = con.execute(f"SELECT from_no, to_no FROM {CHUNKS} ORDER BY chunk_no").fetchall()
        # Numbers reach the scan of every table that is joined; a subquery would be looked up after the join.
        return [self.sql.replace(_FROM, str(first)).replace(_TO, str(end)) for first, end in ends]


def load(folder: Path) -> dict[str, Table]:
    """All tables below `folder` by full name. Raises TableError where a file reads what its layer may not."""
    tables = {}
    for path in sorted(folder.glob("*/*.sql")):
        text = path.read_text(encoding="utf-8")
        table = Table(path.parent.name, path.stem, text, path, header(text))
        _check_layer(table)
        tables[table.full_name] = table
    return tables


def tables_in(sql: str) -> frozenset[str]:
    """Full names of the tables a SELECT reads; CTEs have no schema and are left out."""
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    return frozenset(f"{t.db}.{t.name}" for t in tree.find_all(exp.Table) if t.db)


def header(sql: str) -> dict[str, str]:
    """The fields of a SQL file's leading comment: ``-- ID Title`` and ``-- key: value`` lines, or one description."""
    lines = []
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    fields = {m[1]: m[2] for line in lines if (m := _FIELD.match(line))}
    if not fields:
        return {"description": " ".join(lines)}
    metric_id, _, name = lines[0].partition(" ")
    return {"metric_id": metric_id, "name": name, **fields}


def in_order(tables: Iterable[Table]) -> list[Table]:
    """The tables with every one after those it reads. Raises graphlib.CycleError on a cycle."""
    by_name = {t.full_name: t for t in tables}
    sorter = TopologicalSorter({name: t.upstream & by_name.keys() for name, t in by_name.items()})
    return [by_name[name] for name in sorter.static_order()]


def ancestors(table: Table, tables: Mapping[str, Table]) -> set[str]:
    """Full names of everything the table descends from, raw tables included."""
    found: set[str] = set()
    waiting = [table.full_name]
    while waiting:
        name = waiting.pop()
        for up in tables[name].upstream if name in tables else ():
            if up not in found:
                found.add(up)
                waiting.append(up)
    return found


def is_restricted(full_name: str) -> bool:
    """Whether a table holds ids, names, addresses or protected attributes of people."""
    return full_name in RESTRICTED or full_name.startswith("core.delivered_")


def _check_layer(table: Table) -> None:
    allowed = READS.get(table.schema)
    if allowed is None:
        raise TableError(f"{table.path}: no layer is called '{table.schema}'. Use one of {', '.join(READS)}.")
    wrong = sorted(up for up in table.upstream if up.split(".")[0] not in allowed or not _may_know(table, up))
    if wrong:
        raise TableError(
            f"{table.path}: {table.schema} may not read {', '.join(wrong)}; only {', '.join(sorted(allowed))}."
        )


def _may_know(table: Table, upstream: str) -> bool:
    is_judging = table.schema == "fairness" and upstream == ATTRIBUTES
    return table.schema == "core" or is_judging or not is_restricted(upstream)
