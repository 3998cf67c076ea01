"""Made-up links, curves, what-ifs and protocols of the published folder of the tests, with every state they can have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

Row = dict[str, Any]
EXPOSURES = {
    "recency": ("under_3_months", "3_to_5_months", "6_to_11_months", "12_months_or_more", "none_on_record"),
    "count": ("none", "one", "two_or_three", "four_or_more"),
    "partner": ("none_in_half_year", "boss", "not_boss"),
    "setting": ("none_in_half_year", "informal", "formal"),
    "length": ("none_in_half_year", "up_to_15_minutes", "longer"),
    "initiator": ("none_in_half_year", "employee", "somebody_else"),
    "support": ("none_in_half_year", "fits_stage", "does_not_fit"),
    "usefulness": ("none_in_half_year", "useful", "not_useful"),
}
STEPS = {"crude": 1.5, "adjusted": 1.0, "within_manager": 0.9, "lagged": 0.6}
# Points at the adjusted step by place of the level behind the reference.
_POINTS = (0.9, 2.1, 3.4, 3.0)
_PROTOCOLS = {"voluntary_exit": "exit_hazard", "promotion": "promotion_hazard"}
_CAVEAT = "It is an association. People who plan to stay may also talk more."
_SIZES = ("person_months", "people", "events", "clusters", "smallest_detectable")
_RESULTS = ("ratio", "lo", "hi", "points", "points_lo", "points_hi", "e_value")
_CHECKS = ("control_ratio", "control_lo", "control_hi", "proportional_p")


def link_tables(as_of: date) -> dict[str, list[Row]]:
    """Rows of the four tables, the same on every call."""
    return {
        "link": [row | {"as_of": as_of} for row in _links()],
        "link_curve": [row | {"as_of": as_of} for row in _curves()],
        "link_protocol": list(_protocols()),
        "what_if": [row | {"as_of": as_of} for row in _what_ifs()],
    }


def landmark_figures(as_of: date) -> Iterator[Row]:
    """LNK-02 and LNK-04 by landmark; a promotion at six months is too early to tell and has no figure."""
    figures = {
        ("LNK-02", "6_months"): (-4.1, -7.0, -1.1),
        ("LNK-02", "12_months"): (-4.0, -8.2, 0.4),
        ("LNK-02", "18_months"): (-2.2, -9.1, 4.9),
        ("LNK-04", "6_months"): None,
        ("LNK-04", "12_months"): (1.6, -1.8, 5.0),
        ("LNK-04", "18_months"): (3.2, 0.3, 6.4),
    }
    blank = dict.fromkeys(("value", "lo", "hi", "n", "known_share", "bound_lo", "bound_hi"))
    for (metric_id, band), found in figures.items():
        key = {"metric_id": metric_id, "as_of": as_of, "cut": "company", "group_key": "company", "second_key": ""}
        row = key | blank | {"metric_version": "1", "band": band, "unit": "points", "is_flagged": False}
        if found is None:
            yield row | {"status": "empty"}
        else:
            numbers = dict(zip(("value", "lo", "hi"), found, strict=True)) | {"n": 482, "known_share": 0.94}
            yield row | numbers | {"status": "shown"}


def _links() -> Iterator[Row]:
    for outcome in ("voluntary_exit", "promotion"):
        sign = 1 if (outcome == "voluntary_exit") else -1
        for exposure, levels in EXPOSURES.items():
            for step in STEPS:
                for place, level in enumerate(levels):
                    yield _link(outcome, exposure, level, step, place, sign)


def _link(outcome: str, exposure: str, level: str, step: str, place: int, sign: int) -> Row:
    estimator = "conditional_on_manager" if step == "within_manager" else "cloglog"
    key = {"outcome": outcome, "exposure": exposure, "level": level, "step": step, "is_reference": place == 0}
    row = (
        key
        | dict.fromkeys((*_SIZES, *_RESULTS, *_CHECKS))
        | {"estimator": estimator, "caveat": _CAVEAT, "protocol": _PROTOCOLS[outcome]}
    )
    status = _status(exposure, level, step)
    size = {"person_months": 14_208 // (place + 1), "people": 1_204 // (place + 1), "events": 86 + 9 * place}
    if status != "hidden":
        row |= size | {"clusters": 140, "smallest_detectable": 1.0 + 0.35 * (place + 1)}
    if status == "ok" and place:
        points = sign * STEPS[step] * _POINTS[place - 1]
        row |= {"points": points, "points_lo": points - 1.6, "points_hi": points + 1.6}
        ratio = 1 + points / 9
        row |= {"ratio": ratio, "lo": ratio * 0.84, "hi": ratio * 1.19, "e_value": 1.69, "control_ratio": 1.02}
        row |= {"control_lo": 0.8, "control_hi": 1.3, "proportional_p": 0.3 if place < 3 else 0.01}
    return row | {"status": status, "sentence": _sentence(status, place, row["points"])}


def _status(exposure: str, level: str, step: str) -> str:
    if exposure == "usefulness":
        return "too_early"
    if exposure == "support" and level != "none_in_half_year":
        return "hidden"
    return "refused" if (exposure, level, step) == ("recency", "none_on_record", "within_manager") else "ok"


def _sentence(status: str, place: int, points: float | None) -> str:
    if status != "ok":
        return {
            "too_early": "Too early to tell: only a ratio of 2.1 or more could be seen.",
            "hidden": "Too few people or events to show.",
            "refused": "Refused: too few managers with both.",
        }[status]
    if points is None:
        return "Everybody else is compared with these people."
    often = "more" if points > 0 else "less"
    return f"They leave {often} often: {abs(points):.1f} points within 12 months, level {place}."


def _curves() -> Iterator[Row]:
    for outcome in ("voluntary_exit", "promotion"):
        for landmark in ("6_months", "12_months", "18_months"):
            for arm, yearly in (("in_date", 0.08), ("out_of_date", 0.12)):
                status = _curve_status(outcome, landmark, arm)
                for month in range(13):
                    yield {"outcome": outcome, "landmark": landmark, "arm": arm} | _point(month, yearly, status)


def _curve_status(outcome: str, landmark: str, arm: str) -> str:
    if (outcome, landmark) == ("promotion", "6_months"):
        return "too_early"
    return "hidden" if (outcome, landmark, arm) == ("promotion", "18_months", "out_of_date") else "ok"


def _point(month: int, yearly: float, status: str) -> Row:
    if status != "ok":
        return {"month": month, "status": status} | dict.fromkeys(("incidence", "lo", "hi", "at_risk", "events"))
    share = yearly * month / 12
    events = round(share * 240)
    return {
        "month": month,
        "incidence": share,
        "lo": share * 0.7,
        "hi": share * 1.35,
        "at_risk": 240 - 11 * month if month < 12 else None,
        "events": None if 1 <= events <= 4 else events,
        "status": status,
    }


def _protocols() -> Iterator[Row]:
    parts = {
        "exit_hazard": {
            "Eligibility": "People employed and not on notice.",
            "Time zero": "The first day of each month.",
            "Alike in": "Tenure; then unit, grade, job family, place, career stage and year.",
            "What it does not say": "That conversations bring about the difference.",
        },
        "promotion_hazard": {"Eligibility": "People below the highest grade."},
        "talking_and_leaving": {"Eligibility": "No conversation for 183 days.", "Outcome": "Leaving within 12 months."},
    }
    for protocol, texts in parts.items():
        for position, (part, text) in enumerate(texts.items(), start=1):
            row = {"protocol": protocol, "version": "1.0.0", "position": position, "part": part, "text": text}
            yield row


def _what_ifs() -> Iterator[Row]:
    risks = {"as_it_was": 0.123, "every_6_months": 0.0994, "every_3_months": 0.0924}
    for estimator, shift in (("g_formula", 0.0), ("marginal_structural", 0.004)):
        for strategy, risk in risks.items():
            yield _what_if(estimator, strategy, "all", risk + shift, risks["as_it_was"] + shift)
    for stratum, risk in (("all", 0.094), ("many_openings", 0.088), ("few_openings", 0.11)):
        yield _what_if("clone_censor_weight", "no_talk", stratum, 0.112, 0.112)
        yield _what_if("clone_censor_weight", "talk_within_60_days", stratum, risk, 0.112)


def _what_if(estimator: str, strategy: str, stratum: str, risk: float, base: float) -> Row:
    base_name = "no_talk" if estimator == "clone_censor_weight" else "as_it_was"
    weighted = estimator != "g_formula"
    refused = stratum == "few_openings"
    row: Row = {
        "outcome": "voluntary_exit",
        "estimator": estimator,
        "strategy": strategy,
        "stratum": stratum,
        "compared_with": "" if strategy == base_name else base_name,
        "people": 1_204,
        "events": 131,
        "effective_sample": (88.0 if refused else 812.0) if weighted else None,
        "largest_weight": (31.2 if refused else 7.4) if weighted else None,
        "smallest_detectable": 0.74,
        "status": "refused" if refused else "ok",
        "reason": "The weighted people of one arm are worth 88, fewer than 200." if refused else "",
        "sentence": "Refused." if refused else f"The model puts {strategy.replace('_', ' ')} at {risk:.1%}.",
        "caveat": "It holds only if everything that bears on both was recorded.",
        "protocol": "talking_and_leaving 1.0.0",
    }
    if refused:
        return row
    row |= {"risk": risk, "risk_lo": risk - 0.007, "risk_hi": risk + 0.008}
    if not row["compared_with"]:
        return row
    points = (risk - base) * 100
    row |= {"points": points, "points_lo": points - 0.8, "points_hi": points + 0.8}
    row |= {"ratio": risk / base, "ratio_lo": risk / base * 0.93, "ratio_hi": risk / base * 1.08}
    return row | {"control_points": -0.1, "control_lo": -0.6, "control_hi": 0.5, "e_value": 1.78}
