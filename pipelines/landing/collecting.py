"""Records gathered into text columns, the well-formed apart from the rest; what a record is gets settled before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from pipelines.landing.delimited import Record

_BATCH = 20_000
# Bytes that malformed records may take in memory, each with what an object costs besides its text.
_FAULT_LIMIT = 128 << 20
_FAULT_COST = 500


def collect(records: Iterator[Record], width: int) -> tuple[pl.DataFrame, tuple[Record, ...]] | str:
    """The well-formed records as `_line` and `width` text columns c0, c1, …, and those that are not well formed.

    Gathered in batches, so that Python objects do not pile up; where too many are not well formed, that is said instead.
    """
    faults: list[Record] = []
    held = 0
    batches = [_frame([], width)]
    batch: list[Record] = []
    for record in records:
        if record.fault:
            faults.append(record)
            held += _FAULT_COST + sum(map(len, record.fields))
            if held > _FAULT_LIMIT:
                return _too_many(faults)
            continue
        batch.append(record)
        if len(batch) == _BATCH:
            batches.append(_frame(batch, width))
            batch = []
    batches.append(_frame(batch, width))
    return pl.concat(batches), tuple(faults)


def without_blank_end(records: Iterator[Record]) -> Iterator[Record]:
    """Blank lines at the end of a file are not records; blank lines before another record are."""
    held: list[Record] = []
    for record in records:
        if record.fault == "blank":
            held.append(record)
            if len(held) * _FAULT_COST > _FAULT_LIMIT:
                yield from held
                held.clear()
            continue
        if held:
            yield from held
            held.clear()
        yield record


def _too_many(faults: Sequence[Record]) -> str:
    lines = f"Of the lines from {faults[0].line:,} to {faults[-1].line:,}, {len(faults):,}"
    if faults[-1].fault == "blank":
        return f"{lines} are empty. Delete the empty lines, or export it again."
    return f"{lines} are not well formed: quotes or delimiters are broken. Export it again."


def _frame(batch: Sequence[Record], width: int) -> pl.DataFrame:
    padded = (r.fields if len(r.fields) == width else [*r.fields, *[""] * (width - len(r.fields))] for r in batch)
    columns = list(zip(*padded, strict=True)) if batch else [()] * width
    lines = pl.Series("_line", [r.line for r in batch], dtype=pl.Int64)
    return pl.DataFrame([lines, *(pl.Series(f"c{i}", column, dtype=pl.String) for i, column in enumerate(columns))])
