"""An organisation without any supported vendor: what it fills into the templates is enough for a release."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tests.runs import AS_OF, carry_out, release

PEOPLE = 24


def deliver(home: Path, folder: str, entity: str, headings: str, lines: list[str]) -> None:
    path = home / "landing" / folder / "parley" / f"{entity}_{AS_OF:%Y%m%d}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([headings, *lines]) + "\n", encoding="utf-8")


def fill_in(home: Path) -> None:
    ids = [f"{number:03d}" for number in range(1, PEOPLE + 1)]
    boss = ids[0]
    workers = [f"{i},2015-03-01,2015-03-01,active,full_time,1,NL" for i in ids]
    deliver(
        home,
        "hris",
        "worker",
        "employee_id,original_hire_date,latest_hire_date,employment_status,employment_type,fte,country",
        workers,
    )
    jobs = [f"{i},2015-03-01,,Analyst,ALL,{'' if i == boss else boss},hire" for i in ids]
    deliver(
        home,
        "hris",
        "job_history",
        "employee_id,valid_from,valid_to,job_title,org_unit_id,manager_id,change_type",
        jobs,
    )
    deliver(
        home,
        "hris",
        "org_unit",
        "org_unit_id,valid_from,valid_to,name,type,parent_id",
        ["ALL,2010-01-01,,Everybody,company,"],
    )
    coverage = ["parley,ALL,2015-01-01,"]
    deliver(home, "conversations", "capture_coverage", "source_system,org_unit_id,valid_from,valid_to", coverage)
    talks = [f"T{i},{i},2026-08-03,peer,employee,informal,explicit,held_reported" for i in ids[:12]]
    headings = "conversation_id,employee_id,occurred_on,partner_role,initiated_by,setting,career_content,status"
    deliver(home, "conversations", "conversation", headings, talks)
    deliver(
        home, "outcomes", "outcome_event", "employee_id,type,effective_on", [f"{ids[-1]},exit_voluntary,2026-07-01"]
    )


def test_templates_alone_are_enough(tmp_path: Path) -> None:
    fill_in(tmp_path)
    outcome = carry_out(tmp_path, AS_OF, [])
    assert outcome.release_id, outcome
    rows = pl.read_parquet(release(tmp_path) / "metric.parquet").filter(
        (pl.col("metric_id") == "COV-02") & (pl.col("cut") == "company") & (pl.col("as_of") == AS_OF)
    )
    assert rows.select("value", "n", "known_share", "status").row(0) == (12 / 23, 23, 1.0, "shown")
