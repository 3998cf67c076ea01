"""What may have become of a message, told apart by whether it may be tried again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """SENDING is written before the first byte goes out: whoever finds it later cannot know whether the message did."""

    SENDING = "sending"
    SENT = "sent"
    # Surely not delivered: may be tried again.
    WAITING = "waiting"
    # Surely not delivered, and will not be however often it is tried.
    REFUSED = "refused"
    # Handed over, and no answer: may have been delivered, so it is never tried again.
    UNCERTAIN = "uncertain"


@dataclass(frozen=True)
class Answer:
    """The state of a message after an attempt, and in words why it is not sent; never with an address or a text.

    `is_down`: what went wrong is about the channel and not this message, so the next one would fare no better.
    """

    state: State
    why: str = ""
    is_down: bool = False
