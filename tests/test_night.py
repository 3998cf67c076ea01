"""What a finished night has published, accounted for and remembered, and that another one says the same."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines import contracts
from pipelines.cli import app
from pipelines.night import tonight
from pipelines.paths import CONTRACTS, PROJECT
from pipelines.publishing import attempts
from tests.runs import AS_OF, FinishedNight, carry_out, copied, events, fingerprints, manifest, release
from tests.traces import Identities, identities_in, traces_in

KNOWN = contracts.load_folder(CONTRACTS)
PUBLISHED = {name for name, contract in KNOWN.items() if contract.layer == "published"}
COUNTS = ("records", "header", "accepted", "quarantined")
ABOUT_FILES = {"source", "source_file", "quarantine_reason"}


def published(home: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(release(home) / f"{name}.parquet")


@pytest.fixture(scope="module")
def known(finished: FinishedNight) -> Identities:
    return identities_in(finished.home / "landing")


def checked(finished: FinishedNight) -> set[str]:
    """Tables under contract, but those of sources that have delivered nothing."""
    delivered = set(published(finished.home, "source_file")["source"])
    assert len(delivered) > 8
    return {
        c.table
        for c in KNOWN.values()
        if c.id not in ("check_result", "restatement")
        and (c.layer != "sources" or c.settings.get("filledBy", c.id) in delivered)
    }


def test_a_night_publishes_every_table_and_the_result_of_every_check(finished: FinishedNight) -> None:
    folder = release(finished.home)
    assert finished.outcome.release_id == folder.name
    assert {path.stem for path in folder.glob("*.parquet")} == PUBLISHED
    assert {name for name in PUBLISHED if published(finished.home, name).is_empty()} <= {
        "quarantine_reason",
        "restatement",
        # So few people have no model to judge.
        "model_fairness",
    }
    checks = published(finished.home, "check_result")
    assert set(checks["table_name"]) == checked(finished)
    assert checks.filter(~pl.col("is_passed") & (pl.col("severity") == "error")).is_empty()


def test_the_manifest_names_every_input_and_the_code(finished: FinishedNight) -> None:
    about = manifest(release(finished.home))
    assert about["inputs"] == finished.landing
    assert len(about["inputs"]) == 22
    assert about["code_version"] == tonight(finished.home, AS_OF).code_version
    assert about["as_of"] == AS_OF.isoformat()
    assert attempts(finished.home / "published")[-1].release_id == about["release_id"]


def test_a_night_leaves_the_landing_folder_as_it_was(finished: FinishedNight) -> None:
    assert fingerprints(finished.home / "landing") == finished.landing


def test_the_search_for_people_finds_them_where_they_are(finished: FinishedNight, known: Identities) -> None:
    workers = next((finished.home / "landing/hris/workday").glob("workers*.csv"))
    assert traces_in(workers.read_bytes(), known) == known.ids | known.emails | known.names
    assert min(len(known.ids), len(known.emails), len(known.names)) > 300


@pytest.mark.parametrize("folder", ["published", "dagster"])
def test_nothing_readers_or_operators_see_names_a_person(
    folder: str, finished: FinishedNight, known: Identities
) -> None:
    files = [path for path in (finished.home / folder).rglob("*") if path.is_file()]
    assert len(files) > 4
    for path in files:
        contents = [path.read_bytes()]
        if path.suffix == ".parquet":
            contents.append(pl.read_parquet(path).write_ndjson().encode())
        for content in contents:
            assert traces_in(content, known) == set(), path


def test_pages_of_the_checks_and_the_log_of_attempts_are_among_what_was_searched(finished: FinishedNight) -> None:
    folder = finished.home / "published"
    assert (folder / "attempts.jsonl").is_file()
    pages = {path.stem for path in (folder / "data_docs").glob("*.html")}
    assert pages == checked(finished) | {"index", "published.restatement"}


def test_dagster_shows_the_equation_of_every_file(finished: FinishedNight) -> None:
    shown: dict[str, tuple[int, ...]] = {}
    for event in events(finished.home):
        if event.event_type == dg.DagsterEventType.ASSET_MATERIALIZATION:
            table = event.materialization.metadata.get("files")
            if isinstance(table, dg.TableMetadataValue):
                shown |= {str(r.data["file"]): tuple(int(str(r.data[n])) for n in COUNTS) for r in table.records}
    files = published(finished.home, "source_file")
    assert shown == {path: tuple(counts) for path, *counts in files.select("path", *COUNTS).iter_rows()}
    assert shown.keys() == finished.landing.keys()
    assert all(records == header + accepted + aside > header for records, header, accepted, aside in shown.values())
    assert files["quarantined"].sum() > 0


def test_the_same_files_give_the_same_content_once_more_without_the_warehouse(
    finished: FinishedNight, tmp_path: Path
) -> None:
    home = copied(finished.home, tmp_path / "again")
    command = [sys.executable, "-m", "pipelines.cli", "run", "--home", str(home), "--as-of", AS_OF.isoformat()]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    first, second = manifest(release(finished.home)), manifest(release(home))
    assert first["release_id"] < second["release_id"]
    assert first["content_hash"] == second["content_hash"]
    assert second["release_id"] in done.stdout


def test_names_order_and_copies_of_files_change_no_number(finished: FinishedNight, tmp_path: Path) -> None:
    home = copied(finished.home, tmp_path / "renamed")
    workday, talks = home / "landing/hris/workday", home / "landing/conversations/talklog"
    for number, path in enumerate(sorted((home / "landing").rglob("*.*"), reverse=True)):
        os.utime(path, (number, number))
    (workday / "workers_20261031.csv").rename(workday / "workers all, second try 2026-10-31.csv")
    (workday / "leaves_20261031.csv").rename(workday / "leaves-20261031.csv")
    again = talks / "talks_sent_again_20261031.csv"
    again.write_bytes((talks / "talks_20261031.csv").read_bytes())
    assert carry_out(home).release_id
    copy = published(home, "source_file").filter(pl.col("path").str.ends_with(again.name))
    assert copy.select("status", "reason", "records", "accepted").rows() == [
        ("duplicate", "Same content as conversations/talklog/talks_20261031.csv; ignored.", 0, 0)
    ]
    for name in PUBLISHED - ABOUT_FILES - {"check_result", "restatement"}:
        assert published(home, name).equals(published(finished.home, name)), name
    about_files = pl.col("table_name").is_in([f"published.{name}" for name in ABOUT_FILES])
    checks = [published(at, "check_result").filter(~about_files) for at in (home, finished.home)]
    assert checks[0].equals(checks[1])


def test_a_second_run_at_the_same_time_is_refused_at_once_and_plainly(tmp_path: Path) -> None:
    first = tonight(tmp_path, AS_OF)
    first.con.execute("SELECT 1")
    started = time.perf_counter()
    second = CliRunner().invoke(app, ["run", "--home", str(tmp_path), "--as-of", AS_OF.isoformat()])
    seconds = time.perf_counter() - started
    first.close(succeeded=False)
    assert second.exit_code == 1
    assert "Another run is at work" in second.output
    assert "Wait for it to end, then run again." in " ".join(second.output.split())
    assert "Traceback" not in second.output
    assert seconds < 10
    assert not (tmp_path / "published").exists()
