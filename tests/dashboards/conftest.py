"""A published folder shared by the tests that only read it, and pages opened on a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboards.access.deployment import deployment
from tests.dashboards.release import write_published

DASHBOARDS = Path(__file__).parents[2] / "dashboards"
Open = Callable[..., AppTest]


@pytest.fixture(autouse=True, scope="session")
def on_this_machine_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The dashboard as it is started without a sign-in service: personas are offered, an analyst is looking."""
    st.config.set_option("server.address", "127.0.0.1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARLEY_AUDIT_LOG", str(tmp_path_factory.mktemp("audit") / "access.jsonl"))
        patch.delenv("PARLEY_SIGN_IN", raising=False)
        deployment.cache_clear()
        yield


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_published(tmp_path_factory.mktemp("shared") / "published")


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens `page` of the dashboard on a published folder, with an address like ``org="Legal"``."""

    def opened(folder: Path, page: str = "overview", **address: str) -> AppTest:
        monkeypatch.setenv("PARLEY_PUBLISHED", str(folder))
        st.cache_data.clear()
        app = AppTest.from_file(str(DASHBOARDS / "screen.py"), default_timeout=60)
        if page != "overview":
            app.run()
            app.switch_page(f"views/{page}.py")
        for name, value in address.items():
            app.query_params[name] = value
        return app.run()

    return opened
