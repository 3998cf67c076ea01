"""Every state of the Outcomes page as a reader meets it, on made-up releases; no word of it speaks of a cause."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboards.conftest import Open
from tests.dashboards.release import RELEASE_ID, Tables, write_published
from tests.dashboards.test_overview import words_on


def tables_on(app: AppTest, heading: str) -> list[dict[str, str]]:
    """Rows of the first table that has a column of that heading."""
    return next(t.value.to_dict("records") for t in app.table if heading in t.value)


def test_titles_state_what_the_rows_on_screen_say(open_page: Open, published: Path) -> None:
    text = words_on(open_page(published, "outcomes"))
    assert "8% of those who had talked left by choice within a year, 12% of those who had not" in text
    assert "The difference stands out from chance at 1 of 3 landmarks" in text
    assert "Talked 12 months ago or longer: +3.4 points in 12 months, against “talked under 3 months ago”" in text
    assert "With a talk every 3 months the model puts leaving by choice at 9.2%, against 12.3% as it was" in text
    assert "A talk within 60 days against none: −1.8 points" in text


def test_the_address_restores_the_choices(open_page: Open, published: Path) -> None:
    address = {"outcome": "Promotion", "landmark": "12 months", "exposure": "Who started it", "adjust": "Tenure only"}
    app = open_page(published, "outcomes", **address)
    text = words_on(app)
    assert not app.exception
    assert "8% of those who had talked were promoted within a year, 12% of those who had not" in text
    assert "blue: adjusted for tenure only" in text
    assert "Started by the employee" in text
    assert app.selectbox(key="exposure").value == "Who started it"


def test_an_unknown_choice_in_the_address_falls_back_with_a_note(open_page: Open, published: Path) -> None:
    app = open_page(published, "outcomes", exposure="Shoe size")
    assert app.selectbox(key="exposure").value == "Time since the last one"
    assert "The link asks for an unknown question; showing what it usually shows instead." in words_on(app)


def test_reset_puts_every_choice_back(open_page: Open, published: Path) -> None:
    app = open_page(published, "outcomes", outcome="Promotion", exposure="How long", adjust="Tenure only")
    next(b for b in app.button if b.label == "Reset").click().run()
    assert [app.selectbox(key=k).value for k in ("exposure", "adjust")] == ["Time since the last one", "Tenure and job"]
    assert "left by choice within a year" in words_on(app)


def test_the_twin_of_the_staircase_gives_ratio_interval_people_and_events(open_page: Open, published: Path) -> None:
    rows = tables_on(open_page(published, "outcomes"), "Adjusted for")
    assert len(rows) == 5 * 4
    found = {(r["Conversations"], r["Adjusted for"]): r for r in rows}
    row = found[("Talked 12 months ago or longer", "Tenure and job")]
    assert row["Points (95%)"].replace("\\", "") == "+3.4 (1.8 to 5.0)"
    assert row["Ratio (95%)"].replace("\\", "") == "1.38 (1.16 to 1.64)"
    assert row["Rests on"] == "301 people, 113 left by choice"
    assert found[("None on record", "Tenure, job and manager")]["Points (95%)"] == "refused"


def test_every_result_on_screen_stands_with_its_sentence_and_its_caveat(open_page: Open, published: Path) -> None:
    text = words_on(open_page(published, "outcomes"))
    for place in (1, 2, 3, 4):
        assert f"points within 12 months, level {place}." in text
    assert text.count("It is an association. People who plan to stay may also talk more.") == 1
    assert "It holds only if everything that bears on both was recorded." in text


def test_a_caveat_of_one_level_stands_with_that_level(open_page: Open, tmp_path: Path) -> None:
    def changing(tables: Tables) -> None:
        for row in tables["link"]:
            if (row["level"], row["step"]) == ("none_on_record", "adjusted"):
                row["caveat"] = "The ratio changes with tenure."

    text = words_on(open_page(write_published(tmp_path / "p", changing), "outcomes"))
    assert text.count("The ratio changes with tenure.") == 1
    assert text.count("It is an association. People who plan to stay may also talk more.") == 3


def test_hidden_levels_say_so_and_give_no_number(open_page: Open, published: Path) -> None:
    app = open_page(published, "outcomes", exposure="Support that fits the stage")
    assert "Too few people or events to show" in words_on(app)
    rows = [r for r in tables_on(app, "Adjusted for") if "fit" in r["Conversations"]]
    assert len(rows) == 8
    assert {r["Points (95%)"] for r in rows} == {"hidden"}
    assert {r["Rests on"] for r in rows} == {"–"}


def test_too_early_says_what_could_have_been_seen(open_page: Open, published: Path) -> None:
    text = words_on(open_page(published, "outcomes", exposure="How useful it was"))
    assert "Only a ratio of 2.1 or more could be seen." in text
    assert text.count("Too early to tell") == 3


def test_a_curve_that_is_hidden_leaves_the_other_and_no_finding(open_page: Open, published: Path) -> None:
    app = open_page(published, "outcomes", outcome="Promotion", landmark="18 months")
    text = words_on(app)
    assert "Promotion in the year after the landmark" in text
    assert "Had not: too few people or events to show." in text
    hidden = [r for r in tables_on(app, "Months after") if r["Group"] == "Had not"]
    assert {r["Share (95%)"] for r in hidden} == {"hidden"}


def test_a_landmark_too_early_to_tell_draws_no_curve(open_page: Open, published: Path) -> None:
    app = open_page(published, "outcomes", outcome="Promotion", landmark="6 months")
    assert "Too early to tell" in words_on(app)
    assert not [t for t in app.table if "Months after" in t.value]


def test_a_refused_stratum_gives_the_reason_and_the_checks_that_failed(open_page: Open, published: Path) -> None:
    app = open_page(published, "outcomes")
    assert "The weighted people of one arm are worth 88, fewer than 200." in words_on(app)
    checks = {
        r["Check"]: r
        for t in app.table
        if "Check" in t.value and "Everybody" in t.value
        for r in t.value.to_dict("records")
    }
    assert checks["Effective sample"]["Units with few internal openings"] == "88"
    assert checks["E\\-value"]["Units with few internal openings"] == "–"


def test_a_refused_model_shows_its_reason_and_what_could_be_seen(open_page: Open, tmp_path: Path) -> None:
    def too_small(tables: Tables) -> None:
        numbers = ("risk", "points", "ratio", "control_points", "e_value")
        blank = {f"{name}{end}": None for name in numbers for end in ("", "_lo", "_hi")}
        for row in tables["what_if"]:
            row |= {k: v for k, v in blank.items() if k in row} | {
                "status": "too_early",
                "reason": "Only a ratio under 0.74 could be seen.",
            }

    text = words_on(open_page(write_published(tmp_path / "p", too_small), "outcomes"))
    assert "If everybody had talked at a steady rhythm" in text
    assert text.count("Only a ratio under 0.74 could be seen.") == 2
    assert "Everybody: Only" not in text


def test_the_method_names_protocol_version_and_refused_questions(open_page: Open, published: Path) -> None:
    app = open_page(published, "outcomes")
    drawers = [e.label.replace("\\", "") for e in app.expander]
    assert "**Steps of adjustment, leaving by choice · version 1.0.0**" in drawers
    assert "**What if people talked more often · version 1.0.0**" in drawers
    assert not any("promotion" in label for label in drawers)
    assert any(label.startswith("**Questions that are refused") for label in drawers)


def test_a_release_of_an_earlier_version_says_what_to_do(open_page: Open, tmp_path: Path) -> None:
    folder = write_published(tmp_path / "p")
    release = folder / "releases" / RELEASE_ID
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    for name in ("link", "link_curve", "link_protocol", "what_if"):
        (release / f"{name}.parquet").unlink()
        del manifest["files"][f"{name}.parquet"]
    (release / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    app = open_page(folder, "outcomes")
    assert not app.exception
    assert "This release is older than the links" in words_on(app)
    assert [b.label for b in app.button if b.label == "Export"] == []


def test_a_release_without_a_row_about_outcomes_says_so(open_page: Open, tmp_path: Path) -> None:
    def nothing(tables: Tables) -> None:
        for name in ("link", "link_curve", "link_protocol", "what_if"):
            tables[name] = []
        tables["metric"] = [r for r in tables["metric"] if not r["metric_id"].startswith("LNK")]

    app = open_page(write_published(tmp_path / "p", nothing), "outcomes")
    assert not app.exception
    assert not app.error
    assert words_on(app).count("Not worked out in this release") == 3
    assert "Not worked out for leaving by choice" in words_on(app)


def test_one_broken_panel_leaves_the_others(open_page: Open, published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("no such picture")

    monkeypatch.setattr("dashboards.charts_outcomes.incidence", broken)
    app = open_page(published, "outcomes")
    assert len(app.error) == 1
    assert "A talk within 60 days against none" in words_on(app)


@pytest.mark.parametrize("outcome", ["Leaving by choice", "Promotion"])
def test_no_word_of_the_page_speaks_of_a_cause(open_page: Open, published: Path, outcome: str) -> None:
    text = words_on(open_page(published, "outcomes", outcome=outcome)).casefold()
    assert (
        re.findall(r"\b(caus\w+|effects?|impacts?|leads? to|because of|thanks to|reduc\w+|prevent\w*|keeps?)\b", text)
        == []
    )
