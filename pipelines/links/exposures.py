"""What is told apart about conversations and what is waited for: names, references and words of the links, as in the SQL of links."""

from __future__ import annotations

from dataclasses import dataclass

COVARIATES = ("division", "grade", "job_family", "location", "career_stage", "year")
_NO_RECENT = "had had none in half a year"


@dataclass(frozen=True)
class Exposure:
    """One state of affairs about conversations: `levels` with the words that say who is in them, the reference first.

    `caution` is what a reader should know about how it is recorded.
    """

    name: str
    levels: dict[str, str]
    caution: str = ""

    @property
    def reference(self) -> str:
        """The level the others are compared with."""
        return next(iter(self.levels))


@dataclass(frozen=True)
class Outcome:
    """What is waited for: `event` counts it in the cells of `clock`, whose clusters are in the column `cluster`.

    `does` and `events` say it in words; `control` counts what conversations should have no bearing on.
    """

    name: str
    clock: str
    event: str
    cluster: str
    does: str
    events: str
    protocol: str
    control: str | None = None


def _last_talk(name: str, levels: dict[str, str], caution: str = "") -> Exposure:
    return Exposure(name, {"none_in_half_year": _NO_RECENT, **levels}, caution)


EXPOSURES = (
    Exposure(
        "recency",
        {
            "under_3_months": "had talked within three months",
            "3_to_5_months": "had last talked three to five months before",
            "6_to_11_months": "had last talked six to eleven months before",
            "12_months_or_more": "had last talked a year or more before",
            "none_on_record": "had no career conversation on record",
        },
    ),
    Exposure(
        "count",
        {
            "none": "had had no conversation in a year",
            "one": "had had one conversation in a year",
            "two_or_three": "had had two or three conversations in a year",
            "four_or_more": "had had four or more conversations in a year",
        },
    ),
    _last_talk("partner", {"boss": "had last talked to their manager", "not_boss": "had last talked to somebody else"}),
    _last_talk(
        "setting",
        {"informal": "had last talked informally", "formal": "had last talked at an arranged occasion"},
        "Informal talk is recorded less often.",
    ),
    _last_talk(
        "length",
        {
            "up_to_15_minutes": "had last talked for up to a quarter of an hour",
            "longer": "had last talked for more than a quarter of an hour",
        },
    ),
    _last_talk(
        "initiator",
        {
            "employee": "had asked for the last conversation themselves",
            "somebody_else": "had been asked to the last conversation",
        },
        "Who asks may be about to decide something.",
    ),
    _last_talk(
        "support",
        {
            "fits_stage": "had last got support that fits their career stage",
            "does_not_fit": "had last got support that does not fit their career stage",
        },
        "Which support fits a stage is a setting of this organisation.",
    ),
    _last_talk(
        "usefulness",
        {"useful": "had found the last conversation useful", "not_useful": "had not found the last one useful"},
        "Ratings are from memory, some given after people had made up their minds: they may tell of what came then.",
    ),
)
OUTCOMES = (
    Outcome(
        "voluntary_exit",
        "tenure",
        "voluntary",
        "cluster_no",
        "left by choice",
        "exits by choice",
        "exit_hazard",
        "involuntary",
    ),
    Outcome("promotion", "promotion", "promotion", "worker_no", "were promoted", "promotions", "promotion_hazard"),
)
