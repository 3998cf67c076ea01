"""Releases under kills, damage and repetition: a reader always finds a whole one, and equal content an equal hash.

Nothing here may touch a frame at import: the writer that is killed is forked, and Polars' threads do not survive that.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.contracts import Contract, load_folder
from pipelines.paths import CONTRACTS
from pipelines.publishing import (
    KEPT_ATTEMPTS,
    Attempt,
    PublishError,
    Release,
    attempts,
    current,
    durable_files,
    is_intact,
    publish,
    record_attempt,
    sweep,
)

TYPES: dict[str, Any] = {
    "string": pl.String,
    "date": pl.Date,
    "integer": pl.Int64,
    "number": pl.Float64,
    "boolean": pl.Boolean,
}
NIGHT = date(2026, 11, 22)


@cache
def contracts() -> dict[str, Contract]:
    return load_folder(CONTRACTS / "published")


def frames(value: float = 0.5, rows: int = 200) -> dict[str, pl.DataFrame]:
    """Empty tables but for the metrics, of which every value is `value`."""
    tables = {
        name: pl.DataFrame(schema={column.name: TYPES[column.kind] for column in contract.columns})
        for name, contract in contracts().items()
    }
    metric = {name: [None] * rows for name in tables["metric"].columns} | {
        "metric_id": ["COV-02"] * rows,
        "metric_version": ["1"] * rows,
        "as_of": [NIGHT - timedelta(days=day) for day in range(rows)],
        "cut": ["company"] * rows,
        "group_key": ["company"] * rows,
        "second_key": [""] * rows,
        "band": [""] * rows,
        "unit": ["share"] * rows,
        "value": [value] * rows,
        "n": [40] * rows,
        "status": ["shown"] * rows,
        "is_flagged": [False] * rows,
    }
    return tables | {"metric": pl.DataFrame(metric, schema=tables["metric"].schema)}


def release(number: int = 1) -> Release:
    known = datetime(2026, 11, 22, 2, 14, tzinfo=UTC)
    return Release(f"20261122T{number:06d}Z-3f2a91", NIGHT, known, "0.1.0", {"hris/workers.csv": "ab" * 32})


def publish_one(published: Path, number: int = 1, value: float | None = None, keep: int = 5) -> Path:
    return publish(frames(number if value is None else value), release(number), published, contracts(), keep)


def manifest(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return content


def value_in(folder: Path) -> float:
    values = pl.read_parquet(folder / "metric.parquet")["value"].unique().to_list()
    assert len(values) == 1
    return float(values[0])


def test_a_release_holds_every_table_as_its_contract_says(tmp_path: Path) -> None:
    folder = publish_one(tmp_path)
    assert folder == current(tmp_path) == tmp_path / "releases" / release().release_id
    assert (tmp_path / "CURRENT").read_text(encoding="utf-8") == release().release_id
    assert {path.name for path in folder.iterdir()} == {*(f"{name}.parquet" for name in contracts()), "manifest.json"}
    for name, contract in contracts().items():
        table = pl.read_parquet(folder / f"{name}.parquet")
        assert table.columns == [column.name for column in contract.columns]
    metric = pl.read_parquet(folder / "metric.parquet")
    assert metric.equals(metric.sort(contracts()["metric"].primary_key))


def test_the_manifest_states_origin_and_every_file(tmp_path: Path) -> None:
    found = manifest(publish_one(tmp_path))
    assert (found["release_id"], found["as_of"], found["code_version"]) == (release().release_id, "2026-11-22", "0.1.0")
    assert found["knowledge_at"] == "2026-11-22T02:14:00+00:00"
    assert found["inputs"] == {"hris/workers.csv": "ab" * 32}
    assert found["files"]["metric.parquet"]["rows"] == 200
    assert set(found["files"]) == {f"{name}.parquet" for name in contracts()}


def test_equal_content_has_an_equal_hash_whatever_the_run_and_row_order(tmp_path: Path) -> None:
    first = manifest(publish_one(tmp_path / "a", 1, 0.5))
    shuffled = frames(0.5) | {
        "metric": frames(0.5)["metric"].sample(fraction=1, shuffle=True, seed=3).select(pl.all().reverse())
    }
    later = replace(release(2), knowledge_at=datetime(2027, 1, 1, tzinfo=UTC), code_version="9")
    second = manifest(publish(shuffled, later, tmp_path / "b", contracts(), 5))
    assert first["content_hash"] == second["content_hash"]


def test_any_changed_number_changes_the_hash(tmp_path: Path) -> None:
    one_changed = frames(0.5)
    value = pl.when(pl.int_range(pl.len()) == 7).then(0.5 + 2**-52).otherwise("value").alias("value")
    one_changed["metric"] = one_changed["metric"].with_columns(value)
    before = manifest(publish_one(tmp_path / "a", 1, 0.5))["content_hash"]
    assert manifest(publish(one_changed, release(), tmp_path / "b", contracts(), 5))["content_hash"] != before


def test_the_same_release_again_changes_nothing(tmp_path: Path) -> None:
    folder = publish_one(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert publish_one(tmp_path) == folder
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_an_old_release_again_does_not_take_readers_back(tmp_path: Path) -> None:
    publish_one(tmp_path, 1)
    newer = publish_one(tmp_path, 2)
    publish_one(tmp_path, 1)
    assert current(tmp_path) == newer


def test_a_release_id_is_never_given_to_other_content(tmp_path: Path) -> None:
    publish_one(tmp_path, 1, 0.5)
    with pytest.raises(PublishError, match="exists with other content"):
        publish_one(tmp_path, 1, 0.6)


@pytest.mark.parametrize("name", ["../up", "", ".hidden", "a/b", "a b"])
def test_a_release_id_is_a_plain_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(PublishError, match="cannot name a release"):
        publish(frames(), replace(release(), release_id=name), tmp_path, contracts(), 5)


def with_metric(*expressions: pl.Expr) -> dict[str, pl.DataFrame]:
    tables = frames()
    return tables | {"metric": tables["metric"].with_columns(*expressions)}


@pytest.mark.parametrize(
    ("tables", "fault"),
    [
        (lambda: frames() | {"salary": pl.DataFrame({"who": ["a"]})}, "'salary' is not under contract"),
        (lambda: {name: frame for name, frame in frames().items() if name != "source"}, "'source' is missing"),
        (lambda: with_metric(pl.lit(3).alias("people")), "in 'people'"),
        (lambda: frames() | {"metric": frames()["metric"].drop("hi")}, "in 'hi'"),
        (lambda: with_metric(pl.col("n").cast(pl.Int32)), "in 'n'"),
        (lambda: with_metric(pl.lit(None, pl.String).alias("status")), "without 'status'"),
        (lambda: with_metric(pl.lit(NIGHT).alias("as_of")), "two rows with the same metric_id"),
        (lambda: with_metric(pl.when(pl.int_range(pl.len()) == 3).then(4).otherwise("n").alias("n")), "fewer than 5"),
    ],
)
def test_what_breaks_its_contract_is_refused_and_the_old_release_stays(
    tmp_path: Path, tables: Callable[[], dict[str, pl.DataFrame]], fault: str
) -> None:
    before = publish_one(tmp_path, 1)
    with pytest.raises(PublishError, match=fault):
        publish(tables(), release(2), tmp_path, contracts(), 5)
    assert current(tmp_path) == before
    assert [path.name for path in (tmp_path / "releases").iterdir()] == [before.name]


def test_few_records_are_not_few_people(tmp_path: Path) -> None:
    about_rules = with_metric(pl.lit("rule").alias("cut"), pl.lit(1, pl.Int64).alias("n"))
    assert publish(about_rules, release(), tmp_path, contracts(), 5).is_dir()


def test_no_release_is_none(tmp_path: Path) -> None:
    assert current(tmp_path / "nothing") is None
    assert attempts(tmp_path / "nothing") == []


def damage(path: Path, kind: int, rng: random.Random) -> None:
    content = bytearray(path.read_bytes())
    place = rng.randrange(len(content))
    if kind == 0:
        content[place] ^= 1 << rng.randrange(8)
    elif kind == 1:
        del content[place:]
    elif kind == 2:
        content[place : place + 64] = bytes(64) if any(content[place : place + 64]) else b"\x01"
    else:
        path.unlink()
        return
    path.write_bytes(content)


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_release_is_never_served(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    older = publish_one(tmp_path, 1)
    newer = publish_one(tmp_path, 2)
    damage(rng.choice(sorted(newer.iterdir())), seed % 4, rng)
    assert not is_intact(newer)
    assert current(tmp_path) == older
    assert publish_one(tmp_path, 2) == current(tmp_path) == newer


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"20991231T000000Z-000000", b"../releases", b"\x00"])
def test_a_damaged_pointer_falls_back_to_the_newest_release(tmp_path: Path, content: bytes) -> None:
    publish_one(tmp_path, 1)
    newest = publish_one(tmp_path, 2)
    (tmp_path / "CURRENT").write_bytes(content)
    assert current(tmp_path) == newest


@pytest.mark.parametrize("content", ["[]", "{}", "null", '{"files": 3}', '{"files": {"a": 1}, "checksum": 1}', "{", ""])
def test_a_manifest_of_another_shape_is_damage(tmp_path: Path, content: str) -> None:
    folder = publish_one(tmp_path)
    (folder / "manifest.json").write_text(content, encoding="utf-8")
    assert current(tmp_path) is None


@pytest.mark.parametrize(("stated", "forged"), [("2026-11-22", "2026-11-23"), ("0.1.0", "0.1.1"), ("abab", "cdcd")])
def test_a_manifest_with_another_date_or_origin_is_damage(tmp_path: Path, stated: str, forged: str) -> None:
    older, newer = publish_one(tmp_path, 1), publish_one(tmp_path, 2)
    text = (newer / "manifest.json").read_text(encoding="utf-8")
    (newer / "manifest.json").write_text(text.replace(stated, forged, 1), encoding="utf-8")
    assert current(tmp_path) == older


def test_sweeping_keeps_the_newest_and_the_current_release(tmp_path: Path) -> None:
    folders = [publish_one(tmp_path, number, keep=9) for number in range(1, 6)]
    (tmp_path / "CURRENT").write_text(folders[0].name, encoding="utf-8")
    (tmp_path / "releases" / ".building-x").mkdir()
    (tmp_path / "releases" / ".removing-y").mkdir()
    (tmp_path / ".temporary-CURRENT").touch()
    sweep(tmp_path, 2)
    assert sorted(path.name for path in (tmp_path / "releases").iterdir()) == [folders[i].name for i in (0, 3, 4)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["CURRENT", "releases"]


def test_keeping_no_release_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="At least one release"):
        publish_one(tmp_path, keep=0)
    assert list(tmp_path.iterdir()) == []


def attempt(number: int, **changes: Any) -> Attempt:
    at = datetime(2026, 11, 22, 2, 0, tzinfo=UTC) + timedelta(days=number)
    return replace(Attempt(at, at.date(), "succeeded", f"r{number}", "", "", 12.5), **changes)


def test_attempts_are_kept_in_order_and_the_oldest_go(tmp_path: Path) -> None:
    (tmp_path / "attempts.jsonl").write_text("", encoding="utf-8")
    record_attempt(tmp_path, attempt(0))
    line = (tmp_path / "attempts.jsonl").read_text(encoding="utf-8")
    (tmp_path / "attempts.jsonl").write_text(line * KEPT_ATTEMPTS, encoding="utf-8")
    failed = attempt(1, status="failed", release_id=None, stopped_at="hris", reason="Column 'Employee ID' is missing")
    record_attempt(tmp_path, failed)
    assert attempts(tmp_path) == [attempt(0)] * (KEPT_ATTEMPTS - 1) + [failed]


def test_a_damaged_line_costs_one_attempt_only(tmp_path: Path) -> None:
    for number in range(3):
        record_attempt(tmp_path, attempt(number))
    lines = (tmp_path / "attempts.jsonl").read_bytes().splitlines()
    (tmp_path / "attempts.jsonl").write_bytes(b"\n".join([lines[0], b'{"at": \xff', b"[]", lines[2]]))
    assert attempts(tmp_path) == [attempt(0), attempt(2)]


class Killed(BaseException):
    """Stands for the end of the process: nothing in the pipeline may catch it."""


def die_at(monkeypatch: pytest.MonkeyPatch, nth: int) -> None:
    """End the process at its nth step on disk, counted from now."""
    left = iter(range(nth, 0, -1))

    def dying(step: Any) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            if next(left, 0) == 1:
                raise Killed
            return step(*arguments, **options)

        return call

    for module, name in ((os, "replace"), (os, "fsync"), (shutil, "rmtree"), (Path, "mkdir"), (Path, "write_bytes")):
        monkeypatch.setattr(module, name, dying(getattr(module, name)))


def test_death_at_every_step_leaves_the_old_or_the_new_release_and_heals(tmp_path: Path) -> None:
    died, nth = True, 0
    while died:
        nth += 1
        published = tmp_path / str(nth)
        older = publish_one(published, 1, keep=1)
        with pytest.MonkeyPatch.context() as patch:
            die_at(patch, nth)
            try:
                publish_one(published, 2, keep=1)
                died = False
            except Killed:
                assert current(published) in (older, published / "releases" / release(2).release_id)
        assert publish_one(published, 2, keep=1) == current(published)
        assert [path.name for path in (published / "releases").iterdir()] == [release(2).release_id]
        assert sorted(path.name for path in published.iterdir()) == ["CURRENT", "releases"]
    # Each table is written to disk in a step of its own, and there are those of folders, manifest and pointer.
    assert nth > len(contracts()) + 10


WRITER = textwrap.dedent("""
    import os, sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[1])
    from test_publishing import contracts, publish_one

    contracts()
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            number = int(line)
            while True:
                publish_one(Path(sys.argv[2]), number, keep=300)
                number += 1
        print(child, flush=True)
        os.waitpid(child, 0)
        print("gone", flush=True)
""")


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that, per line it is sent, forks one that publishes without pause: a new interpreter takes seconds."""
    command = [sys.executable, "-c", WRITER, str(Path(__file__).parent), str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        assert process.stdin
        process.stdin.close()
        process.wait(timeout=20)


def read_until(stop: threading.Event, published: Path, seen: list[float | None]) -> None:
    while not stop.is_set():
        folder = current(published)
        seen.append(None if folder is None else value_in(folder))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be forked and killed")
def test_a_reader_never_notices_that_the_writer_was_killed(tmp_path: Path, writer: subprocess.Popen[str]) -> None:
    publish_one(tmp_path, 1)
    stop, seen, rng = threading.Event(), list[float | None](), random.Random(5)
    reader = threading.Thread(target=read_until, args=(stop, tmp_path, seen))
    reader.start()
    assert writer.stdin
    assert writer.stdout
    for kill in range(25):
        writer.stdin.write(f"{1000 * (kill + 1)}\n")
        writer.stdin.flush()
        child = int(writer.stdout.readline())
        time.sleep(rng.uniform(0.02, 0.4))
        os.kill(child, signal.SIGKILL)
        assert writer.stdout.readline() == "gone\n"
    stop.set()
    reader.join()
    served = [value for value in seen if value is not None]
    assert len(served) == len(seen) > 25
    assert served == sorted(served)
    assert len(set(served)) > 5
    folder = publish_one(tmp_path, 99_000)
    assert current(tmp_path) == folder
    assert manifest(folder)["content_hash"] == manifest(publish_one(tmp_path / "fresh", 99_000))["content_hash"]
    assert not [path for path in (tmp_path / "releases").iterdir() if path.name.startswith(durable_files.UNFINISHED)]
