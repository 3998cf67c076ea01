"""Protected attributes of the synthetic staff. Divisions differ in them, and nothing else in the company depends on them."""

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from pipelines.company.assumptions import DIVISIONS, Floats, stream

# Share of women by division; outside the divisions it is the last.
WOMEN: Final = {
    "Customer Care": 0.63, "Operations": 0.33, "Field Sales": 0.44, "Finance": 0.55, "Engineering": 0.27, "Legal": 0.53,
    "People": 0.70,
}  # fmt: skip
WOMEN_ELSEWHERE: Final = 0.40
NON_BINARY_SHARE: Final = 0.008
UNDISCLOSED_GENDER: Final = 0.035
DISABLED_SHARE: Final = 0.07
UNDISCLOSED_DISABILITY: Final = 0.15
UNDISCLOSED: Final = "Undisclosed"
SAID_LATER_SHARE: Final = 0.04  # of those who have disclosed
SAID_LATER_WITHIN_DAYS: Final = 900


def attributes(jobs: pl.DataFrame, as_of: date, seed: int) -> pl.DataFrame:
    """One row per person, attribute and period: employee_id, attribute, value, valid_from (null = from the beginning).

    Attributes are gender and disability; people who said later have a row 'Undisclosed' before.
    """
    rng = stream(seed, "attributes")
    people = jobs.sort("employee_id", "began_on").unique("employee_id", keep="first", maintain_order=True)
    division = people["division"].to_numpy()
    women = np.array([*(WOMEN[each.name] for each in DIVISIONS), WOMEN_ELSEWHERE])[division]
    drawn = {"gender": _genders(women, rng), "disability": _disabilities(len(women), rng)}
    return pl.concat([_dated(people["employee_id"], name, values, as_of, rng) for name, values in drawn.items()])


def _genders(women: Floats, rng: np.random.Generator) -> pl.Series:
    size = len(women)
    usual = np.where(rng.random(size) < women, "Female", "Male")
    named = np.where(rng.random(size) < NON_BINARY_SHARE, "Non-binary", usual)
    return pl.Series(np.where(rng.random(size) < UNDISCLOSED_GENDER, UNDISCLOSED, named))


def _disabilities(size: int, rng: np.random.Generator) -> pl.Series:
    stated = np.where(rng.random(size) < DISABLED_SHARE, "Yes", "No")
    return pl.Series(np.where(rng.random(size) < UNDISCLOSED_DISABILITY, UNDISCLOSED, stated))


def _dated(ids: pl.Series, name: str, values: pl.Series, as_of: date, rng: np.random.Generator) -> pl.DataFrame:
    later = pl.Series(rng.random(len(ids)) < SAID_LATER_SHARE) & (values != UNDISCLOSED)
    days = pl.Series(rng.integers(1, SAID_LATER_WITHIN_DAYS, len(ids)))
    rows = pl.DataFrame({"employee_id": ids, "value": values, "later": later, "days": days})
    rows = rows.with_columns(
        attribute=pl.lit(name),
        valid_from=pl.when("later").then(pl.lit(as_of) - pl.duration(days="days")),
    )
    before = rows.filter("later").with_columns(value=pl.lit(UNDISCLOSED), valid_from=pl.lit(None, pl.Date))
    both = pl.concat([before, rows]).sort("employee_id", "valid_from", nulls_last=False)
    return both.select("employee_id", "attribute", "value", "valid_from")
