"""The one way to data: the session is checked, the role and scope are looked up, the log is written, then rows return."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

import polars as pl

from dashboards.access.audit_log import AuditLog, Chain, Entry, log_path, read_chain
from dashboards.access.denials import AccessDeniedError, NotAllowedError, NotLoggedError, SignedOutError
from dashboards.access.queries import Asked, Params, Query, registered
from dashboards.access.scopes import Role, Scope, scope_of
from dashboards.access.sessions import Session, SessionTable
from dashboards.release import Release, find_published, published_folder, verified

SESSIONS = SessionTable()
_MOST_REMEMBERED = 50_000
_READS: OrderedDict[tuple[str, str, str, Path], None] = OrderedDict()
_READS_LOCK = threading.Lock()


def fetch(session: Session, query_id: str, release_folder: str, params: Mapping[str, object]) -> pl.DataFrame:
    """Rows of a registered query for the viewer of `session`, from the intact release in `release_folder`.

    What is returned is on record before it is: a query that names people at every call, with the people; figures of
    groups at the first call of a session for a query and release, since every rerun of a page repeats them.
    Raises an AccessDeniedError of the kind that applies; OSError or PolarsError where a file cannot be read.
    """
    if not SESSIONS.is_live(session):
        raise SignedOutError
    release = verified(release_folder)
    scope = scope_of(session, release.folder)
    query = registered(query_id)
    try:
        if scope.role not in query.roles:
            raise NotAllowedError
        query.check(params)
        rows = query.answer(Asked(release, scope, params))
    except AccessDeniedError as denied:
        record(session, "denied", scope, query=query.id, release=release.id, purpose=type(denied).__name__)
        raise
    _log_read(session, scope, query, release, params, rows)
    return rows


def record(
    session: Session, event: str, scope: Scope | None = None, query: str = "", release: str = "", purpose: str = ""
) -> None:
    """Put an event that returns no rows on record: sign-in, sign-out, an export, a denial. Raises NotLoggedError."""
    role = scope.role if scope else ""
    entry = Entry(event, session.viewer, role, session.id[:16], query, release=release, purpose=purpose)
    audit_log(log_path()).append(entry)


def log_chain(session: Session) -> Chain:
    """The whole access log, for the auditor; reading it is on record like any other. Raises AccessDeniedError."""
    if not SESSIONS.is_live(session):
        raise SignedOutError
    release = find_published(published_folder()).release
    scope = scope_of(session, release.folder) if release else None
    if scope is None or scope.role is not Role.AUDITOR:
        raise NotAllowedError
    try:
        return _recorded_chain(session, scope)
    except OSError as fault:
        raise NotLoggedError("cannot be read") from fault


def _recorded_chain(session: Session, scope: Scope) -> Chain:
    chain = read_chain(log_path())
    if chain.broken_at is not None:
        # Nothing is appended to a log that was changed; the auditor has to see that it was.
        return chain
    _once((session.id, "access_log", "", log_path()), partial(record, session, "read", scope, query="access_log"))
    return read_chain(log_path())


@lru_cache(maxsize=4)
def audit_log(path: Path) -> AuditLog:
    """The one writer of the log at `path`."""
    return AuditLog(path)


def _log_read(
    session: Session, scope: Scope, query: Query, release: Release, params: Params, rows: pl.DataFrame
) -> None:
    read = Entry("read", session.viewer, scope.role, session.id[:16], query.id, release=release.id)
    log = audit_log(log_path())
    if query.names_people:
        subjects, purpose = rows["worker_ref"].to_list(), str(params["purpose"])
        log.append(replace(read, params=params, subjects=subjects, purpose=purpose))
        return
    _once((session.id, query.id, release.id, log.path), partial(log.append, read))


def _once(read: tuple[str, str, str, Path], write: Callable[[], None]) -> None:
    """Write the log entry of a read unless that read is on record; only one that was written counts."""
    with _READS_LOCK:
        if read in _READS:
            return
    write()
    with _READS_LOCK:
        _READS[read] = None
        while len(_READS) > _MOST_REMEMBERED:
            _READS.popitem(last=False)
