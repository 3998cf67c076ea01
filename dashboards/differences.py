"""A figure before and now, with as many decimals as it takes to see that it changed."""

from __future__ import annotations

_PERCENT = ("share", "rate")
_WHOLE = ("days", "minutes", "people")
_NOUNS = {
    "months": " months",
    "days": " days",
    "minutes": " minutes",
    "per_year": " a year",
    "people": " people",
    "points": " points",
}
_MOST_DECIMALS = 4


def compared(before: float, now: float, unit: str) -> tuple[str, str, str]:
    """Before, now and the difference of the two as written: ('44.1%', '44.3%', '+0.2 pts').

    Shares differ by percentage points. Two figures that are alike to four decimals differ by 'under +0.0001'.
    """
    scale = 100 if unit in _PERCENT else 1
    noun, gap = ("%", " pts") if unit in _PERCENT else (_NOUNS.get(unit, ""), _NOUNS.get(unit, ""))
    was, is_now, decimals = _told_apart(before * scale, now * scale, fewest=0 if unit in _WHOLE else 1)
    sign = "+" if now > before else "−"
    # The difference is that of the rounded figures, so that a reader who subtracts comes to the same.
    size = abs(is_now - was)
    difference = f"{sign}{size:,.{decimals}f}" if size else f"under {sign}{10**-decimals:.{decimals}f}"
    return f"{was:,.{decimals}f}{noun}", f"{is_now:,.{decimals}f}{noun}", difference + gap


def _told_apart(before: float, now: float, fewest: int) -> tuple[float, float, int]:
    """Both figures rounded to the fewest decimals that tell them apart, four at most, and how many those are."""
    decimals = next((d for d in range(fewest, _MOST_DECIMALS) if round(before, d) != round(now, d)), _MOST_DECIMALS)
    return round(before, decimals), round(now, decimals), decimals
