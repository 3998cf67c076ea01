"""Wide survey answers into long rows: one per accepted response and answered question, whatever its name."""

from __future__ import annotations

from fnmatch import fnmatchcase

import duckdb
import polars as pl

from pipelines.contracts import LINEAGE, Contract, heading_key
from pipelines.landing.personal_questions import is_personal
from pipelines.landing.reading import TextTable
from pipelines.landing.row_rules import BLANKS, missing_values


def melt(table: TextTable, contract: Contract, answers: Contract, con: duckdb.DuckDBPyConnection) -> None:
    """Add the answers in landing_text of the accepted rows of landing_judged to the table of `answers`.

    Other columns than questions are left out unread.
    """
    questions = _question_fields(table, contract)
    if not questions:
        return
    con.register("landing_question", _questions(table, questions))
    names = [name for name in answers.sql_types() if name in _COLUMNS]
    chosen = ", ".join(f"c{i}" for i in questions)
    con.execute(f"""
        INSERT INTO {answers.table} ({", ".join(names)})
        SELECT {", ".join(names)} FROM (
            UNPIVOT (SELECT {_LINEAGE}, {chosen} FROM landing_text
                JOIN (SELECT {_LINEAGE} FROM landing_judged WHERE len(_failed) = 0) USING (_line))
            ON {chosen} INTO NAME field VALUE given
        ) JOIN landing_question USING (field), LATERAL (SELECT trim(given, {BLANKS}) AS value)
        WHERE value NOT IN ({missing_values(contract)}) ORDER BY _line, position""")
    con.unregister("landing_question")


def questions_fault(table: TextTable, contract: Contract) -> str:
    """That the contract tells questions by the column that goes with each, and there is none; '' where all is well."""
    suffix = str(contract.settings.get("questionsWith", ""))
    if not suffix or _question_fields(table, contract):
        return ""
    return (
        f"The file has no questions: beside each question stands a column with the same heading and {suffix} behind it. "
        "Export those columns as well; they are not read."
    )


_LINEAGE = ", ".join(LINEAGE)
_COLUMNS = ("question_id", "question_text", "import_id", "value", *LINEAGE)


def _question_fields(table: TextTable, contract: Contract) -> list[int]:
    """Fields that no column claims and that are questions.

    With `questionsWith` only those with a sibling of that ending are; else all that match no pattern of `ignored` and
    do not ask who somebody is.
    """
    keys = [heading_key(name) for name in table.headings[0]]
    ending = heading_key(str(contract.settings.get("questionsWith", "")))
    if ending:
        asked = {heading_key(key.removesuffix(ending)) for key in keys if key.endswith(ending)}
        return [i for i in table.claims.extra if keys[i] in asked]
    ignored = [heading_key(str(pattern)) for pattern in contract.settings.get("ignored", ())]
    return [
        i
        for i in table.claims.extra
        if not any(fnmatchcase(keys[i], pattern) for pattern in ignored) and not is_personal(_said(table, i, keys))
    ]


def _said(table: TextTable, field: int, keys: list[str]) -> list[str]:
    """Name and, where a second heading row has it, wording of a column; a repeated name stands over the lines of a grid.

    What stands in a line is rated, as in 'How content are you with: Pay', and says nothing of who somebody is.
    """
    wordings = [heading_key(row[field]) for row in table.headings[1:2] if field < len(row)]
    return [keys[field]] if keys.count(keys[field]) > 1 else [keys[field], *wordings]


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
