"""Is this installation fit to run? Each finding says what was looked at, what was found and what to do."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version

import duckdb
import psutil

from pipelines import ledger, publishing
from pipelines.landing.files import fingerprint
from pipelines.night import OVERLAYS
from pipelines.settings import Settings

GIB = 1024**3
# Measured on the sample company: what a run needs for each byte that has landed, and at the least.
MEMORY_PER_BYTE, MEMORY_AT_LEAST = 60, 1.0
DISK_PER_BYTE, DISK_AT_LEAST = 12, 0.5
DASHBOARD_PORT = 8501


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `remedy` is empty where all is well."""

    about: str
    found: str
    remedy: str = ""


def findings(settings: Settings) -> Iterator[Finding]:
    """Everything that is looked at, one after the other; nothing is changed."""
    yield _python()
    yield _duckdb()
    yield from _folders(settings)
    yield _history(settings)
    yield _secret(settings)
    yield from _room(settings)
    yield _release(settings)
    yield _port()


def _python() -> Finding:
    fits = (3, 11) <= sys.version_info[:2] < (3, 14)
    return Finding("Python", sys.version.split()[0], "" if fits else "Install Python 3.11, 3.12 or 3.13.")


def _duckdb() -> Finding:
    installed, loaded = version("duckdb"), duckdb.__version__
    return Finding(
        "DuckDB", loaded, "" if installed == loaded else "Two versions are mixed. Remove .venv and run make setup."
    )


def _folders(settings: Settings) -> Iterator[Finding]:
    if not settings.landing.is_dir():
        yield Finding("Landing folder", f"{settings.landing} is missing", "Run: parley init")
        return
    files = [
        p for p in settings.landing.rglob("*") if p.is_file() and p.suffix.lower() in (".csv", ".tsv", ".txt", ".xlsx")
    ]
    yield Finding(
        "Landing folder",
        f"{len(files)} exports",
        "" if files else "Put exports into it, or try the sample company: parley demo",
    )
    writable = os.access(settings.home, os.W_OK)
    yield Finding(
        "Write access", str(settings.home), "" if writable else "Let the user of the nightly run write to this folder."
    )


def _history(settings: Settings) -> Finding:
    """Exports are the history: one that was edited or removed cannot be worked out again."""
    files = [p for p in settings.landing.rglob("*") if p.is_file()]
    now = {p.relative_to(settings.landing).as_posix(): fingerprint(p) for p in files}
    gone = ledger.expired(settings.home)
    known = [a for a in ledger.arrivals(settings.home) if (a.path, a.sha256) not in gone]
    delivered = [a for a in known if not a.path.startswith(f"{OVERLAYS}/")]
    altered = ledger.altered(delivered, now)
    some = ", ".join(altered[:3]) + (" and others" if len(altered) > 3 else "")
    remedy = (
        "Bring them back from a backup and deliver corrections as new files; figures made from them cannot be rebuilt."
    )
    return Finding("Delivered exports", some + " changed since" if altered else "unchanged", remedy if altered else "")


def _secret(settings: Settings) -> Finding:
    path = settings.identity_key
    if not path.exists():
        return Finding("Secret for worker keys", "not made yet", "It is made by the first run, or by: parley init")
    private = not path.stat().st_mode & 0o077
    return Finding(
        "Secret for worker keys",
        "private" if private else "readable by others",
        "" if private else f"Run: chmod 600 {path}",
    )


def _room(settings: Settings) -> Iterator[Finding]:
    landed = (
        sum(p.stat().st_size for p in settings.landing.rglob("*") if p.is_file()) if settings.landing.is_dir() else 0
    )
    memory = max(MEMORY_AT_LEAST, landed * MEMORY_PER_BYTE / GIB)
    has = psutil.virtual_memory().available / GIB
    advice = f"A run over these exports needs about {memory:.1f} GB. Use a larger machine or close other programs."
    yield Finding("Memory", f"{has:.1f} GB free, about {memory:.1f} GB needed", "" if has >= memory else advice)
    disk = max(DISK_AT_LEAST, landed * DISK_PER_BYTE / GIB)
    free = shutil.disk_usage(settings.home if settings.home.is_dir() else settings.home.parent).free / GIB
    yield Finding(
        "Disk",
        f"{free:.1f} GB free, about {disk:.1f} GB needed",
        "" if free >= disk else "Free some space, or keep fewer releases.",
    )


def _release(settings: Settings) -> Finding:
    current = publishing.current(settings.published)
    if current is None:
        return Finding("Release", "none yet", "Run: parley run")
    tries = publishing.attempts(settings.published)
    if tries and tries[-1].status == "failed":
        return Finding(
            "Release",
            f"{current.name}; the last run failed",
            f"It stopped at {tries[-1].stopped_at}: {tries[-1].reason}",
        )
    return Finding("Release", f"{current.name}, intact")


def _port() -> Finding:
    with socket.socket() as probe:
        taken = probe.connect_ex(("127.0.0.1", DASHBOARD_PORT)) == 0
    return Finding(
        "Dashboard port",
        f"{DASHBOARD_PORT} {'in use' if taken else 'free'}",
        f"Use another: parley dashboard --port {DASHBOARD_PORT + 1}" if taken else "",
    )
