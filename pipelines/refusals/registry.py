"""The refused questions: how each is recognised, why it misleads, and what to ask instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.refusals.questions import Clock, Comparison, Confidentiality, Exposure, Grain, Outcome, Request


@dataclass(frozen=True)
class Refusal:
    """One refused question: `sentences` say why, `instead` what can be asked, `wordings` how people put it.

    `axes` (from left to right, upwards) and `y_unit` ('share' or 'months') say what its picture shows.
    """

    refusal_id: str
    title: str
    sentences: tuple[str, str, str]
    instead: str
    wordings: tuple[str, ...]
    axes: tuple[str, str]
    y_unit: str
    is_asked_by: Callable[[Request], bool]


def _is_event(request: Request) -> bool:
    return request.outcome in (Outcome.LEAVING, Outcome.MOVING_UP)


def _is_after_the_fact(request: Request) -> bool:
    return request.clock in (Clock.HINDSIGHT, Clock.OWN_END)


def _ever_against_never(request: Request) -> bool:
    return _is_event(request) and request.exposure is Exposure.EVER_TALKED and _is_after_the_fact(request)


def _by_outcome(request: Request, exposure: Exposure) -> bool:
    is_that = request.exposure is exposure and request.comparison is Comparison.BY_OUTCOME
    return is_that and _is_event(request) and _is_after_the_fact(request)


def _correlates_teams(request: Request) -> bool:
    return request.comparison is Comparison.CORRELATION and request.grain is Grain.TEAM_MEAN


def _breaks_confidence(request: Request) -> bool:
    promised = request.sources & {Confidentiality.CONFIDENTIAL, Confidentiality.ANONYMOUS}
    return bool(promised) and request.grain in (Grain.PERSON, Grain.PERSON_TIME)


REFUSALS = (
    Refusal(
        "REF-01",
        "Leaving rates of people who ever talked against people who never did",
        (
            "Whoever stays longer has more time for a first conversation, so people who ever talked are mostly people who stayed.",
            "In an invented company where talking changes nothing, those who ever talked still seem to leave far less.",
            "The comparison would show a benefit whatever is true.",
        ),
        "Ask instead, month by month, whether people who had talked in the past six months when the month began left less often in it.",
        (
            "ever never attrition",
            "ever v never attrition",
            "ever versus never talked turnover",
            "attrition of people who had a conversation and people who had none",
            "share of leavers who ever had a conversation",
        ),
        ("Months after hire", "Still employed"),
        "share",
        _ever_against_never,
    ),
    Refusal(
        "REF-02",
        "Average time since the last conversation: leavers on their last day against stayers today",
        (
            "Many people leave early, and stayers have been here longer.",
            "Nobody can have talked longer ago than they have been here, so leavers seem to have talked more recently.",
            "The difference would be the same if talking changed nothing.",
        ),
        "Ask instead, for everybody employed when a month began, how long ago those who left in it and the others had last talked.",
        (
            "average recency of leavers and stayers",
            "time since last conversation of leavers v stayers",
            "recency of leavers at exit v stayers at as-of",
            "months since last leavers stayers",
        ),
        ("Months in the company", "Months since the last conversation"),
        "months",
        lambda request: _by_outcome(request, Exposure.SINCE_LAST),
    ),
    Refusal(
        "REF-03",
        "What leavers last talked about against what stayers last talked about",
        (
            "The last conversations of leavers are spread over the years in which they left, those of stayers lie in the past months.",
            "What people talk about changes for everybody with time, for example after a reorganisation.",
            "So the two differ even where leavers and stayers of the same month talk about the same things.",
        ),
        "Ask instead for leavers and stayers whose last conversation was in the same quarter.",
        (
            "last conversation content of leavers and stayers",
            "what leavers talked about last",
            "topics of last conversation leavers v stayers",
            "content of the last talk before leaving",
        ),
        ("Quarter of the conversation", "About the next step"),
        "share",
        lambda request: _by_outcome(request, Exposure.LAST_CONTENT),
    ),
    Refusal(
        "REF-04",
        "Correlations between team averages",
        (
            "A pattern between teams can run the other way for the people in them.",
            "Teams under strain may talk more and lose more people, although in each of them those who talk leave less.",
            "Small teams add chance on top.",
        ),
        "Ask instead for the link among people of the same team, or look at the figure of one team with its interval.",
        (
            "correlation of team means",
            "correlation between teams",
            "correlate team averages",
            "team coverage against team turnover",
            "scatter plot of team averages",
        ),
        ("Conversations a year", "Left within a year"),
        "share",
        _correlates_teams,
    ),
    Refusal(
        "REF-05",
        "Anything about one person from a confidential survey",
        (
            "Answers given in confidence stay in counts and reach nobody's row, list or reason.",
            "Leaving out the name does not help: team, grade, years and place together single most people out.",
            "Once one answer has been traced, nobody answers openly again.",
        ),
        "Ask instead for the share in a group of at least the smallest size, or run a survey that says beforehand that it is identified.",
        (
            "confidential survey answers of a person",
            "person level survey answers",
            "survey answers of an employee",
            "who answered what in the survey",
            "join survey answers to people",
        ),
        ("Facts known about each person", "Picked out as the only one"),
        "share",
        _breaks_confidence,
    ),
)
