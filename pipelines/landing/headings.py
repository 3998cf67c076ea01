"""Which column of a contract each heading of a file belongs to; exact after tidying, never by resemblance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.contracts import Column, Contract


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
            return f"Missing column {wanted}. Headings found: {found}. {remedy}"
        return ""


def tidy(heading: str) -> str:
    """A heading as it is compared: byte order mark, outer and repeated blanks (of every kind) and case do not count."""
    return " ".join(heading.replace("\ufeff", "").split()).casefold()


def expected(contract: Contract) -> frozenset[str]:
    """All headings, tidied, that some column of the contract goes by."""
    return frozenset(tidy(header) for column in contract.columns for header in column.headers)


def claim(names: Sequence[str], contract: Contract) -> Claims:
    """Give the fields headed `names` to the columns of `contract`.

    A heading may stand only once, except over the answers of a survey: matrix questions repeat theirs.
    """
    may_repeat = "answers" in contract.settings
    tidied = [tidy(name) for name in names]
    owner = {tidy(header): column.name for column in contract.columns for header in column.headers}
    fields: dict[str, list[int]] = {}
    for position, name in enumerate(tidied):
        if name in owner:
            fields.setdefault(owner[name], []).append(position)
    return Claims(
        positions={column: found[0] for column, found in fields.items()},
        extra=tuple(i for i, name in enumerate(tidied) if name and name not in owner),
        missing=tuple(c for c in contract.columns if c.name not in fields and not c.options.get("optional")),
        repeated=tuple(
            name for name, times in Counter(tidied).items() if name and times > 1 and (name in owner or not may_repeat)
        ),
        contested={
            column: tuple(names[i].strip() for i in found)
            for column, found in fields.items()
            if len({tidied[i] for i in found}) > 1
        },
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
