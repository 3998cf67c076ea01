"""Closed months: published again as they were, never under a smaller limit, and worked out anew only under a new definition."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from pipelines import closed_periods, publishing
from pipelines.assumptions import assumptions
from pipelines.settings import Settings

APRIL, MAY, TODAY = date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 15)


def told(settings: Settings) -> dict[str, str]:
    return {name: value for name, value, _ in assumptions(settings)}


def definitions(settings: Settings) -> dict[str, str]:
    return {m: closed_periods.definition(m, "1", told(settings)) for m in ("COV-02", "RCY-03")}


def row(metric_id: str, day: date, value: float | None, n: int | None = 40, **changes: object) -> dict[str, object]:
    plain = {"metric_id": metric_id, "metric_version": "1", "as_of": day, "cut": "company", "group_key": "company"}
    figures = {"second_key": "", "band": "", "unit": "share", "value": value, "n": n, "status": "shown"}
    return plain | figures | changes


def release(settings: Settings, name: str, as_of: date, rows: list[dict[str, object]]) -> None:
    """A release with no more in it than closed periods look at."""
    folder = settings.published / publishing.RELEASES / name
    folder.mkdir(parents=True)
    stated = told(settings) | {"as_of": as_of.isoformat()}
    pl.DataFrame({"name": list(stated), "value": list(stated.values())}).write_parquet(folder / "setting.parquet")
    pl.DataFrame(rows).write_parquet(folder / "metric.parquet")
    files = {p.name: {"sha256": publishing._digest(p.read_bytes())} for p in folder.iterdir()}
    manifest: dict[str, object] = {"files": files, "at": datetime(2026, 6, 15).isoformat()}
    manifest["checksum"] = publishing._digest(publishing._canonical(manifest))
    (folder / publishing.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def test_of_a_closed_month_the_first_published_figure_stays(home: Settings) -> None:
    release(
        home,
        "20260515T000000Z-a",
        date(2026, 5, 15),
        [row("COV-02", APRIL, 0.5), row("COV-02", date(2026, 5, 15), 0.6)],
    )
    release(
        home,
        "20260615T000000Z-b",
        TODAY,
        [row("COV-02", APRIL, 0.7), row("COV-02", MAY, 0.8), row("COV-02", TODAY, 0.9)],
    )
    closed_periods.record(home)
    found = closed_periods.on_record(home.home)
    assert dict(found.select("as_of", "value").iter_rows()) == {APRIL: 0.5, MAY: 0.8}
    assert [p.stem for p in closed_periods.records(home.home, before="20260601")] == ["20260515T000000Z-a"]


def test_recording_twice_changes_nothing_and_outlives_the_release(home: Settings) -> None:
    release(home, "20260515T000000Z-a", date(2026, 5, 15), [row("COV-02", APRIL, 0.5)])
    closed_periods.record(home)
    before = closed_periods.on_record(home.home)
    publishing.remove_folder(home.published / publishing.RELEASES / "20260515T000000Z-a")
    closed_periods.record(home)
    assert closed_periods.on_record(home.home).equals(before)


def test_another_target_is_another_definition_of_what_it_decides_only(home: Settings) -> None:
    release(home, "20260515T000000Z-a", date(2026, 5, 15), [row("COV-02", APRIL, 0.5), row("RCY-03", APRIL, 0.3)])
    closed_periods.record(home)
    closed = closed_periods.on_record(home.home)
    same, other = definitions(home), definitions(home.model_copy(update={"target_days": 150}))
    assert closed_periods.open_days(closed, same, [APRIL, TODAY]) == [TODAY]
    assert closed_periods.open_days(closed, other, [APRIL, TODAY]) == [APRIL, TODAY]
    assert same["COV-02"] == other["COV-02"]
    assert same["RCY-03"] != other["RCY-03"]


def test_the_smallest_group_can_only_rise_within_a_series(home: Settings) -> None:
    release(home, "20260515T000000Z-a", date(2026, 5, 15), [row("COV-02", APRIL, 0.5)])
    closed_periods.record(home)
    closed = closed_periods.on_record(home.home)
    for fine in ({"minimum_cell": 10}, {"minimum_cell": 12}, {"minimum_cell": 5, "release_series": "2"}):
        closed_periods.refuse_lower(closed, home.model_copy(update=fine))
    with pytest.raises(closed_periods.ThresholdError, match="minimum_cell is 9, but 10 in releases published before"):
        closed_periods.refuse_lower(closed, home.model_copy(update={"minimum_cell": 9}))
