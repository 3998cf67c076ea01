"""One walk through the dashboard in a real browser, and the accessibility rules on every page at three widths."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.dashboards.release import AS_OF, Tables, attempt, write_attempts, write_published
from tests.dashboards.test_data_health_files import sixty_sources, two_hundred_files
from tests.dashboards.test_data_health_restated import seventy_two_figures

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
APP = Path(__file__).parents[2] / "dashboards" / "app.py"
PATIENCE = 60_000
WIDTHS = (1440, 820, 390)
TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
# Resolves once nothing in the page has changed for 0.4 seconds; charts are drawn after the script has ended.
UNCHANGED = """() => new Promise(resolve => {
    const done = () => { watcher.disconnect(); resolve(); };
    let timer = setTimeout(done, 400);
    const watcher = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(done, 400); });
    watcher.observe(document.body, {subtree: true, childList: true, attributes: true});
})"""
# Playwright's own event loop leaves a socket open when it stops; nothing here can close it.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.is_file():
        if os.environ.get("PARLEY_REQUIRE_BROWSER") == "1":
            pytest.fail(f"{CHROMIUM} is missing and PARLEY_REQUIRE_BROWSER=1. Install the package 'chromium'.")
        pytest.skip(f"{CHROMIUM} is missing. Install the package 'chromium' to run the browser tests.")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published folder in use: a failed run, reports, sixty sources and hundreds of files, some of them refused."""

    def in_use(tables: Tables) -> None:
        sixty_sources(tables)
        two_hundred_files(tables)
        seventy_two_figures(tables)

    folder = write_published(tmp_path_factory.mktemp("browser") / "published", in_use)
    stop = attempt(AS_OF + timedelta(days=1), "failed", "survey export", "column 'Employee ID' is missing")
    write_attempts(folder, [attempt(AS_OF - timedelta(days=d)) for d in range(9, -1, -1)] + [stop])
    (folder / "data_docs").mkdir()
    docs = "<!doctype html><html lang='en'><title>Docs</title><h1>Data Docs</h1></html>"
    (folder / "data_docs" / "index.html").write_text(docs, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.address=127.0.0.1"]
    environment = os.environ | {"PARLEY_PUBLISHED": str(folder)}
    with subprocess.Popen([*command, f"--server.port={port}"], env=environment, cwd=folder) as server:
        try:
            yield _answering(f"http://127.0.0.1:{port}", server)
        finally:
            server.terminate()
            server.wait(timeout=20)


def _answering(address: str, server: subprocess.Popen[bytes]) -> str:
    for _ in range(120):
        assert server.poll() is None, "the dashboard stopped while starting"
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):  # noqa: S310 (an address made up here)
                return address
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.5)
    raise AssertionError("the dashboard did not answer within a minute")


def opened(browser: Browser, url: str) -> Page:
    page = browser.new_page(viewport={"width": WIDTHS[0], "height": 1000})
    page.set_default_timeout(PATIENCE)
    page.goto(url)
    settle(page)
    return page


def settle(page: Page) -> None:
    """Wait until the page stands: its heading is there, its script has ended and nothing has changed for a while."""
    expect(page.locator("h1")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=PATIENCE)
    page.evaluate(UNCHANGED)


def test_a_reader_walks_from_a_filtered_view_to_its_sources_and_its_words(browser: Browser, address: str) -> None:
    page = opened(browser, address)
    expect(page.locator("h1")).to_have_text("Are career conversations happening?")
    expect(page.get_by_text("44%", exact=True).first).to_be_visible()
    expect(page.get_by_text("stopped at survey export: column 'Employee ID' is missing")).to_be_visible()
    page.get_by_role("combobox", name="Organisation").click()
    page.get_by_role("option", name="Engineering", exact=True).click()
    page.get_by_role("radio", name="12 months").click()
    settle(page)
    expect(page.get_by_text("Talked in the last 12 months")).to_be_visible()
    assert "org=Engineering" in page.url
    figure = page.get_by_test_id("stMetricValue").first.inner_text()

    again = opened(browser, page.url)
    expect(again.get_by_text("Whole company › Engineering")).to_be_visible()
    assert again.get_by_test_id("stMetricValue").first.inner_text() == figure
    again.get_by_role("link", name="checks passed").click()
    expect(again.locator("h1")).to_have_text("Can I trust today's numbers?", timeout=PATIENCE)
    expect(again.get_by_role("link", name="Open the Data Docs")).to_be_visible()

    term = opened(browser, f"{address}/glossary?metric=RCY-03")
    expect(term.get_by_role("heading", name="Overdue · RCY-03")).to_be_visible()
    for each in (page, again, term):
        each.close()


def test_the_export_is_a_spreadsheet(browser: Browser, address: str) -> None:
    page = opened(browser, address)
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    assert download.value.suggested_filename == "career-conversations-2026-11-22.xlsx"
    assert Path(download.value.path()).read_bytes().startswith(b"PK")
    page.close()


def test_the_docs_open_from_the_same_server(browser: Browser, address: str) -> None:
    page = browser.new_page()
    answer = page.goto(f"{address}/data-docs/index.html")
    assert answer is not None
    assert answer.headers["content-security-policy"].startswith("sandbox")
    expect(page.locator("h1")).to_have_text("Data Docs")
    page.close()


def test_pages_load_nothing_from_elsewhere_and_break_no_policy(browser: Browser, address: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    broken: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: broken.append(line.text) if "Content Security Policy" in line.text else None)
    for path in ("", "outcomes", "data-health", "glossary"):
        page.goto(f"{address}/{path}")
        settle(page)
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert broken == []
    page.close()


@pytest.mark.parametrize(
    "path",
    [
        "",
        "?org=Legal&stage=Growing",
        "outcomes?outcome=Promotion&landmark=18+months&exposure=Support+that+fits+the+stage",
        "data-health",
        "glossary",
        "glossary?metric=RCY-03",
        "glossary?metric=REF-01",
        "as/leader",
        "as/auditor",
    ],
)
def test_pages_break_no_accessibility_rule_and_do_not_scroll_sideways(
    browser: Browser, address: str, path: str
) -> None:
    page = opened(browser, f"{address}/{path}")
    check_at_all_widths(page)
    page.close()


def test_data_health_breaks_no_rule_with_everything_unfolded(browser: Browser, address: str) -> None:
    page = opened(browser, f"{address}/data-health")
    folded = page.locator("summary")
    for place in range(folded.count()):
        folded.nth(place).click()
        settle(page)
    expect(page.get_by_text("landing/hris/own_folder/")).to_be_visible()
    expect(page.get_by_role("table", name="Files and their account, continued")).to_be_visible()
    check_at_all_widths(page)
    page.close()


def test_outcomes_breaks_no_rule_with_everything_unfolded(browser: Browser, address: str) -> None:
    page = opened(browser, f"{address}/outcomes")
    folded = page.locator("summary")
    for place in range(folded.count()):
        folded.nth(place).click()
    settle(page)
    expect(page.get_by_role("table", name="Differences and ratios, step by step of adjustment")).to_be_visible()
    expect(page.get_by_role("link", name="Correlations between team averages")).to_be_visible()
    check_at_all_widths(page)
    page.close()


def check_at_all_widths(page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 1000})
        settle(page)
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
        assert found.violations_count == 0, f"{width} px wide: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
