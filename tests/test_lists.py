"""Lists from the warehouse to the reader and back: review, release, a talk that is reported, and the clock it resets."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboards.access import fetching
from dashboards.access.deciding import decide
from dashboards.access.decisions import ledger, ledger_path
from dashboards.access.denials import NotAllowedError, ParameterError
from dashboards.access.identity import start_persona
from dashboards.access.scopes import Role
from pipelines import contracts, tables
from pipelines.company import LIST_SETTINGS
from pipelines.list_settings import ListSettings
from pipelines.lists import LedgerError, file_talks, publish_lists
from pipelines.lists.reviews import Decision, fingerprint, reviews
from pipelines.paths import CONTRACTS, SQL
from pipelines.settings import Settings
from pipelines.viewers import viewer_key
from tests.dashboards.release import write_attempts, write_release
from tests.runs import install, warehouse

TODAY = datetime.now(UTC).date()
RELEASE = "20260101T000000Z-abcdef"
LEADER, PARTNER = viewer_key("demo-leader"), viewer_key("demo-hrbp")


@dataclass
class Site:
    """An installation whose warehouse is built, with a release that has tables but no rows, and its lists."""

    home: Path
    con: duckdb.DuckDBPyConnection

    def settings(self, **lists: object) -> Settings:
        return Settings(home=self.home, lists=ListSettings.model_validate({**LIST_SETTINGS, **lists}))

    def relist(self, **lists: object) -> Path:
        return publish_lists(self.con, self.settings(**lists), RELEASE, TODAY).folder

    def of(self, viewer: str) -> pl.DataFrame:
        path = self.home / "published" / "scopes" / RELEASE / f"{viewer}.parquet"
        return pl.read_parquet(path) if path.is_file() else pl.DataFrame(schema={"worker_ref": pl.String})


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = install(tmp_path_factory.mktemp("listed"), TODAY)
    con = warehouse(home / "landing", TODAY, history_months=12)
    (home / "warehouse").mkdir()
    con.execute(
        f"ATTACH '{home / 'warehouse' / 'parley.duckdb'}' AS kept; COPY FROM DATABASE memory TO kept; DETACH kept"
    )
    write_release(home / "published", RELEASE, TODAY, {})
    (home / "published" / "CURRENT").write_text(RELEASE, encoding="utf-8")
    write_attempts(home / "published", [])
    yield Site(home, con)
    con.close()


@pytest.fixture
def site(built: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Site]:
    """The installation with nothing decided yet."""
    monkeypatch.setenv("PARLEY_PUBLISHED", str(built.home / "published"))
    monkeypatch.setenv("PARLEY_AUDIT_LOG", str(tmp_path / "access.jsonl"))
    ledger_path().unlink(missing_ok=True)
    ledger.cache_clear()
    built.relist()
    yield built
    fetching._READS.clear()


def review(site: Site, kind: str, refs: list[str], **params: str) -> None:
    decide(start_persona(Role.HRBP)[1], kind, str(site.home / "published" / "releases" / RELEASE), refs, params)


def lead(site: Site, kind: str, ref: str, **params: str) -> None:
    decide(start_persona(Role.LEADER)[1], kind, str(site.home / "published" / "releases" / RELEASE), [ref], params)


def released(site: Site, unit: str) -> pl.DataFrame:
    """The leader's list once everything in the unit was let out without review."""
    review(site, "automatic_on", [], unit=unit)
    site.relist()
    return site.of(LEADER)


def unit_of_leader(site: Site) -> str:
    grants = "SELECT org_unit_key FROM core.access_grant WHERE viewer_key = ?"
    return str(site.con.execute(grants, [LEADER]).fetchall()[0][0])


def test_no_leader_has_a_file_before_somebody_reviewed_it(site: Site) -> None:
    assert site.of(PARTNER).height > 20
    assert not site.of(LEADER).height


def test_a_confirmed_and_released_entry_reaches_its_leaders_and_no_other_does(site: Site) -> None:
    recipients = site.of(f"review-{PARTNER}").filter(
        pl.col("leaders").list.len() > 0, pl.col("unit_key") == unit_of_leader(site)
    )
    ref, entry, unit = recipients.select("worker_ref", "entry", "unit_key").row(0)
    review(site, "confirm", [ref], entry=entry)
    folder = site.relist()
    assert not any(ref in pl.read_parquet(p)["worker_ref"] for p in leaders_files(folder))
    review(site, "release", [ref], unit=unit)
    shown = [pl.read_parquet(p)["worker_ref"].to_list() for p in leaders_files(site.relist())]
    assert shown
    assert all(refs == [ref] for refs in shown)
    review(site, "dismiss", [ref], entry=entry, reason="contested")
    assert not leaders_files(site.relist())


def leaders_files(folder: Path) -> list[Path]:
    partners = {p.stem.removeprefix("review-") for p in folder.glob("review-*.parquet")}
    return [
        p
        for p in folder.glob("*.parquet")
        if p.stem not in partners | {"access_scope"} and not p.stem.startswith("review-")
    ]


def test_a_list_is_capped_has_no_figure_and_is_for_its_owner_alone(site: Site) -> None:
    rows = released(site, unit_of_leader(site))
    assert 0 < rows.height <= 7
    assert rows.columns == ["worker_ref", "name", "role", "unit", "band", "reasons", "suggested_start", "data_date"]
    assert set(rows["band"]) <= {"talk_first", "talk_soon"}
    for row in rows.drop("worker_ref", "data_date").to_dicts():
        assert not re.search(r"\d[.,]\d|\d\s?%|rank|score|risk|disengaged|probab", json.dumps(row), re.IGNORECASE)
    for path in (site.home / "published" / "scopes").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
    site.relist(cap=2)
    assert site.of(LEADER).height == 2


def test_nobody_is_listed_for_somebody_who_may_not_see_them(site: Site) -> None:
    released(site, unit_of_leader(site))
    allowed: dict[str, set[str]] = {}
    for viewer, name in site.con.execute(
        "SELECT l.viewer_key, i.display_name FROM lists.line l JOIN core.identity i USING (worker_key)"
    ).fetchall():
        allowed.setdefault(viewer, set()).add(name)
    for path in (site.home / "published" / "scopes" / RELEASE).glob("*.parquet"):
        rows = pl.read_parquet(path)
        if "name" in rows.columns:
            assert set(rows["name"]) <= allowed[path.stem]


def test_without_notice_assessment_and_owner_there_are_scopes_and_no_list(site: Site) -> None:
    folder = site.relist(dpia_id=" ")
    assert [p.name for p in folder.glob("*.parquet")] == ["access_scope.parquet"]
    assert "dpia_id missing under [lists]" in json.loads((folder / "manifest.json").read_text())["refusal"]


def test_a_frozen_unit_gives_no_names_to_anybody(site: Site) -> None:
    unit = unit_of_leader(site)
    freeze = {"unit": unit, "first_day": TODAY, "last_day": TODAY}
    site.relist(freezes=[freeze])
    assert unit not in site.of(f"review-{PARTNER}")["unit_key"]
    site.relist(freezes=[freeze | {"first_day": TODAY + timedelta(days=1), "last_day": TODAY + timedelta(days=1)}])
    assert unit in site.of(f"review-{PARTNER}")["unit_key"]


def test_decisions_beyond_role_and_scope_are_refused_and_leave_no_trace_in_the_ledger(site: Site) -> None:
    ref, entry = site.of(f"review-{PARTNER}").select("worker_ref", "entry").row(0)
    for call, error in (
        (lambda: lead(site, "confirm", ref, entry=entry), NotAllowedError),
        (lambda: lead(site, "looks_wrong", ref), NotAllowedError),
        (lambda: review(site, "confirm", ["w-000000000000"], entry=entry), NotAllowedError),
        (lambda: review(site, "automatic_on", [], unit="ORG-99999"), NotAllowedError),
        (lambda: review(site, "dismiss", [ref], entry=entry, reason="because I say so"), ParameterError),
        (lambda: review(site, "erase", [ref]), ParameterError),
        (lambda: review(site, "talked", [ref]), NotAllowedError),
    ):
        with pytest.raises(error):
            call()
    assert not ledger_path().exists()


def test_a_ledger_that_was_changed_stops_the_lists(site: Site) -> None:
    unit = unit_of_leader(site)
    review(site, "automatic_on", [], unit=unit)
    review(site, "automatic_off", [], unit=unit)
    lines = ledger_path().read_bytes().splitlines(keepends=True)
    ledger_path().write_bytes(lines[1])
    with pytest.raises(LedgerError, match="line 1, was changed"):
        site.relist()


def test_a_review_holds_for_thirty_days_and_for_what_was_reviewed() -> None:
    entry = fingerprint("w-1", "talk_first", ["a"])
    at = datetime(2026, 6, 1, tzinfo=UTC)
    made = [
        Decision(at, "confirm", "v", ("w-1",), {"entry": entry}, ""),
        Decision(at, "release", "v", ("w-1",), {"unit": "U"}, ""),
    ]
    assert reviews(made, date(2026, 6, 30)).may_be_seen("w-1", entry, {"U"})
    assert not reviews(made, date(2026, 7, 1)).may_be_seen("w-1", entry, {"U"})
    assert not reviews(made, date(2026, 6, 2)).may_be_seen("w-1", fingerprint("w-1", "talk_first", ["b"]), {"U"})
    held = [*made, Decision(at, "hold", "v", (), {"unit": "U"}, "")]
    assert not reviews(held, date(2026, 6, 2)).may_be_seen("w-1", entry, {"U"})
    talked = [*made, Decision(at, "someone_else", "v", ("w-1",), {}, "")]
    assert not reviews(talked, date(2026, 6, 2)).may_be_seen("w-1", entry, {"U"})


def test_no_confidential_answer_leads_to_a_list() -> None:
    known = tables.load(SQL)
    surveys = {
        c.table
        for c in contracts.load_folder(CONTRACTS).values()
        if "domain: surveys" in c.path.read_text(encoding="utf-8")
    }
    assert len(surveys) > 10
    for name in (
        "lists.line",
        "lists.due",
        "lists.person_feature",
        "lists.origin_cell",
        "core.access_grant",
        "core.identity",
    ):
        assert not tables.ancestors(known[name], known) & surveys
    assert tables.ancestors(known["metrics.out_06_enps"], known) & surveys


def test_from_review_to_a_talk_that_resets_the_clock(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    st.config.set_option("server.address", "127.0.0.1")
    ref, name = _reviewed_on_screen(site)
    page = _page("talk_next", Role.LEADER, monkeypatch)
    assert not page.exception
    assert name not in _text(page)
    page.checkbox(key="purpose").check().run()
    assert name in _text(page)
    assert "demo\\-leader" in _text(page)
    page.button(key=f"talked-{ref}").click().run()
    assert name not in _text(page)
    assert file_talks(site.settings(), TODAY) == 1
    assert file_talks(site.settings(), TODAY) == 0
    key = _key_of(site, name)
    before = site.con.execute("SELECT last_on FROM lists.due WHERE worker_key = ?", [key]).fetchall()
    with warehouse(site.home / "landing", TODAY, history_months=12) as after:
        last = after.execute("SELECT last_on FROM lists.due WHERE worker_key = ?", [key]).fetchall()
        assert last == [(TODAY,)] != before
        publish_lists(after, site.settings(), RELEASE, TODAY)
    assert ref not in site.of(PARTNER)["worker_ref"]


def _reviewed_on_screen(site: Site) -> tuple[str, str]:
    """One entry of the leader's own unit confirmed and released by hand; its reference and name as on screen."""
    unit = unit_of_leader(site)
    mine = set(released(site, unit)["worker_ref"])
    review(site, "automatic_off", [], unit=unit)
    with pytest.MonkeyPatch.context() as patch:
        page = _page("list_review", Role.HRBP, patch)
        assert not page.exception
        page.checkbox(key="purpose").check().run()
        waiting = [b.key.removeprefix("confirm-") for b in page.button if b.key and b.key.startswith("confirm-")]
        ref = next(iter(mine.intersection(waiting)), None)
        for other in [] if ref else waiting:
            page.button(key=f"confirm-{other}").click().run()
        ref = ref or min(mine)
        entry = site.of(f"review-{PARTNER}").filter(pl.col("worker_ref") == ref)["entry"][0]
        review(site, "confirm", [ref], entry=entry)
        page.run()
        page.button(key=f"release-{unit}").click().run()
        assert not page.exception
    site.relist()
    shown = site.of(LEADER).filter(pl.col("worker_ref") == ref)
    return ref, str(shown["name"][0])


def _page(name: str, role: Role, patch: pytest.MonkeyPatch) -> AppTest:
    session = start_persona(role)[1]
    for module in ("dashboards.access.viewing", "dashboards.lists", "dashboards.data", "dashboards.access.account"):
        patch.setattr(f"{module}.current", lambda: session)
    app = AppTest.from_file(str(Path(__file__).parents[1] / "dashboards" / "screen.py"), default_timeout=60)
    app.run()
    app.switch_page(f"views/{name}.py")
    return app.run()


def _text(page: AppTest) -> str:
    return "\n".join(str(element.value) for element in (*page.markdown, *page.caption))


def _key_of(site: Site, name: str) -> str:
    rows = site.con.execute("SELECT worker_key FROM core.identity WHERE display_name = ?", [name]).fetchall()
    return str(rows[0][0])
