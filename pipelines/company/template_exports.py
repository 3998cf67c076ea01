"""Writes what the synthetic company fills into templates, for no system of it exports that: actions, flags, openings, scopes."""

from pathlib import Path

import polars as pl

from pipelines.company.frames import unit_id
from pipelines.company.record import Company
from pipelines.company.talk_exports import record_ids
from pipelines.company.viewers import access_scopes, demo_viewers


def write_templates(company: Company, landing: Path) -> list[Path]:
    """Write the actions agreed in logged talks, whom the company wants to keep, protected attributes, and internal openings."""
    frames = {
        "conversations/parley/action": _actions(company),
        "outcomes/parley/valued_flag": company.valued_flags,
        "outcomes/parley/internal_opening": _openings(company),
        "hris/parley/equity_attribute": company.attributes,
        "hris/parley/access_scope": access_scopes(company),
        "hris/parley/worker_xref": demo_viewers(company),
    }
    paths = []
    for stem, frame in frames.items():
        path = landing / f"{stem}_{company.as_of:%Y%m%d}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.write_csv(path)
        paths.append(path)
    return paths


def _actions(company: Company) -> pl.DataFrame:
    """The actions of talks in the log, known by its record ids; faults of the `dirt` column show here only."""
    known = company.actions.join(record_ids(company), on=["spell", "day"], maintain_order="left")
    early = pl.col("dirt").eq_missing("done_before_agreed")
    lost = pl.col("dirt").eq_missing("unknown_conversation")
    return known.with_row_index("number", offset=1).select(
        action_id=pl.format("AC-{}", pl.col("number").cast(pl.String).str.zfill(7)),
        conversation_id=pl.when(lost).then(pl.format("TL-9{}", pl.col("number"))).otherwise("record_id"),
        source_system=pl.lit("talklog"),
        owner_id="employee_id",
        agreed_on="day",
        due_on="due",
        done_on=pl.when(early).then(pl.col("day") - pl.duration(days=30)).otherwise("done"),
        reviewed_on="reviewed",
        status="status",
        recorded_on="logged_day",
    )


def _openings(company: Company) -> pl.DataFrame:
    """Units above teams with many or few openings since they were set up; a team is as its department."""
    units = company.units.filter(pl.col("kind") != "Team").sort("unit", "began_on").unique("unit", keep="first")
    return units.sort("unit").select(
        org_unit_id=pl.col("unit").replace_strict({unit: unit_id(unit) for unit in units["unit"]}),
        openings=pl.when("has_openings").then(pl.lit("many")).otherwise(pl.lit("few")),
        valid_from="began_on",
        valid_to=pl.lit(None, pl.Date),
    )
