"""The small tables every SELECT may lean on: the run's dates, the reporting calendar, stages, classes and cuts. All of them assumptions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import polars as pl

from pipelines.career_stages import CAREER_STAGES as CAREER_STAGES
from pipelines.career_stages import FAR
from pipelines.contracts import Contract
from pipelines.settings import Settings
from pipelines.trials import protocol

DAYS_PER_MONTH = 30.4375
# Days in the company at which some definition changes its mind, and the band a person is in from there on.
TENURE_CLASSES = [
    (0, "under_6_months"), (90, "under_6_months"), (180, "under_6_months"), (182, "under_6_months"), (183, "6_to_12_months"),
    (364, "6_to_12_months"), (365, "1_to_2_years"), (730, "2_to_5_years"), (1826, "5_to_10_years"), (3652, "10_years_plus"),
]  # fmt: skip
TENURE_LABELS = {
    "under_6_months": "Under 6 months",
    "6_to_12_months": "6 to 12 months",
    "1_to_2_years": "1 to 2 years",
    "2_to_5_years": "2 to 5 years",
    "5_to_10_years": "5 to 10 years",
    "10_years_plus": "10 years and more",
}
RECENCY_BANDS = [(0, "0-3"), (92, "3-6"), (183, "6-9"), (274, "9-12"), (366, "12-18"), (548, "18+")]
# A date plus a 32-bit number is a date in every engine the SQL is meant for; a 64-bit number is not.
_DAYS = {"from_days": pl.Int32, "to_days": pl.Int32}
# The smallest group there is: everybody whom nothing tells apart. Never published; disclosure control reasons with it.
PLACE = "place"
# A cut groups people by one dimension of their place, or by two; only these are published.
CUTS = [
    ("company", "company", ""),
    ("org_unit", "org_unit", ""),
    ("manager", "manager", ""),
    ("career_stage", "career_stage", ""),
    ("tenure_band", "tenure_band", ""),
    ("grade", "grade", ""),
    ("job_family", "job_family", ""),
    ("location", "location", ""),
    ("org_unit_career_stage", "org_unit", "career_stage"),
    ("org_unit_tenure_band", "org_unit", "tenure_band"),
    ("org_unit_job_family", "org_unit", "job_family"),
    ("org_unit_location", "org_unit", "location"),
]


@dataclass(frozen=True)
class SourceStatus:
    """How far the conversation exports of a vendor reach: `covered_until` is the first day they say nothing about."""

    vendor: str
    is_event_grain: bool
    last_as_of: date
    freshness_days: int

    @property
    def covered_until(self) -> date:
        """The newest export's date plus the time until the next one is due."""
        return self.last_as_of + timedelta(days=self.freshness_days + 1)


def reporting_dates(as_of: date, months: int) -> list[date]:
    """The last `months` month ends before `as_of`, and `as_of` itself, oldest first."""
    ends = []
    day = as_of.replace(day=1) - timedelta(days=1)
    for _ in range(months):
        ends.append(day)
        day = day.replace(day=1) - timedelta(days=1)
    return [*reversed(ends), as_of]


@dataclass(frozen=True)
class PreviousRelease:
    """What the last release said, for what compares with it; `figures` has the columns of FIGURE, of months ended by then."""

    as_of: date
    headcount: int
    figures: pl.DataFrame


FIGURE = pl.Schema(
    {
        "metric_id": pl.String,
        "metric_version": pl.String,
        "as_of": pl.Date,
        "cut": pl.String,
        "group_key": pl.String,
        "second_key": pl.String,
        "band": pl.String,
        "unit": pl.String,
        "value": pl.Float64,
        "n": pl.Int64,
    }
)
CALENDAR_TABLES = (
    "run",
    "reporting_date",
    "flow_point",
    "calendar",
    "tenure_class",
    "career_stage",
    "stage_support",
    "recency_class",
    "cut",
    "trial_protocol",
)
RUN_TABLES = ("previous_release", "previous_figure", "accepted_check", "open_date", "present_figure", "smallest_group")


def write(con: duckdb.DuckDBPyConnection, settings: Settings, as_of: date, sources: Iterable[SourceStatus]) -> None:
    """Create every reference table in schema ``raw`` for one run, with nothing known of earlier ones."""
    write_calendar(con, settings, as_of)
    write_sources(con, sources)
    write_run(con, None, [], reporting_dates(as_of, settings.history_months), settings.minimum_cell)


def write_calendar(con: duckdb.DuckDBPyConnection, settings: Settings, as_of: date) -> None:
    """Create the tables of dates, classes and cuts; dates are days, thresholds are in days."""
    days = reporting_dates(as_of, settings.history_months)
    # Every window that is reported begins at one of these: a year before each day, and the month end before the first.
    points = sorted({_month_before(days[0]), *days, *(d - timedelta(days=365) for d in days)})
    _create(con, {**_time(days, points), **_classes(settings)})
    protocol.write(con, protocol.talking_and_leaving())


def write_sources(con: duckdb.DuckDBPyConnection, sources: Iterable[SourceStatus]) -> None:
    """Create ``raw.source_status``: how far the conversation exports of each vendor reach."""
    _create(con, {"source_status": _sources(sources)})


def write_run(
    con: duckdb.DuckDBPyConnection,
    previous: PreviousRelease | None,
    accepted: Iterable[str],
    open_days: Iterable[date],
    smallest: int,
) -> None:
    """Create what a run is told of others and by people.

    ``raw.previous_release`` (one row or none), ``raw.previous_figure`` (its figures of months that had ended, for the
    whole company), ``raw.accepted_check`` (checks a person has accepted for this run) and ``raw.open_date`` (reporting
    days of which figures are still to be published for the first time), ``raw.smallest_group`` (people in the smallest
    group shown) and ``raw.present_figure``, empty until the metrics are published.
    """
    rows = [(previous.as_of, previous.headcount)] if previous else []
    before = pl.DataFrame(rows, schema={"as_of": pl.Date, "headcount": pl.Int64}, orient="row")
    _create(
        con,
        {
            "previous_release": before,
            "previous_figure": previous.figures if previous else pl.DataFrame(schema=FIGURE),
            "accepted_check": pl.DataFrame({"check_name": list(accepted)}, schema={"check_name": pl.String}),
            # Filled when the metrics are published: what the figures of closed periods would be today.
            "present_figure": pl.DataFrame(schema=FIGURE),
            "smallest_group": pl.DataFrame({"smallest": [smallest]}, schema={"smallest": pl.Int64}),
            "open_date": pl.DataFrame({"as_of": list(open_days)}, schema={"as_of": pl.Date}),
        },
    )


def _create(con: duckdb.DuckDBPyConnection, frames: Mapping[str, pl.DataFrame]) -> None:
    con.execute("CREATE SCHEMA IF NOT EXISTS raw")
    for name, frame in frames.items():
        con.register("incoming", frame)
        con.execute(f"CREATE OR REPLACE TABLE raw.{name} AS SELECT * FROM incoming")
        con.unregister("incoming")


def source_statuses(contracts: Mapping[str, Contract], newest: Mapping[str, date]) -> list[SourceStatus]:
    """The status of every contract that says it captures conversations ('events' or 'dates'), given its newest file's date."""
    return [
        SourceStatus(c.vendor, c.settings["captures"] == "events", newest[c.id], c.freshness_days or 0)
        for c in contracts.values()
        if "captures" in c.settings and c.id in newest
    ]


def targets(settings: Settings) -> dict[str, int]:
    """Days after which a conversation is overdue, by career stage."""
    return {stage: settings.stage_target_days.get(stage, settings.target_days) for stage, *_ in CAREER_STAGES}


def _month_before(day: date) -> date:
    return day.replace(day=1) - timedelta(days=1)


def _time(days: list[date], points: list[date]) -> dict[str, pl.DataFrame]:
    as_of, start = days[-1], points[0]
    before = [_month_before(days[0]), *days[:-1]]
    span = [start + timedelta(days=i) for i in range((as_of - start).days + 1)]
    return {
        "run": pl.DataFrame({"as_of": [as_of], "horizon": [as_of + timedelta(days=1)], "calendar_from": [start]}),
        "reporting_date": pl.DataFrame(
            {
                "reporting_no": range(len(days)),
                "as_of": days,
                "previous_as_of": before,
                "is_month_end": [(d + timedelta(days=1)).day == 1 for d in days],
                "year_before": [d - timedelta(days=365) for d in days],
                "two_years_before": [d - timedelta(days=730) for d in days],
            }
        ),
        "flow_point": pl.DataFrame({"point_no": range(len(points)), "point_on": points}),
        # The first reporting day, and the first point, on or after each day: spans fall between them by an equality join.
        "calendar": pl.DataFrame(
            {
                "on_day": span,
                "reporting_no": [bisect_left(days, d) for d in span],
                "point_no": [bisect_left(points, d) for d in span],
            }
        ),
    }


def _classes(settings: Settings) -> dict[str, pl.DataFrame]:
    due = targets(settings)
    edges = sorted({start for start, _ in RECENCY_BANDS} | {184, 365} | {days + 1 for days in due.values()})
    starts = [start for start, _ in TENURE_CLASSES]
    return {
        "tenure_class": pl.DataFrame(
            {"from_days": starts, "to_days": [*starts[1:], FAR], "band": [band for _, band in TENURE_CLASSES]},
            schema_overrides=_DAYS,
        ),
        "career_stage": pl.DataFrame(
            [(stage, low, high, due[stage]) for stage, _, low, high in CAREER_STAGES],
            schema={"stage": pl.String, "from_days": pl.Int32, "to_days": pl.Int32, "target_days": pl.Int32},
            orient="row",
        ),
        "stage_support": pl.DataFrame(
            [(stage, kind) for stage, kinds in settings.stage_support.items() for kind in kinds],
            schema={"stage": pl.String, "support_type": pl.String},
            orient="row",
        ),
        "recency_class": pl.DataFrame(
            {"from_days": edges, "to_days": [*edges[1:], FAR], "band": [_band(edge) for edge in edges]},
            schema_overrides=_DAYS,
        ),
        "cut": pl.DataFrame(
            [*CUTS, (PLACE, PLACE, "")], schema=["cut", "first_dimension", "second_dimension"], orient="row"
        ),
    }


def _band(days: int) -> str:
    return [name for start, name in RECENCY_BANDS if start <= days][-1]


def _sources(sources: Iterable[SourceStatus]) -> pl.DataFrame:
    rows = [(s.vendor, s.is_event_grain, s.last_as_of, s.freshness_days, s.covered_until) for s in sources]
    names = ["vendor", "is_event_grain", "last_as_of", "freshness_days", "covered_until"]
    return pl.DataFrame(
        rows, schema=dict(zip(names, [pl.String, pl.Boolean, pl.Date, pl.Int32, pl.Date], strict=True)), orient="row"
    )
