"""Estimates of hazards from cells, counts of people at risk and events: frames in, fits out; no person is ever seen here.

A cell frame has one row per pattern and month of tenure, with `tenure_month`, any number of columns that make the pattern,
perhaps one of clusters, `at_risk` (person-months), and one column of counts per cause.
"""

from __future__ import annotations

from pipelines.hazards.cloglog import cloglog, logit
from pipelines.hazards.cox import cox
from pipelines.hazards.design import Column, Term
from pipelines.hazards.faults import HazardError, NoEventsError, NotConvergedError
from pipelines.hazards.fit import Fit
from pipelines.hazards.fixed_effects import within_manager
from pipelines.hazards.proportionality import by_tenure, proportionality
from pipelines.hazards.ready_table import ReadyCells, cells_of
from pipelines.hazards.tenure import TENURE_BANDS, with_tenure_band

__all__ = [
    "TENURE_BANDS",
    "Column",
    "Fit",
    "HazardError",
    "NoEventsError",
    "NotConvergedError",
    "ReadyCells",
    "Term",
    "by_tenure",
    "cells_of",
    "cloglog",
    "cox",
    "logit",
    "proportionality",
    "with_tenure_band",
    "within_manager",
]
