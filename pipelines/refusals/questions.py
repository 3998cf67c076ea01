"""A question put to the data, described by its structure: what is explained, by what, how compared, and under which promise."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What is to be explained."""

    LEAVING = "leaving"
    MOVING_UP = "moving up"
    STATED = "what people say in a survey"
    TALKING = "conversations themselves"


class Exposure(StrEnum):
    """What is to explain it."""

    EVER_TALKED = "whether there ever was a conversation"
    SINCE_LAST = "time since the last conversation"
    LAST_CONTENT = "what the last conversation was about or like"
    FREQUENCY = "conversations in a period"
    ANSWER = "an answer in a survey"


class Comparison(StrEnum):
    """Which figures are held against each other."""

    BY_EXPOSURE = "the outcome of those exposed and those not"
    BY_OUTCOME = "the exposure of those to whom it happened and those to whom it did not"
    CORRELATION = "a correlation or a slope"
    LEVEL = "no comparison: a level"


class Grain(StrEnum):
    """What one row of the comparison is."""

    PERSON = "a person"
    PERSON_TIME = "a stretch of a person's time"
    TEAM_MEAN = "an average of a team"
    GROUP = "a count in a group"


class Clock(StrEnum):
    """When the exposure is measured."""

    HINDSIGHT = "over all the time a person turned out to stay"
    OWN_END = "on the last day of those who left, today for those who stayed"
    SAME_DAYS = "on the same days for both sides"
    BEFORE = "at the start of each period, before anything happens in it"


class Confidentiality(StrEnum):
    """What people were promised when they gave the data."""

    IDENTIFIED = "identified"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class Request:
    """A question somebody wants worked out; `sources` are the promises under which what it reads was given."""

    outcome: Outcome
    exposure: Exposure
    comparison: Comparison
    grain: Grain
    clock: Clock
    sources: frozenset[Confidentiality] = frozenset({Confidentiality.IDENTIFIED})
