"""The model of leaving behind the lists: what it may know, how it is tried, whom it puts on a list, and why. No chance leaves here.

Who may see a list, and what becomes of it, is not decided here.
"""

from __future__ import annotations

from pipelines.scoring.warehouse import list_entries, model_card, model_fairness

__all__ = ["list_entries", "model_card", "model_fairness"]
