"""YAML as a person who is no programmer means it: every value is text, no key stands twice, every value has a line.

What the keys mean does not belong here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"
Place: TypeAlias = tuple[str, ...]

_NULL = "tag:yaml.org,2002:null"
# Deep enough for every file of the project; an alias that contains itself has no end.
_DEPTH = 8


class YamlError(ValueError):
    """The text is no YAML, or has a key twice; the message ends in the remedy, `line` counts from 1 (0: unknown)."""

    def __init__(self, line: int, message: str) -> None:
        """`message` does not repeat the line."""
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Document:
    """`content` without types: text, None (written ``~`` or left empty), lists and mappings; `lines` by place of value."""

    content: Value
    lines: Mapping[Place, int] = field(default_factory=dict)


def parse(text: str) -> Document:
    """Read one YAML document; No, 04 and 2026-06-30 stay the text they are. Raises YamlError."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        remedy = 'Indent with blanks, and put text with a colon, # or quotation mark into "double quotes".'
        raise YamlError(line, f"not valid YAML ({error.problem}). {remedy}") from None
    except (yaml.YAMLError, RecursionError):
        raise YamlError(
            0, "not valid YAML (it has characters or nesting that cannot be read). Write it anew."
        ) from None
    lines: dict[Place, int] = {}
    return Document(None if node is None else _value(node, (), lines), lines)


def _value(node: yaml.Node, place: Place, lines: dict[Place, int]) -> Value:
    line = node.start_mark.line + 1
    lines[place] = line
    if len(place) > _DEPTH:
        raise YamlError(line, "the entries are nested too deeply. Indent them as in the documentation.")
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*place, str(i)), lines) for i, item in enumerate(node.value, start=1)]
    return None if node.tag == _NULL else str(node.value)


def _mapping(node: yaml.MappingNode, place: Place, lines: dict[Place, int]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise YamlError(line, "a list or mapping stands where a name should. Write the name before the colon.")
        if key.value in found:
            raise YamlError(line, f"'{key.value}' stands here for the second time. Keep only one of the lines.")
        found[key.value] = _value(value, (*place, key.value), lines)
        lines[(*place, key.value)] = line
    return found
