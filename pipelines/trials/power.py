"""What a number of events can show: the smallest ratio that would be seen, and whether it is too early to tell."""

from __future__ import annotations

import math

from scipy.stats import norm


def smallest_detectable(
    events: float, share_exposed: float, *, power: float = 0.8, significance: float = 0.05
) -> float | None:
    """The hazard ratio below 1, nearest to it, that `events` show with this power in a two-sided test; None without events.

    `share_exposed` of the time at risk is on one side. Schoenfeld 1983: events = (z + z')² / (p (1 - p) log² ratio).
    Its inverse is as easy to see on the other side of 1. Raises ValueError where a share is not between 0 and 1, or
    events are below 0.
    """
    if events < 0 or not all(0 <= share <= 1 for share in (share_exposed, power, significance)):
        raise ValueError("Events are 0 or more, and shares between 0 and 1.")
    information = events * share_exposed * (1 - share_exposed)
    if information <= 0:
        return None
    reach = float(norm.ppf(1 - significance / 2) + norm.ppf(power))
    return math.exp(-reach / math.sqrt(information))
