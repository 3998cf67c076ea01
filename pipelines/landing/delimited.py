"""Physical lines of delimited text split into records so that no line is lost, read twice or shifted."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, TextIO

from pipelines.contracts import heading_key

DELIMITERS = (",", ";", "\t", "|")
QUOTE = '"'
FIELD_LIMIT = 1 << 20
LINE_LIMIT = 1 << 23
COLUMN_LIMIT = 16_384
_SAMPLE_RECORDS = 50


class Record(NamedTuple):
    """One record: physical line it starts on, its fields, and the name of the structural rule it breaks (or '')."""

    line: int
    fields: list[str]
    fault: str


class Lines:
    """Physical lines that can be given back; `is_open` says the last one had no line end."""

    def __init__(self, lines: Iterable[str]) -> None:
        """`lines` must have kept their line ends, else the last one cannot be judged."""
        self._lines = iter(lines)
        self._returned: deque[str] = deque()
        self.taken: list[str] = []
        self.is_open = False

    def __iter__(self) -> Lines:
        """Itself."""
        return self

    def __next__(self) -> str:
        """The next line, which is also remembered in `taken`."""
        line = self._returned.popleft() if self._returned else next(self._lines)
        self.taken.append(line)
        self.is_open = line[-1] not in "\r\n"
        return line

    def keep_first(self) -> str:
        """Give back all taken lines but the first, which is returned without its line end."""
        self._returned.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]
        return self.taken[0].rstrip("\r\n")


class Tokeniser:
    """Records of delimited text; from the moment `widths` is set, records with another number of fields are faults.

    A record that breaks the quoting rules, or spans several lines and then has the wrong number of fields, costs only
    its first line: splitting starts afresh on the next one. So an unclosed quote cannot swallow the rest of a file.
    """

    def __init__(self, lines: Lines, delimiter: str, quote: str = QUOTE) -> None:
        """Start before the first record of `lines`."""
        csv.field_size_limit(FIELD_LIMIT)
        self.widths: range | None = None
        self._lines = lines
        self._reader = csv.reader(lines, delimiter=delimiter, quotechar=quote, strict=True)
        self._line = 1

    def __iter__(self) -> Iterator[Record]:
        """All records, in order, blank ones included (without fields)."""
        while (record := self._next()) is not None:
            yield record
            self._line += len(self._lines.taken)

    def _next(self) -> Record | None:
        taken = self._lines.taken
        taken.clear()
        try:
            fields = next(self._reader)
        except StopIteration:
            return None
        except csv.Error as error:
            rule = "size" if "field limit" in str(error) else "quote"
            return Record(self._line, [self._lines.keep_first()[:FIELD_LIMIT]], rule)
        if len(fields) < 2 and not "".join(fields).strip():
            return Record(self._line, [], "blank")
        if self.widths is None or len(fields) in self.widths:
            return Record(self._line, fields, "size" if len(taken[-1]) >= LINE_LIMIT else "")
        if len(taken) > 1:
            return Record(self._line, [self._lines.keep_first()], "quote")
        return Record(self._line, fields[:COLUMN_LIMIT], "fields")


def first_records(sample: Sequence[str], delimiter: str, quote: str = QUOTE) -> list[list[str]]:
    """Fields of the first records of the `sample` lines."""
    return [record.fields for record in islice(Tokeniser(Lines(sample), delimiter, quote), _SAMPLE_RECORDS)]


def delimiter_of(sample: Sequence[str], header_row: int, headings: Container[str], quote: str = QUOTE) -> str:
    """The delimiter that finds most of `headings` in record `header_row` of `sample`, and its width in the rest."""

    def score(delimiter: str) -> tuple[int, float, int]:
        records = first_records(sample, delimiter, quote)
        names = records[header_row - 1] if len(records) >= header_row else []
        rest = records[header_row:]
        same = sum(len(fields) == len(names) for fields in rest) / max(len(rest), 1)
        return (
            sum(heading_key(name) in headings for name in names[:COLUMN_LIMIT]),
            same if len(names) > 1 else 0.0,
            len(names),
        )

    text = "".join(sample)
    return max((d for d in DELIMITERS if d == "," or d in text), key=score)


def physical_lines(stream: TextIO) -> Iterator[str]:
    """Lines of a stream opened with ``newline=""``, cut at LINE_LIMIT; such a line ends in quarantine."""
    while line := stream.readline(LINE_LIMIT):
        rest = line
        while len(rest) >= LINE_LIMIT and rest[-1] not in "\r\n":
            rest = stream.readline(LINE_LIMIT)
        yield line if rest is line else line + rest[-1:]
