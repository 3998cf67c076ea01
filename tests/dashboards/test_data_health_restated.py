"""Data health says which figures of closed months changed since the last release, and says so quietly where none did."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from dashboards.differences import compared
from dashboards.release import find_published
from tests.dashboards.conftest import Open
from tests.dashboards.release import RELEASE_ID, Tables, write_published
from tests.dashboards.release_health import restated
from tests.dashboards.test_data_health import cells_on, table_with
from tests.dashboards.test_overview import words_on


def seventy_two_figures(tables: Tables) -> None:
    """Three figures restated for each of 24 closed months."""
    days = [date(2025 + m // 12, m % 12 + 1, 28) for m in range(24)]
    tables["restatement"] = [restated(f"COV-0{i}", day, "share", 0.4, 0.4 + i / 100) for i in (1, 2, 3) for day in days]


def without_the_table(folder: Path) -> Path:
    """The published folder as a version wrote it that knew no restated figures."""
    release = folder / "releases" / RELEASE_ID
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    del manifest["files"]["restatement.parquet"]
    (release / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (release / "restatement.parquet").unlink()
    return folder


def test_the_title_counts_what_changed_and_the_table_has_before_and_now(open_page: Open, published: Path) -> None:
    app = open_page(published, "data_health")
    assert "3 figures of 2 closed months changed since the last release; 4 cannot be compared" in words_on(app)
    rows = table_with(app, "Change").to_csv(index=False).replace("\\", "").splitlines()
    assert rows == [
        "Month,Figure,Before,Now,Change",
        "Oct 2026,Talked in 6 months,43.1%,43.8%,+0.7 pts",
        "Oct 2026,Median months since last,7.6 months,7.5 months,−0.1 months",
        'Sep 2026,"Months since last, in bands: none on record",281 people,294 people,+13 people',
    ]


def test_figures_that_cannot_be_compared_say_why_once_for_all_months(open_page: Open, published: Path) -> None:
    rows = table_with(open_page(published, "data_health"), "Months").to_dict("records")
    short = next(row for row in rows if row["Figure"] == "Short")
    assert (short["Months"], short["Figures"]) == ("Sep 2026 to Oct 2026", "2")
    assert short["Why"].startswith("Its definition changed")
    assert [row["Why"].replace("\\", "") for row in rows if "OLD" in row["Figure"]] == ["It is no longer reported."]


def test_figures_that_only_cannot_be_compared_are_not_called_changed(open_page: Open, tmp_path: Path) -> None:
    def new_definition(tables: Tables) -> None:
        tables["restatement"] = [r for r in tables["restatement"] if r["note"] == "definition changed"]

    app = open_page(write_published(tmp_path / "p", new_definition), "data_health")
    assert "2 figures of 2 closed months cannot be compared with the last release" in words_on(app)
    assert "Change" not in cells_on(app)


def test_bars_of_a_distribution_stand_in_their_order(open_page: Open, tmp_path: Path) -> None:
    def bars(tables: Tables) -> None:
        october = date(2026, 10, 31)
        bands = ("unknown", "none", "18+", "12-18", "9-12", "0-3")
        tables["restatement"] = [restated("RCY-01", october, "share", 0.1, 0.2, band) for band in bands]

    rows = table_with(open_page(write_published(tmp_path / "p", bars), "data_health"), "Change")
    shown = [figure.replace("\\", "").split(": ")[1] for figure in rows["Figure"]]
    assert shown == ["0–3", "9–12", "12–18", "18+", "none on record", "not known"]


def test_nothing_restated_is_one_quiet_line(open_page: Open, tmp_path: Path) -> None:
    def same(tables: Tables) -> None:
        tables["restatement"] = [r for r in tables["restatement"] if r["metric_id"] == "RCY-04"]

    app = open_page(write_published(tmp_path / "p", same), "data_health")
    assert not app.exception
    assert "Closed months: none of their 2 figures changed since the last release." in [c.value for c in app.caption]
    assert "closed month" not in " ".join(s.value for s in app.subheader)


def test_the_first_release_has_nothing_to_compare_with(open_page: Open, tmp_path: Path) -> None:
    app = open_page(write_published(tmp_path / "p", lambda tables: tables["restatement"].clear()), "data_health")
    assert "Closed months: there is no earlier release to compare their figures with." in words_on(app)
    assert not app.error


def test_a_release_of_an_older_version_opens_without_the_table(open_page: Open, tmp_path: Path) -> None:
    folder = without_the_table(write_published(tmp_path / "p"))
    app = open_page(folder, "data_health")
    assert not app.exception
    assert not app.error
    assert "this release was made before changes to their figures were recorded" in words_on(app)


@pytest.mark.parametrize("lost", ["the file", "its line in the manifest"])
def test_a_release_that_has_lost_half_of_the_table_cannot_be_trusted(tmp_path: Path, lost: str) -> None:
    folder = write_published(tmp_path / "p")
    table = folder / "releases" / RELEASE_ID / "restatement.parquet"
    content = table.read_bytes()
    if lost == "the file":
        table.unlink()
    else:
        without_the_table(folder)
        table.write_bytes(content)
    assert find_published(folder).faults[0].reason == "restatement.parquet is missing"


def test_a_late_file_that_moves_hundreds_of_figures_keeps_the_page_short(open_page: Open, tmp_path: Path) -> None:
    app = open_page(write_published(tmp_path / "p", seventy_two_figures), "data_health")
    assert "72 figures of 24 closed months changed since the last release" in words_on(app)
    assert len(table_with(app, "Change")) == 12
    assert not next(e for e in app.expander if e.label == "Show the other 60").table
    app.session_state["more-figures-of-closed-months-that-changed"] = True
    app.run()
    assert len(next(e for e in app.expander if e.label == "Show the other 60").table[0].value) == 60


@pytest.mark.parametrize(
    ("before", "now", "unit", "text"),
    [
        (0.441, 0.444, "share", ("44.1%", "44.4%", "+0.3 pts")),
        (0.44412, 0.44391, "share", ("44.41%", "44.39%", "−0.02 pts")),
        (0.4, 0.400000005, "share", ("40.0000%", "40.0000%", "under +0.0001 pts")),
        (0.133, 0.151, "rate", ("13.3%", "15.1%", "+1.8 pts")),
        (0.5357, 0.5364, "share", ("53.57%", "53.64%", "+0.07 pts")),
        (0.6838, 0.6664, "share", ("68.4%", "66.6%", "−1.8 pts")),
        (7.5, 7.26, "months", ("7.5 months", "7.3 months", "−0.2 months")),
        (1.5, 1.52, "per_year", ("1.50 a year", "1.52 a year", "+0.02 a year")),
        (350, 362, "days", ("350 days", "362 days", "+12 days")),
        (15, 20, "minutes", ("15 minutes", "20 minutes", "+5 minutes")),
        (-4.0, 2.5, "points", ("-4.0 points", "2.5 points", "+6.5 points")),
        (2341, 1341, "people", ("2,341 people", "1,341 people", "−1,000 people")),
    ],
)
def test_a_difference_is_never_rounded_away(before: float, now: float, unit: str, text: tuple[str, str, str]) -> None:
    assert compared(before, now, unit) == text
