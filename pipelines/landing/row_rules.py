"""The SQL that a source contract implies: text into typed columns, and for every row the list of rules it breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from pipelines.contracts import Column, Contract
from pipelines.landing.date_order import date_sql
from pipelines.landing.typed_values import MISSING, SCIENTIFIC, literal, value_sql

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
    "property": "a line of the event cannot be read, or its end is missing",
    "characters": "the record has control, invisible or unreadable characters",
    "duplicate": "the same record stands further up in the file",
    "erased": "the record is about somebody who was erased",
    "conflict": "another record of the file has the same key and other content",
}


def clean_select(contract: Contract, positions: Mapping[str, int], width: int, table: str) -> str:
    """SELECT of `_line`, `_is_blank`, `_is_odd` and the contract's columns as trimmed text, NULL where missing.

    `table` has `_line` and text columns c0 … c(`width` - 1); `positions` is column name to number.
    """
    kept = {
        positions[c.name]: str(c.options["keepOnly"]) for c in contract.columns if _is_cut(c) and c.name in positions
    }
    texts = [_kept(f"c{i}", kept.get(i)) for i in range(width)]
    columns = ", ".join(_clean(column, texts, positions.get(column.name), contract) for column in contract.columns)
    record = f"concat({', '.join(texts)})"
    noted = f"SELECT *, {record} AS _record, regexp_matches(_record, '[\\t\\r\\n]') AS _has_breaks FROM {table}"
    odd = f"regexp_matches(_record, '{CHARACTERS}')"
    return f"SELECT _line, {columns}, {_trimmed('_record')} = '' AS _is_blank, {odd} AS _is_odd FROM ({noted})"


def missing_values(contract: Contract, kind: str = "string") -> str:
    """SQL list of the texts that mean a missing value: the empty one, the contract's `nullValues`, and but for columns
    of text those that cannot be a value.
    """
    tokens = ["", *map(str, contract.settings.get("nullValues", ())), *(MISSING if kind != "string" else ())]
    return ", ".join(map(literal, dict.fromkeys(tokens)))


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
    if column.options.get("identifies"):
        is_number = f"regexp_full_match(\"_text_{column.name}\", '{SCIENTIFIC}')"
        rules.append(("scientific", f"coalesce({is_number}, false)", f"{heading} {_SCIENTIFIC_WORDS}"))
    if column.kind != "string":
        rules.append((column.kind, unread, f"{heading} is not {_KIND_WORDS[column.kind]}"))
    if column.valid_values:
        values = ", ".join(map(literal, column.valid_values))
        known = ", ".join(column.valid_values) + (
            ", nor a known spelling of them" if column.options.get("codes") else ""
        )
        rules.append(("enum", f"{value}::VARCHAR NOT IN ({values})", f"{heading} is not one of {known}"))
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


_SCIENTIFIC_WORDS = (
    "was turned into a number such as 2.1E+05, so the id is lost: export it again and do not save it in Excel"
)
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


def _clean(column: Column, texts: Sequence[str], position: int | None, contract: Contract) -> str:
    if position is None:
        return f'NULL::VARCHAR AS "{column.name}"'
    trimmed, missing = _trimmed(texts[position]), missing_values(contract, column.kind)
    return f'CASE WHEN {trimmed} NOT IN ({missing}) THEN {trimmed} END AS "{column.name}"'


def _is_cut(column: Column) -> bool:
    return column.options.get("keepOnly") is not None


def _kept(text: str, pattern: str | None) -> str:
    return text if pattern is None else f"regexp_extract({text}, {literal(pattern)})"


def _trimmed(text: str) -> str:
    # Without a second argument trim removes every kind of space but no tab or line end, and takes a sixth of the time.
    return f"CASE WHEN _has_breaks THEN trim({text}, {BLANKS}) ELSE trim({text}) END"


def _typed(column: Column, contract: Contract, date_format: str) -> str:
    is_dated = column.kind in ("date", "timestamp")
    return date_sql(column, date_format) if is_dated else value_sql(column, contract)


def _without_open_end(column: Column) -> str:
    read = f'"_read_{column.name}"'
    is_dated = column.kind in ("date", "timestamp")
    return f"CASE WHEN CAST({read} AS DATE) NOT IN ({_OPEN_ENDS}) THEN {read} END" if is_dated else read
