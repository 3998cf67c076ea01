"""One dashboard with a sign-in service for all tests that knock at it, and one folder for those that ask directly."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dashboards.access import fetching
from dashboards.access.sessions import Session
from tests.access.browsing import Browser
from tests.access.provider import CLIENT_ID, CLIENT_SECRET, Provider
from tests.access.scope_files import address, write_scopes
from tests.dashboards.release import RELEASE_ID, write_published

APP = Path(__file__).parents[2] / "dashboards" / "app.py"
As = Callable[[str], Session]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published folder with scopes and lists; read only."""
    published = write_published(tmp_path_factory.mktemp("access") / "published")
    write_scopes(published, RELEASE_ID)
    return published


@pytest.fixture
def release(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PARLEY_PUBLISHED", str(folder))
    return str(folder / "releases" / RELEASE_ID)


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The access log of one test."""
    path = tmp_path / "audit" / "access.jsonl"
    monkeypatch.setenv("PARLEY_AUDIT_LOG", str(path))
    return path


@pytest.fixture
def signed_in(log: Path) -> As:
    """Starts a session of somebody named in the scope files."""
    return lambda person: fetching.SESSIONS.start(address(person), f"issuer {person}")[1]


@dataclass(frozen=True)
class Site:
    """The running dashboard and its sign-in service."""

    address: str
    provider: Provider
    published: Path
    log: Path

    def browser(self) -> Browser:
        return Browser(self.address)

    def sign_in(self, person: str, browser: Browser | None = None) -> Browser:
        """The whole way: the button, the service, the code, and back."""
        found = browser or self.browser()
        self.provider.person = address(person)
        with found.tab() as tab:
            start = tab.run(press=tab.run().button("Sign in")).redirect
        back = found.get(found.get(start).location).location
        found.get(back)
        return found


@pytest.fixture(scope="session")
def running(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    provider = Provider()
    home = tmp_path_factory.mktemp("site")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = f"http://127.0.0.1:{port}"
    sign_in = home / "sign_in.toml"
    sign_in.write_text(
        f'redirect_uri = "{own}/oauth2callback"\nclient_id = "{CLIENT_ID}"\nclient_secret = "{CLIENT_SECRET}"\n'
        f'server_metadata_url = "{provider.issuer}/.well-known/openid-configuration"\n',
        encoding="utf-8",
    )
    sign_in.chmod(0o600)
    environment = os.environ | {
        "PARLEY_PUBLISHED": str(folder),
        "PARLEY_SIGN_IN": str(sign_in),
        "PARLEY_AUDIT_LOG": str(home / "access.jsonl"),
    }
    command = [sys.executable, "-m", "streamlit", "run", str(APP), f"--server.port={port}"]
    with (
        (home / "out").open("wb") as out,
        subprocess.Popen(command, env=environment, cwd=home, stdout=out, stderr=out) as server,
    ):
        try:
            _wait(Browser(own), server, home / "out")
            yield Site(own, provider, folder, home / "access.jsonl")
        finally:
            server.terminate()
            server.wait(timeout=20)
            provider.shutdown()
            provider.server_close()


def _wait(browser: Browser, server: subprocess.Popen[bytes], out: Path) -> None:
    for _ in range(240):
        assert server.poll() is None, out.read_text(encoding="utf-8")
        try:
            if browser.get("/_stcore/health").status == 200:
                return
        except OSError:
            time.sleep(0.25)
    raise AssertionError("the dashboard did not answer within a minute")


@pytest.fixture
def site(running: Site) -> Iterator[Site]:
    """The running dashboard, its service honest again."""
    running.provider.mended()
    yield running
    running.provider.mended()


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Reads that were logged in one test are not on record in the next."""
    yield
    fetching._READS.clear()
