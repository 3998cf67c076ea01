"""Which metric cells add up to which: the tree of org units, cuts that divide the company, bands of a distribution.

Says what an attentive reader could subtract; what follows from it is decided by `differencing` and `disclosure`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from pipelines.disclosure.differencing import Integers, Sums

Group = tuple[str, str, str]
GROUP = ("cut", "group_key", "second_key")
MARK = ("metric_id", "as_of", *GROUP)
COMPANY: Group = ("company", "company", "")
# Joins over more than a million cells compare numbers, not texts.
_KEY = pl.Categorical
# A two-way cut adds up over its second key to the first of these cuts, and over its group to the second.
TWO_WAY = {
    f"org_unit_{second}": ("org_unit", second) for second in ("career_stage", "tenure_band", "job_family", "location")
}


def enclosing(group: Group, parents: Mapping[tuple[str, str], str]) -> list[Group]:
    """The groups that `group` (cut, key, second key) is part of: the company unless `parents` has an entry for it."""
    cut, key, second = group
    if cut == "company":
        return []
    if cut in TWO_WAY and second:
        first_cut, second_cut = TWO_WAY[cut]
        parent = parents.get((cut, key)) or parents.get((first_cut, key))
        return [(first_cut, key, ""), (cut, parent, second) if parent else (second_cut, second, "")]
    parent = parents.get((cut, key))
    return [(cut, parent, second) if parent else (*COMPANY[:2], second)]


def group_sums(cells: pl.DataFrame, parents: Mapping[tuple[str, str], str]) -> Sums:
    """Sums over groups, band by band; `cells` has MARK, `band`, `is_implied` and the running number `cell`.

    A cell that is implied (not published, but the sum of published ones) is a total here and never a part.
    """
    groups = cells.select(GROUP).unique().rows()
    links = [(*group, f"{group[0]} {way}", *up) for group in groups for way, up in enumerate(enclosing(group, parents))]
    above = [f"above_{name}" for name in GROUP]
    linked = pl.DataFrame(links, schema=dict.fromkeys([*GROUP, "way", *above], pl.String), orient="row").with_columns(
        pl.col(*GROUP, *above).cast(_KEY), pl.col("way").rank("dense").cast(pl.Int64) - 1
    )
    keyed = cells.select("cell", "is_implied", "as_of", pl.col("metric_id", *GROUP, "band").cast(_KEY))
    totals = keyed.rename(dict(zip(GROUP, above, strict=True)) | {"cell": "total"}).drop("is_implied")
    parts = keyed.filter(~pl.col("is_implied")).join(linked, on=GROUP)
    found = parts.join(totals, on=["metric_id", "as_of", *above, "band"])
    return _sums(found, pl.col("total") * linked.height + pl.col("way"))


def band_sums(bars: pl.DataFrame) -> Sums:
    """Sums of bars; `bars` has `cell` and, as `total`, the cell it is a part of."""
    return _sums(bars, pl.col("total"))


def joined(*several: Sums) -> Sums:
    """All sums as one collection."""
    starts = np.cumsum([0, *(len(sums.totals) for sums in several)])
    return Sums(
        np.concatenate([sums.totals for sums in several]),
        np.concatenate([sums.parts for sums in several]),
        np.concatenate([sums.sum_of + start for sums, start in zip(several, starts, strict=False)]),
    )


def _sums(parts: pl.DataFrame, identity: pl.Expr) -> Sums:
    numbers = parts.select(identity.cast(pl.Int64)).to_series().to_numpy()
    _, first, sum_of = np.unique(numbers, return_index=True, return_inverse=True)
    return Sums(_integers(parts["total"])[first], _integers(parts["cell"]), sum_of)


def _integers(column: pl.Series) -> Integers:
    return column.cast(pl.Int64).to_numpy()
