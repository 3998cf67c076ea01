"""How readers of a list are told that it is ready; all of it is off unless an installation says otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlparse

from pydantic import BaseModel, ConfigDict, Field, model_validator


class DeliverySettings(BaseModel):
    """Section ``[delivery]`` of parley.toml. Passwords and tokens are no settings: see `pipelines.delivery.credentials`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    link: str = Field(default="", description="Address of the dashboard's sign-in page, beginning with https://")
    mail_server: str = Field(default="", description="Name of the mail server; empty for no mail")
    mail_port: int = Field(default=587, ge=1, le=65535, description="Port of the mail server")
    mail_security: Literal["starttls", "tls"] = Field(
        default="starttls", description="starttls (port 587) or tls (port 465); mail is never sent without"
    )
    mail_from: str = Field(default="", description="Address the notices come from")
    mail_user: str = Field(default="", description="User at the mail server; empty where none is asked for")
    mail_authority: Path | None = Field(
        default=None,
        description="File with the certificate authority of the mail server, where it is the company's own",
    )
    slack_channel: str = Field(default="", description="Slack channel that is told; empty for none")
    teams: bool = Field(default=False, description="Whether the Teams channel behind the webhook is told")
    file_drop: bool = Field(
        default=False, description="Whether lists are put as files into drop/, for sites without mail"
    )
    file_drop_days: int = Field(default=30, ge=1, le=30, description="Days after which such a file is removed")

    @property
    def is_on(self) -> bool:
        """Whether anybody is told, or given a file."""
        return bool(self.mail_server or self.slack_channel or self.teams or self.file_drop)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        tells = self.mail_server or self.slack_channel or self.teams
        address = urlparse(self.link)
        if tells and (address.scheme != "https" or not address.hostname):
            raise ValueError("delivery.link must be the https address of the sign-in page, as every notice has it.")
        if address.query or address.fragment or address.username:
            raise ValueError("delivery.link may carry nothing but the page: no token, no name, no question mark.")
        if self.mail_server and "@" not in self.mail_from:
            raise ValueError("delivery.mail_from must be the address that notices come from.")
        return self
