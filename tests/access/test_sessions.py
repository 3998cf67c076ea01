"""How long a session lasts, whatever the browser holds."""

from __future__ import annotations

import pytest

from dashboards.access.sessions import IDLE_SECONDS, MAX_AGE_SECONDS, Session, SessionTable


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def table(clock: Clock) -> SessionTable:
    return SessionTable(clock)


def test_a_session_is_found_by_its_cookie_alone(table: SessionTable) -> None:
    secret, session = table.start("ann", "issuer 1")
    assert table.find(secret) == session
    assert [table.find(text) for text in (None, "", session.id, secret[:-1], secret + "x")] == [None] * 5


def test_the_table_and_the_session_do_not_hold_the_cookie(table: SessionTable) -> None:
    secret, session = table.start("ann", "issuer 1")
    assert secret not in repr(session)
    assert secret not in repr(vars(table))


def test_it_ends_with_the_identity_token(table: SessionTable, clock: Clock) -> None:
    secret, _ = table.start("ann", "issuer 1", token_ends_at=clock.now + 60)
    clock.now += 59
    assert table.find(secret)
    clock.now += 1
    assert table.find(secret) is None


def test_it_ends_after_eight_hours_of_work(table: SessionTable, clock: Clock) -> None:
    secret, session = table.start("ann", "issuer 1")
    for _ in range(MAX_AGE_SECONDS // 600 - 1):
        clock.now += 600
        table.touch(session)
    assert table.find(secret)
    clock.now += 600
    assert table.find(secret) is None


def test_it_ends_after_half_an_hour_without_activity_and_being_looked_up_is_none(
    table: SessionTable, clock: Clock
) -> None:
    secret, session = table.start("ann", "issuer 1")
    clock.now += IDLE_SECONDS - 1
    assert table.find(secret)
    clock.now += 1
    assert table.find(secret) is None
    table.touch(session)
    assert not table.is_live(Session(**{**vars(session), "viewer": "eve"}))


def test_every_copy_ends_at_log_out_and_nothing_brings_it_back(table: SessionTable) -> None:
    secret, session = table.start("ann", "issuer 1")
    table.end(session)
    table.touch(session)
    assert table.find(secret) is None
    assert not table.is_live(session)


def test_a_session_made_elsewhere_is_none_of_ours(table: SessionTable, clock: Clock) -> None:
    _, forged = SessionTable(clock).start("ann", "issuer 1")
    assert not table.is_live(forged)


def test_ended_sessions_are_forgotten(table: SessionTable, clock: Clock) -> None:
    for _ in range(5):
        table.start("ann", "issuer 1")
    clock.now += IDLE_SECONDS
    table.start("ann", "issuer 1")
    assert len(vars(table)["_sessions"]) == len(vars(table)["_seen"]) == 1
