"""What can be wrong with cells, so that no ratio comes out of them."""

from __future__ import annotations


class HazardError(ValueError):
    """No estimate can be made of these cells; the message names the column and what to do."""


class NoEventsError(HazardError):
    """The event has not happened to anybody in the cells."""


class NotConvergedError(HazardError):
    """The estimate did not settle."""
