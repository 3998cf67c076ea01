"""What readers of each role are shown instead, where there is nothing for them or nothing may be shown."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboards.access import identity
from dashboards.access.deployment import deployment
from dashboards.access.scopes import Role, viewer_key
from tests.access.scope_files import LONG_AGO, write_scopes
from tests.dashboards.release import RELEASE_ID, Tables, write_published

SCREEN = Path(__file__).parents[2] / "dashboards" / "screen.py"
Look = Callable[..., AppTest]


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch, log: Path) -> Look:
    """Opens the dashboard on a folder as a sample reader of a role."""
    monkeypatch.delenv("PARLEY_SIGN_IN", raising=False)
    st.config.set_option("server.address", "127.0.0.1")

    def looked(folder: Path, role: Role) -> AppTest:
        deployment.cache_clear()
        monkeypatch.setenv("PARLEY_PUBLISHED", str(folder))
        monkeypatch.setattr(identity, "FIRST_PERSONA", role)
        monkeypatch.setattr(identity, "_persona", None)
        return AppTest.from_file(str(SCREEN), default_timeout=60).run()

    return looked


def told(app: AppTest) -> str:
    assert not app.exception
    parts = [*app.title, *app.info, *app.error, *app.success, *app.caption, *app.markdown]
    return "\n".join(str(part.value) for part in parts)


def test_a_leader_whose_export_is_late_is_told_without_a_way_to_a_page_that_is_not_theirs(
    look: Look, folder: Path
) -> None:
    text = told(look(folder, Role.LEADER))
    assert "Not all exports are current" in text
    assert "only. Ask HR analytics for more." in text
    assert "Whole company" not in text


def test_a_leader_of_a_unit_without_figures_is_told_so(look: Look, tmp_path: Path) -> None:
    published = write_published(tmp_path / "published", without_units)
    row = {"viewer_key": viewer_key("demo-leader"), "role": "leader", "org_unit_key": "GONE"}
    write_scopes(published, RELEASE_ID, [row | {"valid_from": LONG_AGO, "valid_to": None}], {})
    assert "no figures about your part of the organisation" in told(look(published, Role.LEADER))


def without_units(tables: Tables) -> None:
    tables["cut_group"] = [row for row in tables["cut_group"] if row["cut"] != "org_unit"]


@pytest.mark.parametrize("role", [Role.ANALYST, Role.LEADER, Role.ADMIN])
def test_without_a_log_readers_are_told_that_nothing_can_be_shown(
    look: Look, folder: Path, log: Path, role: Role
) -> None:
    log.parent.write_text("in the way", encoding="utf-8")
    app = look(folder, role)
    assert "the access log cannot be written" in told(app)
    assert not app.metric


def test_the_auditor_sees_where_a_log_was_changed_while_others_see_nothing(look: Look, folder: Path, log: Path) -> None:
    look(folder, Role.ANALYST)
    # The clock that files are stamped with ticks some hundred times a second.
    time.sleep(0.05)
    log.write_bytes(log.read_bytes().replace(b"demo-analyst", b"demo-nobody1", 1))
    assert "Not verified: line 1" in told(look(folder, Role.AUDITOR))
    assert "changed by another hand" in told(look(folder, Role.ANALYST))


def test_the_auditor_of_a_whole_log_is_told_that_it_is(look: Look, folder: Path) -> None:
    app = look(folder, Role.AUDITOR)
    assert "Verified: every entry follows" in told(app)
    app.toggle(key="log-names").set_value(True).run()
    assert "Nobody has opened a list of names." in told(app)


def test_before_the_first_release_there_is_no_role_and_no_log(look: Look, tmp_path: Path) -> None:
    for role in (Role.AUDITOR, Role.LEADER):
        text = told(look(tmp_path / "published", role))
        assert "Are career conversations happening?" in text
        assert "Who has seen what?" not in text


def test_reached_from_elsewhere_without_a_sign_in_service_nothing_is_shown(
    look: Look, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    st.config.set_option("server.address", "")
    deployment.cache_clear()
    monkeypatch.setenv("PARLEY_PUBLISHED", str(folder))
    app = AppTest.from_file(str(SCREEN), default_timeout=60).run()
    deployment.cache_clear()
    st.config.set_option("server.address", "127.0.0.1")
    assert "it shows nothing" in told(app)
    assert not app.metric


def test_the_auditor_is_told_where_the_decisions_about_lists_were_changed(
    look: Look, tmp_path: Path, folder: Path
) -> None:
    published = shutil.copytree(folder, tmp_path / "home" / "published")
    assert "decisions about lists" not in told(look(published, Role.AUDITOR))
    (published.parent / "reviews").mkdir()
    (published.parent / "reviews" / "decisions.jsonl").write_text('{"event": "release"}\n', encoding="utf-8")
    assert "line 1 of reviews/decisions.jsonl is not as it was written" in told(look(published, Role.AUDITOR))
