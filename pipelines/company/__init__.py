"""The synthetic company: a calibrated, fully known organisation for demonstrations and tests.

Every level that could be read in a published source is matched; every effect of a conversation is an assumption,
because no published hazard ratio for a career conversation was found. `simulate` draws the truth, `write_exports`
writes it the way vendors do, with realistic dirt, and `write_truth` keeps the answers for those who check the work.
"""

from datetime import date

from pipelines.company.dirt import soil
from pipelines.company.exports import write_exports
from pipelines.company.months import run_months
from pipelines.company.record import Company, company_of
from pipelines.company.scenarios import SCENARIOS, Scenario, scenario_named
from pipelines.company.truth import write_truth
from pipelines.company.viewers import LIST_SETTINGS

__all__ = [
    "LIST_SETTINGS",
    "SCENARIOS",
    "Company",
    "Scenario",
    "simulate",
    "write_exports",
    "write_truth",
]

SMALLEST = 200
SHORTEST_MONTHS = 42


def simulate(
    *,
    employees: int,
    scenario: str = "protective",
    seed: int = 20240601,
    as_of: date,
    months: int = 42,
) -> Company:
    """Simulate a company of about `employees` people at `as_of`, with `months` months of history before it.

    The same arguments give the same company, value for value. Raises ValueError for an unknown scenario, fewer than
    200 people or fewer than 42 months (the talk log alone goes back 40).
    """
    if employees < SMALLEST or months < SHORTEST_MONTHS:
        raise ValueError(f"Ask for at least {SMALLEST} people and {SHORTEST_MONTHS} months.")
    return soil(company_of(run_months(employees, scenario_named(scenario), seed, as_of, months)))
