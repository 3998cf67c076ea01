"""Small steps shared by the frames of the synthetic company: dates, employee ids and unit ids."""

import polars as pl


def unit_id(index: int) -> str:
    """The unit's id in the exports."""
    return f"ORG-{index:05d}"


def dated(frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    """Turn day numbers into dates."""
    return frame.with_columns(pl.col(name).cast(pl.Int32).cast(pl.Date) for name in names)


def named(frame: pl.DataFrame, ids: pl.Series, spell: str, partner: str | None = None) -> pl.DataFrame:
    """Add the employee id of the person, and of the partner where there is one."""
    named = frame.with_columns(employee_id=ids.gather(frame[spell]))
    return named if partner is None else named.with_columns(partner_id=ids.gather(frame[partner]))
