"""The settings of a source that an overlay may change, and what each of them may be."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import Any

from pipelines.overlays.plain_yaml import Value


def setting(name: str, value: Value) -> Any:
    """The value of the setting `name`, one of SETTINGS. Raises ValueError with the remedy where it cannot be that."""
    return SETTINGS[name](value)


def _text(value: Value) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("write one text behind the colon.")
    return value


def _list(value: Value) -> list[str]:
    found = value if isinstance(value, list) else [value]
    texts = [text for text in found if isinstance(text, str) and text]
    if not texts or len(texts) < len(found):
        raise ValueError("write a list of texts, for example [NA, none].")
    return texts


def _encoding(value: Value) -> str:
    name = _text(value)
    try:
        codecs.lookup(name)
        "".encode(name)
    except (LookupError, ValueError):
        raise ValueError(f"there is no encoding '{name}'. Usual ones are cp1252, cp1251 and utf-8.") from None
    return name


def _one_of(*known: str) -> Callable[[Value], str]:
    def read(value: Value) -> str:
        if value not in known:
            raise ValueError(f"write {' or '.join(repr(text) for text in known)}, in quotation marks.")
        return str(value)

    return read


def _number(low: int, high: int) -> Callable[[Value], int]:
    def read(value: Value) -> int:
        if not isinstance(value, str) or not (value.isascii() and value.isdigit()) or not low <= int(value) <= high:
            raise ValueError(f"write a whole number from {low} to {high}.")
        return int(value)

    return read


SETTINGS: dict[str, Callable[[Value], Any]] = {
    "encoding": _encoding,
    "headerRow": _number(1, 100),
    "headerRows": _number(1, 10),
    "sheet": _text,
    "quote": _one_of('"', "'"),
    "nullValues": _list,
    "trueValues": _list,
    "falseValues": _list,
    "decimal": _one_of(",", "."),
    "pivot": _number(0, 99),
    "idSpace": _text,
    "idPrefix": _text,
    "idWidth": _number(1, 40),
}
