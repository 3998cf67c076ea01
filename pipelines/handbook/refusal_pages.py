"""Reference of the refused questions: why each misleads, and what to ask instead."""

from __future__ import annotations

from pipelines.handbook.markdown import heading, page, plain
from pipelines.refusals import REFUSALS, Refusal


def refusal_page() -> str:
    """All refusals in the order of their ids."""
    return page(
        "# Refused questions",
        "Questions that mislead however carefully they are worked out. The Glossary shows each with a picture of an invented"
        " company; [What is refused, and why](../explanation/refusals.md) says what they have in common.",
        *(_section(refusal) for refusal in REFUSALS),
    )


def _section(refusal: Refusal) -> str:
    return page(
        heading(2, f"{refusal.refusal_id} {plain(refusal.title)}", refusal.refusal_id),
        plain(" ".join(refusal.sentences)),
        f"**Instead.** {plain(refusal.instead)}",
    )
