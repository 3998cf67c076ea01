"""The text of docs/sources.md: the sources as their contracts declare them, and what became of files nobody here wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.contracts import Contract
from pipelines.landing import FileAccount
from pipelines.landing.files import sources
from pipelines.overlays import ENDING
from pipelines.tables import Table

REAL_FILES = "## Files from elsewhere"
_INTRO = """# Sources

Generated from the contracts in `data_contracts/sources/` and from a run over the files of the second part; a test fails when it is out
of date. To change a line, change the contract or what is read, and run the tests with `PARLEY_WRITE_DOCS=1`.

## Declared sources

How files are delivered is told in [landing.md](landing.md), how an export that is not here is read in [mapping.md](mapping.md).

- **Delivery**: *full*: the newest export counts alone. *snapshot*: each export is complete and all are kept; what changed between two
  becomes history. *append*: exports add up.
- **Grain**: what a row tells about. *person*: somebody's data. *events*: conversations, actions, exits and moves, each with its day. *last
  dates*: when somebody's last conversation was. *group*: shares or scores of groups; nothing about single people is made of it. *unit*: a
  part of the organisation. *declaration*: what you tell Parley about the other sources.
- **To confirm**: columns whose heading is not verified against the vendor's own documentation. `parley check` names them for a file;
  confirm the mapping with somebody who knows the system, or correct it with an overlay.
"""
_REAL_INTRO = """
Every table in a collection of public files of other organisations and tools, which is not part of the project, and what becomes of it
when it is delivered as an analyst would: *as it is*, or with a small [overlay](mapping.md) written for it. Records are heading + accepted
+ set aside. Of a refused file nothing is taken and all its records count as set aside (lines, where it is refused unopened); the outcome
gives the first sentence of what Parley says. Tables for which no source is declared are those that Parley has no use for: leave them out.
"""
_DECLARED = (
    "Source",
    "What it is",
    "Folder",
    "Names",
    "Delivery",
    "Grain",
    "One row per",
    "Heading rows",
    "Late after",
    "To confirm",
)
_REAL = ("File", "What it holds", "Read as", "How", "Records", "Outcome")
_AREAS = {"hris": "HRIS", "conversations": "Conversations", "surveys": "Surveys"}
# What a source is made into says what its rows tell about; the first that fits decides.
_GRAINS = (
    ("group", {"conversation_usage", "survey_score"}),
    ("last dates", {"conversation_snapshot"}),
    ("events", {"conversation"}),
    (
        "person",
        {"worker", "worker_snapshot", "person", "job_history", "job_unit", "absence", "identity", "survey_response"}
        | {"valued_flag", "equity_attribute"},
    ),
    ("events", {"outcome_event", "action"}),
    ("unit", {"org_unit", "internal_opening"}),
)


@dataclass(frozen=True)
class Examined:
    """One real file: its `path` below the collection, what it `holds`, how it was read and what came of it.

    `faults` are the reasons for which records of it were set aside, with their number; `overlay` is '' where none is used.
    """

    path: str
    holds: str
    overlay: str
    account: FileAccount
    faults: Mapping[str, int]


def declared_part(contracts: Mapping[str, Contract], tables: Mapping[str, Table]) -> str:
    """The page up to the real files."""
    parts = [_INTRO]
    for name, group in _grouped(sources(contracts)).items():
        rows = [_declared_row(contract, tables) for contract in group]
        parts.append(f"\n### {name}\n\n{_table(_DECLARED, rows)}")
    return "".join(parts)


def real_part(files: Sequence[Examined], others: Sequence[tuple[str, int, str, str]]) -> str:
    """The part about the real files; `others` are kinds of files that are no tables: kind, number, content, reason."""
    taken = [file.account for file in files if file.account.status == "read"]
    summary = (
        f"\n{len(files)} tables: {len(taken)} are read, with {sum(a.accepted for a in taken):,} records accepted and "
        f"{sum(a.quarantined for a in taken):,} set aside; {len(files) - len(taken)} are refused.\n"
    )
    parts = [REAL_FILES, "\n", _REAL_INTRO, summary]
    for folder in dict.fromkeys(_folder(file.path) for file in files):
        rows = [_real_row(file, folder) for file in files if _folder(file.path) == folder]
        parts.append(f"\n### {folder}\n\n{_table(_REAL, rows)}")
    kinds = [(f"`{kind}`", f"{number}", holds, reason) for kind, number, holds, reason in others]
    parts.append(f"\n### Not an export\n\n{_table(('Kind', 'Files', 'What they hold', 'Outcome'), kinds)}")
    return "".join(parts)


def _grouped(declared: Sequence[Contract]) -> dict[str, list[Contract]]:
    """Sources by area of the landing folder, the templates apart."""
    found: dict[str, list[Contract]] = {name: [] for name in (*_AREAS.values(), "Templates")}
    for contract in sorted(declared, key=lambda c: c.id):
        area = str(contract.settings["landing"]).split("/")[0]
        found["Templates" if contract.vendor == "parley" else _AREAS[area]].append(contract)
    return found


def _declared_row(contract: Contract, tables: Mapping[str, Table]) -> tuple[str, ...]:
    settings = contract.settings
    unverified = sum(column.options.get("verified") is False for column in contract.columns)
    patterns = [str(pattern) for pattern in settings.get("files", ["*"])]
    return (
        f"`{contract.id}`",
        contract.title,
        f"`{settings['landing']}`",
        "any" if patterns == ["*"] else ", ".join(f"`{pattern}`" for pattern in patterns),
        str(settings["delivery"]),
        _grain(contract, tables),
        contract.grain.removeprefix("one row per "),
        _heading_rows(contract),
        f"{contract.freshness_days} days",
        str(unverified) if unverified else "",
    )


def _heading_rows(contract: Contract) -> str:
    first, count = int(contract.settings.get("headerRow", 1)), int(contract.settings.get("headerRows", 1))
    if contract.settings.get("headingsFill"):
        return f"{count}: question, choice"
    return str(count) if first == 1 else f"{count}, in row {first}"


def _grain(contract: Contract, tables: Mapping[str, Table]) -> str:
    made = {table.name.split("__")[-1] for table in tables.values() if _reads(table, contract)}
    return next((grain for grain, entities in _GRAINS if made & entities), "declaration")


def _reads(table: Table, contract: Contract) -> bool:
    return table.schema == "staging" and contract.table in table.upstream


def _folder(path: str) -> str:
    return "/".join(path.split("/")[:2]) if path.count("/") > 1 else path.split("/")[0]


def _real_row(file: Examined, folder: str) -> tuple[str, ...]:
    account = file.account
    link = f"overlay [{file.overlay}](../tests/real_overlays/{file.overlay}{ENDING})"
    return (
        f"`{file.path.removeprefix(folder + '/')}`",
        file.holds,
        f"`{account.source}`" if account.source else "",
        link if file.overlay else ("as it is" if account.source else "–"),
        f"{account.records:,} = {account.header} + {account.accepted:,} + {account.quarantined:,}",
        "; ".join(_outcome(file)),
    )


def _outcome(file: Examined) -> Iterator[str]:
    if file.account.status != "read":
        yield f"**{file.account.status}**: {file.account.reason.partition('. ')[0].rstrip('.')}"
        return
    yield "read"
    yield from (f"{times:,} set aside: {reason}" for reason, times in sorted(file.faults.items()))


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    assert {len(row) for row in rows} == {len(headings)}
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)
