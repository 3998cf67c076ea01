"""What the last release said about itself, read back from the published folder."""

from datetime import date
from pathlib import Path

import polars as pl

from pipelines import publishing
from pipelines.reference import FIGURE, PreviousRelease


def previous_release(published: Path) -> PreviousRelease | None:
    """As-of date, head-count and closed figures of the release readers see now; None before the first one."""
    folder = publishing.current(published)
    if folder is None:
        return None
    settings = dict(pl.read_parquet(folder / "setting.parquet").select("name", "value").iter_rows())
    as_of = date.fromisoformat(settings["as_of"])
    return PreviousRelease(as_of, int(settings["headcount"]), _closed_figures(folder, as_of))


def _closed_figures(folder: Path, as_of: date) -> pl.DataFrame:
    told = (pl.col("cut") == "company") & (pl.col("as_of") < as_of) & pl.col("value").is_not_null()
    return pl.scan_parquet(folder / "metric.parquet").filter(told).select(FIGURE.names()).collect().cast(FIGURE)
