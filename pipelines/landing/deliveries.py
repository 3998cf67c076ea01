"""A file compared with what the same source delivered before: an old state under a new date, or much fewer records.

Only the accounts of the files are compared; what the records say does not belong here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from pipelines.contracts import Contract
from pipelines.landing.accounts import FileAccount, file_id
from pipelines.landing.files import LandingFile, dated_name

OLDER_STATE = "older_state"
FEWER_RECORDS = "fewer_records"
# So many people and nobody hired, left or moved in so many days: the export was not renewed.
_STALE_RECORDS = 100
_STALE_DAYS = 28
_LEAST_SHARE = 0.9
_LEAST_LOSS = 20


class Verdict(NamedTuple):
    """What the comparison says of a file: `status` is read, duplicate or refused; `twin` the file it is the same as."""

    status: str
    reason: str = ""
    twin: FileAccount | None = None


def is_whole(contract: Contract) -> bool:
    """Whether each delivery of the source is complete, so that the newest stands for itself."""
    return contract.settings.get("delivery") in ("full", "snapshot")


def compared(
    contract: Contract,
    file: LandingFile,
    content: str,
    earlier: Sequence[FileAccount],
    accepted: Collection[str] = (),
) -> Verdict:
    """Compare the accepted rows of `file`, by their hash `content`, with those of `earlier` files of the source, by date.

    Equal to the delivery right before, or to any file of a source that adds up: a duplicate. Equal to one further back,
    or unchanged for longer than a source of that size can be: refused, unless `accepted` names the check or the file.
    """
    known = [account for account in earlier if account.status != "refused" and account.as_of is not None]
    twins = [account for account in known if content and account.content == content]
    read = next((twin for twin in twins if twin.status == "read"), None)
    if read is None or file.as_of is None:
        return Verdict("read")
    if not is_whole(contract):
        return Verdict("duplicate", twin=read)
    direct = [twin for twin in twins if _is_direct(twin, file, known)]
    lets_pass = _is_accepted(OLDER_STATE, file, accepted)
    if not direct:
        return Verdict("read") if lets_pass else Verdict("refused", _older(twins[-1], known), read)
    origin = _origin(direct[-1], known)
    days = (file.as_of - origin.as_of).days if origin.as_of else 0
    is_stale = read.data_records >= _STALE_RECORDS and days >= max(_STALE_DAYS, contract.freshness_days or 0)
    return (
        Verdict("refused", _unchanged(origin, days), read)
        if is_stale and not lets_pass
        else Verdict("duplicate", "", read)
    )


def fewer_records(
    contract: Contract,
    file: LandingFile,
    records: int,
    siblings: Sequence[LandingFile],
    earlier: Sequence[FileAccount],
    accepted: Collection[str] = (),
) -> str:
    """Why `file`, of `records` data records, or the delivery it completes looks cut off; '' where neither does.

    A file is held against the last one named alike. All files of one day are one delivery, which is held against that of
    the day before when its last file among `siblings`, the files of the source, has come.
    """
    if not is_whole(contract) or _is_accepted(FEWER_RECORDS, file, accepted):
        return ""
    known = [account for account in earlier if account.status != "refused"]
    before = [account for account in known if account.as_of is not None and account.as_of != file.as_of]
    alike = [account for account in before if _series(account) == file.series]
    if alike and _is_short(records, _records_of(alike[-1], known)):
        return _cut_off("The file", records, alike[-1].path, _records_of(alike[-1], known))
    has_more = any(sibling.as_of == file.as_of for sibling in siblings[siblings.index(file) + 1 :])
    if not before or has_more:
        return ""
    then = sum(_records_of(account, known) for account in before if account.as_of == before[-1].as_of)
    now = records + sum(_records_of(account, known) for account in known if account.as_of == file.as_of)
    is_short = _is_short(now, then)
    return _cut_off(f"The delivery of {file.as_of}", now, f"that of {before[-1].as_of}", then) if is_short else ""


def _is_short(now: int, before: int) -> bool:
    return now < _LEAST_SHARE * before and before - now >= _LEAST_LOSS


def _cut_off(this: str, now: int, other: str, before: int) -> str:
    fault = f"{this} has {now:,} records, {other} had {before:,}: the export was probably cut short or filtered"
    return f"{fault}. Export everything again. If the records are truly gone, accept {FEWER_RECORDS}."


def _is_accepted(check: str, file: LandingFile, accepted: Collection[str]) -> bool:
    return check in accepted or file_id(file) in accepted


def _is_direct(twin: FileAccount, file: LandingFile, known: Sequence[FileAccount]) -> bool:
    """Whether nothing else was delivered in between, seen over all files of the source or those named alike."""
    alike = [account for account in known if _series(account) == file.series]
    return twin.as_of == max(a.as_of for a in known if a.as_of is not None) or (bool(alike) and alike[-1] == twin)


def _origin(twin: FileAccount, known: Sequence[FileAccount]) -> FileAccount:
    """The first of the unbroken row of files named like `twin` that have its content."""
    first = twin
    for account in reversed([a for a in known if _series(a) == _series(twin)]):
        if account.content != twin.content:
            break
        first = account
    return first


def _records_of(account: FileAccount, known: Sequence[FileAccount]) -> int:
    """Data records of a file; those of its twin where it is a duplicate, which has none of its own."""
    same = (a.data_records for a in known if a.content == account.content and a.status == "read")
    return account.data_records if account.status == "read" else next(same, 0)


def _series(account: FileAccount) -> str:
    return dated_name(PurePosixPath(account.path).name)[1]


def _older(twin: FileAccount, known: Sequence[FileAccount]) -> str:
    newer = max(a.as_of for a in known if a.as_of is not None)
    return (
        f"The content is that of {twin.path}, which the delivery of {newer} has replaced: an old export was saved under "
        f"a new date. Export it again. If the system truly went back to that state, accept {OLDER_STATE}."
    )


def _unchanged(twin: FileAccount, days: int) -> str:
    return (
        f"The content is that of {twin.path}, {days} days earlier, with nothing changed: the old export was probably "
        f"saved again under a new date. Export it again. If nothing has changed, accept {OLDER_STATE}."
    )
