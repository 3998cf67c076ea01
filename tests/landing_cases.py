"""Small source contracts and files for the tests of landing; no test stands here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipelines.contracts import Contract, load
from pipelines.landing import FileAccount, inventory, land_source

Property = dict[str, Any]
OPTIONS = ("headings", "optional", "format", "pivot", "codes", "keepOnly", "identifies", "verified")


def column(name: str, kind: str = "string", **more: Any) -> Property:
    """A property of a contract; `values` becomes an enumeration, what is named in OPTIONS a custom property."""
    custom = [{"property": key, "value": more.pop(key)} for key in OPTIONS if key in more]
    found: Property = {"name": name, "logicalType": kind, **more}
    if "values" in found:
        rule = {"metric": "invalidValues", "mustBe": 0, "arguments": {"validValues": found.pop("values")}}
        found["quality"] = [{"type": "library", **rule}]
    return {**found, "customProperties": custom} if custom else found


def rule(name: str, expression: str, description: str) -> dict[str, str]:
    """A row rule of a contract."""
    return {
        "name": name,
        "type": "custom",
        "engine": "parley",
        "implementation": expression,
        "description": description,
    }


def contract(
    folder: Path, name: str, columns: list[Property], rules: Sequence[dict[str, str]] = (), **settings: Any
) -> Contract:
    """A source contract, written to `folder` and loaded from there; it claims everything below ``<name>/``."""
    table = {"name": name, "physicalType": "file", "properties": columns, **({"quality": list(rules)} if rules else {})}
    declared = {"landing": name} | settings
    content = {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": name,
        "version": "1.0.0",
        "status": "active",
        "customProperties": [{"property": key, "value": value} for key, value in declared.items()],
        "schema": [table],
    }
    path = folder / "sources" / f"{name}.odcs.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return load(path)


def land(
    root: Path,
    described: Contract,
    files: dict[str, bytes],
    con: duckdb.DuckDBPyConnection,
    answers: Contract | None = None,
) -> list[FileAccount]:
    """Put `files` (name to content) into the folder of the source below `root` and land them."""
    folder = root / "landing" / str(described.settings["landing"])
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    known = {c.id: c for c in (described, answers) if c is not None}
    return land_source(described, inventory(root / "landing", known), con, answers)


def as_lines(*lines: str) -> bytes:
    """The content of a text file."""
    return ("\n".join(lines) + "\n").encode()


def land_one(root: Path, con: duckdb.DuckDBPyConnection, head: Property, *values: str) -> FileAccount:
    """Land a file with one column of interest beside a number, each value in quotes."""
    described = contract(root, "one", [column("n"), head])
    quoted = [f'{i},"{value}"' for i, value in enumerate(values)]
    return land(root, described, {"one_20260630.csv": as_lines(f"n,{head['name']}", *quoted)}, con)[0]


def quarantined(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """Line and first broken rule of the records set aside."""
    return rows(con, "SELECT line, rule FROM landing.quarantine ORDER BY line")


def rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    return con.execute(query).fetchall()
