"""Whose record it is, asked of the fields of one record; who is meant is for the caller to know."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipelines.contracts import Column, Contract
from pipelines.person_columns import SEPARATOR, Role, normal, roles

_ROOM = "@RESOURCE.CALENDAR.GOOGLE.COM"


@dataclass(frozen=True)
class Layout:
    """How records of one file are laid out: `positions` of the columns of `contract`, which is None where nobody reads it."""

    contract: Contract | None
    positions: Mapping[str, int]

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """The columns of the contract by name."""
        return {c.name: c for c in self.contract.columns} if self.contract else {}

    @cached_property
    def roles(self) -> Mapping[str, Role]:
        """The columns of the file that name somebody."""
        found = roles(self.contract) if self.contract else {}
        return {name: kind for name, kind in found.items() if name in self.positions}

    def normal(self, text: str, name: str) -> str:
        """An id or address in a column, as `landing` reads it."""
        return normal(text, self.columns[name], self.contract.settings if self.contract else {})

    def values(self, fields: Sequence[str], *kinds: Role) -> dict[str, str]:
        """Ids or addresses in columns of these roles, as `landing` reads them; empty ones left out."""
        found = {name: self.normal(self.raw(fields, name), name) for name, kind in self.roles.items() if kind in kinds}
        return {name: value for name, value in found.items() if value}

    def raw(self, fields: Sequence[str], name: str) -> str:
        """The text of one column; '' where the file has it not."""
        position = self.positions.get(name, len(fields))
        return fields[position].strip() if position < len(fields) else ""


def is_about(fields: Sequence[str], layout: Layout, is_meant: Callable[[str], bool]) -> bool:
    """Whether a record is about somebody of whom an id or address `is_meant`: by an id, or where it has none by an address.

    An appointment of two is about the one who was invited.
    """
    owners = layout.values(fields, "own id") or layout.values(fields, "own address")
    subjects = layout.values(fields, "about id")
    return any(map(is_meant, [*owners.values(), *subjects.values()])) or _is_invited(fields, layout, is_meant)


def _is_invited(fields: Sequence[str], layout: Layout, is_meant: Callable[[str], bool]) -> bool:
    guests = layout.raw(fields, "guest_email").upper() if "guest_email" in layout.roles else ""
    organiser = layout.raw(fields, "organiser_email").upper()
    others = {guest.strip() for guest in guests.split(SEPARATOR)} - {"", organiser}
    invited = [guest for guest in others if not guest.endswith(_ROOM)]
    return len(invited) == 1 and is_meant(invited[0]) and not is_meant(organiser)
