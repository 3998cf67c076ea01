"""How this dashboard is reached: through a sign-in service, or on this machine alone with demo personas.

The sign-in service is described in a TOML file that only its owner can read; PARLEY_SIGN_IN names it, else it is
`secrets/sign_in.toml` beside the published folder. Anything unclear stops the start: no file must never mean no sign-in.
"""

from __future__ import annotations

import os
import secrets
import stat
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from streamlit.auth_util import get_secrets_auth_section
from streamlit.runtime.secrets import SecretsValue

from dashboards.release import published_folder

_LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")
_REQUIRED = ("redirect_uri", "client_id", "client_secret", "server_metadata_url")
_OPTIONAL = ("viewer_claim", "client_kwargs", "allowed_hosts")
_CALLBACK = "/oauth2callback"


class SetupError(Exception):
    """The sign-in service is described in a way that cannot be trusted; the text says what to mend."""


@dataclass(frozen=True)
class SignIn:
    """An OIDC provider; `viewer_claim` is the claim whose value the scope contract calls `viewer_id`."""

    redirect_uri: str
    client_id: str
    client_secret: str = field(repr=False)
    server_metadata_url: str
    viewer_claim: str = "email"
    client_kwargs: dict[str, SecretsValue] = field(default_factory=dict)
    allowed_hosts: tuple[str, ...] = ()

    @property
    def is_https(self) -> bool:
        """Whether readers come by https; a proxy in front may end it."""
        return self.redirect_uri.startswith("https://")

    def auth_section(self) -> dict[str, SecretsValue]:
        """What Streamlit reads as its `[auth]` secrets; identity cookies of an earlier start are worth nothing."""
        section: dict[str, SecretsValue] = {name: getattr(self, name) for name in _REQUIRED} | {
            "cookie_secret": secrets.token_hex(32)
        }
        return section | ({"client_kwargs": self.client_kwargs} if self.client_kwargs else {})


@dataclass(frozen=True)
class Deployment:
    """`sign_in` is None without a provider; `is_loopback` says whether the server is bound to this machine alone."""

    sign_in: SignIn | None
    is_loopback: bool

    @property
    def offers_personas(self) -> bool:
        """Whether a reader may choose to be one of the demo personas."""
        return self.sign_in is None and self.is_loopback

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host names a request may carry, without port; a name that is not ours is an attack by way of DNS."""
        if self.sign_in is None:
            return _LOOPBACK_HOSTS if self.is_loopback else ()
        return (urlsplit(self.sign_in.redirect_uri).hostname or "", *self.sign_in.allowed_hosts)


@lru_cache(maxsize=1)
def deployment() -> Deployment:
    """The deployment of this process, read once. Raises SetupError."""
    return Deployment(_sign_in(_sign_in_file()), is_loopback(str(st.get_option("server.address") or "")))


def is_loopback(address: str) -> bool:
    """Whether an address reaches this machine only; an empty one means every interface."""
    if address == "localhost":
        return True
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _sign_in_file() -> Path | None:
    named = os.environ.get("PARLEY_SIGN_IN")
    path = Path(named) if named else published_folder().resolve().parent / "secrets" / "sign_in.toml"
    if named and not path.is_file():
        raise SetupError(
            f"PARLEY_SIGN_IN names {path}, which is not there. Put the file there or unset PARLEY_SIGN_IN."
        )
    return path if path.exists() else None


def _sign_in(path: Path | None) -> SignIn | None:
    if path is None:
        # Streamlit would let people in by it, with none of the rules that are kept here.
        if get_secrets_auth_section():
            raise SetupError("A secrets.toml of Streamlit has an [auth] section. Move it to secrets/sign_in.toml.")
        return None
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SetupError(f"{path} can be read by others on this machine. Run: chmod 600 {path}")
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise SetupError(f"{path} is not valid TOML. Mend it as docs/access.md shows.") from fault
    missing = [name for name in _REQUIRED if not isinstance(found.get(name), str) or not found[name]]
    unknown = sorted(set(found) - {*_REQUIRED, *_OPTIONAL})
    if missing or unknown:
        raise SetupError(
            f"{path}: missing {', '.join(missing) or 'nothing'}; unknown {', '.join(unknown) or 'nothing'}."
        )
    _check_addresses(path, found)
    hosts = tuple(str(host) for host in found.pop("allowed_hosts", ()))
    return SignIn(**found, allowed_hosts=hosts)


def _check_addresses(path: Path, found: dict[str, str]) -> None:
    if urlsplit(found["redirect_uri"]).path != _CALLBACK:
        raise SetupError(f"{path}: redirect_uri must be the dashboard's address followed by {_CALLBACK}.")
    for name in ("redirect_uri", "server_metadata_url"):
        address = urlsplit(found[name])
        if address.scheme != "https" and not is_loopback(address.hostname or ""):
            raise SetupError(f"{path}: {name} must begin with https://; only this machine may go without.")
