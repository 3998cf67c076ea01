"""What the pages say: numbers as text, the sentence of every state, and titles computed from the rows on screen."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from dashboards.data import Cell
from dashboards.release import Published

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&^=])")
_BIDI_AND_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
LATE_BANDS = ("12-18", "18+", "12+")
_NOUNS = {
    "months": " months",
    "days": " days",
    "minutes": " minutes",
    "per_year": " a year",
    "people": " people",
    "points": " points",
}
NONE_ON_RECORD = "None on record for more than half"


def plain(text: object) -> str:
    """Text from data, made safe for Markdown: no link, image, icon, formula, HTML or reordering of what is read."""
    return _MARKDOWN.sub(r"\\\1", _BIDI_AND_CONTROL.sub(" ", str(text)))


def day(value: date) -> str:
    """A date as people say it: 22 Nov 2026."""
    return f"{value.day} {value:%b %Y}"


def count(value: float) -> str:
    """A whole number with separators: 2,341."""
    return f"{value:,.0f}"


def counted(value: float, noun: str) -> str:
    """A count with its noun: 1 person, 2 people; the plural of other nouns takes an s."""
    plural = {"person": "people"}.get(noun, f"{noun}s")
    return f"{count(value)} {noun if value == 1 else plural}"


def number(value: float, unit: str) -> str:
    """A value in its unit: shares without decimals, months, yearly rates and points to one, kappa and ratios to two, the rest whole."""
    if unit == "share":
        return f"{value:.0%}"
    if unit in ("kappa", "ratio"):
        return f"{value:.2f}"
    return count(value) if unit in ("days", "minutes", "people") else f"{value:.1f}"


def with_unit(value: float, unit: str) -> str:
    """A value with its unit in words: 44%, 7.4 months, 1.5 a year."""
    return number(value, unit) + _NOUNS.get(unit, "")


def not_adding_up(files: int) -> str:
    """Files whose records do not add up: '1 file does not add up'."""
    return f"{counted(files, 'file')} {'does' if files == 1 else 'do'} not add up"


def checks_held(errors: int, warnings: int, checks: int) -> str:
    """How many of `checks` failed or warned: '2 of 611 checks failed, 1 warning'; a warning alone is no failure."""
    warned = counted(warnings, "warning")
    if errors:
        return f"{errors} of {counted(checks, 'check')} failed" + (f", {warned}" if warnings else "")
    return f"{warned} among {counted(checks, 'check')}" if warnings else f"All {counted(checks, 'check')} passed"


def change(now: Cell, before: Cell, since: date) -> tuple[str, str] | None:
    """Signed change and the date it is told from ('+3 pts', 'since 31 Aug'); None unless both values are shown."""
    if not (now.is_shown and before.is_shown):
        return None
    difference = (now.value or 0) - (before.value or 0)
    if now.unit == "share":
        points = round((now.value or 0) * 100) - round((before.value or 0) * 100)
        amount = f"{points:+d} pt" + ("" if abs(points) == 1 else "s")
    else:
        amount = f"{difference:+.1f}"
    told = "no change" if not re.search(r"[1-9]", amount) else amount.replace("-", "−")
    return told, f"since {since.day} {since:%b}"


def target_text(target: float | None, unit: str, better: str) -> str:
    """The target with its direction: 'target 75% or more'; empty without a target."""
    if target is None:
        return ""
    side = {"higher": " or more", "lower": " or less"}.get(better, "")
    return f"target {number(target, unit).removesuffix('.0')}{side}"


def short(cell: Cell, minimum: int) -> str:
    """The value, or in a few characters why there is none."""
    if cell.is_shown:
        return number(cell.value or 0, cell.unit)
    if cell.status == "low" and cell.hi is not None:
        return f"{cell.hi:.0%} or less"
    if cell.status == "high" and cell.lo is not None:
        return f"{cell.lo:.0%} or more"
    return {
        "suppressed": f"n<{minimum}",
        "complementary": "hidden",
        "withheld": "not known",
        "empty": "no one",
        "over_tenure": "more than half: none",
    }.get(cell.status, "–")


def state(status: str, minimum: int) -> tuple[str, str]:
    """Title and explanation of a number that is not shown: what is wrong, then what to do."""
    return {
        "suppressed": (
            "Too few people to show",
            f"Groups under {minimum} are hidden so no one can be picked out. Choose a wider group.",
        ),
        "complementary": (
            "Hidden with its neighbour",
            "The total minus this group would show a very small group. Choose a wider group.",
        ),
        "low": (
            "Next to nobody",
            "Where nobody is, or one person at most, only a band is shown: the exact share would tell it of each of them.",
        ),
        "high": (
            "Nearly everybody",
            "Where all are, or all but one at most, only a band is shown: the exact share would tell it of each of them.",
        ),
        "withheld": (
            "Too much is unknown to say",
            "More than 40% is not recorded, so any figure would mislead. Data health shows which source is missing.",
        ),
        "empty": ("No one matches these filters", "There is nobody in this group in this window. Clear a filter."),
        "over_tenure": (
            NONE_ON_RECORD,
            "The middle person has no conversation on record, so there is no median to give.",
        ),
    }.get(
        status, ("Not worked out for this group", "This release has no such figure for the group. Choose a wider one.")
    )


def base(cell: Cell, noun: str) -> str:
    """What a number rests on: 'of 2,341 people · known for 96%'."""
    parts = [f"of {count(cell.n)} {noun}"] if cell.n is not None else []
    if cell.known_share is not None and round(cell.known_share, 2) < 1:
        parts.append(f"known for {cell.known_share:.0%}")
    return " · ".join(parts)


def unknown_line(subject: str, cell: Cell) -> str:
    """Says that unknown is not zero, with the bounds where they are published; empty when nearly all is known."""
    if cell.known_share is None or not cell.is_flagged:
        return ""
    known = round(cell.known_share * 100)
    line = (
        f"{subject} not recorded for {100 - known}% of conversations; the share is of the {known}% where it is known."
    )
    if cell.bound_lo is not None and cell.bound_hi is not None:
        line += f" Counting every unknown it lies between {cell.bound_lo:.0%} and {cell.bound_hi:.0%}."
    return line


def distribution_title(shares: Mapping[str, float], bands: Collection[str]) -> str:
    """The finding of the bars, from shares (0-1) by band; of `bands` those without a share are hidden."""
    late = sum(v for band, v in shares.items() if band in LATE_BANDS)
    partly = any(band in LATE_BANDS and band not in shares for band in bands)
    parts = []
    if late:
        parts.append(f"{'at least ' if partly else ''}{late:.0%} last talked over a year ago")
    if "none" in shares:
        parts.append(f"{shares['none']:.0%} have none on record")
    title = "; ".join(parts) or "Time since the last conversation"
    return title[0].upper() + title[1:]


def coverage_title(values: Sequence[float], target: float | None) -> str:
    """Rising, falling or level over the dates shown, and on which side of the target."""
    if len(values) < 2:
        return "Coverage month by month"
    moved = round((values[-1] - values[0]) * 100)
    trend = "level" if abs(moved) < 2 else ("rising" if moved > 0 else "falling")
    if target is None:
        return f"Coverage is {trend}, at {values[-1]:.0%}"
    if values[-1] >= target:
        return f"Coverage is {trend} and above {target:.0%}"
    return f"Coverage is {trend}, still short of {target:.0%}"


def gaps_title(shares: Mapping[str, float]) -> str:
    """The lowest and highest of the groups on screen, from shares (0-1) by label."""
    if len(shares) < 2:
        return "Where the gaps are"
    low, high = min(shares, key=lambda k: shares[k]), max(shares, key=lambda k: shares[k])
    if round(shares[low] * 100) == round(shares[high] * 100):
        return "No gap between the groups shown"
    return f"Widest gap: {low} {shares[low]:.0%}, {high} {shares[high]:.0%}"


def hidden_dates(hidden: int, dates: int, last: date | None) -> str:
    """How many of the dates of a line are hidden, with the last one shown where the newest is among them."""
    text = f"{hidden} of {counted(dates, 'date')} hidden: too few people or too much unknown."
    return text + (f" The newest is one of them; the last one shown is {day(last)}." if last else "")


def leaving_title(turnover: Cell, retention: Cell) -> str:
    """How many left by choice and how many stayed, as far as either may be shown."""
    parts = []
    if turnover.is_shown:
        parts.append(f"{turnover.value:.0%} left by choice in the last 12 months")
    if retention.is_shown:
        parts.append(f"{retention.value:.0%} of those here a year ago stayed")
    return "; ".join(parts) or "Leaving and staying"


def stale_banner(published: Published) -> str:
    """Which date is shown and why nothing newer, as Markdown; empty when the release is up to date."""
    if published.release is None or not published.is_stale:
        return ""
    shown = f"Showing {day(published.release.as_of)}."
    failed = published.failures_since()
    if not failed:
        late = published.days_behind()
        return f"{shown} The newest run is {late} days past it. Data health shows which exports are late."
    runs = "The last nightly run" if len(failed) == 1 else f"The last {len(failed)} nightly runs"
    cause = f"{failed[-1].stopped_at}: {failed[-1].reason}"
    complete = f"Numbers below are complete up to {day(published.release.as_of)}."
    return f"{shown} {runs} stopped at *{plain(cause.rstrip('.'))}*. {complete}"


def damage_banner(published: Published) -> str:
    """Which release was passed over and the remedy, as Markdown; empty when none was."""
    if not published.faults:
        return ""
    fault = published.faults[0]
    return (
        f"Release {plain(fault.release_id)} cannot be trusted: {plain(fault.reason)}. "
        "An older intact one is shown. Run the night's work again to publish a new one."
    )
