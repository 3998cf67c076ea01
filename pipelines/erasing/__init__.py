"""A person taken out of everything an installation holds: exports, warehouse, figures kept about their team, and what remembers them.

Dagster's own memory is the business of `defs`; what the next run leaves out follows from the exports and the tombstones.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from pipelines import closed_periods, ledger, publishing, tombstones
from pipelines.delivery import file_drop
from pipelines.erasing.finding import Export, Found, UnknownPersonError, exports, find, known_again
from pipelines.erasing.person import Person, without
from pipelines.erasing.rewriting import Change, changes, discard
from pipelines.erasing.searching import mentions
from pipelines.identity import secret, worker_key
from pipelines.landing import FEWER_RECORDS, OLDER_STATE
from pipelines.night import Night, locked
from pipelines.publishing.durable_files import clear, sync, write_whole
from pipelines.viewers import SCOPES

__all__ = ["Asked", "Outcome", "Person", "UnknownPersonError", "come_again", "erase"]


@dataclass(frozen=True)
class Asked:
    """An erasure as it was asked for: `people` are ids of one person as they stand in exports.

    `is_trial` changes nothing; `removes` lets files go as a whole that cannot be written again.
    """

    people: tuple[str, ...]
    by: str
    at: datetime
    reason: str = ""
    is_trial: bool = False
    removes: bool = False


@dataclass(frozen=True)
class Outcome:
    """What was found and done. `blocked` are files that kept anything from being done, with the reason; `left` those that

    still mention the person, `until_next_run` those of them that the next release replaces.
    """

    changes: Sequence[Change]
    person: Person
    is_several: bool
    blocked: Mapping[str, str]
    left: Sequence[str] = ()
    until_next_run: Sequence[str] = ()
    is_done: bool = False


def erase(night: Night, asked: Asked) -> Outcome:
    """Take one person out of the installation of `night`, or say what that would change.

    Raises UnknownPersonError where nobody is meant, AlreadyRunningError while a run is at work, OSError on a full disk. Stopped
    half-way it can be asked for again; what is done stays done.
    """
    with locked(night.settings):
        files = _exports(night)
        found = find(files, asked.people)
        made = list(changes(files, found))
        blocked = {c.export.relative: c.why for c in made if c.why and not asked.removes}
        if asked.is_trial or blocked:
            discard(made)
            return Outcome(made, found.person, found.is_several, blocked)
        _record(night, asked, found, made)
        _replace_exports(night, asked, made)
        _forget(night, found.person)
        left = list(_left(night, found.person))
    soon = [path for path in left if path.startswith(f"{night.settings.published.name}/")]
    rest = [path for path in left if path not in soon]
    return Outcome(made, found.person, found.is_several, {}, rest, soon, is_done=True)


def come_again(night: Night) -> list[str]:
    """Ids and addresses of people erased before that stand in exports delivered since; for the caller to erase, not to keep."""
    is_erased = night.guard.is_erased
    return known_again(_exports(night), is_erased) if is_erased else []


def _exports(night: Night) -> list[Export]:
    for folder in [night.settings.landing, *(p for p in night.settings.landing.rglob("*") if p.is_dir())]:
        clear(folder)
    return exports(night.settings.landing, night.files, night.contracts)


def _record(night: Night, asked: Asked, found: Found, made: Collection[Change]) -> None:
    """First of all: whatever happens next, the person does not come back with an export."""
    key = secret(night.settings.erasure_key)
    tombstones.record(
        night.settings.home,
        tombstones.Erasure(
            at=asked.at,
            by=asked.by,
            reason=without(found.person.in_text, asked.reason),
            people=tombstones.fingerprints(key, found.person.marks),
            records=sum(change.tally.records for change in made),
            mentions=sum(change.tally.mentions for change in made),
            files={change.renamed: (change.before, change.after) for change in made},
        ),
    )


def _replace_exports(night: Night, asked: Asked, made: Sequence[Change]) -> None:
    """The record of arrivals first, so that one who is stopped here only has to ask again."""
    home, landing = night.settings.home, night.settings.landing
    ledger.follow(home, {(c.export.relative, c.before): (c.renamed, c.after) for c in made})
    # Two exports that differed in this person only are the same now, and one may have lost a tenth: neither is a fault.
    remaining = [change.after[:16] for change in made if change.after]
    ledger.record_acceptances(home, remaining, [OLDER_STATE, FEWER_RECORDS], asked.at)
    for change in made:
        if change.written:
            target = landing / change.renamed
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(change.written, target)
            sync(target.parent)
        if not change.written or change.renamed != change.export.relative:
            change.export.path.unlink()


def _forget(night: Night, person: Person) -> None:
    """What was made from the exports goes: the next run makes it again without the person."""
    settings = night.settings
    closed_periods.record(settings)
    _forget_team(night, person)
    for folder in (settings.warehouse.parent / "spill", settings.home / "rebuilt"):
        shutil.rmtree(folder, ignore_errors=True)
    for path in settings.warehouse.parent.glob(f"{settings.warehouse.stem}.*"):
        path.unlink()
    shutil.rmtree(settings.home / file_drop.FOLDER, ignore_errors=True)
    publishing.sweep(settings.published, keep=1)
    _forget_lists(settings.published, person)
    for log in (settings.published / publishing.ATTEMPTS, *sorted((settings.home / ledger.FOLDER).glob("*.jsonl"))):
        text = log.read_text(encoding="utf-8") if log.is_file() else ""
        new = without(person.in_text, text)
        if new != text:
            mode = log.stat().st_mode & 0o777
            write_whole(log, new.encode())
            log.chmod(mode)


def _forget_lists(published: Path, person: Person) -> None:
    """Lists of older releases go, and of the current one those with the person: the next run writes them anew."""
    served = publishing.current(published)
    for folder in (published / SCOPES).glob("*"):
        if served is None or folder.name != served.name:
            shutil.rmtree(folder)
            continue
        for path in folder.glob("*.parquet"):
            if mentions(path, person):
                path.unlink()


def _forget_team(night: Night, person: Person) -> None:
    """Figures kept of the team of a manager are under that manager's key; those of larger groups tell nobody apart."""
    key = secret(night.settings.identity_key)
    keys = [worker_key(key, mark) for mark in person.ids]
    for path in closed_periods.records(night.settings.home):
        frame = pl.read_parquet(path)
        kept = frame.filter(~pl.col("group_key").is_in(keys), ~pl.col("second_key").is_in(keys))
        if kept.height < frame.height:
            part = path.with_suffix(".part")
            kept.write_parquet(part)
            part.replace(path)


def _left(night: Night, person: Person) -> Iterator[str]:
    """Files of the home that still mention the person, by their path in it.

    Exports have been gone through record by record: a name that is still there is that of a namesake.
    """
    home, nameless = night.settings.home, replace(person, names=frozenset())
    for path in sorted(p for p in home.rglob("*") if p.is_file()):
        meant = nameless if path.is_relative_to(night.settings.landing) else person
        relative = path.relative_to(home).as_posix()
        if meant.in_text.search(relative) or mentions(path, meant):
            yield relative
