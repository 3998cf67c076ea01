"""Wide survey answers into long rows: one per accepted response and answered question, whatever its name."""

from __future__ import annotations

from fnmatch import fnmatchcase

import duckdb
import polars as pl

from pipelines.contracts import Contract
from pipelines.landing.headings import tidy
from pipelines.landing.reading import TextTable
from pipelines.landing.row_rules import BLANKS, missing_values


def melt(table: TextTable, contract: Contract, answers: Contract, con: duckdb.DuckDBPyConnection) -> None:
    """Add the answers in landing_text of the accepted rows of landing_judged to the table of `answers`.

    Columns of the file that match a pattern of `ignored` in the contract are left out unread.
    """
    ignored = [tidy(str(pattern)) for pattern in contract.settings.get("ignored", ())]
    questions = [i for i in table.claims.extra if not any(fnmatchcase(tidy(table.headings[0][i]), p) for p in ignored)]
    if not questions:
        return
    con.register("landing_question", _questions(table, questions))
    names = [name for name in answers.sql_types() if name in _COLUMNS]
    chosen = ", ".join(f"c{i}" for i in questions)
    con.execute(f"""
        INSERT INTO {answers.table} ({", ".join(names)})
        SELECT {", ".join(names)} FROM (
            UNPIVOT (SELECT _line, _file_id, _as_of, _series, {chosen} FROM landing_text
                JOIN (SELECT _line, _file_id, _as_of, _series FROM landing_judged WHERE len(_failed) = 0) USING (_line))
            ON {chosen} INTO NAME field VALUE given
        ) JOIN landing_question USING (field), LATERAL (SELECT trim(given, {BLANKS}) AS value)
        WHERE value NOT IN ({missing_values(contract)}) ORDER BY _line, position""")
    con.unregister("landing_question")


_COLUMNS = ("question_id", "question_text", "import_id", "value", "_file_id", "_line", "_as_of", "_series")


def _questions(table: TextTable, questions: list[int]) -> pl.DataFrame:
    def heading(record: int, field: int) -> str:
        fields = table.headings[record] if len(table.headings) > record else ()
        return " ".join(fields[field].split()) if field < len(fields) else ""

    names = [heading(0, i).removeprefix("\ufeff") for i in questions]
    rows = [(f"c{i}", i, _numbered(names, place), heading(1, i), heading(2, i)) for place, i in enumerate(questions)]
    return pl.DataFrame(rows, schema=["field", "position", "question_id", "question_text", "import_id"], orient="row")


def _numbered(names: list[str], place: int) -> str:
    """The name at `place`, told apart from the same name before it: Q1, Q1#2, Q1#3."""
    earlier = names[:place].count(names[place])
    return f"{names[place]}#{earlier + 1}" if earlier else names[place]
