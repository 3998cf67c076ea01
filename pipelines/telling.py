"""The delivery of one night: who has a list, who is told of it, and what became of that, for Data health.

Nothing here may undo a release: what goes wrong is told and left at that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path

from pipelines import ledger
from pipelines.delivery import Outbox, Report, State, deliver, file_drop, for_channel, for_recipients, recipients
from pipelines.delivery.credentials import MAIL, CredentialError, credential
from pipelines.delivery.delivering import PAUSE_SECONDS, Send
from pipelines.delivery.mail import MailServer, authority_fault
from pipelines.identity import secret
from pipelines.night import Night
from pipelines.publishing.durable_files import write_whole
from pipelines.viewers import SCOPES
from pipelines.warehouse import frame

STATUS = "delivery.json"
_SCOPES = "SELECT viewer_id, role, valid_from, valid_to FROM staging.parley__access_scope"
_ADDRESSES = (
    "SELECT employee_id, max(work_email) FROM core.delivered_name WHERE work_email IS NOT NULL GROUP BY employee_id"
)
# Makes the sender of a channel out of its secrets; raises CredentialError.
Channel = Callable[[Path], Send]


def tell(night: Night, channels: Mapping[str, Channel], pause: float = PAUSE_SECONDS) -> Report:
    """Tell the readers of the night's lists, put files where that is wanted, and leave word of it for Data health.

    `channels` are those for a whole channel, by name. Of a release without lists nobody is told.
    """
    settings, now = night.settings.delivery, datetime.now(UTC)
    drop_folder = night.settings.home / file_drop.FOLDER
    file_drop.expire(drop_folder, now, settings.file_drop_days)
    folder = night.settings.published / SCOPES / night.release_id
    listed = {path.stem for path in folder.glob("*.parquet")}
    if night.is_rebuilt or not settings.is_on or not listed:
        return Report({}, ())
    readers = recipients(frame(night.con, _SCOPES), listed, night.as_of, _addresses(night))
    key = secret(night.settings.identity_key)
    try:
        fault = authority_fault(settings.mail_authority)
        if fault:
            raise CredentialError(fault)
        senders, notices = _senders(night, channels), []
        if settings.mail_server:
            notices += for_recipients(readers, night.release_id, settings.link, key)
        notices += [for_channel(c, night.release_id, settings.link, key) for c in senders if c != "mail" and readers]
        if settings.file_drop:
            file_drop.drop(folder, [r.viewer_key for r in readers], night.release_id, drop_folder)
        outbox = Outbox(night.settings.home / ledger.FOLDER / "notices.jsonl")
        report = deliver(notices, senders, outbox, pause)
    except (CredentialError, OSError) as error:
        report = Report({State.WAITING: len(readers)}, (str(error),))
    _leave_word(night, report, now)
    return report


def _senders(night: Night, channels: Mapping[str, Channel]) -> dict[str, Send]:
    settings, secrets = night.settings.delivery, night.settings.identity_key.parent
    senders: dict[str, Send] = {}
    if settings.mail_server:
        password = credential(MAIL, secrets) if settings.mail_user else None
        senders["mail"] = MailServer(settings, password).send
    wanted: Collection[str] = [n for n, on in (("slack", settings.slack_channel), ("teams", settings.teams)) if on]
    return senders | {name: channels[name](secrets) for name in wanted}


def _addresses(night: Night) -> dict[str, str]:
    return {str(i).upper(): str(mail) for i, mail in night.con.execute(_ADDRESSES).fetchall()}


def _leave_word(night: Night, report: Report, now: datetime) -> None:
    told = {
        "release_id": night.release_id,
        "at": now.isoformat(),
        "counts": {state.value: count for state, count in report.counts.items()},
        "reasons": list(report.reasons),
    }
    write_whole(night.settings.published / STATUS, json.dumps(told, ensure_ascii=False).encode())
