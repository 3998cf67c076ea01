"""Small cells hidden, and whatever one sum of published cells would give back; bars of distributions merged where needed.

Works on counts of people only. What several sums together give away is for `protection`, what a metric means does not belong here.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.disclosure.bands import UNKNOWN, coarsened, coarser_band, is_distribution
from pipelines.disclosure.cell_sums import COMPANY, MARK, band_sums, group_sums, joined
from pipelines.disclosure.differencing import Cells, Sums, complements

FLOOR = 5
# Cells of these cuts count records or fields of a source, not people.
ABOUT_RECORDS = ("source_field", "rule")
_NUMBERS = (
    *("value", "lo", "hi", "shrunk", "shrunk_lo", "shrunk_hi"),
    *("n", "known_share", "bound_lo", "bound_hi"),
)
PUBLISHED_STATUS = ("shown", "over_tenure")


def suppress(
    rows: pl.DataFrame, *, threshold: int, floor: int = FLOOR, parents: Mapping[tuple[str, str], str] | None = None
) -> pl.DataFrame:
    """The metric rows that may be published: columns and order of `rows` without `people`, bands merged where needed.

    `rows` are estimates of any number of metrics. Cells of fewer than `threshold` people become 'suppressed'; cells
    that would give those back become 'complementary': in a distribution, along `parents` ((cut, group key) -> key of
    the enclosing group in the same cut), between groups that divide the company, and over both keys of a two-way cut.
    Where the sizes of groups tell a few people apart, all bars of a group go. Both lose every number; their people are
    never stated. Cuts about records are exempt.

    One sum at a time is made safe, repeated until all are. What several sums give away together is not examined here.

    Raises ValueError where `threshold` is below `floor` or `floor` below 5.
    """
    if floor < FLOOR or threshold < floor:
        smallest = max(floor, FLOOR)
        raise ValueError(
            f"The smallest group shown cannot be {min(floor, threshold)} people: in groups under {smallest} a single "
            f"person can be recognised. Set it to {smallest} or more."
        )
    ordered = rows.with_row_index("_order")
    # Which of two equal cells is hidden must not depend on the order of the rows.
    of_people = ordered.filter(~pl.col("cut").is_in(ABOUT_RECORDS)).sort(*MARK, "band")
    merged = coarsened(of_people, parents or {}, threshold)
    small = _small(merged, threshold, floor)
    first = hide(merged, small, "suppressed")
    second = hide(first, _in_groups_told_apart(first, parents or {}, threshold), "complementary")
    safe = hide(second, _complementary(second, parents or {}, threshold), "complementary")
    exempt = ordered.filter(pl.col("cut").is_in(ABOUT_RECORDS))
    return pl.concat([exempt, safe]).sort("_order").drop("_order", "people")


def hide_below(rows: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """Published metric rows without those of fewer than `threshold` people, which a lower limit once let out."""
    is_small = (pl.col("n") < threshold).fill_null(False) & ~pl.col("cut").is_in(ABOUT_RECORDS)
    return hide(rows, rows.select(is_small).to_series(), "suppressed")


def _small(rows: pl.DataFrame, threshold: int, floor: int) -> pl.Series:
    """Which rows show, or belong to, too few people. An empty bar of a large enough group may be seen to be empty."""
    has_few = (pl.col("people") < threshold) | (pl.col("n") < floor).fill_null(False)
    group_people = pl.col("people").filter(pl.col("band") != UNKNOWN).sum().over(MARK)
    is_small_bar = pl.col("people").is_between(1, threshold - 1) | group_people.is_between(1, threshold - 1)
    is_small_single = has_few & (pl.col("status").is_in(PUBLISHED_STATUS) | (pl.col("people") > 0))
    is_small = (
        pl.when(is_distribution())
        .then(is_small_bar | (pl.col("n") < floor).fill_null(False))
        .otherwise(is_small_single)
    )
    return rows.select(is_small.alias("small")).to_series()


def hide(rows: pl.DataFrame, which: pl.Series, status: str) -> pl.DataFrame:
    """`rows` without any number where `which` says so; the flag goes too, as it speaks of a share of people."""
    return rows.with_columns(
        *(pl.when(~which).then(name).alias(name) for name in _NUMBERS if name in rows.columns),
        pl.when(which).then(pl.lit(status)).otherwise("status").alias("status"),
        (pl.col("is_flagged") & ~which).alias("is_flagged"),
    )


def _in_groups_told_apart(rows: pl.DataFrame, parents: Mapping[tuple[str, str], str], threshold: int) -> pl.Series:
    """Which bars to hide, whole groups at a time, because the sizes of groups tell a few people from the others.

    Every bar states the size of its group. Where those of a total and its parts differ by a few people, the bars of
    the two differ by these people's: how few are distributed would be seen, whatever single bars are hidden.
    """
    all_bars = rows.with_row_index("row").filter(is_distribution())
    bars = all_bars.filter(pl.col("band") != UNKNOWN)
    is_few = pl.col("people").sum().is_between(1, threshold - 1)
    is_stated = pl.col("status").is_in(PUBLISHED_STATUS).any()
    status = pl.when(is_few).then(pl.lit("suppressed")).when(is_stated).then(pl.lit("shown")).otherwise(pl.lit(""))
    groups = bars.group_by(MARK, maintain_order=True).agg(pl.col("people").sum(), status.alias("status"))
    cells = groups.with_columns(pl.int_range(pl.len()).alias("cell"), band=pl.lit(""), is_implied=pl.lit(False))
    told = groups.filter(complements(_states(cells), group_sums(cells, parents), threshold))
    hidden = all_bars.filter(pl.col("status").is_in(PUBLISHED_STATUS)).join(told, on=MARK, how="semi")["row"]
    return pl.int_range(rows.height, eager=True).is_in(hidden.implode())


def _complementary(rows: pl.DataFrame, parents: Mapping[tuple[str, str], str], threshold: int) -> pl.Series:
    """Which rows to hide because published sums would otherwise give a suppressed one back."""
    published = rows.select(*MARK, "band", "people", "status", pl.lit(False).alias("is_implied"))
    bars = published.filter(is_distribution() & (pl.col("band") != UNKNOWN))
    coarser = _totals(bars.filter(coarser_band() != pl.col("band")), coarser_band())
    # The size of the whole group is stated beside each of its bars. Under a null band it is a total of bars only.
    whole = _totals(bars, pl.lit(None, pl.String).alias("band")).with_columns(pl.lit("shown").alias("status"))
    cells = pl.concat([published, coarser, whole]).with_columns(pl.int_range(pl.len()).alias("cell"))
    sums = joined(group_sums(cells, parents), *_bar_sums(cells))
    return pl.Series(complements(_states(cells), sums, threshold)[: rows.height])


def _totals(bars: pl.DataFrame, band: pl.Expr) -> pl.DataFrame:
    """Sums of bars that nobody publishes but every reader can form; hidden where a bar of theirs is."""
    hidden = pl.col("status").filter(~pl.col("status").is_in(PUBLISHED_STATUS)).first()
    return bars.group_by(*MARK, band, maintain_order=True).agg(
        pl.col("people").sum(), hidden.fill_null("shown").alias("status"), pl.lit(True).alias("is_implied")
    )


def _bar_sums(cells: pl.DataFrame) -> tuple[Sums, Sums]:
    """The bars of each coarser bar, and the bars of each group."""
    bars = cells.filter(~pl.col("is_implied") & is_distribution() & (pl.col("band") != UNKNOWN))
    totals = cells.filter("is_implied").select(*MARK, "band", total="cell")
    coarser = bars.with_columns(coarser_band()).join(totals, on=[*MARK, "band"])
    whole = bars.join(totals.filter(pl.col("band").is_null()), on=MARK)
    return band_sums(coarser), band_sums(whole)


def _states(cells: pl.DataFrame) -> Cells:
    is_hidden = ~cells["status"].is_in(PUBLISHED_STATUS)
    return Cells(
        people=cells["people"].cast(pl.Int64).to_numpy(),
        is_hidden=is_hidden.to_numpy(),
        is_protected=cells["status"].is_in(["suppressed", "complementary"]).to_numpy(),
        is_formed=(cells["is_implied"] & cells["band"].is_not_null()).to_numpy(),
        can_hide=(~is_hidden & cells["band"].is_not_null() & ~_is_everybody(cells)).to_numpy(),
        group=cells.select(pl.struct(MARK).rank("dense").cast(pl.Int64)).to_series().to_numpy(),
    )


def _is_everybody(cells: pl.DataFrame) -> pl.Series:
    """Which cells belong to a group of everybody in the company: hiding one for a part's sake would hide nothing.

    Where a bar of the company is itself about too few people, its other bars may have to go and all can be hidden.
    """
    own = pl.col("people").filter(~pl.col("is_implied")).sum().over(MARK)
    sized = cells.with_columns(size=own)
    company = (
        sized.filter((pl.col("cut") == COMPANY[0]) & ~pl.col("is_implied"))
        .group_by("metric_id", "as_of")
        .agg(everybody=pl.col("size").first(), is_fixed=~(pl.col("status") == "suppressed").any())
    )
    found = sized.join(company, on=["metric_id", "as_of"], how="left", maintain_order="left")
    return found.select(((pl.col("size") == pl.col("everybody")) & pl.col("is_fixed")).fill_null(False)).to_series()
