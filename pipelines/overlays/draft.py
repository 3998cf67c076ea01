"""The content of one overlay file while it is checked: its parts, and errors that name file, line and remedy."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pipelines.overlays.plain_yaml import Document, Place, Value


class OverlayError(ValueError):
    """An overlay cannot be used; the message names file, place and remedy."""


@dataclass(frozen=True)
class Draft:
    """An overlay file of the name `file`; places are keys from the top level downwards."""

    file: str
    document: Document

    def fault(self, place: Place, message: str) -> OverlayError:
        """An error at a place of the file."""
        line = self.document.lines.get(place) or self.document.lines.get(place[:-1])
        where = f", line {line}" if line else ""
        at = f" ({' / '.join(place)})" if place else ""
        return OverlayError(f"{self.file}{where}{at}: {message}")

    def refuse_unknown(self, place: Place, names: Collection[str]) -> None:
        """Raise OverlayError where the last part of `place` is none of `names`."""
        if place[-1] not in names:
            raise self.fault(place, f"'{place[-1]}' is not known here. Known are {', '.join(names)}.")

    def top(self, key: str) -> Value:
        """What stands at a key of the top level; None where nothing does."""
        content = self.document.content
        return content.get(key) if isinstance(content, dict) else None

    def part(self, key: str) -> dict[str, Value]:
        """The mapping below a key of the top level; empty where the key is missing or has nothing below it."""
        found = self.top(key)
        if found is None:
            return {}
        if not isinstance(found, dict):
            raise self.fault((key,), "lines of the form `name: value` must stand below it. Indent them by two blanks.")
        return found

    def texts(self, place: Place, value: Value) -> tuple[str, ...]:
        """One text or a list of texts, none of them empty."""
        found = value if isinstance(value, list) else [value]
        texts = tuple(text for text in found if isinstance(text, str) and text.strip())
        if not texts or len(texts) < len(found):
            raise self.fault(place, "a text is missing. Write one text, or several as [first, second].")
        return texts
