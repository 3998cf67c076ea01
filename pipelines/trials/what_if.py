"""Table ``published.what_if``, and LNK-03, out of the warehouse: what was counted, found, judged and told, in this order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import duckdb
import polars as pl

from pipelines.trials import wording
from pipelines.trials.clone_weight import TALK
from pipelines.trials.e_value import e_value
from pipelines.trials.effects import Effect, Interval
from pipelines.trials.estimating import OUTCOME, Counted, by_cloning, findings
from pipelines.trials.protocol import Protocol
from pipelines.trials.results import ALL, Judged, judged
from pipelines.warehouse import frame

# The kind of interval, in the header of a metric's SQL file, by which `differences` is asked for.
INTERVAL = "target_trial"
_PEOPLE = """
select opportunity, count(distinct worker_key) as people from links.trial_stretch group by opportunity
union all
select 'all', count(distinct worker_key) from links.trial_stretch
"""
_COUNTS = ("cell", "start", "weight", "arm")
# The tables the maker reads.
READS = tuple(f"links.trial_{name}" for name in (*_COUNTS, "stretch"))
_NUMBERS = ("risk", "points", "ratio", "control")
_SCHEMA = {
    "as_of": pl.Date,
    **dict.fromkeys(["outcome", "estimator", "strategy", "stratum", "compared_with"], pl.String),
    **{f"{name}{end}": pl.Float64 for name in _NUMBERS[:3] for end in ("", "_lo", "_hi")},
    **dict.fromkeys(["people", "events"], pl.Int64),
    **dict.fromkeys(["effective_sample", "largest_weight", "control_points", "control_lo", "control_hi"], pl.Float64),
    **dict.fromkeys(["e_value", "smallest_detectable"], pl.Float64),
    **dict.fromkeys(["status", "reason", "sentence", "caveat", "protocol"], pl.String),
}


def what_if(con: duckdb.DuckDBPyConnection, protocol: Protocol, as_of: date, minimum_cell: int) -> pl.DataFrame:
    """Rows of ``published.what_if`` as of a day: its columns, one row per estimator, strategy and stratum in which people were observed.

    Reads links.trial_cell, trial_start, trial_weight, trial_arm and counts of people in trial_stretch. Without a
    figure (`status`) a row has none of the numbers that follow from one, and people and events only where they are
    many enough to be told.
    """
    cells, start, weighted, arms = (frame(con, f"select * from links.trial_{name} order by all") for name in _COUNTS)
    counted = Counted(cells, start, weighted, arms, dict(frame(con, _PEOPLE).iter_rows()))
    told = judged(findings(counted, protocol), protocol.refusal, minimum_cell)
    # Sums of weights end differently with the order of rows; nine figures are the same in every run.
    return pl.DataFrame([_row(each, protocol, as_of) for each in told], schema=_SCHEMA).with_columns(
        pl.col(pl.Float64).round_sig_figs(9)
    )


def differences(rows: pl.DataFrame, cells: pl.DataFrame, protocol: Protocol, minimum_cell: int) -> pl.DataFrame:
    """Rows of a metric as SQL counts them, with the difference between the arms of the trial in `value`, `lo` and `hi`, in points.

    `rows` has the columns of a metric's SELECT, those with a `numerator` get a figure, `cells` is links.trial_arm.
    Where the protocol refuses, or it is too early to tell, the row keeps no figure at all.
    """
    told = judged(by_cloning(cells, ALL, protocol), protocol.refusal, minimum_cell)
    points = _points(told)
    ends = [
        pl.when(pl.col("numerator").is_not_null())
        .then(pl.lit(getattr(points, of, None), pl.Float64).round_sig_figs(9))
        .alias(name)
        for name, of in (("value", "value"), ("lo", "lo"), ("hi", "hi"))
    ]
    # A numerator without a figure would be taken for a plain share.
    return rows.with_columns(ends).with_columns(numerator=pl.when(pl.col("value").is_not_null()).then("numerator"))


def _points(told: Iterable[Judged]) -> Interval | None:
    return next((each.effect.points for each in told if each.effect and each.finding.strategy == TALK), None)


def _row(each: Judged, protocol: Protocol, as_of: date) -> dict[str, object]:
    finding, is_hidden = each.finding, each.status == "hidden"
    compared = each.effect.ratio if each.effect else None
    return {
        "as_of": as_of,
        "outcome": OUTCOME,
        "estimator": finding.estimator,
        "strategy": finding.strategy,
        "stratum": finding.stratum,
        "compared_with": finding.compared_with,
        **_figures(each.effect, each.control),
        "people": None if is_hidden else finding.people,
        "events": None if is_hidden else finding.events,
        "effective_sample": None if is_hidden else finding.effective_sample,
        "largest_weight": None if is_hidden else finding.largest_weight,
        "e_value": e_value(compared.value) if compared else None,
        "smallest_detectable": None if is_hidden else each.smallest_detectable,
        "status": each.status,
        "reason": wording.reason(each, protocol.refusal),
        "sentence": wording.sentence(each),
        "caveat": wording.caveat(each),
        "protocol": protocol.reference,
    }


def _figures(found: Effect | None, control: Effect | None) -> dict[str, float | None]:
    intervals = (
        ("risk", "risk", found.risk if found else None),
        ("points", "points", found.points if found else None),
        ("ratio", "ratio", found.ratio if found else None),
        ("control_points", "control", control.points if control else None),
    )
    return {
        column: getattr(of, end, None)
        for name, stem, of in intervals
        for column, end in ((name, "value"), (f"{stem}_lo", "lo"), (f"{stem}_hi", "hi"))
    }
