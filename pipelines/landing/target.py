"""The source an unfamiliar file is mapped onto, and the file read whole, every field as text, whatever its headings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.contracts import Column, Contract, heading_key
from pipelines.landing.headings import claim
from pipelines.landing.matching import Match, Vocabulary, alike, exact, widened
from pipelines.landing.matching_values import by_values, plausible
from pipelines.landing.reading import TextTable, Unreadable, heading_row, read
from pipelines.landing.recognition import recognise

_UNLIKE = (
    "its headings resemble those of no source. Check that it has a heading row and one row for each person, conversation "
    "or answer; then say with --as what it is, for example {}."
)
_STRANGE = (
    "none of its headings resembles one of {}. Check that it has a heading row, or choose another source with --as."
)
_NEAREST = (
    "it fits no source. Nearest is {0}, but no column of the file could be its {1}. If one is under another heading, map "
    "it with --as {0} and write that heading into the mapping; else export the column as well."
)
# A single column under a known heading, such as an id, does not make a list of people.
_FEW = 2


@dataclass(frozen=True)
class Target:
    """The file as `table`, its headings in record `header_row` (from 1), to be read as `contract`."""

    contract: Contract
    header_row: int
    table: TextTable
    matches: tuple[Match, ...]


def target_of(path: Path, contracts: Mapping[str, Contract], words: Vocabulary) -> Target | str:
    """The likeliest of `contracts`, all of them sources; else why there is none, with the remedy.

    Rated is each source by the columns it finds in the file, less those it lacks. Where none comes out well, or the best
    does not find what it needs, the templates are rated by what resembles their columns, in headings or values.
    A single contract is what somebody chose: one column is enough for it.
    """
    wide = {name: widened(contract, words) for name, contract in contracts.items()}
    guesses = recognise(path, wide, least=1)
    rated = [(_rating(exact(g.names, contracts[g.source], words), g.source), g) for g in guesses]
    rating, best = max(rated, key=lambda entry: entry[0], default=((0.0, 0), None))
    is_told = len(contracts) == 1
    vendor = [contracts[best.source]] if best is not None and rating[0] >= 1 and not is_told else []
    templates = [contract for contract in contracts.values() if is_told or _is_template(contract.id)]
    found: list[Target] = []
    for candidates in filter(None, (vendor, templates)):
        row = best.header_row if best else heading_row(candidates[0])
        table = _table(path, candidates[0], row, best.names if best else ())
        if isinstance(table, Unreadable):
            return table.reason
        looked_at = [Target(contract, row, table, _matches(table, contract, words)) for contract in candidates]
        found += looked_at
        fitting = [target for target in looked_at if (_found(target.matches) if is_told else _fits(target))]
        if fitting:
            return _sound(max(fitting, key=lambda target: _rating(target.matches, target.contract.id)))
    return _none_fits(found, is_told)


def _sound(target: Target) -> Target | str:
    """The target if the headings themselves are sound, else what is wrong with them."""
    names = target.table.headings[0]
    claims = claim(names, target.contract)
    return claims.fault(names) if claims.repeated else target


def _fits(target: Target) -> bool:
    """Whether all required columns are found or offered, and of a vendor's export more than half of what it always has."""
    if _lacking(target):
        return False
    if _is_template(target.contract.id):
        return _found(target.matches) >= _FEW
    needed = [match for match in target.matches if not match.column.options.get("optional")]
    return 2 * _found(needed) > len(needed)


def _found(matches: Sequence[Match]) -> int:
    return sum(match.likeliest is not None for match in matches)


def _lacking(target: Target) -> list[str]:
    return [f"'{m.column.name}'" for m in target.matches if m.column.required and m.likeliest is None]


def _none_fits(found: Sequence[Target], is_told: bool) -> str:
    likely = [t for t in found if 0 < len(_lacking(t)) < _found(t.matches) >= _FEW]
    if likely and not is_told:
        nearest = min(likely, key=lambda t: (len(_lacking(t)), *(-n for n in _rating(t.matches, t.contract.id))))
        return _NEAREST.format(nearest.contract.id, " and ".join(_lacking(nearest)))
    named = [target.contract for target in found if is_told or _is_template(target.contract.id)]
    widest = sorted(named, key=lambda contract: -len(contract.columns))
    return (_STRANGE if is_told else _UNLIKE).format(" or ".join(contract.id for contract in widest[:4]))


def _rating(matches: Sequence[Match], source: str) -> tuple[float, int]:
    """How well a source suits: columns found under its own headings, counted fully for a vendor and half for a template.

    Half as much for headings of other sources, though for a vendor never more than for its own; less what is lacking;
    more for a vendor's file that is complete. The second number, which decides between equals, counts own headings.
    """
    own = sum(m.certain.is_own for m in matches if m.certain)
    found = sum(m.certain is not None for m in matches) - own + sum(bool(m.offered) for m in matches) / 2
    lacking = sum(2.0 if m.column.required else 0.5 for m in matches if m.is_missing and not m.offered)
    if _is_template(source):
        return (own + found) / 2 - lacking, own
    needed = [m for m in matches if not m.column.options.get("optional")]
    is_complete = all(m.certain and m.certain.is_own for m in needed)
    return own + min(found / 2, own) - lacking + (2 if is_complete else 0), own


def _is_template(source: str) -> bool:
    return source.startswith("parley__")


def _matches(table: TextTable, contract: Contract, words: Vocabulary) -> tuple[Match, ...]:
    names = table.headings[0]
    resembling = alike(names, exact(names, contract, words), words)
    return by_values(names, plausible(resembling, table.rows), table.rows)


def _table(path: Path, contract: Contract, row: int, names: Sequence[str]) -> TextTable | Unreadable:
    """The file in the layout of `contract` but with its headings in record `row`, all of them allowed for.

    `names` are the headings as far as they are known: they tell the delimiter.
    """
    times = Counter(heading_key(name) for name in names)
    once = [name for name in names if name.strip() and "*" not in name and times[heading_key(name)] == 1]
    columns = tuple(
        Column(f"field_{i}", "string", headers=(name,), options={"optional": True}) for i, name in enumerate(once)
    )
    # Marked as a survey, so that headings which stand twice are read; whether they may is for the source to say.
    settings = {**contract.settings, "headerRow": row, "answers": ""}
    return read(path, replace(contract, columns=columns, settings=settings))
