"""What the Outcomes page says: the names of its choices, and titles computed from the rows on screen; never a cause."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dashboards import words

OUTCOMES = {"voluntary_exit": "Leaving by choice", "promotion": "Promotion"}
HAPPENED = {"voluntary_exit": "left by choice", "promotion": "were promoted"}
LANDMARKS = {"6_months": "6 months", "12_months": "12 months", "18_months": "18 months"}
ARMS = {"in_date": "Had talked", "out_of_date": "Had not"}
EXPOSURES = {
    "recency": "Time since the last one",
    "count": "How many in 12 months",
    "partner": "With whom",
    "setting": "Informal or formal",
    "length": "How long",
    "initiator": "Who started it",
    "support": "Support that fits the stage",
    "usefulness": "How useful it was",
}
LEVELS = {
    "under_3_months": "Talked under 3 months ago",
    "3_to_5_months": "Talked 3 to 5 months ago",
    "6_to_11_months": "Talked 6 to 11 months ago",
    "12_months_or_more": "Talked 12 months ago or longer",
    "none_on_record": "None on record",
    "none": "No conversation in 12 months",
    "one": "One in 12 months",
    "two_or_three": "Two or three in 12 months",
    "four_or_more": "Four or more in 12 months",
    "none_in_half_year": "None in half a year",
    "boss": "With the boss",
    "not_boss": "With someone other than the boss",
    "informal": "Informal",
    "formal": "Formal",
    "up_to_15_minutes": "15 minutes or less",
    "longer": "Over 15 minutes",
    "employee": "Started by the employee",
    "somebody_else": "Started by someone else",
    "fits_stage": "Support fits the career stage",
    "does_not_fit": "Support does not fit the career stage",
    "useful": "Rated useful",
    "not_useful": "Rated less than useful",
}
STEPS = {
    "crude": "Tenure only",
    "adjusted": "Tenure and job",
    "within_manager": "Tenure, job and manager",
    "lagged": "Tenure and job, 3-month lag",
}
STRATEGIES = {
    "as_it_was": "As it was",
    "every_6_months": "At least every 6 months",
    "every_3_months": "At least every 3 months",
    "talk_within_60_days": "A talk within 60 days",
    "no_talk": "No talk within 60 days",
}
STRATA = {
    "all": "Everybody",
    "many_openings": "Units with many internal openings",
    "few_openings": "Units with few internal openings",
}
PROTOCOLS = {
    "exit_hazard": "Steps of adjustment, leaving by choice",
    "promotion_hazard": "Steps of adjustment, promotion",
    "talking_and_leaving": "What if people talked more often",
}
_STATES = {
    "too_early": "Too early to tell",
    "hidden": "Too few people or events to show",
    "refused": "Refused: the figure could not be trusted",
    "empty": "Nobody to follow",
    "absent": "Not worked out in this release",
}
_EXPLANATIONS = {
    "too_early": "So few have been followed that any figure would be chance. It appears once more nights have passed.",
    "hidden": "Groups under {minimum} people and counts of one to four are hidden so no one can be picked out.",
    "refused": "Where the method's own checks fail, no figure is given.",
    "empty": "No one in this release can be compared like this. Choose another landmark or another question.",
    "absent": "This release has no such figure. Run the night's work again, or choose another question.",
}


def state(status: str, minimum: int) -> tuple[str, str]:
    """Title and explanation of a result that has no figure."""
    known = status if status in _STATES else "absent"
    return _STATES[known], _EXPLANATIONS[known].format(minimum=minimum)


def without_figure(status: str) -> str:
    """Why there is no figure, in a few characters beside a row of a chart."""
    return {"too_early": "too early to tell", "hidden": "hidden", "refused": "refused", "empty": "nobody"}.get(
        status, "not worked out"
    )


def signed(points: float) -> str:
    """A difference in percentage points with its sign: +2.1, −0.4, 0.0."""
    text = f"{points:+.1f}"
    return "0.0" if float(text) == 0 else text.replace("-", "−")


def span(low: float | None, high: float | None) -> str:
    """An interval of percentage points: '0.4 to 3.8', with a sign where it lies below or across nought."""
    if low is None or high is None:
        return ""
    if low >= 0:
        return f"{low:.1f} to {high:.1f}"
    return f"{signed(low)} to {signed(high)}"


def points(value: float, low: float | None, high: float | None) -> str:
    """A difference with its interval: '+2.1 (0.4 to 3.8)'."""
    between = span(low, high)
    return signed(value) + (f" ({between})" if between else "")


def ratio(value: float | None, low: float | None, high: float | None) -> str | None:
    """A ratio with its interval: '1.60 (1.21 to 2.12)'; None without one."""
    if value is None:
        return None
    return f"{value:.2f}" + (f" ({low:.2f} to {high:.2f})" if low is not None and high is not None else "")


def share(value: float, low: float | None, high: float | None) -> str:
    """A risk (0-1) with its interval: '9.9% (9.2 to 10.7)'."""
    between = f" ({low * 100:.1f} to {high * 100:.1f})" if low is not None and high is not None else ""
    return f"{value:.1%}{between}"


def detectable(smallest: float | None) -> str:
    """Ratios that data of this size could show, on both sides of 1: 'under 0.70 or over 1.43'; empty where it is not known."""
    if smallest is None or smallest <= 0:
        return ""
    above, below = max(smallest, 1 / smallest), min(smallest, 1 / smallest)
    return f"under {below:.2f} or over {above:.2f}"


def followed(people: int | None, events: int | None, outcome: str) -> str:
    """What a row rests on: '1,204 people, 86 left by choice'; empty where neither may be told."""
    parts = [words.counted(people, "person")] if people is not None else []
    if events is not None:
        parts.append(f"{words.count(events)} {HAPPENED[outcome]}")
    return ", ".join(parts)


def curves_title(outcome: str, ends: Mapping[str, float]) -> str:
    """The finding of the curves from the incidence (0-1) at their end by arm."""
    talked, had_not = ends.get("in_date"), ends.get("out_of_date")
    if talked is None or had_not is None:
        return f"{OUTCOMES[outcome]} in the year after the landmark"
    return f"{talked:.0%} of those who had talked {HAPPENED[outcome]} within a year, {had_not:.0%} of those who had not"


def landmarks_title(stand_out: int, shown: int) -> str:
    """At how many of the landmarks the two differ by more than chance."""
    if not shown:
        return "The difference at each landmark"
    if not stand_out:
        return "At no landmark does the difference stand out from chance"
    return f"The difference stands out from chance at {stand_out} of {words.counted(shown, 'landmark')}"


def staircase_title(
    found: Mapping[str, tuple[float, float, float]], reference: str, statuses: Collection[str] = ()
) -> str:
    """The largest difference that stands out from chance, from points and their interval by level label.

    Without any, why there is none, from the `statuses` of the levels.
    """
    if not found:
        states = set(statuses)
        return _STATES[states.pop()] if len(states) == 1 and states <= _STATES.keys() else "No difference can be told"
    clear = {level: value for level, (value, low, high) in found.items() if low > 0 or high < 0}
    if not clear:
        return f"No difference from “{reference}” stands out from chance"
    level = max(clear, key=lambda one: abs(clear[one]))
    return f"{level}: {signed(clear[level])} points in 12 months, against “{reference}”"


def strategies_title(outcome: str, risks: Mapping[str, float]) -> str:
    """What the model puts the strategy furthest from things as they were at, from risks (0-1) by strategy."""
    base = risks.get("as_it_was")
    others = {name: risk for name, risk in risks.items() if name != "as_it_was"}
    if base is None or not others:
        return "If everybody had talked at a steady rhythm"
    name = max(others, key=lambda one: abs(others[one] - base))
    noun = "leaving by choice" if outcome == "voluntary_exit" else "promotion"
    rhythm = name.replace("every_", "").replace("_", " ")
    return f"With a talk every {rhythm} the model puts {noun} at {others[name]:.1%}, against {base:.1%} as it was"


def trial_title(difference: tuple[float, float, float] | None) -> str:
    """The difference between the arms of the emulated trial, from its points and their interval."""
    if difference is None:
        return "A talk within 60 days against none"
    value, low, high = difference
    told = f"A talk within 60 days against none: {signed(value)} points"
    return told if low > 0 or high < 0 else f"{told}, not told apart from chance"
