"""Notices handed to their channels, one after the other, each at most once; how a channel works is its own business."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pipelines.delivery.answers import Answer, State
from pipelines.delivery.notices import Notice
from pipelines.delivery.outbox import Outbox

Send = Callable[[Notice], Answer]
TRIES = 3
PAUSE_SECONDS = 20.0


@dataclass(frozen=True)
class Report:
    """How many notices are in which state, and the reasons of those not sent; no reader is named."""

    counts: Mapping[State, int]
    reasons: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        """Whether everybody was told."""
        return not set(self.counts) - {State.SENT}


def deliver(
    notices: Iterable[Notice], senders: Mapping[str, Send], outbox: Outbox, pause: float = PAUSE_SECONDS
) -> Report:
    """Send each notice through the sender of its channel; those that surely did not arrive are tried in up to TRIES rounds.

    A notice that may have arrived is left alone for ever. `pause` is in seconds, between rounds. Raises OSError where the outbox
    cannot be written: then nothing more is sent.
    """
    every = list(notices)
    for attempt in range(TRIES):
        waiting = [notice for notice in every if outbox.may_send(notice.message_id)]
        if not waiting:
            break
        if attempt:
            time.sleep(pause)
        _round(waiting, senders, outbox)
    answers = [_known(outbox, notice) for notice in every]
    reasons = dict.fromkeys(answer.why for answer in answers if answer.why)
    return Report(Counter(answer.state for answer in answers), tuple(reasons))


def _round(notices: Iterable[Notice], senders: Mapping[str, Send], outbox: Outbox) -> None:
    """Try each notice once, but no more of a channel that is down: a hundred readers must not take a hundred time-outs."""
    down: set[str] = set()
    for notice in notices:
        if notice.channel in down:
            continue
        outbox.note(notice.message_id, Answer(State.SENDING))
        answer = senders[notice.channel](notice)
        outbox.note(notice.message_id, answer)
        if answer.is_down:
            down.add(notice.channel)


def _known(outbox: Outbox, notice: Notice) -> Answer:
    known = outbox.answer(notice.message_id) or Answer(State.WAITING)
    return known if known.state is not State.SENDING else Answer(State.UNCERTAIN, _STOPPED)


_STOPPED = "A run was stopped while a notice was on its way; it may have arrived, so it is not sent again."
