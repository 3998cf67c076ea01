"""Every export looked through, and written anew beside itself where it holds anything of a person; nothing is replaced here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipelines.erasing import calendar_files, text_files, workbook_files
from pipelines.erasing.finding import Export, Found
from pipelines.erasing.person import Person, without
from pipelines.erasing.records import decide
from pipelines.erasing.searching import is_sealed, mentions
from pipelines.erasing.tally import NotRewritableError, Tally
from pipelines.landing.files import fingerprint
from pipelines.publishing.durable_files import TEMPORARY, sync

_SEALED = "it has a password, so nobody can say whom it speaks of"
_FOREIGN = "it mentions the person, and is of a kind that cannot be written again"


@dataclass(frozen=True)
class Change:
    """What becomes of one file: `written` replaces it under the name `renamed`, or, where it is None, the file goes.

    `why` says why a file cannot be written again; then it can only be removed as a whole.
    """

    export: Export
    tally: Tally
    before: str
    after: str
    renamed: str
    written: Path | None
    why: str = ""


def changes(files: Iterable[Export], found: Found) -> Iterator[Change]:
    """The files that hold anything of the person, with what they would be without; hidden files beside them hold that."""
    for file in files:
        change = _change(file, found)
        if change:
            yield change


def discard(changes: Iterable[Change]) -> None:
    """Remove what was written for changes that are not made."""
    for change in changes:
        if change.written:
            change.written.unlink(missing_ok=True)


def _change(file: Export, found: Found) -> Change | None:
    writers = {"text": text_files, "workbook": workbook_files, "calendar": calendar_files}
    writer = writers.get(file.kind or "")
    if writer is None:
        return _foreign(file, found.person)
    written = file.path.with_name(f"{TEMPORARY}{file.path.name}")
    judge = partial(decide, person=found.person, conversations=found.conversations)
    renamed = without(found.person.in_text, file.relative)
    try:
        with written.open("w+b") as sink:
            tally = writer.rewrite(file.path, file.contract, found.person, judge, sink)
    except NotRewritableError:
        written.unlink()
        return _foreign(file, found.person)
    if not tally.is_touched and renamed == file.relative:
        written.unlink()
        return None
    before = fingerprint(file.path)
    if tally.is_empty:
        written.unlink()
        return Change(file, tally, before, "", renamed, None)
    written.chmod(file.path.stat().st_mode & 0o777)
    sync(written)
    return Change(file, tally, before, fingerprint(written), renamed, written)


def _foreign(file: Export, person: Person) -> Change | None:
    is_closed = is_sealed(file.path)
    if not is_closed and not mentions(file.path, person) and not person.in_text.search(file.relative):
        return None
    why = _SEALED if is_closed else _FOREIGN
    return Change(file, Tally(), fingerprint(file.path), "", without(person.in_text, file.relative), None, why)
