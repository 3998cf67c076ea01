"""What an installation decides: where its data lives, its targets and thresholds.

Read from parley.toml in the home folder; PARLEY_… variables overrule it.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from pipelines.career_stages import STAGE_SUPPORT, STAGES, SUPPORT_TYPES
from pipelines.delivery_settings import DeliverySettings
from pipelines.list_settings import ListSettings

FLOOR = 5
TargetDays = Annotated[int, Field(ge=30, le=730)]
CONFIG_NAME = "parley.toml"


class Settings(BaseSettings):
    """Settings of one installation; `home` holds its landing folder, warehouse, published releases and configuration."""

    model_config = SettingsConfigDict(env_prefix="PARLEY_", extra="forbid")

    home: Path = Field(
        default_factory=lambda: Path(os.environ.get("PARLEY_HOME", ".")).resolve(),
        description="Folder of the installation",
    )
    organisation: str = Field(default="Your organisation", description="Name shown on the dashboard")
    time_zone: str = Field(default="Europe/London", description="Time zone in which a day ends")
    minimum_cell: int = Field(default=10, ge=FLOOR, description="Groups with fewer people are hidden")
    history_months: int = Field(default=24, ge=12, le=240, description="Month ends reported before the as-of date")
    target_days: TargetDays = Field(default=183, description="A conversation is overdue after this many days")
    stage_target_days: dict[str, TargetDays] = Field(
        default_factory=dict, description="Targets of career stages that differ, in days"
    )
    critical_days: int = Field(default=365, ge=30, le=1500, description="Critical after this many days")
    coverage_target: float = Field(
        default=0.75, gt=0, le=1, description="Target share with a conversation in the past six months"
    )
    median_target_months: float = Field(
        default=6, gt=0, description="Target for the median months since the last conversation"
    )
    conversations_target: float = Field(default=2, gt=0, description="Target for conversations a year, per person")
    never_target: float = Field(
        default=0.05, ge=0, le=1, description="Target for the share with none on record, at most"
    )
    stage_support: dict[str, list[str]] = Field(
        default_factory=lambda: _all_stages({}),
        description="Kinds of support that fit each career stage; a stage left out keeps the default",
    )
    release_series: str = Field(
        default="1", min_length=1, description="Name of the series of releases within which minimum_cell can only rise"
    )
    keep_releases: int = Field(default=14, ge=2, description="Releases kept")
    retention_raw_days: int = Field(
        default=90, ge=90, description="Days that an export is kept after another has taken its place"
    )
    retention_quarantine_days: int = Field(
        default=30, ge=30, description="Days from the export for which the text of a record set aside is kept"
    )
    schedule: str = Field(
        default="15 2 * * *", description="When the nightly run starts, as a cron expression in the time zone"
    )
    delivery: DeliverySettings = Field(
        default_factory=DeliverySettings,
        description="How readers of a list are told that it is ready; link, mail_server, …",
    )
    lists: ListSettings = Field(
        default_factory=ListSettings,
        description="What leaders may be given names for: notice_id, dpia_id, owner, …; without these three no list is made",
    )
    memory_limit: str = Field(default="4GB", description="Memory the warehouse may use")

    @property
    def support_version(self) -> str:
        """A short fingerprint of `stage_support`, the same whatever the order of stages and kinds."""
        listed = [f"{stage}:{','.join(sorted(kinds))}" for stage, kinds in sorted(self.stage_support.items())]
        return sha256(";".join(listed).encode()).hexdigest()[:8]

    @property
    def landing(self) -> Path:
        """Where exports are dropped; never written to by a run."""
        return self.home / "landing"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file: a cache that can be deleted."""
        return self.home / "warehouse" / "parley.duckdb"

    @property
    def published(self) -> Path:
        """Where releases are put for readers."""
        return self.home / "published"

    @property
    def identity_key(self) -> Path:
        """The secret that turns ids into keys; mode 0600."""
        return self.home / "secrets" / "identity.key"

    @property
    def erasure_key(self) -> Path:
        """The secret behind the fingerprints of erased people; mode 0600. Not the other one, which may be exchanged."""
        return self.home / "secrets" / "erasure.key"

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        ZoneInfo(value)
        return value

    @field_validator("stage_target_days")
    @classmethod
    def _known_stages(cls, value: dict[str, int]) -> dict[str, int]:
        _refuse_unknown(value, STAGES, "career stage")
        return value

    @field_validator("stage_support")
    @classmethod
    def _known_support(cls, value: dict[str, list[str]]) -> dict[str, list[str]]:
        _refuse_unknown(value, tuple(STAGE_SUPPORT), "career stage for which support is judged")
        for stage, kinds in value.items():
            _refuse_unknown(kinds, SUPPORT_TYPES, "kind of support")
            if not kinds:
                raise ValueError(
                    f"{stage} has no kind of support, so nothing could ever fit. Name at least one of"
                    f" {', '.join(SUPPORT_TYPES)}, or leave the stage out to keep the default."
                )
        return _all_stages(value)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        longest = max([("target_days", self.target_days), *self.stage_target_days.items()], key=lambda named: named[1])
        if self.critical_days <= longest[1]:
            raise ValueError(
                f"critical_days ({self.critical_days}) must be larger than every target; {longest[0]} has {longest[1]}."
                " Raise critical_days or lower that target."
            )
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments before environment before the configuration file."""
        home = Path(init_settings().get("home") or os.environ.get("PARLEY_HOME", "."))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, home / CONFIG_NAME)


def for_home(home: Path | None = None) -> Settings:
    """The settings of the installation in `home` (or in PARLEY_HOME, or here). Raises pydantic.ValidationError."""
    return Settings(home=home.resolve()) if home else Settings()


def _all_stages(given: dict[str, list[str]]) -> dict[str, list[str]]:
    """The kinds of support of every stage in the order of the stages, `given` in place of the defaults, each kind once."""
    return {stage: list(dict.fromkeys(given.get(stage, kinds))) for stage, kinds in STAGE_SUPPORT.items()}


def _refuse_unknown(given: Collection[str], known: Collection[str], noun: str) -> None:
    unknown = [name for name in given if name not in known]
    if unknown:
        raise ValueError(f"'{unknown[0]}' is no {noun}. Use one of {', '.join(known)}.")
