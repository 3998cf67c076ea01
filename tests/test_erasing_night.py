"""A person of a whole company erased, and the next night: no byte is left, and the figures of everybody else are theirs."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import duckdb
import fastexcel
import polars as pl
import pytest

from pipelines import erasing
from pipelines.defs import execute, history
from pipelines.identity import secret, worker_key
from pipelines.night import tonight
from tests.runs import AS_OF, FinishedNight, carry_out, release


@dataclass(frozen=True)
class Person:
    id: str
    mail: str
    name: str

    @property
    def pattern(self) -> str:
        """Digits behind a point, or within a longer number or code, are no id."""
        return f"{re.escape(self.mail)}|{self.name}|(^|[^0-9A-Za-z.-]){self.id}($|[^0-9A-Za-z-])"


# What is known of single people, with the columns that name another person.
TABLES = {
    "core.worker": (),
    "core.employment": (),
    "core.absence": (),
    "core.job": ("manager_key",),
    "core.conversation": ("partner_key", "partner_relation"),
}


def somebody(landing: Path) -> dict[str, str]:
    """An employee whose name nobody shares, who talked and was talked to."""
    workers = pl.read_csv(next(landing.glob("hris/workday/workers*.csv")), infer_schema=False)
    talks = pl.read_csv(
        max(landing.glob("conversations/talklog/talks*.csv")), separator=";", encoding="cp1252", infer_schema=False
    )
    alone = workers.filter(pl.col("Preferred_Name").is_unique(), pl.col("Worker_Status") == "Active")
    spoken = alone.filter(pl.col("Employee_ID").is_in(talks["Employee ID"].to_list()))
    return spoken.filter(pl.col("Employee_ID").is_in(talks["Partner ID"].to_list())).row(0, named=True)


def holding(home: Path, person: Person) -> list[str]:
    """Files of `home` that tell who it is, by their bytes or by what they are once unpacked."""
    files = sorted(path for path in home.rglob("*") if path.is_file())
    return [path.relative_to(home).as_posix() for path in files if _tells(path, person)]


def _tells(path: Path, person: Person) -> bool:
    found = [path.read_bytes()]
    if path.suffix == ".parquet":
        found.append(pl.read_parquet(path).write_ndjson().encode())
    if path.suffix == ".xlsx":
        book = fastexcel.read_excel(path)
        sheets = [book.load_sheet(name, header_row=None, dtypes="string").to_polars() for name in book.sheet_names]
        found += [sheet.write_csv().encode() for sheet in sheets]
    is_told = any(re.search(person.pattern.encode(), content) for content in found)
    return is_told or (path.suffix == ".duckdb" and _database_tells(path, person))


def _database_tells(path: Path, person: Person) -> bool:
    """Text is compressed in a database file: its bytes alone prove nothing."""
    with duckdb.connect(str(path), read_only=True) as con:
        names = con.execute("SELECT table_schema || '.' || table_name FROM information_schema.tables").fetchall()
        counted = "SELECT count(*) FROM {} t WHERE regexp_matches(CAST(t AS VARCHAR), ?)"
        return any(con.execute(counted.format(name), [person.pattern]).fetchall()[0][0] for (name,) in names)


def of_others(home: Path, key: str) -> dict[str, set[tuple[object, ...]]]:
    """Rows about everybody else; who else is named in them is looked at only where it is not the person of `key`."""
    found = {}
    with duckdb.connect(str(home / "warehouse/parley.duckdb"), read_only=True) as con:
        for table, naming in TABLES.items():
            rows = con.sql(f"SELECT * FROM {table} WHERE worker_key <> '{key}'")
            columns = [n if n not in naming else _masked(n, naming[0], key) for n in rows.columns]
            found[table] = set(rows.project(", ".join(columns)).fetchall())
    return found


def _masked(name: str, naming: str, key: str) -> str:
    return f"CASE WHEN {naming} IS NULL OR {naming} = '{key}' THEN NULL ELSE {name} END AS {name}"


def test_after_the_next_night_nobody_can_tell_the_person_was_ever_there(
    finished: FinishedNight, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(finished.home, home)
    row = somebody(home / "landing")
    person = Person(row["Employee_ID"], row["Work_Email"], row["Preferred_Name"])
    key = worker_key(secret(home / "secrets/identity.key"), row["Employee_ID"])
    before, was_held = of_others(home, key), holding(home, person)
    assert {"warehouse", "landing"} <= {path.split("/")[0] for path in was_held}
    # A file that nobody reads bears the name.
    (home / "landing/hris/odd").mkdir()
    (home / f"landing/hris/odd/{row['Preferred_Name'].replace(' ', '_')}.txt").write_text(
        f"a,b\n{row['Employee_ID']},1\n"
    )

    asked = erasing.Asked((row["Employee_ID"],), "tester", datetime.now(UTC).replace(microsecond=0))
    outcome = erasing.erase(tonight(home, AS_OF), asked)
    history.forget(home, outcome.person.in_text)
    assert (outcome.is_done, outcome.is_several) == (True, False)
    assert not (home / "warehouse/parley.duckdb").exists()
    ended = carry_out(home, AS_OF)
    assert ended.release_id, ended.reason

    assert holding(home, person) == []
    assert [folder.name for folder in (home / "published/releases").iterdir()] == [release(home).name]
    after = of_others(home, key)
    for table, rows in before.items():
        assert len(rows) > 20, table
        assert after[table] == rows, table
    with duckdb.connect(str(home / "warehouse/parley.duckdb"), read_only=True) as con:
        assert con.execute(f"SELECT count(*) FROM core.worker WHERE worker_key = '{key}'").fetchall() == [(0,)]


def test_dagster_forgets_the_runs_that_mention_the_person(tmp_path: Path) -> None:
    @dg.op
    def told(context) -> None:
        context.log.info("read landing/Quillfeather_Zora.csv")

    @dg.op
    def silent() -> None:
        return

    folder = execute.instance_folder(tmp_path)
    jobs = [
        dg.JobDefinition(name=op.name + "_job", graph_def=dg.GraphDefinition(op.name + "_graph", node_defs=[op]))
        for op in (told, silent)
    ]
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        for job in jobs:
            assert job.execute_in_process(instance=instance).success
    mention = re.compile("quillfeather", re.IGNORECASE)
    held = [
        path for path in folder.rglob("*") if path.is_file() and mention.search(path.read_bytes().decode("latin-1"))
    ]
    assert held
    assert history.forget(tmp_path, mention) == 1
    assert not [p for p in folder.rglob("*") if p.is_file() and mention.search(p.read_bytes().decode("latin-1"))]
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        assert [run.job_name for run in instance.get_runs()] == ["silent_job"]
    assert history.forget(tmp_path / "nowhere", mention) == 0


@pytest.fixture(autouse=True)
def _no_dagster_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
