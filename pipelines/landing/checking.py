"""What Parley would make of one file, found out without writing: its source, its account, its faults and remedies."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path

import duckdb

from pipelines.contracts import Contract, heading_key
from pipelines.landing import land_source
from pipelines.landing.accounts import FileAccount, refused_account
from pipelines.landing.calendars import is_calendar
from pipelines.landing.containers import container_fault, is_workbook
from pipelines.landing.encodings import encoding_of
from pipelines.landing.files import LandingFile, dated_name, fingerprint, fits_name, is_at_home, named, sources
from pipelines.landing.headings import Claims, claim
from pipelines.landing.reading import heading_row, unreadable
from pipelines.landing.recognition import Guess, first_headings, recognise
from pipelines.landing.refusals import aggregate_fault, first_sight, meeting_fault
from pipelines.landing.workbooks import sheet_rows

# Stands in for a date the name does not have: late enough that no date in the file is reported as lying too far ahead.
_UNDATED = date(2099, 12, 31)
_UNKNOWN = (
    "No source has headings like those of this file. Check that it has a heading row; for a new kind of export let {} "
    "propose a mapping."
)
_RENAMED = "If the export has it under another heading, {} proposes how to read it."
_RECORDS = "one row for each person, conversation or answer"


@dataclass(frozen=True)
class Profile:
    """Everything `parley check` says of a file.

    `account` is that of a dry run against the best of `guesses` and `reasons` its quarantined records by what is wrong;
    `mapping` is heading to column, `unmatched` are the other headings, `suggestions` a missing heading to headings of
    the file that resemble it, `destination` where the file belongs, `problems` sentences that end in a remedy,
    `unverified` what should be confirmed because the vendor's own documentation does not.
    """

    name: str
    guesses: tuple[Guess, ...]
    account: FileAccount
    reasons: Mapping[str, int]
    mapping: Mapping[str, str]
    unmatched: tuple[str, ...]
    suggestions: Mapping[str, tuple[str, ...]]
    destination: str
    problems: tuple[str, ...]
    unverified: tuple[str, ...] = ()


def profile(path: Path, contracts: Mapping[str, Contract]) -> Profile:
    """Examine the file at `path` against the sources among `contracts`. Raises OSError where it cannot be opened."""
    guesses = recognise(path, contracts)
    file = _landing_file(path, guesses[0].source if guesses else None)
    if not guesses:
        reason = first_sight(path) or _obstacle(path) or _no_records(path, contracts) or _UNKNOWN.format(_map(path))
        why = unreadable(path, reason)
        return Profile(path.name, (), refused_account(file, why), {}, {}, (), {}, "", (why.reason,))
    declared = contracts[guesses[0].source]
    account, reasons = _dry_run(file, _as_found(declared, guesses[0]), contracts)
    claims = claim(guesses[0].names, declared)
    unmatched = tuple(guesses[0].names[i].strip() for i in claims.extra)
    return Profile(
        name=path.name,
        guesses=guesses,
        account=account,
        reasons=reasons,
        mapping={guesses[0].names[position].strip(): column for column, position in claims.positions.items()},
        unmatched=unmatched,
        suggestions={c.headers[0]: _alike(c.headers, unmatched) for c in claims.missing},
        destination=_destination(declared, path),
        problems=_problems(path, guesses[0], declared, claims, account),
        unverified=_unverified(guesses[0].names, claims, declared),
    )


def _obstacle(path: Path) -> str:
    """Why the content cannot be looked at whatever the source; empty where it can."""
    fault = container_fault(path)
    if fault or is_calendar(path):
        return fault
    found = sheet_rows(path, None) if is_workbook(path) else encoding_of(path)
    return found if isinstance(found, str) else ""


def _no_records(path: Path, contracts: Mapping[str, Contract]) -> str:
    """What landing says of a file with figures about groups, or with meetings, in the place of records; else empty.

    The source whose folder the file lies in is spoken of, else none in particular, in the words of the templates.
    """
    names = first_headings(path)
    declared = sorted(sources(contracts), key=lambda contract: contract.vendor != "parley")
    at_home = [contract for contract in declared if is_at_home(contract, path)]
    wanted = at_home or [replace(contract, grain=_RECORDS, settings={}) for contract in declared]
    reasons = (aggregate_fault(names, contract) or meeting_fault(names, contract) for contract in wanted)
    return next(filter(None, reasons), "")


def _map(path: Path, source: str = "") -> str:
    name = f'"{path.name}"' if " " in path.name else path.name
    return f"`parley map {name}{f' --as {source}' if source else ''}`"


def _landing_file(path: Path, source: str | None) -> LandingFile:
    as_of, series = dated_name(path.name)
    return LandingFile(path, path.name, fingerprint(path), source, as_of or _UNDATED, series)


def _as_found(declared: Contract, guess: Guess) -> Contract:
    """The contract with the heading row where it is, so that one fault of layout does not hide all others."""
    return replace(declared, settings={**declared.settings, "headerRow": guess.header_row})


def _dry_run(
    file: LandingFile, contract: Contract, contracts: Mapping[str, Contract]
) -> tuple[FileAccount, dict[str, int]]:
    with duckdb.connect() as con:
        account = land_source(contract, [file], con, contracts.get(str(contract.settings.get("answers"))))[0]
        reasons = "SELECT reason, count(*) FROM landing.quarantine GROUP BY reason ORDER BY 2 DESC, 1"
        counts = con.execute(reasons).fetchall()
    undated = account if file.as_of != _UNDATED else replace(account, as_of=None)
    return undated, dict(counts)


def _unverified(names: Sequence[str], claims: Claims, declared: Contract) -> tuple[str, ...]:
    return tuple(
        f"'{names[claims.positions[c.name]].strip()}' is read as {c.name} ({c.title}); "
        "that this heading means it is not verified against the documentation of the vendor."
        for c in declared.columns
        if c.options.get("verified") is False and c.name in claims.positions
    )


def _problems(path: Path, guess: Guess, declared: Contract, claims: Claims, account: FileAccount) -> tuple[str, ...]:
    is_renamed = claims.missing and account.status == "refused"
    found = (
        _row_problem(guess, declared),
        _name_problem(path, declared),
        account.reason,
        _RENAMED.format(_map(path, declared.id)) if is_renamed else "",
    )
    return tuple(filter(None, found))


def _row_problem(guess: Guess, declared: Contract) -> str:
    if guess.header_row == heading_row(declared):
        return ""
    return (
        f"The headings stand in row {guess.header_row}; {declared.id} expects them in row {heading_row(declared)}. "
        f"Export without title rows, or set `headerRow` to {guess.header_row} in the contract."
    )


def _name_problem(path: Path, declared: Contract) -> str:
    if not fits_name(declared, path.name):
        names = " or ".join(named(declared))
        return f"Files of {declared.id} are named {names}. Save this one as {_destination(declared, path)}."
    if dated_name(path.name)[0] is None:
        return f"The name has no date. Add the day of the export, as in {_destination(declared, path)}."
    return ""


def _destination(declared: Contract, path: Path) -> str:
    """Where the file belongs: the folder of its source, and a name the source claims, with the day of the export."""
    folder = str(declared.settings["landing"]).strip("/")
    day, series = dated_name(path.name)
    is_named = fits_name(declared, path.name)
    if is_named and day:
        return f"{folder}/{path.name}"
    literal = max(re.split("[*?]", named(declared)[0].removesuffix("_YYYYMMDD")), key=len).strip("_-. ")
    stem = (literal, series)[is_named] or series or declared.id
    return f"{folder}/{stem}_{f'{day:%Y%m%d}' if day else 'YYYYMMDD'}{path.suffix.lower()}"


def _alike(headers: Sequence[str], unmatched: Sequence[str]) -> tuple[str, ...]:
    spelled = {heading_key(name): name for name in unmatched}
    close = [
        match for header in headers for match in get_close_matches(heading_key(header), list(spelled), n=3, cutoff=0.6)
    ]
    return tuple(spelled[name] for name in dict.fromkeys(close))
