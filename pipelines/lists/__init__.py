"""The lists: who is in whose line, who stands on which list, what was decided about it, and the files readers get.

Chances and reasons come from `scoring`; what a reader sees of a file is the dashboard's business.
"""

from __future__ import annotations

from pipelines.lists.nightly import Made, publish_lists
from pipelines.lists.objections import Objector, UnknownIdError, objecting, objector, put_on_record, take_off_lists
from pipelines.lists.reviews import LedgerError
from pipelines.lists.scope_files import sweep_scopes
from pipelines.lists.talks import file_talks
from pipelines.lists.walking import ScopeError

__all__ = [
    "LedgerError",
    "Made",
    "Objector",
    "ScopeError",
    "UnknownIdError",
    "file_talks",
    "objecting",
    "objector",
    "publish_lists",
    "put_on_record",
    "sweep_scopes",
    "take_off_lists",
]
