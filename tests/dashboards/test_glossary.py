"""The glossary finds, opens and explains every term of the release."""

from __future__ import annotations

from pathlib import Path

from tests.dashboards.conftest import Open
from tests.dashboards.release_metrics import METRICS
from tests.dashboards.test_data_health import cells_on
from tests.dashboards.test_overview import words_on


def test_every_metric_of_the_release_is_a_term(open_page: Open, published: Path) -> None:
    app = open_page(published, "glossary")
    assert not app.exception
    labels = [e.label.replace("\\", "") for e in app.expander if "SQL" not in e.label]
    assert sorted(label.split(" · ")[1] for label in labels) == sorted(METRICS)


def test_search_and_family_narrow_the_terms(open_page: Open, published: Path) -> None:
    app = open_page(published, "glossary")
    app.text_input(key="glossary-search").set_value("rcy median").run()
    found = {e.label.replace("\\", "").split(" · ")[-1] for e in app.expander} - {"How it is computed (SQL)"}
    assert found == {"RCY-02", "RCY-05"}
    app.selectbox(key="glossary-family").set_value("Outcomes").run()
    assert "No term matches" in words_on(app)


def test_a_deep_link_opens_one_term_with_formula_target_and_lineage(open_page: Open, published: Path) -> None:
    app = open_page(published, "glossary", term="COV-02")
    assert [s.value.replace("\\", "") for s in app.subheader] == ["Talked in 6 months · COV-02"]
    cells = cells_on(app)
    assert "Counts,people with at least one conversation" in cells
    assert "Target,75%; higher is better" in cells
    assert "Exports it uses,Talk log; 1 further export could add to it" in cells
    lineage = [c.value.replace("\\", "") for e in app.expander for c in e.caption]
    assert lineage == ["core: conversation, episode", "raw: talklog__conversation, workday__absence"]
    assert app.code[0].value == "select 'COV-02' as metric_id from core.episode"


def test_an_unknown_term_falls_back_to_all_with_a_note(open_page: Open, published: Path) -> None:
    app = open_page(published, "glossary", term="XXX-99")
    assert "The link asks for a term this release does not have" in words_on(app)
    assert len(app.expander) >= len(METRICS)


def test_assumptions_and_refusals_stand_on_the_page(open_page: Open, published: Path) -> None:
    app = open_page(published, "glossary")
    assert "coverage target,0.75,Share who should have talked in the window." in cells_on(app)
    text = words_on(app)
    assert "What Parley does not work out, and why" in text
    assert "Correlations between team averages" in text
    assert "confidential survey" in text


def test_a_metric_that_is_told_elsewhere_than_in_the_metric_table_is_a_term_too(
    open_page: Open, published: Path
) -> None:
    app = open_page(published, "glossary", term="DQ-05")
    assert not app.exception
    assert not app.error
    assert "Closed months that changed · DQ-05" in words_on(app)
    facts = {row["Label"]: row["Content"].replace("\\", "") for row in app.table[0].value.to_dict("records")}
    assert facts["Unit"] == "in the unit of the figure"
    assert facts["Target"] == "none set; lower is better"
