"""The staircase in companies whose truth is known: cells counted one by one, chunks, and ratios that are planted or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import duckdb
import polars as pl
import pytest

from pipelines.hazards import TENURE_BANDS
from pipelines.links.cells import counted, read
from pipelines.links.exposures import EXPOSURES, OUTCOMES
from pipelines.links.models import STEPS, Step, steps
from tests.linked_company import AS_OF, built, loaded, truth

CELLS = ("links.cluster_cell", "links.hazard_cell", "links.exposed_people", "links.placing", "links.late_record")
EXITS, PROMOTIONS = OUTCOMES
RECENCY, PARTNER = EXPOSURES[0], EXPOSURES[2]
EXITS_BY_RECENCY, EXITS_BY_PARTNER, RISES_BY_PARTNER = (
    f"clock = '{outcome.clock}' and exposure = '{exposure.name}'"
    for outcome, exposure in ((EXITS, RECENCY), (EXITS, PARTNER), (PROMOTIONS, PARTNER))
)


def log_ratio(step: Step, level: str) -> tuple[float, float]:
    """The logarithm of a ratio and its error."""
    place = step.column(level)
    assert place is not None
    assert step.fit is not None
    return float(step.fit.coef[place]), float(step.fit.errors[place])


def test_months_at_risk_in_each_state_are_those_of_the_truth_counted_one_by_one() -> None:
    frames = truth("null", 600, 3)
    with built(frames, CELLS, EXITS_BY_RECENCY) as con:
        cells = read(con, EXITS, RECENCY)
        found = {
            row[0]: row[2:] for row in counted(cells.now, cells.people[0], EXITS, RECENCY).drop("clusters").iter_rows()
        }
        by_month = con.execute(
            "SELECT level, sum(at_risk * (until_month - clock_month + 1)), sum(voluntary) FROM links.hazard_cell"
            " WHERE clock = 'tenure' AND exposure = 'recency' GROUP BY level"
        ).fetchall()
    assert {level: (months, exits) for level, months, exits in by_month} == found == month_by_month(frames)


def month_by_month(frames: dict[str, pl.DataFrame]) -> dict[str, tuple[int, int]]:
    """Person-months and exits by choice in each state of recency: a loop over months, people and days."""
    talked: dict[str, list[date]] = {}
    for worker, day in frames["core.conversation"].select("worker_key", "occurred_on").sort("occurred_on").iter_rows():
        talked.setdefault(worker, []).append(day)
    spans = frames["core.capture_span"].select("worker_key", "valid_from", "valid_to")
    people = frames["core.spell"].join(spans, on="worker_key").iter_rows(named=True)
    found = {level: [0, 0] for level in RECENCY.levels}
    for person in people:
        first = date(2022, 1, 1)
        while (following := (first + timedelta(days=32)).replace(day=1)) <= AS_OF + timedelta(days=1):
            level = state(person, talked.get(person["worker_key"], []), first - timedelta(days=1))
            if level is not None:
                noticed = person["decided_on"] is not None and person["decided_on"] < following
                found[level][0] += 1
                found[level][1] += bool(noticed and person["exit_type"] == "exit_voluntary")
            first = following
    return {level: (months, exits) for level, (months, exits) in found.items()}


def state(person: dict[str, date], talks: list[date], eve: date) -> str | None:
    """The state of somebody on the eve of a month; None where they are not at risk in it or it is not known."""
    here = person["started_on"] + timedelta(days=90) <= eve < person["valid_to"]
    if not here or (person["decided_on"] is not None and person["decided_on"] <= eve):
        return None
    is_whole = person["valid_from"] <= person["started_on"]
    if not is_whole and eve < person["valid_from"] + timedelta(days=365):
        return None
    last = max((day for day in talks if person["valid_from"] <= day <= eve), default=None)
    if last is None:
        return "none_on_record" if is_whole else None
    edges = {92: "under_3_months", 183: "3_to_5_months", 366: "6_to_11_months", 99_999: "12_months_or_more"}
    return next(level for edge, level in edges.items() if (eve - last).days < edge)


@pytest.fixture(scope="module")
def small_world() -> Iterator[duckdb.DuckDBPyConnection]:
    with built(truth("null", 300, 3), CELLS) as con:
        yield con


def test_chunks_of_any_size_come_to_the_same_cells(small_world: duckdb.DuckDBPyConnection) -> None:
    known = loaded()
    chunked = [name for name, table in known.items() if "links.worker_chunk" in table.upstream]
    assert {"links.hazard_change", "links.cluster_change", "links.exposed_people"} <= set(chunked)
    whole = contents(small_world)
    small_world.execute("DELETE FROM links.worker_chunk")
    small_world.execute(
        "INSERT INTO links.worker_chunk VALUES (0, 1, 100), (1, 100, 101), (2, 101, 400), (3, 400, 9999)"
    )
    for name in ("hazard_change", "cluster_change", "exposed_people", "hazard_cell", "cluster_cell"):
        known[f"links.{name}"].build(small_world)
    assert contents(small_world) == whole


def contents(con: duckdb.DuckDBPyConnection) -> list[list[tuple[object, ...]]]:
    people = (
        "SELECT clock, exposure, lag_months, level, sum(people) FROM links.exposed_people GROUP BY ALL ORDER BY ALL"
    )
    wanted = ("SELECT * FROM links.hazard_cell ORDER BY ALL", "SELECT * FROM links.cluster_cell ORDER BY ALL", people)
    return [con.execute(sql).fetchall() for sql in wanted]


def test_bands_of_the_clock_are_those_of_the_estimators(small_world: duckdb.DuckDBPyConnection) -> None:
    bands = small_world.execute("SELECT DISTINCT clock_month FROM links.cluster_cell").fetchall()
    # Nobody is eligible in the first band that ends before 90 days, unless promoted since.
    assert {band for (band,) in bands} <= {0, *TENURE_BANDS}
    assert len(bands) >= len(TENURE_BANDS)


@pytest.fixture(scope="module")
def null_world() -> dict[str, Step]:
    with built(truth("null", 5_000, 1), CELLS, EXITS_BY_RECENCY) as con:
        return steps(read(con, EXITS, RECENCY), "voluntary", EXITS, RECENCY)


@pytest.mark.parametrize("step", STEPS)
def test_where_talks_change_nothing_every_step_finds_nothing(null_world: dict[str, Step], step: str) -> None:
    for level in list(RECENCY.levels)[1:]:
        value, error = log_ratio(null_world[step], level)
        assert abs(value) < 3.3 * error
        assert error < 0.2


def test_a_planted_ratio_is_found_and_three_months_later_it_is_not_larger() -> None:
    with built(truth("protective", 5_000, 1), CELLS, EXITS_BY_PARTNER) as con:
        made = steps(read(con, EXITS, PARTNER), "voluntary", EXITS, PARTNER)
    for name in ("crude", "adjusted", "within_manager"):
        value, error = log_ratio(made[name], "boss")
        # The planted ratio is 0.85.
        assert abs(value + 0.1625) < 3 * error
        assert error < 0.12
        assert value < 0
    value, error = log_ratio(made["lagged"], "boss")
    assert -0.1625 - 3 * error < value < 3 * error


def test_a_good_manager_behind_both_shows_until_compared_under_the_same_manager() -> None:
    with built(truth("manager_confounded", 5_000, 1), CELLS, EXITS_BY_PARTNER) as con:
        made = steps(read(con, EXITS, PARTNER), "voluntary", EXITS, PARTNER)
    pooled, error = log_ratio(made["adjusted"], "boss")
    within, own_error = log_ratio(made["within_manager"], "boss")
    assert pooled < -error
    assert within > pooled + error / 3
    assert abs(within) < 3 * own_error


def test_promotions_recur_and_have_nothing_to_do_with_talks() -> None:
    with built(truth("null", 1_500, 1), CELLS, RISES_BY_PARTNER) as con:
        cells = read(con, PROMOTIONS, PARTNER)
        again = con.execute(
            "SELECT count(*) FROM (SELECT worker_no FROM links.at_risk WHERE event = 'promotion' GROUP BY 1 HAVING count(*) > 1)"
        ).fetchall()
    assert again[0][0] > 0
    made = steps(cells, "promotion", PROMOTIONS, PARTNER)
    value, error = log_ratio(made["crude"], "boss")
    assert abs(value) < 3.3 * error


def test_conversations_recorded_after_notice_are_counted_one_by_one() -> None:
    frames = truth("null", 600, 3)
    day = pl.col("occurred_on")
    late = pl.when(pl.col("conversation_key").cast(pl.Int64) % 2 == 0).then(day + timedelta(days=400)).otherwise(day)
    talks = frames["core.conversation"].with_columns(recorded_on=late)
    with built({**frames, "core.conversation": talks}, ("links.late_record",)) as con:
        found = con.execute(
            "SELECT conversations, recorded_after FROM links.late_record WHERE clock = 'tenure'"
        ).fetchone()
    left = (
        frames["core.spell"]
        .filter(pl.col("exit_type") == "exit_voluntary")
        .select("worker_key", on_day=pl.min_horizontal(pl.col("decided_on"), pl.col("ended_on") - timedelta(days=1)))
        .filter(pl.col("on_day") < AS_OF.replace(day=1))
    )
    before = talks.join(left, on="worker_key").filter(
        day < pl.col("on_day"), day >= pl.col("on_day") - timedelta(days=365)
    )
    expected = before.height, before.filter(pl.col("recorded_on") > pl.col("on_day")).height
    assert found == expected
    assert expected[1] > 20
