"""Where a metric comes from, layer by layer, down to the contracts of the exports and whether they delivered a file."""

from __future__ import annotations

from itertools import groupby

from pipelines.explaining.finding import Explained
from pipelines.tables import tables_in

_LAYERS = ("published", "core", "staging", "raw")


def lineage(found: Explained) -> list[tuple[str, str]]:
    """Lines of label and text: the tables its SELECT reads, all they descend from, and the source contracts."""
    row = found.definition
    vendors = {str(s["source"]).split("__")[0] for s in found.sources if s["files"]}
    names = sorted(name for name in str(row["tables"]).split(", ") if name)
    by_layer = {layer: list(of) for layer, of in groupby(names, key=lambda name: name.split(".")[0])}
    tables = [
        (layer, _tables(layer, [name.removeprefix(f"{layer}.") for name in by_layer.get(layer, [])], vendors))
        for layer in _LAYERS
    ]
    reads = ("reads", ", ".join(sorted(tables_in(str(row["sql"])))))
    return [reads, *(line for line in tables if line[1]), *_contracts(found)]


def _contracts(found: Explained) -> list[tuple[str, str]]:
    arrived = [
        f"{s['source']} ({s['title']}): files {s['files']}, the newest of {s['last_as_of']}, {s['status']}"
        for s in found.sources
        if s["files"]
    ]
    silent = ", ".join(str(s["source"]) for s in found.sources if not s["files"])
    labels = ["delivered", *[""] * len(arrived)]
    told = list(zip(labels, arrived or ["nothing"], strict=False))
    return [*told, ("not delivered", silent)] if silent else told


def _tables(layer: str, names: list[str], vendors: set[str]) -> str:
    """Tables of a layer; of the vendors' only those of vendors that delivered, of raw only what is no export."""
    if layer == "raw":
        return ", ".join(name for name in names if "__" not in name)
    if layer != "staging":
        return ", ".join(names)
    kept = [name for name in names if name.split("__")[0] in vendors]
    others = len(names) - len(kept)
    return ", ".join(kept) + (f"; {others} of vendors that delivered nothing" if others else "")
