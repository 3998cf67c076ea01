"""The guard where nobody signs in: personas on this machine alone, and how a deployment is read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from dashboards.access import guard
from dashboards.access.deployment import Deployment, SetupError, SignIn, deployment, is_loopback
from dashboards.access.exports import SECONDS, Offers
from dashboards.access.guard import Guard
from dashboards.access.identity import cookie_name, session_of, start_persona
from dashboards.access.scopes import Role
from dashboards.access.sessions import SessionTable
from dashboards.serving import Headers

ALONE = Deployment(None, is_loopback=True)
EXPOSED = Deployment(None, is_loopback=False)
HTTPS = SignIn("https://parley.example/oauth2callback", "id", "secret", "https://id.example/x")
SIGNED = Deployment(HTTPS, is_loopback=True)
HERE = ("127.0.0.1", 5000)


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("page")(scope, receive, send)


def knock(
    monkeypatch: pytest.MonkeyPatch, deployed: Deployment, path: str = "/", host: str = "localhost:8501", **changes: Any
) -> tuple[int, dict[str, str]]:
    """Status and headers of a GET at the guard of a deployment."""
    monkeypatch.setattr(guard, "deployment", lambda: deployed)
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "headers": [(b"host", host.encode())], "query_string": b""}
    application = Headers(Guard(page), is_https=bool(deployed.sign_in))
    asyncio.run(application(scope | {"client": HERE, "server": HERE, "scheme": "http"} | changes, receive, send))
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}


def test_on_this_machine_alone_pages_open(monkeypatch: pytest.MonkeyPatch) -> None:
    for host in ("localhost:8501", "127.0.0.1:8501", "[::1]:8501"):
        assert knock(monkeypatch, ALONE, host=host)[0] == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"client": ("10.0.0.7", 4000)},
        {"server": ("10.0.0.1", 8501)},
        {"client": None},
        {"server": None},
        {"headers": []},
        {"headers": [(b"host", b"localhost"), (b"host", b"evil.example")]},
        {"headers": [(b"host", b"evil.example")]},
        {"headers": [(b"host", b"localhost.evil.example")]},
        {"headers": [(b"host", b"localhost"), (b"x-forwarded-for", b"127.0.0.1")]},
        {"headers": [(b"host", b"localhost"), (b"via", b"1.1 proxy")]},
    ],
)
def test_whoever_comes_from_elsewhere_or_by_another_name_gets_no_persona(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]
) -> None:
    assert knock(monkeypatch, ALONE, **changes)[0] == 403


def test_a_server_others_can_reach_shows_nothing_without_a_sign_in_service(monkeypatch: pytest.MonkeyPatch) -> None:
    for host in ("localhost", "parley.example", "127.0.0.1"):
        assert knock(monkeypatch, EXPOSED, host=host)[0] == 403
    assert not EXPOSED.offers_personas
    assert session_of(EXPOSED, {}) is None


def test_a_persona_is_chosen_by_address_and_kept_in_a_cookie(monkeypatch: pytest.MonkeyPatch, log: Path) -> None:
    status, headers = knock(monkeypatch, ALONE, "/as/leader")
    assert (status, headers["location"]) == (303, "/")
    secret = headers["set-cookie"].partition("=")[2].partition(";")[0]
    session = session_of(ALONE, {cookie_name(ALONE): secret})
    assert session is not None
    assert (session.viewer, session.is_demo) == ("demo-leader", True)


@pytest.mark.parametrize("path", ["/as/owner", "/as/", "/as/leader/x", "/as/LEADER"])
def test_there_are_no_other_personas(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    assert knock(monkeypatch, ALONE, path)[0] == 404


def test_with_a_sign_in_service_there_are_no_personas_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert knock(monkeypatch, SIGNED, "/as/leader", host="parley.example")[0] == 404
    secret, _ = start_persona(Role.HRBP)
    assert session_of(SIGNED, {cookie_name(SIGNED): secret}) is None


def test_over_https_browsers_stay_on_it_and_keep_the_cookie_to_this_host(monkeypatch: pytest.MonkeyPatch) -> None:
    _, headers = knock(monkeypatch, SIGNED, host="parley.example")
    assert headers["strict-transport-security"].startswith("max-age=")
    assert "strict-transport-security" not in knock(monkeypatch, ALONE)[1]
    _, leaving = knock(monkeypatch, SIGNED, "/auth/logout", host="parley.example")
    assert leaving["set-cookie"].startswith("__Host-parley=;")
    assert leaving["set-cookie"].endswith("; Secure")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.0.1", "::1", "localhost"])
def test_an_address_is_this_machine(address: str) -> None:
    assert is_loopback(address)


@pytest.mark.parametrize("address", ["", "::", "10.0.0.1", "localhost.example", "127.0.0.1.example", "*", "0"])
def test_an_address_reaches_further(address: str) -> None:
    assert not is_loopback(address)


WHOLE = """redirect_uri = "https://parley.example/oauth2callback"
client_id = "id"
client_secret = "hush"
server_metadata_url = "https://id.example/.well-known/openid-configuration"
"""


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Deployment]:
    """Reads a deployment from a sign-in file of this text and mode."""

    def deployed(text: str, mode: int = 0o600, named: bool = True) -> Deployment:
        path = tmp_path / "secrets" / "sign_in.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        monkeypatch.setenv("PARLEY_PUBLISHED", str(tmp_path / "published"))
        if named:
            monkeypatch.setenv("PARLEY_SIGN_IN", str(path))
        else:
            monkeypatch.delenv("PARLEY_SIGN_IN", raising=False)
        monkeypatch.setattr(st, "get_option", lambda _: "127.0.0.1")
        return deployment.__wrapped__()

    return deployed


@pytest.mark.parametrize("named", [True, False])
def test_a_sign_in_file_is_found_by_name_and_beside_what_is_published(
    read: Callable[..., Deployment], named: bool
) -> None:
    found = read(WHOLE, named=named)
    assert found.sign_in is not None
    assert (found.sign_in.client_id, found.offers_personas, found.hosts) == ("id", False, ("parley.example",))
    assert "hush" not in repr(found)


@pytest.mark.parametrize(
    ("text", "mode", "reason"),
    [
        (WHOLE, 0o644, "can be read by others"),
        (WHOLE, 0o640, "can be read by others"),
        ("", 0o600, "missing redirect_uri"),
        (WHOLE.replace('"hush"', '""'), 0o600, "missing client_secret"),
        (WHOLE + "viewer_clam = 'oid'\n", 0o600, "unknown viewer_clam"),
        (WHOLE + "=", 0o600, "not valid TOML"),
        (WHOLE.replace("/oauth2callback", "/"), 0o600, "followed by /oauth2callback"),
        (WHOLE.replace("https://parley", "http://parley"), 0o600, "must begin with https"),
        (WHOLE.replace("https://id", "http://id"), 0o600, "must begin with https"),
    ],
)
def test_a_sign_in_file_that_is_unclear_stops_the_start(
    read: Callable[..., Deployment], text: str, mode: int, reason: str
) -> None:
    with pytest.raises(SetupError, match=reason):
        read(text, mode)


def test_a_named_file_that_is_missing_and_streamlits_own_stop_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_SIGN_IN", str(tmp_path / "gone.toml"))
    with pytest.raises(SetupError, match="is not there"):
        deployment.__wrapped__()
    monkeypatch.delenv("PARLEY_SIGN_IN")
    monkeypatch.setenv("PARLEY_PUBLISHED", str(tmp_path / "published"))
    monkeypatch.setattr("dashboards.access.deployment.get_secrets_auth_section", lambda: {"client_id": "x"})
    with pytest.raises(SetupError, match="Move it"):
        deployment.__wrapped__()


def test_a_download_waits_a_minute_and_only_the_newest_wait(log: Path) -> None:
    now = [0.0]
    offers, sessions = Offers(lambda: now[0]), SessionTable()
    _, ann = sessions.start("ann", "1")
    _, eve = sessions.start("eve", "2")
    made = [offers.make(ann, f"{n}.xlsx", "x/y", b"PK").removeprefix("/export/") for n in range(21)]
    assert offers.take(made[0], ann) is None
    assert offers.take(made[1], eve) is None
    assert offers.take(made[1], ann)
    assert offers.take(made[1], ann) is None
    now[0] = SECONDS
    assert offers.take(made[2], ann) is None
    assert log.read_text(encoding="utf-8").count('"event":"export"') == 21
