"""The equation every landing file must satisfy, and the two tables where it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date

import duckdb

from pipelines.landing.files import LandingFile
from pipelines.landing.reading import TextTable, Unreadable

_TABLES = """
    CREATE SCHEMA IF NOT EXISTS raw;
    CREATE SCHEMA IF NOT EXISTS landing;
    CREATE TABLE IF NOT EXISTS landing.source_file (
        file_id VARCHAR, path VARCHAR, source VARCHAR, status VARCHAR, reason VARCHAR, as_of DATE, encoding VARCHAR,
        delimiter VARCHAR, date_format VARCHAR, records BIGINT, header BIGINT, accepted BIGINT, quarantined BIGINT,
        content VARCHAR);
    CREATE TABLE IF NOT EXISTS landing.quarantine (
        file_id VARCHAR, path VARCHAR, source VARCHAR, line BIGINT, reason VARCHAR, rule VARCHAR, record VARCHAR)"""


@dataclass(frozen=True)
class FileAccount:
    """What became of the records of one file; `source` is '' where no contract claims it, counts are records.

    `content` is a hash of the accepted rows whatever their order, '' where nothing was accepted.
    The records of a refused file count as quarantined as a whole and have no rows of their own in landing.quarantine.
    """

    file_id: str
    path: str
    source: str
    status: str
    reason: str
    as_of: date | None
    encoding: str
    delimiter: str
    date_format: str
    records: int
    header: int
    accepted: int
    quarantined: int
    content: str = ""

    @property
    def data_records(self) -> int:
        """Records below the headings."""
        return self.records - self.header

    def __post_init__(self) -> None:
        """Raise AssertionError where a record is lost or counted twice."""
        if self.records != self.header + self.accepted + self.quarantined:
            raise AssertionError(
                f"{self.path}: {self.records} records are not {self.header} + {self.accepted} + {self.quarantined}"
            )


def file_id(file: LandingFile) -> str:
    """First 16 hexadecimal digits of the hash of the content."""
    return file.sha256[:16]


def read_account(
    file: LandingFile, table: TextTable, date_format: str, counts: tuple[int, int], content: str
) -> FileAccount:
    """The account of a file that was read; `counts` are its accepted and its quarantined records."""
    return FileAccount(
        file_id(file),
        file.relative,
        file.contract_id or "",
        "read",
        "",
        file.as_of,
        table.encoding,
        table.delimiter,
        date_format,
        table.records,
        table.header,
        *counts,
        content,
    )


def refused_account(file: LandingFile, why: Unreadable) -> FileAccount:
    """The account of a file of which nothing is taken."""
    counts = (why.records, why.header, 0, why.records - why.header)
    source = file.contract_id or ""
    return FileAccount(
        file_id(file),
        file.relative,
        source,
        "refused",
        why.reason,
        file.as_of,
        why.encoding,
        why.delimiter,
        "",
        *counts,
    )


def duplicate_account(file: LandingFile, of: str, content: str = "") -> FileAccount:
    """The account of a file with the content of another, `of`: nothing is counted twice."""
    reason = f"Same content as {of}; ignored."
    counts = (0, 0, 0, 0)
    return FileAccount(
        file_id(file),
        file.relative,
        file.contract_id or "",
        "duplicate",
        reason,
        file.as_of,
        "",
        "",
        "",
        *counts,
        content,
    )


def clear(source: str, con: duckdb.DuckDBPyConnection) -> None:
    """Create the account tables where they are missing and forget what they say about `source`."""
    con.execute(_TABLES)
    con.execute("DELETE FROM landing.source_file WHERE source = ?", [source])
    con.execute("DELETE FROM landing.quarantine WHERE source = ?", [source])


def store(accounts: Sequence[FileAccount], con: duckdb.DuckDBPyConnection) -> None:
    """Add `accounts` to landing.source_file."""
    names = ", ".join(FileAccount.__dataclass_fields__)
    marks = ", ".join("?" * len(FileAccount.__dataclass_fields__))
    if accounts:
        con.executemany(f"INSERT INTO landing.source_file ({names}) VALUES ({marks})", list(map(astuple, accounts)))
