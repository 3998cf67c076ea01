"""What the options of one column in a source contract may say; how they are carried out is the business of `landing`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

IDENTIFIED = ("worker", "unit")


def option_fault(options: Mapping[str, Any], valid_values: Sequence[str]) -> str:
    """What is wrong with the `options` of a column and the remedy, in words; empty where nothing is."""
    faults = (
        _codes_fault(options.get("codes", {}), valid_values),
        _pattern_fault(options.get("keepOnly")),
        _pivot_fault(options.get("pivot"), str(options.get("format", ""))),
        _identity_fault(options.get("identifies")),
    )
    return next(filter(None, faults), "")


def has_short_years(date_format: str) -> bool:
    """Whether a declared date format, such as dd/MM/yy, writes years with two digits."""
    return bool(re.search("(?<!y)yy(?!y)", date_format))


def _codes_fault(codes: object, valid_values: Sequence[str]) -> str:
    if not isinstance(codes, Mapping) or not all(isinstance(spellings, list) for spellings in codes.values()):
        return "`codes` maps each value to the list of its other spellings, for example {Female: [F, W]}."
    words = [word for value, spellings in codes.items() for word in (value, *spellings)]
    if any(isinstance(word, bool) or word is None for word in words):
        return "YAML reads an unquoted Yes, No or ~ in `codes` as something else. Quote it."
    unknown = [str(value) for value in codes if valid_values and str(value) not in valid_values]
    if unknown:
        return f"`codes` leads to '{unknown[0]}', which is not one of the valid values. Add it there or correct it."
    return ""


def _pattern_fault(pattern: object) -> str:
    if pattern is None:
        return ""
    try:
        re.compile(str(pattern))
    except re.error as error:
        return f"`keepOnly` is no regular expression ({error}). Correct it, for example to '#career'."
    return ""


def _pivot_fault(pivot: object, date_format: str) -> str:
    if pivot is None:
        return ""
    if isinstance(pivot, bool) or not isinstance(pivot, int) or not 0 <= pivot <= 99:
        return "`pivot` is a number from 0 to 99: two-digit years above it belong to the last century."
    return (
        "" if has_short_years(date_format) else "`pivot` needs a `format` with years of two digits, such as dd/MM/yy."
    )


def _identity_fault(identified: object) -> str:
    return "" if identified in (None, *IDENTIFIED) else f"`identifies` must be {' or '.join(IDENTIFIED)}."
