"""Writes the synthetic company as vendor exports; talks, workbook, surveys and templates have their own modules."""

from pathlib import Path

import polars as pl

from pipelines.company.assumptions import DIVISIONS, stream
from pipelines.company.frames import unit_id
from pipelines.company.organisation import PLACES
from pipelines.company.record import Company
from pipelines.company.survey_exports import write_surveys
from pipelines.company.talk_exports import write_talks
from pipelines.company.template_exports import write_templates
from pipelines.company.vocabulary import HEAD_TITLES, HOSTILE_NAMES, SENIORITY, TITLES
from pipelines.company.workbook import write_workbook

FAMILIES = [division.family for division in DIVISIONS]
END_OF_TIME = "9999-12-31"
TOP_FAMILY = "General Management"


def write_exports(company: Company, landing: Path, *, manager_cycle: bool = False) -> list[Path]:
    """Write every export below `landing` and return the paths in a fixed order; existing files are replaced.

    With `manager_cycle` one department head is made to report to one of their own team managers.
    """
    return [
        _write_csv(_workers(company), landing, "hris/workday/workers", company),
        _write_csv(
            _job_history(company, manager_cycle),
            landing,
            "hris/workday/job_history",
            company,
        ),
        _write_csv(_organizations(company), landing, "hris/workday/organizations", company),
        _write_csv(_leaves(company), landing, "hris/workday/leaves", company),
        *write_talks(company, landing),
        write_workbook(company, landing),
        *write_surveys(company, landing),
        *write_templates(company, landing),
    ]


def _write_csv(frame: pl.DataFrame, landing: Path, stem: str, company: Company) -> Path:
    path = landing / f"{stem}_{company.as_of:%Y%m%d}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_csv(path)
    return path


def _workers(company: Company) -> pl.DataFrame:
    rows = company.workers
    hostile = (pl.col("dirt") == "hostile_name").fill_null(False)
    which = (hostile.cum_sum() - 1) % len(HOSTILE_NAMES)
    odd_name = which.cast(pl.Int64).replace_strict(dict(enumerate(HOSTILE_NAMES)), default=None, return_dtype=pl.String)
    spaced = pl.when(pl.col("dirt") == "trailing_space").then(pl.lit(" ")).otherwise(pl.lit(""))
    return rows.select(
        Employee_ID=pl.col("employee_id") + spaced,
        Preferred_Name=pl.when(hostile).then(odd_name).otherwise("name"),
        Work_Email="email",
        Worker_Status="status",
        Worker_Type="worker_type",
        Employee_Type="kind",
        Time_Type="time_type",
        FTE="fte",
        Country="country",
        Original_Hire_Date="original_hire_on",
        Hire_Date="hired_on",
        Continuous_Service_Date="continuous_service_on",
        Resignation_Date="resignation_on",
        Termination_Date="last_day_on",
        Primary_Termination_Category="category",
        Primary_Termination_Reason="reason",
        Regrettable_Termination="regretted",
        Expected_Retirement_Date="retires_on",
    )


def _job_history(company: Company, manager_cycle: bool) -> pl.DataFrame:
    terminated = pl.col("reason") == "Termination"
    rows = company.jobs.with_columns(
        manager_id=_manager_ids(company, manager_cycle),
        family=pl.col("division").replace_strict(dict(enumerate(FAMILIES)), default=TOP_FAMILY),
    )
    unit_ids = {index: unit_id(index) for index in rows["unit"].unique().to_list()}
    return rows.select(
        Employee_ID="employee_id",
        Effective_Date="began_on",
        End_Date=_end_dates(company),
        Position_ID=pl.format("P-{}-{}", pl.col("spell").cast(pl.String).str.zfill(6), "position"),
        Business_Title=_titles(),
        Job_Code=pl.col("family").str.slice(0, 3).str.to_uppercase() + "-" + pl.col("rank").cast(pl.String),
        Job_Family="family",
        Compensation_Grade=pl.format("G{}", "rank"),
        Grade_Rank="rank",
        Supervisory_Organization_ID=pl.when(~terminated).then(pl.col("unit").replace_strict(unit_ids)),
        Manager_ID="manager_id",
        Location=pl.col("place").replace_strict({i: name for i, (name, _) in enumerate(PLACES)}),
        Is_Primary_Job=pl.lit("Yes"),
        Business_Process_Reason="reason",
    )


def _end_dates(company: Company) -> pl.Series:
    """Last days of the job rows as text; open rows are blank or carry the end of time, as vendors mix them."""
    terminated, began = pl.col("reason") == "Termination", pl.col("began_on")
    open_end = pl.Series(stream(company.seed, "open ends").choice(["", END_OF_TIME], company.jobs.height))
    # A termination stays open unless the person came back: then it must not reach into the next employment.
    came_back = terminated & (began < began.max().over("employee_id"))
    ended = pl.when(came_back).then(began).otherwise("ended_on")
    wrong = began - pl.duration(days=30)
    shown = pl.when(pl.col("dirt") == "ends_before_start").then(wrong).otherwise(ended).dt.to_string("%Y-%m-%d")
    open_text = pl.when(~terminated & (open_end != "")).then(open_end)
    return company.jobs.select(pl.coalesce(shown, open_text).alias("End_Date")).to_series()


def _titles() -> pl.Expr:
    title = pl.col("family").replace_strict(dict(zip(FAMILIES, TITLES.values(), strict=True)), default="Analyst")
    seniority = pl.col("rank").replace_strict(dict(enumerate(SENIORITY, start=1)), default="")
    suffix = pl.when(pl.col("title") == 1).then(pl.lit(" (Specialist)")).otherwise(pl.lit(""))
    staff = (seniority + " " + title).str.strip_chars() + suffix
    head = pl.col("rank").replace_strict(HEAD_TITLES, default="Manager")
    return pl.when(pl.col("is_head") == 1).then(head).otherwise(staff)


def _manager_ids(company: Company, manager_cycle: bool) -> pl.Series:
    jobs = company.jobs
    if not manager_cycle:
        return jobs["manager_id"]
    heads = company.units.filter(pl.col("ended_on").is_null()).select("unit", "parent", "kind", "manager_id")
    below = heads.filter(pl.col("kind") == "Team").join(heads, left_on="parent", right_on="unit", suffix="_above")
    team_manager, head = (
        below.filter(pl.col("manager_id") != pl.col("manager_id_above")).select("manager_id", "manager_id_above").row(0)
    )
    present = (pl.col("employee_id") == head) & pl.col("ended_on").is_null() & (pl.col("reason") != "Termination")
    return jobs.select(pl.when(present).then(pl.lit(team_manager)).otherwise("manager_id")).to_series()


def _organizations(company: Company) -> pl.DataFrame:
    ids = {index: unit_id(index) for index in company.units["unit"].unique().to_list()}
    return company.units.select(
        Organization_ID=pl.col("unit").replace_strict(ids),
        Organization_Name="name",
        Organization_Type="kind",
        Superior_Organization_ID=pl.col("parent").replace_strict(ids, default=None),
        Manager_ID="manager_id",
        Effective_Date="began_on",
        End_Date="ended_on",
    )


def _leaves(company: Company) -> pl.DataFrame:
    return company.absences.select(
        Employee_ID="employee_id",
        Leave_Start_Date="began_on",
        Leave_End_Date="ended_on",
    )
