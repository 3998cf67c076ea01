"""Scopes and lists of a release on disk: one file a viewer, for the eyes of their owner, swapped in as a whole."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import polars as pl

from pipelines.publishing import RELEASES
from pipelines.publishing.durable_files import (
    BUILDING,
    TEMPORARY,
    clear,
    move_into_place,
    remove_folder,
    sync,
    write_whole,
)
from pipelines.viewers import SCOPES

_FOLDER_MODE, _FILE_MODE = 0o700, 0o600
_KEPT = 2


def write_scopes(published: Path, release_id: str, frames: Mapping[str, pl.DataFrame], refusal: str) -> Path:
    """Write `frames` (by file name without ending) as ``scopes/<release_id>/`` and return it; `refusal` says why there is no list.

    Raises OSError on a full disk.
    """
    home = published / SCOPES
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(_FOLDER_MODE)
    clear(home)
    building = home / f"{BUILDING}{release_id}"
    building.mkdir(mode=_FOLDER_MODE)
    files = {}
    for name, frame in sorted(frames.items()):
        path = building / f"{name}.parquet"
        _write(path, frame)
        files[path.name] = {"sha256": sha256(path.read_bytes()).hexdigest()}
    manifest = building / "manifest.json"
    manifest.write_text(json.dumps({"release_id": release_id, "refusal": refusal, "files": files}), encoding="utf-8")
    manifest.chmod(_FILE_MODE)
    sync(manifest)
    move_into_place(building, home / release_id)
    return home / release_id


def take_off(published: Path, ref: str, *, is_trial: bool = False) -> int:
    """Remove the rows about `ref` from all files of all releases at hand; return how many files had one.

    A file left without rows goes, as the run would not have written it. Stopped half-way, the digests no longer agree and
    nobody is shown that list. Raises OSError.
    """
    folders = [path.parent for path in sorted((published / SCOPES).glob("[!.]*/manifest.json"))]
    return sum(_take_off(folder, ref, is_trial) for folder in folders)


def sweep_scopes(published: Path) -> None:
    """Remove lists of releases that are gone, and all but those of the newest two: what is new is told by the one before."""
    home = published / SCOPES
    names = sorted((path.name for path in home.glob("[!.]*")), reverse=True) if home.is_dir() else []
    releases = published / RELEASES
    kept = [name for name in names if (releases / name).is_dir()][:_KEPT]
    for name in names:
        if name not in kept:
            remove_folder(home / name)


def _take_off(folder: Path, ref: str, is_trial: bool) -> int:
    naming = [path for path in sorted(folder.glob("*.parquet")) if _names(path, ref)]
    if is_trial or not naming:
        return len(naming)
    clear(folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for path in naming:
        rows = pl.read_parquet(path).filter(pl.col("worker_ref") != ref)
        if not rows.height:
            path.unlink()
            del manifest["files"][path.name]
            continue
        part = folder / f"{TEMPORARY}{path.stem}"
        _write(part, rows)
        manifest["files"][path.name] = {"sha256": sha256(part.read_bytes()).hexdigest()}
        os.replace(part, path)
    write_whole(folder / "manifest.json", json.dumps(manifest).encode())
    (folder / "manifest.json").chmod(_FILE_MODE)
    return len(naming)


def _names(path: Path, ref: str) -> bool:
    rows = pl.scan_parquet(path)
    if "worker_ref" not in rows.collect_schema().names():
        return False
    return bool(rows.filter(pl.col("worker_ref") == ref).select(pl.len()).collect().item())


def _write(path: Path, frame: pl.DataFrame) -> None:
    # Made for the owner alone before the first byte is in it.
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE))
    frame.write_parquet(path)
    sync(path)
