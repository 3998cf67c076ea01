"""Delimited text read record by record with its very characters, and written again without a person.

Records that stay keep every character: line ends, quotes, blanks and encoding.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO

from pipelines.contracts import Contract
from pipelines.erasing.person import Person, without
from pipelines.erasing.records import Decision
from pipelines.erasing.tally import NotRewritableError, Tally
from pipelines.landing.delimited import Lines, Tokeniser, delimiter_of
from pipelines.landing.encodings import encoding_of
from pipelines.landing.headings import claim, expected
from pipelines.landing.reading import header_records, heading_row, headings_of, quote_of, sample_of
from pipelines.person_records import Layout

Decide = Callable[[list[str], Layout], Decision]
_MARK = "\ufeff"
UNREAD = Layout(None, {})


class Piece(NamedTuple):
    """A stretch of the file: `raw` as it stands, its `fields`; `is_data` is false for titles, headings and blank lines."""

    raw: str
    fields: list[str]
    layout: Layout
    is_data: bool


class Delimited:
    """The records of one text file laid out as `contract` says; with None, or other headings, as one that nobody reads."""

    def __init__(self, stream: TextIO, contract: Contract | None) -> None:
        """`stream` must have been opened with ``newline=""``."""
        known = expected(contract) if contract else ()
        row = heading_row(contract) if contract else 1
        self.quote = quote_of(contract) if contract else '"'
        self.delimiter = delimiter_of(sample_of(stream), row, known, self.quote)
        stream.seek(0)
        self.mark, self._lines = _without_mark(stream)
        self._contract = contract

    def __iter__(self) -> Iterator[Piece]:
        """Every character of the file but a byte order mark, in order."""
        lines = Lines(self._lines)
        tokeniser = Tokeniser(lines, self.delimiter, self.quote)
        top = header_records(self._contract) if self._contract else 1
        head: list[list[str]] = []
        layout = UNREAD
        for record in tokeniser:
            raw = "".join(lines.taken)
            if len(head) < top:
                head.append(record.fields)
                yield Piece(raw, record.fields, UNREAD, is_data=False)
                if len(head) == top:
                    layout, tokeniser.widths = self._laid_out(head)
            elif record.fault == "blank":
                yield Piece(raw, [], UNREAD, is_data=False)
            elif record.fault:
                yield Piece(raw, [raw, *raw.strip().split(self.delimiter)], UNREAD, is_data=True)
            else:
                yield Piece(raw, record.fields, layout, is_data=True)

    def _laid_out(self, head: list[list[str]]) -> tuple[Layout, range | None]:
        if self._contract is None:
            return UNREAD, None
        headings = headings_of(head, self._contract)
        names = headings[0] if headings else ()
        claims = claim(names, self._contract)
        named = len(names) - next((i for i, name in enumerate(reversed(names)) if name.strip()), len(names))
        widths = range(named, len(names) + 1)
        return (Layout(self._contract, claims.positions), widths) if claims.is_sound else (UNREAD, None)


def records(path: Path, contract: Contract | None, look: Callable[[str], bool]) -> Iterator[tuple[list[str], Layout]]:
    """The data records of a text file whose text is to be looked at closely."""
    codec, errors = _codec(path, contract)
    with path.open(encoding=codec, errors=errors, newline="") as stream:
        yield from (
            (piece.fields, piece.layout) for piece in Delimited(stream, contract) if piece.is_data and look(piece.raw)
        )


def rewrite(path: Path, contract: Contract | None, person: Person, decide: Decide, sink: BinaryIO) -> Tally:
    """Write the file into `sink` without what `decide` says goes; return what was found.

    Raises NotRewritableError where what was read, written again, would not be the same file.
    """
    codec, errors = _codec(path, contract)
    tally, whole = Tally(), sha256()
    with path.open(encoding=codec, errors=errors, newline="") as stream:
        text = Delimited(stream, contract)
        sink.write(text.mark.encode(codec))
        whole.update(text.mark.encode(codec))
        for piece in text:
            whole.update(piece.raw.encode(codec, errors))
            sink.write(_rewritten(piece, text, person, decide, tally).encode(codec, errors))
    with path.open("rb") as file:
        if sha256(file.read()).digest() != whole.digest():
            raise NotRewritableError("its encoding cannot be written again as it was")
    return tally


def _rewritten(piece: Piece, text: Delimited, person: Person, decide: Decide, tally: Tally) -> str:
    if not piece.is_data:
        new = without(person.in_text, piece.raw)
        tally.mentions += new != piece.raw
        return new
    decision = decide(piece.fields, piece.layout)
    if decision.is_theirs:
        tally.records += 1
        return ""
    tally.kept += 1
    tally.mentions += len(decision.cells)
    return _with_cells(piece, decision.cells, text) if decision.cells else piece.raw


def _with_cells(piece: Piece, cells: Mapping[int, str], text: Delimited) -> str:
    """The record with other text in some fields; those quoted stay quoted, all else stays as it is."""
    spans = _spans(piece.raw, text.delimiter, text.quote)
    if len(spans) != len(piece.fields):
        raise NotRewritableError("a record cannot be taken apart and put together again")
    parts, end = [], 0
    for position, (start, stop) in enumerate(spans):
        if position in cells:
            is_quoted = piece.raw[start:stop].startswith(text.quote)
            new = cells[position].replace(text.quote, text.quote * 2) if is_quoted else cells[position]
            parts += [piece.raw[end:start], f"{text.quote}{new}{text.quote}" if is_quoted else new]
            end = stop
    return "".join([*parts, piece.raw[end:]])


def _spans(raw: str, delimiter: str, quote: str) -> list[tuple[int, int]]:
    """Where each field of a record begins and ends, its quotes included."""
    body = raw.rstrip("\r\n")
    q, d = re.escape(quote), re.escape(delimiter)
    field = re.compile(f"{q}(?:[^{q}]|{q}{q})*{q}(?={d}|\\Z)|[^{d}]*", re.DOTALL)
    found, place = [], 0
    while True:
        match = field.match(body, place)
        end = match.end() if match else place
        found.append((place, end))
        if end >= len(body):
            return found
        place = end + len(delimiter)


def _codec(path: Path, contract: Contract | None) -> tuple[str, str]:
    """The encoding without its byte order mark, and how bytes that are none of it are carried through."""
    encoding = encoding_of(path, contract.settings.get("encoding") if contract else None)
    if isinstance(encoding, str):
        return "utf-8", "surrogateescape"
    name = codecs.lookup(encoding.codec).name
    if name == "utf-16":
        with path.open("rb") as file:
            name = "utf-16-be" if file.read(2) == codecs.BOM_UTF16_BE else "utf-16-le"
    return name.removesuffix("-sig"), "surrogateescape" if encoding.errors == "replace" else "strict"


def _without_mark(stream: TextIO) -> tuple[str, Iterator[str]]:
    lines = iter(stream)
    first = next(lines, "")
    mark = _MARK if first.startswith(_MARK) else ""
    rest = first.removeprefix(_MARK)
    return mark, chain([rest] if rest else [], lines)
