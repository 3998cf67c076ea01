"""Suites derived from contracts: each rule catches what it is for, no crash passes, no value leaves the warehouse."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from pipelines import expectations
from pipelines.contracts import Check, Column, Contract, RowRule, load_folder
from pipelines.expectations import CheckResult, validate
from pipelines.expectations.data_docs import build_docs
from pipelines.expectations.suites import suite_for

# Great Expectations imports modules, and the reader of data contracts calls a function, that Python has deprecated.
pytestmark = [
    pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:open_text is deprecated:DeprecationWarning"),
]

PUBLISHED = Path(__file__).parent.parent / "data_contracts" / "published"
CANARY = "Quetzalcoatl"
RUN_AT = datetime(2026, 1, 31, 3, 0)
COLUMNS = (
    Column("id", "string", "Id", required=True, primary_key=True),
    Column("badge", "integer", "Badge", unique=True),
    Column("name", "string", "Name", required=True, options={"minLength": 2, "maxLength": 40}),
    Column("status", "string", "Status", valid_values=("active", "left")),
    Column("grade", "integer", "Grade", valid_values=("1", "2", "3")),
    Column("fte", "number", "FTE", options={"minimum": 0, "maximum": 1.5}),
    Column("hired_on", "date", "Hired", options={"minimum": "1950-01-01", "maximum": "2030-12-31"}),
    Column("email", "string", "Mail", options={"pattern": "^[a-z]{3,}@"}),
)
CONTRACT = Contract(
    id="person",
    layer="canonical",
    title="People",
    description="Test",
    remedy="None",
    version="1.0.0",
    grain="one row per person",
    columns=COLUMNS,
    row_rules=(
        RowRule("hired_with_badge", "badge is not null or hired_on is null", "A person without a badge is hired."),
    ),
    checks=(
        Check(
            "known_site",
            "select count(*) from core.person where id not in (select id from raw.site)",
            "=",
            0,
            "Has a site",
        ),
        Check("enough", "select count(*) from core.person", ">=", 2, "There are two people or more.", "warning"),
    ),
    freshness_days=None,
    settings={},
    path=Path("person.odcs.yaml"),
)
CLEAN = """
    insert into core.person values
        ('a', 1, 'Ann', 'active', 1, 1.0, '2020-01-01', 'ann@x'),
        ('b', 2, 'Ben', 'left', 3, 0.5, '1999-06-30', 'ben@x'),
        ('c', null, 'Cy', null, null, null, null, null)
"""
DEFECTS = [
    ("update core.person set id = 'a' where id = 'b'", "primary_key", "id", 2),
    ("update core.person set id = null where id = 'c'", "not_null", "id", 1),
    ("update core.person set badge = 1 where id = 'b'", "unique", "badge", 2),
    ("update core.person set name = null where id < 'c'", "not_null", "name", 2),
    ("update core.person set name = 'X' where id = 'a'", "length", "name", 1),
    (f"update core.person set status = '{CANARY}' where id = 'a'", "valid_values", "status", 1),
    ("update core.person set grade = 4 where id < 'c'", "valid_values", "grade", 2),
    ("update core.person set fte = 1.6 where id = 'a'", "range", "fte", 1),
    ("update core.person set fte = -0.1", "range", "fte", 3),
    ("update core.person set hired_on = '2031-01-01' where id = 'b'", "range", "hired_on", 1),
    ("update core.person set email = 'no mail at all' where id < 'c'", "pattern", "email", 2),
    ("update core.person set hired_on = '2020-01-01' where id = 'c'", "hired_with_badge", "", 1),
    ("delete from raw.site where id = 'b'", "known_site", "", None),
    ("delete from core.person where id > 'a'", "enough", "", None),
    ("alter table core.person alter column fte type float", "column_types", "", 1),
    ("alter table core.person add column extra integer", "columns", "", 1),
]


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as connection:
        connection.execute("create schema raw; create schema core; create schema published")
        connection.execute("create table raw.site as select unnest(['a', 'b', 'c']) as id")
        connection.execute(CONTRACT.ddl())
        connection.execute(CLEAN)
        yield connection


def failures(results: list[CheckResult]) -> dict[tuple[str, str], int | None]:
    return {(r.check_name, r.column_name): r.unexpected for r in results if not r.is_passed}


def one_check(query: str, operator: str = "=", bound: float = 0) -> Contract:
    return replace(CONTRACT, row_rules=(), checks=(Check("probe", query, operator, bound, "Probe"),))


def probe(warehouse: duckdb.DuckDBPyConnection, contract: Contract) -> CheckResult:
    return next(result for result in validate(contract, warehouse) if result.check_name == "probe")


def test_clean_data_passes_every_check(warehouse: duckdb.DuckDBPyConnection) -> None:
    results = validate(CONTRACT, warehouse)
    assert failures(results) == {}
    assert len(results) == len(suite_for(CONTRACT).expectations)
    assert {(check, column) for _, check, column, _ in DEFECTS} == {(r.check_name, r.column_name) for r in results}


@pytest.mark.parametrize(("defect", "check", "column", "rows"), DEFECTS)
def test_a_planted_defect_breaks_its_own_check_and_no_other(
    warehouse: duckdb.DuckDBPyConnection, defect: str, check: str, column: str, rows: int | None
) -> None:
    warehouse.execute(defect)
    assert failures(validate(CONTRACT, warehouse)) == {(check, column): rows}


def test_row_level_counts_agree_with_plain_sql_on_a_large_dirty_table(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("delete from core.person")
    warehouse.execute("""
        insert into core.person select
            case when i % 101 > 0 then 'k' || (i - i % 7 // 6) end, nullif(i % 900, 0),
            case when i % 13 > 0 then repeat('n', i % 50) end,
            ['active', 'left', 'odd', null][1 + i % 4], i % 5, i % 17 / 10, date '2029-01-01' + (i % 1000)::int,
            case when i % 3 > 0 then 'abc@x' else 'Ab@x' end
        from range(5000) as numbers(i)
    """)
    broken = {
        ("primary_key", "id"): "id in (select id from core.person group by id having count(*) > 1)",
        ("not_null", "id"): "id is null",
        ("unique", "badge"): "badge in (select badge from core.person group by badge having count(*) > 1)",
        ("not_null", "name"): "name is null",
        ("length", "name"): "length(name) not between 2 and 40",
        ("valid_values", "status"): "status not in ('active', 'left')",
        ("valid_values", "grade"): "grade not in (1, 2, 3)",
        ("range", "fte"): "fte < 0 or fte > 1.5",
        ("range", "hired_on"): "hired_on > date '2030-12-31'",
        ("pattern", "email"): "not regexp_matches(email, '^[a-z]{3,}@')",
        ("hired_with_badge", ""): "badge is null and hired_on is not null",
    }
    expected: dict[tuple[str, str], int | None] = {}
    for place, condition in broken.items():
        row = warehouse.execute(f"select count(*) from core.person where {condition}").fetchone()
        assert row is not None
        assert row[0] > 0
        expected[place] = row[0]
    found = failures(validate(CONTRACT, warehouse))
    assert {place: count for place, count in found.items() if place != ("known_site", "")} == expected


def test_a_compound_key_is_checked_as_a_whole(warehouse: duckdb.DuckDBPyConnection) -> None:
    part = replace(COLUMNS[0], required=False)
    key = (replace(part, name="team"), replace(part, name="member"))
    contract = replace(CONTRACT, id="membership", columns=key, row_rules=(), checks=())
    warehouse.execute(contract.ddl())
    warehouse.execute("insert into core.membership values ('t', 'a'), ('t', 'b'), ('u', 'a')")
    assert failures(validate(contract, warehouse)) == {}
    warehouse.execute("insert into core.membership values ('u', 'a')")
    assert failures(validate(contract, warehouse)) == {("primary_key", ""): 2}
    warehouse.execute("insert into core.membership values (null, 'a'), (null, 'b')")
    assert failures(validate(contract, warehouse)) == {("primary_key", ""): 2, ("not_null", "team"): 2}


@pytest.mark.parametrize(
    ("operator", "holds", "fails"),
    [("=", 3, 2), ("<>", 2, 3), (">", 2, 3), (">=", 3, 4), ("<", 4, 3), ("<=", 3, 2)],
)
def test_every_comparison_of_a_sql_check(
    warehouse: duckdb.DuckDBPyConnection, operator: str, holds: float, fails: float
) -> None:
    query = "select count(*) from core.person -- everybody"
    assert probe(warehouse, one_check(query, operator, holds)).is_passed
    failed = probe(warehouse, one_check(query, operator, fails))
    assert (failed.is_passed, failed.observed) == (False, 3.0)


@pytest.mark.parametrize(
    "query",
    [
        "select 'nan'::double",
        "select null",
        "select fte from core.person where false",
        "select 1 from core.person",
        "select nothing from core.person",
        "select count(*) from core.gone",
        f"select '{CANARY}'",
    ],
)
def test_an_answer_that_is_no_number_counts_as_failed(warehouse: duckdb.DuckDBPyConnection, query: str) -> None:
    assert not probe(warehouse, one_check(query, ">", -1)).is_passed


def test_a_query_may_use_every_character_that_libraries_read_as_a_parameter(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    query = (
        "with t as (select {'x': ' :a %s {b} ? $1'} as s) select length(s.x)::int from t join core.person on id = 'a';"
    )
    assert probe(warehouse, one_check(query, "=", 15)).observed == 15
    assert probe(warehouse, one_check(query, "=", 15)).is_passed


def test_wrong_and_missing_columns_are_named(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute(
        "alter table core.person drop column grade; alter table core.person alter column badge type varchar"
    )
    described = {r.check_name: r.description for r in validate(CONTRACT, warehouse) if not r.is_passed}
    assert "missing: grade" in described["columns"]
    assert "'badge' is VARCHAR instead of BIGINT" in described["column_types"]
    assert "'grade' is missing" in described["column_types"]


def test_severity_and_words_come_from_the_contract(warehouse: duckdb.DuckDBPyConnection) -> None:
    results = {r.check_name: r for r in validate(CONTRACT, warehouse)}
    assert results["enough"] == CheckResult(
        "core.person", "enough", "", "There are two people or more.", "warning", True, 3.0, None
    )
    assert results["known_site"].severity == "error"


def test_a_missing_table_fails_every_check(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("drop table core.person")
    results = validate(CONTRACT, warehouse)
    assert len(failures(results)) == len(results) == len(suite_for(CONTRACT).expectations)


def test_a_crash_fails_every_check_and_shows_in_the_docs(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    validate(CONTRACT, warehouse, tmp_path)
    warehouse.close()
    results = validate(CONTRACT, warehouse, tmp_path)
    assert len(failures(results)) == len(results) == len(suite_for(CONTRACT).expectations)
    assert all("could not be run (ConnectionException)" in result.description for result in results)
    assert f"broken: {len(results)}" in build_docs(tmp_path, RUN_AT).read_text(encoding="utf-8")


def test_an_expectation_without_a_result_counts_as_failed(
    monkeypatch: pytest.MonkeyPatch, warehouse: duckdb.DuckDBPyConnection
) -> None:
    complete = expectations._outcome

    def forgetful(*arguments: object) -> object:
        outcome = complete(*arguments)  # type: ignore[arg-type]
        outcome.results = outcome.results[1:]
        return outcome

    monkeypatch.setattr(expectations, "_outcome", forgetful)
    results = validate(CONTRACT, warehouse)
    assert len(results) == len(suite_for(CONTRACT).expectations)
    assert len(failures(results)) == 1


def test_a_contract_without_any_check_counts_as_failed(warehouse: duckdb.DuckDBPyConnection) -> None:
    results = validate(replace(CONTRACT, columns=(), row_rules=(), checks=()), warehouse)
    assert failures(results) == {("has_checks", ""): None}
    assert "person.odcs.yaml" in results[0].description


def test_no_value_reaches_results_docs_logs_or_output(
    tmp_path: Path,
    warehouse: duckdb.DuckDBPyConnection,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    # The range rule then compares text with a number, and the database's error message quotes the text.
    warehouse.execute("alter table core.person alter column fte type varchar")
    warehouse.execute(
        f"update core.person set id = '{CANARY}', name = '{CANARY}', status = '{CANARY}', fte = '{CANARY}'"
    )
    warehouse.execute(f"update core.person set email = '{CANARY}'")
    spoken = replace(CONTRACT, checks=(Check("cast", "select max(name)::double from core.person", "=", 0, "Cast"),))
    results = validate(spoken, warehouse, tmp_path)
    build_docs(tmp_path, RUN_AT)
    assert {"primary_key", "valid_values", "range", "pattern", "cast"} <= {check for check, _ in failures(results)}
    kept = [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()]
    printed = capfd.readouterr()
    for text in [*kept, *(str(asdict(r)) for r in results), caplog.text, printed.out, printed.err]:
        assert CANARY not in text


def test_nothing_is_printed_or_logged_and_nothing_written_outside_the_docs_folder(
    tmp_path: Path,
    warehouse: duckdb.DuckDBPyConnection,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    caplog.set_level(logging.DEBUG)
    validate(CONTRACT, warehouse, tmp_path / "docs")
    assert capfd.readouterr() == ("", "")
    assert caplog.text == ""
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")] == ["docs/core.person.json"]


def test_docs_open_offline_and_their_links_resolve(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("update core.person set fte = 2")
    validate(CONTRACT, warehouse, tmp_path)
    index = build_docs(tmp_path, RUN_AT)
    assert index == tmp_path / "index.html"
    pages = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.glob("*.html")}
    assert set(pages) == {"index.html", "core.person.html"}
    for page in pages.values():
        assert not re.search(r"https?://|//cdn|<script|<link|<img|<iframe|@import|url\(", page)
        assert set(re.findall(r'href="([^"]*)"', page)) <= set(pages)
    assert "broken: 1" in pages["index.html"]
    assert "'FTE' is at least 0 and at most 1.5." in pages["core.person.html"]
    assert "✘ broken" in pages["core.person.html"]


def test_docs_are_the_same_bytes_each_time_and_forget_tables_without_a_result(
    tmp_path: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    validate(CONTRACT, warehouse, tmp_path)
    build_docs(tmp_path, RUN_AT)
    first = (tmp_path / "core.person.html").read_bytes()
    build_docs(tmp_path, RUN_AT)
    assert (tmp_path / "core.person.html").read_bytes() == first
    (tmp_path / "core.person.json").unlink()
    assert "core.person" not in build_docs(tmp_path, RUN_AT).read_text(encoding="utf-8")
    assert not (tmp_path / "core.person.html").exists()


def test_descriptions_are_shown_as_written(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    rule = RowRule("odd", "true", "n < 5 & <b>$name</b> {batch}")
    validate(replace(CONTRACT, row_rules=(rule,)), warehouse, tmp_path)
    build_docs(tmp_path, RUN_AT)
    assert "n &lt; 5 &amp; &lt;b&gt;$name&lt;/b&gt; {batch}" in (tmp_path / "core.person.html").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize("name", sorted(path.name.removesuffix(".odcs.yaml") for path in PUBLISHED.glob("*.odcs.yaml")))
def test_published_contracts_run_on_empty_tables(warehouse: duckdb.DuckDBPyConnection, name: str) -> None:
    contracts = load_folder(PUBLISHED)
    for contract in contracts.values():
        warehouse.execute(contract.ddl())
    results = validate(contracts[name], warehouse)
    questions = {check.name for check in contracts[name].checks}
    assert [r for r in results if r.observed is None and r.unexpected is None] == []
    assert [r for r in results if not r.is_passed and r.check_name not in questions] == []


def test_tables_of_sources_may_carry_their_lineage_columns(warehouse: duckdb.DuckDBPyConnection) -> None:
    source = replace(CONTRACT, id="hr__person", layer="sources", checks=())
    warehouse.execute(source.ddl())
    assert failures(validate(source, warehouse)) == {}
    warehouse.execute("alter table raw.hr__person drop column _line")
    assert set(failures(validate(source, warehouse))) == {("columns", ""), ("column_types", "")}


def test_importing_the_module_does_not_import_great_expectations() -> None:
    code = "import sys, pipelines.expectations, pipelines.expectations.data_docs; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
