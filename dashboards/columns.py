"""Columns of published tables as a reader sees them: days, counts and shares as text, one expression each."""

from __future__ import annotations

import polars as pl

from dashboards import words

_ONE_PERCENT = 0.01


def day(column: str) -> pl.Expr:
    """Dates as people say them; nulls stay null."""
    return pl.col(column).map_elements(words.day, return_dtype=pl.String)


def month(column: str) -> pl.Expr:
    """Dates as the month they lie in: Nov 2026."""
    return pl.col(column).dt.strftime("%b %Y")


def count(column: str) -> pl.Expr:
    """Whole numbers with separators; nulls stay null."""
    return pl.col(column).map_elements(words.count, return_dtype=pl.String)


def percent(share: pl.Expr) -> pl.Expr:
    """Shares (0-1) in whole percent, none and under 1% in words."""
    rounded = pl.format("{}%", (share * 100).round(0).cast(pl.Int64))
    return (
        pl.when(share == 0).then(pl.lit("none")).when(share < _ONE_PERCENT).then(pl.lit("under 1%")).otherwise(rounded)
    )


def exact_percent(column: str) -> pl.Expr:
    """Shares (0-1) in percent with two decimals, none in words."""
    exact = pl.col(column).map_elements(lambda share: f"{share:.2%}", return_dtype=pl.String)
    return pl.when(pl.col(column) > 0).then(exact).otherwise(pl.lit("none"))


def sentence(column: str) -> pl.Expr:
    """Text with its first letter in upper case."""
    return pl.col(column).str.slice(0, 1).str.to_uppercase() + pl.col(column).str.slice(1)
