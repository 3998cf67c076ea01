"""A public person query of Workplace Analytics (MIT licence), landed whole, against what the standard library reads in it."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

import duckdb
import pytest

from pipelines.contracts import load
from pipelines.landing import inventory, land_source
from pipelines.paths import CONTRACTS, SQL
from pipelines.tables import load as load_tables
from tests.landing_cases import rows
from tests.real_inputs import DATA, accounts, needs_real_data, table

pytestmark = needs_real_data
QUERY = DATA / "meetings" / "wpa_person_week.csv"
EXPORTED = date(2020, 2, 3)
# All organisations of the file, as measured with another tool, rounded to four places.
MEAN_WEEKLY_HOURS = {
    "Customer Service": 0.3267,
    "Finance": 0.2598,
    "Financial Planning": 0.2533,
    "Human Resources": 0.2768,
    "IT": 0.2427,
}


@pytest.fixture(scope="module")
def viva(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The query in its landing folder, landed, and its staging table."""
    contract = load(CONTRACTS / "sources" / "viva__person_week.odcs.yaml")
    landing = tmp_path_factory.mktemp("viva") / "landing"
    folder = landing / str(contract.settings["landing"])
    folder.mkdir(parents=True)
    shutil.copy(QUERY, folder / f"person_query_{EXPORTED:%Y%m%d}.csv")
    with duckdb.connect() as con:
        land_source(contract, inventory(landing, {contract.id: contract}), con)
        load_tables(SQL)["staging.viva__conversation_usage"].build(con)
        yield con


def hours_of_people() -> dict[tuple[str, str], list[float]]:
    """Organisation and person to the hours of 1:1 meetings of each week."""
    found = defaultdict(list)
    for row in table(QUERY):
        found[row["Organization"], row["PersonId"]].append(float(row["Meeting_hours_with_manager_1_on_1"]))
    return found


def test_every_record_of_the_person_query_is_accepted(viva: duckdb.DuckDBPyConnection) -> None:
    source, status, records, header, accepted, quarantined = accounts(viva)[f"person_query_{EXPORTED:%Y%m%d}.csv"]
    assert (source, status, header, quarantined) == ("viva__person_week", "read", 1, 0)
    assert accepted == records - 1 == len(table(QUERY)) == 4403


def test_people_without_any_1_on_1_are_as_many_as_the_query_counts(viva: duckdb.DuckDBPyConnection) -> None:
    counted = "SELECT max(manager_meetings) = 0 AS has_none FROM raw.viva__person_week GROUP BY person_id"
    assert rows(viva, f"SELECT count(*), count(*) FILTER (has_none) FROM ({counted})") == [(629, 87)]


def test_meetings_of_no_length_make_the_difference_between_count_and_share(viva: duckdb.DuckDBPyConnection) -> None:
    empty = "SELECT count(*) FROM raw.viva__person_week WHERE manager_meetings > 0 AND manager_hours = 0"
    assert rows(viva, empty) == [(24,)]
    without = "SELECT CAST(sum(n_base * (1 - share)) AS INTEGER) FROM staging.viva__conversation_usage"
    assert rows(viva, without) == [(sum(max(hours) == 0 for hours in hours_of_people().values()),)] == [(89,)]


def test_mean_weekly_hours_are_those_measured_with_another_tool(viva: duckdb.DuckDBPyConnection) -> None:
    means = "SELECT organisation, round(avg(manager_hours), 4) FROM raw.viva__person_week GROUP BY ALL"
    assert dict(rows(viva, means)) == pytest.approx(MEAN_WEEKLY_HOURS)


def test_shares_are_those_of_people_with_time_for_a_1_on_1_in_seven_weeks(viva: duckdb.DuckDBPyConnection) -> None:
    met = defaultdict(list)
    for (organisation, _), hours in hours_of_people().items():
        met[organisation].append(max(hours) > 0)
    last_day = max(date(int(y), int(m), int(d)) for m, d, y in (row["Date"].split("/") for row in table(QUERY)))
    expected = [
        ("org_unit", organisation, last_day + timedelta(days=6), 49, pytest.approx(sum(found) / len(found)), len(found))
        for organisation, found in sorted(met.items())
    ]
    columns = "unit_type, unit_key, as_of, window_days, share, n_base"
    assert rows(viva, f"SELECT {columns} FROM staging.viva__conversation_usage ORDER BY unit_key") == expected


def test_the_person_query_is_one_by_week(viva: duckdb.DuckDBPyConnection) -> None:
    check = load(CONTRACTS / "sources" / "viva__person_week.odcs.yaml").checks[0]
    assert rows(viva, check.query) == [(0,)]
    viva.execute("BEGIN")
    viva.execute("UPDATE raw.viva__person_week SET week_start = week_start + 1 WHERE week_start = DATE '2020-01-26'")
    assert rows(viva, check.query)[0][0] > 600
    viva.execute("ROLLBACK")
