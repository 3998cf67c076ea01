"""Data contracts checked by Great Expectations on the open warehouse, with counts and no values as the result.

Importing Great Expectations takes seconds of processor time, so the functions that need it import it themselves.
What must hold is derived in `suites`, pages are made in `data_docs`; which rows may enter is decided in `landing`.
"""

from __future__ import annotations

import json
import logging
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.contracts import Check, Contract
from pipelines.expectations.suites import answer_query, suite_for, type_query

if TYPE_CHECKING:
    import great_expectations as gx
    from great_expectations.core.expectation_validation_result import (
        ExpectationSuiteValidationResult,
        ExpectationValidationResult,
    )

# People's values would otherwise be kept in results, pages and logs.
_COUNTS_ONLY: dict[str, Any] = {"result_format": "BASIC", "partial_unexpected_count": 0}


@dataclass(frozen=True)
class CheckResult:
    """One check of one table: `observed` is what was counted, `unexpected` the rows (or columns) that broke it.

    For a SQL check `observed` is the query's answer and `unexpected` is empty; both are where the check could not run.
    """

    table_name: str
    check_name: str
    column_name: str
    description: str
    severity: str
    is_passed: bool
    observed: float | None
    unexpected: int | None


def validate(contract: Contract, warehouse: duckdb.DuckDBPyConnection, docs: Path | None = None) -> list[CheckResult]:
    """Check ``contract.table`` on a cursor of `warehouse`, which sees committed data only; one result per expectation.

    A check that crashes or gives no result counts as failed, and so does a contract without any. With `docs`, the
    counts are also left in that folder for `data_docs.build_docs`; nothing else is written anywhere.
    """
    suite = suite_for(contract)
    if not suite.expectations:
        return [_no_checks(contract)]
    with _silenced():
        try:
            with warehouse.cursor() as cursor:
                outcome = _outcome(contract, suite, cursor)
                remarks = {"column_types": _type_misfits(contract, cursor)}
                answers = {check.name: _answer(check, cursor) for check in contract.checks}
        except _crashes() as crash:
            outcome, remarks, answers = _crashed(suite, crash), {}, {}
    for result in outcome.results:
        _strip_values(result)
    if docs is not None:
        _keep(outcome, contract, docs)
    return _in_order(contract, suite, [_check_result(contract, r, answers, remarks) for r in outcome.results])


def _crashed(suite: gx.ExpectationSuite, crash: Exception) -> ExpectationSuiteValidationResult:
    """The outcome of a run that broke off: every expectation failed, and none has a result."""
    from great_expectations.core import expectation_validation_result as gx_results

    kind = f"{type(crash).__module__}.{type(crash).__name__}"
    failed = [
        gx_results.ExpectationValidationResult(
            success=False, expectation_config=rule.configuration, exception_info={"exception_message": kind}
        )
        for rule in suite.expectations
    ]
    statistics = {"evaluated_expectations": len(failed), "successful_expectations": 0, "success_percent": 0.0}
    statistics["unsuccessful_expectations"] = len(failed)
    return gx_results.ExpectationSuiteValidationResult(
        success=False, results=failed, suite_name=suite.name, statistics=statistics
    )


def _in_order(contract: Contract, suite: gx.ExpectationSuite, found: list[CheckResult]) -> list[CheckResult]:
    """`found` in the order of the suite, with a failure for every expectation that nothing was heard of."""
    expected = {(rule.meta["check"], rule.meta["column"]): rule.meta for rule in suite.expectations if rule.meta}
    heard = {(result.check_name, result.column_name) for result in found}
    lost = [_not_run(contract, labels, "no result") for place, labels in expected.items() if place not in heard]
    places = list(expected)
    return sorted([*found, *lost], key=lambda result: places.index((result.check_name, result.column_name)))


def _outcome(
    contract: Contract, suite: gx.ExpectationSuite, cursor: duckdb.DuckDBPyConnection
) -> ExpectationSuiteValidationResult:
    import great_expectations as gx
    from great_expectations.data_context.types import base

    from pipelines.expectations.duckdb_dialect import datasource_options

    config = base.DataContextConfig(
        store_backend_defaults=base.InMemoryStoreBackendDefaults(),
        progress_bars=base.ProgressBarsConfig(globally=False),
        analytics_enabled=False,
    )
    context = gx.get_context(mode="ephemeral", project_config=config)
    source = context.data_sources.add_sql("warehouse", **datasource_options(cursor))
    asset = source.add_query_asset(contract.table, query=f"select * from {contract.table}")
    batch = asset.add_batch_definition_whole_table("whole").get_batch()
    return batch.validate(suite, result_format=_COUNTS_ONLY)


def _crashes() -> tuple[type[Exception], ...]:
    from great_expectations.datasource.fluent.interfaces import TestConnectionError
    from great_expectations.exceptions import GreatExpectationsError
    from sqlalchemy.exc import SQLAlchemyError

    return (GreatExpectationsError, TestConnectionError, SQLAlchemyError, duckdb.Error)


@contextmanager
def _silenced() -> Iterator[None]:
    """Keep Great Expectations out of the log, as its messages may quote the database's and those quote people's values.

    Its advice to use its own PostgreSQL data source is silenced too; that one would want a server.
    """
    from great_expectations.datasource.fluent.interfaces import GxDatasourceWarning

    logger = logging.getLogger("great_expectations")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", GxDatasourceWarning)
            yield
    finally:
        logger.setLevel(before)


def _answer(check: Check, cursor: duckdb.DuckDBPyConnection) -> float | None:
    try:
        row = cursor.execute(answer_query(check)).fetchone()
    except duckdb.Error:  # the suite has run the same query and reports it as failed
        return None
    return float(row[0]) if row and row[0] is not None else None


def _type_misfits(contract: Contract, cursor: duckdb.DuckDBPyConnection) -> str:
    if not contract.columns:
        return ""
    rows = cursor.execute(type_query(contract)).fetchall()
    return ", ".join(f"'{name}' is {found or 'missing'} instead of {declared}" for name, declared, found in rows)


def _strip_values(result: ExpectationValidationResult) -> None:
    """Reduce a crash to its kind, in place: the database's messages and tracebacks quote the value it choked on."""
    if result.result:
        return
    kinds = re.findall(r"duckdb\.(\w+)", str(result.exception_info))
    kind = next((k for k in kinds if isinstance(getattr(duckdb, k, None), type)), "the check itself crashed")
    result.success = False
    result.exception_info = {"raised_exception": True, "exception_message": kind, "exception_traceback": ""}


def _keep(outcome: Any, contract: Contract, docs: Path) -> None:
    outcome.meta = {"batch_spec": {"data_asset_name": contract.title}}
    docs.mkdir(parents=True, exist_ok=True)
    (docs / f"{contract.table}.json").write_text(json.dumps(outcome.to_json_dict(), indent=1), encoding="utf-8")


def _check_result(
    contract: Contract,
    result: ExpectationValidationResult,
    answers: Mapping[str, float | None],
    remarks: Mapping[str, str],
) -> CheckResult:
    labels = dict(result.expectation_config.meta) if result.expectation_config else {}
    if not result.result:
        return _not_run(contract, labels, str(result.exception_info["exception_message"]))
    check = labels["check"]
    observed, unexpected = (
        (answers[check], None) if check in answers and not labels["column"] else _counts(result.result)
    )
    remark = (
        ""
        if result.success
        else remarks.get(check) or _column_remark(result.result) or _number(answers.get(check), _bound(contract, check))
    )
    return CheckResult(
        table_name=contract.table,
        check_name=check,
        column_name=labels["column"],
        description=f"{labels['description']} Found: {remark}." if remark else labels["description"],
        severity=labels["severity"],
        is_passed=bool(result.success),
        observed=observed,
        unexpected=unexpected,
    )


def _counts(result: Mapping[str, Any]) -> tuple[float | None, int | None]:
    """(rows or columns looked at, those that broke the rule), from whichever keys this kind of expectation fills."""
    if "unexpected_count" in result:
        # A sum over no rows is null.
        return float(result["element_count"]), int(result["unexpected_count"] or 0)
    if isinstance(result["observed_value"], list):
        wrong = result.get("details", {}).get("mismatched", {})
        return float(len(result["observed_value"])), sum(map(len, wrong.values()))
    return None, int(result["observed_value"])


def _bound(contract: Contract, check: str) -> float:
    return next((c.bound for c in contract.checks if c.name == check), 0.0)


def _number(answer: float | None, bound: float) -> str:
    """The answer of a query in words; a share where the bound is one."""
    if answer is not None and 0 < bound < 1:
        return f"{answer:.1%}"
    return "" if answer is None or answer <= 0 else f"{answer:,.4g}" if answer % 1 else f"{answer:,.0f}"


def _column_remark(result: Mapping[str, Any]) -> str:
    wrong = result.get("details", {}).get("mismatched", {})
    words = {"missing": "missing", "unexpected": "not in the contract"}
    return "; ".join(f"{words[kind]}: {', '.join(names)}" for kind, names in wrong.items() if names)


def _not_run(contract: Contract, labels: Mapping[str, Any], reason: str) -> CheckResult:
    description = f"{labels['description']} The check could not be run ({reason}), which counts as failed."
    check, column, severity = labels["check"], labels["column"], labels["severity"]
    return CheckResult(contract.table, check, column, description, severity, False, None, None)


def _no_checks(contract: Contract) -> CheckResult:
    description = f"The contract checks nothing. Declare columns or rules in {contract.path.name}."
    return CheckResult(contract.table, "has_checks", "", description, "error", False, 0.0, None)
