"""A past figure worked out again from (day, knowledge, version), and a closed month that a late file changes in the open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipelines import ledger, rebuilding
from pipelines.definitions import defs
from pipelines.defs import execute
from pipelines.night import tonight
from pipelines.rebuilding import RebuildError
from pipelines.settings import for_home
from tests.runs import AS_OF, FinishedNight, carry_out, copied, manifest, release

LATE = "conversations/talklog/talks_20261030.csv"
HEADINGS = (
    "Record ID;Employee ID;Conversation date;With;Started by;Setting;Career content;Status;Partner ID;Channel;Minutes;"
    "Minutes basis;Topic;Support;Prepared;Useful;Logged on"
)
MONTH = date(2026, 8, 31)


@dataclass(frozen=True)
class TwoReleases:
    """One installation, its release before and after a late file arrived; both speak of the same day."""

    home: Path
    before: Path
    after: Path


@pytest.fixture(scope="module")
def told_twice(finished: FinishedNight, tmp_path_factory: pytest.TempPathFactory) -> TwoReleases:
    home = copied(finished.home, tmp_path_factory.mktemp("told_twice") / "home")
    before = release(home)
    workers = pl.read_csv(home / "landing/hris/workday/workers_20261031.csv", infer_schema=False)
    staff = workers.filter(pl.col("Worker_Status") == "Active", pl.col("Hire_Date") < "2026-01-01")["Employee_ID"][:60]
    lines = [
        f"LATE-{n};{id};15/07/2026;Mentor;Employee;Dedicated;Yes;Held;;;;;;;;;20/07/2026" for n, id in enumerate(staff)
    ]
    (home / "landing" / LATE).write_text("\n".join([HEADINGS, *lines]) + "\n", encoding="cp1252")
    outcome = carry_out(home)
    assert outcome.release_id, outcome.reason
    return TwoReleases(home, before, release(home))


def figure(folder: Path, metric_id: str, day: date) -> float:
    shown = pl.read_parquet(folder / "metric.parquet").filter(metric_id=metric_id, as_of=day, cut="company", band="")
    return float(shown["value"][0])


def test_a_late_file_restates_a_closed_month_in_the_open(told_twice: TwoReleases) -> None:
    changed = pl.read_parquet(told_twice.after / "restatement.parquet").filter(metric_id="COV-02", as_of=MONTH)
    before, now = figure(told_twice.before, "COV-02", MONTH), figure(told_twice.after, "COV-02", MONTH)
    # The published figure stays as it was; what it would be today stands beside it.
    assert now == before
    assert changed["value_before"].to_list() == [before]
    assert changed["value_now"][0] > before
    assert changed["difference"][0] == pytest.approx(changed["value_now"][0] - before)
    earlier = pl.read_parquet(told_twice.after / "restatement.parquet").filter(
        metric_id="COV-02", as_of=date(2026, 6, 30)
    )
    assert earlier["difference"].to_list() == [0.0]
    assert pl.read_parquet(told_twice.before / "restatement.parquet").is_empty()


def test_the_release_of_before_is_met_again_although_more_is_known_now(told_twice: TwoReleases, tmp_path: Path) -> None:
    settings = for_home(told_twice.home)
    past = rebuilding.of_release(settings, told_twice.before.name)
    assert LATE not in past.inputs
    rebuilding.stage(past, settings, tmp_path / "again")
    night, steps = tonight(tmp_path / "again", past.as_of, past.accepted), list[str]()
    night.on_step = steps.append
    assert execute.run(night, defs).release_id
    assert len(steps) == execute.steps(night, defs)
    again = release(tmp_path / "again")
    assert manifest(again)["content_hash"] == manifest(told_twice.before)["content_hash"]
    assert manifest(again)["content_hash"] != manifest(told_twice.after)["content_hash"]
    verdict = rebuilding.verdict(past, past.code_version, tmp_path / "again" / "published")
    assert verdict.is_equal
    assert (
        rebuilding.verdict(rebuilding.of_release(settings, told_twice.after.name), "", tmp_path / "again/published")
        != verdict
    )


def test_what_had_been_seen_by_a_moment_is_known(told_twice: TwoReleases, tmp_path: Path) -> None:
    settings = for_home(told_twice.home)
    first, second = (datetime.fromisoformat(manifest(r)["knowledge_at"]) for r in (told_twice.before, told_twice.after))
    assert LATE not in rebuilding.of_moment(settings, AS_OF, first).inputs
    assert rebuilding.of_moment(settings, AS_OF, first).inputs == manifest(told_twice.before)["inputs"]
    assert rebuilding.of_moment(settings, AS_OF, second).inputs == manifest(told_twice.after)["inputs"]
    with pytest.raises(RebuildError, match="No export had been seen"):
        rebuilding.of_moment(settings, AS_OF, first - timedelta(seconds=1))


def test_an_export_edited_since_stops_the_rebuilding_and_is_named(told_twice: TwoReleases, tmp_path: Path) -> None:
    home = copied(told_twice.home, tmp_path / "home")
    past = rebuilding.of_release(for_home(home), told_twice.after.name)
    with (home / "landing" / LATE).open("a") as file:
        file.write("\n")
    with pytest.raises(RebuildError, match=rf"1 of the \d+ files of then were edited or removed since: {LATE}"):
        rebuilding.stage(past, for_home(home), tmp_path / "again")
    with pytest.raises(RebuildError, match="no intact release"):
        rebuilding.of_release(for_home(home), "20200101T000000Z-nobody")


def test_an_arrival_is_on_record_once_and_a_cut_line_is_written_again(tmp_path: Path) -> None:
    first, later = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    assert ledger.record_arrivals(tmp_path, {"hris/a.csv": "1", "hris/b.csv": "2"}, first) == 2
    log = tmp_path / "ledger/arrivals.jsonl"
    log.write_bytes(log.read_bytes()[:-20])
    assert [a.path for a in ledger.arrivals(tmp_path)] == ["hris/a.csv"]
    assert ledger.record_arrivals(tmp_path, {"hris/a.csv": "1", "hris/b.csv": "2"}, later) == 1
    assert ledger.record_arrivals(tmp_path, {"hris/a.csv": "9", "hris/b.csv": "2"}, later) == 1
    arrived = ledger.arrivals(tmp_path)
    assert [(a.path, a.sha256, a.seen_at) for a in arrived] == [
        ("hris/a.csv", "1", first),
        ("hris/b.csv", "2", later),
        ("hris/a.csv", "9", later),
    ]
    assert ledger.known_at(arrived, first) == {"hris/a.csv": "1"}
    assert ledger.known_at(arrived, later) == {"hris/a.csv": "9", "hris/b.csv": "2"}
    assert ledger.altered(arrived, {"hris/a.csv": "9", "hris/b.csv": "2"}) == ["hris/a.csv"]
    assert ledger.altered(arrived, {"hris/a.csv": "1"}) == ["hris/b.csv"]


def test_an_overlay_is_kept_as_it_was_when_it_is_edited(tmp_path: Path) -> None:
    old = ledger.keep_overlay(tmp_path, b"of: workday__worker")
    new = ledger.keep_overlay(tmp_path, b"of: parley__worker")
    assert old != new
    assert ledger.kept_overlay(tmp_path, old).read_bytes() == b"of: workday__worker"
    assert ledger.kept_overlay(tmp_path, new).read_bytes() == b"of: parley__worker"
