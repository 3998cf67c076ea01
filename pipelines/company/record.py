"""The simulated truth as Polars frames; how it is drawn and how it is exported live elsewhere."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from pipelines.company.actions import agreed_actions
from pipelines.company.assumptions import EXIT_SHARES, KIND_SHARES, NEVER, Ints
from pipelines.company.attributes import attributes
from pipelines.company.conversations import conversations
from pipelines.company.frames import dated, named
from pipelines.company.manager_checks import manager_checks
from pipelines.company.people import people
from pipelines.company.scenarios import Scenario
from pipelines.company.staff import World
from pipelines.company.structure import job_rows, unit_rows
from pipelines.company.surveys import survey_responses
from pipelines.company.valued import valued_flags

FIRST_NUMBER = 101  # of the first employee, so that every small company has ids with leading zeros


@dataclass(frozen=True)
class Company:
    """A simulated company: its parameters and the truth about it, one Polars frame per kind of fact.

    `workers`: one row per person, as the HR system would show the latest employment. `spells`: one row per employment
    with latent traits and the decision day `notice_on`; `term_on` is the first day not employed. `jobs`: one row per
    change, `ended_on` is the row's last day. `units`: one row per unit and period. `conversations`: every talk,
    recorded or not. `responses`: survey sheets. `absences`: leaves. `actions`: what was agreed in a talk, known by
    its spell and day. `manager_checks`: what managers answer about each report. `valued_flags` and `attributes`: one row
    per person and day from which it holds. Column `dirt` names the planted fault of a row.
    """

    scenario: Scenario
    employees: int
    seed: int
    as_of: date
    months: int
    workers: pl.DataFrame
    spells: pl.DataFrame
    jobs: pl.DataFrame
    units: pl.DataFrame
    conversations: pl.DataFrame
    responses: pl.DataFrame
    absences: pl.DataFrame
    actions: pl.DataFrame
    manager_checks: pl.DataFrame
    valued_flags: pl.DataFrame
    attributes: pl.DataFrame


def company_of(world: World) -> Company:
    """Assemble the frames; events after the as-of date are cut, except last days already agreed."""
    spells = _spells(world)
    ids = spells["employee_id"]
    talks = conversations(world)
    answers = survey_responses(world, talks)
    absences = _absences(world, ids)
    jobs, workers = job_rows(world, ids), people(spells, absences, world.as_of, world.seed)
    actions = dated(agreed_actions(world, talks), "day", "logged_day", "due", "done", "reviewed")
    named_talks = named(dated(talks, "day", "logged_day"), ids, "spell", "partner_spell")
    return Company(
        scenario=world.scenario,
        employees=world.employees,
        seed=world.seed,
        as_of=world.as_of,
        months=world.months,
        workers=workers,
        spells=spells,
        jobs=jobs,
        units=unit_rows(world, ids),
        conversations=named_talks,
        responses=named(dated(answers, "day"), ids, "spell"),
        absences=absences,
        actions=named(actions, ids, "owner_spell"),
        manager_checks=manager_checks(jobs, spells, named_talks, world.as_of, world.seed),
        valued_flags=valued_flags(spells, workers, world.as_of, world.seed),
        attributes=attributes(jobs, world.as_of, world.seed),
    )


def _employee_ids(person: Ints, hire_day: Ints) -> pl.Series:
    """Six-digit ids in order of first hire, text with leading zeros; one per spell."""
    first = np.full(int(person.max()) + 1, NEVER)
    np.minimum.at(first, person, hire_day)
    number = np.empty(len(first), np.int64)
    number[np.argsort(first, kind="stable")] = np.arange(FIRST_NUMBER, FIRST_NUMBER + len(first))
    return pl.Series("employee_id", number[person]).cast(pl.String).str.zfill(6)


def _spells(world: World) -> pl.DataFrame:
    staff = world.staff
    causes = np.array(["", *EXIT_SHARES])
    frame = pl.DataFrame(
        {
            "spell": np.arange(len(staff)),
            "employee_id": _employee_ids(staff.person, staff.hire_day),
            "hired_on": staff.hire_day,
            "notice_on": staff.notice_day,
            "term_on": staff.term_day,
            "cause": causes[staff.cause],
            "born_on": staff.birth_day,
            "kind": np.array(list(KIND_SHARES))[staff.kind],
            "place": world.organisation.place[staff.unit],
            "rank": staff.rank,
            "quality_as_manager": staff.quality,
            "talks_per_year_with_manager": staff.manager_rate,
            "talks_per_year_with_others": staff.other_rate,
            "on_leave_until": staff.leave_until,
        }
    )
    left = pl.col("cause") != ""
    frame = frame.with_columns(
        pl.when(left).then(pl.col(name)).alias(name) for name in ("notice_on", "term_on", "cause")
    )
    return dated(frame, "hired_on", "notice_on", "term_on", "born_on", "on_leave_until")


def _absences(world: World, ids: pl.Series) -> pl.DataFrame:
    """Leaves that have begun; an end after the as-of date is not known yet and stays null."""
    rows = pl.DataFrame(world.leaves.columns())
    last = pl.Series(world.staff.term_day[rows["spell"]]) - 1
    rows = rows.filter((pl.col("begins") <= world.as_of_day) & (pl.col("begins") <= last))
    ends = pl.min_horizontal(pl.col("ends"), pl.Series(world.staff.term_day[rows["spell"]]) - 1)
    rows = rows.with_columns(ends=pl.when(ends <= world.as_of_day).then(ends))
    absences = named(dated(rows, "begins", "ends"), ids, "spell")
    return absences.select("employee_id", began_on="begins", ended_on="ends").sort("employee_id", "began_on")
