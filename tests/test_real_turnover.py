"""Turnover out of files that nobody here wrote: published figures under their definition, and ours beside them."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines import contracts
from pipelines.expectations import validate
from pipelines.landing import inventory, land_source
from tests import mfg10
from tests.landing_cases import rows
from tests.real_inputs import DATA, needs_real_data, table
from tests.runs import warehouse
from tests.sql_cases import Row
from tests.sql_cases import warehouse as sql_folder

pytestmark = needs_real_data
CONTRACT = contracts.load(Path(__file__).parent / "contracts" / "mfg10__worker_year.odcs.yaml")
TURNOVER = "metrics.out_01_voluntary_turnover"
YEARS = range(2006, 2016)
LEAVERS = (134, 162, 164, 142, 123, 110, 130, 105, 253, 162)
ACTIVE = (4445, 4521, 4603, 4710, 4840, 4972, 5101, 5215, 4962, 4799)
PERCENT = (2.926403, 3.459321, 3.440319, 2.926628, 2.478340, 2.164502, 2.485184, 1.973684, 4.851390, 3.265471)


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The ten yearly files landed under their contract."""
    landing = tmp_path_factory.mktemp("years") / "landing"
    mfg10.write_years(landing)
    with duckdb.connect() as con:
        accounts = land_source(CONTRACT, inventory(landing, {CONTRACT.id: CONTRACT}), con)
        assert [a.as_of for a in accounts] == [date(year, 12, 31) for year in YEARS]
        assert sum(a.accepted for a in accounts) == 49_653
        assert all(a.quarantined == 0 for a in accounts)
        yield con


def test_the_published_yearly_turnover_comes_out_of_the_landed_files(landed: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        landed,
        """
        SELECT year(_as_of), count(*) FILTER (status = 'TERMINATED') AS leavers, count(*) FILTER (status = 'ACTIVE'),
            round(100 * leavers / count(*), 6)
        FROM raw.mfg10__worker_year GROUP BY 1 ORDER BY 1""",
    )
    assert found == list(zip(YEARS, LEAVERS, ACTIVE, PERCENT, strict=True))
    assert sum(row[3] for row in found) / len(found) == pytest.approx(2.997124, abs=1e-6)


def test_knowledge_of_the_future_in_the_files_is_a_warning_with_its_size(landed: duckdb.DuckDBPyConnection) -> None:
    found = {r.check_name: r for r in validate(CONTRACT, landed) if r.severity == "warning"}
    assert {name: (r.is_passed, r.observed) for name, r in found.items()} == {
        "look_ahead": (False, 5718),
        "one_status_a_year": (False, 5),
        "hired_by_the_record_date": (False, 2),
    }
    assert "knows the outcome in advance" in found["look_ahead"].description.replace("\n", " ")


@pytest.fixture(scope="module")
def turnover(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """OUT-01 of the company for 120 months, out of the people of the files in the project's own templates."""
    landing = tmp_path_factory.mktemp("templates") / "landing"
    mfg10.write_templates(landing)
    with warehouse(landing, mfg10.LAST_DAY, history_months=120) as con:
        assert rows(con, "SELECT DISTINCT status FROM landing.source_file") == [("read",)]
        assert rows(con, "SELECT count(*) FROM landing.quarantine") == [(0,)]
        found = con.sql(f"SELECT as_of, band, numerator, denominator FROM {TURNOVER} WHERE cut = 'company'")
        return pl.DataFrame(pl.from_arrow(found.to_arrow_table())).filter(pl.col("as_of") > date(2005, 12, 31))


def daily_headcounts() -> pl.DataFrame:
    """Mean of the daily head-counts of each month, by counting every person on every day."""
    days = pl.DataFrame({"day": pl.date_range(date(2006, 1, 1), mfg10.LAST_DAY, eager=True)})
    staff = mfg10.people().with_columns(pl.col("last_day_on").fill_null(date.max))
    present = days.join_where(staff, pl.col("day") >= pl.col("hired_on"), pl.col("day") <= pl.col("last_day_on"))
    counted = present.group_by("day").len().sort("day")
    return counted.group_by(as_of=pl.col("day").dt.month_end()).agg(people=pl.col("len").mean()).sort("as_of")


def test_heads_and_exits_of_every_month_are_those_of_a_count_by_hand(turnover: pl.DataFrame) -> None:
    chosen = (pl.col("reason") == "Resignaton") & (pl.col("kind") == "Voluntary")
    exits = mfg10.people().filter(chosen).group_by(as_of=pl.col("last_day_on").dt.month_end()).len()
    by_hand = daily_headcounts().join(exits, on="as_of", how="left").with_columns(pl.col("len").fill_null(0))
    months = turnover.filter(pl.col("band") == "").sort("as_of")
    assert months["as_of"].to_list() == by_hand["as_of"].to_list()
    assert months.height == 120
    assert months["denominator"].to_list() == pytest.approx(by_hand["people"].to_list(), rel=1e-12)
    assert months["numerator"].to_list() == pytest.approx(by_hand["len"].to_list(), abs=1e-9)
    assert by_hand["len"].sum() == 385


def test_our_yearly_figure_counts_resignations_over_mean_daily_heads(turnover: pl.DataFrame) -> None:
    months = turnover.filter(pl.col("band") == "").sort("as_of")
    rates = months.group_by(pl.col("as_of").dt.year(), maintain_order=True).agg(
        rate=(pl.col("numerator") / pl.col("denominator")).sum(), exits=pl.col("numerator").sum()
    )
    december = (pl.col("band") == "year") & (pl.col("as_of").dt.month() == 12)
    years = turnover.filter(december).sort("as_of")
    ours = (years["numerator"] / years["denominator"]).to_list()
    assert ours == pytest.approx(rates["rate"].to_list(), rel=1e-12)
    # Theirs counts retirements and lay-offs among the leavers, over those employed at some time in the year.
    assert all(100 * own < published for own, published in zip(ours, PERCENT, strict=True))
    assert all(own < lost for own, lost in zip(rates["exits"], LEAVERS, strict=True))


def test_a_published_table_of_monthly_turnover_is_reproduced_to_the_last_digit() -> None:
    months = table(DATA / "hris" / "caughlin" / "turnover_rate.csv")
    ends = [date(2025, m, calendar.monthrange(2025, m)[1]) for m in range(1, 13)]
    flow: list[Row] = []
    separations: list[Row] = []
    for end, month in zip(ends, months, strict=True):
        company: Row = {"cut": "company", "group_key": "company", "second_key": ""}
        days = str(int(month["Ave_Employees"]) * end.day)
        flow.append({"point_on": end.isoformat(), **company, "employed_days": days})
        exits: Row = {"voluntary": month["Separations"], "kind_unknown": "0"}
        separations.append({"as_of": end.isoformat(), **company, **exits})
    given = {"core.flow": flow, "core.separation_census": separations}
    with sql_folder().run([TURNOVER], given, ends[-1], [], {"history_months": 12}) as con:
        query = f"SELECT numerator / denominator FROM {TURNOVER} WHERE band = ? ORDER BY as_of"
        monthly = [rate for (rate,) in con.execute(query, [""]).fetchall()]
        annual = con.execute(query, ["year"]).fetchall()
    expected = [int(month["Separations"]) / int(month["Ave_Employees"]) for month in months]
    assert monthly == pytest.approx(expected, abs=1e-12)
    assert annual == [(pytest.approx(sum(expected), abs=1e-12),)]
