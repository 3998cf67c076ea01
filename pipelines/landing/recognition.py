"""Which source a file of unknown origin most resembles, judged by its headings wherever in its top they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.contracts import Contract
from pipelines.landing.containers import container_fault, is_workbook
from pipelines.landing.delimited import DELIMITERS, first_records
from pipelines.landing.encodings import encoding_of
from pipelines.landing.files import sources
from pipelines.landing.headings import tidy
from pipelines.landing.reading import heading_row, sample_of
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
    guesses = [
        guess for contract in sources(contracts) for guess in [_guess(contract, _openings(path, contract))] if guess
    ]
    return tuple(sorted(guesses, key=lambda guess: (-guess.share, guess.source)))


def _openings(path: Path, contract: Contract) -> list[Records]:
    """The first records, once for every way to split them."""
    if is_workbook(path):
        sheet = sheet_rows(path, contract.settings.get("sheet"))
        return [] if isinstance(sheet, str) else [sheet.head(_ROWS_SEARCHED).rows()]
    encoding = encoding_of(path, contract.settings.get("encoding"))
    if isinstance(encoding, str):
        return []
    with path.open(encoding=encoding.codec, errors=encoding.errors, newline="") as stream:
        sample = sample_of(stream)
    return [first_records(sample, delimiter)[:_ROWS_SEARCHED] for delimiter in DELIMITERS]


def _guess(contract: Contract, openings: Sequence[Records]) -> Guess | None:
    """The record with most of the contract's headings; where several have as many, the one the contract declares."""
    declared = heading_row(contract)
    rows = [(row, tuple(names)) for records in openings for row, names in enumerate(records, start=1)]
    shares = [Guess(contract.id, _share(contract, names), row, names) for row, names in rows]
    best = max(shares, key=lambda guess: (guess.share, guess.header_row == declared, -guess.header_row), default=None)
    return best if best is not None and best.share > 0 else None


def _share(contract: Contract, names: Sequence[str]) -> float:
    found = {tidy(name) for name in names}
    necessary = [c for c in contract.columns if not c.options.get("optional")] or list(contract.columns)
    return sum(any(tidy(header) in found for header in c.headers) for c in necessary) / max(len(necessary), 1)
