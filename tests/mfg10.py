"""The ten-year staff file in two shapes: as it came, a file a year, and turned into the project's own templates."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from tests.real_inputs import DATA

FILE = DATA / "hris" / "mfg10" / "MFG10YearTerminationData.csv"
LAST_DAY = date(2015, 12, 31)
FIRST_DAY_OF_ALL = date(1980, 1, 1)
_STAMP = f"{LAST_DAY:%Y%m%d}.csv"


def people() -> pl.DataFrame:
    """One row per person: employee_id, hired_on, last_day_on (null while employed), kind of exit, department, job_title."""
    rows = pl.read_csv(FILE, infer_schema=False)
    gone = pl.col("STATUS") == "TERMINATED"
    return (
        rows.group_by("EmployeeID")
        .agg(
            hired_on=pl.col("orighiredate_key").first().str.to_date(),
            last_day_on=pl.col("terminationdate_key").filter(gone).first().str.to_date(),
            reason=pl.col("termreason_desc").filter(gone).first(),
            kind=pl.col("termtype_desc").filter(gone).first(),
            department=pl.col("department_name").first(),
            job_title=pl.col("job_title").first(),
        )
        .rename({"EmployeeID": "employee_id"})
        .sort("employee_id")
    )


def write_years(landing: Path) -> None:
    """The file cut by STATUS_YEAR, one file a year, dated at its end."""
    folder = landing / "hris" / "mfg10"
    folder.mkdir(parents=True)
    for (year,), rows in pl.read_csv(FILE, infer_schema=False).group_by("STATUS_YEAR"):
        rows.write_csv(folder / f"staff_{year}1231.csv")


def write_templates(landing: Path) -> None:
    """The same people in the templates worker, job_history, org_unit and outcome_event."""
    staff = people()
    after = pl.col("last_day_on") + pl.duration(days=1)
    _write(_workers(staff), landing / "hris/parley/worker_")
    _write(
        staff.select(
            "employee_id",
            valid_from="hired_on",
            valid_to=after,
            job_title="job_title",
            org_unit_id="department",
            manager_id=pl.lit(None, dtype=pl.String),
            change_type=pl.lit("hire"),
        ),
        landing / "hris/parley/job_history_",
    )
    _write(_units(staff), landing / "hris/parley/org_unit_")
    _write(
        staff.drop_nulls("last_day_on").select(
            "employee_id",
            type=_exit_type(),
            effective_on=after,
            last_day_on="last_day_on",
            reason_raw="reason",
        ),
        landing / "outcomes/parley/outcome_event_",
    )


def _exit_type() -> pl.Expr:
    # Retirement is filed under "Voluntary" there; by this project's definition it is neither by choice nor by force.
    by_kind = pl.col("kind").replace_strict({"Voluntary": "exit_voluntary", "Involuntary": "exit_involuntary"})
    return pl.when(pl.col("reason") == "Retirement").then(pl.lit("exit_other")).otherwise(by_kind)


def _workers(staff: pl.DataFrame) -> pl.DataFrame:
    status = pl.when(pl.col("last_day_on").is_null()).then(pl.lit("active")).otherwise(pl.lit("terminated"))
    return staff.select(
        "employee_id",
        original_hire_date="hired_on",
        latest_hire_date="hired_on",
        employment_status=status,
        employment_type=pl.lit("unknown"),
        fte=pl.lit(None, dtype=pl.String),
        country=pl.lit("CA"),
    )


def _units(staff: pl.DataFrame) -> pl.DataFrame:
    departments = staff.select(org_unit_id=pl.col("department").unique().sort())
    root = pl.DataFrame({"org_unit_id": ["ALL"]})
    return pl.concat([root, departments]).select(
        "org_unit_id",
        valid_from=pl.lit(FIRST_DAY_OF_ALL),
        valid_to=pl.lit(None, dtype=pl.Date),
        name="org_unit_id",
        type=pl.when(pl.col("org_unit_id") == "ALL").then(pl.lit("company")).otherwise(pl.lit("department")),
        parent_id=pl.when(pl.col("org_unit_id") != "ALL").then(pl.lit("ALL")),
    )


def _write(frame: pl.DataFrame, stem: Path) -> None:
    stem.parent.mkdir(parents=True, exist_ok=True)
    frame.write_csv(stem.with_name(stem.name + _STAMP))
