"""Open Data Contract Standard files read into the one description that DDL, renames, row rules, suites and glossary derive from.

Nothing here touches data: a contract says what must hold, `landing` and `expectations` find out whether it does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft201909Validator
from open_data_contract_standard import model as odcs

from pipelines.column_options import option_fault

SQL_TYPE = {
    "string": "VARCHAR",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
}
SCHEMA_OF_LAYER = {"sources": "raw", "canonical": "core", "published": "published"}
LINEAGE = {"_file_id": "VARCHAR", "_line": "BIGINT", "_as_of": "DATE", "_series": "VARCHAR", "_id_space": "VARCHAR"}
_COMPARISONS = {
    "mustBe": "=",
    "mustNotBe": "<>",
    "mustBeGreaterThan": ">",
    "mustBeGreaterOrEqualTo": ">=",
    "mustBeLessThan": "<",
    "mustBeLessOrEqualTo": "<=",
}


# The same rules in C where the library was built with it: a tenth of the time.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ContractError(ValueError):
    """A contract file breaks the standard or the project's rules; the message names file, place and remedy."""


@dataclass(frozen=True)
class Column:
    """One property of a contract: `headers` are the headings an export may use for it, `name` is ours."""

    name: str
    kind: str
    title: str = ""
    description: str = ""
    required: bool = False
    unique: bool = False
    primary_key: bool = False
    classification: str = "internal"
    headers: tuple[str, ...] = ()
    valid_values: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    physical_type: str | None = None

    @property
    def sql_type(self) -> str:
        """The DuckDB type of the column, e.g. ``DATE``."""
        return self.physical_type or SQL_TYPE[self.kind]


@dataclass(frozen=True)
class RowRule:
    """A boolean SQL expression over one row (columns by our names); false or null quarantines the row with `message`."""

    name: str
    expression: str
    message: str


@dataclass(frozen=True)
class Check:
    """A SQL query with one number as its answer, and the comparison (`operator`, `bound`) that answer must satisfy."""

    name: str
    query: str
    operator: str
    bound: float
    description: str
    severity: str = "error"


@dataclass(frozen=True)
class Contract:
    """What one table must look like; `settings` are the contract's custom properties (landing folder, header rows, …)."""

    id: str
    layer: str
    title: str
    description: str
    remedy: str
    version: str
    grain: str
    columns: tuple[Column, ...]
    row_rules: tuple[RowRule, ...]
    checks: tuple[Check, ...]
    freshness_days: int | None
    settings: Mapping[str, Any]
    path: Path

    @property
    def table(self) -> str:
        """The table the contract describes, always ``schema.table``."""
        return f"{SCHEMA_OF_LAYER[self.layer]}.{self.id}"

    @property
    def vendor(self) -> str:
        """The part of a source's id before ``__``; the id itself elsewhere."""
        return self.id.split("__")[0]

    @property
    def compares_releases(self) -> bool:
        """Whether the table speaks of two releases: then it is no part of what one is recognised by."""
        return self.settings.get("describes") == "releases"

    @property
    def primary_key(self) -> tuple[str, ...]:
        """Names of the columns that identify a row."""
        return tuple(c.name for c in self.columns if c.primary_key)

    def sql_types(self) -> dict[str, str]:
        """Column name to DuckDB type, lineage columns of a source included, in table order."""
        lineage = LINEAGE if self.layer == "sources" else {}
        return {c.name: c.sql_type for c in self.columns} | lineage

    def ddl(self) -> str:
        """CREATE statement of the empty table."""
        body = ", ".join(f'"{name}" {kind}' for name, kind in self.sql_types().items())
        return f"CREATE OR REPLACE TABLE {self.table} ({body})"


def heading_key(heading: str) -> str:
    """A heading as it is compared: byte order mark, outer and repeated blanks (of every kind) and case do not count."""
    return " ".join(heading.replace("\ufeff", "").split()).casefold()


def load(path: Path) -> Contract:
    """Read one contract file strictly. Raises ContractError on anything the standard or the project does not know."""
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 (both are safe loaders)
    problems = sorted(_validator().iter_errors(data), key=lambda e: list(map(str, e.absolute_path)))
    if problems:
        place = "/".join(map(str, problems[0].absolute_path)) or "top level"
        raise ContractError(
            f"{path.name}: {place}: {problems[0].message}. Compare with the other files in {path.parent.name}/."
        )
    model = odcs.OpenDataContractStandard(**data)
    if model.id != path.name.removesuffix(".odcs.yaml"):
        raise ContractError(f"{path.name}: the id is '{model.id}'; it must equal the file name. Rename one of them.")
    if not model.schema_ or len(model.schema_) != 1:
        raise ContractError(
            f"{path.name}: one contract describes one table; found {len(model.schema_ or [])}. Split the file."
        )
    return _contract(model, model.schema_[0], path)


def load_folder(folder: Path) -> dict[str, Contract]:
    """All contracts below `folder` by id, in alphabetical order of their paths. Raises ContractError on a repeated id."""
    found: dict[str, Contract] = {}
    for path in sorted(folder.rglob("*.odcs.yaml")):
        contract = load(path)
        if contract.id in found:
            raise ContractError(f"{path.name}: the id is used by {found[contract.id].path} already. Choose another.")
        found[contract.id] = contract
    return found


@cache
def _validator() -> Draft201909Validator:
    schema = odcs.OpenDataContractStandard.json_schema()  # type: ignore[no-untyped-call]
    return Draft201909Validator(json.loads(schema))


def _contract(model: odcs.OpenDataContractStandard, table: odcs.SchemaObject, path: Path) -> Contract:
    description = model.description
    quality = table.quality or []
    return Contract(
        id=model.id or "",
        layer=path.parent.name if path.parent.name in SCHEMA_OF_LAYER else "sources",
        title=model.name or model.id or "",
        description=(description.purpose if description else None) or "",
        remedy=(description.usage if description else None) or "",
        version=model.version or "0",
        grain=table.dataGranularityDescription or "",
        columns=tuple(_column(p, path) for p in table.properties or []),
        row_rules=tuple(_row_rule(q, path) for q in quality if q.type == "custom"),
        checks=tuple(_check(q, path) for q in quality if q.type == "sql"),
        freshness_days=_freshness(model),
        settings=_custom(model.customProperties),
        path=path,
    )


def _column(p: odcs.SchemaProperty, path: Path) -> Column:
    if p.name is None or p.logicalType not in SQL_TYPE:
        raise ContractError(f"{path.name}: property '{p.name}' needs a logicalType out of {', '.join(SQL_TYPE)}.")
    extra = _custom(p.customProperties)
    values: Sequence[object] = next(
        ((q.arguments or {}).get("validValues", ()) for q in p.quality or [] if q.metric == "invalidValues"), ()
    )
    if any(isinstance(v, bool) for v in values):
        raise ContractError(
            f"{path.name}: property '{p.name}': YAML reads an unquoted Yes or No as true or false. Quote the valid values."
        )
    options = {**(p.logicalTypeOptions or {}), **extra}
    fault = option_fault(options, tuple(map(str, values)))
    if fault:
        raise ContractError(f"{path.name}: property '{p.name}': {fault}")
    return Column(
        name=p.name,
        kind=p.logicalType,
        title=p.businessName or p.name,
        description=p.description or "",
        required=bool(p.required),
        unique=bool(p.unique),
        primary_key=bool(p.primaryKey),
        classification=p.classification or "internal",
        headers=tuple(dict.fromkeys([p.physicalName or p.businessName or p.name, *extra.get("headings", [])])),
        valid_values=tuple(map(str, values)),
        options=options,
        physical_type=p.physicalType,
    )


def _row_rule(q: odcs.DataQuality, path: Path) -> RowRule:
    if q.engine != "parley" or not isinstance(q.implementation, str) or not (q.name and q.description):
        raise ContractError(
            f"{path.name}: custom rule '{q.name}' needs name, description, engine 'parley' and a SQL expression."
        )
    return RowRule(q.name, q.implementation, q.description)


def _check(q: odcs.DataQuality, path: Path) -> Check:
    bounds = [(sign, getattr(q, key)) for key, sign in _COMPARISONS.items() if getattr(q, key) is not None]
    if len(bounds) != 1 or not (q.name and q.query and q.description):
        raise ContractError(f"{path.name}: check '{q.name}' needs name, description, query and one comparison.")
    return Check(q.name, q.query, bounds[0][0], float(bounds[0][1]), q.description, q.severity or "error")


def _freshness(model: odcs.OpenDataContractStandard) -> int | None:
    for sla in model.slaProperties or []:
        if sla.property == "frequency" and sla.unit == "d" and sla.value is not None:
            return int(sla.value)
    return None


def _custom(properties: list[odcs.CustomProperty] | None) -> dict[str, Any]:
    return {p.property: p.value for p in properties or [] if p.property}
