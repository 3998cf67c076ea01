"""Markdown of the reference pages: declared text made safe, tables, headings that keep their address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_MARKUP = re.compile(r"([\\`*\[\]|<>])")
_NO_ADDRESS = re.compile(r"[^a-z0-9_]+")


def plain(text: object) -> str:
    """Text that means itself on a page and within a cell of a table: one line, no markup."""
    return _MARKUP.sub(lambda found: f"&#{ord(found[1])};", " ".join(str(text).split()))


def code(text: str) -> str:
    """Text in the type of code, as it stands; empty for none."""
    return f"`{text}`".replace("|", "\\|") if text else ""


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already; empty where there is no row."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    rule = f"|{' --- |' * len(headings)}"
    return "\n".join([f"| {' | '.join(headings)} |", rule, *lines]) + "\n" if lines else ""


def address(name: str) -> str:
    """The part of a link behind the ``#`` for the heading of this name: RCY-03 has ``rcy-03``."""
    return _NO_ADDRESS.sub("-", name.casefold()).strip("-")


def heading(level: int, text: str, name: str) -> str:
    """A heading whose address follows from `name` and stays when its words change."""
    return f"{'#' * level} {text} {{ #{address(name)} }}\n"


def page(*parts: str) -> str:
    """Parts with an empty line between them; empty ones are left out."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"
