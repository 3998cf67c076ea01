"""Table ``published.link``: every outcome against every exposure in four steps, from cells to rows that may leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipelines.links.cells import Cells, counted
from pipelines.links.exposures import Exposure, Outcome
from pipelines.links.models import STEPS, Step, audited, changing_with_time, steps
from pipelines.links.points import Baseline, baseline, points
from pipelines.links.sentences import Finding, caveat, sentence
from pipelines.links.small_counts import hidden, share_after
from pipelines.trials.e_value import e_value
from pipelines.trials.power import smallest_detectable

# Where even this ratio would be missed oftener than once in five times there is no figure.
DETECTABLE = 0.5
ESTIMATORS = dict.fromkeys(STEPS, "cloglog") | {"within_manager": "conditional_on_manager"}

_FIGURES = (
    "ratio", "lo", "hi", "points", "points_lo", "points_hi", "smallest_detectable", "e_value", "control_ratio", "control_lo",
    "control_hi", "proportional_p",
)  # fmt: skip
_COUNTS = ("person_months", "people", "events", "clusters")

Row = dict[str, object]
Ratio = tuple[float, float, float]


@dataclass(frozen=True)
class _Counts:
    """Counts of one level and of the reference; `is_hidden` where either is too small to be told of."""

    people: int
    person_months: int
    events: int
    clusters: int
    reference_events: int
    detectable: float | None
    is_hidden: bool


@dataclass(frozen=True)
class _Evidence:
    """What speaks for or against all levels of one step."""

    step: Step
    control: Step | None
    at: Baseline | None
    proportional_p: float | None
    audit: float | None
    late: float | None


def rows(cells: Cells, outcome: Outcome, exposure: Exposure, smallest: int) -> Iterator[Row]:
    """Rows of ``published.link`` but for the day: one per step and level. Groups below `smallest` people are hidden."""
    made = steps(cells, outcome.event, outcome, exposure)
    controls = steps(cells, outcome.control, outcome, exposure) if outcome.control else {}
    counts = [
        _counts(each, people, outcome, exposure, smallest)
        for each, people in zip((cells.now, cells.earlier), cells.people, strict=True)
    ]
    adjusted = made["adjusted"].fit
    p = changing_with_time(cells, outcome, exposure) if adjusted else None
    late = share_after(cells.late, smallest)
    audit = audited(cells, outcome, exposure, adjusted) if adjusted else None
    for name, step in made.items():
        is_adjusted = name == "adjusted"
        evidence = _Evidence(
            step,
            controls.get(name),
            baseline(step, exposure.reference),
            p if is_adjusted else None,
            audit if is_adjusted else None,
            late,
        )
        for level in exposure.levels:
            yield _row(outcome, exposure, level, counts[name == "lagged"][level], evidence)


def _counts(
    cells: pl.DataFrame, people: pl.DataFrame, outcome: Outcome, exposure: Exposure, smallest: int
) -> Mapping[str, _Counts]:
    found = counted(cells, people, outcome, exposure)
    small = hidden(found, smallest)
    of = {row["level"]: row for row in found.iter_rows(named=True)}
    reference = of[exposure.reference]
    return {
        level: _Counts(
            row["people"],
            row["person_months"],
            row["events"],
            row["clusters"],
            reference["events"],
            _detectable(row, reference) if level != exposure.reference else None,
            bool(small & {level, exposure.reference}),
        )
        for level, row in of.items()
    }


def _detectable(row: Mapping[str, int], reference: Mapping[str, int]) -> float | None:
    months = row["person_months"] + reference["person_months"]
    return smallest_detectable(row["events"] + reference["events"], row["person_months"] / months) if months else None


def _row(outcome: Outcome, exposure: Exposure, level: str, counts: _Counts, evidence: _Evidence) -> Row:
    is_reference = level == exposure.reference
    ratio = None if is_reference else _finite(evidence.step, level)
    status = _status(counts, evidence.step, ratio, is_reference=is_reference)
    is_told = status == "ok" and not is_reference
    finding = Finding(
        outcome, exposure, level, evidence.step.name, counts.events, counts.reference_events,
        ratio=ratio if is_told else None,
        points=points(evidence.step, level, evidence.at) if is_told and evidence.at else None,
        control=_finite(evidence.control, level) if is_told and evidence.control else None,
        detectable=counts.detectable,
        proportional_p=evidence.proportional_p if is_told else None,
        audit=evidence.audit if is_told else None,
        late=evidence.late,
        fault=evidence.step.fault,
    )  # fmt: skip
    return {
        "outcome": outcome.name,
        "exposure": exposure.name,
        "level": level,
        "is_reference": is_reference,
        "step": evidence.step.name,
        "estimator": ESTIMATORS[evidence.step.name],
        **_figures(finding),
        **_told(counts, status),
        "status": status,
        "sentence": sentence(finding, status),
        "caveat": caveat(finding, status),
        "protocol": outcome.protocol,
    }


def _status(counts: _Counts, step: Step, ratio: Ratio | None, *, is_reference: bool) -> str:
    if counts.is_hidden:
        return "hidden"
    if not counts.person_months:
        return "empty"
    if not is_reference and (not counts.events or counts.detectable is None or counts.detectable < DETECTABLE):
        return "too_early"
    if not counts.reference_events:
        return "too_early"
    return "ok" if (step.fit if is_reference else ratio) is not None else "refused"


def _finite(step: Step, level: str) -> Ratio | None:
    return step.fit.ratio(f"level={level}") if step.fit is not None and step.column(level) is not None else None


def _figures(finding: Finding) -> Row:
    ratio = finding.ratio or (None, None, None)
    control = finding.control or (None, None, None)
    at = finding.points
    nearer = None if finding.ratio is None else finding.ratio[1] if finding.ratio[0] > 1 else finding.ratio[2]
    return {
        **dict(zip(("ratio", "lo", "hi"), ratio, strict=True)),
        "points": at.value if at else None,
        "points_lo": at.lo if at else None,
        "points_hi": at.hi if at else None,
        "e_value": None if finding.ratio is None else e_value(finding.ratio[0], nearer),
        **dict(zip(("control_ratio", "control_lo", "control_hi"), control, strict=True)),
        "proportional_p": finding.proportional_p,
    }


def _told(counts: _Counts, status: str) -> Row:
    # Of a level in which nobody is there is nothing to count.
    if status in ("hidden", "empty"):
        return dict.fromkeys(("person_months", "people", "events", "clusters", "smallest_detectable"))
    return {
        "person_months": counts.person_months,
        "people": counts.people,
        "events": counts.events,
        "clusters": counts.clusters,
        "smallest_detectable": counts.detectable,
    }


def table(made: Iterator[Row], as_of: date) -> pl.DataFrame:
    """All rows as one frame, with the day they speak of."""
    kinds = dict.fromkeys(_FIGURES, pl.Float64) | dict.fromkeys(_COUNTS, pl.Int64)
    return pl.DataFrame(list(made), schema_overrides=kinds, infer_schema_length=None).with_columns(as_of=pl.lit(as_of))
