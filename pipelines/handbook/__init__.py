"""The reference part of the documentation as Markdown, from contracts, headers of SQL files, settings and commands.

Nothing is written to disk here, and nothing is explained: pages say what is declared, in the words it is declared in.
"""

from __future__ import annotations

from pathlib import Path

from pipelines import contracts, tables
from pipelines.handbook.command_pages import command_page
from pipelines.handbook.contract_pages import source_pages, table_page
from pipelines.handbook.metric_pages import metric_pages
from pipelines.handbook.refusal_pages import refusal_page
from pipelines.handbook.setting_pages import setting_page

__all__ = ["reference"]

_PUBLISHED = "What a release holds: one Parquet table each, and all that readers ever see. Generated from `data_contracts/published/`."
_VOCABULARY = (
    "The tables that every export is turned into, whatever system it comes from. They stay in the warehouse; no page reads"
    " them. Generated from `data_contracts/canonical/`."
)


def reference(contract_folder: Path, sql_folder: Path) -> dict[str, str]:
    """Path below the documentation to Markdown, in reading order. Raises ContractError or TableError as the loaders do."""
    declared = contracts.load_folder(contract_folder)
    published, canonical, sources = (
        [contract for contract in declared.values() if contract.layer == layer]
        for layer in ("published", "canonical", "sources")
    )
    return {
        **metric_pages(tables.load(sql_folder), declared),
        "reference/refusals.md": refusal_page(),
        **source_pages(sources),
        "reference/vocabulary.md": table_page("Our vocabulary", _VOCABULARY, canonical),
        "reference/published.md": table_page("Published tables", _PUBLISHED, published),
        "reference/settings.md": setting_page(),
        "reference/commands.md": command_page(),
    }
