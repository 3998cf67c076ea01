"""Writes what the synthetic company fills into templates, for no system of it exports that: actions, flags, attributes."""

from pathlib import Path

import polars as pl

from pipelines.company.record import Company
from pipelines.company.talk_exports import record_ids


def write_templates(company: Company, landing: Path) -> list[Path]:
    """Write the actions agreed in logged talks, whom the company wants to keep, and protected attributes."""
    frames = {
        "conversations/parley/action": _actions(company),
        "outcomes/parley/valued_flag": company.valued_flags,
        "hris/parley/equity_attribute": company.attributes,
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
