"""The order in which one metric's rows are made safe: sums of sums, single sums and bars, bands, bounds of values."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.disclosure.bands import banded
from pipelines.disclosure.protection import PLACE, Safety, hidden_for_intervals, hidden_for_sums, offered
from pipelines.disclosure.suppression import hide, suppress


def protected(rows: pl.DataFrame, safety: Safety, parents: Mapping[tuple[str, str], str]) -> pl.DataFrame:
    """`rows` (estimates of one metric, the places of its cut 'place' among them) without places and what may not leave.

    `parents` is that of `suppress`. Loses the column `people`. Raises DisclosureError where the audit still finds somebody.
    """
    is_place = pl.col("cut") == PLACE
    places, groups = rows.filter(is_place), offered(rows.filter(~is_place), safety)
    summed = hide(groups, hidden_for_sums(groups, places, safety), "complementary")
    shown = banded(suppress(summed, threshold=safety.threshold, parents=parents))
    return hide(shown, hidden_for_intervals(shown, places, safety), "complementary")
