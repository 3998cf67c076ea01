"""Data health says what arrived, what was set aside and what failed, in numbers that agree with the release."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from dashboards.words import plain
from tests.dashboards.conftest import Open
from tests.dashboards.release import AS_OF, Tables, attempt, write_attempts, write_published
from tests.dashboards.test_overview import words_on


def cells_on(app: AppTest) -> str:
    return "\n".join(table.value.to_csv(index=False) for table in app.table).replace("\\", "")


def table_with(app: AppTest, heading: str) -> Any:
    """The first table on the page that has a column `heading`."""
    return next(t.value for t in app.table if heading in t.value)


def test_the_verdict_sums_up_runs_checks_exports_and_records(open_page: Open, published: Path) -> None:
    app = open_page(published, "data_health")
    assert not app.exception
    text = words_on(app)
    for verdict in (
        "The last nightly run succeeded",
        "1 warning among 5 checks",
        "1 export late or refused",
        "Every record is accounted for",
    ):
        assert verdict in text


def test_sources_that_need_attention_come_first_with_their_remedy(open_page: Open, published: Path) -> None:
    rows = table_with(open_page(published, "data_health"), "Remedy")
    assert rows["Source"].tolist() == ["Qualtrics survey", "Talk log", "Workday workers"]
    assert rows["Remedy"].tolist()[0].startswith("Export Qualtrics survey again")
    assert rows["State"].tolist()[0].replace("\\", "") == "late; newest file 30 Aug 2026, may be 31 days old"
    assert rows["Remedy"].tolist()[1] == ""


def test_sources_without_a_remedy_to_give_leave_its_column_out(open_page: Open, tmp_path: Path) -> None:
    def all_fresh(tables: Tables) -> None:
        tables["source"] = [r | {"status": "fresh"} for r in tables["source"] if r["status"] != "never"]

    app = open_page(write_published(tmp_path / "p", all_fresh), "data_health")
    assert "Every source that arrives is current" in words_on(app)
    assert not any("Remedy" in table.value for table in app.table)


def test_files_say_briefly_how_they_were_read_and_by_column_on_request(open_page: Open, published: Path) -> None:
    app = open_page(published, "data_health")
    assert ",read; adds up,utf-8, comma, dates yyyy-MM-dd" in cells_on(app).replace('"', "")
    folded = next(e for e in app.expander if e.label == "How each date column was read")
    assert "held_on yyyy-MM-dd; logged_on yyyy-MM-dd" in folded.table[0].value.to_csv().replace("\\", "")


def test_every_file_shows_its_equation_and_one_that_is_off_is_called_out(open_page: Open, tmp_path: Path) -> None:
    def lose_a_record(tables: Tables) -> None:
        tables["source_file"][1]["accepted"] -= 1

    app = open_page(write_published(tmp_path / "p", lose_a_record), "data_health")
    assert "1 file does not add up" in words_on(app)
    assert "8,132 = 1 + 8,119 + 11" in cells_on(app)
    assert "does not add up" in cells_on(app)


def test_reasons_carry_the_file_and_the_first_line(open_page: Open, published: Path) -> None:
    app = open_page(published, "data_health")
    assert "14 records set aside, none of them counted" in words_on(app)
    assert 'The person is not in any HR export.,3,"conversations/talklog_2026-11-22.csv, line 977"' in cells_on(app)


def test_a_warning_is_told_in_full_with_its_count_and_is_no_failure(open_page: Open, published: Path) -> None:
    app = open_page(published, "data_health")
    text = words_on(app)
    assert ":material/warning: **1 warning among 5 checks**" in text
    assert ":material/error: **Failed.**" not in text
    warned = table_with(app, "Check")
    assert warned.columns.tolist() == ["Where", "Check"]
    assert warned["Where"].tolist() == [plain("core.question_change")]
    assert warned["Check"].tolist()[0].endswith(plain("then add a row for each to survey_question. Found: 3."))
    link = next(link for link in app.get("page_link") if "checks passed" in link.proto.label)
    assert (link.proto.label, link.proto.icon) == ("4 of 5 checks passed", ":material/warning:")


def test_a_failed_check_stands_before_the_warnings_and_apart_from_them(open_page: Open, tmp_path: Path) -> None:
    def fail(tables: Tables) -> None:
        row = next(r for r in tables["check_result"] if r["check_name"] == "held_not_future")
        row |= {"is_passed": False, "observed": 8120.0, "unexpected": 4}

    app = open_page(write_published(tmp_path / "p", fail), "data_health")
    assert ":material/error: **1 of 5 checks failed, 1 warning**" in words_on(app)
    failed, warned = (t.value for t in app.table if "Check" in t.value)
    assert (failed["Where"].tolist(), failed["Broke"].tolist()) == ([plain("core.conversation")], ["4"])
    assert warned["Where"].tolist() == [plain("core.question_change")]


def test_checks_that_held_are_counted_by_table(open_page: Open, published: Path) -> None:
    app = open_page(published, "data_health")
    counted = [t.value.to_dict("records") for t in app.table if "Checks" in t.value]
    assert {"Table": plain("question_change"), "Checks": "1", "Passed": "0"} in counted[1]


def test_exports_that_have_not_arrived_share_one_line_and_say_nothing_about_leavers(
    open_page: Open, published: Path
) -> None:
    app = open_page(published, "data_health")
    raw = next(t.value for t in app.table if "Checks" in t.value)
    assert raw["Table"].tolist() == ["exports that have not arrived"]
    assert "absence" not in words_on(app)


def test_the_whole_list_of_checks_is_sent_only_when_it_is_opened(open_page: Open, published: Path) -> None:
    app = open_page(published, "data_health")
    folded = next(e for e in app.expander if e.label == "All 5 checks, one by one")
    assert not folded.table
    app.session_state["checks"] = True
    app.run()
    folded = next(e for e in app.expander if e.label == "All 5 checks, one by one")
    assert folded.table[0].value["Result"].tolist() == ["failed, warning", *["passed"] * 4]


def test_the_leavers_check_is_visible_with_its_count(open_page: Open, published: Path) -> None:
    text = words_on(open_page(published, "data_health"))
    assert "Leavers are present in core.worker (214 found)." in text.replace("*", "")


def test_missing_leavers_are_told_with_what_to_do(open_page: Open, tmp_path: Path) -> None:
    def no_leavers(tables: Tables) -> None:
        for row in tables["check_result"]:
            if row["check_name"] == "leavers_present":
                row |= {"is_passed": False, "observed": 0, "description": "Deliver active and terminated workers."}

    text = words_on(open_page(write_published(tmp_path / "p", no_leavers), "data_health"))
    assert "Leavers are missing in core.worker: Deliver active and terminated workers." in text.replace("*", "")


def test_completeness_and_rules_show_the_published_shares(open_page: Open, published: Path) -> None:
    app = open_page(published, "data_health")
    assert "Talk log,duration min,28%" in cells_on(app)
    assert "After term,0.21%" in cells_on(app)
    assert "94% of people are covered by a source" in words_on(app)


def test_failed_runs_are_counted_and_listed_with_their_cause(open_page: Open, tmp_path: Path) -> None:
    folder = write_published(tmp_path / "p")
    stop = attempt(AS_OF + timedelta(days=1), "failed", "core/worker", "two rows for one person")
    write_attempts(folder, [attempt(AS_OF), stop])
    app = open_page(folder, "data_health")
    assert "1 of the last 2 runs failed" in words_on(app)
    assert "failed at core/worker: two rows for one person,200" in cells_on(app)


def test_a_few_nights_are_a_table_and_many_a_chart_with_the_failures_beneath(open_page: Open, tmp_path: Path) -> None:
    folder = write_published(tmp_path / "p")
    nights = [attempt(AS_OF - timedelta(days=d)) for d in range(6, -1, -1)]
    write_attempts(folder, nights[-2:])
    assert not open_page(folder, "data_health").get("vega_lite_chart")
    nights[2] = attempt(AS_OF - timedelta(days=4), "failed", "core/worker", "two rows for one person")
    write_attempts(folder, nights)
    app = open_page(folder, "data_health")
    assert len(app.get("vega_lite_chart")) == 1
    shown = [table.value for table in app.table if "Outcome" in table.value]
    assert [len(rows) for rows in shown] == [1, 7]
    assert "failed at core/worker" in shown[0]["Outcome"].tolist()[0]


def test_the_docs_are_linked_once_they_exist(open_page: Open, tmp_path: Path) -> None:
    folder = write_published(tmp_path / "p")
    assert "appear here once a run has written them" in words_on(open_page(folder, "data_health"))
    (folder / "data_docs").mkdir()
    (folder / "data_docs" / "index.html").write_text("<p>docs</p>", encoding="utf-8")
    app = open_page(folder, "data_health")
    assert [b.proto.url for b in app.get("link_button")] == ["data-docs/index.html"]


def test_an_empty_log_and_an_empty_landing_folder_are_said_in_words(open_page: Open, tmp_path: Path) -> None:
    def nothing_arrived(tables: Tables) -> None:
        tables["source_file"], tables["quarantine_reason"] = [], []
        tables["metric"] = [r for r in tables["metric"] if not r["metric_id"].startswith("DQ")]

    folder = write_published(tmp_path / "p", nothing_arrived)
    (folder / "attempts.jsonl").unlink()
    app = open_page(folder, "data_health")
    assert not app.exception
    assert not app.error
    text = words_on(app)
    assert "No run has been recorded yet" in text
    assert "No record was set aside" in text
    assert "This release has no completeness figures." in text
