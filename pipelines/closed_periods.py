"""Figures of closed periods as they were first published: kept on record, and published again as they were.

A month end that a release has spoken of is closed. What arrives later changes no figure of it: two versions of one figure, side by
side, would tell what the late records said of single people. `restatement` says openly how far the company's figures moved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import polars as pl

from pipelines import ledger, publishing
from pipelines.assumptions import assumptions
from pipelines.defining import DECIDING
from pipelines.settings import Settings
from pipelines.tables import Table

FOLDER = "closed"
KEY = ("metric_id", "definition", "as_of")


class ThresholdError(ValueError):
    """Groups would be shown that are smaller than those ever shown before."""


def record(settings: Settings) -> None:
    """Put the closed figures of every release on record that are not yet. Raises OSError on a full disk."""
    folder = settings.home / ledger.FOLDER / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for release in sorted((settings.published / publishing.RELEASES).glob("[!.]*")):
        target = folder / f"{release.name}.parquet"
        if not target.exists() and publishing.is_intact(release):
            part = target.with_suffix(".part")
            _closed(release, on_record(settings.home)).write_parquet(part)
            part.replace(target)


def records(home: Path, before: str = "~") -> list[Path]:
    """The files of closed figures, one for each release with an id before `before`, oldest first."""
    return [p for p in sorted((home / ledger.FOLDER / FOLDER).glob("*.parquet")) if p.stem < before]


def on_record(home: Path) -> pl.DataFrame:
    """All closed figures of releases: the columns of published.metric, `definition` and `smallest`.

    Of a figure that two releases state, the first counts. `smallest` is the size of the smallest group that was shown.
    """
    kept: list[pl.DataFrame] = []
    for frame in map(pl.read_parquet, records(home)):
        known = pl.concat([k.select(KEY).unique() for k in kept]) if kept else frame.select(KEY).clear()
        kept.append(frame.join(known, on=KEY, how="anti"))
    return pl.concat(kept, how="diagonal_relaxed") if kept else pl.DataFrame(schema=dict.fromkeys(KEY, pl.String))


def refuse_lower(closed: pl.DataFrame, settings: Settings) -> None:
    """Raise ThresholdError where a smaller group would be shown than the releases of this series have shown."""
    if not closed.height:
        return
    ours = closed.filter(pl.col("series") == settings.release_series)
    highest = ours["smallest"].max() if ours.height else None
    if isinstance(highest, int) and settings.minimum_cell < highest:
        raise ThresholdError(
            f"minimum_cell is {settings.minimum_cell}, but {highest} in releases published before, and it can only rise:"
            " smaller groups would tell what the larger ones hid. Set it back, or begin a new series on purpose with"
            " release_series; periods closed by then stay as they were."
        )


def definition(metric_id: str, version: str, told: Mapping[str, str]) -> str:
    """What decides a figure besides the data: the version of its definition and the assumptions it rests on.

    `told` are the assumptions of a run by name, as published.setting has them.
    """
    names = DECIDING.get(metric_id, ())
    assumed = [
        f"{n}={told[n]}" for n in sorted(told) if n in names or n.startswith(tuple(f"{name} " for name in names))
    ]
    return "; ".join([version, *assumed])


def definitions(tables: Mapping[str, Table], settings: Settings) -> dict[str, str]:
    """The definition in force of every metric, by its id."""
    told = {name: value for name, value, _ in assumptions(settings)}
    headers = (t.header for t in tables.values() if t.schema == "metrics")
    return {h["metric_id"]: definition(h["metric_id"], h["version"], told) for h in headers}


def open_days(closed: pl.DataFrame, defined: Mapping[str, str], days: Iterable[date]) -> list[date]:
    """The days of which at least one metric, by id in `defined` with its definition, has no closed figures."""
    done = closed.select(KEY).unique().rows() if closed.height else []
    count = Counter(day for metric_id, definition, day in done if defined.get(metric_id) == definition)
    return [day for day in days if count[day] < len(defined)]


def _closed(release: Path, known: pl.DataFrame) -> pl.DataFrame:
    told = dict(pl.read_parquet(release / "setting.parquet").select("name", "value").iter_rows())
    as_of = date.fromisoformat(told["as_of"])
    is_closed = (pl.col("as_of") < as_of) & (pl.col("as_of").dt.month_end() == pl.col("as_of"))
    rows = pl.read_parquet(release / "metric.parquet").filter(is_closed)
    names = rows.select("metric_id", "metric_version").iter_rows()
    defined = [definition(metric_id, version, told) for metric_id, version in names]
    stated = rows.with_columns(
        pl.Series("definition", defined, pl.String),
        pl.lit(int(told["minimum_cell"]), pl.Int64).alias("smallest"),
        pl.lit(told.get("release_series", "")).alias("series"),
    )
    return stated.join(known.select(KEY).unique(), on=KEY, how="anti") if known.height else stated
