"""Whether a column of dates is written day first or month first: proved from all its values in one file, or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from pipelines.column_options import has_short_years
from pipelines.contracts import Column

ISO = "yyyy-MM-dd"
DAY_FIRST = "dd/MM/yyyy"
MONTH_FIRST = "MM/dd/yyyy"
# Optional time of day, with seconds, half of the day and offset from UTC; the wall clock is kept, the offset dropped.
_TIME = (
    r"([T ]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?( ?[AaPp][Mm])?"
    r"( ?(Z|UTC|GMT))?( ?[+-][0-9]{1,2}(:?[0-9]{2})?)?)?"
)


_YEAR_FIRST = "[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}"
_YEAR_LAST = "[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}"
_TWO_DIGITS = "[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}"
_FORMS = {"year_first": _YEAR_FIRST, "year_last": _YEAR_LAST, "two_digits": _TWO_DIGITS}
_STRPTIME = {
    "yyyy": "%Y", "yy": "%y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "M": "%m", "dd": "%d", "d": "%d",
    "HH": "%H", "H": "%H", "hh": "%I", "h": "%I", "mm": "%M", "ss": "%S", "SSSSSS": "%f", "SSS": "%g", "a": "%p",
}  # fmt: skip


@dataclass(frozen=True)
class DateProof:
    """The format found for one column ('' where it has no dates), or the reason why none can be settled."""

    column: str
    format: str
    problem: str


def proofs(columns: Sequence[Column], table: str, con: duckdb.DuckDBPyConnection) -> list[DateProof]:
    """Proof for each date or timestamp column of `table` (trimmed text, NULL where missing), in the order of `columns`.

    A value proves day first when it is a real date read that way only, month first likewise; values that are no date in
    either reading prove nothing. A declared `format` is taken as it is.
    """
    if not columns:
        return []
    values = " UNION ALL ".join(
        f"SELECT '{c.name}' AS name, \"{c.name}\" AS value FROM {table} GROUP BY ALL" for c in columns
    )
    query = f"""
        WITH form AS (SELECT name, value, {_form("value")} AS form FROM ({values}) WHERE value IS NOT NULL),
        part AS (SELECT *, {_digits("value")} AS digits FROM form WHERE form <> ''),
        reading AS (
            SELECT *, try_strptime(digits, '%d-%m-%Y') AS by_day, try_strptime(digits, '%m-%d-%Y') AS by_month
            FROM part WHERE form = 'year_last'
            UNION ALL SELECT *, NULL, NULL FROM part WHERE form <> 'year_last'
        )
        SELECT name, count(*) FILTER (form = 'year_first'), count(*) FILTER (form = 'two_digits'),
            count(*) FILTER (by_day IS NOT NULL AND by_month IS NULL),
            count(*) FILTER (by_day IS NULL AND by_month IS NOT NULL), count(*) FILTER (by_day = by_month),
            min(value) FILTER (by_day <> by_month), min(value) FILTER (form = 'two_digits')
        FROM reading GROUP BY name"""
    found = {row[0]: _Tally(*row[1:]) for row in con.execute(query).fetchall()}
    return [_proof(column, found.get(column.name, _Tally())) for column in columns]


def date_sql(column: Column, date_format: str) -> str:
    """SQL that turns the text of `column` into a DATE or TIMESTAMP, NULL where it is no date in that format or ISO."""
    text = f'"{column.name}"'
    declared = column.options.get("format")
    digits = _digits(text)
    iso = _at(column, f"TRY_CAST({digits} AS DATE)", text)
    year_first = f"WHEN regexp_full_match({text}, '{_YEAR_FIRST}{_TIME}') THEN {iso}"
    if declared:
        as_declared = _in_century(column, f"try_strptime({text}, '{strptime_of(str(declared))}')")
        return f"CASE {year_first} ELSE CAST({as_declared} AS {column.sql_type}) END"
    order = "%m-%d-%Y" if MONTH_FIRST in date_format else "%d-%m-%Y"
    parsed = _at(column, f"CAST(try_strptime({digits}, '{order}') AS DATE)", text)
    return f"CASE {year_first} WHEN regexp_full_match({text}, '{_YEAR_LAST}{_TIME}') THEN {parsed} END"


def strptime_of(pattern: str) -> str:
    """A date pattern in the JDK style of the contract standard (dd/MM/yyyy) in the style of strptime (%d/%m/%Y)."""
    found, rest = "", pattern.replace("'", "")
    while rest:
        token = next((t for t in sorted(_STRPTIME, key=len, reverse=True) if rest.startswith(t)), rest[0])
        found += _STRPTIME.get(token, token)
        rest = rest[len(token) :]
    return found


def _in_century(column: Column, moment: str) -> str:
    """Years of two digits are read as 1969 to 2068; those on the other side of the declared pivot move by a century."""
    pivot = column.options.get("pivot")
    if pivot is None:
        return moment
    short = f"year({moment}) % 100"
    back = f"WHEN year({moment}) >= 2000 AND {short} > {int(pivot)} THEN {moment} - INTERVAL 100 YEAR"
    ahead = f"WHEN year({moment}) < 2000 AND {short} <= {int(pivot)} THEN {moment} + INTERVAL 100 YEAR"
    return f"CASE {back} {ahead} ELSE {moment} END"


@dataclass(frozen=True)
class _Tally:
    """Distinct values of one column by what they prove, with an example of what proves nothing."""

    year_first: int = 0
    two_digits: int = 0
    day_first: int = 0
    month_first: int = 0
    symmetric: int = 0
    ambiguous: str | None = None
    short: str | None = None


def _proof(column: Column, tally: _Tally) -> DateProof:
    if column.options.get("format"):
        return DateProof(column.name, f"{column.options['format']} (declared)", _century_problem(column))
    year_last = tally.day_first + tally.month_first + tally.symmetric + (tally.ambiguous is not None)
    order = MONTH_FIRST if tally.month_first else DAY_FIRST
    formats = [name for name, times in {ISO: tally.year_first, order: year_last}.items() if times]
    return DateProof(column.name, " and ".join(formats), _problem(column, tally, year_last))


def _century_problem(column: Column) -> str:
    declared = str(column.options["format"])
    if column.options.get("pivot") is not None or not has_short_years(declared):
        return ""
    remedy = "Declare `pivot` beside it: with 30, the year 31 is 1931 and 30 is 2030"
    return f"Column '{column.headers[0]}': years of the declared format {declared} have two digits. {remedy}."


def _problem(column: Column, tally: _Tally, year_last: int) -> str:
    heading = f"Column '{column.headers[0]}'"
    iso = f"Export dates as {ISO}"
    declare = f"or declare the `format` of {column.name} in the contract, for example"
    if tally.two_digits and tally.year_first + year_last:
        # Read apart they would be right by luck: nothing shows that both kinds have day and month in the same order.
        return f"{heading} mixes years of two digits, such as {tally.short}, with years of four. {iso}."
    if tally.two_digits:
        example = "dd/MM/yy with the `pivot` above which years belong to the last century"
        return f"{heading} has years of two digits, such as {tally.short}. {iso}, {declare} {example}."
    if tally.day_first and tally.month_first:
        return f"{heading} has dates with the day first and dates with the month first. {iso}."
    if tally.ambiguous and not tally.day_first and not tally.month_first:
        doubt = f"nothing shows whether {tally.ambiguous} has the day or the month first"
        return f"{heading}: {doubt}. {iso}, {declare} {DAY_FIRST}."
    return ""


def _form(text: str) -> str:
    cases = " ".join(
        f"WHEN regexp_full_match({text}, '{shape}{_TIME}') THEN '{name}'" for name, shape in _FORMS.items()
    )
    return f"CASE {cases} ELSE '' END"


def _digits(text: str) -> str:
    return f"translate(regexp_extract({text}, '^[0-9]+[-/.][0-9]+[-/.][0-9]+'), '/.', '--')"


def _at(column: Column, date: str, text: str) -> str:
    """`date` for a date column; with the time of day, midnight where none is written, for a timestamp column."""
    if column.kind == "date":
        return date
    clock = f"regexp_extract({text}, '[0-9]{{1,2}}:[0-9:.]+( ?[AaPp][Mm])?')"
    formats = "['%H:%M', '%H:%M:%S', '%H:%M:%S.%f', '%I:%M %p', '%I:%M%p', '%I:%M:%S %p', '%I:%M:%S%p']"
    return f"{date} + CASE {clock} WHEN '' THEN TIME '00:00' ELSE CAST(try_strptime({clock}, {formats}) AS TIME) END"
