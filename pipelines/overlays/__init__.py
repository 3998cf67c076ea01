"""Overlays: what is different in this organisation's files of a declared source, as files that an analyst edits.

An overlay never changes what a table means or must satisfy: only under which headings, in which format and with which
spellings its columns are delivered. Which file is read with which overlay is the business of `landing`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipelines.contracts import Contract
from pipelines.overlays.columns import dressed
from pipelines.overlays.draft import Draft, OverlayError
from pipelines.overlays.plain_yaml import YamlError, parse
from pipelines.overlays.settings import SETTINGS, setting

__all__ = ["ENDING", "Overlay", "OverlayError", "load_overlay", "load_overlays", "overlay_name"]

ENDING = ".overlay.yaml"
AREAS = ("hris", "conversations", "surveys", "outcomes")
_KEYS = ("of", "landing", "files", "headings", "formats", "values", "settings")
_NAME = re.compile("[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class Overlay:
    """Files in the folder `landing` with names like `files` are read with `contract`: that of `of`, as changed here."""

    name: str
    of: str
    landing: str
    files: tuple[str, ...]
    contract: Contract


def load_overlays(folder: Path, contracts: Mapping[str, Contract]) -> dict[str, Overlay]:
    """The overlays in `folder` by name; none where there is no such folder. Raises OverlayError."""
    found = (load_overlay(path, contracts) for path in sorted(folder.glob(f"*{ENDING}")))
    return {overlay.name: overlay for overlay in found}


def load_overlay(path: Path, contracts: Mapping[str, Contract]) -> Overlay:
    """Read one overlay strictly and apply it to its source. Raises OverlayError, OSError where it cannot be opened."""
    name = overlay_name(path.name)
    draft = _draft(path)
    contract = apply(_source(draft, contracts), draft)
    files = contract.settings.get("files", ["*"])
    return Overlay(name, contract.id, str(contract.settings["landing"]), tuple(map(str, files)), contract)


def apply(contract: Contract, draft: Draft) -> Contract:
    """The contract as the overlay has it: id, table, rules and checks stay. Raises OverlayError."""
    settings = {**contract.settings, **_place(draft)}
    for name, value in draft.part("settings").items():
        place = ("settings", name)
        draft.refuse_unknown(place, SETTINGS)
        try:
            settings[name] = setting(name, value)
        except ValueError as error:
            raise draft.fault(place, str(error)) from None
    columns = dressed(contract.columns, draft, settings.pop("pivot", None))
    return replace(contract, columns=columns, settings=settings)


def overlay_name(file: str) -> str:
    """The name of the overlay in a file of this name. Raises OverlayError where it is no name."""
    name = file.removesuffix(ENDING)
    if not _NAME.fullmatch(name):
        remedy = "Use small letters, digits, _ and -, for example acme_staff."
        raise OverlayError(f"{file}: '{name}' cannot be the name of an overlay. {remedy}")
    return name


def _draft(path: Path) -> Draft:
    try:
        document = parse(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise OverlayError(f"{path.name}: the file is not in UTF-8. Save it again with the encoding UTF-8.") from None
    except YamlError as error:
        where = f", line {error.line}" if error.line else ""
        raise OverlayError(f"{path.name}{where}: {error}") from None
    draft = Draft(path.name, document)
    if not isinstance(document.content, dict):
        raise draft.fault((), "this is no overlay. Its first line says of which source, as in `of: workday__worker`.")
    for key in document.content:
        draft.refuse_unknown((key,), _KEYS)
    return draft


def _source(draft: Draft, contracts: Mapping[str, Contract]) -> Contract:
    of = draft.top("of")
    known = [c.id for c in contracts.values() if c.layer == "sources" and c.settings.get("landing")]
    if not isinstance(of, str):
        raise draft.fault(("of",), f"the name of the source is missing. Write one of {', '.join(known)}.")
    if of not in known:
        raise draft.fault(("of",), f"'{of}' is no source. Write one of {', '.join(known)}.")
    return contracts[of]


def _place(draft: Draft) -> dict[str, Any]:
    """The folder and the names of files, as far as the overlay has its own."""
    found: dict[str, Any] = {}
    if draft.top("landing") is not None:
        landing = draft.texts(("landing",), draft.top("landing"))[0].strip("/")
        parts = landing.split("/")
        if parts[0] not in AREAS or ".." in parts:
            remedy = f"Begin with {', '.join(AREAS[:-1])} or {AREAS[-1]}, as in hris/workday."
            raise draft.fault(("landing",), f"'{landing}' is no folder for exports. {remedy}")
        found["landing"] = landing
    if draft.top("files") is not None:
        found["files"] = list(draft.texts(("files",), draft.top("files")))
    return found
