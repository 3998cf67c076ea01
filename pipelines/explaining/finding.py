"""What a published release has to say about one metric: its definition, the group and day asked for, and the figures of both.

Reads the folder of a release and nothing else; how it is told belongs to `wording`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
from rapidfuzz import fuzz, process, utils

from pipelines import publishing

COMPANY = ("company", "company")
_NEAREST = 5
Row = Mapping[str, object]


class ExplainError(ValueError):
    """Something was asked for that the release does not have; the message names what there is."""


@dataclass(frozen=True)
class Group:
    """The whole company or one unit: `cut` and `key` as published, `label` for readers."""

    cut: str
    key: str
    label: str


@dataclass(frozen=True)
class Explained:
    """One metric for one group on one day; `cells` are its rows of ``published.metric``, one for each band.

    `settings` are name, value and description of the assumptions it rests on; `sources` the rows of its source contracts.
    `cuts` are those the metric is worked out in; `status_since` is what the newest day says of a group of which this day has
    no row.
    """

    definition: Row
    group: Group
    as_of: date
    cells: list[Row]
    cuts: list[str]
    status_since: str
    minimum: int
    settings: list[Row]
    sources: list[Row]


def current_release(published: Path) -> Path:
    """Folder of the release that readers see. Raises ExplainError where nothing has been published."""
    folder = publishing.current(published)
    if folder is None:
        raise ExplainError(
            f"There is no release in {published}. Run 'parley run', or name the installation with --home."
        )
    return folder


def definitions(folder: Path) -> dict[str, Row]:
    """Rows of the glossary by metric id, in the order of families and ids."""
    rows = _table(folder, "metric_definition").sort("family", "metric_id")
    return {str(row["metric_id"]): row for row in rows.iter_rows(named=True)}


def find(folder: Path, metric_id: str, unit: str | None = None, as_of: date | None = None) -> Explained:
    """The metric for the company or a unit (key, label or the beginning of one), on the newest day or `as_of`.

    Raises ExplainError for an unknown metric, unit or day, and where a beginning fits several units.
    """
    definition = definition_of(folder, metric_id)
    group = unit_of(folder, unit) if unit else Group(*COMPANY, "the whole company")
    day = day_of(folder, as_of)
    rows = _rows(folder, str(definition["metric_id"]))
    own = rows.filter(cut=group.cut, group_key=group.key, second_key="")
    newest = own.filter(pl.col("as_of") == pl.col("as_of").max())["status"].to_list()
    settings = _table(folder, "setting")
    return Explained(
        definition=definition,
        group=group,
        as_of=day,
        cells=sorted(own.filter(as_of=day).iter_rows(named=True), key=_by_band),
        cuts=sorted(rows["cut"].unique()),
        status_since=str(newest[0]) if newest else "",
        minimum=int(str(settings.filter(name="minimum_cell")["value"].item())),
        settings=_assumed(settings, _listed(definition, "assumptions")),
        sources=_delivering(folder, definition),
    )


def company_cells(folder: Path) -> dict[str, Row]:
    """The undivided figure of every metric for the whole company on the newest day, by metric id."""
    scan = pl.scan_parquet(folder / "metric.parquet").filter(cut=COMPANY[0], band="", second_key="")
    rows = scan.filter(pl.col("as_of") == pl.col("as_of").max()).collect()
    return {str(row["metric_id"]): row for row in rows.iter_rows(named=True)}


def definition_of(folder: Path, metric_id: str) -> Row:
    """The glossary row of an id, in any case of its letters. Raises ExplainError naming the nearest ids."""
    known = definitions(folder)
    if metric_id.strip().upper() in known:
        return known[metric_id.strip().upper()]
    near = _nearest(metric_id, {key: f"{key} {row['name']}" for key, row in known.items()})
    listed = "; ".join(f"{key} {known[key]['name']}" for key in near)
    raise ExplainError(f"There is no metric '{metric_id}'. Nearest: {listed}. 'parley explain' lists all.")


def day_of(folder: Path, asked: date | None) -> date:
    """The day asked for, or the newest. Raises ExplainError naming the days the release has figures of."""
    days: list[date] = sorted(
        pl.scan_parquet(folder / "metric.parquet").select(pl.col("as_of").unique()).collect()["as_of"], reverse=True
    )
    if not days:
        raise ExplainError("The release has no figures. Put exports into the landing folder and run 'parley run'.")
    if asked is None or asked in days:
        return asked or days[0]
    raise ExplainError(f"The release has no figures of {asked}. It has: {', '.join(map(str, days))}.")


def unit_of(folder: Path, asked: str) -> Group:
    """The unit of that key or label, or the only one that begins so. Raises ExplainError naming the candidates."""
    rows = _table(folder, "cut_group").filter(cut="org_unit").sort("position")
    labels: dict[str, str] = dict(zip(rows["group_key"], rows["label"], strict=True))
    parents: dict[str, str] = dict(zip(rows["group_key"], rows["parent_key"].fill_null(""), strict=True))
    wanted = asked.strip().casefold()
    names = {key: (key.casefold(), label.casefold()) for key, label in labels.items()}
    exact = [key for key, both in names.items() if wanted in both]
    found = exact or [key for key, both in names.items() if any(name.startswith(wanted) for name in both)]
    if len(found) == 1:
        return Group("org_unit", found[0], labels[found[0]])
    described = {
        key: f"{labels[key]} (key {key}{', in ' + labels[parents[key]] if parents[key] in labels else ''})"
        for key in labels
    }
    if found:
        listed = "; ".join(described[key] for key in found)
        raise ExplainError(f"'{asked}' fits {len(found)} units: {listed}. Give the whole label, or the key.")
    listed = "; ".join(described[key] for key in _nearest(asked, labels)) or "none"
    raise ExplainError(f"There is no unit '{asked}'. Nearest: {listed}.")


def _nearest(asked: str, names: Mapping[str, str]) -> list[str]:
    """Keys of `names` whose text is nearest to what was asked, best first."""
    found = process.extract(asked, names, scorer=fuzz.WRatio, processor=utils.default_process, limit=_NEAREST)
    return [key for _, _, key in found]


def _by_band(cell: Row) -> tuple[float, str]:
    """Bands of months from the shortest, then those in words."""
    months = re.match(r"\d+", str(cell["band"]))
    return (float(months[0]) if months else math.inf, str(cell["band"]))


def _rows(folder: Path, metric_id: str) -> pl.DataFrame:
    return pl.scan_parquet(folder / "metric.parquet").filter(metric_id=metric_id).collect()


def _assumed(settings: pl.DataFrame, names: Iterable[str]) -> list[Row]:
    """The settings of these names, and those of single stages whose names begin with one."""
    wanted = tuple(names)
    rows = settings.sort("name").iter_rows(named=True)
    return [row for row in rows if str(row["name"]).split(" ")[0] in wanted]


def _delivering(folder: Path, definition: Row) -> list[Row]:
    """The rows of ``published.source`` of the metric's source contracts, those that delivered a file first."""
    rows = _table(folder, "source").filter(pl.col("source").is_in(_listed(definition, "sources")))
    return list(rows.sort(pl.col("files") == 0, "source").iter_rows(named=True))


def _listed(definition: Row, field: str) -> list[str]:
    return [name for name in str(definition.get(field) or "").split(", ") if name]


def _table(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / f"{name}.parquet")
