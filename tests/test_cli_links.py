"""`parley link`: a ready table in a file, a question to it, and the answer or what stands in its way."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl
import pytest
import typer
from typer.testing import CliRunner

from pipelines.cli_links import link
from pipelines.ready_files import ReadyFileError, read_table
from tests.hazards.golden import FOLDER, found_by_r
from tests.real_inputs import DATA, needs_real_data

STRETCHES = FOLDER / "stretches.csv"
ASKED = ("--time", "exit", "--entry", "entry", "--event", "cause=voluntary")
TERMS = ("--terms", "level=under_3,grade=junior", "--terms", "division=N, age")


def run(*words: object) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(link)
    result = CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "200"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def people(folder: Path, **columns: list[object]) -> Path:
    """A small table of people: how long they stayed, whether they left, and `columns`."""
    path = folder / "people.csv"
    pl.DataFrame({"months": [3, 5, 6, 8, 9, 12, 14, 15], "left": [1, 1, 0, 1, 1, 0, 1, 0], **columns}).write_csv(path)
    return path


def test_the_table_as_csv_has_every_digit_of_the_estimate() -> None:
    code, out = run(STRETCHES, *ASKED, *TERMS, "--cluster", "manager", "--output", "csv")
    assert code == 0
    told = found_by_r()["cox_cluster"]
    table = pl.read_csv(io.StringIO(out))
    assert sorted(table["log_ratio"]) == pytest.approx(sorted(told["coef"]), abs=1e-9)
    assert sorted(table["robust_se"]) == pytest.approx(sorted(told["robust_se"]), abs=1e-8)


def test_the_table_to_read_says_what_was_compared_and_what_it_does_not_say() -> None:
    code, out = run(STRETCHES, *ASKED, *TERMS)
    assert code == 0
    assert "level 12_or_more" in out
    assert "1,745 rows, 129 events; 0 rows left out" in out
    assert "Compared with: level under_3, grade junior, division N." in out
    assert "not what one does to the other" in out


@pytest.mark.parametrize("model", ["cloglog", "logit"])
def test_other_models_by_month(model: str) -> None:
    code, out = run(STRETCHES, *ASKED, *TERMS, "--model", model)
    assert code == 0
    assert "intercept" in out


@pytest.mark.parametrize("ending", ["xlsx", "parquet"])
def test_a_workbook_and_parquet_give_the_same(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"people.{ending}"
    frame = pl.read_csv(STRETCHES)
    frame.write_parquet(path) if ending == "parquet" else frame.write_excel(path)
    answers = {run(each, *ASKED, *TERMS, "--output", "csv") for each in (path, STRETCHES)}
    assert len(answers) == 1


def test_ever_against_never_is_refused_with_what_to_ask_instead(tmp_path: Path) -> None:
    path = people(tmp_path, talked=[0, 0, 1, 0, 1, 1, 1, 1])
    code, out = run(path, "--time", "months", "--event", "left", "--exposure", "talked")
    assert code == 2
    assert "REF-01" in out
    assert "Ask instead" in out


def test_with_the_time_it_began_the_same_exposure_is_answered(tmp_path: Path) -> None:
    path = people(tmp_path, talked=[0, 1, 1, 0, 1, 1, 1, 1], first=[None, 1, 2, None, 4, 3, 6, 10])
    code, out = run(path, "--time", "months", "--event", "left", "--exposure", "talked", "--exposure-from", "first")
    assert code == 0
    assert "talked 1" in out
    assert "Compared with: talked not yet." in out


def test_an_exposure_that_never_changes_within_a_person_is_refused_in_stretches_too() -> None:
    words = (STRETCHES, *ASKED, "--person", "person", "--exposure")
    assert run(*words, "grade")[0] == 2
    code, out = run(*words, "level")
    assert code == 0
    # A narrow screen breaks the heading "Error by cluster".
    assert "cluster" in out


def test_stretches_need_to_say_whose_they_are_where_an_exposure_is_named() -> None:
    code, out = run(STRETCHES, *ASKED, "--exposure", "level")
    assert code == 2
    assert "Say with --person whose stretch each row is" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--terms", "gender=F"), "stretches.csv: The table has no column 'gender'"),
        (("--terms", "grade=boss"), "'grade' has no 'boss' to compare with; it has junior, middle, senior"),
        ((), "Name at least one term"),
        (("--terms", "age", "--strata", "grade", "--model", "logit"), "Only Cox's model has strata"),
        (("--exposure", "gender", "--person", "person"), "The table has no column 'gender'"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_column(words: tuple[str, ...], told: str) -> None:
    code, out = run(STRETCHES, *ASKED, *words)
    assert code == 2
    assert told in out


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("people.csv", b"a,b\n1,2\n1,2,3\n", "line 3: the record does not have the 2 fields of the headings"),
        ("people.csv", b"a,a\n1,2\n", "the first row must name each column once"),
        ("people.csv", b"", "the first row must name each column once"),
        ("people.xls", b"a,b\n1,2\n", "Files ending in '.xls' are not read"),
        ("people.xlsx", b"a,b\n1,2\n", "workbook"),
        ("people.parquet", b"a,b\n1,2\n", "no Parquet file"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_name(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    code, out = run(tmp_path / name, "--event", "b")
    assert code == 2
    assert name in out
    assert told in out


def test_columns_of_numbers_are_numbers_and_na_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("whole;part;mixed\n1;1.5;x\nNA;;2\n", encoding="utf-8")
    table = read_table(path)
    assert table.schema == {"whole": pl.Int64(), "part": pl.Float64(), "mixed": pl.String()}
    assert table.row(1) == (None, None, "2")


def test_a_file_that_is_not_there_is_no_fault_of_its_content(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="absent"):
        read_table(tmp_path / "absent.csv")
    assert issubclass(ReadyFileError, ValueError)


@needs_real_data
def test_the_week_of_the_event_is_warned_of_and_the_week_before_is_not() -> None:
    words = (DATA / "published/carData__Rossi.csv", "--time", "week", "--event", "arrest", "--exposure-from", "emp")
    same, before = (run(*words, "--terms", "exposure=no,age,prio", "--lag", lag) for lag in (0, 1))
    assert (same[0], before[0]) == (0, 0)
    assert "may be a result of it: look also at --lag 1" in same[1]
    assert "may be a result of it" not in before[1]
