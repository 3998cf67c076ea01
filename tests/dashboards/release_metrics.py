"""Made-up metric rows of the published folder of the tests, with every status a cell can have."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

STAGES = {
    "new_in_job": "New in job",
    "growing": "Growing",
    "ready_for_more": "Ready for more",
    "long_in_role": "Long in role",
    "leaving_or_retiring": "Leaving or retiring",
}
# Unit: label, enclosing unit, people. Legal and its like are small enough for every kind of hiding to occur.
UNITS: dict[str, tuple[str, str, int]] = {
    "ROOT": ("Northwind Group", "", 2341),
    "CC": ("Customer Care", "ROOT", 520),
    "OPS": ("Operations", "ROOT", 610),
    "FS": ("Field Sales", "ROOT", 431),
    "FIN": ("Finance", "ROOT", 180),
    "ENG": ("Engineering", "ROOT", 420),
    "LEG": ("Legal", "ROOT", 34),
    "PPL": ("People", "ROOT", 86),
    "IT": ("*IT* <b>& Data</b>", "ROOT", 60),
    "CC1": ("Tier 1", "CC", 260),
    "CC2": ("Tier 2", "CC", 150),
    "CC3": ("Back office", "CC", 110),
    "OPS1": ("Logistics", "OPS", 300),
    "OPS2": ("Plants", "OPS", 310),
    "FS1": ("North", "FS", 200),
    "FS2": ("South", "FS", 231),
    "FIN1": ("Accounting", "FIN", 110),
    "FIN2": ("Treasury", "FIN", 70),
    "ENG1": ("Platform", "ENG", 210),
    "ENG2": ("Products", "ENG", 190),
    "ENG3": ("Research", "ENG", 20),
    "LEG1": ("Contracts", "LEG", 25),
    "LEG2": ("Patents", "LEG", 9),
    "PPL1": ("Recruiting", "PPL", 50),
    "PPL2": ("=Rewards", "PPL", 36),
}
BANDS = {"0-3": 0.28, "3-6": 0.16, "6-9": 0.12, "9-12": 0.07, "12-18": 0.09, "18+": 0.08, "none": 0.20, "unknown": 0.06}
# Metric: label, unit, level now, yearly drift, better, target.
METRICS: dict[str, tuple[str, str, float, float, str, float | None]] = {
    "RCY-01": ("Months since last, in bands", "share", 0.0, 0.0, "neither", None),
    "RCY-02": ("Median months since last", "months", 7.4, -1.6, "lower", 6.0),
    "RCY-03": ("Overdue", "share", 0.38, -0.05, "lower", None),
    "RCY-04": ("None on record", "share", 0.20, -0.03, "lower", 0.05),
    "RCY-05": ("Median months, current boss", "months", 9.1, -0.5, "lower", None),
    "COV-01": ("Talked in 12 months", "share", 0.63, 0.07, "higher", 0.75),
    "COV-02": ("Talked in 6 months", "share", 0.44, 0.08, "higher", 0.75),
    "CAD-01": ("Conversations a year", "per_year", 1.5, 0.4, "higher", 2.0),
    "CH1-01": ("Not with the boss", "share", 0.47, 0.02, "neither", None),
    "CH2-01": ("Informal", "share", 0.54, 0.01, "neither", None),
    "CH3-01": ("Short", "share", 0.21, 0.0, "neither", None),
    "PRO-01": ("Started by the employee", "share", 0.39, 0.03, "higher", None),
    "OUT-01": ("Left by choice", "share", 0.009, 0.0005, "lower", None),
    "OUT-02": ("Retention", "share", 0.86, -0.01, "higher", None),
    "DQ-01": ("Field completeness", "share", 0.0, 0.0, "higher", None),
    "DQ-02": ("Source coverage", "share", 0.94, 0.02, "higher", None),
    "DQ-04": ("Impossible rows", "share", 0.0, 0.0, "lower", 0.005),
    "LNK-02": ("Exit risk after a landmark", "points", 0.0, 0.0, "neither", None),
    "LNK-04": ("Promotion after a landmark", "points", 0.0, 0.0, "neither", None),
    "DQ-05": ("Closed months that changed", "points", 0.0, 0.0, "lower", None),
}
KNOWN = {"CH1-01": 0.94, "CH2-01": 0.86, "CH3-01": 0.72, "PRO-01": 0.86}


def month_ends(last: date, months: int = 24) -> list[date]:
    """The last day of each of the `months` months before `last`, oldest first."""
    first = last.replace(day=1)
    ends = []
    for _ in range(months):
        ends.append(first - timedelta(days=1))
        first = ends[-1].replace(day=1)
    return ends[::-1]


def metric_rows(as_of: date) -> Iterator[dict[str, Any]]:
    """Rows of the metric table for 24 month ends and the date itself, the same on every call."""
    dice = random.Random(7)
    for day in [*month_ends(as_of), as_of]:
        for cut, key, second, people in _groups():
            shift = dice.uniform(-0.08, 0.08) if cut != "company" else 0.0
            for metric_id in METRICS:
                yield from _cells(metric_id, day, as_of, cut, key, second, people, shift)
    yield from _source_rows(as_of)


def _groups() -> Iterator[tuple[str, str, str, int]]:
    total = UNITS["ROOT"][2]
    yield "company", "company", "", total
    for place, stage in enumerate(STAGES):
        yield "career_stage", stage, "", total // (place + 3)
    for unit, (_, _, people) in UNITS.items():
        yield "org_unit", unit, "", people
        for place, stage in enumerate(STAGES):
            yield "org_unit_career_stage", unit, stage, people // (place + 3)


def _cells(
    metric_id: str, day: date, as_of: date, cut: str, key: str, second: str, people: int, shift: float
) -> Iterator[dict[str, Any]]:
    place = {"metric_id": metric_id, "as_of": day, "cut": cut, "group_key": key, "second_key": second}
    if metric_id == "RCY-01":
        for band, share in BANDS.items():
            yield _cell(place, band, "people", round(share * people), people)
    elif metric_id == "OUT-01" and day != as_of:
        level = METRICS[metric_id][2]
        yield _cell(place, "", "share", max(0.0, level + shift / 60), people)
    elif metric_id not in ("DQ-01", "DQ-04", "DQ-05", "OUT-01", "LNK-02", "LNK-04"):
        _, unit, level, drift, _, _ = METRICS[metric_id]
        value = level - drift * (as_of - day).days / 365 + shift * (1 if unit == "share" else 8)
        yield _cell(place, "", unit, value, people)


def _cell(place: dict[str, Any], band: str, unit: str, value: float, people: int) -> dict[str, Any]:
    known = KNOWN.get(place["metric_id"], 0.97)
    row = place | {"metric_version": "1.0.0", "band": band, "unit": unit, "status": "shown", "is_flagged": known < 0.8}
    if unit == "share":
        value = min(1.0, max(0.0, value))
    half = 1.6 * (max(value * (1 - value), 0.01) / max(people, 1)) ** 0.5 if unit == "share" else abs(value) * 0.05
    numbers = {"value": value, "n": people, "known_share": known, "lo": max(0.0, value - half)}
    top = 1.0 if unit == "share" else value + half
    numbers |= {"hi": min(value + half, top), "bound_lo": None, "bound_hi": None}
    if known < 0.8:
        numbers |= {"bound_lo": value * known, "bound_hi": value * known + 1 - known}
    status = _status(row, people)
    if status == "over_tenure":
        numbers |= {"value": None, "lo": None, "hi": None}
    elif status != "shown":
        numbers = dict.fromkeys(numbers)
    return row | numbers | {"status": status}


def _status(row: dict[str, Any], people: int) -> str:
    unit, stage = row["group_key"], row["second_key"]
    if unit == "LEG2" and stage == "leaving_or_retiring":
        return "empty"
    if people < 10:
        return "suppressed"
    if unit in ("LEG1", "LEG") and stage == "new_in_job":
        return "complementary"
    if unit == "OPS2" and row["metric_id"].startswith("CH"):
        return "withheld"
    return "over_tenure" if unit == "CC3" and row["metric_id"] == "RCY-02" else "shown"


def _source_rows(as_of: date) -> Iterator[dict[str, Any]]:
    base = {
        "as_of": as_of,
        "metric_version": "1.0.0",
        "band": "",
        "unit": "share",
        "status": "shown",
        "is_flagged": False,
    }
    blank = dict.fromkeys(("lo", "hi", "bound_lo", "bound_hi"))
    for source, field, share in (
        ("talklog__conversation", "duration_min", 0.72),
        ("talklog__conversation", "partner_relation", 0.94),
        ("workday__worker", "manager_id", 0.99),
    ):
        key = {"metric_id": "DQ-01", "cut": "source_field", "group_key": source, "second_key": field}
        yield base | blank | key | {"value": share, "n": 8120, "known_share": 1.0}
    for rule, share in (("before_hire", 0.0004), ("manager_cycle", 0.0), ("after_term", 0.0021)):
        key = {"metric_id": "DQ-04", "cut": "rule", "group_key": rule, "second_key": ""}
        yield base | blank | key | {"value": share, "n": 8120, "known_share": 1.0}
