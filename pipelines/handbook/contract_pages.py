"""Reference of the contracts: each table with its columns, the rules of its rows and its checks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipelines.contracts import Column, Contract
from pipelines.handbook.markdown import code, heading, page, plain, table

_AREAS = {"hris": "HR systems", "conversations": "Conversations", "surveys": "Surveys", "outcomes": "Outcomes"}
_TEMPLATES = "Templates"
_SOURCES = (
    "What is read of each export: a heading that is not listed is not read. *restricted* columns hold ids, names or addresses."
    " How to deliver: [Delivering exports](../../landing.md). Generated from `data_contracts/sources/`."
)


def source_pages(sources: Iterable[Contract]) -> dict[str, str]:
    """Path to Markdown: the sources by area of the landing folder, the templates on a page of their own."""
    delivered: dict[str, list[Contract]] = {}
    for source in sorted(sources, key=lambda contract: contract.id):
        delivered.setdefault(_area(source), []).append(source)
    return {
        f"reference/sources/{name.casefold().replace(' ', '-')}.md": table_page(name, _SOURCES, delivered[name])
        for name in (*_AREAS.values(), _TEMPLATES)
        if name in delivered
    }


def table_page(title: str, introduction: str, described: Sequence[Contract]) -> str:
    """One section for each contract, under its id."""
    return page(f"# {title}", introduction, *(_section(contract) for contract in described))


def _area(source: Contract) -> str:
    # Answers of a survey have no folder of their own: they come in the files of its responses, which have.
    folder = str(source.settings.get("landing", "surveys"))
    return _TEMPLATES if source.vendor == "parley" else _AREAS[folder.split("/")[0]]


def _section(contract: Contract) -> str:
    return page(
        heading(2, plain(contract.title), contract.id),
        f"{code(contract.id)}: {plain(contract.grain)}. {plain(contract.description)}",
        f"**To deliver it.** {plain(contract.remedy)}" if contract.remedy else "",
        _delivery(contract),
        _columns(contract),
        _rules(contract),
    )


def _delivery(contract: Contract) -> str:
    settings = contract.settings
    if "landing" not in settings:
        return ""
    names = ", ".join(code(str(pattern)) for pattern in settings.get("files", ["*"]))
    late = f", late after {contract.freshness_days} days" if contract.freshness_days else ""
    return (
        f"Folder {code(str(settings['landing']))}, names {names}, delivery *{settings.get('delivery', 'full')}*{late}."
    )


def _columns(contract: Contract) -> str:
    if contract.layer == "sources":
        headings: tuple[str, ...] = ("Column", "Headings it is known by", "Kind", "Needed", "Class", "Meaning")
    else:
        headings = ("Column", "Kind", "Needed", "Class", "Meaning")
    return table(headings, (_column(column, contract) for column in contract.columns))


def _column(column: Column, contract: Contract) -> tuple[str, ...]:
    # Headings are set as text where they hold backquotes, which code cannot.
    known = ", ".join(code(h) if "`" not in h else plain(h) for h in column.headers)
    needed = "key" if column.primary_key else "yes" if column.required else ""
    facts = (column.kind, needed, column.classification, _meaning(column))
    return (code(column.name), known, *facts) if contract.layer == "sources" else (code(column.name), *facts)


def _meaning(column: Column) -> str:
    said = column.description or (column.title if column.title != column.name else "")
    values = f"One of {', '.join(map(code, column.valid_values))}." if column.valid_values else ""
    return " ".join(part for part in (plain(said), values) if part)


def _rules(contract: Contract) -> str:
    of_rows = [(code(rule.name), "row", plain(rule.message)) for rule in contract.row_rules]
    of_table = [(code(check.name), check.severity, plain(check.description)) for check in contract.checks]
    return table(("Rule", "Holds for", "What must be so"), [*of_rows, *of_table])
