"""What must be settled before leaders may be given names, and when they may not; without it no list is made."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

_FEWEST = 5


class Freeze(BaseModel):
    """A redundancy, appraisal or pay round: nobody is given names of people in `unit` or below on these days, both included."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unit: str = Field(min_length=1, description="Org unit, as in the exports; everything below it is meant too")
    first_day: date = Field(description="First day of the round")
    last_day: date = Field(description="Last day of the round")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.last_day < self.first_day:
            raise ValueError(f"the freeze of {self.unit} ends before it begins. Exchange first_day and last_day.")
        return self


class ListSettings(BaseModel):
    """Section ``[lists]`` of parley.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    notice_id: str = Field(default="", description="Reference of the notice given to employees")
    dpia_id: str = Field(default="", description="Reference of the data protection impact assessment")
    owner: str = Field(default="", description="Who answers for the lists")
    cap: int = Field(default=7, ge=1, le=20, description="Most people on the list of one leader")
    smallest_line: int = Field(default=_FEWEST, ge=_FEWEST, description="A leader of fewer people gets no list")
    freezes: tuple[Freeze, ...] = Field(default=(), description="Rounds during which no names are given")

    @property
    def refusal(self) -> str:
        """Why no list may be made, with the remedy; empty where all is settled."""
        missing = [name for name in ("notice_id", "dpia_id", "owner") if not getattr(self, name).strip()]
        if not missing:
            return ""
        return (
            f"No lists are made: {', '.join(missing)} missing under [lists] in parley.toml. Give people notice, assess the"
            " impact, name an owner, and write down the references."
        )
