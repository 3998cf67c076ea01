"""SQL that reads the text of one column as its type: numbers, whole numbers, yes or no, codes, ids; dates have their own.

A text is read only where it can mean one thing; everything else becomes NULL, which later sets the record aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.contracts import Column, Contract

# Written for "missing" by hand or by statistics programs. In a text column they may be values, so there they are not.
MISSING = ("NA", "N/A", "NULL", "#N/A", "-")
SCIENTIFIC = "[0-9]+([.,][0-9]+)?[eE][+][0-9]+"
_PLAIN = r"[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?"
_WHOLE = r"[+-]?[0-9]+([.]0+)?"
_BLANK = "[ \u00a0\u2009\u202f'\u2019]"
_HEAD = "[+-]?[0-9]{1,3}"
# 1 234,5 and 1 234.5: a blank or an apostrophe can only group thousands.
_SPACED = f"{_HEAD}({_BLANK}[0-9]{{3}})+([.,][0-9]+)?"
# 1,234.5 and 1,234,567 can only be grouped thousands, 0,5 and 12,25 only a decimal comma; 1,234 can be both.
_SURELY_GROUPED = rf"{_HEAD}(,[0-9]{{3}}){{2,}}([.][0-9]+)?|{_HEAD},[0-9]{{3}}[.][0-9]+"
_SURELY_COMMA = r"[+-]?[0-9]+,([0-9]{1,2}|[0-9]{4,})|[+-]?[0-9]+,[0-9]+[eE][+-]?[0-9]+"
_SURELY_DOTTED = rf"{_HEAD}([.][0-9]{{3}}){{2,}}(,[0-9]+)?|{_HEAD}[.][0-9]{{3}},[0-9]+"
_COMMA = r"[+-]?([0-9]+(,[0-9]*)?|,[0-9]+)([eE][+-]?[0-9]+)?"
_DOTTED = rf"{_HEAD}([.][0-9]{{3}})+(,[0-9]+)?"
# Beyond this a DOUBLE no longer tells neighbouring whole numbers apart.
_EXACT = "9007199254740992"


def literal(text: str) -> str:
    """`text` as a SQL string."""
    return "'" + text.replace("'", "''") + "'"


def value_sql(column: Column, contract: Contract) -> str:
    """SQL that turns the text of `column`, which is no date, into its type; NULL where it cannot be read."""
    text = f'"{column.name}"'
    if column.kind == "boolean":
        return _boolean(text, contract)
    if column.kind in ("integer", "number"):
        plain = _plain_number(text, contract.settings.get("decimal") == ",", column.kind == "integer")
        return _integer(column, text, plain) if column.kind == "integer" else _number(column, plain)
    coded = _coded(column, text)
    return _id(column, contract.settings, coded) if column.options.get("identifies") else coded


def _plain_number(text: str, has_decimal_comma: bool, is_whole: bool) -> str:
    """The number as SQL reads numbers. In a column of whole numbers 1,234 can only be a grouped thousand."""
    digits = f"regexp_replace({text}, '[^0-9.+-]', '', 'g')"
    from_comma = f"replace({text}, ',', '.')"
    from_dots = f"replace(replace({text}, '.', ''), ',', '.')"
    spaced = f"regexp_replace({from_comma}, '[^0-9.+-]', '', 'g')"
    forms = (
        [(_COMMA, from_comma), (_DOTTED, from_dots)]
        if has_decimal_comma
        else [
            (_PLAIN, text),
            (f"{_HEAD}(,[0-9]{{3}})+([.][0-9]+)?" if is_whole else _SURELY_GROUPED, digits),
            (_SURELY_COMMA, from_comma),
            (_SURELY_DOTTED, from_dots),
        ]
    )
    cases = " ".join(f"WHEN regexp_full_match({text}, {literal(form)}) THEN {sql}" for form, sql in forms)
    return f"CASE {cases} WHEN regexp_full_match({text}, {literal(_SPACED)}) THEN {spaced} END"


def _number(column: Column, plain: str) -> str:
    return f"CASE WHEN isfinite(TRY_CAST({plain} AS DOUBLE)) THEN TRY_CAST({plain} AS {column.sql_type}) END"


def _integer(column: Column, text: str, plain: str) -> str:
    """Digits are read exactly; what is written with a fraction or exponent must come to a whole number."""
    value = f"TRY_CAST({plain} AS DOUBLE)"
    is_whole = f"{value} = trunc({value}) AND abs({value}) < {_EXACT}"
    return (
        f"CASE WHEN regexp_full_match({text}, '{_WHOLE}') THEN TRY_CAST(split_part({text}, '.', 1) AS {column.sql_type}) "
        f"WHEN {is_whole} THEN TRY_CAST({value} AS {column.sql_type}) END"
    )


def _boolean(text: str, contract: Contract) -> str:
    true = ", ".join(literal(str(v).lower()) for v in contract.settings.get("trueValues", ("Yes", "Y", "True", "1")))
    false = ", ".join(literal(str(v).lower()) for v in contract.settings.get("falseValues", ("No", "N", "False", "0")))
    return f"CASE WHEN lower({text}) IN ({true}) THEN true WHEN lower({text}) IN ({false}) THEN false END"


def _coded(column: Column, text: str) -> str:
    """The valid value that the text is, in whatever case, or another spelling of; the text itself where there is none."""
    spellings = {str(value).lower(): value for value in column.valid_values}
    for value, others in column.options.get("codes", {}).items():
        for spelling in (value, *others):
            spellings.setdefault(str(spelling).lower(), str(value))
    cases = " ".join(f"WHEN {literal(spelling)} THEN {literal(value)}" for spelling, value in spellings.items())
    return f"CASE lower({text}) {cases} ELSE {text} END" if cases else text


def _id(column: Column, settings: Mapping[str, Any], text: str) -> str:
    """The id without the source's prefix, with its leading zeros, in the source's space; addresses stay as they are."""
    prefix, width, space = (settings.get(name) for name in ("idPrefix", "idWidth", "idSpace"))
    found = text
    if column.options["identifies"] == "worker":
        if prefix:
            start, length = literal(str(prefix).lower()), len(str(prefix))
            is_prefixed = f"starts_with(lower({found}), {start}) AND length({found}) > {length}"
            found = f"CASE WHEN {is_prefixed} THEN substr({found}, {length + 1}) ELSE {found} END"
        if width:
            is_short = f"regexp_full_match({found}, '[0-9]{{1,{int(width)}}}')"
            found = f"CASE WHEN {is_short} THEN lpad({found}, {int(width)}, '0') ELSE {found} END"
    if space:
        found = f"{literal(str(space))} || {found}"
    return found if found == text else f"CASE WHEN contains({text}, '@') THEN {text} ELSE {found} END"
