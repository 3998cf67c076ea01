"""Nights on files that are wrong: what stops, what still runs, what readers keep, and what the operator is told."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.publishing import attempts
from tests.runs import AS_OF, FinishedNight, carry_out, copied, events, release

NEXT_DAY = date(2026, 11, 1)
Row = dict[str, str]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(rows: list[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def materialised(happened: Iterable[dg.DagsterEvent]) -> set[str]:
    """The assets made in a run, as ``raw/workday__worker``."""
    kind = dg.DagsterEventType.ASSET_MATERIALIZATION
    return {event.asset_key.to_user_string() for event in happened if event.event_type == kind and event.asset_key}


def failed_checks(happened: Iterable[dg.DagsterEvent]) -> dict[str, str]:
    """Asset to description of the checks that failed and block."""
    found = [
        e.asset_check_evaluation_data for e in happened if e.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
    ]
    return {
        c.asset_key.to_user_string(): c.description or ""
        for c in found
        if not c.passed and c.severity == dg.AssetCheckSeverity.ERROR
    }


def dropped(workers: list[Row], landing: Path, share: float) -> list[Row]:
    """The workers without `share` of those employed: staff who lead nobody, the least talked to first.

    Leaders and talks without their employee would be a fault of another kind, with a check of its own.
    """
    leaders = {job["Manager_ID"] for job in read(landing / "hris/workday/job_history_20261031.csv")}
    lines = [path.read_text(encoding="cp1252") for path in landing.glob("conversations/talklog/*.csv")]
    talks = Counter(line.split(";")[1] for text in lines for line in text.splitlines() if line.count(";") > 1)
    employed = [w["Employee_ID"] for w in workers if not w["Termination_Date"]]
    staff = sorted((i for i in employed if i.strip() not in leaders), key=lambda i: (talks[i.strip()], i))
    gone = set(staff[: round(share * len(employed))])
    return [w for w in workers if w["Employee_ID"] not in gone]


def test_a_jump_in_the_head_count_waits_for_a_person_to_accept_it(finished: FinishedNight, tmp_path: Path) -> None:
    home = copied(finished.home, tmp_path / "jump")
    workday = home / "landing/hris/workday"
    workers = read(workday / "workers_20261031.csv")
    write(dropped(workers, home / "landing", 0.15), workday / f"workers_{NEXT_DAY:%Y%m%d}.csv")
    before = release(home)
    command = ["run", "--home", str(home), "--as-of", NEXT_DAY.isoformat()]
    held = CliRunner().invoke(app, command)
    assert held.exit_code == 1
    said = " ".join(held.output.split())
    assert "Stopped at core/employment." in said
    assert "run again with: parley run --accept headcount_jump" in said
    assert "The last release stays in place for readers." in said
    assert failed_checks(events(home)).keys() == {"core/employment"}
    assert release(home) == before
    accepted = CliRunner().invoke(app, [*command, "--accept", "headcount_jump"])
    assert accepted.exit_code == 0, accepted.output
    now, then = (pl.read_parquet(folder / "setting.parquet") for folder in (release(home), before))
    heads = [int(s.filter(pl.col("name") == "headcount")["value"].item()) for s in (now, then)]
    assert heads[0] / heads[1] == pytest.approx(0.85, abs=0.01)


def test_files_without_leavers_or_from_the_future_stop_a_first_night(finished: FinishedNight, tmp_path: Path) -> None:
    home = copied(finished.home, tmp_path / "first")
    (home / "published").rename(tmp_path / "set_aside")
    workday = home / "landing/hris/workday"
    workers = workday / "workers_20261031.csv"
    write([w for w in read(workers) if not w["Termination_Date"]], workers)
    (workday / "leaves_20261031.csv").rename(workday / "leaves_20270101.csv")
    outcome = carry_out(home)
    assert outcome.release_id is None
    found = failed_checks(events(home))
    assert found.keys() == {"raw/workday__worker", "raw/workday__leave"}
    assert found["raw/workday__worker"] == (
        "No worker in the file has left. A file of active staff only would make everybody look as if they had "
        'stayed: export "All Active and Terminated Workers".'
    )
    assert found["raw/workday__leave"] == (
        "hris/workday/leaves_20270101.csv: The name says 2027-01-01, which is after 2026-10-31, the day of this run. "
        "Correct the date in the name."
    )
    assert found[outcome.stopped_at] == outcome.reason
    assert not (home / "published/CURRENT").exists()


def test_a_broken_survey_export_stops_only_what_descends_from_it(finished: FinishedNight, tmp_path: Path) -> None:
    home = copied(finished.home, tmp_path / "survey")
    before = release(home)
    (survey,) = (home / "landing/surveys/qualtrics").glob("*_20260430.csv")
    with survey.open(encoding="utf-8", newline="") as file:
        records = list(csv.reader(file))
    place = records[0].index("ResponseId")
    with survey.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(record[:place] + record[place + 1 :] for record in records)
    outcome = carry_out(home)
    happened = events(home)
    assert failed_checks(happened).keys() == {"raw/qualtrics__response"}
    made = materialised(happened)
    assert {
        "raw/workday__worker",
        "staging/workday__worker",
        "core/worker",
        "core/episode",
        "metrics/out_01_voluntary_turnover",
    } <= made
    stopped = {"staging/qualtrics__survey_response", "core/response", "published/metric", "published/release"}
    assert not stopped & made
    assert release(home) == before
    last = attempts(home / "published")[-1]
    assert (last.status, last.release_id, last.as_of) == ("failed", None, AS_OF)
    assert last.stopped_at == outcome.stopped_at == "raw/qualtrics__response"
    assert survey.name in last.reason
    assert "Missing column 'ResponseId'" in last.reason
    assert "Add the column to the export" in last.reason
