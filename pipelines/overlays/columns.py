"""The columns of a source as an overlay has them: other headings, other formats of dates, other spellings of values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipelines.column_options import has_short_years
from pipelines.contracts import Column, heading_key
from pipelines.overlays.draft import Draft
from pipelines.overlays.plain_yaml import Place, Value

_FORMAT = re.compile(r"(?=.*yy)(?=.*M)(?=.*d)[yMdHhmsSaT' .,/:-]+")


def dressed(columns: Sequence[Column], draft: Draft, pivot: int | None) -> tuple[Column, ...]:
    """`columns` with the headings, formats and values of the overlay; `pivot` is for its years of two digits.

    Raises OverlayError where a column is unknown, a needed one is left out, or a heading belongs to two.
    """
    names = [column.name for column in columns]
    for part in ("headings", "formats", "values"):
        for name in draft.part(part):
            draft.refuse_unknown((part, name), names)
    found = tuple(_with_pivot(_column(column, draft), pivot, draft) for column in columns)
    if pivot is not None and not any(has_short_years(str(c.options.get("format", ""))) for c in found):
        raise draft.fault(("settings", "pivot"), "no column has a format with years of two digits. Remove the line.")
    _refuse_shared_headings(found, draft)
    return found


def _column(column: Column, draft: Draft) -> Column:
    headings, formats, values = (draft.part(part) for part in ("headings", "formats", "values"))
    if column.name in headings:
        column = _headed(column, headings[column.name], draft)
    if column.name in formats:
        column = _formatted(column, formats[column.name], draft)
    return _spelled(column, values[column.name], draft) if column.name in values else column


def _headed(column: Column, value: Value, draft: Draft) -> Column:
    place = ("headings", column.name)
    if value is not None:
        return replace(column, headers=draft.texts(place, value))
    if column.required:
        raise draft.fault(
            place, f"{column.name} is needed and cannot be left out. Write the heading it has in the file."
        )
    # No heading of a file reads like this, so the column stays empty even where the file has one of its usual headings.
    absent = (f"({column.name} is not delivered)",)
    return replace(column, headers=absent, options={**column.options, "optional": True})


def _formatted(column: Column, value: Value, draft: Draft) -> Column:
    place = ("formats", column.name)
    if column.kind not in ("date", "timestamp"):
        raise draft.fault(place, f"{column.name} holds no dates. Remove the line.")
    if value is None:
        kept = {name: option for name, option in column.options.items() if name not in ("format", "pivot")}
        return replace(column, options=kept)
    if not isinstance(value, str) or not _FORMAT.fullmatch(value):
        remedy = "Write d for the day, M for the month and y for the year, for example dd.MM.yyyy."
        raise draft.fault(place, f"'{value}' is no format of dates. {remedy}")
    return replace(column, options={**column.options, "format": value})


def _with_pivot(column: Column, pivot: int | None, draft: Draft) -> Column:
    if not has_short_years(str(column.options.get("format", ""))):
        return replace(column, options={name: value for name, value in column.options.items() if name != "pivot"})
    if pivot is not None:
        return replace(column, options={**column.options, "pivot": pivot})
    if column.options.get("pivot") is None and column.name in draft.part("formats"):
        remedy = "Add `pivot: 30` below `settings`: years above 30 are then 19.., the others 20.."
        raise draft.fault(("formats", column.name), f"years of two digits can be of two centuries. {remedy}")
    return column


def _spelled(column: Column, value: Value, draft: Draft) -> Column:
    place = ("values", column.name)
    if column.kind != "string":
        raise draft.fault(place, f"{column.name} is no column of text. Remove the lines.")
    if not isinstance(value, dict):
        raise draft.fault(place, "the values are missing. Write lines such as `active: [Aktiv, A]` below, indented.")
    # A value with nothing behind it is a line of the proposal that the analyst did not need.
    value = {target: spellings for target, spellings in value.items() if spellings}
    meant = dict(_meanings(column, value, draft, place))
    old = {
        str(target): [str(word) for word in spellings if _folded(str(word)) not in meant]
        for target, spellings in column.options.get("codes", {}).items()
    }
    new = {target: list(draft.texts((*place, target), spellings)) for target, spellings in value.items()}
    codes = {target: [*new.get(target, []), *old.get(target, [])] for target in {**old, **new}}
    return replace(column, options={**column.options, "codes": codes})


def _meanings(column: Column, value: dict[str, Value], draft: Draft, place: Place) -> Iterator[tuple[str, str]]:
    """Each spelling with the value it stands for; a spelling stands for one value only."""
    own = {_folded(valid) for valid in column.valid_values}
    seen: dict[str, str] = {}
    for target, spellings in value.items():
        at = (*place, target)
        if own:
            draft.refuse_unknown(at, column.valid_values)
        for spelling in draft.texts(at, spellings):
            key = _folded(spelling)
            if key in own and key != _folded(target):
                raise draft.fault(at, f"'{spelling}' is itself a value of {column.name}. Take it out of this list.")
            if seen.setdefault(key, target) != target:
                raise draft.fault(at, f"'{spelling}' stands for '{seen[key]}' already. Keep it at one of the two.")
            yield key, target


def _refuse_shared_headings(columns: Sequence[Column], draft: Draft) -> None:
    mapped = draft.part("headings")
    owners: dict[str, Column] = {}
    for column in sorted(columns, key=lambda column: column.name not in mapped):
        for heading in column.headers:
            owner = owners.setdefault(heading_key(heading), column)
            if owner.name == column.name or owner.name not in mapped:
                continue
            if column.name in mapped:
                message = f"the heading '{heading}' is given to {owner.name} as well. Keep it at one of the two."
                raise draft.fault(("headings", column.name), message)
            other = f"`{column.name}: {'its heading' if column.required else '~'}`"
            remedy = f"Say what {column.name} is in the file: add the line {other}, with ~ where the file has none."
            message = f"the heading '{heading}' otherwise belongs to {column.name}. {remedy}"
            raise draft.fault(("headings", owner.name), message)


def _folded(value: str) -> str:
    return value.strip().casefold()
