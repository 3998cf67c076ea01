"""What the judged records of one file say of the file as a whole; faults of single records do not belong here.

Everything reads landing_judged (and landing_text), which `judging` makes.
"""

from __future__ import annotations

import duckdb

from pipelines.contracts import heading_key
from pipelines.landing.judging import Delivery
from pipelines.landing.reading import TextTable
from pipelines.landing.row_rules import rule_messages
from pipelines.landing.survey_answers import questions_fault
from pipelines.landing.typed_values import literal

_LEAST_RECORDS = 10


def file_fault(delivery: Delivery, con: duckdb.DuckDBPyConnection) -> str:
    """Why the file cannot be taken although its headings are sound, with the remedy; '' where it can."""
    stump = _cut_off(delivery.table, con) if delivery.table.is_open else ""
    return stump or _shifted(delivery, con) or questions_fault(delivery.table, delivery.contract)


def content_hash(delivery: Delivery, con: duckdb.DuckDBPyConnection, *, with_answers: bool) -> str:
    """A hash of the rows that break no rule, the same in whatever order they stand; '' where there is none.

    It covers the contract's columns as typed and, `with_answers`, the text under all other headings; no lineage.
    """
    names = [f'"{column.name}"' for column in delivery.contract.columns]
    source = "landing_judged"
    if with_answers:
        headings = delivery.table.headings[0]
        extra = sorted((heading_key(headings[i]), i) for i in delivery.table.claims.extra)
        names += [f"{literal(heading)}, c{i}" for heading, i in extra]
        source += " JOIN landing_text USING (_line)"
    query = f"SELECT count(*), sum(CAST(hash({', '.join(names)}) AS HUGEINT)) FROM {source} WHERE len(_failed) = 0"
    count, total = con.execute(query).fetchall()[0]
    return f"{count}-{int(total):x}" if count else ""


def _shifted(delivery: Delivery, con: duckdb.DuckDBPyConnection) -> str:
    """More than half of the records break one and the same rule of a column: that is no fault of single records."""
    found = con.execute("""
        WITH broken AS (SELECT unnest(_failed) AS rule, _line FROM landing_judged WHERE len(_failed) > 0)
        SELECT rule, count(*), min(_line), (SELECT count(*) FROM landing_judged WHERE NOT _is_blank)
        FROM broken WHERE contains(rule, ':') GROUP BY rule ORDER BY 2 DESC, 1""").fetchall()
    common = [row for row in found if row[3] >= _LEAST_RECORDS and row[1] * 2 > row[3]]
    if not common:
        return ""
    rule, times, line, records = common[0]
    owners = {c.name: c.headers[0] for c in delivery.contract.columns}
    columns = ", ".join(dict.fromkeys(f"'{owners[str(row[0]).split(':')[0]]}'" for row in common))
    return (
        f"{times:,} of {records:,} records have the same fault, the first in line {line}: "
        f"{rule_messages(delivery.contract, delivery.as_of)[rule]}. Two columns may be swapped or shifted (look at "
        f"{columns}): put each heading over its own column and export again. If the system writes its values in another "
        "way, have that added to the contract."
    )


def _cut_off(table: TextTable, con: duckdb.DuckDBPyConnection) -> str:
    """The last line, which has no line end, is the stump of a longer one.

    It is taken for one where its last field is faulty, or empty while that of all other records is filled.
    """
    last = max(table.claims.positions, key=lambda name: table.claims.positions[name], default=None)
    if last is None:
        return ""
    text = f'"_text_{last}"'
    query = f"""
        SELECT len(list_filter(_failed, lambda rule: starts_with(rule, '{last}:'))) > 0 OR {text} IS NULL
            AND (SELECT count(*) > 1 AND count({text}) = count(*) - 1 FROM landing_judged)
        FROM landing_judged ORDER BY _line DESC LIMIT 1"""
    if not con.execute(query).fetchall()[0][0]:
        return ""
    fault = f"Line {table.rows['_line'][-1]}, the last one, has no line end and a faulty or empty last field"
    return f"{fault}: the export was cut short. Export it again."
