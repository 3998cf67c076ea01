"""The only module of the dashboard that opens Parquet: figures of groups, shared by all readers, and lists of names, not.

What is cached for everybody is chosen by release and parameters alone; nothing here knows who asks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import polars as pl
import streamlit as st

from dashboards.access.denials import ListError

SCOPE_COLUMNS: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "viewer_key": pl.String,
    "role": pl.String,
    "org_unit_key": pl.String,
    "valid_from": pl.Date,
    "valid_to": pl.Date,
}
# Names of a list entry are all it may say of a person: a column more is a score, or will be one some day.
ENTRY_COLUMNS: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "worker_ref": pl.String,
    "name": pl.String,
    "role": pl.String,
    "unit": pl.String,
    "band": pl.String,
    "reasons": pl.List(pl.String),
    "suggested_start": pl.String,
    "data_date": pl.Date,
}
# What a reviewer needs besides: which entry it is, the unit it is reviewed in, and the leaders who would get it.
REVIEW_COLUMNS: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "worker_ref": pl.String,
    "entry": pl.String,
    "unit_key": pl.String,
    "unit": pl.String,
    "leaders": pl.List(pl.String),
}
_FIGURE_COLUMNS = (
    "metric_id",
    "as_of",
    "cut",
    "group_key",
    "second_key",
    "band",
    "unit",
    "value",
    "lo",
    "hi",
    "n",
    "known_share",
    "bound_lo",
    "bound_hi",
    "status",
    "is_flagged",
)
BANDS = ("talk_first", "talk_soon", "in_rhythm")
_SCOPES = "access_scope"
_MOST_REASONS = 3


@st.cache_data(show_spinner=False, max_entries=64)
def table(release_folder: str, name: str) -> pl.DataFrame:
    """A small published table whole. Raises OSError or PolarsError where the file cannot be read."""
    return pl.read_parquet(Path(release_folder) / f"{name}.parquet")


@st.cache_data(show_spinner=False, max_entries=256)
def figures(
    release_folder: str, ids: tuple[str, ...], cut: str, keys: tuple[str, ...], second: str | None
) -> pl.DataFrame:
    """Rows of the metrics `ids` in a cut; of the groups `keys` (none: of all) and, unless None, of a second key."""
    rows = pl.scan_parquet(Path(release_folder) / "metric.parquet").filter(
        pl.col("metric_id").is_in(ids) & (pl.col("cut") == cut)
    )
    if keys:
        rows = rows.filter(pl.col("group_key").is_in(keys))
    if second is not None:
        rows = rows.filter(pl.col("second_key") == second)
    return rows.select(_FIGURE_COLUMNS).sort("metric_id", "as_of", "group_key", "second_key", "band").collect()


@st.cache_data(show_spinner=False, max_entries=16)
def company(release_folder: str) -> pl.DataFrame:
    """Rows of every metric for the whole company."""
    rows = pl.scan_parquet(Path(release_folder) / "metric.parquet").filter(pl.col("cut") == "company")
    return rows.select(_FIGURE_COLUMNS).collect()


@st.cache_data(show_spinner=False, max_entries=16)
def keys(release_folder: str, cut: str) -> pl.DataFrame:
    """The keys of the groups of a cut that have any figure, in the one column `group_key`."""
    rows = pl.scan_parquet(Path(release_folder) / "metric.parquet").filter(pl.col("cut") == cut)
    return rows.select(pl.col("group_key").unique()).collect()


def scopes(release_folder: Path) -> pl.DataFrame | None:
    """Who may see what, as published with the release; None where that was not published. Raises ListError."""
    folder = scope_folder(release_folder)
    return _scopes(folder) if (folder / f"{_SCOPES}.parquet").is_file() else None


def scope_folder(release_folder: Path) -> Path:
    """Where scopes and lists of a release lie: ``published/scopes/<release>/``, apart from the figures."""
    return release_folder.parents[1] / "scopes" / release_folder.name


@lru_cache(maxsize=4)
def _scopes(folder: Path) -> pl.DataFrame:
    return _checked(folder, _SCOPES, SCOPE_COLUMNS)


def entries(release_folder: Path, viewer_key: str) -> pl.DataFrame:
    """The list of one viewer, empty where there is none; read anew each time. Raises ListError."""
    folder = scope_folder(release_folder)
    if not (folder / f"{viewer_key}.parquet").is_file():
        return pl.DataFrame(schema=ENTRY_COLUMNS)
    rows = _checked(folder, viewer_key, ENTRY_COLUMNS)
    if sum(rows.null_count().row(0)) or not set(rows["band"]) <= set(BANDS):
        raise ListError("it has a gap or an unknown band")
    if any(len(reasons) > _MOST_REASONS for reasons in rows["reasons"]):
        raise ListError("it gives more than three reasons for somebody")
    return rows


def reviewed(release_folder: Path, viewer_key: str) -> pl.DataFrame:
    """What goes with the list of a reviewer (REVIEW_COLUMNS), empty where there is none. Raises ListError."""
    folder = scope_folder(release_folder)
    if not (folder / f"review-{viewer_key}.parquet").is_file():
        return pl.DataFrame(schema=REVIEW_COLUMNS)
    return _checked(folder, f"review-{viewer_key}", REVIEW_COLUMNS)


def refusal(release_folder: Path) -> str:
    """Why the release has no lists, in words; empty where it may have them."""
    try:
        told = json.loads((scope_folder(release_folder) / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(told.get("refusal", "")) if isinstance(told, dict) else ""


def _checked(folder: Path, name: str, columns: Mapping[str, pl.DataType | type[pl.DataType]]) -> pl.DataFrame:
    path = folder / f"{name}.parquet"
    try:
        listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"][path.name]["sha256"]
        content = path.read_bytes()
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise ListError("it is not in the manifest of its release") from fault
    # The bytes that were checked are the bytes that are read.
    if hashlib.sha256(content).hexdigest() != listed:
        raise ListError("it is not the file that was published")
    rows = pl.read_parquet(content)
    if dict(rows.schema) != dict(columns):
        raise ListError("it has other columns than agreed")
    return rows
