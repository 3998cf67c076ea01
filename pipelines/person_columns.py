"""Which columns of a source say whose record it is, and which only mention somebody; what is done about it belongs elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pipelines.contracts import Column, Contract

Role = Literal["own id", "about id", "own address", "own name", "other id", "other address", "other name", "none"]
# Somebody beside the one the record is about.
_OTHERS = ("manager_", "partner_", "organiser_", "guest_", "assessing_", "head_")
_ADDRESS = "email"
_NAMES = ("display_name", "employee_name", "preferred_name", "first_name", "middle_name", "last_name", "name")
_OTHER_NAMES = ("manager_name", "assessing_manager")
# Ids that are told by nothing but their name: they are no ids of workers in every installation.
_IDS = ("person_id", "viewer_id", "id_raw")
# Whom a record is about beside the one who made it: no other id of theirs.
_SUBJECTS = ("about_id",)
# Several addresses in one field.
_LISTS = ("guest_email",)
SEPARATOR = ";"
UNKNOWN = "unknown"


def role(column: Column) -> Role:
    """What a column of a source says of a person. Facts about somebody, such as a birth date, name nobody: "none"."""
    is_other = column.name.startswith(_OTHERS)
    if column.classification != "restricted":
        return "none"
    if column.options.get("identifies") == "worker" or column.name in _IDS:
        return "other id" if is_other else "about id" if column.name in _SUBJECTS else "own id"
    if column.name.endswith(_ADDRESS):
        return "other address" if is_other else "own address"
    if column.name in _OTHER_NAMES:
        return "other name"
    return "own name" if column.name in _NAMES else "none"


def roles(contract: Contract) -> dict[str, Role]:
    """The columns of a source that name somebody, each with its role."""
    found = {column.name: role(column) for column in contract.columns}
    return {name: kind for name, kind in found.items() if kind != "none"}


def is_list(name: str) -> bool:
    """Whether a column holds several addresses."""
    return name in _LISTS


def replacement(column: Column) -> str:
    """What stands in place of a person who was erased in the record of another: nothing, or a word where something must.

    In a list the place is kept, as three people less one would pass for a conversation of two.
    """
    return UNKNOWN if column.required or column.name.startswith(("organiser_", *_LISTS)) else ""


def normal(text: str, column: Column, settings: Mapping[str, Any]) -> str:
    """An id or address as `landing` reads it: in capitals, without the source's prefix, in full width and id space."""
    found = text.strip(" \t\r\n\u00a0\u2007\u202f\u3000")
    if not found or "@" in found or not column.options.get("identifies"):
        return found.upper()
    prefix, width = str(settings.get("idPrefix", "")), int(settings.get("idWidth", 0))
    if prefix and found.lower().startswith(prefix.lower()) and len(found) > len(prefix):
        found = found[len(prefix) :]
    if width and found.isascii() and found.isdigit():
        found = found.zfill(width)
    return f"{settings.get('idSpace', '')}{found}".upper()
