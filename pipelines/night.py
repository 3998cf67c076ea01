"""One nightly run: its dates, its single warehouse connection, its lock, and what it found out on the way."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import polars as pl
from filelock import FileLock, Timeout

from pipelines import closed_periods, identity, ledger, tables, tombstones
from pipelines import contracts as contract_files
from pipelines.contracts import Contract
from pipelines.landing import FEWER_RECORDS, OLDER_STATE, Guard, LandingFile, inventory
from pipelines.overlays import ENDING, Overlay, load_overlays
from pipelines.paths import CONTRACTS, SQL
from pipelines.settings import Settings, for_home

LOCK_SECONDS = 2.0
_HARDENING = (
    "autoinstall_known_extensions",
    "autoload_known_extensions",
    "allow_community_extensions",
    "python_enable_replacements",
)


# Checks that a person may look at and let pass for one run.
ACCEPTABLE = ("headcount_jump", "bulk_logging", FEWER_RECORDS, OLDER_STATE)
# Folder of the home with what is different in this organisation's files.
OVERLAYS = "contracts"


class AlreadyRunningError(RuntimeError):
    """Another run works in this installation."""


class NotAcceptableError(ValueError):
    """A check was named that nobody may let pass."""


@dataclass
class Night:
    """One run in the installation `settings.home`; `as_of` is the day its numbers speak of, `accepted` the checks let pass.

    The warehouse is built anew in a file beside the last one and takes its place when the run has succeeded.
    """

    settings: Settings
    as_of: date
    accepted: tuple[str, ...] = ()
    on_step: Callable[[str], None] = field(default=lambda _: None)
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    is_published: bool = False
    # Works out the past in a scratch folder: nobody is written to, and nothing goes.
    is_rebuilt: bool = False
    _con: duckdb.DuckDBPyConnection | None = None
    _lock: FileLock | None = None

    @cached_property
    def contracts(self) -> Mapping[str, Contract]:
        """All contracts by id."""
        return contract_files.load_folder(CONTRACTS)

    @cached_property
    def overlays(self) -> Sequence[Overlay]:
        """What is different in this organisation's files. Raises OverlayError where a file of them cannot be used."""
        return list(load_overlays(self.settings.home / OVERLAYS, self.contracts).values())

    @cached_property
    def let_past(self) -> tuple[str, ...]:
        """The checks accepted for this run, and the ids of the files that a person let past them in earlier runs."""
        return (*self.accepted, *(a.file_id for a in ledger.acceptances(self.settings.home)))

    @cached_property
    def tables(self) -> Mapping[str, tables.Table]:
        """All SQL tables by full name."""
        return tables.load(SQL)

    @cached_property
    def files(self) -> list[LandingFile]:
        """The landing folder as it is now; files dated after the as-of date are not known yet and refused."""
        known = inventory(self.settings.landing, self.contracts, self.overlays)
        return [self._unless_early(file) for file in known]

    @cached_property
    def idle(self) -> frozenset[str]:
        """Full names of the raw and staging tables of sources without any file: empty, whatever else happens."""
        try:
            seen = {file.contract_id for file in self.files}
        except OSError:
            # Nothing can be said of any source; the step that takes stock of the landing folder tries again and tells.
            return frozenset()
        sources = [c for c in self.contracts.values() if c.layer == "sources"]
        raw = {c.table for c in sources if c.settings.get("filledBy", c.id) not in seen}
        return frozenset(
            raw | {t.full_name for t in self.tables.values() if t.schema == "staging" and t.upstream <= raw}
        )

    def make_idle_tables(self) -> None:
        """Make those tables, empty and typed, in one go: a missing export is an empty table, so that core always builds."""
        self.con.execute("CREATE SCHEMA IF NOT EXISTS raw")
        for contract in self.contracts.values():
            if contract.table in self.idle:
                self.con.execute(contract.ddl())
        for table in tables.in_order(t for t in self.tables.values() if t.full_name in self.idle):
            table.build(self.con)

    @cached_property
    def code_version(self) -> str:
        """A fingerprint of everything that decides a number: contracts, SQL and code."""
        digest = sha256()
        for folder, pattern in ((CONTRACTS, "*.yaml"), (SQL, "*.sql"), (Path(__file__).parent, "*.py")):
            for path in sorted(folder.rglob(pattern)):
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()[:12]

    @property
    def release_id(self) -> str:
        """Name of the release this run would publish: time of the run and code version."""
        return f"{self.started_at:%Y%m%dT%H%M%SZ}-{self.code_version[:6]}"

    @cached_property
    def inputs(self) -> dict[str, str]:
        """Path to sha256 of everything the run could see: files of the landing folder, and overlays."""
        overlays = sorted((self.settings.home / OVERLAYS).glob(f"*{ENDING}"))
        kept = {f"{OVERLAYS}/{p.name}": ledger.keep_overlay(self.settings.home, p.read_bytes()) for p in overlays}
        return kept | {file.relative: file.sha256 for file in self.files}

    @cached_property
    def closed(self) -> pl.DataFrame:
        """Figures of closed periods on record, those of the release readers see now among them. Raises ThresholdError."""
        closed_periods.record(self.settings)
        found = closed_periods.on_record(self.settings.home)
        closed_periods.refuse_lower(found, self.settings)
        return found

    @cached_property
    def definitions(self) -> Mapping[str, str]:
        """The definition in force of every metric, by its id."""
        return closed_periods.definitions(self.tables, self.settings)

    @cached_property
    def guard(self) -> Guard:
        """What may not come in: people who were erased, and the text of old records. Raises TombstoneError, KeyFileError."""
        key = self.settings.erasure_key
        is_erased = tombstones.recogniser(self.settings.home, lambda: _existing_secret(key))
        return Guard(is_erased, self.as_of - timedelta(days=self.settings.retention_quarantine_days))

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        """The run's one connection, opened (and the installation locked) on first use. Raises AlreadyRunningError."""
        if self._con is None:
            self._con = self._open()
        return self._con

    @property
    def _building(self) -> Path:
        return self.settings.warehouse.with_suffix(".building")

    def close(self, *, succeeded: bool) -> None:
        """Close the warehouse; after success it takes the place of the last one. Safe to call twice."""
        if self._con is not None:
            self._con.execute("CHECKPOINT")
            self._con.close()
            self._con = None
            if succeeded:
                self._building.replace(self.settings.warehouse)
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _open(self) -> duckdb.DuckDBPyConnection:
        self._lock = _acquired(self.settings)
        # A run that was stopped half-way leaves these; a log of changes beside another file would keep it from opening.
        for leftover in (self._building, Path(f"{self._building}.wal")):
            leftover.unlink(missing_ok=True)
        con = duckdb.connect(str(self._building))
        # It holds ids, and names in the table of identities.
        self._building.chmod(0o600)
        con.execute(f"SET memory_limit = '{self.settings.memory_limit}'")
        con.execute(f"SET temp_directory = '{self._building.parent / 'spill'}'")
        for option in _HARDENING:
            con.execute(f"SET {option} = false")
        return con

    def _unless_early(self, file: LandingFile) -> LandingFile:
        if file.as_of is None or file.refusal or file.as_of <= self.as_of:
            return file
        reason = f"The name says {file.as_of}, which is after {self.as_of}, the day of this run. Correct the date in the name."
        return replace(file, refusal=reason)


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """Keep runs out of an installation. Raises AlreadyRunningError while one is at work."""
    lock = _acquired(settings)
    try:
        yield
    finally:
        lock.release()


def _acquired(settings: Settings) -> FileLock:
    folder = settings.warehouse.parent
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "run.lock")
    try:
        lock.acquire(timeout=LOCK_SECONDS)
    except Timeout as error:
        raise AlreadyRunningError(
            f"Another run is at work in {settings.home}. Wait for it to end, then run again."
        ) from error
    return lock


def _existing_secret(path: Path) -> bytes:
    if not path.is_file():
        raise tombstones.TombstoneError(
            f"{path} is missing, and without it people who were erased cannot be told from others. Bring it back from the backup."
        )
    return identity.secret(path)


def tonight(home: Path | None = None, as_of: date | None = None, accepted: Iterable[str] = ()) -> Night:
    """A run for the installation in `home`, as of the given day or of today in the installation's time zone.

    Raises NotAcceptableError for a name in `accepted` that is not in ACCEPTABLE; pydantic.ValidationError for settings.
    """
    settings = for_home(home)
    let_pass = tuple(sorted(set(accepted)))
    if unknown := [name for name in let_pass if name not in ACCEPTABLE]:
        raise NotAcceptableError(f"'{unknown[0]}' cannot be accepted. Only these can: {', '.join(ACCEPTABLE)}.")
    declared = os.environ.get("PARLEY_AS_OF")
    today = date.fromisoformat(declared) if declared else datetime.now(ZoneInfo(settings.time_zone)).date()
    return Night(settings, as_of or today, let_pass)
