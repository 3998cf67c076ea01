"""How strong something unmeasured would have to be to explain a ratio away."""

from __future__ import annotations

import math


def e_value(ratio: float, limit: float | None = None) -> float:
    """The E-value of a risk ratio, or, where `limit` is given, of the end of its interval nearer to 1.

    A cause nobody measured would have to be tied to both sides by a risk ratio of at least this much, beyond what is
    adjusted for, to move the ratio (the end of its interval) to 1. It is 1 where the interval reaches 1. A hazard
    ratio of a rare outcome is taken for a risk ratio. VanderWeele and Ding 2017. Raises ValueError unless both are
    above 0.
    """
    if ratio <= 0 or (limit is not None and limit <= 0):
        raise ValueError(f"A ratio is above 0, not {min(ratio, ratio if limit is None else limit)}.")
    if limit is not None and (limit - 1) * (ratio - 1) <= 0:
        return 1.0
    told = ratio if limit is None else limit
    above = max(told, 1 / told)
    return above + math.sqrt(above * (above - 1))
