"""People who object: off every list at once and in later runs, still counted, and without a trace for leaders and reviewers."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines import lists, scoring
from pipelines.cli import app
from pipelines.company import LIST_SETTINGS
from pipelines.identity import secret
from pipelines.list_settings import ListSettings
from pipelines.lists import LedgerError
from pipelines.lists.objections import LOG
from pipelines.lists.references import reference
from pipelines.lists.scope_files import take_off, write_scopes
from pipelines.settings import Settings
from tests.runs import AS_OF, FinishedNight, copied

AT = datetime(2026, 10, 31, 9, tzinfo=UTC)
RELEASE = "20261031T000000Z-abcdef"


@dataclass
class Site:
    """A copy of a finished night whose lists are made again at will."""

    home: Path
    con: duckdb.DuckDBPyConnection

    @property
    def settings(self) -> Settings:
        return Settings(home=self.home, lists=ListSettings.model_validate(LIST_SETTINGS))

    def relist(self) -> dict[str, pl.DataFrame]:
        """All files of lists of a new release, by name."""
        folder = lists.publish_lists(self.con, self.settings, RELEASE, AS_OF).folder
        return frames(folder)

    def listed(self) -> tuple[str, str]:
        """Somebody who is on a list: an id as exports have it, and the reference."""
        key = secret(self.settings.identity_key)
        refs = {ref for rows in self.relist().values() for ref in rows["worker_ref"]}
        query = "SELECT min(id_norm), worker_key FROM core.worker_xref GROUP BY worker_key ORDER BY worker_key"
        return next(
            (each, reference(key, worker))
            for each, worker in self.con.execute(query).fetchall()
            if reference(key, worker) in refs
        )


def frames(folder: Path) -> dict[str, pl.DataFrame]:
    return {p.stem: pl.read_parquet(p) for p in sorted(folder.glob("*.parquet")) if p.stem != "access_scope"}


@pytest.fixture
def site(finished: FinishedNight, tmp_path: Path) -> Iterator[Site]:
    home = copied(finished.home, tmp_path / "home")
    shutil.copytree(finished.home / "warehouse", home / "warehouse")
    with duckdb.connect(str(home / "warehouse" / "parley.duckdb"), read_only=True) as con:
        yield Site(home, con)


def objects(site: Site, said: str, *, is_withdrawn: bool = False) -> lists.Objector:
    who = lists.objector(site.settings, said)
    lists.put_on_record(site.settings, who, "operator", AT, is_withdrawn=is_withdrawn)
    return who


def test_whoever_objects_is_on_no_list_and_nobody_elses_entry_is_lost(site: Site) -> None:
    said, ref = site.listed()
    before = site.relist()
    objects(site, said)
    after = site.relist()
    naming = [name for name, rows in before.items() if ref in rows["worker_ref"]]
    assert naming
    assert not [name for name, rows in after.items() if ref in rows["worker_ref"]]
    for name, rows in before.items():
        others = set(rows["worker_ref"]) - {ref}
        assert others <= set(after[name]["worker_ref"] if name in after else [])
        # Nothing is said in the place of the person: columns and the rest of the rows are as in any other list.
        assert name not in after or after[name].schema == rows.schema


def test_nothing_is_worked_out_about_whoever_objects_but_they_stay_in_the_warehouse(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, _ = site.listed()
    who = objects(site, said)
    worked_out: list[pl.DataFrame] = []
    every = scoring.list_entries

    def kept(*given: Any, **named: Any) -> pl.DataFrame:
        worked_out.append(every(*given, **named))
        return worked_out[-1]

    monkeypatch.setattr(scoring, "list_entries", kept)
    site.relist()
    assert who.worker_key not in worked_out[0]["worker_key"]
    assert who.worker_key in every(site.con, AS_OF, 365)["worker_key"]


def test_who_withdraws_may_be_listed_again(site: Site) -> None:
    said, _ = site.listed()
    before = site.relist()
    objects(site, said)
    objects(site, said, is_withdrawn=True)
    after = site.relist()
    assert before.keys() == after.keys()
    assert all(after[name].equals(rows) for name, rows in before.items())


def test_each_objection_stands_for_itself(site: Site) -> None:
    query = "SELECT min(id_norm) FROM core.worker_xref GROUP BY worker_key ORDER BY worker_key LIMIT 3"
    one, two, three = (objects(site, each[0]) for each in site.con.execute(query).fetchall())
    lists.put_on_record(site.settings, two, "operator", AT, is_withdrawn=True)
    assert lists.objecting(site.con, site.settings) == {one.worker_key, three.worker_key}


def test_a_list_of_nobody_else_goes_as_a_whole(tmp_path: Path) -> None:
    alone, two = (pl.DataFrame({"worker_ref": refs}) for refs in (["w-1"], ["w-1", "w-2"]))
    folder = write_scopes(tmp_path, RELEASE, {"a": alone, "b": two}, "")
    assert take_off(tmp_path, "w-1") == 2
    assert list(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]) == ["b.parquet"]
    assert {name: rows["worker_ref"].to_list() for name, rows in frames(folder).items()} == {"b": ["w-2"]}


def test_a_line_of_too_few_who_do_not_object_has_no_list(site: Site) -> None:
    def readers() -> set[str]:
        return {
            name for rows in site.relist().values() if "leaders" in rows.columns for name in rows["leaders"].explode()
        }

    wide = """
        SELECT l.viewer_key, list(l.worker_key), any_value(i.display_name) FROM lists.line l
        JOIN core.access_grant g ON l.viewer_key = g.viewer_key JOIN core.identity i ON g.worker_key = i.worker_key
        WHERE l.role = 'leader' GROUP BY l.viewer_key HAVING count(*) >= 5 ORDER BY count(*), l.viewer_key"""
    would = readers()
    line, name = next((line, name) for _, line, name in site.con.execute(wide).fetchall() if name in would)
    ids = dict(site.con.execute("SELECT worker_key, min(id_norm) FROM core.worker_xref GROUP BY 1").fetchall())
    for worker in sorted(line)[5:]:
        objects(site, ids[worker])
    assert lists.objecting(site.con, site.settings) == set(sorted(line)[5:])
    objects(site, ids[min(line)])
    assert name not in readers()


def test_the_record_names_nobody_and_is_for_its_owner_alone(site: Site) -> None:
    said, ref = site.listed()
    who = objects(site, said)
    text = (site.home / LOG).read_text(encoding="utf-8")
    assert stat.S_IMODE((site.home / LOG).stat().st_mode) == 0o600
    assert not [each for each in (*who.ids, who.worker_key, ref) if each in text]


def test_a_damaged_record_or_a_lost_key_stops_the_lists(site: Site) -> None:
    said, _ = site.listed()
    objects(site, said)
    site.settings.erasure_key.rename(site.home / "elsewhere")
    with pytest.raises(LedgerError, match="missing: without it nobody knows who objects"):
        site.relist()
    with pytest.raises(LedgerError, match="missing"):
        objects(site, said)
    (site.home / LOG).write_text("{}\n", encoding="utf-8")
    with pytest.raises(LedgerError, match="is damaged"):
        site.relist()


def test_the_command_takes_the_person_off_the_lists_at_hand(site: Site) -> None:
    said, ref = site.listed()
    said = next((each for each in lists.objector(site.settings, said).ids if each != each.lower()), said)
    site.con.close()
    folder = site.settings.published / "scopes" / RELEASE
    naming = sum(ref in rows["worker_ref"] for rows in frames(folder).values())
    runner = CliRunner()

    def told(*words: str) -> str:
        answer = runner.invoke(app, ["object", said.lower(), "--home", str(site.home), *words])
        assert answer.exit_code == 0, answer.output
        assert said not in answer.output
        return answer.output

    assert "Nothing was changed" in told("--dry-run")
    assert sum(ref in rows["worker_ref"] for rows in frames(folder).values()) == naming > 0
    assert not (site.home / LOG).exists()
    assert "On record" in told()
    assert not [name for name, rows in frames(folder).items() if ref in rows["worker_ref"]]
    files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert set(files) == {path.name for path in folder.glob("*.parquet")}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert "Withdrawn" in told("--withdraw")
    unknown = runner.invoke(app, ["object", "ZQ-0", "--home", str(site.home)])
    assert (unknown.exit_code, "No export of the last run has that id" in unknown.output) == (2, True)
