"""Matches of headings held against the values below them: what cannot be is dropped, what looks alike is offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from pipelines.contracts import Column
from pipelines.landing.matching import Candidate, Match, unused

_FORMS = {
    "date": r"^\s*([0-9]{1,4}[-/. ]+\w{1,9}[-/. ,]+[0-9]{1,4}|[0-9]{8}\s*$|[A-Za-z]{3,9} [0-9]{1,2}, ?[0-9]{4})",
    "number": r"^\s*[+-]?[0-9.,][0-9.,'\s]*$",
}
_FORM_OF = {"date": "date", "timestamp": "date", "number": "number", "integer": "number"}
_SOME = 0.5
_MOST = 0.8
_MANY = 30


def plausible(matches: Sequence[Match], rows: pl.DataFrame) -> tuple[Match, ...]:
    """`matches` without offers of which less than half of the values have the form of the column's type."""
    return tuple(
        replace(m, offered=tuple(c for c in m.offered if _has_form(m.column, _filled(rows, c.position))))
        for m in matches
    )


def by_values(names: Sequence[str], matches: Sequence[Match], rows: pl.DataFrame) -> tuple[Match, ...]:
    """`matches` with the fields offered, for columns that have nothing better, of which most values are valid ones."""
    fields = {i: _filled(rows, i).str.to_lowercase() for i in unused(names, matches)}
    few = {i: values for i, values in fields.items() if 1 < values.n_unique() <= _MANY}
    return tuple(
        m if m.likeliest or not m.column.valid_values else replace(m, offered=_offered(m.column, names, few))
        for m in matches
    )


def spellings(column: Column) -> frozenset[str]:
    """All spellings, in small letters, of the valid values of a column."""
    codes = column.options.get("codes", {})
    others = [str(word) for words in codes.values() for word in words]
    return frozenset(word.lower() for word in (*column.valid_values, *map(str, codes), *others))


def _offered(column: Column, names: Sequence[str], fields: dict[int, pl.Series]) -> tuple[Candidate, ...]:
    known = list(spellings(column))
    shares = {i: values.is_in(known).mean() for i, values in fields.items()}
    return tuple(
        Candidate(i, names[i].strip(), f"its values look like {column.name}")
        for i, share in shares.items()
        if isinstance(share, float) and share >= _MOST
    )


def _has_form(column: Column, values: pl.Series) -> bool:
    form = _FORMS.get(_FORM_OF.get(column.kind, ""))
    share = values.str.contains(form).mean() if form and len(values) else 1.0
    return isinstance(share, float) and share >= _SOME


def _filled(rows: pl.DataFrame, position: int) -> pl.Series:
    values = rows[f"c{position}"].str.strip_chars()
    return values.filter(values != "")
