"""A past figure worked out again from what was known then: (day, knowledge, version) to a home that an ordinary run can work in.

A release names every input by its sha256; the landing folder still has them, as it is never edited. So rebuilding is
not a second way to compute: it is the same run, in a scratch home that holds the files of then and nothing else.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import closed_periods, ledger, publishing, tombstones
from pipelines.installing import configuration
from pipelines.landing.files import fingerprint
from pipelines.night import OVERLAYS
from pipelines.settings import CONFIG_NAME, Settings


class RebuildError(ValueError):
    """What was asked for cannot be rebuilt; the message says why, and what would help."""


@dataclass(frozen=True)
class Past:
    """What a run must be given to be the run of then: `release_id` and `content_hash` where a release is to be met again."""

    as_of: date
    known_at: datetime
    inputs: Mapping[str, str]
    accepted: tuple[str, ...] = ()
    settings: Settings | None = None
    code_version: str = ""
    release_id: str = ""
    content_hash: str = ""


def of_release(settings: Settings, release_id: str) -> Past:
    """The run that made a release. Raises RebuildError where the release is not there or damaged."""
    folder = settings.published / publishing.RELEASES / release_id
    if not publishing.is_intact(folder):
        raise RebuildError(
            f"There is no intact release {release_id} in {settings.published}. Look into its folder releases/."
        )
    manifest = publishing.manifest(folder)
    told = dict(pl.read_parquet(folder / "setting.parquet").select("name", "value").iter_rows())
    return Past(
        as_of=date.fromisoformat(manifest["as_of"]),
        known_at=datetime.fromisoformat(manifest["knowledge_at"]),
        inputs=manifest["inputs"],
        accepted=tuple(filter(None, told["accepted_checks"].split(", "))),
        settings=_settings(told),
        code_version=manifest["code_version"],
        release_id=release_id,
        content_hash=manifest["content_hash"],
    )


def of_moment(settings: Settings, as_of: date, known_at: datetime) -> Past:
    """A run as of a day with what had been seen by a moment, under the settings of today. RebuildError where nothing had."""
    inputs = ledger.known_at(ledger.arrivals(settings.home), known_at)
    if not inputs:
        raise RebuildError(
            f"No export had been seen by {known_at:%Y-%m-%d %H:%M}. The first run of an installation begins the record."
        )
    return Past(as_of, known_at, inputs)


def stage(past: Past, settings: Settings, scratch: Path) -> None:
    """Make `scratch` a home with exactly the inputs of `past`. Raises RebuildError where one was edited or removed since."""
    lost = [path for path, digest in past.inputs.items() if not _is_there(settings.home, path, digest)]
    if lost:
        some = ", ".join(lost[:5]) + (" and others" if len(lost) > 5 else "")
        gone = len(ledger.expired(settings.home) & {(path, past.inputs[path]) for path in lost})
        remedy = (
            f"{gone} of them were not kept any longer (retention_raw_days)."
            if gone
            else "Bring them back from the backup of the landing folder."
        )
        raise RebuildError(
            f"{len(lost)} of the {len(past.inputs)} files of then were edited or removed since: {some}. {remedy}"
        )
    shutil.rmtree(scratch, ignore_errors=True)
    for path, digest in past.inputs.items():
        _copy(_found(settings.home, path, digest), scratch / path if _is_overlay(path) else scratch / "landing" / path)
    (scratch / "secrets").mkdir(parents=True)
    shutil.copy2(settings.identity_key, scratch / "secrets" / settings.identity_key.name)
    for kept in (settings.erasure_key, settings.home / tombstones.LOG):
        # Whoever was erased since stays erased in what is worked out again.
        if kept.is_file():
            _copy(kept, scratch / kept.relative_to(settings.home))
    if past.settings is None:
        if (settings.home / CONFIG_NAME).is_file():
            _copy(settings.home / CONFIG_NAME, scratch / CONFIG_NAME)
    else:
        (scratch / CONFIG_NAME).write_text(configuration(past.settings), encoding="utf-8")
    passed = [a for a in ledger.acceptances(settings.home) if a.accepted_at < past.known_at]
    for acceptance in passed:
        ledger.record_acceptances(scratch, [acceptance.file_id], acceptance.checks.split(), acceptance.accepted_at)
    _stage_release_before(past, settings, scratch)
    _stage_closed(past, settings, scratch)


@dataclass(frozen=True)
class Verdict:
    """Whether what was rebuilt says the same as what was asked for, in words."""

    is_equal: bool
    sentence: str


def verdict(past: Past, code_version: str, published: Path) -> Verdict:
    """Compare the release now in `published` with that of `past`; without one to meet, say what was made."""
    folder = publishing.current(published)
    made = publishing.manifest(folder)["content_hash"] if folder else ""
    if not past.content_hash:
        return Verdict(
            True,
            f"As of {past.as_of}, known at {past.known_at:%Y-%m-%d %H:%M} UTC, version {code_version}: content {made}",
        )
    if made == past.content_hash:
        return Verdict(True, f"Equal: {past.release_id} says the same today, content {made}.")
    if code_version != past.code_version:
        remedy = "Check out that version of the code to meet the same figures."
        return Verdict(
            False, f"Different: the release was made by version {past.code_version}, this is {code_version}. {remedy}"
        )
    return Verdict(
        False,
        f"Different, with the same inputs and the same code: {past.content_hash} was published, {made} was rebuilt.",
    )


def _stage_release_before(past: Past, settings: Settings, scratch: Path) -> None:
    """Some checks compare with the release before; it is given to the run where it is still there."""
    folder = settings.published / publishing.RELEASES
    before = sorted(p.name for p in folder.glob("*") if p.name < (past.release_id or f"{past.known_at:%Y%m%dT%H%M%SZ}"))
    for name in before[-1:]:
        shutil.copytree(folder / name, scratch / "published" / publishing.RELEASES / name)
        (scratch / "published" / publishing.POINTER).write_text(name, encoding="utf-8")


def _stage_closed(past: Past, settings: Settings, scratch: Path) -> None:
    """Months that were closed by then are given to the run as they were published, also where their release is gone."""
    known = past.release_id or f"{past.known_at:%Y%m%dT%H%M%SZ}"
    for path in closed_periods.records(settings.home, before=known):
        _copy(path, scratch / path.relative_to(settings.home))


def _settings(told: Mapping[str, str]) -> Settings:
    """The settings a release was made with, as its own table of assumptions has them."""
    fields = Settings.model_fields
    plain: dict[str, Any] = {name: value for name, value in told.items() if name in fields}
    stages = {name.removeprefix("target_days "): int(v) for name, v in told.items() if name.startswith("target_days ")}
    support = {
        name.removeprefix("stage_support "): kinds.split(", ")
        for name, kinds in told.items()
        if name.startswith("stage_support ")
    }
    return Settings.model_validate(plain | {"stage_target_days": stages, "stage_support": support})


def _is_overlay(path: str) -> bool:
    return path.startswith(f"{OVERLAYS}/")


def _found(home: Path, path: str, digest: str) -> Path:
    return ledger.kept_overlay(home, digest) if _is_overlay(path) else home / "landing" / path


def _is_there(home: Path, path: str, digest: str) -> bool:
    found = _found(home, path, digest)
    return found.is_file() and fingerprint(found) == digest


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)
