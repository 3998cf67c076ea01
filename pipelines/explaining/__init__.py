"""A metric of the published release explained on a terminal: formula, figure, reason where hidden, assumptions, SQL, lineage.

The warehouse is never read, so nothing can be told here that a reader of the release may not see.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from rich.console import Group as Stack
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pipelines import refusal_worlds
from pipelines.explaining import wording
from pipelines.explaining.finding import (
    Explained,
    ExplainError,
    Row,
    company_cells,
    current_release,
    definitions,
    find,
)
from pipelines.explaining.lineage import lineage
from pipelines.refusals import Refusal

__all__ = ["ExplainError", "catalogue", "current_release", "explain", "refusal"]

_KINDS = {refusal_worlds.MISLEADING: "it would show", refusal_worlds.TRUE: "what is so"}
_FACTS = {
    "formula": "Formula",
    "numerator": "Numerator",
    "denominator": "Denominator",
    "window": "Window",
    "exclusions": "Left out",
    "interval": "Interval",
    "source": "Source",
}


def explain(folder: Path, metric_id: str, unit: str | None = None, as_of: date | None = None) -> RenderableType:
    """All there is to say of one metric in the release `folder`. Raises ExplainError as `finding.find` does."""
    found = find(folder, metric_id, unit, as_of)
    row = found.definition
    return Stack(
        _heading(f"{row['metric_id']} {row['name']}"),
        _text(f"{row['family']}, version {row['metric_version']}. {row['question']}"),
        _text(row["definition"]),
        Text(),
        _definition(found),
        _heading(f"\n{found.group.label[0].upper()}{found.group.label[1:]} on {found.as_of}"),
        *_figure(found),
        _heading("\nAssumptions (chosen by the organisation, not research)"),
        _assumptions(found),
        _heading("\nLineage"),
        _grid(lineage(found)),
        _heading("\nSQL"),
        _text(row["sql"], keep_lines=True),
    )


def catalogue(folder: Path) -> RenderableType:
    """All metrics of the release with their figure for the whole company on its newest day."""
    cells = company_cells(folder)
    days = sorted({str(cell["as_of"]) for cell in cells.values()})
    table = Table("Id", "Metric", "Family", "Unit", "Version", f"Company, {days[-1] if days else 'no figures'}")
    for metric_id, row in definitions(folder).items():
        told = (metric_id, row["name"], row["family"], row["unit"], row["metric_version"], _short(cells.get(metric_id)))
        table.add_row(*map(_text, told))
    return table


def refusal(refused: Refusal) -> RenderableType:
    """Why a question is refused, what to ask instead, and what it shows in an invented company whose truth is known."""
    points = refusal_worlds.worlds()[refused.refusal_id].points
    shown = _grid((_KINDS[str(p["kind"])], str(p["label"])) for p in points if p["label"])
    return Stack(
        _heading(f"{refused.refusal_id} {refused.title}"),
        _text("Parley does not work this out."),
        *map(_text, refused.sentences),
        _text(refused.instead),
        _heading(f"\nIn an invented company whose truth is known ({refused.axes[1].lower()})"),
        shown,
    )


def _definition(found: Explained) -> Table:
    row = found.definition
    facts = [(title, str(row.get(field) or "")) for field, title in _FACTS.items()]
    better = {"higher": "; higher is better", "lower": "; lower is better"}.get(str(row["better"]), "")
    target = wording.value(row["target"], str(row["unit"])) if row["target"] is not None else "none set"
    return _grid(
        [
            *((title, text) for title, text in facts if text not in ("", "None")),
            ("Unit", wording.unit(str(row["unit"]))),
            ("Target", target + better),
            ("Unknown", wording.UNKNOWN_RULE),
            ("Hidden", wording.suppression(found.minimum)),
        ]
    )


def _figure(found: Explained) -> list[RenderableType]:
    if not found.cells:
        return [_text(wording.absence(found))]
    has_bands = any(cell["band"] for cell in found.cells)
    table = Table(*(["Band"] if has_bands else []), "Value", "95 % interval", "n", "Unknown", "Status")
    for cell in found.cells:
        n = cell["n"]
        told = [
            wording.value(cell["value"], str(cell["unit"])),
            wording.interval(cell),
            f"{n:,}" if isinstance(n, int) else "–",
            wording.unknown(cell),
            str(cell["status"]),
        ]
        table.add_row(*map(_text, ([cell["band"] or "all"] if has_bands else []) + told))
    reasons = [wording.state(str(cell["status"]), found.minimum) or wording.caution(cell) for cell in found.cells]
    return [table, *(_text(reason) for reason in dict.fromkeys(reasons) if reason)]


def _assumptions(found: Explained) -> RenderableType:
    if not found.settings:
        return _text("None of the organisation's own but the smallest group that is shown.")
    return _grid((str(s["name"]), f"{s['value']}  ({s['description']})") for s in found.settings)


def _short(cell: Row | None) -> str:
    if cell is None:
        return "see parley explain"
    return wording.value(cell["value"], str(cell["unit"])) if cell["status"] == "shown" else str(cell["status"])


def _heading(text: str) -> Text:
    return Text(_printable(text, keep_lines=True), style="bold")


def _grid(lines: Iterable[tuple[str, str]]) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column()
    for name, content in lines:
        grid.add_row(_text(name), _text(content))
    return grid


def _text(content: object, *, keep_lines: bool = False) -> Text:
    return Text(_printable(str(content), keep_lines=keep_lines))


def _printable(text: str, *, keep_lines: bool) -> str:
    """Labels are data: what would steer a terminal is blanked, and no markup is read in them."""
    return "".join(c if c.isprintable() or (keep_lines and c == "\n") else " " for c in text)
