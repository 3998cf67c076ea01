"""Table ``published.link_protocol``: how results about conversations and outcomes are worked out, part by part."""

from __future__ import annotations

import polars as pl

from pipelines.links.models import AUDIT_LIMIT, RARE
from pipelines.links.small_counts import FEW_EVENTS
from pipelines.links.staircase import DETECTABLE
from pipelines.trials import protocol

_EXPOSURE = (
    "What was on record of conversations up to the day before the month began. Where recording began after "
    "the hire its first 365 days are left out: who had talked would be known sooner than who had not. "
    "What was not recorded is unknown, and such months are left out. 'None on record' is for people covered "
    "since their hire."
)
_RISK = (
    "Months of people employed for 90 days who are not on long leave and have not given notice. Who joined "
    "before is followed from the first such month on, at the tenure they then had (delayed entry)."
)
_STEPS = (
    "Crude: alike in tenure. Adjusted: also in division, grade, job family, location, career stage and "
    "calendar year, as of the eve of the month. Within manager: compared with people under the same "
    "manager only."
    " Lagged: adjusted, with what was on record three months earlier."
)
_MODEL = (
    "Complementary log-log regression of monthly counts, one hazard for each band of months (Prentice and "
    "Gloeckler 1978); within managers the conditional likelihood given each manager's events (Palmgren 1981). "
    f"Values of a covariate with fewer than {RARE} events are taken as one. Cox's model with a free hazard in "
    f"each month is the audit: a difference above {AUDIT_LIMIT} of the logarithm is told."
)
_POINTS = (
    "Everybody at risk is put in either state with the hazard of their month held for twelve, and the risks "
    "are averaged. Intervals are 95 %; those of points by the delta method."
)
_LIMITS = (
    f"A level with few people, or with 1 to {FEW_EVENTS} events, is hidden, and others with it where it would "
    f"follow from the total. Too early to tell where even a ratio of {DETECTABLE} would be missed more than "
    "once in five times (Schoenfeld 1983)."
)
_DOUBT = (
    "The E-value says how strongly something on no record would have to go with both sides to explain the "
    "ratio (VanderWeele and Ding 2017). The test of Grambsch and Therneau (1994) says whether the ratio "
    "changes with time."
)
_EXITS = (
    ("Question", "Do people leave by choice more or less often after career conversations of each kind?"),
    ("Who is at risk", _RISK),
    (
        "Event",
        "An exit by choice in the month of notice; the last day employed stands for a day of notice nobody "
        "recorded. Other exits end the time at risk.",
    ),
    ("Exposure", _EXPOSURE),
    ("Steps", _STEPS),
    ("Model", f"{_MODEL} Errors allow for whatever goes on under one manager."),
    ("Points", _POINTS),
    (
        "Negative control",
        "The same model for exits by the employer's decision, on which conversations should have no bearing. "
        "That it shows nothing is weak evidence: a manager who drives people to resign would not be seen.",
    ),
    ("Doubts", _DOUBT),
    ("Limits", _LIMITS),
)
_PROMOTIONS = (
    ("Question", "Are people promoted more or less often after career conversations of each kind?"),
    (
        "Who is at risk",
        f"{_RISK} Only those whose grade has a rank below the highest. The clock is the months since the last "
        "promotion, or since the hire; people come back after each promotion (Andersen and Gill 1982).",
    ),
    ("Event", "A rise in grade in the month it was decided, where known, else in which it took effect."),
    ("Exposure", _EXPOSURE),
    ("Steps", _STEPS),
    ("Model", f"{_MODEL} Errors allow for whatever goes on in one person; within managers under one manager."),
    ("Points", _POINTS),
    ("Doubts", f"{_DOUBT} People about to rise may be talked to more."),
    ("Limits", _LIMITS),
)
_VERSION = "1.0.0"


def protocols() -> pl.DataFrame:
    """All rows of ``published.link_protocol``: those of the staircases, and that of the emulated trial."""
    trial = protocol.talking_and_leaving()
    told = [
        ("exit_hazard", _VERSION, _EXITS),
        ("promotion_hazard", _VERSION, _PROMOTIONS),
        (trial.id, trial.version, tuple((name.replace("_", " ").capitalize(), text) for name, text in trial.parts())),
    ]
    rows = [
        (name, version, position, part, text)
        for name, version, parts in told
        for position, (part, text) in enumerate(parts, 1)
    ]
    return pl.DataFrame(rows, schema=["protocol", "version", "position", "part", "text"], orient="row")
