"""Who is in whose line: the SELECT against a walk from each person upwards, over all pairs, and against mutants of itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cache

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from pipelines import tables
from pipelines.lists.walking import ScopeError, differences, require_right_lines, walk
from pipelines.paths import SQL
from tests.lined_company import ON, lined_company

LOADED = tables.load(SQL)
LINE, CLOSURE = LOADED["lists.line"], LOADED["core.org_closure"]


def built(people: int, seed: int = 0) -> duckdb.DuckDBPyConnection:
    con = lined_company(people, seed)
    CLOSURE.build(con)
    LINE.build(con)
    return con


def test_all_pairs_of_ten_thousand_people_agree_with_a_walk_upwards() -> None:
    began = time.perf_counter()
    con = built(10_000)
    found = differences(con, ON)
    viewers = con.execute("SELECT count(DISTINCT viewer_key) FROM lists.line").fetchall()[0][0]
    assert (len(found.leaks), len(found.hidden)) == (0, 0)
    assert viewers > 500
    assert require_right_lines(con, ON) > 10_000
    assert time.perf_counter() - began < 60


@pytest.mark.parametrize("seed", range(6))
def test_small_companies_full_of_faults_agree_with_the_walk(seed: int) -> None:
    con = built(150, seed)
    found = differences(con, ON)
    assert not found.leaks | found.hidden
    assert walk(con, ON)


def test_a_line_that_does_not_agree_keeps_everything_back() -> None:
    con = built(150)
    con.execute(
        "INSERT INTO lists.line SELECT viewer_key, role, 'w_stranger', granted_key, depth FROM lists.line LIMIT 1"
    )
    with pytest.raises(ScopeError, match="1 people too many and 0 too few"):
        require_right_lines(con, ON)


def test_nobody_sees_themselves_or_whom_they_report_to() -> None:
    con = built(400)
    own = dict(con.execute("SELECT viewer_key, worker_key FROM core.access_grant").fetchall())
    managers = dict(con.execute("SELECT worker_key, manager_key FROM core.job WHERE valid_to IS NULL").fetchall())
    for viewer, worker in walk(con, ON):
        assert worker not in (own[viewer], managers.get(own[viewer]))


def mutants() -> Iterator[str]:
    """The SELECT with one condition turned, moved by a day, or left out, one join or constant changed."""
    tree = sqlglot.parse_one(LINE.sql, dialect="duckdb")
    for place, node in enumerate(tree.walk()):
        for changed in changes(node):
            twin = tree.copy()
            list(twin.walk())[place].replace(changed)
            yield twin.sql("duckdb")
    for join in ("LEFT JOIN", "INNER JOIN core.employment"):
        yield LINE.sql.upper().replace(join, join.replace("LEFT", "INNER"))


def changes(node: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(node, exp.And):
        yield from (node.left.copy(), node.right.copy())
    if isinstance(node, exp.Or):
        yield from (node.left.copy(), node.right.copy())
    if isinstance(node, exp.LT | exp.LTE | exp.GT | exp.GTE | exp.EQ):
        others = {exp.LT: exp.LTE, exp.LTE: exp.LT, exp.GT: exp.GTE, exp.GTE: exp.GT, exp.EQ: exp.NEQ}
        yield others[type(node)](this=node.this.copy(), expression=node.expression.copy())
        yield exp.true()
    if isinstance(node, exp.Is):
        yield exp.not_(node.copy())
    if isinstance(node, exp.Literal) and node.is_string:
        yield exp.Literal.string("admin")


@cache
def worlds() -> list[tuple[duckdb.DuckDBPyConnection, set[tuple[str, str]]]]:
    return [(con, walk(con, ON)) for con in (built(150, seed) for seed in range(8))]


def is_seen_through(sql: str) -> bool:
    """Whether the comparison with the walk fails for a changed SELECT, or it cannot be run at all."""
    for con, right in worlds():
        try:
            rows = con.execute(f"SELECT viewer_key, worker_key FROM ({sql})").fetchall()
        except duckdb.Error:
            return True
        if sorted(rows) != sorted(right):
            return True
    return False


def test_the_comparison_sees_through_every_changed_select() -> None:
    tried = list(dict.fromkeys(mutants()))
    survivors = [sql for sql in tried if not is_seen_through(sql)]
    assert len(tried) - len(survivors) >= 50
    assert not survivors
    assert not is_seen_through(LINE.sql)
