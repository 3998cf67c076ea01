"""Every state of the overview as a reader meets it, on made-up releases."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboards.conftest import Open
from tests.dashboards.release import (
    AS_OF,
    RELEASE_ID,
    Tables,
    attempt,
    release_tables,
    write_attempts,
    write_published,
    write_release,
)


def words_on(app: AppTest) -> str:
    """All text of a page in one string."""
    kinds = ("title", "subheader", "markdown", "caption", "info", "warning", "error")
    return "\n".join(str(element.value) for kind in kinds for element in app.get(kind)).replace("\\", "")


def metrics_on(app: AppTest) -> dict[str, str]:
    return {metric.label: str(metric.value) for metric in app.metric}


def test_company_shows_four_figures_and_titles_that_state_the_finding(open_page: Open, published: Path) -> None:
    app = open_page(published)
    assert not app.exception
    assert metrics_on(app) == {
        "Talked in the last 6 months": "44%",
        "Median months since last": "7.4",
        "Conversations a year each": "1.5",
        "None on record": "20%",
    }
    text = words_on(app)
    assert "17% last talked over a year ago; 20% have none on record" in text
    assert "Coverage is rising, still short of 75%" in text
    assert "11% left by choice in the last 12 months; 86% of those here a year ago stayed" in text


def test_cards_tell_the_change_in_neutral_words_from_a_named_date(open_page: Open, published: Path) -> None:
    card = open_page(published).metric[0]
    assert card.delta == "+2 pts"
    assert card.proto.delta_description == "since 31 Aug"
    assert card.help == "Talked in 6 months, counted over people employed on the date\\. (COV-02)"


def test_the_address_restores_the_filters(open_page: Open, published: Path) -> None:
    app = open_page(published, org="Customer Care › Tier 1", stage="Growing", win="12 months")
    assert app.selectbox(key="org").value == "Customer Care › Tier 1"
    assert "Whole company › Customer Care › Tier 1 · Growing" in words_on(app)
    assert "Talked in the last 12 months" in metrics_on(app)


def test_an_unknown_value_in_the_address_falls_back_with_a_note(open_page: Open, published: Path) -> None:
    app = open_page(published, org="Atlantis")
    assert app.selectbox(key="org").value == "Whole company"
    assert "The link asks for an unknown organisation; showing all instead." in words_on(app)
    app.selectbox(key="org").set_value("Legal").run()
    assert "unknown organisation" not in words_on(app)


def test_reset_puts_every_filter_back(open_page: Open, published: Path) -> None:
    app = open_page(published, org="Legal", stage="Growing", win="12 months")
    next(b for b in app.button if b.label == "Reset").click().run()
    assert [app.selectbox(key=k).value for k in ("org", "stage")] == ["Whole company", "All stages"]
    assert "Talked in the last 6 months" in metrics_on(app)


def test_a_small_group_shows_no_number_and_leads_to_the_wider_one(open_page: Open, published: Path) -> None:
    app = open_page(published, org="Legal", stage="Ready for more")
    assert set(metrics_on(app).values()) == {"n<10"}
    assert "Too few people to show" in words_on(app)
    next(b for b in app.button if b.label == "Show Legal as a whole").click().run()
    assert app.selectbox(key="stage").value == "All stages"
    assert "n<10" not in metrics_on(app).values()


@pytest.mark.parametrize(
    ("org", "stage", "said"),
    [
        ("Legal", "New in job", "Hidden with its neighbour"),
        ("Legal › Patents", "Leaving or retiring", "No one matches these filters"),
        ("Customer Care › Back office", "All stages", "None on record for more than half"),
        ("Legal › Contracts", "Growing", "Too few people to show"),
    ],
)
def test_each_reason_for_hiding_is_said_in_words(
    open_page: Open, published: Path, org: str, stage: str, said: str
) -> None:
    app = open_page(published, org=org, stage=stage)
    assert not app.exception
    assert said in words_on(app)


def test_withheld_shares_say_how_much_is_unknown(open_page: Open, tmp_path: Path) -> None:
    def withhold(tables: Tables) -> None:
        for row in tables["metric"]:
            if row["metric_id"] in ("CH1-01", "CH2-01", "CH3-01", "PRO-01"):
                row |= dict.fromkeys(("value", "lo", "hi", "n", "known_share", "bound_lo", "bound_hi"))
                row["status"] = "withheld"

    app = open_page(write_published(tmp_path / "p", withhold))
    assert "Too much is unknown to say" in words_on(app)


def test_unknown_is_not_zero_and_comes_with_its_bounds(open_page: Open, published: Path) -> None:
    text = words_on(open_page(published))
    assert "Length not recorded for 28% of conversations; the share is of the 72% where it is known." in text
    assert "Counting every unknown it lies between 15% and 43%." in text


def test_a_combination_the_release_does_not_have_says_so(open_page: Open, tmp_path: Path) -> None:
    def without_pairs(tables: Tables) -> None:
        tables["metric"] = [r for r in tables["metric"] if r["cut"] != "org_unit_career_stage"]

    app = open_page(write_published(tmp_path / "p", without_pairs), org="Operations", stage="Growing")
    assert not app.exception
    assert set(metrics_on(app).values()) == {"–"}
    assert "Not worked out for this group" in words_on(app)


def test_merged_bands_are_drawn_and_counted(open_page: Open, tmp_path: Path) -> None:
    def merge(tables: Tables) -> None:
        merged = {"3-6": "0-6", "9-12": "6-12", "18+": "12+"}
        rows = [r for r in tables["metric"] if r["band"] not in ("0-3", "6-9", "12-18")]
        tables["metric"] = [r | {"band": merged.get(r["band"], r["band"])} for r in rows]

    text = words_on(open_page(write_published(tmp_path / "p", merge)))
    assert "16% last talked over a year ago; 39% have none on record" in text


def test_one_hidden_band_hides_the_shares_that_would_give_it_away(open_page: Open, tmp_path: Path) -> None:
    def hide_one(tables: Tables) -> None:
        for row in tables["metric"]:
            if row["band"] == "18+" and row["cut"] == "company":
                row |= {"value": None, "n": None, "known_share": None, "lo": None, "hi": None, "status": "suppressed"}

    text = words_on(open_page(write_published(tmp_path / "p", hide_one)))
    assert "have none on record" not in text
    assert "Time since the last conversation" in text


def test_turnover_sums_months_only_where_no_year_is_published(open_page: Open, tmp_path: Path) -> None:
    def with_year(tables: Tables) -> None:
        company = [r for r in tables["metric"] if r["metric_id"] == "OUT-01" and r["cut"] == "company"]
        tables["metric"] += [r | {"band": "year", "value": 0.07, "lo": 0.06, "hi": 0.08} for r in company]

    app = open_page(write_published(tmp_path / "p", with_year))
    assert "7% left by choice in the last 12 months" in words_on(app)


def test_failed_runs_are_told_with_their_cause(open_page: Open, tmp_path: Path) -> None:
    folder = write_published(tmp_path / "p")
    cause = {"status": "failed", "stopped_at": "survey export", "reason": "column 'Employee ID' is missing"}
    later = [attempt(AS_OF + timedelta(days=d), **cause) for d in (1, 2, 3)]
    write_attempts(folder, [attempt(AS_OF), *later])
    text = words_on(open_page(folder))
    assert "Showing 22 Nov 2026. The last 3 nightly runs stopped at *survey export: column 'Employee ID'" in text


def test_a_release_older_than_the_runs_is_called_late(open_page: Open, tmp_path: Path) -> None:
    folder = write_published(tmp_path / "p")
    write_attempts(folder, [attempt(AS_OF), attempt(AS_OF + timedelta(days=5))])
    assert "The newest run is 5 days past it." in words_on(open_page(folder))


def test_a_damaged_release_gives_way_to_the_newest_intact_one(open_page: Open, tmp_path: Path) -> None:
    folder = write_published(tmp_path / "p")
    for days in (7, 1):
        earlier = AS_OF - timedelta(days=days)
        write_release(folder, f"{earlier.isoformat()}-0214", earlier, release_tables(earlier))
    with (folder / "releases" / RELEASE_ID / "metric.parquet").open("r+b") as file:
        file.seek(200)
        file.write(b"\x00\xff")
    app = open_page(folder)
    assert "Release 2026-11-22-0214 cannot be trusted: metric.parquet is not the file that was published" in words_on(
        app
    )
    assert "Data as of 21 Nov 2026" in words_on(app)
    assert metrics_on(app)["Talked in the last 6 months"] == "44%"


def test_nothing_published_says_what_to_do(open_page: Open, tmp_path: Path) -> None:
    app = open_page(tmp_path / "nothing")
    assert not app.exception
    assert "No conversation data yet" in words_on(app)
    assert [c.value for c in app.code] == ["parley demo"]


def test_a_release_without_any_conversation_figure_says_what_to_do(open_page: Open, tmp_path: Path) -> None:
    def nothing(tables: Tables) -> None:
        tables["metric"] = []

    app = open_page(write_published(tmp_path / "p", nothing))
    assert not app.exception
    assert "No conversation data yet" in words_on(app)
    assert not app.metric


def test_only_damaged_releases_show_no_number(open_page: Open, tmp_path: Path) -> None:
    folder = write_published(tmp_path / "p")
    (folder / "releases" / RELEASE_ID / "manifest.json").write_text("{", encoding="utf-8")
    app = open_page(folder)
    assert "No release can be trusted" in words_on(app)
    assert not app.metric


def test_one_broken_panel_leaves_the_others_and_logs_no_text(
    open_page: Open, published: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("Ada Lovelace")

    monkeypatch.setattr("dashboards.views.overview_panels.heatmap", broken)
    with caplog.at_level(logging.ERROR, "parley.dashboard"):
        app = open_page(published)
    assert len(app.error) == 1
    reference = app.error[0].value.split("Reference ")[1].rstrip(".")
    assert f"reference {reference}: ValueError" in caplog.text
    assert "Ada" not in caplog.text
    assert len(app.metric) == 4


def test_late_exports_are_named_on_the_page(open_page: Open, published: Path) -> None:
    text = words_on(open_page(published))
    assert "Not all exports are current: Qualtrics survey (newest file 30 Aug 2026)" in text


def test_labels_from_data_stay_text(open_page: Open, published: Path) -> None:
    app = open_page(published, org="*IT* <b>& Data</b>")
    raw = "\n".join(str(m.value) for m in app.markdown)
    assert "Whole company › \\*IT\\* \\<b\\>\\& Data\\</b\\>" in raw
