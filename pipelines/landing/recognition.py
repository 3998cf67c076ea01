"""Which source a file of unknown origin most resembles, judged by its headings wherever in its top they stand.

Folder and name decide only between sources that fit the headings equally well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from pipelines.contracts import Contract, heading_key
from pipelines.landing.calendars import COLUMNS, is_calendar
from pipelines.landing.containers import container_fault, is_workbook
from pipelines.landing.delimited import COLUMN_LIMIT, DELIMITERS, QUOTE, first_records
from pipelines.landing.encodings import encoding_of
from pipelines.landing.files import fits_name, is_at_home, sources
from pipelines.landing.headings import Vocabulary, expected
from pipelines.landing.reading import heading_row, headings_of, quote_of, sample_of
from pipelines.landing.workbooks import sheet_rows

_ROWS_SEARCHED = 20
# One heading, such as an id, stands in the exports of nearly every system.
_LEAST = 2
# The vendor of the project's own templates.
_TEMPLATES = "parley"

Records = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Guess:
    """A source the file may be of: `share` (0 to 1) of its headings is in record `header_row` (from 1), `names`.

    It has columns for `owned` of these names, optional columns included; `exact` are those that go by a heading of the
    source's own, letter by letter.
    """

    source: str
    share: float
    owned: int
    exact: int
    header_row: int
    names: tuple[str, ...]


def recognise(path: Path, contracts: Mapping[str, Contract], least: int = _LEAST) -> tuple[Guess, ...]:
    """Sources among `contracts` that share a heading with the file, the likeliest first; none for what is no table.

    A source that owns fewer than `least` headings counts only where it needs no more or the file has no more, and goes
    behind the others. The share of the needed headings goes first, then how many headings are owned, those that only a
    pattern fits counting half, then whether they stand in the declared row, then folder and name of the file.
    """
    if container_fault(path):
        return ()
    known = {contract.id: contract for contract in sources(contracts)}
    openings = {layout: _openings(path, layout) for layout in set(map(_layout, known.values()))}
    guesses = [_guess(contract, openings[_layout(contract)], least) for contract in known.values()]
    return tuple(sorted(filter(None, guesses), key=lambda guess: _rank(guess, known[guess.source], path)))


class _Words(NamedTuple):
    """All headings that a source goes by, and those of them that are its own."""

    known: Vocabulary
    own: Vocabulary


def _words(contract: Contract) -> _Words:
    """A template goes by headings of many systems; only the first of each column, which it is written with, is its own."""
    known = expected(contract)
    if contract.vendor != _TEMPLATES:
        return _Words(known, known)
    first = tuple(replace(column, headers=column.headers[:1]) for column in contract.columns)
    return _Words(known, expected(replace(contract, columns=first)))


class _Layout(NamedTuple):
    """What of a contract decides how the file is split."""

    sheet: str | None
    encoding: str | None
    quote: str


def _layout(contract: Contract) -> _Layout:
    return _Layout(contract.settings.get("sheet"), contract.settings.get("encoding"), quote_of(contract))


def first_headings(path: Path) -> tuple[str, ...]:
    """The first record, split in the way that gives most fields; none for what is no table."""
    if container_fault(path):
        return ()
    rows = [opening[0] for opening in _openings(path, _Layout(None, None, QUOTE)) if len(opening)]
    return tuple(cell or "" for cell in max(rows, key=len, default=()))[:COLUMN_LIMIT]


def _openings(path: Path, layout: _Layout) -> list[Records]:
    """The first records, once for every way to split them."""
    if is_calendar(path):
        return [[COLUMNS]]
    if is_workbook(path):
        sheet = sheet_rows(path, layout.sheet)
        return [] if isinstance(sheet, str) else [sheet.head(_ROWS_SEARCHED).rows()]
    encoding = encoding_of(path, layout.encoding)
    if isinstance(encoding, str):
        return []
    with path.open(encoding=encoding.codec, errors=encoding.errors, newline="") as stream:
        sample = sample_of(stream)
    return [first_records(sample, delimiter, layout.quote)[:_ROWS_SEARCHED] for delimiter in DELIMITERS]


def _guess(contract: Contract, openings: Sequence[Records], least: int) -> Guess | None:
    """The record with most of the contract's headings; where several have as many, the one the contract declares."""
    declared, words = heading_row(contract), _words(contract)
    found = [
        _rated(contract, words, row, _names(records, row, contract))
        for records in openings
        for row in range(1, len(records) + 1)
    ]
    best = max(found, key=lambda g: (g.share, _weight(g), g.header_row == declared, -g.header_row), default=None)
    return best if best is not None and best.share > 0 and _counts(best, contract, least) else None


def _counts(guess: Guess, contract: Contract, least: int) -> bool:
    headings = {heading_key(name) for name in guess.names if name.strip()}
    is_all = guess.owned == len(headings) and guess.header_row == heading_row(contract)
    return guess.owned >= least or guess.share == 1 or is_all


def _rank(guess: Guess, contract: Contract, path: Path) -> tuple[bool, float, int, bool, bool, bool, str]:
    """Sorts the likeliest guess first."""
    is_elsewhere, is_misnamed = not is_at_home(contract, path), not fits_name(contract, path.name)
    is_displaced = guess.header_row != heading_row(contract)
    is_thin = guess.owned < _LEAST
    return is_thin, -guess.share, -_weight(guess), is_displaced, is_elsewhere, is_misnamed, guess.source


def _weight(guess: Guess) -> int:
    return guess.owned + guess.exact


def _names(records: Records, row: int, contract: Contract) -> tuple[str, ...]:
    """The headings if they stood in record `row`."""
    above = heading_row(contract) - 1
    headings = headings_of([*[()] * above, *records[row - 1 :]], contract)
    return headings[0][:COLUMN_LIMIT] if headings else ()


def _rated(contract: Contract, words: _Words, row: int, names: tuple[str, ...]) -> Guess:
    owners = {key: owner for key in map(heading_key, names) if (owner := words.known.owner(key))}
    found, exact = set(owners.values()), {owner for key, owner in owners.items() if words.own.is_exact(key)}
    necessary = [c for c in contract.columns if not c.options.get("optional")] or list(contract.columns)
    share = sum(column.name in found for column in necessary) / max(len(necessary), 1)
    return Guess(contract.id, share, len(found), len(exact), row, names)
