"""Reference of the settings: name, default, what is allowed and what it decides, and the file as it is delivered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from pipelines.delivery_settings import DeliverySettings
from pipelines.handbook.markdown import code, heading, page, plain, table
from pipelines.installing import configuration
from pipelines.list_settings import Freeze, ListSettings
from pipelines.settings import Settings

_BOUNDS = {"minimum": "at least", "exclusiveMinimum": "more than", "maximum": "at most"}
_SECTIONS: Mapping[str, type[BaseModel]] = {
    "lists": ListSettings,
    "lists.freezes": Freeze,
    "delivery": DeliverySettings,
}
_INTRO = (
    "They stand in `parley.toml` in the home; a variable `PARLEY_<NAME>` overrules the file. A setting that cannot be meant"
    " stops the run and is named. Generated from `pipelines/settings.py`."
)
_LONGEST = 60


def setting_page() -> str:
    """All settings, those of sections below them, and the whole file with its defaults."""
    sections = [page(heading(2, code(f"[{name}]"), name), _table(section)) for name, section in _SECTIONS.items()]
    # Defaults alone: neither the environment nor a file of whoever builds the pages counts.
    delivered = configuration(Settings.model_construct())
    file = f"## The file as delivered\n\n```toml\n{delivered.strip()}\n```"
    return page("# Settings", _INTRO, _table(Settings), *sections, file)


def _table(section: type[BaseModel]) -> str:
    schema = section.model_json_schema()["properties"]
    fields = ((name, field) for name, field in section.model_fields.items() if name != "home")
    rows = (
        (
            code(name),
            _default(field.get_default(call_default_factory=True), field.is_required()),
            _allowed(schema[name]),
            plain(field.description),
        )
        for name, field in fields
    )
    return table(("Setting", "Default", "Allowed", "What it decides"), rows)


def _default(value: object, is_required: bool) -> str:
    if is_required:
        return "none: must be given"
    if isinstance(value, BaseModel):
        return "see below"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return code(text) if len(text) <= _LONGEST else "see the file below"


def _allowed(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(map(code, schema["enum"]))
    inner = schema.get("additionalProperties")
    of = inner if isinstance(inner, dict) else schema
    return ", ".join(f"{words} {of[key]:g}" for key, words in _BOUNDS.items() if key in of)
