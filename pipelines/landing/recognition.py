"""Which source a file of unknown origin most resembles, judged by its headings wherever in its top they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pipelines.contracts import Contract, heading_key
from pipelines.landing.calendars import COLUMNS, is_calendar
from pipelines.landing.containers import container_fault, is_workbook
from pipelines.landing.delimited import COLUMN_LIMIT, DELIMITERS, first_records
from pipelines.landing.encodings import encoding_of
from pipelines.landing.files import sources
from pipelines.landing.headings import Vocabulary, expected
from pipelines.landing.reading import heading_row, headings_of, quote_of, sample_of
from pipelines.landing.workbooks import sheet_rows

_ROWS_SEARCHED = 20

Records = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Guess:
    """A source the file may be of: `share` (0 to 1) of its headings is in record `header_row` (from 1), `names`."""

    source: str
    share: float
    header_row: int
    names: tuple[str, ...]


def recognise(path: Path, contracts: Mapping[str, Contract]) -> tuple[Guess, ...]:
    """Sources among `contracts` that share a heading with the file, the likeliest first; none for what is no table."""
    if container_fault(path):
        return ()
    layouts = {contract.id: _layout(contract) for contract in sources(contracts)}
    openings = {layout: _openings(path, layout) for layout in set(layouts.values())}
    guesses = [
        guess
        for contract in sources(contracts)
        for guess in [_guess(contract, openings[layouts[contract.id]])]
        if guess is not None
    ]
    return tuple(sorted(guesses, key=lambda guess: (-guess.share, guess.source)))


class _Layout(NamedTuple):
    """What of a contract decides how the file is split."""

    sheet: str | None
    encoding: str | None
    quote: str


def _layout(contract: Contract) -> _Layout:
    return _Layout(contract.settings.get("sheet"), contract.settings.get("encoding"), quote_of(contract))


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


def _guess(contract: Contract, openings: Sequence[Records]) -> Guess | None:
    """The record with most of the contract's headings; where several have as many, the one the contract declares."""
    declared, known = heading_row(contract), expected(contract)
    rows = [(row, _names(records, row, contract)) for records in openings for row in range(1, len(records) + 1)]
    shares = [Guess(contract.id, _share(contract, known, names), row, names) for row, names in rows]
    best = max(shares, key=lambda guess: (guess.share, guess.header_row == declared, -guess.header_row), default=None)
    return best if best is not None and best.share > 0 else None


def _names(records: Records, row: int, contract: Contract) -> tuple[str, ...]:
    """The headings if they stood in record `row`."""
    above = heading_row(contract) - 1
    headings = headings_of([*[()] * above, *records[row - 1 :]], contract)
    return headings[0][:COLUMN_LIMIT] if headings else ()


def _share(contract: Contract, known: Vocabulary, names: Sequence[str]) -> float:
    found = {known.owner(heading_key(name)) for name in names}
    necessary = [c for c in contract.columns if not c.options.get("optional")] or list(contract.columns)
    return sum(column.name in found for column in necessary) / max(len(necessary), 1)
