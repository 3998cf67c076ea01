"""Every question the dashboard may put to published data: who may ask it, with which parameters, and how it is answered.

There is no other way to data and no text of a query anywhere: a parameter is only ever compared with a column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import cast

import polars as pl

from dashboards.access import reading
from dashboards.access.decisions import decided, withdrawn
from dashboards.access.denials import ListError, NotAllowedError, ParameterError
from dashboards.access.scopes import Role, Scope
from dashboards.release import LATER_TABLES, TABLES, Release

LIST_DAYS = 30
_MOST_TEXT, _MOST_KEYS = 300, 2000
_ANALYSTS = frozenset({Role.ANALYST, Role.HRBP})
_READERS = _ANALYSTS | {Role.LEADER}
_EVERYBODY_WITH_DATA = _READERS | {Role.ADMIN}
# Tables that say how the night went, without a figure about people.
_OPERATIONS = frozenset({"check_result", "source", "source_file", "quarantine_reason"})
_DEFINITIONS = frozenset({"setting", "metric_definition", "refusal", "refusal_picture"})
# Figures about records and rules instead of people.
_QUALITY = re.compile(r"DQ-\d+")
_QUALITY_CUTS = frozenset({"company", "source_field", "rule"})

Params = Mapping[str, object]
Check = Callable[[object], bool]


class Purpose(StrEnum):
    """Why a viewer opens a list of names; there is no other reason to open one."""

    PREPARE_CONVERSATION = "prepare_conversation"
    REVIEW_LIST = "review_list"
    ANSWER_OBJECTION = "answer_objection"


@dataclass(frozen=True)
class Asked:
    """A question that may be answered: its release, the asker's scope and parameters of their declared kinds."""

    release: Release
    scope: Scope
    params: Params


@dataclass(frozen=True)
class Query:
    """A registered question. One that `names_people` is logged at every call, with the people it shows."""

    id: str
    roles: frozenset[Role]
    params: Mapping[str, Check]
    answer: Callable[[Asked], pl.DataFrame]
    names_people: bool = False

    def check(self, params: Params) -> None:
        """Accept the declared parameters, all of them and each of its kind. Raises ParameterError."""
        for name in sorted(set(params) ^ set(self.params)):
            raise ParameterError(name if name in self.params else "an unknown parameter")
        for name, holds in self.params.items():
            if not holds(params[name]):
                raise ParameterError(name)


def _text(value: object) -> bool:
    # Halves of characters are no text and cannot be compared with one.
    return isinstance(value, str) and len(value) <= _MOST_TEXT and value.encode(errors="ignore").decode() == value


def _word(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[a-z0-9_]{1,60}", value) is not None


def _text_or_none(value: object) -> bool:
    return value is None or _text(value)


def _texts(value: object) -> bool:
    return isinstance(value, tuple) and len(value) <= _MOST_KEYS and all(_text(item) for item in value)


def _purpose(value: object) -> bool:
    return isinstance(value, str) and value in list(Purpose)


def _reference(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_-]{8,64}", value) is not None


def _table(name: str, asked: Asked) -> pl.DataFrame:
    rows = reading.table(str(asked.release.folder), name)
    if name != "cut_group" or asked.scope.sees_company:
        return rows
    if asked.scope.role is Role.ADMIN:
        return rows.filter(pl.col("cut") == "rule")
    within = ~pl.col("cut").is_in(["company", "org_unit"]) | pl.col("group_key").is_in(asked.scope.units)
    return rows.filter(within)


def _metric(asked: Asked) -> pl.DataFrame:
    ids, keys = cast("tuple[str, ...]", asked.params["ids"]), cast("tuple[str, ...]", asked.params["keys"])
    cut, second = str(asked.params["cut"]), cast("str | None", asked.params["second"])
    about_records = all(_QUALITY.fullmatch(i) for i in ids) and cut in _QUALITY_CUTS
    if not (asked.scope.role is Role.ADMIN and about_records) and not asked.scope.covers(cut, keys):
        raise NotAllowedError
    return reading.figures(str(asked.release.folder), ids, cut, keys, second)


def _company(asked: Asked) -> pl.DataFrame:
    return reading.company(str(asked.release.folder))


def _keys(asked: Asked) -> pl.DataFrame:
    # Career stages are the same everywhere; the keys of other groups name parts of the organisation.
    if not asked.scope.sees_company and asked.params["cut"] != "career_stage":
        raise NotAllowedError
    return reading.keys(str(asked.release.folder), str(asked.params["cut"]))


def _list(asked: Asked) -> pl.DataFrame:
    rows = reading.entries(asked.release.folder, asked.scope.viewer_key)
    oldest = datetime.now(UTC).date() - timedelta(days=LIST_DAYS)
    if rows.height and rows["data_date"].min() < oldest:  # type: ignore[operator]
        raise ListError(f"it is older than {LIST_DAYS} days")
    # What was decided since the list was made counts at once where it takes somebody off; not to know it stops reviewers too.
    off = withdrawn()
    return rows.filter(~pl.col("worker_ref").is_in(list(off))) if asked.scope.role is Role.LEADER else rows


def _recipients(asked: Asked) -> pl.DataFrame:
    decided()
    return reading.reviewed(asked.release.folder, asked.scope.viewer_key)


def _entry(asked: Asked) -> pl.DataFrame:
    rows = _list(asked).filter(pl.col("worker_ref") == asked.params["worker_ref"])
    # Somebody outside the list and somebody who does not exist are told alike.
    if rows.height != 1:
        raise NotAllowedError
    return rows


def _roles_of(table: str) -> frozenset[Role]:
    return _EVERYBODY_WITH_DATA if table in _OPERATIONS | _DEFINITIONS | {"cut_group"} else _ANALYSTS


_NAMES = {"purpose": _purpose}
REGISTRY: Mapping[str, Query] = {
    query.id: query
    for query in (
        *(Query(f"table.{name}", _roles_of(name), {}, partial(_table, name)) for name in (*TABLES, *LATER_TABLES)),
        Query(
            "metric",
            _EVERYBODY_WITH_DATA,
            {"ids": _texts, "cut": _word, "keys": _texts, "second": _text_or_none},
            _metric,
        ),
        Query("company", _ANALYSTS, {}, _company),
        Query("keys", _READERS, {"cut": _word}, _keys),
        Query("my_list", frozenset({Role.LEADER}), _NAMES, _list, names_people=True),
        Query("review_list", frozenset({Role.HRBP}), _NAMES, _list, names_people=True),
        Query("review_recipients", frozenset({Role.HRBP}), _NAMES, _recipients, names_people=True),
        Query(
            "list_entry",
            frozenset({Role.LEADER, Role.HRBP}),
            _NAMES | {"worker_ref": _reference},
            _entry,
            names_people=True,
        ),
    )
}


def registered(query_id: str) -> Query:
    """The query of that id. Raises ParameterError for any other text."""
    if query_id not in REGISTRY:
        raise ParameterError("an unknown query")
    return REGISTRY[query_id]
