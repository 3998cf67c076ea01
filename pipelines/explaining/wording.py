"""The words of an explanation: values in their unit, and why a value is not shown. Never how many people were too few."""

from __future__ import annotations

from pipelines.explaining.finding import Explained, Row

_UNITS = {
    "share": "share of the denominator, in per cent",
    "rate": "ratio of numerator to denominator; it may pass 1",
    "per_year": "per person and year",
    "points": "points, a difference",
}
_NOUNS = {
    "months": " months",
    "days": " days",
    "minutes": " minutes",
    "per_year": " a year",
    "people": " people",
    "points": " points",
}
_WHOLE = ("days", "minutes", "people")
_ABOUT_RECORDS = ("source_field", "rule")
UNKNOWN_RULE = "What is not known leaves both sides and is published as a share. Over 20 % a figure is flagged, over 40 % it is withheld."


def unit(name: str) -> str:
    """A unit as a reader says it."""
    return _UNITS.get(name, name)


def value(number: object, unit_name: str) -> str:
    """A number in its unit, a dash where there is none: 43.8 %, 7.4 months."""
    if not isinstance(number, int | float):
        return "–"
    if unit_name == "share":
        return f"{number:.1%}".replace("%", " %")
    digits = f"{number:,.0f}" if unit_name in _WHOLE else f"{number:.1f}"
    return (f"{number:.3g}" if unit_name not in _NOUNS else digits) + _NOUNS.get(unit_name, "")


def interval(cell: Row) -> str:
    """The interval of a cell in its unit; an end that is not published is open."""
    low, high = (value(cell[end], str(cell["unit"])) for end in ("lo", "hi"))
    return "none" if low == high == "–" else f"{low} to {high}".replace("– to", "open to").replace("to –", "to open")


def unknown(cell: Row) -> str:
    """The share that is not known, or why it is not said."""
    known = cell["known_share"]
    return value(1 - known, "share") if isinstance(known, float) else "–"


def suppression(minimum: int) -> str:
    """The rule by which groups are hidden."""
    return (
        f"Figures about fewer than {minimum} people are hidden, and further ones where a total minus its parts"
        " would give a hidden one back. How many people are in a hidden group is never said."
    )


def state(status: str, minimum: int) -> str:
    """Why a figure of this status is not shown, and what to do; empty for one that is shown."""
    return {
        "shown": "",
        "suppressed": f"Hidden: it speaks of fewer than {minimum} people. Ask for a wider group.",
        "low": "Next to nobody: only the band is shown, as the exact share would tell it of each of them.",
        "high": "Nearly everybody: only the band is shown, as the exact share would tell it of each of them.",
        "complementary": "Hidden with its neighbour: the total minus this group would show a very small group. Ask for a wider group.",
        "withheld": "Withheld: more than 40 % is not known, so any figure would mislead. Data health shows which source is missing.",
        "empty": "There is nobody in this group in this window, so there is no figure.",
        "over_tenure": "No number: the middle one is longer than anything on record, so there is no median to give.",
    }.get(status, f"Not shown: {status}.")


def absence(found: Explained) -> str:
    """Why the release has no figure at all for the group and day."""
    groups = [cut for cut in found.cuts if cut not in _ABOUT_RECORDS]
    if not groups:
        return "It is not worked out for groups of people; Data health shows it."
    if found.group.cut not in groups:
        return f"It is not worked out for {found.group.label}, only by {', '.join(groups).replace('_', ' ')}."
    if found.status_since in ("suppressed", "complementary"):
        return f"Hidden on every day of this release. {state(found.status_since, found.minimum)}"
    return f"The release has no such figure for {found.group.label} on {found.as_of}. Ask for the newest day, or a wider group."


def caution(cell: Row) -> str:
    """What to keep in mind of a figure that is shown: much unknown, with the bounds where they are published."""
    if not cell["is_flagged"]:
        return ""
    text = "More than 20 % is not known: read it with care."
    if cell["bound_lo"] is None or cell["bound_hi"] is None:
        return text
    low, high = (value(cell[end], str(cell["unit"])) for end in ("bound_lo", "bound_hi"))
    return f"{text} Counting every unknown it lies between {low} and {high}."
