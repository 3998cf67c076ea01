"""A ready survival table, one row per person or stretch, as cells: for known data sets and whatever an analyst has at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.hazards.faults import HazardError, NoEventsError

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Times = Literal["events", "months"]
EVENT = "event"
EXPOSURE = "exposure"
_MOST_CELLS = 50_000_000
_ANSWERS = dict.fromkeys(("1", "1.0", "true", "yes", "y"), 1) | dict.fromkeys(("0", "0.0", "false", "no", "n"), 0)


@dataclass(frozen=True)
class ReadyCells:
    """`cells`, a cell frame that counts `event`; rows of the table they are of, and rows left out for an empty field."""

    cells: pl.DataFrame
    rows: int
    left_out: int


@dataclass(frozen=True)
class _Periods:
    """One entry per row of the table and period at risk: which row, and what the clock says (periods count from 1)."""

    row: Integers
    clock: Floats
    happened: Integers


def cells_of(
    frame: pl.DataFrame,
    time: str | None,
    event: str,
    *,
    entry: str | None = None,
    covariates: Sequence[str] = (),
    exposure_from: str | None = None,
    lag: int = 0,
    times: Times = "events",
) -> ReadyCells:
    """Cells of a table with one row per person, or per stretch (`entry`, `time`] of a person's time.

    `time` is when observation ends (None: each row is one period of its own), `event` a column of yes or no, or
    `column=value` for rows that end with that value. `covariates` are all columns the model, its strata and clusters
    need. With `times` "events" there are cells at the times something happens, which is all that Cox's model looks at;
    with "months" in every month, times rounded up, the first month as `tenure_month` 0.

    `exposure_from` adds the column `exposure`. It is the column of the time the exposure begins (empty: it never did):
    "yes" at times later than that by more than `lag`. Or it is what columns numbered by period begin with (`emp` for
    emp1, emp2, …): then the exposure is the state of `lag` periods ago, and time for which it is not known is left out.

    Raises HazardError where a column is missing or holds something else, or the table is too long for cells.
    """
    needed = [name for name in dict.fromkeys((time, entry, *covariates)) if name]
    _require(frame, [*needed, event.partition("=")[0]])
    taken = next((name for name in covariates if name in (EVENT, "at_risk", "tenure_month")), None)
    if taken is not None:
        raise HazardError(f"The cells have a column '{taken}' of their own: give that of the table another name.")
    known = frame.with_columns(_happened(frame, event).alias(EVENT)).drop_nulls([*needed, EVENT])
    ends = np.ones(known.height) if time is None else _number(known, time)
    begins = _number(known, entry) if entry else np.full(known.height, -np.inf)
    periods = _periods(begins, ends, known[EVENT].to_numpy(), times)
    columns = [name for name in covariates if name != EXPOSURE or exposure_from is None]
    cells = known.select(EVENT, *columns)[periods.row].with_columns(
        pl.Series("tenure_month", periods.clock - (times == "months")),
        pl.lit(1).alias("at_risk"),
        pl.Series(EVENT, periods.happened),
    )
    if exposure_from is not None:
        state = _exposure(known, exposure_from, periods, lag, times)
        cells = cells.with_columns(state.alias(EXPOSURE)).drop_nulls(EXPOSURE)
    keys = [name for name in cells.columns if name not in ("at_risk", EVENT)]
    counted = cells.group_by(keys, maintain_order=True).agg(pl.col("at_risk", EVENT).sum())
    return ReadyCells(counted, known.height, frame.height - known.height)


def _require(frame: pl.DataFrame, columns: Sequence[str]) -> None:
    for name in columns:
        if name not in frame.columns:
            raise HazardError(f"The table has no column '{name}'; it has {', '.join(frame.columns)}.")


def _happened(frame: pl.DataFrame, event: str) -> pl.Series:
    """1 where a row ends with the event, 0 where not, empty where that is not known."""
    column, is_compared, value = event.partition("=")
    text = frame[column].cast(pl.String).str.strip_chars()
    if is_compared:
        return (text == value).cast(pl.Int64)
    answers = text.str.to_lowercase()
    others = answers.drop_nulls().filter(~answers.drop_nulls().is_in(list(_ANSWERS))).unique().sort()
    if others.len():
        raise HazardError(
            f"'{column}' is neither yes nor no: it holds '{others[0]}'. Name the value that is meant: {column}={others[0]}."
        )
    return answers.replace_strict(_ANSWERS, return_dtype=pl.Int64)


def _number(frame: pl.DataFrame, column: str) -> Floats:
    if not frame[column].dtype.is_numeric():
        raise HazardError(f"'{column}' is no number: times count from a start, for example months since hire.")
    return frame[column].cast(pl.Float64).to_numpy()


def _periods(begins: Floats, ends: Floats, happened: Integers, times: Times) -> _Periods:
    """Every row at every time of the clock that is later than its entry and not later than its end."""
    if times == "months":
        # Whoever ends in the moment of beginning was there in the first month.
        ends = np.maximum(np.ceil(ends), 1.0)
        begins = np.minimum(np.floor(begins), ends - 1)
        clock = np.arange(1.0, ends.max(initial=0.0) + 1)
    else:
        clock = np.unique(ends[happened == 1])
    if not len(clock) or not happened.any():
        raise NoEventsError("The event has not happened in any row of the table: there is nothing to compare.")
    if (begins >= ends).any():
        raise HazardError("A row ends before it begins: the entry must be earlier than the time.")
    first, last = np.searchsorted(clock, begins, side="right"), np.searchsorted(clock, ends, side="right")
    length = last - first
    if length.sum() > _MOST_CELLS:
        raise HazardError(
            f"The table would make {length.sum():,} cells, more than {_MOST_CELLS:,}: count time in months, or take a part."
        )
    row = np.repeat(np.arange(len(ends)), length)
    place = np.arange(len(row)) - np.repeat(np.cumsum(length) - length - first, length)
    is_last = place == last[row] - 1
    return _Periods(row, clock[place], np.where(is_last, happened[row], 0))


def _exposure(known: pl.DataFrame, exposure_from: str, periods: _Periods, lag: int, times: Times) -> pl.Series:
    """What `exposure` is in each period; empty where that is not known."""
    if exposure_from in known.columns:
        begun = _number(known, exposure_from)
        begun = np.where(np.isnan(begun), np.inf, np.ceil(begun) if times == "months" else begun)
        is_exposed = begun[periods.row] < periods.clock - lag
        return pl.Series(np.where(is_exposed, "yes", "no"))
    numbered = {
        int(name.removeprefix(exposure_from)): known[name].cast(pl.String)
        for name in known.columns
        if name.startswith(exposure_from) and name.removeprefix(exposure_from).isdigit()
    }
    if not numbered:
        raise HazardError(
            f"The table has no column '{exposure_from}' and none named {exposure_from}1, {exposure_from}2, …."
        )
    state = np.full(len(periods.row), None, dtype=object)
    for period, values in numbered.items():
        chosen = periods.clock - lag == period
        state[chosen] = values.to_numpy()[periods.row[chosen]]
    return pl.Series(state.tolist(), dtype=pl.String)
