"""Export files into raw tables: every record ends accepted or in quarantine with reasons, or its file is refused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

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
from pipelines.landing.deliveries import FEWER_RECORDS, OLDER_STATE, compared, fewer_records
from pipelines.landing.erased import without_erased
from pipelines.landing.files import LandingFile, inventory
from pipelines.landing.judging import Delivery, accept, clean, judge, quarantine
from pipelines.landing.reading import TextTable, Unreadable, read, unreadable
from pipelines.landing.refusals import explained
from pipelines.landing.survey_answers import melt
from pipelines.landing.whole_file import content_hash, file_fault

__all__ = [
    "FEWER_RECORDS",
    "OLDER_STATE",
    "FileAccount",
    "Guard",
    "LandingFile",
    "inventory",
    "land_source",
    "record_unclaimed",
]


@dataclass(frozen=True)
class Guard:
    """What may not come in: `is_erased` says of an id or address that its owner was erased (None: nobody was).

    Of records set aside out of files older than `text_since` no text is kept.
    """

    is_erased: Callable[[str], bool] | None = None
    text_since: date = date.min


UNGUARDED = Guard()


def land_source(
    contract: Contract,
    files: Sequence[LandingFile],
    con: duckdb.DuckDBPyConnection,
    answers: Contract | None = None,
    accepted: Collection[str] = (),
    guard: Guard = UNGUARDED,
) -> list[FileAccount]:
    """Fill the raw table of `contract` anew from those of `files` it claims, in their order, and keep their accounts.

    With `answers`, columns of the files that `contract` does not name become rows of that contract's table. `accepted`
    has the checks that a person lets pass (FEWER_RECORDS, OLDER_STATE) and the ids of files let past them before.
    Raises duckdb.Error where a row rule of the contract is not sound SQL, OSError where a file cannot be opened.
    """
    clear(contract.id, con)
    for described in (contract, answers) if answers else (contract,):
        con.execute(described.ddl())
    source = _Source(contract, [f for f in files if f.contract_id == contract.id], con, answers, accepted, guard)
    for file in source.files:
        source.accounts.append(_land(file, source))
    store(source.accounts, con)
    return source.accounts


def record_unclaimed(files: Sequence[LandingFile], con: duckdb.DuckDBPyConnection) -> list[FileAccount]:
    """Keep the accounts of the files that no contract, or more than one, claims."""
    clear("", con)
    accounts = [refused_account(f, unreadable(f.path, f.refusal or "")) for f in files if f.contract_id is None]
    store(accounts, con)
    return accounts


@dataclass(frozen=True)
class _Source:
    """One source while it lands; `accounts` are those of its files so far, in the order of `files`."""

    contract: Contract
    files: Sequence[LandingFile]
    con: duckdb.DuckDBPyConnection
    answers: Contract | None
    accepted: Collection[str]
    guard: Guard
    accounts: list[FileAccount] = field(default_factory=list)


def _land(file: LandingFile, source: _Source) -> FileAccount:
    if file.refusal is not None or file.as_of is None:
        return refused_account(file, unreadable(file.path, file.refusal or "The name has no date."))
    repeated = _repeated(file, source)
    if repeated is not None:
        return repeated
    contract = file.dialect or source.contract
    table = read(file.path, contract)
    if isinstance(table, Unreadable):
        return refused_account(file, explained(table, file.path, contract))
    if source.guard.is_erased:
        table = without_erased(table, contract, source.guard.is_erased)
    source.con.register("landing_text", table.rows)
    try:
        return _take(Delivery(_as_headed(contract, table), file, file.as_of, table), source)
    finally:
        source.con.unregister("landing_text")


def _as_headed(contract: Contract, table: TextTable) -> Contract:
    """The contract with the headings of this very file in front, so that messages name what the reader sees in it."""
    names = {column: " ".join(table.headings[0][i].split()) for column, i in table.claims.positions.items()}
    columns = tuple(
        replace(c, headers=(names[c.name], *c.headers)) if names.get(c.name) else c for c in contract.columns
    )
    return replace(contract, columns=columns)


def _repeated(file: LandingFile, source: _Source) -> FileAccount | None:
    """The account of a file with the very bytes of an earlier one; None where it is to be read all the same."""
    original = next((a for a in source.accounts if a.path == file.duplicate_of), None)
    if original is None:
        return None
    if original.status == "refused":
        reason = f"Same content as {original.path}, which was refused: {original.reason}"
        return replace(original, path=file.relative, as_of=file.as_of, reason=reason)
    verdict = compared(source.contract, file, original.content, source.accounts, source.accepted)
    if verdict.status == "refused":
        return refused_account(file, unreadable(file.path, verdict.reason))
    if verdict.status == "read" and original.content:
        return None
    return duplicate_account(file, (verdict.twin or original).path, original.content)


def _take(delivery: Delivery, source: _Source) -> FileAccount:
    """Clean, date, judge and store the records of one readable file, in this order."""
    con, table = source.con, delivery.table
    found = clean(delivery, con)
    problems = [proof.problem for proof in found if proof.problem]
    if problems:
        return refused_account(delivery.file, _refused(table, " ".join(problems)))
    formats = {proof.column: proof.format for proof in found if proof.format}
    judge(delivery, formats, con)
    fault = file_fault(delivery, con)
    if fault:
        return refused_account(delivery.file, _refused(table, fault))
    content = content_hash(delivery, con, with_answers=source.answers is not None)
    account = _against_earlier(delivery, source, content)
    if account is not None:
        return account
    accepted = accept(delivery, con)
    if source.answers is not None:
        melt(table, delivery.contract, source.answers, con)
    settled = "; ".join(f"{column} {date_format}" for column, date_format in formats.items())
    aside = quarantine(delivery, accepted, con, keeps_text=delivery.as_of >= source.guard.text_since)
    return read_account(delivery.file, table, settled, (accepted, aside), content)


def _against_earlier(delivery: Delivery, source: _Source, content: str) -> FileAccount | None:
    """The account of a file that is not taken for what was delivered before it; None where it is taken.

    A file with the rows of another but faulty records besides is read: its faults must not go unseen.
    """
    file, table = delivery.file, delivery.table
    verdict = compared(source.contract, file, content, source.accounts, source.accepted)
    is_same = verdict.twin is not None and verdict.twin.data_records == table.records - table.header
    if verdict.status == "duplicate" and verdict.twin is not None and is_same:
        return duplicate_account(file, verdict.twin.path, content)
    reason = verdict.reason or fewer_records(
        source.contract, file, table.records - table.header, source.files, source.accounts, source.accepted
    )
    return refused_account(file, _refused(table, reason)) if reason else None


def _refused(table: TextTable, reason: str) -> Unreadable:
    return Unreadable(reason, table.records, table.header, table.encoding, table.delimiter, table.headings)
