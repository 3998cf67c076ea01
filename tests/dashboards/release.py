"""Writes a made-up published folder from the contracts: 25 units, 24 months, every status a cell can have."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import refusal_worlds, refusals
from pipelines.contracts import Contract, load_folder
from pipelines.paths import CONTRACTS
from tests.dashboards.release_health import health_tables
from tests.dashboards.release_links import landmark_figures, link_tables
from tests.dashboards.release_metrics import METRICS, STAGES, UNITS, metric_rows

AS_OF = date(2026, 11, 22)
RELEASE_ID = "2026-11-22-0214"
POLARS_TYPE = {
    "string": pl.String,
    "date": pl.Date,
    "integer": pl.Int64,
    "number": pl.Float64,
    "boolean": pl.Boolean,
}
Tables = dict[str, list[dict[str, Any]]]


def contracts() -> dict[str, Contract]:
    """The published contracts by table name."""
    return load_folder(CONTRACTS / "published")


def write_published(folder: Path, change: Callable[[Tables], None] | None = None) -> Path:
    """A whole published folder with one release, its pointer and two months of runs; `change` edits the rows first."""
    tables = release_tables(AS_OF)
    if change:
        change(tables)
    write_release(folder, RELEASE_ID, AS_OF, tables)
    (folder / "CURRENT").write_text(RELEASE_ID, encoding="utf-8")
    write_attempts(folder, [attempt(AS_OF - timedelta(days=d), seconds=180 + d % 7 * 9) for d in range(40, -1, -1)])
    return folder


def write_release(folder: Path, release_id: str, as_of: date, tables: Tables) -> Path:
    """Write one release with its manifest and return its folder; a table without rows in `tables` is empty."""
    release = folder / "releases" / release_id
    release.mkdir(parents=True)
    files = {}
    for name, contract in contracts().items():
        schema = {c.name: POLARS_TYPE[c.kind] for c in contract.columns}
        frame = pl.DataFrame(tables.get(name, []), schema=schema, orient="row")
        path = release / f"{name}.parquet"
        frame.write_parquet(path)
        files[path.name] = {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "rows": frame.height}
    manifest = {
        "release_id": release_id,
        "as_of": as_of.isoformat(),
        "knowledge_at": f"{as_of.isoformat()}T02:14:00",
        "code_version": "0.1.0",
        "content_hash": "5f2c",
        "files": files,
    }
    (release / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return release


def attempt(
    at: date, status: str = "succeeded", stopped_at: str = "", reason: str = "", seconds: int = 200
) -> dict[str, Any]:
    """One line of the run log."""
    release_id = f"{at.isoformat()}-0214" if status == "succeeded" else None
    row = {"at": f"{at.isoformat()}T02:14:00", "as_of": at.isoformat(), "status": status, "release_id": release_id}
    return row | {"stopped_at": stopped_at or None, "reason": reason or None, "seconds": seconds}


def write_attempts(folder: Path, rows: list[dict[str, Any]]) -> None:
    """Replace the run log."""
    (folder / "attempts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def release_tables(as_of: date) -> Tables:
    """Rows of all published tables, the same on every call."""
    return {
        "metric": [*metric_rows(as_of), *landmark_figures(as_of)],
        "cut_group": list(_cut_groups()),
        "metric_definition": [_definition(i) for i in METRICS],
        "refusal": refusals.table().to_dicts(),
        "refusal_picture": refusal_worlds.pictures().to_dicts(),
        **health_tables(as_of),
        **link_tables(as_of),
        "setting": [
            {"name": name, "value": value, "description": text}
            for name, value, text in (
                ("minimum_cell", "10", "Groups with fewer people are hidden."),
                ("coverage_target", "0.75", "Share who should have talked in the window."),
                ("never_target", "0.05", "Share without a record that is tolerated."),
                ("critical_days", "365", "Critical after this many days"),
                ("target_days", "183", "A conversation is overdue after this many days"),
                ("target_days growing", "183", "Target of the career stage"),
                ("target_days new_in_job", "92", "Target of the career stage"),
                ("stage_support growing", "feedback, advice_challenge", "Kinds of support that fit the career stage"),
            )
        ],
    }


def _cut_groups() -> Iterator[dict[str, Any]]:
    yield {"cut": "company", "group_key": "company", "label": "Whole company", "level": 0, "position": 0}
    for position, (unit, (label, parent, _)) in enumerate(UNITS.items()):
        level = 0 if not parent else 1 if parent == "ROOT" else 2
        row = {"cut": "org_unit", "group_key": unit, "label": label, "parent_key": parent or None}
        yield row | {"level": level, "position": position}
    for position, (stage, label) in enumerate(STAGES.items()):
        yield {"cut": "career_stage", "group_key": stage, "label": label, "level": None, "position": position}
    for position, rule in enumerate(("before_hire", "manager_cycle", "after_term")):
        yield {"cut": "rule", "group_key": rule, "label": rule.replace("_", " ").capitalize(), "position": position}


def _definition(metric_id: str) -> dict[str, Any]:
    label, unit, _, _, better, target = METRICS[metric_id]
    family = {
        "RCY": "Recency",
        "COV": "Coverage",
        "CAD": "Cadence",
        "OUT": "Outcomes",
        "LNK": "Links",
        "DQ": "Data quality",
    }
    return {
        "metric_id": metric_id,
        "metric_version": "1.0.0",
        "family": family.get(metric_id[:3].rstrip("-"), "Characteristics"),
        "name": label,
        "label": label,
        "question": f"{label}: how does it stand?",
        "definition": f"{label}, counted over people employed on the date.",
        "numerator": "people with at least one conversation",
        "denominator": "people employed for the whole window",
        "formula": "People with at least one conversation, divided by: people employed for the whole window.",
        "interval": "Wilson score interval, 95 %, on the denominator",
        "assumptions": {"RCY-03": "target_days", "COV-02": "coverage_target"}.get(metric_id, ""),
        "window": "183 days to the date",
        "exclusions": "Unknown leaves both sides; people on leave stay in.",
        "unit": unit,
        "better": better,
        "target": target,
        "source": "metric catalogue",
        "sql": f"select '{metric_id}' as metric_id from core.episode",
        "tables": "core.conversation, core.episode, raw.talklog__conversation, raw.workday__absence",
        "sources": "talklog__conversation, workday__absence",
    }
