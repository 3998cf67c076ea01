"""The protocol of an emulated trial: the file that decides its numbers, read strictly and told to the SQL.

After Hernán and Robins 2016 (specification of the target trial). How anything is estimated does not belong here.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

import duckdb
import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, Field

from pipelines.paths import CONTRACTS

FOLDER = CONTRACTS / "protocols"
_Days = Annotated[int, Field(gt=0)]
_Share = Annotated[float, Field(gt=0, lt=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Told(_Part):
    text: str = Field(min_length=1)


class Eligibility(_Told):
    """Who enters a trial: `days_without_conversation` before it, and days of recording before anything is believed."""

    days_without_conversation: _Days
    washout_days: _Days


class TimeZero(_Told):
    """When trials begin: on the first of each of the last `window_months` complete months."""

    window_months: _Days


class Strategy(_Part):
    """What everybody would do; without `every_months` what they did."""

    name: str
    every_months: int | None = Field(default=None, ge=1, le=12)


class Arms(_Told):
    """What is compared: strategies that go on, and a conversation within `grace_days` or none."""

    grace_days: int = Field(gt=31, le=62)
    strategies: tuple[Strategy, ...] = Field(min_length=2)


class Outcome(_Told):
    """What is waited for, and for how many months."""

    horizon_months: int = Field(ge=3, le=24)


class Estimator(_Told):
    """How weights are cut, and how many samples of managers an interval rests on."""

    weights_cut_at: _Share
    replicates: int = Field(ge=50)
    seed: int


class Refusal(_Told):
    """When no figure is told: weighted people worth fewer than `effective_sample`, or a weight above `largest_weight`;

    too early where `detectable_ratio` is not seen with `power` in a two-sided test at `significance`.
    """

    effective_sample: float = Field(gt=0)
    largest_weight: float = Field(gt=1)
    power: _Share
    significance: _Share
    detectable_ratio: _Share


class Protocol(_Part):
    """One protocol; its parts in the order in which they are read."""

    id: str
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    question: str
    eligibility: Eligibility
    time_zero: TimeZero
    arms: Arms
    outcome: Outcome
    censoring: _Told
    estimator: Estimator
    negative_control: _Told
    refusal: Refusal

    @property
    def reference(self) -> str:
        """Name and version, as every row names what decided it."""
        return f"{self.id} {self.version}"

    def parts(self) -> list[tuple[str, str]]:
        """Name and text of every part a reader is told, the question first."""
        told = [(name, part.text) for name in type(self).model_fields if isinstance(part := getattr(self, name), _Told)]
        return [("question", self.question), *told]


def load(path: Path) -> Protocol:
    """Read a protocol file. Raises pydantic.ValidationError where a part is missing, unknown or out of range."""
    return Protocol.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@cache
def talking_and_leaving() -> Protocol:
    """The protocol in force of conversations and leaving by choice."""
    return load(FOLDER / "talking_and_leaving.yaml")


def write(con: duckdb.DuckDBPyConnection, protocol: Protocol) -> None:
    """Create ``raw.trial_protocol``, one row: the numbers of `protocol` that the SELECTs of the trials need."""
    row = pl.DataFrame(
        {
            "days_without_conversation": [protocol.eligibility.days_without_conversation],
            "washout_days": [protocol.eligibility.washout_days],
            "window_months": [protocol.time_zero.window_months],
            "grace_days": [protocol.arms.grace_days],
            "horizon_months": [protocol.outcome.horizon_months],
            "weights_cut_at": [protocol.estimator.weights_cut_at],
        },
        # A date plus a 32-bit number is a date in every engine.
        schema_overrides=dict.fromkeys(
            ["days_without_conversation", "washout_days", "window_months", "grace_days", "horizon_months"], pl.Int32
        ),
    )
    con.execute("CREATE SCHEMA IF NOT EXISTS raw")
    con.register("incoming", row)
    con.execute("CREATE OR REPLACE TABLE raw.trial_protocol AS SELECT * FROM incoming")
    con.unregister("incoming")
