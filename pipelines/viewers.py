"""What a viewer is called in published files; who may see what belongs to the contract of access scopes."""

from __future__ import annotations

from hashlib import sha256

# Below ``published``: one folder for each release, one file for each viewer who has a list.
SCOPES = "scopes"


def viewer_key(viewer: str) -> str:
    """The name of a viewer in published files: short, always the same, and never a path.

    A digest keeps addresses out of file names; it is no protection against somebody who can guess the address.
    """
    return sha256(f"parley-viewer\n{viewer.strip().casefold()}".encode()).hexdigest()[:32]
