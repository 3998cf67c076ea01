"""What an installation decides: where its data lives, its targets and thresholds.

Read from parley.toml in the home folder; PARLEY_… variables overrule it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

FLOOR = 5
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
    target_days: int = Field(default=183, ge=30, le=730, description="A conversation is overdue after this many days")
    stage_target_days: dict[str, int] = Field(default_factory=dict, description="Targets of career stages that differ")
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
    keep_releases: int = Field(default=14, ge=2, description="Releases kept")
    schedule: str = Field(
        default="15 2 * * *", description="When the nightly run starts, as a cron expression in the time zone"
    )
    memory_limit: str = Field(default="4GB", description="Memory the warehouse may use")

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

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        ZoneInfo(value)
        return value

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.critical_days <= self.target_days:
            raise ValueError("critical_days must be larger than target_days")
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
