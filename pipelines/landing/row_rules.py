"""The SQL that a source contract implies: text into typed columns, and for every row the list of rules it breaks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pipelines.contracts import Column, Contract
from pipelines.landing.date_order import date_sql

# Control characters (but tab and line ends), zero width, direction overrides, tags, and what could not be decoded.
CHARACTERS = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\x{61c}\x{180e}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{206f}"
    r"\x{feff}\x{fff9}-\x{fffd}\x{e0000}-\x{e007f}]"
)
BLANKS = "' \t\r\n\u00a0\u2007\u202f\u3000'"
_OPEN_ENDS = "DATE '9999-12-31', DATE '4712-12-31', DATE '1900-01-01'"
_EARLIEST = date(1930, 1, 1)
_YEARS_AHEAD = 10
STRUCTURE = {
    "blank": "the record is empty",
    "fields": "the record has more or fewer fields than there are headings",
    "quote": "a quotation mark is opened and not closed, or stands where none may stand",
    "size": "a field is longer than 1 MB, or the line longer than 8 MB",
    "characters": "the record has control, invisible or unreadable characters",
    "duplicate": "the same record stands further up in the file",
    "conflict": "another record of the file has the same key and other content",
}
_WHOLE = r"[+-]?[0-9]+([.]0+)?"
_GROUPED = r"[+-]?[0-9]{1,3}(,[0-9]{3})+"
_DECIMAL = r"[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?"
# 1,234.5 and 1,234,567 can only be grouped thousands, 0,5 and 12,25 only a decimal comma; 1,234 can be both.
_SURELY_GROUPED = r"[+-]?[0-9]{1,3}(,[0-9]{3}){2,}([.][0-9]+)?|[+-]?[0-9]{1,3},[0-9]{3}[.][0-9]+"
_SURELY_COMMA = r"[+-]?[0-9]+,([0-9]{1,2}|[0-9]{4,})"


def clean_select(contract: Contract, positions: Mapping[str, int], width: int, table: str) -> str:
    """SELECT of `_line`, `_is_blank`, `_is_odd` and the contract's columns as trimmed text, NULL where missing.

    `table` has `_line` and text columns c0 … c(`width` - 1); `positions` is column name to number.
    """
    missing = missing_values(contract)
    columns = ", ".join(_clean(column, positions.get(column.name), missing) for column in contract.columns)
    record = f"concat({', '.join(f'c{i}' for i in range(width))})"
    noted = f"SELECT *, {record} AS _record, regexp_matches(_record, '[\\t\\r\\n]') AS _has_breaks FROM {table}"
    odd = f"regexp_matches(_record, '{CHARACTERS}')"
    return f"SELECT _line, {columns}, {_trimmed('_record')} = '' AS _is_blank, {odd} AS _is_odd FROM ({noted})"


def missing_values(contract: Contract) -> str:
    """SQL list of the texts that mean a missing value: always the empty one, and the contract's `nullValues`."""
    return ", ".join(
        literal(token) for token in dict.fromkeys(["", *map(str, contract.settings.get("nullValues", ()))])
    )


def typed_select(contract: Contract, date_formats: Mapping[str, str], table: str) -> str:
    """SELECT of everything in `table` (see `clean_select`): the text as `_text_<name>`, and the typed columns.

    `_read_<name>` is the value as it was read; in the column itself the open ends of time spans are NULL.
    """
    texts = ", ".join(f'"{c.name}" AS "_text_{c.name}"' for c in contract.columns)
    read = ", ".join(
        f'{_typed(c, contract, date_formats.get(c.name, ""))} AS "_read_{c.name}"' for c in contract.columns
    )
    final = ", ".join(f'{_without_open_end(c)} AS "{c.name}"' for c in contract.columns)
    return f"SELECT *, {final} FROM (SELECT _line, _is_blank, _is_odd, {texts}, {read} FROM {table})"


def failed_rules(contract: Contract, as_of: date) -> str:
    """SQL list of the names of the rules a row of `typed_select` breaks, "characters" first; empty for a good row."""
    broken = [
        ("characters", "_is_odd"),
        *((name, sql) for c in contract.columns for name, sql, _ in column_rules(c, as_of)),
    ]
    broken += [(rule.name, f"({rule.expression}) IS NOT TRUE") for rule in contract.row_rules]
    cases = ", ".join(f"CASE WHEN {sql} THEN {literal(name)} END" for name, sql in broken)
    return f"CASE WHEN _is_blank THEN ['blank'] ELSE list_filter([{cases}], lambda rule: rule IS NOT NULL) END"


def rule_messages(contract: Contract, as_of: date) -> dict[str, str]:
    """Name of every rule a record can break to what is wrong, in words; never with a value of the record."""
    columns = {name: words for c in contract.columns for name, _, words in column_rules(c, as_of)}
    return {**STRUCTURE, **columns, **{rule.name: rule.message.rstrip(".") for rule in contract.row_rules}}


def column_rules(column: Column, as_of: date) -> list[tuple[str, str, str]]:
    """Rules of one column: name, SQL that is true where the rule is broken, and the fault in words."""
    value, heading = f'"{column.name}"', f"'{column.headers[0]}'"
    unread = f'"_text_{column.name}" IS NOT NULL AND "_read_{column.name}" IS NULL'
    rules: list[tuple[str, str, str]] = []
    if column.required:
        rules.append(("required", f"{value} IS NULL AND NOT ({unread})", f"{heading} is empty"))
    if column.kind != "string":
        rules.append((column.kind, unread, f"{heading} is not {_KIND_WORDS[column.kind]}"))
    if column.valid_values:
        values = ", ".join(map(literal, column.valid_values))
        rules.append(
            ("enum", f"{value}::VARCHAR NOT IN ({values})", f"{heading} is not one of {', '.join(column.valid_values)}")
        )
    if column.options.get("pattern"):
        pattern = str(column.options["pattern"])
        rules.append(
            (
                "pattern",
                f"NOT regexp_matches({value}::VARCHAR, {literal(pattern)})",
                f"{heading} does not look like {pattern}",
            )
        )
    rules += _bounds(column, as_of, value, heading)
    return [(f"{column.name}:{name}", sql, words) for name, sql, words in rules]


_KIND_WORDS = {
    "date": "a date",
    "timestamp": "a date or time",
    "integer": "a whole number",
    "number": "a number (write 1234.5)",
    "boolean": "yes or no",
}


def _bounds(column: Column, as_of: date, value: str, heading: str) -> list[tuple[str, str, str]]:
    options = column.options
    low, high = options.get("minimum"), options.get("maximum")
    rules = []
    if column.kind in ("date", "timestamp"):
        rules.append(_date_bound(value, "<", low, _EARLIEST, heading))
        rules.append(_date_bound(value, ">", high, _years_after(as_of), heading))
    else:
        rules += [("minimum", f"{value} < {low}", f"{heading} is below {low}")] if low is not None else []
        rules += [("maximum", f"{value} > {high}", f"{heading} is above {high}")] if high is not None else []
    if options.get("minLength") is not None:
        rules.append(("minLength", f"length({value}) < {int(options['minLength'])}", f"{heading} is too short"))
    if options.get("maxLength") is not None:
        rules.append(("maxLength", f"length({value}) > {int(options['maxLength'])}", f"{heading} is too long"))
    return rules


def _date_bound(value: str, sign: str, declared: object, default: date, heading: str) -> tuple[str, str, str]:
    """A bound every date has: the declared one, else one beyond which a date in this company can only be a slip."""
    bound = str(declared if declared is not None else default)
    name, side = ("minimum", "before") if sign == "<" else ("maximum", "after")
    return name, f"CAST({value} AS DATE) {sign} DATE {literal(bound)}", f"{heading} lies {side} {bound}"


def _years_after(day: date) -> date:
    year = day.year + _YEARS_AHEAD
    return day.replace(year=year) if (day.month, day.day) != (2, 29) else date(year, 2, 28)


def _clean(column: Column, position: int | None, missing: str) -> str:
    if position is None:
        return f'NULL::VARCHAR AS "{column.name}"'
    trimmed = _trimmed(f"c{position}")
    return f'CASE WHEN {trimmed} NOT IN ({missing}) THEN {trimmed} END AS "{column.name}"'


def _trimmed(text: str) -> str:
    # Without a second argument trim removes every kind of space but no tab or line end, and takes a sixth of the time.
    return f"CASE WHEN _has_breaks THEN trim({text}, {BLANKS}) ELSE trim({text}) END"


def _typed(column: Column, contract: Contract, date_format: str) -> str:
    text = f'"{column.name}"'
    if column.kind in ("date", "timestamp"):
        return date_sql(column, date_format)
    if column.kind == "boolean":
        return _boolean(text, contract)
    if column.kind == "integer":
        grouped = f"WHEN regexp_full_match({text}, '{_GROUPED}') THEN replace({text}, ',', '')"
        plain = f"WHEN regexp_full_match({text}, '{_WHOLE}') THEN split_part({text}, '.', 1)"
        return f"TRY_CAST(CASE {plain} {grouped} END AS {column.sql_type})"
    if column.kind == "number":
        return _number(column, text)
    spelled = " ".join(f"WHEN {literal(v.lower())} THEN {literal(v)}" for v in column.valid_values)
    return f"CASE lower({text}) {spelled} ELSE {text} END" if spelled else text


def _without_open_end(column: Column) -> str:
    read = f'"_read_{column.name}"'
    is_dated = column.kind in ("date", "timestamp")
    return f"CASE WHEN CAST({read} AS DATE) NOT IN ({_OPEN_ENDS}) THEN {read} END" if is_dated else read


def _number(column: Column, text: str) -> str:
    plain = f"""CASE WHEN regexp_full_match({text}, '{_DECIMAL}') THEN {text}
        WHEN regexp_full_match({text}, '{_SURELY_GROUPED}') THEN replace({text}, ',', '')
        WHEN regexp_full_match({text}, '{_SURELY_COMMA}') THEN replace({text}, ',', '.') END"""
    return f"CASE WHEN isfinite(TRY_CAST({plain} AS DOUBLE)) THEN TRY_CAST({plain} AS {column.sql_type}) END"


def _boolean(text: str, contract: Contract) -> str:
    true = ", ".join(literal(str(v).lower()) for v in contract.settings.get("trueValues", ("Yes", "Y", "True", "1")))
    false = ", ".join(literal(str(v).lower()) for v in contract.settings.get("falseValues", ("No", "N", "False", "0")))
    return f"CASE WHEN lower({text}) IN ({true}) THEN true WHEN lower({text}) IN ({false}) THEN false END"


def literal(text: str) -> str:
    """`text` as a SQL string."""
    return "'" + text.replace("'", "''") + "'"
