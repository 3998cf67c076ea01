"""Great Expectations suites derived from data contracts, so that no rule is written twice.

Decided here is what must hold and in which words; running a suite and reading its result belongs in `expectations`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pipelines.contracts import Check, Column, Contract, RowRule

if TYPE_CHECKING:
    import great_expectations as gx
    from great_expectations.expectations.expectation import Expectation

_GX_SEVERITY = {"error": "critical", "warning": "warning"}
_LABELS = ("check", "column", "description", "severity")


def suite_for(contract: Contract) -> gx.ExpectationSuite:
    """The expectations that follow from `contract`; their meta holds our check name, column, description and severity.

    They cover columns and types, key, required, unique, valid values, range, length, pattern (found anywhere in the
    value), row rules and SQL checks. A key is never empty; other rules on values let empty cells pass. Without any rule
    the suite is empty.
    """
    import great_expectations as gx

    rules = [
        *_table_rules(contract),
        *(rule for column in contract.columns for rule in _column_rules(column, is_source=contract.layer == "sources")),
        *map(_row_rule, contract.row_rules),
        *map(_query_rule, contract.checks),
    ]
    return gx.ExpectationSuite(name=contract.table, expectations=rules)


def answer_query(check: Check) -> str:
    """SELECT of the number `check` asks for, as ``observed``; DuckDB raises where its query gives several rows."""
    return f"select cast((\n{check.query.rstrip().rstrip(';')}\n) as double) as observed"


def type_query(contract: Contract) -> str:
    """SELECT of (column, declared type, found type or null) for each column that departs from `contract`."""
    # typeof() brings spellings such as TEXT to DuckDB's own, which is what information_schema reports.
    declared = ", ".join(f"('{name}', typeof(cast(null as {kind})))" for name, kind in contract.sql_types().items())
    schema, table = contract.table.split(".")
    return (
        f"select declared.name, declared.type, found.data_type from (values {declared}) as declared(name, type) "
        "left join information_schema.columns as found on found.table_catalog = current_database() "
        f"and found.table_schema = '{schema}' and found.table_name = '{table}' and found.column_name = declared.name "
        "where found.data_type is distinct from declared.type"
    )


def _labels(check: str, description: str, column: str = "", severity: str = "error") -> dict[str, Any]:
    meta = dict(zip(_LABELS, (check, column, description, severity), strict=True))
    return {"meta": meta, "description": description, "severity": _GX_SEVERITY[severity]}


def _table_rules(contract: Contract) -> Iterator[Expectation]:
    import great_expectations.expectations as gxe

    if not contract.columns:
        return
    columns = _labels("columns", "The table has exactly the columns of its contract.")
    yield gxe.ExpectTableColumnsToMatchSet(column_set=list(contract.sql_types()), exact_match=True, **columns)
    types = _labels("column_types", "Every column has the type its contract declares.")
    yield gxe.UnexpectedRowsExpectation(unexpected_rows_query=_gx_query(type_query(contract)), **types)
    # Exports repeat each other, so what is unique in a source is so within a file.
    within = ("_file_id",) if contract.layer == "sources" else ()
    key = contract.primary_key
    yield from _unique(
        key,
        within,
        _labels("primary_key", f"One row for each {' + '.join(key)}.", "".join(key[:1] if len(key) == 1 else ())),
    )
    for column in (c for c in contract.columns if c.unique):
        yield from _unique(
            (column.name,), within, _labels("unique", f"No value of '{column.title}' occurs twice.", column.name)
        )


def _unique(names: tuple[str, ...], within: tuple[str, ...], described: dict[str, Any]) -> Iterator[Expectation]:
    import great_expectations.expectations as gxe

    if len(names) == 1 and not within:
        yield gxe.ExpectColumnValuesToBeUnique(column=names[0], **described)
    elif names:
        yield gxe.ExpectCompoundColumnsToBeUnique(column_list=[*names, *within], **described)


def _column_rules(column: Column, *, is_source: bool) -> Iterator[Expectation]:
    import great_expectations.expectations as gxe

    name, title = column.name, column.title
    if column.required or (column.primary_key and not is_source):
        described = _labels("not_null", f"'{title}' is filled in every row.", name)
        yield gxe.ExpectColumnValuesToNotBeNull(column=name, **described)
    if column.valid_values:
        described = _labels("valid_values", f"'{title}' is one of: {', '.join(column.valid_values)}.", name)
        yield gxe.ExpectColumnValuesToBeInSet(column=name, value_set=_typed_values(column), **described)
    yield from _option_rules(column)


def _option_rules(column: Column) -> Iterator[Expectation]:
    import great_expectations.expectations as gxe

    name, title, options = column.name, column.title, column.options
    low, high = options.get("minimum"), options.get("maximum")
    if (low, high) != (None, None):
        described = _labels("range", f"'{title}' is {_between(low, high)}.", name)
        yield gxe.ExpectColumnValuesToBeBetween(column=name, min_value=low, max_value=high, **described)
    low, high = options.get("minLength"), options.get("maxLength")
    if (low, high) != (None, None):
        described = _labels("length", f"'{title}' is {_between(low, high)} characters long.", name)
        yield gxe.ExpectColumnValueLengthsToBeBetween(column=name, min_value=low, max_value=high, **described)
    if options.get("pattern"):
        described = _labels("pattern", f"'{title}' follows the pattern {options['pattern']}", name)
        yield gxe.ExpectColumnValuesToMatchRegex(column=name, regex=options["pattern"], **described)


def _between(low: object, high: object) -> str:
    return " and ".join(
        f"{words} {bound}" for words, bound in (("at least", low), ("at most", high)) if bound is not None
    )


def _row_rule(rule: RowRule) -> Expectation:
    import great_expectations.expectations as gxe

    # A constant is selected because Great Expectations fetches the rows it finds, and they are about people.
    query = f"select 1 as broken from batch where not coalesce((\n{rule.expression}\n), false)"
    return gxe.UnexpectedRowsExpectation(unexpected_rows_query=_gx_query(query), **_labels(rule.name, rule.message))


def _query_rule(check: Check) -> Expectation:
    import great_expectations.expectations as gxe

    # DuckDB ranks NaN above every number, so an undefined answer would pass "greater than" without the finiteness test.
    holds = f"isfinite(observed) and observed {check.operator} {check.bound!r}"
    query = f"select observed from ({answer_query(check)}) as answer where not coalesce({holds}, false)"
    described = _labels(check.name, check.description, severity=check.severity)
    return gxe.UnexpectedRowsExpectation(unexpected_rows_query=_gx_query(query), **described)


def _typed_values(column: Column) -> list[str | int | float]:
    convert = {"integer": int, "number": float}.get(column.kind, str)
    return [convert(value) for value in column.valid_values]


def _gx_query(sql: str) -> str:
    """Quote what Great Expectations (braces) and SQLAlchemy (colons) take for parameters; name the table `batch`."""
    escaped = re.sub(r"(?<![:\w\\]):(?=\w)", r"\:", sql.replace("{", "{{").replace("}", "}}"))
    return f"with batch as (select * from {{batch}}) {escaped}"
