"""Who may see what in the synthetic company: the head of each unit leads it, members of People review the divisions.

Two of them are also offered as sample readers on the demo's own machine.
"""

from __future__ import annotations

import polars as pl

from pipelines.company.frames import unit_id
from pipelines.company.record import Company

LIST_SETTINGS = {
    "notice_id": "Notice 2026-1 (sample)",
    "dpia_id": "DPIA 2026-1 (sample)",
    "owner": "Head of People (sample)",
}
DEMO_LEADER, DEMO_PARTNER = "demo-leader", "demo-hrbp"


def access_scopes(company: Company) -> pl.DataFrame:
    """The template of access scopes: a row for each unit with a head, and for each division and its partner."""
    heads = _heads(company).select(viewer_id="email", role=pl.lit("leader"), org_unit_id="unit")
    partners = _reviews(company)
    demo = [
        (DEMO_LEADER, "leader", _largest(company)),
        *((DEMO_PARTNER, "hrbp", unit) for unit in _divisions(company)),
    ]
    named = pl.DataFrame(demo, schema=["viewer_id", "role", "org_unit_id"], orient="row")
    return pl.concat([heads, partners, named]).with_columns(
        valid_from=pl.lit(company.units["began_on"].min()), valid_to=pl.lit(None, pl.Date)
    )


def _reviews(company: Company) -> pl.DataFrame:
    """The divisions dealt out to the members of People."""
    members = _partners(company)["email"].to_list()
    dealt = [(members[place % len(members)], "hrbp", u) for place, u in enumerate(_divisions(company)) if members]
    return pl.DataFrame(
        dealt, schema={"viewer_id": pl.String, "role": pl.String, "org_unit_id": pl.String}, orient="row"
    )


def demo_viewers(company: Company) -> pl.DataFrame:
    """The template of other ids: which workers the sample readers are."""
    leader = _heads(company).filter(pl.col("unit") == _largest(company))["employee_id"].first()
    partner = _partners(company)["employee_id"].last()
    return pl.DataFrame(
        {
            "employee_id": [leader, partner],
            "id_type": ["user_id", "user_id"],
            "id_raw": [DEMO_LEADER, DEMO_PARTNER],
            "valid_from": [None, None],
            "valid_to": [None, None],
        },
        schema_overrides={"valid_from": pl.Date, "valid_to": pl.Date},
    ).filter(pl.col("employee_id").is_not_null())


def _heads(company: Company) -> pl.DataFrame:
    """Units as they are now whose head works here: unit, email and employee_id."""
    here = company.workers.filter(pl.col("term_on").is_null() | (pl.col("term_on") > company.as_of))
    now = company.units.filter(pl.col("ended_on").is_null(), pl.col("manager_id").is_not_null())
    led = now.join(here, left_on="manager_id", right_on="employee_id", maintain_order="left")
    ids = {index: unit_id(index) for index in led["unit"].to_list()}
    return led.select(pl.col("unit").replace_strict(ids, return_dtype=pl.String), "email", employee_id="manager_id")


def _divisions(company: Company) -> list[str]:
    now = company.units.filter(pl.col("ended_on").is_null() & (pl.col("kind") == "Division")).sort("unit")
    return [unit_id(index) for index in now["unit"]]


def _partners(company: Company) -> pl.DataFrame:
    """Members of People who lead nobody, by id: employee_id and email."""
    people = company.units.filter(pl.col("name").str.starts_with("People"))["unit"]
    leading = company.units["manager_id"].drop_nulls()
    latest = company.jobs.sort("began_on").unique("employee_id", keep="last", maintain_order=True)
    mine = latest.filter(
        pl.col("unit").is_in(people.implode()),
        ~pl.col("employee_id").is_in(leading.implode()),
        pl.col("reason") != "Termination",
    )
    found = company.workers.join(mine.select("employee_id"), on="employee_id", how="semi")
    return found.select("employee_id", "email").sort("employee_id")


def _largest(company: Company) -> str:
    """The division with the most people."""
    now = company.jobs.filter(pl.col("ended_on").is_null() & (pl.col("reason") != "Termination"))
    sizes = now.group_by("division").len().sort("len", "division", descending=[True, False])
    return _divisions(company)[int(sizes["division"][0])]
