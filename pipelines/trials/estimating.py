"""From the counts of the links to findings: every estimator, strategy and stratum of the protocol, in samples of managers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.trials.clone_weight import NO_TALK, TALK, Arm, arms
from pipelines.trials.g_formula import g_formula
from pipelines.trials.monthly_rates import RECENCY, MonthlyRates, monthly_rates
from pipelines.trials.protocol import Protocol
from pipelines.trials.resampling import Floats, draws
from pipelines.trials.results import ALL, Finding

OUTCOME = "voluntary_exit"
EVENT, CONTROL = "exit_voluntary", "exit_involuntary"
# Value of `opportunity` in the counts by stratum.
STRATA: Mapping[str, str | None] = {ALL: None, "many_openings": "many", "few_openings": "few"}
_ANY_STAGE = pl.lit("any")


@dataclass(frozen=True)
class Counted:
    """The tables of the links: trial_cell, trial_start, trial_weight and trial_arm, and people observed by `opportunity` ('all' too)."""

    cells: pl.DataFrame
    start: pl.DataFrame
    weighted: pl.DataFrame
    arms: pl.DataFrame
    people: Mapping[str, int]


@dataclass(frozen=True)
class _Observed:
    """What is known of a stratum apart from risks."""

    people: int
    events: int
    share_exposed: float
    clusters: int


def findings(counted: Counted, protocol: Protocol) -> Iterator[Finding]:
    """All findings of the protocol, strata in which nobody was observed left out. The same for the same counts."""
    if not counted.cells.height:
        return
    yield from _by_g_formula(counted, protocol)
    yield from _by_weights(counted, protocol)
    for stratum in STRATA:
        yield from by_cloning(_within(counted.arms, stratum), stratum, protocol)


def by_cloning(cells: pl.DataFrame, stratum: str, protocol: Protocol) -> Iterator[Finding]:
    """The finding of each arm of the trial of `stratum`, whose rows of links.trial_arm are `cells`; none where nobody could be compared."""
    if not cells.height:
        return
    numbered, drawn = _numbered(cells, protocol)
    found = arms(numbered, (EVENT, CONTROL), protocol.outcome.horizon_months, drawn)
    if not found:
        return
    has_talked = pl.col("talked_in").is_not_null()
    share = float(numbered.filter(has_talked)["trials"].sum()) / float(numbered["trials"].sum())
    reliance = _least(found)
    for name, is_own in ((TALK, has_talked), (NO_TALK, ~has_talked)):
        own, other = found[name], found[NO_TALK] if name == TALK else None
        events = int(cells.filter(pl.col("ending") == EVENT)["leavers"].sum())
        people = int(cells.filter(is_own)["people"].sum())
        yield Finding(
            "clone_censor_weight", name, stratum, NO_TALK if other else "", own.risks[EVENT],
            other.risks[EVENT] if other else None, own.risks[CONTROL], other.risks[CONTROL] if other else None,
            len(drawn), people, events, share, *reliance,
        )  # fmt: skip


def _least(found: Mapping[str, Arm]) -> tuple[float, float]:
    """The smaller of the effective samples and the larger of the weights: a comparison is worth what its weaker side is."""
    return min(a.effective_sample for a in found.values()), max(a.largest_weight for a in found.values())


def _by_g_formula(counted: Counted, protocol: Protocol) -> Iterator[Finding]:
    group = pl.concat_str("division_key", "opportunity", separator="\x1f")
    cells, drawn = _numbered(
        counted.cells.with_columns(group=group, stage="career_stage", next_stage="next_career_stage"), protocol
    )
    start = counted.start.with_columns(group=group, stage="career_stage")
    rates = {event: monthly_rates(cells, event, drawn) for event in (EVENT, CONTROL)}
    for stratum in STRATA:
        yield from _strategies("g_formula", stratum, rates, start, _observed(counted, stratum), protocol)


def _by_weights(counted: Counted, protocol: Protocol) -> Iterator[Finding]:
    """Risks from the chances of a month in the weighted population, where neither division nor stage has to be told apart."""
    weighted = counted.weighted.rename({"months": "unweighted", "weight": "months"})
    stages = {"group": pl.col("opportunity"), "stage": _ANY_STAGE, "next_stage": _ANY_STAGE}
    cells, drawn = _numbered(weighted.with_columns(**stages), protocol)
    start = counted.start.with_columns(group="opportunity", stage=_ANY_STAGE)
    start = start.group_by("group", "opportunity", "stage", "tenure_month", "since_month").agg(pl.col("months").sum())
    rates = {event: monthly_rates(cells, event, drawn) for event in (EVENT, CONTROL)}
    for stratum in STRATA:
        own = _within(counted.weighted, stratum)
        observed = _observed(counted, stratum)
        weight, months, squared = (float(own[name].sum()) for name in ("weight", "months", "squared"))
        share = weight**2 / (months * squared) if own.height else 0.0
        reliance = (share * observed.people, max(own["largest"], default=0.0))
        yield from _strategies("marginal_structural", stratum, rates, start, observed, protocol, reliance)


def _strategies(
    estimator: str,
    stratum: str,
    rates: Mapping[str, MonthlyRates],
    start: pl.DataFrame,
    observed: _Observed,
    protocol: Protocol,
    reliance: tuple[float, float] | tuple[None, None] = (None, None),
) -> Iterator[Finding]:
    own = _within(start, stratum)
    if not own.height:
        return
    first: dict[str, Floats] = {}
    reference = protocol.arms.strategies[0].name
    for strategy in protocol.arms.strategies:
        risks = {
            event: g_formula(rates[event], own, strategy, protocol.outcome.horizon_months) for event in (EVENT, CONTROL)
        }
        yield Finding(
            estimator, strategy.name, stratum, reference if first else "", risks[EVENT], first.get(EVENT),
            risks[CONTROL], first.get(CONTROL), observed.clusters, observed.people, observed.events,
            observed.share_exposed, *reliance,
        )  # fmt: skip
        first = first or risks


def _observed(counted: Counted, stratum: str) -> _Observed:
    cells = _within(counted.cells, stratum)
    events = cells.filter(pl.col("ending") == EVENT)["months"].sum()
    recent = cells.filter(pl.col("recency").is_in(RECENCY[:2]))["months"].sum()
    share = float(recent) / float(cells["months"].sum()) if cells.height else 0.0
    return _Observed(counted.people.get(STRATA[stratum] or ALL, 0), int(events), share, cells["cluster_key"].n_unique())


def _within(counts: pl.DataFrame, stratum: str) -> pl.DataFrame:
    opportunity = STRATA[stratum]
    return counts if opportunity is None else counts.filter(pl.col("opportunity") == opportunity)


def _numbered(cells: pl.DataFrame, protocol: Protocol) -> tuple[pl.DataFrame, Floats]:
    """The counts with clusters by number, and the samples of them."""
    numbered = cells.with_columns(cluster=pl.col("cluster_key").rank("dense").cast(pl.Int64) - 1)
    clusters = int(np.max(numbered["cluster"].to_numpy())) + 1
    return numbered, draws(clusters, protocol.estimator.replicates, protocol.estimator.seed)
