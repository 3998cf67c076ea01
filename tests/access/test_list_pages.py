"""The pages of lists in a real browser: what a leader and a reviewer see and do, and the accessibility rules at three widths."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Browser, Page, expect

from dashboards.access.reading import REVIEW_COLUMNS
from dashboards.access.scopes import viewer_key
from tests.access.scope_files import LONG_AGO, entry, reference, write_scopes
from tests.dashboards.release import RELEASE_ID, write_published
from tests.dashboards.test_browser import address as address
from tests.dashboards.test_browser import browser as browser
from tests.dashboards.test_browser import check_at_all_widths, opened, settle

# Playwright's own event loop leaves a socket open when it stops; nothing here can close it.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
LEADER, PARTNER = viewer_key("demo-leader"), viewer_key("demo-hrbp")
ENTRIES = [
    entry(
        "Quentin Quill",
        reasons=["The last conversation was long ago", "New manager since spring", "Same role for years"],
    ),
    entry("Rosa Rook", band="talk_soon", reasons=["No conversation is on record"]),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A release with a leader's list and the same two entries to review."""
    published = write_published(tmp_path_factory.mktemp("lists") / "published")
    grants = [
        {"viewer_key": viewer, "role": role, "org_unit_key": "LEG", "valid_from": LONG_AGO, "valid_to": None}
        for viewer, role in ((LEADER, "leader"), (PARTNER, "hrbp"))
    ]
    scopes = write_scopes(published, RELEASE_ID, grants, {"demo-leader": ENTRIES, "demo-hrbp": ENTRIES})
    rows = [
        {
            "worker_ref": row["worker_ref"],
            "entry": "e" * 24,
            "unit_key": "LEG",
            "unit": "Legal",
            "leaders": ["Lena Lark"],
        }
        for row in ENTRIES
    ]
    path = scopes / f"review-{PARTNER}.parquet"
    pl.DataFrame(rows, schema=REVIEW_COLUMNS, orient="row").write_parquet(path)
    manifest = json.loads((scopes / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"][path.name] = {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    (scopes / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    yield published
    shutil.rmtree(published)


def shown(browser: Browser, address: str, role: str, link: str, promise: str) -> Page:
    page = opened(browser, f"{address}/as/{role}")
    page.get_by_role("link", name=link).first.click()
    expect(page.get_by_text(promise)).to_be_visible()
    settle(page)
    check_at_all_widths(page)
    page.get_by_text(promise).click()
    settle(page)
    return page


def test_a_reviewer_confirms_an_entry(browser: Browser, address: str) -> None:
    page = shown(browser, address, "hrbp", "List review", "I open this list to review it, and for nothing else.")
    expect(page.get_by_text("2 waiting, 0 confirmed")).to_be_visible()
    check_at_all_widths(page)
    page.get_by_role("button", name="Confirm", exact=True).first.click()
    expect(page.get_by_text("1 waiting, 1 confirmed")).to_be_visible()
    page.close()


def test_a_leader_puts_a_talk_on_record_and_the_person_is_listed_no_more(browser: Browser, address: str) -> None:
    promise = "I open this list to prepare conversations, and for nothing else."
    page = shown(browser, address, "leader", "Who to talk to next", promise)
    expect(page.get_by_text("Rosa Rook")).to_be_visible()
    check_at_all_widths(page)
    page.locator(f".st-key-card-{reference('Rosa Rook')}").get_by_role("button", name="We talked").click()
    page.get_by_role("button", name="Put it on record").click()
    expect(page.get_by_text("Rosa Rook")).to_have_count(0)
    expect(page.get_by_text("Quentin Quill")).to_be_visible()
    page.close()
