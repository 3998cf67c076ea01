"""Words of the what-if figures: sentence, caveat and reason of a row. None says that a conversation brings anything about."""

from __future__ import annotations

from pipelines.trials.clone_weight import NO_TALK, TALK
from pipelines.trials.e_value import e_value
from pipelines.trials.effects import Effect, Interval
from pipelines.trials.protocol import Refusal
from pipelines.trials.results import Finding, Judged

_STRATEGIES = {
    "as_it_was": "With conversations as they were",
    "every_6_months": "With a conversation at least every six months",
    "every_3_months": "With a conversation at least every three months",
    TALK: "With a conversation within 60 days after half a year without",
    NO_TALK: "With none in 60 days after half a year without",
}
_COMPARED = {"as_it_was": "with conversations as they were", NO_TALK: "with none in those 60 days"}
_STRATA = {
    "all": "",
    "many_openings": ", in units with many internal openings",
    "few_openings": ", in units with few internal openings",
}
_UNSEEN = (
    "Nothing was tried out: what nobody recorded, a good manager above all, may be behind both talking and staying."
)
_METHOD = {
    "g_formula": "It holds if tenure, time since the last conversation, career stage, division and openings tell all that decides on both.",
    "marginal_structural": "People are weighted so that division and career stage no longer tell who talked; what else does still does.",
    "clone_censor_weight": "What happened after the 60 days happened as it did, conversations included.",
}


def sentence(judged: Judged) -> str:
    """What a row says, or that it says nothing yet."""
    finding, found = judged.finding, judged.effect
    if judged.status == "too_early":
        return f"Too early to tell: {_smallest(judged)}"
    if found is None:
        return "There is no figure."
    who = f"{_STRATEGIES[finding.strategy]}{_STRATA[finding.stratum]}"
    said = f"{who}, {_percent(found.risk)} are estimated to leave by choice within twelve months"
    if found.points is None:
        return f"{said}."
    return f"{said}: {_difference(found.points)} {_COMPARED[finding.compared_with]}."


def caveat(judged: Judged) -> str:
    """What a row does not say."""
    parts = [_UNSEEN, _METHOD[judged.finding.estimator]]
    if judged.effect is not None and judged.effect.ratio is not None:
        parts += [*_strength(judged.effect.ratio), *_control(judged.control)]
    return " ".join(parts)


def reason(judged: Judged, limits: Refusal) -> str:
    """Why a row has no figure; empty where it has one."""
    finding = judged.finding
    if judged.status == "hidden":
        return "So few people, or exits, are behind it that somebody could be recognised."
    if judged.status == "too_early":
        return f"Too few exits so far: {_smallest(judged)}"
    return _refused(finding, limits) if judged.status == "refused" else ""


def _refused(finding: Finding, limits: Refusal) -> str:
    if finding.effective_sample is not None and finding.effective_sample < limits.effective_sample:
        return (
            f"Weighted as they are, the people observed tell as much as {finding.effective_sample:.0f} would;"
            f" below {limits.effective_sample:.0f} no figure is told."
        )
    return (
        f"One person would stand for {finding.largest_weight:.0f}; above {limits.largest_weight:.0f} no figure is told:"
        " hardly anybody of that kind did what is asked about."
    )


def _smallest(judged: Judged) -> str:
    if judged.smallest_detectable is None:
        return "no exit by choice was observed, or everybody did the same."
    share = 100 * (1 - judged.smallest_detectable)
    return f"with so few exits only a difference of {share:.0f} % or more in how often people leave would show."


def _percent(of: Interval) -> str:
    return f"{100 * of.value:.1f} % ({100 * of.lo:.1f} to {100 * of.hi:.1f})"


def _difference(points: Interval) -> str:
    if points.lo <= 0 <= points.hi:
        return f"no clear difference ({points.value:+.1f} points, {points.lo:+.1f} to {points.hi:+.1f}) from the risk"
    word = "fewer" if points.value < 0 else "more"
    ends = sorted((abs(points.lo), abs(points.hi)))
    return f"{abs(points.value):.1f} points {word} ({ends[0]:.1f} to {ends[1]:.1f}) than"


def _strength(ratio: Interval) -> list[str]:
    nearer = ratio.hi if ratio.value < 1 else ratio.lo
    if e_value(ratio.value, nearer) == 1:
        return []
    told = f"{e_value(ratio.value):.1f} to explain the difference away, and by {e_value(ratio.value, nearer):.1f} to make it unclear"
    return [f"Something unrecorded would have to be tied to both by a ratio of {told}."]


def _control(control: Effect | None) -> list[str]:
    if control is None or control.points is None:
        return []
    if control.points.lo <= 0 <= control.points.hi:
        return ["Involuntary exits, which talking should not change, do not clearly differ; that is weak evidence."]
    return [
        f"Involuntary exits, which talking should not change, differ as well ({control.points.value:+.1f} points):"
        " something else is behind both."
    ]
