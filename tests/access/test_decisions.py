"""The ledger of decisions about entries of lists: one that was changed shows nobody a list, and is read once a change."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dashboards.access import audit_log, decisions
from dashboards.access.audit_log import read_chain
from dashboards.access.deciding import decide
from dashboards.access.denials import DecisionsError
from dashboards.access.fetching import fetch
from tests.access.conftest import As
from tests.access.scope_files import reference
from tests.dashboards.release import RELEASE_ID

QUENTIN, ROSA = reference("Quentin Quill"), reference("Rosa Rook")
PREPARE, REVIEW = {"purpose": "prepare_conversation"}, {"purpose": "review_list"}
Lines = list[bytes]


@pytest.fixture
def place(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A release of one's own, so that what is decided stays in one test."""
    published = shutil.copytree(folder, tmp_path / "home" / "published")
    monkeypatch.setenv("PARLEY_PUBLISHED", str(published))
    decisions.ledger.cache_clear()
    yield str(published / "releases" / RELEASE_ID)
    decisions.ledger.cache_clear()


@pytest.fixture
def ledger(place: str, signed_in: As) -> Path:
    """A ledger of three decisions; Quentin was dismissed, Rosa is talking to somebody else."""
    said = {"entry": "e" * 24}
    decide(signed_in("hana"), "confirm", place, [QUENTIN], said)
    decide(signed_in("hana"), "dismiss", place, [QUENTIN], said | {"reason": "contested"})
    decide(signed_in("leo"), "someone_else", place, [ROSA], {})
    return decisions.ledger_path()


def names(signed_in: As, place: str) -> list[str]:
    return fetch(signed_in("leo"), "my_list", place, PREPARE)["name"].to_list()


def changed(lines: Lines) -> Lines:
    return [lines[0], lines[1].replace(b'"dismiss"', b'"confirm"'), lines[2]]


def foreign(lines: Lines) -> Lines:
    row = json.loads(lines[0]) | {"event": "release", "previous": json.loads(lines[2])["hash"]}
    return [*lines, json.dumps(row).encode() + b"\n"]


SPOILT = pytest.mark.parametrize(
    ("spoil", "line"),
    [(changed, 2), (lambda lines: [lines[0], lines[2]], 2), (lambda lines: lines[1:], 1), (foreign, 4)],
    ids=["changed line", "missing line", "missing first line", "foreign line"],
)


def spoilt(ledger: Path, spoil: Callable[[Lines], Lines]) -> None:
    # The clock that files are stamped with ticks some hundred times a second.
    time.sleep(0.05)
    ledger.write_bytes(b"".join(spoil(ledger.read_bytes().splitlines(keepends=True))))


def test_who_was_taken_off_is_shown_no_more(place: str, signed_in: As) -> None:
    assert names(signed_in, place) == ["Quentin Quill", "Rosa Rook"]
    decide(signed_in("leo"), "looks_wrong", place, [ROSA], {})
    assert names(signed_in, place) == ["Quentin Quill"]


@SPOILT
@pytest.mark.parametrize("is_restarted", [False, True], ids=["running", "restarted"])
def test_a_ledger_that_was_changed_shows_nobody_a_list(
    place: str, ledger: Path, signed_in: As, log: Path, spoil: Callable[[Lines], Lines], line: int, is_restarted: bool
) -> None:
    assert names(signed_in, place) == []
    spoilt(ledger, spoil)
    if is_restarted:
        decisions.ledger.cache_clear()
    assert decisions.broken_at() == line
    for person, query, params in (
        ("leo", "my_list", PREPARE),
        ("leo", "list_entry", PREPARE | {"worker_ref": QUENTIN}),
        ("hana", "review_list", REVIEW),
        ("hana", "review_recipients", REVIEW),
    ):
        with pytest.raises(DecisionsError, match="changed by another hand"):
            fetch(signed_in(person), query, place, params)
    refused = [row for row in read_chain(log).entries if row["event"] == "denied"]
    assert [row["purpose"] for row in refused] == ["DecisionsError"] * 4


@SPOILT
def test_nothing_is_decided_on_a_ledger_that_was_changed(
    place: str, ledger: Path, signed_in: As, log: Path, spoil: Callable[[Lines], Lines], line: int
) -> None:
    spoilt(ledger, spoil)
    before = ledger.read_bytes()
    with pytest.raises(DecisionsError):
        decide(signed_in("leo"), "looks_wrong", place, [ROSA], {})
    assert (ledger.read_bytes(), decisions.broken_at()) == (before, line)
    assert read_chain(log).entries[-1]["event"] == "denied"


@pytest.mark.parametrize("kept", [0, 2])
def test_decisions_cut_off_at_the_end_are_noticed_while_the_server_runs(
    place: str, ledger: Path, signed_in: As, kept: int
) -> None:
    assert names(signed_in, place) == []
    spoilt(ledger, lambda lines: lines[:kept])
    assert decisions.broken_at() == kept + 1
    with pytest.raises(DecisionsError):
        names(signed_in, place)


def test_a_ledger_taken_away_is_noticed_and_one_brought_back_is_good_again(
    place: str, ledger: Path, signed_in: As
) -> None:
    content = ledger.read_bytes()
    ledger.unlink()
    with pytest.raises(DecisionsError):
        names(signed_in, place)
    ledger.write_bytes(content)
    assert names(signed_in, place) == []


def test_a_ledger_that_cannot_be_read_shows_nobody_a_list(place: str, ledger: Path, signed_in: As) -> None:
    ledger.unlink()
    ledger.mkdir()
    with pytest.raises(DecisionsError, match="cannot be read"):
        names(signed_in, place)


def test_a_ledger_is_read_once_until_it_changes(
    place: str, ledger: Path, signed_in: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def counted(path: Path) -> audit_log.Chain:
        read.append(path)
        return read_chain(path)

    monkeypatch.setattr(audit_log, "read_chain", counted)
    for _ in range(3):
        fetch(signed_in("hana"), "review_list", place, REVIEW)
        assert decisions.states() == {(QUENTIN, "e" * 24): "dismiss"}
        assert decisions.unit_states() == {"": set()}
        assert decisions.withdrawn() == {QUENTIN, ROSA}
    assert read.count(ledger) <= 1
