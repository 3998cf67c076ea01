"""Cells to numbers: terms become columns, coded once per distinct pattern of a cell, with a word on every level left out.

A cell frame has one row per pattern and month of tenure: `tenure_month`, the columns of the pattern, `at_risk`
(person-months), and one column of counts per cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.hazards.coding import Floats, Integers, categories, counts, numbered, require
from pipelines.hazards.faults import HazardError, NoEventsError

POOLED = "rest"


@dataclass(frozen=True)
class Term:
    """A column of the cells: categories held against `reference`, or a number where there is no reference.

    Levels with fewer events than `pool_below` are put together as `rest`; the reference never is.
    """

    column: str
    reference: str | None = None
    pool_below: int = 0


@dataclass(frozen=True)
class Column:
    """One column of a design: the indicator of a level, or a number (no level)."""

    term: str
    level: str | None = None

    @property
    def name(self) -> str:
        """`term=level`, or the term alone."""
        return self.term if self.level is None else f"{self.term}={self.level}"


INTERCEPT = Column("intercept")


@dataclass(frozen=True)
class Design:
    """Coded cells.

    `matrix` (patterns x columns) holds each distinct pattern once; `pattern` (cells) says which one a cell has, `rows`
    (cells) which rows of the frame the cells are. `never` are levels with people at risk and no event, whose ratio is
    zero: with nothing to say about the others they are left out of the cells. `pooled` maps a term to the levels that
    went into `rest`. `notes` are sentences on what was left out or pooled.
    """

    columns: tuple[Column, ...]
    matrix: Floats
    pattern: Integers
    rows: Integers
    never: tuple[Column, ...]
    pooled: dict[str, tuple[str, ...]]
    notes: tuple[str, ...]


def design(cells: pl.DataFrame, terms: Sequence[Term], event: str) -> Design:
    """The cells of `cells` with anybody at risk, coded by `terms` for the counts in the column `event`.

    Raises HazardError where a column is missing, has empty fields, has no such reference, or the reference has no event;
    NoEventsError where nothing happened at all.
    """
    require(cells, [*(term.column for term in terms), "at_risk", event])
    at_risk, events = counts(cells, "at_risk"), counts(cells, event)
    if not events.sum():
        raise NoEventsError(f"Nothing is counted in '{event}': there is nothing to compare.")
    # Sums of weights may differ in their last digits.
    if (events > at_risk * (1 + 1e-9)).any():
        raise HazardError(f"'{event}' counts more than are at risk: each cell needs at_risk of at least its events.")
    kept = at_risk > 0
    coded = [_Coded.of(cells[term.column], term, at_risk, events) for term in terms]
    for each in coded:
        kept &= ~np.isin(each.codes, each.never)
    rows = np.flatnonzero(kept)
    pattern, first = numbered([each.codes[rows] for each in coded], len(rows))
    blocks = [each.block(rows[first]) for each in coded]
    return Design(
        columns=tuple(column for each in coded for column in each.columns),
        matrix=np.hstack([np.zeros((len(first), 0)), *blocks]),
        pattern=pattern,
        rows=rows,
        never=tuple(Column(each.term.column, each.levels[code]) for each in coded for code in each.never),
        pooled={each.term.column: each.pooled for each in coded if each.pooled},
        notes=tuple(note for each in coded for note in each.notes),
    )


def coded(columns: Sequence[Column], frame: pl.DataFrame, pooled: dict[str, tuple[str, ...]] | None = None) -> Floats:
    """`frame` (rows) as a matrix (rows x columns) of a design's `columns`; a level that none of them has is all zeros."""
    found = np.ones((frame.height, len(columns)))
    for place, column in enumerate(columns):
        if column == INTERCEPT:
            continue
        values = frame[column.term]
        if column.level is None:
            found[:, place] = values.cast(pl.Float64).to_numpy()
            continue
        members = (pooled or {}).get(column.term, ()) if column.level == POOLED else ()
        found[:, place] = values.cast(pl.String).is_in([column.level, *members]).to_numpy()
    return found


@dataclass(frozen=True)
class _Coded:
    """A term as codes per cell: of its levels, or of its distinct numbers (`values`)."""

    term: Term
    codes: Integers
    levels: list[str]
    values: Floats
    columns: tuple[Column, ...]
    never: list[int]
    pooled: tuple[str, ...]
    notes: tuple[str, ...]

    @classmethod
    def of(cls, values: pl.Series, term: Term, at_risk: Floats, events: Floats) -> _Coded:
        if term.reference is None:
            return cls._number(values, term)
        codes, levels = categories(values)
        codes, levels, pooled = _without_rare(codes, levels, term, events)
        people = np.bincount(codes, weights=at_risk, minlength=len(levels))
        happened = np.bincount(codes, weights=events, minlength=len(levels))
        there = [level for level, count in zip(levels, people, strict=True) if count]
        happening = [level for level, count in zip(levels, happened, strict=True) if count]
        _require_reference(term, there, happening)
        never = [place for place, level in enumerate(levels) if level in there and level not in happening]
        told = [
            f"{term.column}: nobody is at risk at '{level}'; it is left out." for level in levels if level not in there
        ]
        told += [f"{term.column}: nothing happened at '{levels[place]}'; its ratio is 0." for place in never]
        if pooled:
            told.append(f"{term.column}: {', '.join(pooled)} are too rare and count as '{POOLED}'.")
        columns = tuple(Column(term.column, level) for level in happening if level != term.reference)
        return cls(term, codes, levels, np.zeros(0), columns, never, pooled, tuple(told))

    @classmethod
    def _number(cls, values: pl.Series, term: Term) -> _Coded:
        if not values.dtype.is_numeric() and values.dtype != pl.Boolean:
            raise HazardError(f"'{term.column}' is text: say which of its values the others are compared with.")
        numbers = values.cast(pl.Float64)
        wrong = numbers.null_count() + int(np.count_nonzero(~np.isfinite(numbers.fill_null(0.0).to_numpy())))
        if wrong:
            raise HazardError(f"'{term.column}' has no number in {wrong} cells: fill it or leave those cells out.")
        distinct, codes = np.unique(numbers.to_numpy(), return_inverse=True)
        return cls(term, codes.astype(np.int64), [], distinct, (Column(term.column),), [], (), ())

    def block(self, rows: Integers) -> Floats:
        """The columns of this term for some rows."""
        codes = self.codes[rows]
        if self.term.reference is None:
            return self.values[codes][:, None]
        place = np.array([self.levels.index(str(column.level)) for column in self.columns], dtype=np.int64)
        found: Floats = (codes[:, None] == place[None, :]).astype(np.float64)
        return found


def _require_reference(term: Term, there: Sequence[str], happening: Sequence[str]) -> None:
    """The reference must be among the levels with people at risk, and something must have happened at it."""
    if term.reference not in there:
        raise HazardError(f"'{term.column}' has no '{term.reference}' to compare with; it has {', '.join(there)}.")
    if term.reference not in happening:
        raise HazardError(
            f"'{term.column}': nothing happened at '{term.reference}', so no ratio to it exists. Compare with another."
        )


def _without_rare(
    codes: Integers, levels: list[str], term: Term, events: Floats
) -> tuple[Integers, list[str], tuple[str, ...]]:
    happened = np.bincount(codes, weights=events, minlength=len(levels))
    is_rare = [
        level != term.reference and count < term.pool_below for level, count in zip(levels, happened, strict=True)
    ]
    if not any(is_rare):
        return codes, levels, ()
    rare = tuple(level for level, each in zip(levels, is_rare, strict=True) if each)
    names = [POOLED if each else level for level, each in zip(levels, is_rare, strict=True)]
    kept = sorted(set(names))
    renamed = np.array([kept.index(name) for name in names], dtype=np.int64)
    return renamed[codes], kept, rare
