"""Server time of the Overview on a large metric table, and ad-hoc SQL over the rows of a million people beside it.

    python -m benchmarks.dashboard [copies]

The figures of the made-up units stand `copies` times in the metric table, under keys of their own; the tree on the page stays small.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import polars as pl
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboards.access.deployment import deployment
from pipelines.publishing import ROW_GROUP, laid_out
from tests.dashboards.release import AS_OF, RELEASE_ID, Tables, release_tables, write_attempts, write_release

SCREEN = Path(__file__).parents[1] / "dashboards" / "screen.py"
PEOPLE, CHANGES = 1_000_000, 20
AD_HOC = """
select u.unit, avg((p.last_talk >= date '2026-05-22')::int), median(date_diff('month', p.last_talk, date '2026-11-22'))
from person p join unit u using (unit) where u.unit = ? group by u.unit
"""


def published(folder: Path, copies: int) -> Path:
    """A published folder whose made-up units stand `copies` times more."""
    tables: Tables = release_tables(AS_OF)
    frames = write_release(folder, RELEASE_ID, AS_OF, tables)
    path = frames / "metric.parquet"
    rows = pl.read_parquet(path)
    units = rows.filter(pl.col("cut").is_in(["org_unit", "org_unit_career_stage"]))
    numbers = pl.DataFrame({"copy": range(copies)}).lazy()
    more = (
        units.lazy().join(numbers, how="cross").with_columns(pl.format("{}-{}", "group_key", "copy").alias("group_key"))
    )
    ordered = pl.concat([rows, more.drop("copy").collect()]).sort(
        "metric_id", "as_of", "cut", "group_key", "second_key"
    )
    whole = laid_out(ordered)
    whole.write_parquet(path, compression="zstd", row_group_size=ROW_GROUP)
    _listed(frames, path)
    (folder / "CURRENT").write_text(RELEASE_ID, encoding="utf-8")
    write_attempts(folder, [])
    print(f"metric.parquet: {whole.height:,} rows, {path.stat().st_size / 1e6:.0f} MB")
    return folder


def _listed(release: Path, path: Path) -> None:
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"][path.name]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (release / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def pages() -> None:
    """Print first render and the 95th percentile of filter changes, none of them asked before."""
    app = AppTest.from_file(str(SCREEN), default_timeout=120)
    started = time.perf_counter()
    app.run()
    print(f"first render {time.perf_counter() - started:.2f} s")
    choices = app.selectbox(key="org").options[1 : CHANGES + 1]
    took = []
    for choice in choices:
        started = time.perf_counter()
        app.selectbox(key="org").set_value(choice).run()
        took.append(time.perf_counter() - started)
    took.sort()
    print(
        f"{len(took)} changes: median {took[len(took) // 2] * 1000:.0f} ms, p95 {took[int(len(took) * 0.95) - 1] * 1000:.0f} ms"
    )


def ad_hoc() -> None:
    """Print what two figures of one unit cost when asked of rows of people."""
    con = duckdb.connect(config={"threads": 2})
    con.execute(f"create table unit as select range as unit from range({PEOPLE // 100})")
    con.execute(
        "create table person as select range as id, range % (select count(*) from unit) as unit, "
        f"date '2026-11-22' - (hash(range) % 900)::int as last_talk from range({PEOPLE})"
    )
    started = time.perf_counter()
    for unit in range(CHANGES):
        con.execute(AD_HOC, [unit]).fetchall()
    print(f"ad-hoc SQL: {(time.perf_counter() - started) / CHANGES * 1000:.0f} ms for two figures on one date")


if __name__ == "__main__":
    st.config.set_option("server.address", "127.0.0.1")
    with tempfile.TemporaryDirectory() as home:
        os.environ["PARLEY_AUDIT_LOG"] = f"{home}/access.jsonl"
        os.environ["PARLEY_PUBLISHED"] = str(
            published(Path(home) / "published", int(sys.argv[1]) if sys.argv[1:] else 40)
        )
        deployment.cache_clear()
        pages()
        ad_hoc()
