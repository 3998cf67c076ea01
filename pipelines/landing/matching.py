"""Which headings of an unfamiliar file could be which columns of a source; a resemblance is offered and never decides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from pipelines.contracts import Column, Contract, heading_key
from pipelines.landing.headings import claim

# Below this, of 100, pairs such as "manager name" and "manager id" would be offered.
_ALIKE = 80
_OFFERED = 3

Vocabulary = Mapping[tuple[str, str], Mapping[str, str]]


@dataclass(frozen=True)
class Candidate:
    """The heading of field `position` (from 0) that may be that of a column, and `why`; `is_own`: the source knows it."""

    position: int
    heading: str
    why: str
    is_own: bool = False


@dataclass(frozen=True)
class Match:
    """What was found for one column: the heading that is `certain`, or else those that somebody must decide on."""

    column: Column
    certain: Candidate | None = None
    offered: tuple[Candidate, ...] = ()

    @property
    def likeliest(self) -> Candidate | None:
        """The certain heading, or the first of those offered."""
        return self.certain or next(iter(self.offered), None)

    @property
    def is_missing(self) -> bool:
        """Whether the column has no certain heading and may not be left out of a file."""
        return self.certain is None and not self.column.options.get("optional")


def vocabulary(contracts: Mapping[str, Contract]) -> Vocabulary:
    """Headings by name and type of column, gathered from all sources, each with the source that has it."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for contract in contracts.values():
        for column in contract.columns if contract.layer == "sources" else ():
            for header in column.headers:
                found.setdefault((column.name, column.kind), {}).setdefault(header, contract.id)
    return found


def widened(contract: Contract, words: Vocabulary) -> Contract:
    """The contract with every column going by all its headings in `words` as well."""
    columns = (replace(c, headers=tuple(dict.fromkeys([*c.headers, *_words(c, words)]))) for c in contract.columns)
    return replace(contract, columns=tuple(columns))


def exact(names: Sequence[str], contract: Contract, words: Vocabulary) -> tuple[Match, ...]:
    """A match for each column, by its own headings first and those the other sources have for a column of its name second.

    Several headings for one column, or one for several, are offered only.
    """
    own = claim(names, contract)
    free = set(own.extra)
    used = [i for i, name in enumerate(names) if name.strip() and i not in free]
    matches = []
    for column in contract.columns:
        rivals = own.contested.get(column.name, ())
        found = [i for i in used if names[i].strip() in rivals] or _position(own.positions, column)
        matches.append(
            _decided(column, [replace(_candidate(i, names, _own(names[i], column)), is_own=True) for i in found])
        )
    taken = [match.column.name for match in matches if match.likeliest]
    known = {c.name: _known(names, free, c, contract, words) for c in contract.columns if c.name not in taken}
    sought = Counter(candidate.position for found in known.values() for candidate in found)
    shared = {position for position, times in sought.items() if times > 1}
    return tuple(m if m.likeliest else _decided(m.column, known[m.column.name], shared) for m in matches)


def alike(names: Sequence[str], matches: Sequence[Match], words: Vocabulary) -> tuple[Match, ...]:
    """`matches` with up to three headings that resemble one of a column's offered where nothing better was found.

    Resemblance is rapidfuzz's token sort ratio of the words, whatever their order, case and punctuation.
    """
    free = unused(names, matches)
    spread = {position: _spread(names[position]) for position in free}
    return tuple(m if m.likeliest else replace(m, offered=_alike(m.column, spread, names, words)) for m in matches)


def unused(names: Sequence[str], matches: Sequence[Match]) -> list[int]:
    """Positions of the headings that are neither certain nor offered for any column."""
    used = {c.position for match in matches for c in (match.certain, *match.offered) if c}
    return [i for i, name in enumerate(names) if name.strip() and i not in used]


def _position(positions: Mapping[str, int], column: Column) -> list[int]:
    return [positions[column.name]] if column.name in positions else []


def _decided(column: Column, found: Sequence[Candidate], shared: Collection[int] = ()) -> Match:
    if len(found) == 1 and found[0].position not in shared:
        return Match(column, found[0])
    return Match(column, offered=tuple(found))


def _known(
    names: Sequence[str], free: Collection[int], column: Column, contract: Contract, words: Vocabulary
) -> list[Candidate]:
    """Fields in `free` that another source has under a column of this name."""
    origins = _words(column, words)
    alone = replace(contract, columns=(replace(column, headers=tuple(origins)),))
    left = [name if i in free else "" for i, name in enumerate(names)]
    strange = set(claim(left, alone).extra)
    sources = {heading_key(heading): source for heading, source in origins.items()}
    return [
        _candidate(i, names, f"synonym, as in {sources.get(heading_key(name), 'another source')}")
        for i, name in enumerate(left)
        if name.strip() and i not in strange
    ]


def _alike(column: Column, spread: Mapping[int, str], names: Sequence[str], words: Vocabulary) -> tuple[Candidate, ...]:
    known = {header: _spread(header) for header in (*column.headers, *_words(column, words)) if _spread(header)}
    closed = {text.replace(" ", ""): header for header, text in known.items()}
    found: list[tuple[float, int, str]] = []
    for position, text in spread.items():
        same = closed.get(text.replace(" ", ""))
        best = process.extractOne(text, known, scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE)
        if same:
            found.append((100.0, position, same))
        elif best:
            found.append((best[1], position, str(best[2])))
    nearest = sorted(found, key=lambda entry: (-entry[0], entry[1]))[:_OFFERED]
    return tuple(_candidate(i, names, f"resembles '{header}', {score:.0f} of 100") for score, i, header in nearest)


def _own(name: str, column: Column) -> str:
    return "same name" if heading_key(name) == heading_key(column.headers[0]) else "synonym"


def _words(column: Column, words: Vocabulary) -> Mapping[str, str]:
    return words.get((column.name, column.kind), {})


def _candidate(position: int, names: Sequence[str], why: str) -> Candidate:
    return Candidate(position, names[position].strip(), why)


def _spread(heading: str) -> str:
    """The words of a heading: StartDate, start_date and Start-Date all become "start date"."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", heading)
    return " ".join(re.sub(r"[\W_]+", " ", parted).split()).casefold()
