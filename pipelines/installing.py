"""What a new installation is given: folders, a configuration to edit, a secret, and empty templates to fill in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import xlsxwriter
from pydantic import BaseModel

from pipelines.contracts import Contract
from pipelines.identity import secret
from pipelines.settings import CONFIG_NAME, Settings

DOMAINS = ("hris", "conversations", "surveys", "outcomes")
_README = """\
Drop exports here, each into the folder of its system, with the date of the export in its name:

    landing/hris/workday/workers_20261031.csv

`parley check FILE` says how a file will be read, and writes nothing. Files here are never changed by a run.
Empty templates for systems that are not supported are in ../templates: fill them in, add the date to the name, and
put them into landing/<hris, conversations, surveys or outcomes>/parley/.
"""


def install(settings: Settings, contracts: Iterable[Contract]) -> list[Path]:
    """Create what is missing in `settings.home` and return the files written; nothing that exists is touched."""
    sources = [c for c in contracts if c.layer == "sources" and "landing" in c.settings]
    for source in sources:
        (settings.landing / str(source.settings["landing"])).mkdir(parents=True, exist_ok=True)
    written = [
        *_text(settings.landing / "README.txt", _README),
        *_text(settings.home / CONFIG_NAME, configuration(settings)),
    ]
    if not settings.identity_key.exists():
        secret(settings.identity_key)
        written.append(settings.identity_key)
    for source in (s for s in sources if s.vendor == "parley"):
        written.extend(_templates(settings.home / "templates", source))
    return written


def configuration(settings: Settings) -> str:
    """The configuration file: every setting with its meaning, the defaults commented out."""
    lines = ["# Settings of this installation. Remove the # in front of a line to change it."]
    for name, info in type(settings).model_fields.items():
        if name == "home":
            continue
        value = getattr(settings, name)
        is_default = value == info.get_default(call_default_factory=True)
        lines.append(f"\n# {info.description}")
        lines.append(f"{'# ' if is_default else ''}{name} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def _templates(folder: Path, source: Contract) -> list[Path]:
    entity = source.id.removeprefix("parley__")
    headings = [column.headers[0] for column in source.columns]
    written = _text(folder / f"{entity}.csv", ",".join(headings) + "\n")
    path = folder / f"{entity}.xlsx"
    if not path.exists():
        with xlsxwriter.Workbook(str(path)) as book:
            bold = book.add_format({"bold": True})
            sheet, words = book.add_worksheet(entity[:31]), book.add_worksheet("Explanations")
            text = book.add_format({"num_format": "@"})
            sheet.set_column(0, len(headings), 18, text)
            sheet.write_row(0, 0, headings, bold)
            words.write_row(0, 0, ["Column", "Required", "Kind", "Allowed values", "Meaning"], bold)
            for row, c in enumerate(source.columns, start=1):
                words.write_row(
                    row, 0, [c.name, "yes" if c.required else "", c.kind, ", ".join(c.valid_values), c.description]
                )
        written.append(path)
    return written


def _text(path: Path, content: str) -> list[Path]:
    if path.exists():
        return []
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return [path]


def _toml(value: object) -> str:
    if isinstance(value, BaseModel):
        return _toml(value.model_dump(mode="json", exclude_defaults=True))
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    # A JSON string is a TOML string, quotes and all.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
