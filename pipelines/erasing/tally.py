"""How much of a person a file held, and what is left of it."""

from __future__ import annotations

from dataclasses import dataclass


class NotRewritableError(ValueError):
    """The file cannot be written again without what has to go; the message says why."""


@dataclass
class Tally:
    """`records` that go, `mentions` emptied in records that stay, `kept` data records that are left."""

    records: int = 0
    mentions: int = 0
    kept: int = 0

    @property
    def is_touched(self) -> bool:
        """Whether the file held anything of the person."""
        return bool(self.records or self.mentions)

    @property
    def is_empty(self) -> bool:
        """Whether nothing but headings would be left, which no run would read."""
        return self.records > 0 and self.kept == 0
