"""The lists: who is in whose line, who stands on which list, what was decided about it, and the files readers get.

Chances and reasons come from `scoring`; what a reader sees of a file is the dashboard's business.
"""

from __future__ import annotations

from pipelines.lists.nightly import Made, publish_lists
from pipelines.lists.reviews import LedgerError
from pipelines.lists.scope_files import sweep_scopes
from pipelines.lists.talks import file_talks
from pipelines.lists.walking import ScopeError

__all__ = ["LedgerError", "Made", "ScopeError", "file_talks", "publish_lists", "sweep_scopes"]
