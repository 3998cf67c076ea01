"""What becomes of one record: it goes with its person, or it stays and loses the mention; how it is stored is no matter here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.erasing.person import Person, without, words
from pipelines.person_columns import SEPARATOR, UNKNOWN, is_list, replacement
from pipelines.person_records import Layout, is_about

_CONVERSATION_IDS = ("record_id", "conversation_id")
_DEPENDS_ON_CONVERSATION = "parley__action"
# A shorter text is too likely to be something else where nothing says that it is an id.
_LEAST_FORM = 4


@dataclass(frozen=True)
class Decision:
    """`is_theirs`: the whole record goes. Else `cells` has the new text of fields, by position, that mentioned them."""

    is_theirs: bool
    cells: Mapping[int, str] = field(default_factory=dict)


def decide(fields: Sequence[str], layout: Layout, person: Person, conversations: Collection[str] = ()) -> Decision:
    """What becomes of a record. `conversations` are those that go, each as source:id, with what depends on them.

    A record nobody reads goes as soon as it mentions the person: nothing says whose it is.
    """
    if not _depends(fields, layout, conversations) and not person.may_be_in("\n".join(fields)):
        return Decision(False)
    if layout.contract is None:
        forms = {form.casefold() for form in person.forms if len(form) >= _LEAST_FORM}
        is_named = any(text.strip().casefold() in forms for text in fields)
        return Decision(is_named or bool(person.in_loose_text.search("\n".join(fields))))
    if is_about(fields, layout, person.marks.__contains__) or _depends(fields, layout, conversations):
        return Decision(True)
    return Decision(False, _mentions(fields, layout, person))


def conversation_keys(fields: Sequence[str], layout: Layout) -> list[str]:
    """The conversation that a record of a log is of, as source:id."""
    if layout.contract is None or "captures" not in layout.contract.settings:
        return []
    found = (layout.raw(fields, name) for name in _CONVERSATION_IDS)
    return [f"{layout.contract.vendor}:{value}" for value in found if value]


def known_by(fields: Sequence[str], layout: Layout) -> Person:
    """What a record says its own person goes by."""
    marks = layout.values(fields, "own id", "own address")
    ids = {name: value for name, value in marks.items() if "@" not in value}
    return Person(
        ids=frozenset(ids.values()),
        addresses=frozenset(marks.values()) - frozenset(ids.values()),
        forms=frozenset([*(layout.raw(fields, name) for name in ids), *ids.values()]),
        names=frozenset(filter(None, map(words, _names(fields, layout)))),
    )


def _names(fields: Sequence[str], layout: Layout) -> list[str]:
    told = {name: layout.raw(fields, name) for name, kind in layout.roles.items() if kind == "own name"}
    last, middle = told.get("last_name", ""), told.get("middle_name", "")
    firsts = [told[name] for name in ("first_name", "preferred_name") if told.get(name) and last]
    whole = [told[name] for name in ("display_name", "employee_name", "name", "preferred_name") if told.get(name)]
    # A preferred first name beside a last name is no name for itself.
    whole = [name for name in whole if not last or len(words(name)) > 1]
    return [*whole, *(f"{first} {last}" for first in firsts), *(f"{f} {middle} {last}" for f in firsts if middle)]


def _depends(fields: Sequence[str], layout: Layout, conversations: Collection[str]) -> bool:
    if layout.contract is None or layout.contract.id != _DEPENDS_ON_CONVERSATION:
        return False
    source = layout.raw(fields, "source_system").lower() or layout.contract.vendor
    return f"{source}:{layout.raw(fields, 'conversation_id')}" in conversations


def _mentions(fields: Sequence[str], layout: Layout, person: Person) -> dict[int, str]:
    named = {position: name for name, position in layout.positions.items()}
    is_survey = layout.contract is not None and "answers" in layout.contract.settings
    found: dict[int, str] = {}
    for position, text in enumerate(fields):
        name = named.get(position, "")
        kind = layout.roles.get(name, "none")
        if kind.startswith(("own", "about")):
            # Another person of the same name, or one who was given the address, keeps what is theirs.
            continue
        if kind != "none":
            new = _reference(text, name, fields, layout, person)
        else:
            new = without(person.in_text if name or is_survey else person.in_loose_text, text)
        if new != text:
            found[position] = new
    return found


def _reference(text: str, name: str, fields: Sequence[str], layout: Layout, person: Person) -> str:
    column = layout.columns[name]
    if is_list(name):
        parts = text.split(SEPARATOR)
        return SEPARATOR.join(UNKNOWN if part.strip().upper() in person.marks else part for part in parts)
    if layout.roles[name] == "other name":
        others = layout.values(fields, "other id", "other address").values()
        is_somebody_else = bool(others) and not any(value in person.marks for value in others)
        return text if is_somebody_else or not person.as_name.search(text) else replacement(column)
    return replacement(column) if layout.normal(text, name) in person.marks else without(person.in_text, text)
