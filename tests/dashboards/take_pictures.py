"""Pictures of every page for the documentation, taken in a real browser of a release that is served from a copy.

python -m tests.dashboards.take_pictures HOME [FOLDER]
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from dashboards.access.scopes import Role
from dashboards.page import GLOSSARY, LIST_REVIEW, READERS, TALK_NEXT
from tests.dashboards.test_browser import APP, CHROMIUM, FLAGS, PATIENCE, opened, settle

IMAGES = Path(__file__).parents[2] / "docs" / "images"
_WIDTH, _TALLEST, _START = 1280, 1800, 60.0
# Terms of the glossary that the documentation shows: a metric and a refused question.
_TERMS = ("RCY-03", "REF-01")


@dataclass(frozen=True)
class View:
    """What one picture shows: a page as `role` sees it; `address` is below the dashboard, empty for the role's first page."""

    name: str
    role: Role
    address: str
    names_people: bool = False


def views() -> Iterator[View]:
    """Each page by the first role that may open it, then single terms of the glossary."""
    first = {role: path for path, roles in reversed(READERS.items()) for role in roles}
    for path, roles in READERS.items():
        name = Path(path).stem.replace("_", "-")
        yield View(name, roles[0], "" if first[roles[0]] == path else name, path in (TALK_NEXT, LIST_REVIEW))
    for term in _TERMS:
        yield View(f"glossary-{term.casefold()}", READERS[GLOSSARY][0], f"glossary?metric={term}")


def take(home: Path, folder: Path) -> list[Path]:
    """Write a PNG of every view of the release in `home` into `folder`; nothing in `home` is touched."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        published = Path(shutil.copytree(home / "published", Path(scratch) / "published"))
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        with served(published) as address:
            taken = [_picture(browser, address, view, folder) for view in views()]
        browser.close()
    return taken


@contextmanager
def served(published: Path) -> Iterator[str]:
    """The address at which a dashboard on `published` answers, for as long as it is needed."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.port", str(port)]
    environment = os.environ | {"PARLEY_PUBLISHED": str(published)}
    with subprocess.Popen(command, env=environment, cwd=APP.parent, stdout=subprocess.DEVNULL) as server:
        try:
            _wait_for(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START
    while server.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.5)
    raise RuntimeError("the dashboard did not start; 'parley dashboard' says why")


def _picture(browser: Browser, address: str, view: View, folder: Path) -> Path:
    page = opened(browser, f"{address}/as/{view.role.value}")
    page.set_viewport_size({"width": _WIDTH, "height": 1000})
    if view.address:
        page.goto(f"{address}/{view.address}")
    _stand(page)
    if view.names_people:
        # The purpose is asked before a name is shown; the people of the sample company are invented.
        page.get_by_test_id("stCheckbox").first.locator("label").click()
        _stand(page)
    tall = int(page.get_by_test_id("stMainBlockContainer").evaluate("box => box.scrollHeight"))
    page.set_viewport_size({"width": _WIDTH, "height": min(tall, _TALLEST)})
    _stand(page)
    path = folder / f"{view.name}.png"
    page.screenshot(path=path)
    page.close()
    return path


def _stand(page: Page) -> None:
    """Wait until the page has settled and nothing in it is a place holder any more."""
    settle(page)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=PATIENCE)
    settle(page)


if __name__ == "__main__":
    for picture in take(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else IMAGES):
        sys.stdout.write(f"{picture.name}: {picture.stat().st_size // 1000} kB\n")
