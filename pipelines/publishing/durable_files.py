"""Files and folders replaced and removed in one step: a kill or a power cut leaves the old state or the new one.

Names that begin as in UNFINISHED are work in progress or already doomed: no reader looks at them, `clear` removes them.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

BUILDING = ".building-"
_REMOVING = ".removing-"
TEMPORARY = ".temporary-"
UNFINISHED = (BUILDING, _REMOVING, TEMPORARY)


def sync(path: Path) -> None:
    """Force a file, or the names in a folder, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, content: bytes) -> None:
    """Write or replace the file at `path`; whoever opens it meets the old content or the new one, never part of one."""
    temporary = path.with_name(f"{TEMPORARY}{path.name}")
    temporary.write_bytes(content)
    sync(temporary)
    os.replace(temporary, path)
    sync(path.parent)


def move_into_place(finished: Path, final: Path) -> None:
    """Give a finished folder its final name, in place of what may stand there."""
    if final.exists():
        remove_folder(final)
    os.replace(finished, final)
    sync(final.parent)


def remove_folder(folder: Path) -> None:
    """Remove a folder; a kill on the way leaves no half of it under its name, only something for `clear`."""
    doomed = folder.with_name(f"{_REMOVING}{folder.name}")
    os.replace(folder, doomed)
    shutil.rmtree(doomed)


def clear(folder: Path) -> None:
    """Remove what interrupted work left directly in `folder`."""
    for leftover in folder.glob(".*-*"):
        if leftover.name.startswith(UNFINISHED) and leftover.is_dir():
            shutil.rmtree(leftover)
        elif leftover.name.startswith(UNFINISHED):
            leftover.unlink()
