"""Which release is shown: only intact ones, the newest first, read once; and what the scan may cost."""

from __future__ import annotations

import json
import shutil
import time
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
import streamlit as st

from dashboards.data import Selection, cell, earlier_date, history, matrix
from dashboards.groups import groups
from dashboards.release import LATER_TABLES, TABLES, Release, find_published
from tests.dashboards.release import AS_OF, RELEASE_ID, Tables, release_tables, write_published, write_release


@pytest.fixture
def folder(published: Path, tmp_path: Path) -> Path:
    st.cache_data.clear()
    return Path(shutil.copytree(published, tmp_path / "copy"))


def release_of(folder: Path) -> Release:
    found = find_published(folder).release
    assert found is not None
    return found


def test_the_release_carries_what_its_manifest_says(folder: Path) -> None:
    found = release_of(folder)
    assert (found.id, found.as_of, found.code_version, found.content_hash) == (RELEASE_ID, AS_OF, "0.1.0", "5f2c")


@pytest.mark.parametrize("table", [*TABLES, *LATER_TABLES])
def test_any_changed_byte_of_any_table_is_noticed(folder: Path, table: str) -> None:
    path = folder / "releases" / RELEASE_ID / f"{table}.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    found = find_published(folder)
    assert found.release is None
    assert found.faults[0].reason == f"{table}.parquet is not the file that was published"


def test_a_missing_table_and_a_pointer_to_nothing_are_faults(folder: Path) -> None:
    (folder / "releases" / RELEASE_ID / "setting.parquet").unlink()
    assert find_published(folder).faults[0].reason == "setting.parquet is missing"
    (folder / "CURRENT").write_text("gone", encoding="utf-8")
    assert [f.release_id for f in find_published(folder).faults] == ["gone", RELEASE_ID]


def test_without_a_pointer_the_newest_intact_release_is_found(folder: Path) -> None:
    earlier = AS_OF - timedelta(days=3)
    write_release(folder, "older", earlier, release_tables(earlier))
    (folder / "CURRENT").unlink()
    assert release_of(folder).id == RELEASE_ID


def test_a_log_line_cut_off_while_written_is_left_out(folder: Path) -> None:
    before = len(find_published(folder).attempts)
    with (folder / "attempts.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"at": "2026-11-23T02:14:00", "sta')
    assert len(find_published(folder).attempts) == before


def test_runs_with_and_without_time_zone_sort_together(folder: Path) -> None:
    with (folder / "attempts.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"at": "2026-11-23T02:14:00+00:00", "status": "failed", "reason": "x"}) + "\n")
    assert [a.reason for a in find_published(folder).failures_since()] == ["x"]


@pytest.mark.parametrize(
    ("selection", "cut", "keys"),
    [
        (Selection(), "company", ("company", "")),
        (Selection(stage="growing"), "career_stage", ("growing", "")),
        (Selection(org="LEG"), "org_unit", ("LEG", "")),
        (Selection(org="LEG", stage="growing"), "org_unit_career_stage", ("LEG", "growing")),
    ],
)
def test_every_combination_of_filters_is_one_published_cut(
    folder: Path, selection: Selection, cut: str, keys: tuple[str, str]
) -> None:
    rows = history(release_of(folder), selection, ["COV-02"])
    assert rows.height == 25
    assert set(rows["cut"]) == {cut}
    assert set(rows.select("group_key", "second_key").iter_rows()) == {keys}


def test_the_matrix_holds_the_release_date_only_and_only_the_units_asked_for(folder: Path) -> None:
    rows = matrix(release_of(folder), "COV-02", ("LEG", "OPS"))
    assert set(rows["as_of"]) == {AS_OF}
    assert set(rows.filter(pl.col("cut").str.starts_with("org"))["group_key"]) == {"LEG", "OPS"}
    assert set(matrix(release_of(folder), "COV-02", ())["cut"]) == {"company", "career_stage"}


def test_change_is_told_from_the_month_end_nearest_to_three_months_before(folder: Path) -> None:
    rows = history(release_of(folder), Selection(), ["COV-02"])
    assert earlier_date(rows, AS_OF) == date(2026, 8, 31)
    assert earlier_date(rows.filter(pl.col("as_of") == AS_OF), AS_OF) is None


def test_a_cell_without_a_row_is_absent_not_zero(folder: Path) -> None:
    rows = history(release_of(folder), Selection(), ["COV-02"])
    assert cell(rows, "RCY-08", AS_OF).status == "absent"


def test_a_single_top_unit_is_the_company_and_names_of_siblings_stay_apart(tmp_path: Path) -> None:
    def same_name(tables: Tables) -> None:
        for row in tables["cut_group"]:
            if row["group_key"] == "CC2":
                row["label"] = "Tier 1"

    st.cache_data.clear()
    tree = groups(release_of(write_published(tmp_path / "p", same_name)))
    assert "ROOT" not in tree.units
    assert tree.choices["Customer Care › Tier 1"] == "CC1"
    assert tree.choices["Customer Care › Tier 1 (CC2)"] == "CC2"
    assert tree.choice("CC2") == "Customer Care › Tier 1 (CC2)"
    assert set(tree.children("CC")) == {"CC1", "CC2", "CC3"}


def test_units_that_enclose_each_other_do_not_hang_the_page(tmp_path: Path) -> None:
    def cycle(tables: Tables) -> None:
        for row in tables["cut_group"]:
            row["parent_key"] = {"LEG": "LEG1", "LEG1": "LEG"}.get(row["group_key"], row.get("parent_key"))

    st.cache_data.clear()
    tree = groups(release_of(write_published(tmp_path / "p", cycle)))
    assert "LEG" not in tree.units
    assert "OPS" in tree.units


def test_half_a_million_rows_are_scanned_in_well_under_half_a_second(tmp_path: Path) -> None:
    def grow(tables: Tables) -> None:
        extra = [r for r in tables["metric"] if r["cut"] == "org_unit_career_stage"]
        for copy in range(7):
            tables["metric"] += [r | {"group_key": f"{r['group_key']}-{copy}"} for r in extra]

    st.cache_data.clear()
    release = release_of(write_published(tmp_path / "p", grow))
    assert pl.scan_parquet(release.folder / "metric.parquet").select(pl.len()).collect().item() > 500_000
    started = time.process_time()
    history(release, Selection(org="LEG"), ["COV-02", "RCY-01"])
    matrix(release, "COV-02", ("LEG", "OPS", "FS"))
    # CPU time over both cores; the wall time a reader waits is about half of it.
    assert time.process_time() - started < 1.0
