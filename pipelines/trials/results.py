"""What an emulated trial found, and whether it may be told: hidden, too early, refused, or ok. Not how it was found, nor in which words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from pipelines.trials.effects import Effect, effect
from pipelines.trials.power import smallest_detectable
from pipelines.trials.protocol import Refusal
from pipelines.trials.resampling import Floats

ALL = "all"
# Counts from 1 up to this are hidden.
_FEW_EVENTS = 4


@dataclass(frozen=True)
class Finding:
    """One strategy of one estimator in one stratum: risks of the outcome and of the negative control in samples of `clusters` managers.

    `others` and `control_others` are those of the strategy it is `compared_with` (None and '' where it is that one
    itself). `share_exposed` of what was observed was on one side. `effective_sample` and `largest_weight` are None
    where nobody is weighted.
    """

    estimator: str
    strategy: str
    stratum: str
    compared_with: str
    risks: Floats
    others: Floats | None
    control: Floats
    control_others: Floats | None
    clusters: int
    people: int
    events: int
    share_exposed: float
    effective_sample: float | None = None
    largest_weight: float | None = None


@dataclass(frozen=True)
class Judged:
    """A finding with what may be told of it: `status`, and figures only where that is ok."""

    finding: Finding
    status: str
    smallest_detectable: float | None
    effect: Effect | None = None
    control: Effect | None = None


def judged(findings: Iterable[Finding], limits: Refusal, minimum_cell: int) -> list[Judged]:
    """Every finding with its status, in order.

    Hidden where fewer than `minimum_cell` people are observed, or one to four events. Where that is so of a stratum,
    or of what all strata shown leave over of everybody, all strata are hidden: what is hidden would follow.
    """
    found = [_judged(each, limits, minimum_cell) for each in findings]
    if not _tells_by_difference(found, minimum_cell):
        return found
    return [
        each if each.finding.stratum == ALL else replace(each, status="hidden", effect=None, control=None)
        for each in found
    ]


def _tells_by_difference(found: Iterable[Judged], minimum_cell: int) -> bool:
    """Whether a stratum is hidden, or all less the strata tells of few: those of whose openings nobody knows."""
    rests: dict[tuple[str, str], tuple[int, int]] = {}
    divided = set()
    for each in found:
        finding, key = each.finding, (each.finding.estimator, each.finding.strategy)
        if finding.stratum != ALL and each.status == "hidden":
            return True
        sign = 1 if finding.stratum == ALL else -1
        people, events = rests.get(key, (0, 0))
        rests[key] = (people + sign * finding.people, events + sign * finding.events)
        divided |= {key} if finding.stratum != ALL else set()
    # Whoever moved between units with many and with few openings is in both, so a rest may be below 0.
    return any(1 <= rests[key][0] < minimum_cell or 1 <= rests[key][1] <= _FEW_EVENTS for key in divided)


def _judged(finding: Finding, limits: Refusal, minimum_cell: int) -> Judged:
    smallest = smallest_detectable(
        finding.events, finding.share_exposed, power=limits.power, significance=limits.significance
    )
    status = _status(finding, limits, minimum_cell, smallest)
    if status != "ok":
        return Judged(finding, status, smallest)
    found = effect(finding.risks, finding.others, finding.clusters)
    if found is None:
        return Judged(finding, "too_early", smallest)
    control = _control(finding)
    return Judged(finding, status, smallest, found, control)


def _control(finding: Finding) -> Effect | None:
    if finding.control_others is None:
        return None
    return effect(finding.control, finding.control_others, finding.clusters)


def _status(finding: Finding, limits: Refusal, minimum_cell: int, smallest: float | None) -> str:
    if finding.people < minimum_cell or 1 <= finding.events <= _FEW_EVENTS:
        return "hidden"
    if smallest is None or smallest < limits.detectable_ratio or not np.isfinite(finding.risks[0]):
        return "too_early"
    if finding.effective_sample is not None and finding.effective_sample < limits.effective_sample:
        return "refused"
    if finding.largest_weight is not None and finding.largest_weight > limits.largest_weight:
        return "refused"
    return "ok"
