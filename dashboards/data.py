"""What pages ask of published tables, in their words; `access.fetching` decides and answers, and `access.reading` reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import polars as pl

from dashboards.access.fetching import fetch
from dashboards.access.scopes import scope_of
from dashboards.access.viewing import current
from dashboards.release import Release

HIDDEN = ("suppressed", "complementary", "withheld", "empty")
Cut = Literal["company", "org_unit", "career_stage", "org_unit_career_stage"]


@dataclass(frozen=True)
class Selection:
    """What the filters ask for: keys of an org unit and a career stage (empty for all), a window of 6 or 12 months."""

    org: str = ""
    stage: str = ""
    window: int = 6

    @property
    def cut(self) -> Cut:
        """The published cut that answers the selection; every combination of filters has one."""
        if self.org:
            return "org_unit_career_stage" if self.stage else "org_unit"
        return "career_stage" if self.stage else "company"

    @property
    def keys(self) -> tuple[str, str]:
        """`group_key` and `second_key` of the selection in its cut."""
        return (self.org or self.stage or "company", self.stage if self.org else "")

    @property
    def coverage_id(self) -> str:
        """The coverage metric of the window."""
        return "COV-02" if self.window == 6 else "COV-01"


@dataclass(frozen=True)
class Cell:
    """One number as published; `status` says why `value` is null. ``absent``: the release has no such row."""

    status: str = "absent"
    unit: str = "share"
    value: float | None = None
    lo: float | None = None
    hi: float | None = None
    n: int | None = None
    known_share: float | None = None
    bound_lo: float | None = None
    bound_hi: float | None = None
    is_flagged: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether there is a number to print."""
        return self.status == "shown" and self.value is not None


def table(release_folder: str, name: str) -> pl.DataFrame:
    """A small published table, whole or what of it the viewer may see.

    Raises AccessDeniedError; OSError or PolarsError where the file cannot be read.
    """
    return fetch(current(), f"table.{name}", release_folder, {})


def restatement(release: Release) -> pl.DataFrame | None:
    """Figures of closed months before and now; None for a release of a version that did not compare them."""
    return _later_table(release, "restatement")


def refusals(release: Release) -> tuple[pl.DataFrame, pl.DataFrame] | None:
    """Questions that are refused and the points of their pictures; None for a release of a version without them."""
    found, points = _later_table(release, "refusal"), _later_table(release, "refusal_picture")
    return None if found is None or points is None else (found, points)


def links(release: Release) -> dict[str, pl.DataFrame] | None:
    """The tables of links and what-ifs by name; None for a release of a version that did not work them out."""
    found = {name: _later_table(release, name) for name in ("link", "link_curve", "what_if", "link_protocol")}
    whole = {name: rows for name, rows in found.items() if rows is not None}
    return whole if len(whole) == len(found) else None


def _later_table(release: Release, name: str) -> pl.DataFrame | None:
    return table(str(release.folder), name) if (release.folder / f"{name}.parquet").is_file() else None


def _metrics(
    release_folder: str, ids: tuple[str, ...], cut: str, keys: tuple[str, ...], second: str | None
) -> pl.DataFrame:
    asked = {"ids": ids, "cut": cut, "keys": keys, "second": second}
    return fetch(current(), "metric", release_folder, asked)


def history(release: Release, selection: Selection, ids: Sequence[str]) -> pl.DataFrame:
    """All dates of the metrics `ids` for the selected group, one row per metric, date and band."""
    key, second = selection.keys
    return _metrics(str(release.folder), tuple(ids), selection.cut, (key,), second)


def matrix(release: Release, metric_id: str, units: Sequence[str]) -> pl.DataFrame:
    """Rows of `metric_id` on the release date: company and `units` (keys), by career stage and over all stages.

    The company is left out for who sees a part of it only.
    """
    whole = (("company", ("company",), ""), ("career_stage", (), "")) if sees_company(release) else ()
    # An empty key list means "all groups" to the scan; without units neither org cut has anything to show.
    parts = (("org_unit", tuple(units), ""), ("org_unit_career_stage", tuple(units), None)) if units else ()
    found = [_metrics(str(release.folder), (metric_id,), *part) for part in (*whole, *parts)]
    rows = pl.concat(found) if found else history(release, Selection(), ()).clear()
    return rows.filter((pl.col("as_of") == release.as_of) & (pl.col("band") == ""))


def company_now(release: Release) -> dict[str, Cell]:
    """The undivided figure of every metric for the whole company on the release date, by metric id; none for who sees a part only."""
    if not sees_company(release):
        return {}
    rows = _company(str(release.folder)).filter((pl.col("as_of") == release.as_of) & (pl.col("band") == ""))
    return {str(row["metric_id"]): cell_of(row) for row in rows.iter_rows(named=True)}


def _company(release_folder: str) -> pl.DataFrame:
    return fetch(current(), "company", release_folder, {})


def sees_company(release: Release) -> bool:
    """Whether figures of the whole company are in the viewer's sight. Raises AccessDeniedError."""
    return scope_of(current(), release.folder).sees_company


def groups_with_rows(release: Release, cut: str) -> frozenset[str]:
    """Keys of the groups of `cut` that have any number, shown or hidden."""
    return frozenset(fetch(current(), "keys", str(release.folder), {"cut": cut})["group_key"])


def quality(release: Release, metric_id: str) -> pl.DataFrame:
    """Rows on the release date of a metric about sources or rules, whatever its cut."""
    parts = [_metrics(str(release.folder), (metric_id,), cut, (), None) for cut in ("company", "source_field", "rule")]
    return pl.concat(parts).filter(pl.col("as_of") == release.as_of)


def cell(rows: pl.DataFrame, metric_id: str, as_of: date, band: str = "") -> Cell:
    """The cell of `metric_id` at `as_of` in rows of a single group; absent where the release has none."""
    found = rows.filter((pl.col("metric_id") == metric_id) & (pl.col("as_of") == as_of) & (pl.col("band") == band))
    return cell_of(found.row(0, named=True)) if found.height else Cell()


def cell_of(row: dict[str, object]) -> Cell:
    """A metric row as a Cell."""
    return Cell(**{name: row[name] for name in Cell.__dataclass_fields__})  # type: ignore[arg-type]


def earlier_date(rows: pl.DataFrame, as_of: date) -> date | None:
    """The published date nearest to three months before `as_of`, the date changes are told from; None without one."""
    aim = as_of - timedelta(days=91)
    dates = [d for d in rows["as_of"].unique().to_list() if d < as_of - timedelta(days=45)]
    return min(dates, key=lambda d: abs((d - aim).days), default=None)


def definitions(release: Release) -> dict[str, dict[str, object]]:
    """Glossary rows by metric id."""
    rows = table(str(release.folder), "metric_definition").sort("family", "metric_id")
    return {str(row["metric_id"]): row for row in rows.iter_rows(named=True)}


def settings(release: Release) -> dict[str, str]:
    """Assumptions in force by name, as text."""
    rows = table(str(release.folder), "setting")
    return dict(zip(rows["name"].to_list(), rows["value"].to_list(), strict=True))


def minimum_cell(release: Release) -> int:
    """The smallest group that is shown; 10 where the release does not say."""
    return int(settings(release).get("minimum_cell", "10"))
