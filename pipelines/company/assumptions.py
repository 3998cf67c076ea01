"""What the synthetic company assumes: its calibrated levels and divisions; no simulation and no vendor wording.

Levels marked *published* come from the calibration notes. Everything else is an assumption, above all the hazard
ratio of a career conversation: no published value was found, so each scenario plants its own.
"""

import zlib
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.str_]

NEVER: Final = 4_000_000  # a day number far in the future: "has not happened"
LONG_AGO: Final = -4_000_000  # a day number far in the past: "no talk so far"
DAYS_PER_MONTH: Final = 30.4375

# Leaving. Weibull fitted to 76 % staying one year and 38 % five years (published; all exits, tenure in months).
EXIT_SHAPE: Final = 0.783
EXIT_SCALE_MONTHS: Final = 62.6
LONGEST_TENURE_MONTHS: Final = 300
EXIT_SHARES: Final = {"Voluntary": 0.70, "Involuntary": 0.20, "Other": 0.10}
IN_DATE_DAYS: Final = 183  # how long the planted effect of a conversation lasts
TALKS_WHILE_ON_NOTICE: Final = 0.2  # share of talks that still happen between resignation and last day (assumption)

# Staff. Promotion rate 6 % a year is published; succession into vacant manager posts supplies part of it.
OPENING_SHARE: Final = 0.97  # head-count when the window opens, as a share of the final one
PROMOTIONS_PER_YEAR: Final = 0.055
LATERAL_MOVES_PER_YEAR: Final = 0.05
DEMOTIONS_PER_YEAR: Final = 0.003
TITLE_CHANGES_PER_YEAR: Final = 0.01
LEAVES_PER_YEAR: Final = 0.085  # with a mean of five months, about 3 % are away on any day
LEAVE_MEAN_MONTHS: Final = 5.0
REHIRE_SHARE: Final = 0.022  # of hires; the first months have nobody to bring back
KIND_SHARES: Final = {
    "Regular": 0.92,
    "Fixed Term": 0.04,
    "Intern": 0.01,
    "Contractor": 0.03,
}
PROMOTION_SEASON: Final = (
    0.6,
    0.6,
    0.6,
    4.0,
    0.6,
    0.6,
    0.6,
    0.6,
    0.6,
    2.0,
    0.6,
    0.6,
)  # January first, mean 1

# Talking. 37 % never with the manager and 30 % once a year are published; the split of rates is an assumption.
MANAGER_TALKS_PER_YEAR: Final = 0.83
OTHER_TALKS_PER_YEAR: Final = 0.71
SILENT_WITH_MANAGER: Final = 0.27  # structurally never talk with the manager; chance makes it 37 % in the window
MANAGER_RATE_SHAPE: Final = 5.0  # gamma spread between people who do talk with the manager
OTHER_RATE_SHAPE: Final = 1.2
TALK_TREND: Final = (
    0.86,
    1.14,
)  # coverage rises slowly from the first to the last month
TALK_SEASON: Final = (
    1.0,
    1.0,
    1.4,
    1.0,
    1.0,
    0.9,
    0.7,
    0.7,
    1.1,
    1.5,
    1.1,
    0.6,
)  # January first, mean 1
NOT_CAREER_SHARE: Final = 0.08  # extra log rows without career content
NOT_HELD_SHARE: Final = 0.07  # extra log rows cancelled, missed or only planned

# Capture. One division keeps a workbook of last dates; another joined the log late, so its past is unknown.
TALK_LOG_MONTHS: Final = 40
LATE_LOG_MONTHS: Final = 14
WORKBOOK_DIVISION: Final = "Finance"
LATE_DIVISION: Final = "Legal"
REORG_MONTHS_BEFORE_END: Final = 18
REORG_FROM: Final = "Operations"
REORG_TO: Final = "Field Sales"


@dataclass(frozen=True)
class Division:
    """A division: its share of staff, how much its people talk (1 = company mean) and its job family."""

    name: str
    share: float
    talk_factor: float
    family: str


DIVISIONS: Final = (
    Division("Customer Care", 0.22, 0.65, "Service"),
    Division("Operations", 0.22, 0.85, "Logistics"),
    Division("Field Sales", 0.16, 1.00, "Sales"),
    Division("Finance", 0.10, 1.00, "Accounting"),
    Division("Engineering", 0.22, 1.40, "Software"),
    Division("Legal", 0.03, 1.05, "Law"),
    Division("People", 0.05, 1.20, "Human Resources"),
)


def stream(seed: int, purpose: str) -> np.random.Generator:
    """An independent random stream per purpose, so that a change in one part leaves the others as they were."""
    return np.random.default_rng([seed, zlib.crc32(purpose.encode())])
