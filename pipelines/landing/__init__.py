"""Export files into raw tables: every record ends accepted or in quarantine with reasons, or its file is refused."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from pipelines.contracts import Contract
from pipelines.landing.accounts import (
    FileAccount,
    clear,
    duplicate_account,
    read_account,
    refused_account,
    store,
)
from pipelines.landing.files import LandingFile, inventory
from pipelines.landing.judging import Delivery, accept, clean, judge, quarantine
from pipelines.landing.reading import TextTable, Unreadable, read, unreadable
from pipelines.landing.survey_answers import melt

__all__ = ["FileAccount", "LandingFile", "inventory", "land_source", "record_unclaimed"]


def land_source(
    contract: Contract, files: Sequence[LandingFile], con: duckdb.DuckDBPyConnection, answers: Contract | None = None
) -> list[FileAccount]:
    """Fill the raw table of `contract` anew from those of `files` it claims, in their order, and keep their accounts.

    With `answers`, columns of the files that `contract` does not name become rows of that contract's table.
    Raises duckdb.Error where a row rule of the contract is not sound SQL, OSError where a file cannot be opened.
    """
    clear(contract.id, con)
    for described in (contract, answers) if answers else (contract,):
        con.execute(described.ddl())
    accounts = [_land(contract, file, con, answers) for file in files if file.contract_id == contract.id]
    store(accounts, con)
    return accounts


def record_unclaimed(files: Sequence[LandingFile], con: duckdb.DuckDBPyConnection) -> list[FileAccount]:
    """Keep the accounts of the files that no contract, or more than one, claims."""
    clear("", con)
    accounts = [refused_account(f, unreadable(f.path, f.refusal or "")) for f in files if f.contract_id is None]
    store(accounts, con)
    return accounts


def _land(
    contract: Contract, file: LandingFile, con: duckdb.DuckDBPyConnection, answers: Contract | None
) -> FileAccount:
    if file.duplicate_of is not None:
        return duplicate_account(file)
    if file.refusal is not None or file.as_of is None:
        return refused_account(file, unreadable(file.path, file.refusal or "The name has no date."))
    table = read(file.path, contract)
    if isinstance(table, Unreadable):
        return refused_account(file, table)
    con.register("landing_text", table.rows)
    try:
        return _take(Delivery(contract, file, file.as_of, table), con, answers)
    finally:
        con.unregister("landing_text")


def _take(delivery: Delivery, con: duckdb.DuckDBPyConnection, answers: Contract | None) -> FileAccount:
    """Clean, date, judge and store the records of one readable file, in this order."""
    found = clean(delivery, con)
    problems = [proof.problem for proof in found if proof.problem]
    if problems:
        return refused_account(delivery.file, _refused(delivery.table, " ".join(problems)))
    formats = {proof.column: proof.format for proof in found if proof.format}
    judge(delivery, formats, con)
    if delivery.table.is_open and _is_cut_off(delivery.table, con):
        fault = (
            f"Line {delivery.table.rows['_line'][-1]}, the last one, has no line end and a faulty or empty last field"
        )
        return refused_account(
            delivery.file, _refused(delivery.table, f"{fault}: the export was cut short. Export it again.")
        )
    accepted = accept(delivery, con)
    if answers is not None:
        melt(delivery.table, delivery.contract, answers, con)
    settled = "; ".join(f"{column} {date_format}" for column, date_format in formats.items())
    return read_account(delivery.file, delivery.table, settled, accepted, quarantine(delivery, accepted, con))


def _refused(table: TextTable, reason: str) -> Unreadable:
    return Unreadable(reason, table.records, table.header, table.encoding, table.delimiter, table.headings)


def _is_cut_off(table: TextTable, con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the last line, which has no line end, is the stump of a longer one.

    It is taken for one where its last field is faulty, or empty while that of all other records is filled.
    """
    last = max(table.claims.positions, key=lambda name: table.claims.positions[name], default=None)
    if last is None:
        return False
    text = f'"_text_{last}"'
    query = f"""
        SELECT len(list_filter(_failed, lambda rule: starts_with(rule, '{last}:'))) > 0 OR {text} IS NULL
            AND (SELECT count(*) > 1 AND count({text}) = count(*) - 1 FROM landing_judged)
        FROM landing_judged ORDER BY _line DESC LIMIT 1"""
    return bool(con.execute(query).fetchall()[0][0])
