"""The one place that decides which numbers may leave: small cells, cells that would give a small one back, and cells

whose bounds would tell too much. Works on counts of people; what a metric means, and how its values came about, does not belong here.
"""

from pipelines.disclosure.belonging import Days
from pipelines.disclosure.protection import PLACE, DisclosureError, Safety
from pipelines.disclosure.releasing import protected
from pipelines.disclosure.suppression import hide, hide_below, suppress

__all__ = ["PLACE", "Days", "DisclosureError", "Safety", "hide", "hide_below", "protected", "suppress"]
