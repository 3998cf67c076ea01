"""Data health says whether the readers of lists were told, and says nothing where there is nothing to tell."""

from __future__ import annotations

import json
from pathlib import Path

from tests.dashboards.conftest import Open
from tests.dashboards.release import write_published
from tests.dashboards.test_data_health import cells_on
from tests.dashboards.test_overview import words_on


def leave_word(published: Path, counts: dict[str, int], *reasons: str) -> Path:
    told = {"release_id": "r", "at": "2026-11-01T02:00:00+00:00", "counts": counts, "reasons": reasons}
    (published / "delivery.json").write_text(json.dumps(told), encoding="utf-8")
    return published


def test_notices_that_did_not_arrive_are_told_with_the_reason(open_page: Open, tmp_path: Path) -> None:
    folder = leave_word(
        write_published(tmp_path / "p"), {"sent": 7, "refused": 2, "uncertain": 1}, "No [encryption](x)."
    )
    app = open_page(folder, "data_health")
    assert not app.exception
    assert "3 notices were not surely sent" in words_on(app)
    assert "Refused,2" in cells_on(app)
    assert not any("[encryption](x)" in caption.value for caption in app.caption)


def test_that_all_were_told_is_one_line_and_no_notices_are_none(open_page: Open, tmp_path: Path) -> None:
    folder = leave_word(write_published(tmp_path / "p"), {"sent": 7})
    assert "Readers of lists have been told" in words_on(open_page(folder, "data_health"))
    (folder / "delivery.json").unlink()
    assert "Readers of lists" not in words_on(open_page(folder, "data_health"))
