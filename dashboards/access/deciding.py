"""The one way to decide about an entry of a list: role, scope and words are checked here, whatever the page offered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from dashboards.access import reading
from dashboards.access.audit_log import Entry
from dashboards.access.decisions import decided, ledger, ledger_path
from dashboards.access.denials import (
    AccessDeniedError,
    DecisionsError,
    NotAllowedError,
    NotLoggedError,
    ParameterError,
    SignedOutError,
)
from dashboards.access.fetching import SESSIONS, record
from dashboards.access.scopes import Role, Scope, scope_of
from dashboards.access.sessions import Session
from dashboards.release import Release, verified

PARTNERS = ("line_manager", "skip_level", "mentor", "peer", "hr_partner", "other")
MINUTES = ("", "15", "30", "60")
REASONS = ("facts_wrong", "already_talking", "contested", "not_helpful_now")
Check = Callable[[str], bool]


def _day(text: str) -> bool:
    try:
        return date.fromisoformat(text) <= date.today()  # noqa: DTZ011 (the leader's day, not the server's clock)
    except ValueError:
        return False


def _digest(text: str) -> bool:
    return len(text) == 24 and text.isalnum()


# By kind: whose it is, what must be said with it; a unit decides about all its entries, else it is about one person.
_KINDS: Mapping[str, tuple[Role, Mapping[str, Check]]] = {
    "talked": (
        Role.LEADER,
        {"occurred_on": _day, "partner_role": PARTNERS.__contains__, "minutes": MINUTES.__contains__},
    ),
    "someone_else": (Role.LEADER, {}),
    "looks_wrong": (Role.LEADER, {}),
    "confirm": (Role.HRBP, {"entry": _digest}),
    "dismiss": (Role.HRBP, {"entry": _digest, "reason": REASONS.__contains__}),
    "release": (Role.HRBP, {"unit": bool}),
    "hold": (Role.HRBP, {"unit": bool}),
    "automatic_on": (Role.HRBP, {"unit": bool}),
    "automatic_off": (Role.HRBP, {"unit": bool}),
}


def decide(session: Session, kind: str, release_folder: str, refs: Sequence[str], params: Mapping[str, str]) -> None:
    """Put a decision about the people `refs` of the viewer's own list in the ledger, and on record that it was made.

    Raises an AccessDeniedError of the kind that applies; then nothing was decided.
    """
    if not SESSIONS.is_live(session):
        raise SignedOutError
    release = verified(release_folder)
    scope = scope_of(session, release.folder)
    try:
        _require(scope, kind, release, refs, params)
        decided()
    except AccessDeniedError as denied:
        record(session, "denied", scope, query="decide", release=release.id, purpose=type(denied).__name__)
        raise
    record(session, "decided", scope, query=kind if kind in _KINDS else "decide", release=release.id)
    decision = Entry(
        kind, scope.viewer_key, scope.role, session.id[:16], "decide", dict(params), list(refs), release=release.id
    )
    try:
        ledger(ledger_path()).append(decision)
    except NotLoggedError as fault:
        raise DecisionsError("cannot be written") from fault


def _require(scope: Scope, kind: str, release: Release, refs: Sequence[str], params: Mapping[str, str]) -> None:
    if kind not in _KINDS:
        raise ParameterError("an unknown decision")
    role, said = _KINDS[kind]
    if scope.role is not role:
        raise NotAllowedError
    if set(params) != set(said) or not all(
        isinstance(params[n], str) and holds(params[n]) for n, holds in said.items()
    ):
        raise ParameterError("what goes with the decision")
    own = set(reading.entries(release.folder, scope.viewer_key)["worker_ref"])
    is_of_unit = "unit" in said
    if is_of_unit and params["unit"] not in scope.units:
        raise NotAllowedError
    if not own.issuperset(refs) or (not is_of_unit and len(refs) != 1):
        raise NotAllowedError
