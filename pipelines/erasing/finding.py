"""Who is meant by an id, and everything that person goes by, found out from the exports themselves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.contracts import Contract
from pipelines.erasing import calendar_files, text_files, workbook_files
from pipelines.erasing.person import Person
from pipelines.erasing.records import conversation_keys, known_by
from pipelines.erasing.tally import NotRewritableError
from pipelines.landing.calendars import is_calendar
from pipelines.landing.containers import TEXT_ENDINGS, disguise, is_workbook
from pipelines.landing.files import LandingFile
from pipelines.person_records import Layout

_PLAIN = (*TEXT_ENDINGS, ".md", ".log")


class UnknownPersonError(ValueError):
    """Nobody is known by that id, or several are; the message says what to do."""


@dataclass(frozen=True)
class Export:
    """One file below the landing folder; `contract` is None where nobody reads it, `kind` None where it cannot be rewritten."""

    path: Path
    relative: str
    contract: Contract | None

    @property
    def kind(self) -> str | None:
        """How the file is read: text, workbook or calendar."""
        if is_workbook(self.path):
            return "workbook"
        with self.path.open("rb") as file:
            known = disguise(file.read(1024))
        if is_calendar(self.path) and known and "calendar" in known[0]:
            return "calendar"
        is_text = self.path.suffix.lower() in _PLAIN or self.path.name.upper().startswith("README")
        return "text" if is_text and known is None else None

    def records(self, look: Callable[[str], bool] = bool) -> Iterator[tuple[list[str], Layout]]:
        """The data records whose text is to be looked at closely; none where the file cannot be read."""
        readers = {"text": text_files, "workbook": workbook_files, "calendar": calendar_files}
        reader = readers.get(self.kind or "")
        try:
            yield from reader.records(self.path, self.contract, look) if reader else ()
        except NotRewritableError:
            return


@dataclass(frozen=True)
class Found:
    """A person, the conversations that are about them by source and id, and whether the ids stood for several by name."""

    person: Person
    conversations: frozenset[str]
    is_several: bool


def exports(landing: Path, known: Iterable[LandingFile], contracts: Mapping[str, Contract]) -> list[Export]:
    """Every file below `landing`, hidden ones too; those of `known` with the contract that claims them."""
    claimed = {file.path: file.dialect or contracts[file.contract_id] for file in known if file.contract_id}
    paths = sorted(path for path in landing.rglob("*") if path.is_file() and not path.is_symlink())
    return [Export(path, path.relative_to(landing).as_posix(), claimed.get(path)) for path in paths]


def find(files: Sequence[Export], asked: Collection[str]) -> Found:
    """The person whom all of `asked` (ids or addresses as they stand in an export) are said to be.

    Raises UnknownPersonError where one stands nowhere, or for several people.
    """
    read = [file for file in files if file.contract is not None]
    person = _asked(read, asked)
    while True:
        found, shared, names = _gathered(read, person)
        known = replace(found.person, addresses=found.person.addresses - shared)
        if known.marks == person.marks:
            return replace(found, person=known, is_several=_is_several(names))
        person = known


def known_again(files: Sequence[Export], is_erased: Callable[[str], bool]) -> list[str]:
    """Ids and addresses in the files whose owners were erased before: they came again with a later export."""
    return sorted({value for _, value in _values(f for f in files if f.contract is not None) if is_erased(value)})


def _asked(files: Sequence[Export], asked: Collection[str]) -> Person:
    wanted = {text.strip().upper() for text in asked}
    meant: dict[str, set[str]] = {text: set() for text in wanted}
    cores = Person(frozenset(wanted))
    for raw, value in _values(files, cores.may_be_in):
        for text in {raw.upper(), value} & wanted:
            meant[text].add(value)
    for text, values in meant.items():
        if not values:
            raise UnknownPersonError(
                "No export has that id or address. Give it as it stands in an export; if the person was erased before,"
                " there is nothing left to do."
            )
        if len(values) > 1 and text not in values:
            raise UnknownPersonError(
                f"That id stands for {len(values)} people, of different id spaces: {', '.join(sorted(values))}. Give one of these."
            )
    values = {text if text in found else next(iter(found)) for text, found in meant.items()}
    ids = frozenset(value for value in values if "@" not in value)
    return Person(ids, frozenset(values) - ids, ids | frozenset(t for t in wanted if "@" not in t))


def _values(files: Iterable[Export], look: Callable[[str], bool] = bool) -> Iterator[tuple[str, str]]:
    """Every id and address that names somebody: as it stands in the file, and as `landing` reads it."""
    for file in files:
        for fields, layout in file.records(look):
            named = layout.values(fields, "own id", "about id", "own address", "other id", "other address")
            yield from ((layout.raw(fields, name), value) for name, value in named.items())


def _gathered(files: Sequence[Export], person: Person) -> tuple[Found, frozenset[str], set[tuple[str, ...]]]:
    """What the records say that are known to be theirs; addresses that others have as well; the names, each as words."""
    known, conversations, others, names = person, set[str](), set[str](), set[tuple[str, ...]]()
    for file in files:
        for fields, layout in file.records(person.may_be_in):
            if _is_own(fields, layout, person):
                told = known_by(fields, layout)
                known = known.joined(told)
                names |= told.names
                conversations |= set(conversation_keys(fields, layout))
            elif layout.values(fields, "own id"):
                others |= set(layout.values(fields, "own address").values())
    return Found(known, frozenset(conversations), is_several=False), frozenset(others), names


def _is_own(fields: Sequence[str], layout: Layout, person: Person) -> bool:
    """Whether a record is by or of the person; one that somebody else made about them says nothing of what they go by."""
    owners = layout.values(fields, "own id") or layout.values(fields, "own address")
    return any(value in person.marks for value in owners.values())


def _is_several(names: Collection[tuple[str, ...]]) -> bool:
    """Whether two of the names have no word in common: then the id came to stand for somebody else."""
    return any(not set(one) & set(other) for one in names for other in names)
