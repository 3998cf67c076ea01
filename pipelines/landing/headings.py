"""Which column of a contract each heading of a file belongs to; exact after tidying, never by resemblance."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import translate

from pipelines.contracts import Column, Contract, heading_key


@dataclass(frozen=True)
class Claims:
    """`positions` is column name to 0-based field; `extra` are the fields with a heading that no column claims."""

    positions: Mapping[str, int]
    extra: tuple[int, ...]
    missing: tuple[Column, ...]
    repeated: tuple[str, ...]
    contested: Mapping[str, tuple[str, ...]]

    @property
    def is_sound(self) -> bool:
        """Whether a file with these headings may be read."""
        return not (self.missing or self.repeated or self.contested)

    def fault(self, names: Sequence[str]) -> str:
        """What is wrong with the headings `names` and the remedy, in words; empty where they are sound."""
        found = ", ".join(f"'{name.strip()}'" for name in names[:40] if name.strip()) or "none"
        if self.repeated:
            some = _listed(self.repeated[:5]) + (" and others" if len(self.repeated) > 5 else "")
            return f"More than one column has the heading {some}. Give each its own heading and export again."
        if self.contested:
            column, rivals = next(iter(self.contested.items()))
            return f"The headings {_listed(rivals)} are all names of one column ({column}). Export only one of them."
        if self.missing:
            wanted = _listed([column.headers[0] for column in self.missing])
            remedy = "Add the column to the export, or its heading to the contract."
            # What stands there may be the first record of a file without headings: values are never repeated.
            seen = f"Headings found: {found}" if self.positions else "None of the headings found is known"
            return f"Missing column {wanted}. {seen}. {remedy}"
        return ""


class Vocabulary:
    """The headings, tidied, that the columns of a contract go by; a heading with * stands for whatever is in its place."""

    def __init__(self, contract: Contract) -> None:
        """Where several patterns fit a heading, the longest of them decides."""
        owned = [(heading_key(header), column.name) for column in contract.columns for header in column.headers]
        self._exact = {header: name for header, name in owned if "*" not in header}
        wild = sorted((entry for entry in owned if "*" in entry[0]), key=lambda entry: -len(entry[0]))
        self._wild = [(_form(header), name) for header, name in wild]

    def owner(self, heading: str) -> str | None:
        """Name of the column that the tidied `heading` belongs to."""
        return self._exact.get(heading) or next((name for form, name in self._wild if form.match(heading)), None)

    def is_exact(self, heading: str) -> bool:
        """Whether the tidied `heading` is known letter by letter."""
        return heading in self._exact

    def __contains__(self, heading: object) -> bool:
        """Whether the tidied `heading` belongs to some column."""
        return isinstance(heading, str) and self.owner(heading) is not None


def expected(contract: Contract) -> Vocabulary:
    """All headings that some column of the contract goes by."""
    return Vocabulary(contract)


def claim(names: Sequence[str], contract: Contract) -> Claims:
    """Give the fields headed `names` to the columns of `contract`.

    A heading may stand only once, except over the answers of a survey: matrix questions repeat theirs. A column takes
    a heading that only a pattern fits where none of its headings is there letter by letter.
    """
    may_repeat = "answers" in contract.settings
    tidied = [heading_key(name) for name in names]
    fields = _fields(tidied, expected(contract))
    owned = {position for found in fields.values() for position in found}
    known = {tidied[position] for position in owned}
    return Claims(
        positions={column: found[0] for column, found in fields.items()},
        extra=tuple(i for i, name in enumerate(tidied) if name and i not in owned),
        missing=tuple(c for c in contract.columns if c.name not in fields and not c.options.get("optional")),
        repeated=tuple(
            name for name, times in Counter(tidied).items() if name and times > 1 and (name in known or not may_repeat)
        ),
        contested={
            column: tuple(names[i].strip() for i in found)
            for column, found in fields.items()
            if len({tidied[i] for i in found}) > 1
        },
    )


def filled(headings: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Two heading rows of which the first names a group only over its leftmost column, with every column named.

    The columns of a group are called "group - label", the label being that of the second row; a column alone keeps its
    name. Both rows then say the same.
    """
    width = max(map(len, headings), default=0)
    groups, labels = ([*map(_plain, row), *[""] * (width - len(row))] for row in (*headings, (), ())[:2])
    named: list[str] = []
    group = ""
    for position, label in enumerate(labels):
        group = groups[position] or group
        leads = position + 1 < width and not groups[position + 1] and bool(labels[position + 1])
        in_group = bool(label) and (leads or not groups[position])
        named.append(f"{group} - {label}" if in_group else groups[position])
    return tuple(named), tuple(named)


def _form(header: str) -> re.Pattern[str]:
    """Only * is special. Translated by the library for shell patterns, whose matching does not explode with the stars."""
    return re.compile(translate(header.replace("[", "[[]").replace("?", "[?]")))


def _plain(heading: str) -> str:
    return " ".join(heading.replace("\ufeff", "").split())


def _fields(tidied: Sequence[str], vocabulary: Vocabulary) -> dict[str, list[int]]:
    """Positions of the headings each column owns: those it knows letter by letter, else those a pattern of it fits."""
    exact: dict[str, list[int]] = {}
    fitting: dict[str, list[int]] = {}
    for position, name in enumerate(tidied):
        owner = vocabulary.owner(name) if name else None
        if owner is not None:
            (exact if vocabulary.is_exact(name) else fitting).setdefault(owner, []).append(position)
    return {**fitting, **exact}


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
