"""What a person is called in lists and in decisions about them: neither an id nor the key of any other table."""

from __future__ import annotations

import hmac
from hashlib import sha256


def reference(key: bytes, worker_key: str) -> str:
    """The same for the same worker at every run of an installation; `key` is its secret."""
    return "w-" + hmac.new(key, f"list:{worker_key}".encode(), sha256).hexdigest()[:24]
