"""Data health stays readable with sixty sources and hundreds of files, and keeps reason and remedy of each refusal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from dashboards.words import plain
from tests.dashboards.conftest import Open
from tests.dashboards.release import Tables, write_published
from tests.dashboards.release_health import file_row, source_row
from tests.dashboards.test_data_health import table_with
from tests.dashboards.test_overview import words_on

WHY = (
    "Row 1 has the cell 'Row Labels': this is a pivot table, which holds sums and no records. Save the list it was made "
    "from, one row per worker. In Excel, a double click on its grand total opens it."
)


def sixty_sources(tables: Tables) -> None:
    vendors = [(area, n) for area in ("hris", "conversations", "surveys") for n in range(18)]
    quiet = [source_row(f"v{n}{area}__row", f"Vendor {n} {area}", area, "never", None, 31, 0, 0) for area, n in vendors]
    quiet[0]["remedy"] = "Save the report as landing/hris/own_folder/workers_YYYYMMDD.csv."
    late = source_row("glint__response", "Glint answers", "surveys", "refused", None, 31, 0, 0)
    tables["source"] += [*quiet, late | {"files": 1}]


def two_hundred_files(tables: Tables) -> None:
    tables["source_file"] += _files(200)


def _files(number: int) -> Iterator[dict[str, Any]]:
    for n in range(number):
        day = date(2026, 11, 1) - timedelta(days=n)
        row = file_row(f"{n:016}", f"conversations/talks_{day:%Y%m%d}.csv", "talklog__conversation", day, 11, 1, 10, 0)
        if n % 50 == 7:
            row |= {"status": "refused", "reason": WHY, "accepted": 0, "quarantined": 10}
        elif n % 50 == 8:
            row |= {"status": "duplicate", "reason": f"Same content as talks_{n}.csv; ignored."}
        yield row


def test_of_sixty_sources_those_in_use_are_shown_and_the_others_share_one_line(open_page: Open, tmp_path: Path) -> None:
    app = open_page(write_published(tmp_path / "p", sixty_sources), "data_health")
    assert not app.exception
    assert "2 of 4 sources need attention" in words_on(app)
    shown = table_with(app, "Remedy")
    assert shown["Source"].tolist() == ["Glint answers", "Qualtrics survey", "Talk log", "Workday workers"]
    folded = next(e for e in app.expander if e.label == "55 further sources can be read")
    rows = folded.table[0].value.map(lambda text: text.replace("\\", ""))
    folders = dict(zip(rows["Source"], rows["Folder"], strict=True))
    assert len(folders) == 55
    assert folders["Vendor 0 hris"] == "landing/hris/own_folder/"
    assert folders["Vendor 5 surveys"] == "landing/surveys/v5surveys/"
    assert rows["Area"].unique().tolist() == ["Conversations", "HR systems", "Surveys"]


def test_a_source_whose_files_have_no_date_has_still_delivered(open_page: Open, tmp_path: Path) -> None:
    def dateless(tables: Tables) -> None:
        tables["source"] = [row | {"files": 1} for row in tables["source"]]

    app = open_page(write_published(tmp_path / "p", dateless), "data_health")
    assert "Workday absences" in table_with(app, "Remedy")["Source"].tolist()
    assert not any("can be read" in e.label for e in app.expander)


def test_refused_files_keep_reason_and_remedy_in_full_newest_first(open_page: Open, tmp_path: Path) -> None:
    app = open_page(write_published(tmp_path / "p", two_hundred_files), "data_health")
    assert "4 of 203 files were refused" in words_on(app)
    rows = table_with(app, "Why, and what to do")
    assert rows["File"].tolist()[0] == plain("conversations/talks_20261025.csv")
    assert rows["Why, and what to do"].tolist() == [plain(WHY)] * 4


def test_without_a_refused_file_nothing_is_said_of_refusals_nor_asked(open_page: Open, published: Path) -> None:
    app = open_page(published, "data_health")
    assert "refused" not in " ".join(s.value for s in app.subheader)
    assert not app.get("button_group")


def test_hundreds_of_files_are_a_short_table_newest_first_with_the_others_on_request(
    open_page: Open, tmp_path: Path
) -> None:
    app = open_page(write_published(tmp_path / "p", two_hundred_files), "data_health")
    rows = table_with(app, "Account")
    assert len(rows) == 12
    assert rows["File"].tolist()[:3] == [
        plain(p)
        for p in (
            "conversations/talklog_2026-11-22.csv",
            "hris/workers_2026-11-22.csv",
            "conversations/talks_20261101.csv",
        )
    ]
    assert not next(e for e in app.expander if e.label == "Show the other 191").table
    app.session_state["more-files-and-their-account"] = True
    app.run()
    assert len(next(e for e in app.expander if e.label == "Show the other 191").table[0].value) == 191


def test_files_can_be_picked_by_status(open_page: Open, tmp_path: Path) -> None:
    app = open_page(write_published(tmp_path / "p", two_hundred_files), "data_health")
    choice = app.segmented_control(key="files-shown")
    assert choice.options == ["All 203", "Read 195", "Refused 4", "Duplicates 4"]
    choice.set_value("duplicate").run()
    rows = table_with(app, "Account")
    assert len(rows) == 4
    assert rows["Result"].tolist()[0] == plain("duplicate; adds up; Same content as talks_8.csv; ignored.")
    app.segmented_control(key="files-shown").set_value("refused").run()
    assert table_with(app, "Account")["Result"].tolist() == [plain("refused; adds up")] * 4


def test_an_old_file_that_does_not_add_up_stands_before_all_newer_ones(open_page: Open, tmp_path: Path) -> None:
    def lose_a_record(tables: Tables) -> None:
        two_hundred_files(tables)
        tables["source_file"][-1]["accepted"] -= 1

    app = open_page(write_published(tmp_path / "p", lose_a_record), "data_health")
    assert table_with(app, "Account")["Result"].tolist()[0] == plain("read; does not add up")


def test_more_files_than_a_page_can_bear_are_cut_and_counted(open_page: Open, tmp_path: Path) -> None:
    def thousands(tables: Tables) -> None:
        tables["source_file"] = list(_files(1200))

    app = open_page(write_published(tmp_path / "p", thousands), "data_health")
    app.session_state["more-files-and-their-account"] = True
    app.run()
    assert len(next(e for e in app.expander if e.label == "Show the other 1,188").table[0].value) == 500
    assert "688 more are in the release itself." in words_on(app)


def test_files_read_alike_share_one_line_about_their_dates(open_page: Open, tmp_path: Path) -> None:
    def one_differs(tables: Tables) -> None:
        two_hundred_files(tables)
        tables["source_file"][-1]["date_format"] = "held_on dd/MM/yyyy"

    app = open_page(write_published(tmp_path / "p", one_differs), "data_health")
    folded = next(e for e in app.expander if e.label == "How each date column was read")
    rows = folded.table[0].value
    assert rows[["Source", "Files"]].values.tolist() == [
        ["Qualtrics survey", "1"],
        ["Talk log", "200"],
        ["Talk log", "1"],
        ["Workday workers", "1"],
    ]
    assert rows["Dates"].tolist()[2] == plain("held_on dd/MM/yyyy")
