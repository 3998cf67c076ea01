"""One finished night of a small company, shared by the tests that look at it and by those that compare with it."""

from __future__ import annotations

import pytest

from tests.runs import FinishedNight, finished_night


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> FinishedNight:
    """Read only: a test that runs again does so in a copy."""
    return finished_night(tmp_path_factory.mktemp("finished"))
