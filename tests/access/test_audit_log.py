"""The access log: what was written stays as it was, or that it did not is seen."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.access.audit_log import FIRST, AuditLog, Entry, read_chain
from dashboards.access.denials import NotLoggedError

Lines = list[bytes]


def entry(query: str = "metric") -> Entry:
    return Entry("read", "ann@example.com", "analyst", "s" * 16, query, release="2026-11-22-0214")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit" / "access.jsonl"


@pytest.fixture
def written(path: Path) -> Path:
    log = AuditLog(path)
    for number in range(6):
        log.append(entry(f"q{number}"))
    return path


def test_an_empty_log_is_whole(path: Path) -> None:
    assert read_chain(path) == read_chain(path)
    assert (read_chain(path).newest, read_chain(path).broken_at) == (FIRST, None)


def test_entries_say_who_what_when_and_follow_from_each_other(written: Path) -> None:
    chain = read_chain(written)
    assert chain.broken_at is None
    assert [row["query"] for row in chain.entries] == [f"q{n}" for n in range(6)]
    assert [row["previous"] for row in chain.entries] == [FIRST, *(row["hash"] for row in chain.entries[:-1])]
    assert {"at", "viewer", "role", "session", "purpose", "subjects", "release"} <= set(chain.entries[0])


def test_only_its_owner_can_read_it(written: Path) -> None:
    assert (written.stat().st_mode & 0o777, written.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def changed(lines: Lines) -> Lines:
    return [line.replace(b'"q2"', b'"q9"') for line in lines]


def rehashed(lines: Lines) -> Lines:
    row = json.loads(lines[2]) | {"viewer": "eve@example.com", "hash": json.loads(lines[3])["hash"]}
    return [*lines[:2], json.dumps(row).encode(), *lines[3:]]


def test_a_log_without_a_change_is_verified(written: Path) -> None:
    assert read_chain(written).broken_at is None


@pytest.mark.parametrize(
    ("tamper", "line"),
    [
        (changed, 3),
        (rehashed, 3),
        (lambda lines: lines[:2] + lines[3:], 3),
        (lambda lines: lines[1:], 1),
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], 4),
        (lambda lines: [lines[1], lines[0], *lines[2:]], 1),
        (lambda lines: [*lines[:2], b"{}", *lines[2:]], 3),
        (lambda lines: [*lines[:2], b"nothing", *lines[3:]], 4),
    ],
    ids=["changed", "rehashed", "cut out", "cut at the start", "doubled", "swapped", "put in", "overwritten"],
)
def test_a_change_is_found_and_nothing_is_written_after_it(
    written: Path, tamper: Callable[[Lines], Lines], line: int
) -> None:
    lines = tamper(written.read_bytes().splitlines())
    written.write_bytes(b"\n".join(lines) + b"\n")
    assert read_chain(written).broken_at == line
    with pytest.raises(NotLoggedError, match="another hand"):
        AuditLog(written).append(entry())


@pytest.mark.parametrize("kept", [0, 3, 5])
def test_lines_cut_off_at_the_end_are_noticed_while_the_server_runs(path: Path, kept: int) -> None:
    log = AuditLog(path)
    for _ in range(6):
        log.append(entry())
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:kept]))
    with pytest.raises(NotLoggedError, match="another hand"):
        log.append(entry())


def test_a_log_taken_away_while_the_server_runs_is_noticed(path: Path) -> None:
    log = AuditLog(path)
    log.append(entry())
    path.unlink()
    with pytest.raises(NotLoggedError, match="another hand"):
        log.append(entry())


def test_a_last_line_rewritten_in_place_is_noticed(path: Path) -> None:
    log = AuditLog(path)
    log.append(entry("q1"))
    path.write_bytes(path.read_bytes()[:-10] + b"0" * 7 + b'"}\n')
    with pytest.raises(NotLoggedError, match="another hand"):
        log.append(entry())


def test_a_line_rewritten_in_the_middle_is_noticed_while_the_server_runs(path: Path) -> None:
    log = AuditLog(path)
    for number in range(4):
        log.append(entry(f"q{number}"))
    # The clock that files are stamped with ticks some hundred times a second.
    time.sleep(0.05)
    path.write_bytes(path.read_bytes().replace(b'"q1"', b'"q7"'))
    with pytest.raises(NotLoggedError, match="another hand"):
        log.append(entry())


def test_a_line_that_a_crash_cut_off_is_left_standing_and_the_log_goes_on(written: Path) -> None:
    with written.open("ab") as file:
        file.write(b'{"at":"2026-11-2')
    AuditLog(written).append(entry("after"))
    chain = read_chain(written)
    assert (chain.broken_at, chain.unfinished, chain.entries[-1]["query"]) == (None, 1, "after")


def test_two_processes_write_one_chain(path: Path) -> None:
    one, other = AuditLog(path), AuditLog(path)
    for number in range(6):
        (one if number % 3 else other).append(entry(f"q{number}"))
    chain = read_chain(path)
    assert chain.broken_at is None
    assert len(chain.entries) == 6


def test_a_log_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "audit").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(NotLoggedError, match="cannot be written"):
        AuditLog(tmp_path / "audit" / "access.jsonl").append(entry())


def test_text_of_any_kind_stays_on_its_line(path: Path) -> None:
    nasty = 'a\nb\r\u2028"}{\u0000\ud83d'
    AuditLog(path).append(Entry("read", nasty, "analyst", "s", purpose=nasty))
    chain = read_chain(path)
    assert (chain.broken_at, chain.unfinished, chain.entries[0]["viewer"]) == (None, 0, nasty)
