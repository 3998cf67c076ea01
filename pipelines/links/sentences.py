"""A result about conversations in words: what was found, never as cause and effect, and what it does not say."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.links.exposures import Exposure, Outcome
from pipelines.links.models import AUDIT_LIMIT
from pipelines.links.points import Points

_ALIKE = {
    "crude": "among people of the same tenure",
    "adjusted": "among people alike in tenure, division, grade, job family, location, career stage and year",
    "within_manager": (
        "among people under the same manager who are alike in tenure, grade, job family, career stage and year"
    ),
    "lagged": (
        "three months later, among people alike in tenure, division, grade, job family, location, career stage and year"
    ),
}
_LEFT_OPEN = {
    "crude": "Nothing but tenure is held alike.",
    "adjusted": "What is on no record may be behind both, a good manager above all.",
    "within_manager": (
        "A manager's ways with all their people are held alike, what changes over time or from person to "
        "person is not; it needs teams of about eight or more."
    ),
    "lagged": (
        "Talks that stop because somebody is about to go weigh less here; where talking matters at once the "
        "ratio is drawn towards 1."
    ),
}
_NOT_CAUSE = "An association: it does not say what would happen if people talked more."


@dataclass(frozen=True)
class Finding:
    """What the words of one level at one step rest on; ratios come as (ratio, lo, hi)."""

    outcome: Outcome
    exposure: Exposure
    level: str
    step: str
    events: int
    reference_events: int
    ratio: tuple[float, float, float] | None = None
    points: Points | None = None
    control: tuple[float, float, float] | None = None
    detectable: float | None = None
    proportional_p: float | None = None
    audit: float | None = None
    late: float | None = None
    fault: str = ""


def sentence(found: Finding, status: str) -> str:
    """The result in one or two sentences."""
    who = found.exposure.levels[found.level]
    if status == "empty":
        return f"Nobody {who}, of whom that is known."
    if status == "hidden":
        return "Too few people or events to tell of without telling of somebody."
    if status == "too_early":
        return _too_early(found, who)
    if status == "refused":
        return f"No figure for people who {who}: {found.fault}"
    if found.ratio is None:
        return f"The others are compared with people who {who}."
    return _compared(found, who, found.ratio)


def caveat(found: Finding, status: str) -> str:
    """What the result leaves open, in short sentences."""
    said = [_NOT_CAUSE, _LEFT_OPEN[found.step]]
    if found.exposure.caution:
        said.append(found.exposure.caution)
    if found.late is not None:
        said.append(
            f"Of the conversations in the year before {found.outcome.events}, {max(found.late, 0.01):.0%} were recorded only "
            "afterwards, perhaps in the light of what had come."
        )
    if status != "ok":
        return " ".join(said)
    if found.control is not None and not found.control[1] <= 1 <= found.control[2]:
        said.append(
            "Exits by the employer's decision go with it too, which conversations should not bring about: "
            "something else is behind both."
        )
    if found.proportional_p is not None and found.proportional_p < 0.05:
        said.append("The ratio changes with tenure: read it as an average.")
    if found.audit is not None and found.audit > AUDIT_LIMIT:
        said.append(f"A model with a free hazard in every month differs by a factor of up to {1 + found.audit:.2f}.")
    return " ".join(said)


def _compared(found: Finding, who: str, ratio: tuple[float, float, float]) -> str:
    value, lo, hi = ratio
    than = found.exposure.levels[found.exposure.reference]
    often = "less often" if hi < 1 else "more often" if lo > 1 else "neither clearly more nor clearly less often"
    said = (
        f"People who {who} {found.outcome.does} {often} than those who {than}, {_ALIKE[found.step]}: "
        f"{value:.2f} times as often ({lo:.2f} to {hi:.2f})"
    )
    at = found.points
    if at is None:
        return f"{said}."
    return f"{said}, {_signed(at.value)} points within twelve months ({_signed(at.lo)} to {_signed(at.hi)})."


def _too_early(found: Finding, who: str) -> str:
    said = (
        f"Too early to tell: {found.events} {found.outcome.events} of people who {who} and "
        f"{found.reference_events} of those"
        f" they are compared with"
    )
    if found.detectable is None:
        return f"{said} show no difference, however large."
    return f"{said} would show no ratio between {found.detectable:.2f} and {1 / found.detectable:.2f}."


def _signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−")
