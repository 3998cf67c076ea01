"""The notice itself: that a list is ready and where to sign in. No name, unit, count or token is in it."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from pipelines.delivery.recipients import Recipient

SUBJECT = "Your list is ready"
_TEXT = """\
Your list is ready. Sign in to read it:

{link}

You get this message because you are named as a reader. It says nothing of what is in the list; please keep it so when you reply.
"""


@dataclass(frozen=True)
class Notice:
    """One message; `message_id` is the same whenever the same reader is told of the same release in the same way."""

    message_id: str
    channel: str
    to: str
    text: str


def for_recipients(readers: Iterable[Recipient], release_id: str, link: str, key: bytes) -> list[Notice]:
    """A notice by mail for each reader. `key` keeps addresses from being guessed out of message ids."""
    return [_notice("mail", reader.address, release_id, link, key) for reader in readers]


def for_channel(channel: str, release_id: str, link: str, key: bytes) -> Notice:
    """One notice for everybody in a channel of Slack or Teams."""
    return _notice(channel, "", release_id, link, key)


def _notice(channel: str, to: str, release_id: str, link: str, key: bytes) -> Notice:
    told = "\n".join(("notice", channel, to.casefold(), release_id))
    return Notice(hmac.new(key, told.encode(), sha256).hexdigest()[:40], channel, to, _TEXT.format(link=link))
