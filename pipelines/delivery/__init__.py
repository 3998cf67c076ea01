"""After a release: each reader of a list is told that it is ready, once, and without a word of what is in it.

What Slack and Teams need lies in `defs`, with the libraries that know Dagster; how a list is made does not belong here.
"""

from __future__ import annotations

from pipelines.delivery.answers import Answer, State
from pipelines.delivery.delivering import Report, deliver
from pipelines.delivery.notices import Notice, for_channel, for_recipients
from pipelines.delivery.outbox import Outbox
from pipelines.delivery.recipients import Recipient, recipients

__all__ = [
    "Answer",
    "Notice",
    "Outbox",
    "Recipient",
    "Report",
    "State",
    "deliver",
    "for_channel",
    "for_recipients",
    "recipients",
]
