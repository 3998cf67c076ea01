"""What the lists mean for groups of people, and that nothing of it, nor of a survey, gets into a list."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest
from scipy.stats import fisher_exact, norm

from pipelines import contracts, scoring, tables
from pipelines.paths import CONTRACTS, SQL
from pipelines.scoring import fairness
from pipelines.scoring.features import NAMES
from tests.risk_world import LEVELS, World

ON = date(2026, 6, 30)
KNOWN = tables.load(SQL)
LISTS = [name for name in KNOWN if name.startswith("lists.")]
Counts = dict[str, tuple[int, int]]


def cells(groups: Counts, leavers: int | None = None) -> pl.DataFrame:
    """Groups of so many people, of whom so many are on the list, all else alike."""
    rows = [
        {"origin_month": 1 if leavers is None else 0, "attribute": "gender", "value": value, "fold": number % 2, "people": size,
         "leavers": None if leavers is None else size * leavers // 100, "is_listed": is_listed}
        for value, (people, listed) in groups.items()
        for number in (0, 1)
        for is_listed, size in ((True, listed // 2), (False, (people - listed) // 2))
    ]  # fmt: skip
    schema = {"leavers": pl.Int64, "people": pl.Int64}
    return pl.DataFrame(rows, schema_overrides=schema).with_columns(
        pl.lit(LEVELS[name][0]).alias(name) for name in NAMES
    )


def selection(groups: Counts) -> dict[str, dict[str, object]]:
    found = fairness.fairness(cells(groups)).filter(pl.col("measure") == "selection")
    return {row["group_key"]: row for row in found.iter_rows(named=True)}


def wilson(hits: int, people: int) -> tuple[float, float]:
    z, p = float(norm.ppf(0.975)), hits / people
    mid, reach = p + z**2 / (2 * people), z * np.sqrt(p * (1 - p) / people + z**2 / (4 * people**2))
    return (mid - reach) / (1 + z**2 / people), (mid + reach) / (1 + z**2 / people)


def test_a_group_is_compared_with_the_others_by_fisher_and_newcombe() -> None:
    found = selection({"a": (400, 80), "b": (600, 60)})["a"]
    assert (found["share"], found["share_of_others"], found["people"]) == (0.2, 0.1, 400)
    assert found["p"] == pytest.approx(2 * fisher_exact([[80, 320], [60, 540]]).pvalue)
    (low_a, high_a), (low_b, high_b) = wilson(80, 400), wilson(60, 600)
    reach = [np.hypot(0.2 - low_a, high_b - 0.1), np.hypot(high_a - 0.2, 0.1 - low_b)]
    assert [found["points_lo"], found["points_hi"]] == pytest.approx([10 - 100 * reach[0], 10 + 100 * reach[1]])
    assert found["status"] == "look"


def test_four_fifths_alone_raise_no_alarm() -> None:
    found = selection({"a": (60, 12), "b": (60, 8)})
    assert {row["status"] for row in found.values()} == {"ok"}


def test_a_small_group_is_not_told_nor_can_it_be_worked_out() -> None:
    found = selection({"a": (28, 2), "b": (40, 4), "c": (400, 40)})
    assert [found[value]["status"] for value in "abc"] == ["too_few", "hidden", "ok"]
    assert all(found[value][name] is None for value in "ab" for name in ("people", "share", "points", "p"))
    assert {row["status"] for row in selection({"a": (28, 2), "b": (20, 2), "c": (400, 40)}).values()} == {
        "too_few",
        "hidden",
    }


def test_who_says_nothing_is_no_group() -> None:
    assert "undisclosed" not in selection({"a": (100, 10), "b": (100, 10), "undisclosed": (900, 90)})


def test_people_missed_and_wrongly_listed_are_shares_of_those_who_left_and_stayed() -> None:
    groups = {"a": (1000, 200), "b": (1000, 100)}
    found = fairness.fairness(pl.concat([cells(groups), cells(groups, leavers=10)]))
    rows = {(row["measure"], row["group_key"]): row for row in found.iter_rows(named=True)}
    assert (rows["missed", "a"]["people"], rows["wrongly_listed", "a"]["people"]) == (100, 900)
    assert [rows["missed", value]["share"] for value in "ab"] == pytest.approx([0.8, 0.9])
    assert [rows["wrongly_listed", value]["share"] for value in "ab"] == pytest.approx([0.2, 0.1])


def peopled(seed: int, *, is_seeded: bool) -> pl.DataFrame:
    """People of two groups; where it is seeded three of four of one are in one job family."""
    rng = np.random.default_rng(seed)
    drawn = {name: rng.choice(LEVELS[name], 1200) for name in NAMES}
    group = rng.random(1200) < 0.4
    if is_seeded:
        drawn["job_family"][group & (rng.random(1200) < 0.75)] = "Law"
    frame = pl.DataFrame(
        drawn
        | {"value": np.where(group, "a", "b"), "fold": rng.integers(0, 2, 1200), "is_listed": rng.random(1200) < 0.1}
    )
    counted = frame.group_by(*NAMES, "value", "fold", "is_listed").agg(people=pl.len().cast(pl.Int64))
    return counted.with_columns(attribute=pl.lit("gender"), origin_month=0, leavers=pl.lit(None, pl.Int64)).sort(
        pl.all()
    )


@pytest.mark.parametrize("seed", range(2))
def test_a_feature_that_stands_in_for_a_group_is_found_and_named(seed: int) -> None:
    told = {True: {"all", "job_family"}, False: set()}
    for is_seeded, expected in told.items():
        found = fairness.fairness(peopled(seed, is_seeded=is_seeded)).filter(pl.col("measure") == "proxy")
        assert set(found.filter(pl.col("status") == "look")["feature"]) == expected
        assert set(found["feature"]) == {"all", *NAMES}


def test_the_card_and_the_fairness_table_keep_their_contracts() -> None:
    with duckdb.connect() as con:
        published = partial(put, con)
        world = World(700, seed=2, monthly=0.008).cells().drop("truth")
        con.execute("CREATE SCHEMA lists; CREATE SCHEMA fairness; CREATE SCHEMA published")
        register(con, "lists.origin_cell", world)
        newest = world.filter(
            pl.col("origin_month").is_in([world["origin_month"].max(), world["origin_month"].to_numpy().max() - 6])
        )
        spread = pl.concat(
            [
                attributed(newest),
                attributed(newest).with_columns(origin_month=pl.lit(24_036), leavers=pl.lit(None, pl.Int64)),
            ]
        )
        register(con, "fairness.attribute_cell", spread)
        rows = published("model_fairness", scoring.model_fairness(con, ON))
        assert set(rows["measure"]) == {"selection", "missed", "wrongly_listed", "proxy"}
        card = published("model_card", scoring.model_card(con, ON))
        parts = ["verdict", "version", "data", "features", "backtest", "fairness", "limits"]
        assert card["part"].unique(maintain_order=True).to_list() == parts
        assert card["item"][0] in ("used", "not_calibrated", "not_better")


def test_without_any_history_the_card_says_so() -> None:
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA lists; CREATE SCHEMA fairness; CREATE SCHEMA published")
        register(con, "lists.origin_cell", World(60, monthly=0.002).cells().drop("truth").clear())
        register(con, "fairness.attribute_cell", attributed(World(60, monthly=0.002).cells().drop("truth")).clear())
        assert not put(con, "model_fairness", scoring.model_fairness(con, ON)).height
        card = put(con, "model_card", scoring.model_card(con, ON))
        assert card["item"][0] == "too_thin"
        assert "backtest" not in set(card["part"])


def attributed(frame: pl.DataFrame) -> pl.DataFrame:
    number = pl.int_range(pl.len())
    value = pl.when(number % 5 < 2).then(pl.lit("a")).otherwise(pl.lit("b"))
    return frame.with_columns(attribute=pl.lit("gender"), value=value, fold=number % 2)


def register(con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    con.register("incoming", frame)
    con.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming")
    con.unregister("incoming")


def put(con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` in its published table, every check of its contract held."""
    contract = contracts.load(CONTRACTS / "published" / f"{name}.odcs.yaml")
    con.execute(contract.ddl())
    con.register("incoming", frame)
    con.execute(f"INSERT INTO {contract.table} BY NAME SELECT * FROM incoming")
    con.unregister("incoming")
    for check in contract.checks:
        assert con.execute(f"SELECT ({check.query}) {check.operator} {check.bound}").fetchall() == [(True,)], check.name
    assert frame.select(contract.primary_key).is_unique().all()
    required = [column.name for column in contract.columns if column.required]
    assert not sum(frame.select(required).null_count().row(0)) if frame.height else True
    return frame


@pytest.mark.parametrize("name", LISTS)
def test_nothing_a_list_is_made_of_descends_from_attributes_surveys_or_judgements(name: str) -> None:
    lineage = tables.ancestors(KNOWN[name], KNOWN)
    kept_out = ("equity", "fairness", "survey", "response", "answer", "score", "valued", "question")
    assert not [up for up in lineage if any(word in up for word in kept_out)]


@pytest.mark.parametrize(
    "up", ["core.equity_attribute", "core.equity_cell", "fairness.attribute_cell", "core.identity"]
)
def test_a_list_that_reads_attributes_or_names_is_refused(up: str, tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "peek.sql").write_text(f"-- peek\nselect count(*) as people from {up}\n", encoding="utf-8")
    with pytest.raises(tables.TableError, match=up):
        tables.load(tmp_path)


@pytest.mark.parametrize("up", ["core.identity", "core.worker_xref", "core.delivered_person", "core.equity_cell"])
def test_what_judges_the_lists_may_read_attributes_alone(up: str, tmp_path: Path) -> None:
    (tmp_path / "fairness").mkdir()
    (tmp_path / "fairness" / "peek.sql").write_text(f"-- peek\nselect count(*) as people from {up}\n", encoding="utf-8")
    with pytest.raises(tables.TableError, match=up):
        tables.load(tmp_path)
