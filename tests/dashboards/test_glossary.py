"""The glossary finds, opens and explains every term of the release."""

from __future__ import annotations

import json
from pathlib import Path

from pipelines.refusal_worlds import worlds
from pipelines.refusals import REFUSALS
from tests.dashboards.conftest import Open
from tests.dashboards.release import write_published
from tests.dashboards.release_metrics import METRICS
from tests.dashboards.test_data_health import cells_on
from tests.dashboards.test_overview import words_on

REFUSED = [refused.refusal_id for refused in REFUSALS]


def test_every_metric_of_the_release_is_a_term(open_page: Open, published: Path) -> None:
    app = open_page(published, "glossary")
    assert not app.exception
    labels = [e.label.replace("\\", "") for e in app.expander if "SQL" not in e.label]
    ids = [label.split(" · ")[1] for label in labels if " · " in label]
    assert sorted(ids) == sorted([*METRICS, *REFUSED])


def test_search_and_family_narrow_the_terms(open_page: Open, published: Path) -> None:
    app = open_page(published, "glossary")
    app.text_input(key="glossary-search").set_value("rcy median").run()
    found = {e.label.replace("\\", "").split(" · ")[-1] for e in app.expander}
    assert found & METRICS.keys() == {"RCY-02", "RCY-05"}
    app.selectbox(key="glossary-family").set_value("Outcomes").run()
    assert "No term matches" in words_on(app)


def test_a_deep_link_opens_one_term_with_formula_target_and_lineage(open_page: Open, published: Path) -> None:
    app = open_page(published, "glossary", metric="COV-02")
    assert [s.value.replace("\\", "") for s in app.subheader] == ["Talked in 6 months · COV-02"]
    cells = cells_on(app)
    assert 'Formula,"People with at least one conversation, divided by: people employed for the whole window."' in cells
    assert 'Not known,"3% for the whole company on 22 Nov 2026. Over 20% a figure is flagged' in cells
    assert 'Hidden groups,"Groups under 10 are hidden' in cells
    assert 'Interval,"Wilson score interval' in cells
    assert "Assumptions,coverage target: 0.75" in cells
    assert "Counts,people with at least one conversation" in cells
    assert "Target,75%; higher is better" in cells
    assert "Exports it uses,Talk log; 1 further export could add to it" in cells
    lineage = [c.value.replace("\\", "") for e in app.expander for c in e.caption]
    assert lineage == ["core: conversation, episode", "raw: talklog__conversation, workday__absence"]
    assert app.code[0].value == "select 'COV-02' as metric_id from core.episode"


def test_an_unknown_term_falls_back_to_all_with_a_note(open_page: Open, published: Path) -> None:
    app = open_page(published, "glossary", metric="XXX-99")
    assert "The link asks for a term this release does not have" in words_on(app)
    assert len(app.expander) >= len(METRICS)


def test_a_link_of_an_earlier_version_still_opens_its_term(open_page: Open, published: Path) -> None:
    app = open_page(published, "glossary", term="RCY-03")
    assert [s.value.replace("\\", "") for s in app.subheader] == ["Overdue · RCY-03"]
    assert "Assumptions,target days: 183; target days new in job: 92" in cells_on(app)


def test_the_rhythm_of_every_stage_is_marked_as_an_assumption(open_page: Open, published: Path) -> None:
    app = open_page(published, "glossary")
    cells = cells_on(app)
    assert 'New in job,92 days,365 days,not judged,"assumption, not research"' in cells
    assert 'Growing,183 days,365 days,"feedback, advice challenge","assumption, not research"' in cells
    assert "coverage target,0.75,Share who should have talked in the window." in cells
    assert "assumption, not research" in words_on(app)


def test_every_refusal_has_three_sentences_an_alternative_a_picture_and_its_numbers(
    open_page: Open, published: Path
) -> None:
    app = open_page(published, "glossary")
    assert "What Parley does not work out, and why" in words_on(app)
    assert len(app.get("vega_lite_chart")) == len(REFUSED)
    for refused in REFUSALS:
        alone = open_page(published, "glossary", metric=refused.refusal_id)
        assert not alone.exception
        assert not alone.error
        text = words_on(alone).replace("\\", "")
        assert " ".join(refused.sentences) in text
        assert refused.instead in text
        assert len(alone.get("vega_lite_chart")) == 1
        assert "What it would show: " in cells_on(alone)


def test_a_picture_says_in_words_what_it_shows(open_page: Open, published: Path) -> None:
    app = open_page(published, "glossary", metric="REF-01")
    shown = {p["series"]: p["label"] for p in worlds()["REF-01"].points if p["label"]}
    spoken = app.get("vega_lite_chart")[0].proto.alt
    assert all(label in spoken for label in shown.values())
    assert "what it would show, ever talked" in spoken


def test_a_release_without_the_list_of_refusals_says_so(open_page: Open, tmp_path: Path) -> None:
    folder = write_published(tmp_path / "published")
    release = next((folder / "releases").iterdir())
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    for name in ("refusal.parquet", "refusal_picture.parquet"):
        (release / name).unlink()
        del manifest["files"][name]
    (release / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    app = open_page(folder, "glossary")
    assert not app.exception
    assert "This release is older than the list" in words_on(app)


def test_a_metric_that_is_told_elsewhere_than_in_the_metric_table_is_a_term_too(
    open_page: Open, published: Path
) -> None:
    app = open_page(published, "glossary", metric="DQ-05")
    assert not app.exception
    assert not app.error
    assert "Closed months that changed · DQ-05" in words_on(app)
    facts = {row["Label"]: row["Content"].replace("\\", "") for row in app.table[0].value.to_dict("records")}
    assert facts["Unit"] == "in the unit of the figure"
    assert facts["Target"] == "none set; lower is better"
