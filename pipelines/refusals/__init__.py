"""What Parley refuses to work out: `check` stops a misleading question by its structure, whatever it is called.

Why each misleads is shown by a small invented company in `refusal_worlds`.
"""

from __future__ import annotations

import polars as pl
from rapidfuzz import fuzz, process

from pipelines.refusals.questions import Clock, Comparison, Confidentiality, Exposure, Grain, Outcome, Request
from pipelines.refusals.registry import REFUSALS, Refusal

__all__ = [
    "REFUSALS",
    "Clock",
    "Comparison",
    "Confidentiality",
    "Exposure",
    "Grain",
    "Outcome",
    "Refusal",
    "RefusedError",
    "Request",
    "by_id",
    "check",
    "in_words",
    "table",
]

# A wording this close to one of a refusal's own is taken for it (0-100, order of words left aside).
_CLOSE = 75


class RefusedError(ValueError):
    """A question that must not be worked out; the message says why and what to ask instead."""

    def __init__(self, refusal: Refusal) -> None:
        """`refusal` stays at hand for whoever shows more of it than the message."""
        self.refusal = refusal
        super().__init__(
            f"{refusal.refusal_id}: {refusal.title} is not worked out. {' '.join(refusal.sentences)} {refusal.instead}"
        )


def check(request: Request) -> None:
    """Raise RefusedError where the request is a refused question, a broken promise before a misleading comparison."""
    for refusal in reversed(REFUSALS):
        if refusal.is_asked_by(request):
            raise RefusedError(refusal)


def by_id(text: str) -> Refusal | None:
    """The refusal of that id, in any case of its letters; None where there is none."""
    return next((r for r in REFUSALS if r.refusal_id == text.strip().upper()), None)


def in_words(text: str) -> Refusal | None:
    """The refusal that people ask for in words like these; None where no wording is close."""
    named = [(wording, refusal) for refusal in REFUSALS for wording in (refusal.title, *refusal.wordings)]
    found = process.extractOne(
        text.casefold(), [w.casefold() for w, _ in named], scorer=fuzz.token_sort_ratio, score_cutoff=_CLOSE
    )
    return named[found[2]][1] if found else None


def table() -> pl.DataFrame:
    """Table ``published.refusal``: one row per refusal, in the order of their ids."""
    return pl.DataFrame(
        [
            {"refusal_id": r.refusal_id, "title": r.title}
            | {f"sentence_{place}": sentence for place, sentence in enumerate(r.sentences, start=1)}
            | {"instead": r.instead, "x_title": r.axes[0], "y_title": r.axes[1], "y_unit": r.y_unit}
            for r in REFUSALS
        ]
    )
