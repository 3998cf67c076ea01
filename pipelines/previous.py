"""What the last release said about itself, read back from the published folder."""

from datetime import date
from pathlib import Path

import polars as pl

from pipelines import publishing
from pipelines.reference import PreviousRelease


def previous_release(published: Path) -> PreviousRelease | None:
    """As-of date and head-count of the release readers see now; None before the first one."""
    folder = publishing.current(published)
    if folder is None:
        return None
    settings = dict(pl.read_parquet(folder / "setting.parquet").select("name", "value").iter_rows())
    return PreviousRelease(date.fromisoformat(settings["as_of"]), int(settings["headcount"]))
