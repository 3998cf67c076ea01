"""Metrics that are differences of published figures, let out only where every figure they are made of is out as well.

Such a difference then says nothing that a reader could not work out. How the figures came about, and which of them may leave, does
not belong here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import polars as pl

from pipelines.disclosure import hide

CELL = ("as_of", "cut", "group_key", "second_key")
# Career stages with fewer people are not compared by CH4-03, even where they may be shown.
SMALLEST_STAGE = 10

Parts = Mapping[str, pl.DataFrame]


def settled(metrics: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The frames of `metrics`, one metric each, with differences last and hidden where a part of theirs is not shown.

    Frames have the columns of published.metric and have been through disclosure control. A difference becomes
    'complementary' and loses its numbers in every cell in which a figure it is made of is not 'shown', and in all cells
    where that metric is missing altogether. Every other frame is passed on as it is, in the order it came.
    """
    wanted = {part for parts, _ in _MADE_OF.values() for part in parts}
    found: dict[str, pl.DataFrame] = {}
    waiting: list[tuple[str, pl.DataFrame]] = []
    for rows in metrics:
        metric_id = str(rows["metric_id"][0]) if rows.height else ""
        if metric_id in wanted:
            found[metric_id] = rows
        if metric_id in _MADE_OF:
            waiting.append((metric_id, rows))
        else:
            yield rows
    for metric_id, rows in waiting:
        names, may_leave = _MADE_OF[metric_id]
        parts = {name: found.get(name, rows.clear()) for name in names}
        yield _kept_where(rows, may_leave(rows, parts))


def _both_are_shown(rows: pl.DataFrame, parts: Parts) -> pl.DataFrame:
    """Cells of `rows` whose parts are shown in the same cell."""
    cells = rows.select(CELL).unique()
    for part in parts.values():
        cells = cells.join(_single(part), on=CELL, how="semi")
    return cells


def _all_stages_are_shown(rows: pl.DataFrame, parts: Parts) -> pl.DataFrame:
    """Cells of `rows` whose people are those of the stages shown: what is compared beyond them would be a hidden stage."""
    is_two_way = pl.col("cut") == "org_unit_career_stage"
    stages = pl.concat(_single(part) for part in parts.values())
    stages = stages.filter(is_two_way | (pl.col("cut") == "career_stage"), pl.col("n") >= SMALLEST_STAGE).select(
        "as_of",
        "n",
        stage=pl.when(is_two_way).then("second_key").otherwise("group_key"),
        group_key=pl.when(is_two_way).then("group_key").otherwise(pl.lit("company")),
        cut=pl.when(is_two_way).then(pl.lit("org_unit")).otherwise(pl.lit("company")),
        second_key=pl.lit(""),
    )
    compared = stages.filter(pl.col("stage") != "unknown").group_by(CELL).agg(pl.col("n").sum())
    return rows.join(compared, on=[*CELL, "n"], how="semi").select(CELL)


def _single(rows: pl.DataFrame) -> pl.DataFrame:
    """The figures shown that are no bars of a distribution and no bounds."""
    return rows.filter((pl.col("band") == "") & (pl.col("status") == "shown"))


def _kept_where(rows: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    marked = rows.join(cells.with_columns(is_kept=True), on=CELL, how="left", maintain_order="left")
    is_hidden = marked.select((pl.col("status") == "shown") & pl.col("is_kept").is_null()).to_series()
    return hide(marked.drop("is_kept"), is_hidden, "complementary")


_MADE_OF: dict[str, tuple[tuple[str, ...], Callable[[pl.DataFrame, Parts], pl.DataFrame]]] = {
    "CH4-03": (("COV-02",), _all_stages_are_shown),
    "QUA-06": (("COV-01", "QUA-01"), _both_are_shown),
    # Two shrunken shares give away the prior, and with it what any other was before it was drawn towards it.
    "MGR-02": (("COV-02",), _both_are_shown),
}
