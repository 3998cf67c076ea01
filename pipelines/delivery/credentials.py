"""Passwords and tokens of channels: out of the environment, or out of a file that only its owner can read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

MAIL, SLACK, TEAMS = "mail.password", "slack.token", "teams.webhook"


class CredentialError(RuntimeError):
    """A secret is missing or may be read by others; the message says how to mend it, and never what it is."""


def credential(name: str, secrets: Path, environment: Mapping[str, str] | None = None) -> str:
    """The secret `name`: of the variable PARLEY_<NAME> (dots as _), else of the file in the folder `secrets`.

    Raises CredentialError where there is neither, or where others could read the file.
    """
    variable = f"PARLEY_{name.replace('.', '_').upper()}"
    given = (os.environ if environment is None else environment).get(variable, "")
    if given:
        return given
    path = secrets / name
    if not path.is_file():
        raise CredentialError(f"There is no {path}, and {variable} is not set. Put the secret into one of them.")
    if path.stat().st_mode & 0o077:
        raise CredentialError(f"{path} can be read by others. Run: chmod 600 {path}")
    return path.read_text(encoding="utf-8").strip()
