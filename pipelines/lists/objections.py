"""People who object to being chosen for a list: known by keyed fingerprints, left out of every list, counted like anybody else.

A change of mind is a line of its own. No file that leaders or reviewers read says that there is such a person.
"""

from __future__ import annotations

import hmac
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import duckdb

from pipelines import tombstones
from pipelines.delivery import file_drop
from pipelines.identity import secret
from pipelines.lists.references import reference
from pipelines.lists.reviews import LedgerError
from pipelines.lists.scope_files import take_off
from pipelines.settings import Settings

LOG = Path("ledger", "objections.jsonl")
_MODE = 0o600
_OBJECT, _WITHDRAW = "object", "withdraw"
_IDS = "SELECT id_norm, worker_key FROM core.worker_xref"
_OWN = """
    SELECT o.id_norm, o.worker_key FROM core.worker_xref a
    JOIN core.worker_xref o ON a.worker_key = o.worker_key WHERE a.id_norm = ?"""


class UnknownIdError(LookupError):
    """No export of the last run has the id; the message says what to do."""


@dataclass(frozen=True)
class Objector:
    """One worker, and all ids the last run knows them by."""

    worker_key: str
    ids: frozenset[str]


def objector(settings: Settings, said: str) -> Objector:
    """The worker whose id is `said`, in the warehouse of the last run. Raises UnknownIdError."""
    if not settings.warehouse.is_file():
        raise UnknownIdError("Nobody is known before the first run. Run 'parley run', then ask again.")
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        rows = con.execute(_OWN, [said.strip().upper()]).fetchall()
    keys = {worker for _, worker in rows}
    if len(keys) != 1:
        raise UnknownIdError(
            "No export of the last run has that id for one person. Give it as it stands in the HR export."
        )
    return Objector(keys.pop(), frozenset(each for each, _ in rows))


def put_on_record(settings: Settings, who: Objector, by: str, at: datetime, *, is_withdrawn: bool) -> None:
    """Write an objection, or that it is withdrawn, into a file for its owner alone. Raises LedgerError, KeyFileError, OSError."""
    key = _key(settings, is_first=not (settings.home / LOG).exists())
    entry = {
        "at": at.isoformat(),
        "by": by,
        "kind": _WITHDRAW if is_withdrawn else _OBJECT,
        "people": sorted(_fingerprint(key, each) for each in who.ids),
    }
    log = settings.home / LOG
    log.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _MODE)
    with os.fdopen(handle, "ab") as file:
        os.fchmod(file.fileno(), _MODE)
        file.write(json.dumps(entry).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def take_off_lists(settings: Settings, who: Objector, *, is_trial: bool = False) -> int:
    """Take the worker off the lists of the releases at hand; return how many files of leaders and reviewers named them.

    Lists put down as files go as a whole: the next run puts them down anew. Raises KeyFileError, OSError.
    """
    named = take_off(settings.published, reference(secret(settings.identity_key), who.worker_key), is_trial=is_trial)
    if named and not is_trial:
        shutil.rmtree(settings.home / file_drop.FOLDER, ignore_errors=True)
    return named


def objecting(con: duckdb.DuckDBPyConnection, settings: Settings) -> frozenset[str]:
    """Keys of the workers who object, known by any of their ids. Raises LedgerError where that cannot be told for sure."""
    standing = frozenset().union(*_standing(settings.home / LOG))
    if not standing:
        return frozenset()
    key = _key(settings, is_first=False)
    rows = con.execute(_IDS).fetchall()
    return frozenset(worker for each, worker in rows if _fingerprint(key, each) in standing)


def _standing(log: Path) -> list[frozenset[str]]:
    """The fingerprints behind each objection that was not withdrawn since."""
    found: list[frozenset[str]] = []
    try:
        for line in log.read_bytes().splitlines() if log.is_file() else []:
            entry = json.loads(line)
            people = frozenset(map(str, entry["people"]))
            found = _followed(found, str(entry["kind"]), people)
    except (ValueError, LookupError, TypeError) as error:
        raise LedgerError(f"{log} is damaged. Bring it back from the backup: it keeps people off the lists.") from error
    return found


def _followed(found: Iterable[frozenset[str]], kind: str, people: frozenset[str]) -> list[frozenset[str]]:
    if kind == _OBJECT:
        return [*found, people]
    if kind == _WITHDRAW:
        return [each for each in found if not each & people]
    raise ValueError(kind)


def _key(settings: Settings, *, is_first: bool) -> bytes:
    """The key that is never exchanged; a new one is made only where nothing rests on an old one."""
    path = settings.erasure_key
    if not path.is_file() and not (is_first and not (settings.home / tombstones.LOG).exists()):
        raise LedgerError(f"{path} is missing: without it nobody knows who objects. Bring it back from the backup.")
    return secret(path)


def _fingerprint(key: bytes, id_norm: str) -> str:
    return hmac.new(key, b"objected:" + id_norm.encode(), sha256).hexdigest()
