"""`parley explain`: everything a reader may know of a metric, out of the release alone, and nothing that is hidden."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from rich.console import Console, RenderableType
from typer.testing import CliRunner

from pipelines import contracts, defining, explaining, tables
from pipelines.cli import app
from pipelines.explaining import ExplainError
from pipelines.paths import CONTRACTS, SQL
from pipelines.publishing import Release, publish
from pipelines.settings import Settings
from pipelines.tables import Table, ancestors
from tests.dashboards.release import AS_OF, POLARS_TYPE, Tables, release_tables
from tests.dashboards.release import contracts as published_contracts

KNOWN = contracts.load_folder(CONTRACTS)
LOADED = tables.load(SQL)
DEFINED = {row["metric_id"]: row for row in defining.metric_definition(LOADED, KNOWN, Settings()).to_dicts()}
METRICS = {t.header["metric_id"]: t for t in LOADED.values() if t.schema in ("metrics", "releases")}


def released(home: Path, rows: Tables) -> Path:
    """A release of made-up rows; its folder."""
    known = published_contracts()
    frames = {
        name: pl.DataFrame(
            rows.get(name, []), schema={c.name: POLARS_TYPE[c.kind] for c in contract.columns}, orient="row"
        )
        for name, contract in known.items()
    }
    about = Release("20261122T021400Z-abc123", AS_OF, datetime(2026, 11, 22, 2, 14, tzinfo=UTC), "0.1.0", {})
    return publish(frames, about, home / "published", known, keep=2)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation that has nothing but a release."""
    found = tmp_path_factory.mktemp("explained")
    released(found, release_tables(AS_OF))
    return found


@pytest.fixture(scope="module")
def folder(home: Path) -> Path:
    return explaining.current_release(home / "published")


def told(renderable: RenderableType) -> str:
    """What a terminal shows, with blanks and line ends as single blanks."""
    console = Console(file=io.StringIO(), width=160, highlight=False)
    console.print(renderable)
    assert isinstance(console.file, io.StringIO)
    return " ".join(console.file.getvalue().split())


def asked(*words: str) -> tuple[int, str]:
    """Exit code and output of the command."""
    result = CliRunner().invoke(app, ["explain", *words], env={"COLUMNS": "200"})
    return result.exit_code, " ".join(result.output.split())


def test_a_metric_is_explained_from_formula_to_sql(folder: Path) -> None:
    text = told(explaining.explain(folder, "COV-02"))
    for part in (
        "COV-02 Talked in 6 months",
        "Coverage, version 1.0.0.",
        "Formula People with at least one conversation, divided by: people employed for the whole window.",
        "Numerator people with at least one conversation",
        "Denominator people employed for the whole window",
        "Window 183 days to the date",
        "Left out Unknown leaves both sides",
        "Interval Wilson score interval, 95 %",
        "Unit share of the denominator, in per cent",
        "Target 75.0 %; higher is better",
        "The whole company on 2026-11-22",
        "│ 44.0 % │ 42.4 % to 45.6 % │ 2,341 │ 3.0 % │ shown │",
        "coverage_target 0.75",
        "reads core.episode",
        "core conversation, episode",
        "delivered talklog__conversation (Talk log): files 1, the newest of 2026-11-22, fresh",
        "not delivered workday__absence",
        "SQL select 'COV-02' as metric_id from core.episode",
    ):
        assert part in text, part


def test_targets_of_stages_are_told_as_assumptions(folder: Path) -> None:
    text = told(explaining.explain(folder, "rcy-03"))
    assert "Assumptions (chosen by the organisation, not research) target_days 183" in text
    assert "target_days new_in_job 92" in text
    assert "stage_support" not in text
    assert "None of the organisation's own" in told(explaining.explain(folder, "CH2-01"))


@pytest.mark.parametrize(
    ("unit", "found"),
    [
        ("FS1", "North"),
        ("fs1", "North"),
        ("North", "North"),
        ("legal", "Legal"),
        ("Leg", "Legal"),
        ("Contr", "Contracts"),
        ("Logis", "Logistics"),
        ("ENG", "Engineering"),
        ("*IT*", "*IT* <b>& Data</b>"),
    ],
)
def test_a_unit_is_found_by_key_label_or_beginning(folder: Path, unit: str, found: str) -> None:
    assert f"{found} on 2026-11-22" in told(explaining.explain(folder, "COV-02", unit))


def test_a_beginning_of_several_units_names_them_all(folder: Path) -> None:
    with pytest.raises(ExplainError, match=r"fits 2 units: Tier 1 \(key CC1, in Customer Care\); Tier 2 \(key CC2"):
        explaining.explain(folder, "COV-02", "Tier")


def test_units_of_one_name_are_told_apart_by_key(tmp_path: Path) -> None:
    rows = release_tables(AS_OF)
    for row in rows["cut_group"]:
        if row["group_key"] in ("FS1", "ENG1"):
            row["label"] = "North"
    own = released(tmp_path, rows)
    with pytest.raises(
        ExplainError, match=r"fits 2 units: North \(key FS1, in Field Sales\); North \(key ENG1, in Eng"
    ):
        explaining.explain(own, "COV-02", "north")
    assert "North on 2026-11-22" in told(explaining.explain(own, "COV-02", "eng1"))


def test_an_unknown_unit_names_the_nearest(folder: Path) -> None:
    with pytest.raises(ExplainError, match=r"There is no unit 'Logistik'\. Nearest: Logistics \(key OPS1"):
        explaining.explain(folder, "COV-02", "Logistik")


def test_an_unknown_metric_names_the_nearest_ids(folder: Path) -> None:
    with pytest.raises(ExplainError, match=r"There is no metric 'RCY-9'\. Nearest: RCY-0\d .*; RCY-0\d"):
        explaining.explain(folder, "RCY-9")
    with pytest.raises(ExplainError, match="Nearest: OUT-02 Retention"):
        explaining.explain(folder, "retension")


def test_a_day_that_is_not_in_the_release_names_the_days_there_are(folder: Path) -> None:
    october = told(explaining.explain(folder, "COV-02", as_of=date(2026, 10, 31)))
    assert "The whole company on 2026-10-31" in october
    with pytest.raises(
        ExplainError, match=r"no figures of 2026-11-01\. It has: 2026-11-22, 2026-10-31, .*, 2024-11-30\."
    ):
        explaining.explain(folder, "COV-02", as_of=date(2026, 11, 1))


@pytest.mark.parametrize(
    ("metric_id", "unit", "reason"),
    [
        ("COV-02", "LEG2", "Hidden: it speaks of fewer than 10 people. Ask for a wider group."),
        ("CH1-01", "OPS2", "Withheld: more than 40 % is not known"),
        ("RCY-02", "CC3", "No number: the middle one is longer than anything on record"),
    ],
)
def test_a_figure_that_is_not_shown_says_why_and_never_of_how_many(
    folder: Path, metric_id: str, unit: str, reason: str
) -> None:
    text = told(explaining.explain(folder, metric_id, unit))
    assert reason in text
    row = text.partition("┩ │ ")[2].partition(" │ └")[0]
    # Of a median that nobody reached, how many people there are is published.
    assert row.startswith("– │ none │ 110 │" if unit == "CC3" else "– │ none │ – │ – │")


def test_a_group_of_which_nothing_was_ever_shown_is_hidden_on_its_earlier_days_too(tmp_path: Path) -> None:
    rows = release_tables(AS_OF)
    # Its earlier days are not in a release at all.
    rows["metric"] = [r for r in rows["metric"] if r["group_key"] != "LEG2" or r["as_of"] == AS_OF]
    text = told(explaining.explain(released(tmp_path, rows), "COV-02", "LEG2", date(2026, 10, 31)))
    assert "Hidden on every day of this release. Hidden: it speaks of fewer than 10 people." in text


def test_a_neighbour_that_is_hidden_for_another_says_so(tmp_path: Path) -> None:
    rows = release_tables(AS_OF)
    numbers = ("value", "lo", "hi", "n", "known_share", "bound_lo", "bound_hi")
    for row in rows["metric"]:
        if row["group_key"] == "LEG1":
            row |= dict.fromkeys(numbers) | {"status": "complementary", "is_flagged": False}
    text = told(explaining.explain(released(tmp_path, rows), "COV-02", "LEG1"))
    assert "Hidden with its neighbour: the total minus this group would show a very small group." in text


def test_much_unknown_comes_with_its_bounds(folder: Path) -> None:
    text = told(explaining.explain(folder, "CH3-01"))
    assert "More than 20 % is not known: read it with care. Counting every unknown it lies between" in text


def test_a_distribution_is_told_band_by_band_from_the_shortest(folder: Path) -> None:
    text = told(explaining.explain(folder, "RCY-01"))
    places = [text.index(f"│ {band} │") for band in ("0-3", "3-6", "9-12", "12-18", "18+", "none", "unknown")]
    assert places == sorted(places)


@pytest.mark.parametrize("metric_id", ["DQ-01", "DQ-05"])
def test_a_metric_about_records_sends_to_data_health(folder: Path, metric_id: str) -> None:
    assert "It is not worked out for groups of people; Data health shows it." in told(
        explaining.explain(folder, metric_id)
    )


def test_a_metric_of_managers_only_says_that_it_has_no_figure_of_the_company(tmp_path: Path) -> None:
    rows = release_tables(AS_OF)
    rows["metric"] = [r for r in rows["metric"] if r["metric_id"] != "CH2-01" or r["cut"] == "company"]
    for row in rows["metric"]:
        if row["metric_id"] == "CH2-01":
            row |= {"cut": "manager", "group_key": "m1"}
    text = told(explaining.explain(released(tmp_path, rows), "CH2-01"))
    assert "It is not worked out for the whole company, only by manager." in text


def test_all_metrics_are_listed_without_an_id(folder: Path) -> None:
    text = told(explaining.catalogue(folder))
    assert "Company, 2026-11-22" in text
    assert all(row["metric_id"] in text for row in release_tables(AS_OF)["metric_definition"])
    assert "│ COV-02 │ Talked in 6 months │ Coverage │ share │ 1.0.0 │ 44.0 % │" in text


def test_names_in_data_steer_no_terminal_and_are_no_markup(tmp_path: Path) -> None:
    rows = release_tables(AS_OF)
    next(r for r in rows["cut_group"] if r["group_key"] == "FS1")["label"] = "[red]\x1b[31mNorth[/red]"
    console = Console(file=io.StringIO(), width=160)
    console.print(explaining.explain(released(tmp_path, rows), "COV-02", "FS1"))
    assert isinstance(console.file, io.StringIO)
    assert "[red] [31mNorth[/red] on" in console.file.getvalue()
    assert "\x1b" not in console.file.getvalue()


def test_the_command_explains_lists_and_refuses(home: Path) -> None:
    at = ("--home", str(home))
    code, text = asked("COV-02", "--unit", "Legal", "--as-of", "2026-10-31", *at)
    assert (code, "Legal on 2026-10-31" in text) == (0, True)
    assert asked(*at)[0] == 0
    code, text = asked("RCY-77", *at)
    assert (code, "There is no metric 'RCY-77'. Nearest: RCY-0" in text) == (2, True)
    code, text = asked("COV-02", "--unit", "Tier", *at)
    assert (code, "fits 2 units" in text) == (2, True)


def test_a_refusal_is_explained_by_its_id_and_ends_the_command_when_asked_for_in_words(tmp_path: Path) -> None:
    code, text = asked("ref-01", "--home", str(tmp_path))
    assert code == 0
    assert "Parley does not work this out. Whoever stays longer has more time for a first conversation" in text
    assert "it would show ever talked: " in text
    assert asked("ever never attrition", "--home", str(tmp_path)) == (2, text)


def test_an_installation_without_a_release_says_what_to_do(tmp_path: Path) -> None:
    code, text = asked("COV-02", "--home", str(tmp_path))
    assert code == 2
    assert "There is no release in" in text
    assert "Run 'parley run'" in text


def test_the_formula_says_what_is_divided_by_what() -> None:
    assert DEFINED["COV-01"]["formula"] == (
        "People with one or more, divided by: people employed for the whole window of whom that is known."
    )
    assert DEFINED["RCY-07"]["formula"].endswith("are censored. Taken over: people hired in the past 730 days.")
    alone = {"numerator": "Figure now minus figure before", "denominator": "None", "unit": "points"}
    assert defining.formula(alone) == "Figure now minus figure before."


@pytest.mark.parametrize(
    ("metric_id", "method"),
    [
        ("COV-01", "Wilson score interval, 95 %, on the denominator"),
        ("COV-03", "Wilson score interval, 95 %, on people"),
        ("CAD-01", "Exact Poisson"),
        ("OUT-01", "Exact Poisson"),
        ("RCY-02", "order statistics"),
        ("RCY-07", "Kaplan-Meier"),
        ("MGR-01", "Given by the SELECT itself"),
        ("DQ-03", "None"),
        ("DQ-05", "None"),
    ],
)
def test_the_method_of_an_interval_is_that_of_its_kind(metric_id: str, method: str) -> None:
    assert method in DEFINED[metric_id]["interval"]


def test_assumptions_are_settings_and_follow_what_the_sql_leans_on() -> None:
    shown = {*Settings.model_fields, "support_version"}
    for metric_id, row in DEFINED.items():
        names = {name for name in row["assumptions"].split(", ") if name}
        assert names <= shown
        assert ("overdue" in METRICS[metric_id].sql.lower()) <= ("target_days" in names), metric_id
        assert ("raw.stage_support" in ancestors(METRICS[metric_id], LOADED)) >= ("stage_support" in names), metric_id
        assert (row["target"] is not None) == any(name.endswith(("_target", "_months")) for name in names)


def test_the_lineage_ends_at_source_contracts_and_answers_belong_to_their_response_file() -> None:
    sources = {c.id for c in KNOWN.values() if c.layer == "sources" and "filledBy" not in c.settings}
    found = {metric_id: set(filter(None, row["sources"].split(", "))) for metric_id, row in DEFINED.items()}
    assert all(names <= sources for names in found.values())
    assert "glint__response" in found["RCY-08"]
    assert {"talklog__conversation", "parley__conversation", "workday__worker"} <= found["COV-01"]
    assert "raw.glint__answer" in DEFINED["RCY-08"]["tables"].split(", ")


def test_a_select_with_an_interval_of_its_own_is_told_from_one_without() -> None:
    head = {"interval": "given", "unit": "days"}
    own = Table("metrics", "a", "select 1.5 as lo from core.talk", Path("a.sql"), head)
    none = Table("metrics", "b", "select cast(null as double) as lo from core.talk", Path("b.sql"), head)
    assert defining.interval_method(own) == "Given by the SELECT itself, 95 %"
    assert defining.interval_method(none) == "None"
