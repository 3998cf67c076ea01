"""What the model of leaving may know of people: the one list of its features. What is not on it does not get in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Feature:
    """A column of lists.pattern in bins; `levels` in their order, the reference first. Without `levels`: names of kinds, in no order."""

    name: str
    title: str
    levels: tuple[str, ...] = ()

    @property
    def is_ordered(self) -> bool:
        """Whether a rare level goes to its neighbour, not to all others that are rare."""
        return bool(self.levels)


class FeatureError(ValueError):
    """A column that the model may not know."""


UNKNOWN = "unknown"
FEATURES = (
    Feature(
        "recency",
        "Time since the last career conversation",
        ("under_3_months", "3_to_5_months", "6_to_11_months", "12_months_or_more", "none_on_record"),
    ),
    Feature("talks_in_year", "Career conversations in 12 months", ("none", "one", "two_or_three", "four_or_more")),
    Feature("last_partner", "Whom the last conversation was with", ("none_in_half_year", "boss", "not_boss")),
    # Three years and no longer, as with the time since the hire: more would tell the age.
    Feature("time_in_role", "Time in the role", ("under_6_months", "6_to_23_months", "2_years", "3_years_or_more")),
    Feature("new_manager", "New manager in the past 6 months", ("no", "yes")),
    Feature("manager_changes", "Changes of manager in 24 months", ("none", "one", "two_or_more")),
    Feature(
        "since_promotion",
        "Time since the last rise in grade",
        ("under_12_months", "12_to_23_months", "none_in_2_years"),
    ),
    Feature("since_hire", "Time since the hire", ("up_to_1_year", "1_to_2_years", "2_years_or_more")),
    Feature("grade", "Grade"),
    Feature("job_family", "Job family"),
)
NAMES = tuple(feature.name for feature in FEATURES)
# Beside the features a table may have what says whose or when a row is, and what is counted.
BESIDE = frozenset(
    {
        "worker_key",
        "worker_no",
        "spell_no",
        "is_eligible",
        "first_month",
        "last_month",
        "origin_month",
        "people",
        "leavers",
    }
)
# Protected attributes, what stands in for them, and what has no place in a list: no feature may have one of these words in its name.
FORBIDDEN = frozenset(
    {
        *("age", "birth", "born", "gender", "sex", "ethnicity", "race", "religion", "disability", "nationality"),
        *("marital", "pregnancy", "parent", "leave", "absence", "sick", "sickness", "fte", "part", "hours", "postcode"),
        *("zip", "address", "location", "city", "country", "union", "name", "pay", "salary", "wage", "compensation"),
        *("bonus", "rating", "performance", "valued", "survey", "answer", "score", "engagement", "favourable", "enps"),
    }
)


def require_allowed(columns: Iterable[str]) -> None:
    """Raise FeatureError for the first of `columns` that is no feature and does not say whose a row is or what it counts."""
    for column in columns:
        if (column not in NAMES and column not in BESIDE) or FORBIDDEN & set(column.split("_")):
            raise FeatureError(f"'{column}' is not among the features the model may know. Take it out of sql/lists.")
