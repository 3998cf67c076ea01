"""What the overview's panels are given: the release, the filters and the rows of the selected group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from dashboards import filters, page, words
from dashboards.data import Cell, Selection
from dashboards.groups import Groups
from dashboards.release import Release


@dataclass(frozen=True)
class View:
    """`rows` are all dates of the overview's metrics for the selected group."""

    opened: page.Opened
    groups: Groups
    selection: Selection
    rows: pl.DataFrame
    definitions: Mapping[str, Mapping[str, object]]

    @property
    def release(self) -> Release:
        """The release on screen."""
        return self.opened.release

    @property
    def minimum(self) -> int:
        """Groups with fewer people are hidden."""
        return self.opened.minimum

    @property
    def about(self) -> str:
        """Whom the figures speak of and when, as plain text for a file that leaves the page."""
        stage = f", {self.groups.stages[self.selection.stage]}" if self.selection.stage else ""
        group = self.groups.unit_label(self.selection.org) if self.selection.org else "Whole company"
        return f"{group}{stage} · data as of {words.day(self.release.as_of)}"

    def target(self, metric_id: str) -> tuple[float | None, str]:
        """Target in the metric's unit (None without one) and which side of it is better."""
        row = self.definitions.get(metric_id, {})
        target = row.get("target")
        return (float(target) if isinstance(target, int | float) else None, str(row.get("better", "neither")))

    def of(self, metric_id: str) -> pl.DataFrame:
        """Rows of one metric, oldest first."""
        return self.rows.filter(pl.col("metric_id") == metric_id)

    def heatmap_units(self) -> tuple[str, ...]:
        """Units the heatmap compares: the selected one and those directly below it."""
        below = self.groups.children(self.selection.org)
        return (self.selection.org, *below) if self.selection.org else below

    def instead(self, cell: Cell, panel: str) -> None:
        """Draw the state of a number that is not shown, with the way to a wider group."""
        page.hidden(cell.status, self.minimum, filters.wider(self.groups, self.selection), panel)

    def short(self, cell: Cell) -> str:
        """The number, or in a few characters why there is none."""
        return words.short(cell, self.minimum)
