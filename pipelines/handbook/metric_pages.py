"""Reference of the metrics, one page for each family: the header of each SQL file, its formula in words and its SELECT."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.contracts import Contract
from pipelines.defining import formula, interval_method, source_contracts
from pipelines.handbook.markdown import address, code, heading, page, plain, table
from pipelines.tables import Table, ancestors

_FOLDER = "reference/metrics"
_INTRO = (
    "Every figure Parley publishes about groups. Generated from the headers of `sql/metrics/` and `sql/releases/`. Targets and"
    " settings behind them: [Metrics, targets and refusals](../../metrics.md); what people are left out as unknown:"
    " [Why unknown is not no](../../explanation/unknown.md)."
)
_FACTS = {
    "numerator": "Numerator",
    "denominator": "Denominator",
    "window": "Window",
    "exclusions": "Left out",
    "unit": "Unit",
    "better": "Better",
    "source": "Rests on",
    "version": "Version",
}


def metric_pages(tables: Mapping[str, Table], contracts: Mapping[str, Contract]) -> dict[str, str]:
    """Path to Markdown: a list of all metrics, then a page for each family."""
    metrics = sorted((t for t in tables.values() if "metric_id" in t.header), key=lambda t: t.header["metric_id"])
    families: dict[str, list[Table]] = {}
    for metric in metrics:
        families.setdefault(metric.header["family"], []).append(metric)
    rows = [_listed(metric) for metric in metrics]
    overview = page(
        "# All metrics", f"{len(metrics)} metrics. {_INTRO}", table(("Id", "Metric", "Question", "Family"), rows)
    )
    of_families = {
        f"{_FOLDER}/{address(family)}.md": _family(family, members, tables, contracts)
        for family, members in families.items()
    }
    return {f"{_FOLDER}/all.md": overview, **of_families}


def _listed(metric: Table) -> tuple[str, ...]:
    of = metric.header
    target = f"{address(of['family'])}.md#{address(of['metric_id'])}"
    return f"[{of['metric_id']}]({target})", plain(of["name"]), plain(of["question"]), plain(of["family"])


def _family(
    family: str, members: Sequence[Table], tables: Mapping[str, Table], contracts: Mapping[str, Contract]
) -> str:
    return page(f"# {plain(family)}", *(_metric(member, tables, contracts) for member in members))


def _metric(metric: Table, tables: Mapping[str, Table], contracts: Mapping[str, Contract]) -> str:
    of = metric.header
    facts = [(label, plain(of[name])) for name, label in _FACTS.items()]
    facts.insert(4, ("Interval", plain(interval_method(metric))))
    exports = source_contracts(ancestors(metric, tables), contracts)
    return page(
        heading(2, f"{of['metric_id']} {plain(of['name'])}", of["metric_id"]),
        f"*{plain(of['question'])}* {plain(of['definition'])}",
        f"**Formula.** {plain(formula(of))}",
        table(("Part", "In words"), facts),
        _folded(f"Sources that can feed it: {len(exports)}", ", ".join(map(code, exports))),
        _folded(f"SQL: {metric.schema}/{metric.name}.sql", f"```sql\n{metric.sql.strip()}\n```"),
    )


def _folded(title: str, body: str) -> str:
    indented = "\n".join(f"    {line}" if line else "" for line in body.splitlines())
    return f'??? note "{title}"\n\n{indented}'
