"""One metric's rows made safe as a whole: what no sum, and no sum of sums, of published cells may give back.

`suppress` looks at one sum at a time and at bars; here all groups of a day are looked at together, with the places that make them up.
What a metric means does not belong here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import polars as pl
from scipy import sparse

from pipelines.disclosure import bounding, rank_audit
from pipelines.disclosure.bands import UNKNOWN, is_distribution
from pipelines.disclosure.belonging import Belonging, Days
from pipelines.disclosure.bounding import without_narrow
from pipelines.disclosure.cell_sums import GROUP
from pipelines.disclosure.differencing import Flags, Integers
from pipelines.disclosure.elimination import safe_cells
from pipelines.disclosure.view import Floats, View, shown_totals, targets_of

PLACE = "place"
BARS = "bars"
SHOWN, BANDS = ("shown", "over_tenure"), ("low", "high")


class DisclosureError(RuntimeError):
    """The audit found that published figures would tell too much of somebody: nothing is published."""


@dataclass
class Safety:
    """What may be published: nothing about fewer than `threshold` people; of days not in `live`, nothing about fewer than

    `past_threshold`. The interval audit runs for live days. `days` knows who belongs where; `everybody` gives, for a day, the
    employees of every place (`group_key`, `people`): days that are not live have one pattern for all metrics, by them.
    """

    days: Days
    everybody: Callable[[date], pl.DataFrame]
    threshold: int
    past_threshold: int
    live: frozenset[date]
    known: dict[object, Flags] = field(default_factory=dict)
    past: dict[date, pl.DataFrame] = field(default_factory=dict)


@dataclass(frozen=True)
class Family:
    """Who stands behind one metric, day and band (or all bars of a distribution): `people` per place, groups x places of 0/1."""

    belonging: Belonging
    membership: sparse.csr_matrix
    columns: Integers
    people: Integers

    @property
    def priority(self) -> Integers:
        """Groups readers miss most come first."""
        return self.belonging.priority(self.membership @ self.people)


def offered(rows: pl.DataFrame, safety: Safety) -> pl.DataFrame:
    """`rows` of one metric without those that are not offered at all: smaller groups of days that are not live."""
    is_past = ~pl.col("as_of").is_in(list(safety.live))
    is_small = pl.when(is_distribution()).then(pl.col("n").fill_null(0)).otherwise("people") < safety.past_threshold
    is_group = ~pl.col("cut").is_in(["company", PLACE])
    return rows.filter(~(is_past & is_small & is_group))


def hidden_for_sums(rows: pl.DataFrame, places: pl.DataFrame, safety: Safety) -> pl.Series:
    """Which rows to hide because several published cells together would give a small group back.

    `rows` are the estimates of one metric, `places` those of its cut 'place'. Rows without places to reason with stay.
    """
    hidden = [found for part, behind in _parts(rows, places) for found in _exposing(part, behind, safety)]
    return _flags(rows, hidden)


def hidden_for_intervals(rows: pl.DataFrame, places: pl.DataFrame, safety: Safety) -> pl.Series:
    """Which rows of a share to hide because the bounds of values would tell too much; live days only.

    `rows` have been through `suppress` and `banded`. Raises DisclosureError where the audit of what is left, or its second
    opinion, still finds somebody.
    """
    is_live = pl.col("as_of").is_in(list(safety.live)) & (pl.col("unit") == "share") & ~is_distribution()
    parts = _parts(rows, places.filter(is_live))
    return _flags(rows, [found for part, behind in parts for found in _narrowing(part, behind, safety)])


def _parts(rows: pl.DataFrame, places: pl.DataFrame) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Rows by day and family, numbered, each with the places behind them."""
    family = pl.when(is_distribution()).then(pl.lit(BARS)).otherwise("band").alias("_family")
    known = places.with_columns(family).partition_by("as_of", "_family", as_dict=True)
    numbered = rows.with_row_index("_row").with_columns(family)
    for key, part in numbered.partition_by("as_of", "_family", as_dict=True).items():
        if key in known:
            yield part, known[key]


def _flags(rows: pl.DataFrame, hidden: list[int]) -> pl.Series:
    return pl.int_range(rows.height, eager=True).is_in(hidden)


def _family_of(places: pl.DataFrame, safety: Safety) -> Family:
    belonging = safety.days.on(places["as_of"][0])
    # Part of a person's time in a place is somebody, too.
    people = (
        places.filter(pl.col("band") != UNKNOWN).group_by("group_key").agg(pl.col("people").sum(), pl.col("n").max())
    )
    present = people.filter((pl.col("people") > 0) | (pl.col("n") > 0))
    placed = present.join(belonging.places, left_on="group_key", right_on="place_key").sort("column")
    columns = placed["column"].to_numpy().astype(np.int64)
    counts = placed["people"].clip(lower_bound=1).to_numpy().astype(np.int64)
    return Family(belonging, belonging.membership[:, columns].tocsr(), columns, counts)


def _exposing(part: pl.DataFrame, places: pl.DataFrame, safety: Safety) -> list[int]:
    """Numbers of the rows to hide of a part."""
    day = part["as_of"][0]
    if day in safety.live:
        family = _family_of(places, safety)
        is_bar = part["_family"][0] == BARS
        size = pl.col("n").max() if is_bar else pl.col("people").max()
        large = part.filter(pl.col("status").is_in(SHOWN)).group_by(GROUP).agg(size.alias("size"))
        unsafe = _unsafe(day, family, large, safety)
    else:
        unsafe = safety.past[day] = safety.past[day] if day in safety.past else _unsafe_in_the_past(day, safety)
    return part.join(unsafe, on=GROUP, how="semi")["_row"].to_list()


def _unsafe_in_the_past(day: date, safety: Safety) -> pl.DataFrame:
    everybody = safety.everybody(day)
    family = _family_of(everybody.with_columns(as_of=pl.lit(day), band=pl.lit(""), n="people"), safety)
    sizes = pl.Series(family.membership @ family.people)
    groups = family.belonging.groups.with_columns(size=sizes).filter(pl.col("size") >= safety.past_threshold)
    return _unsafe(day, family, groups, safety)


def _unsafe(day: date, family: Family, large: pl.DataFrame, safety: Safety) -> pl.DataFrame:
    """The groups of `large` (with their `size`) that cannot be published beside the others."""
    sized = family.belonging.groups.join(large.select(*GROUP, "size"), on=GROUP, how="left", maintain_order="left")
    is_large = (sized["size"].fill_null(0) >= safety.threshold).to_numpy()
    wanted = is_large & (family.membership @ family.people >= safety.threshold)
    key = (day, family.columns.tobytes(), family.people.tobytes(), wanted.tobytes())
    if key not in safety.known:
        safety.known[key] = safe_cells(family.membership, family.people, wanted, family.priority, safety.threshold)
    return family.belonging.groups.filter(pl.Series(wanted & ~safety.known[key]))


def _narrowing(part: pl.DataFrame, places: pl.DataFrame, safety: Safety) -> list[int]:
    family = _family_of(places, safety)
    shown = part.filter(pl.col("status").is_in([*SHOWN, *BANDS]))
    rows = family.belonging.groups.join(shown, on=GROUP, how="left", maintain_order="left")
    published = rows["_row"].is_not_null().to_numpy()
    if not published.any():
        return []
    view = _view(places, family, published)
    safe = without_narrow(view, family.priority)
    _refuse(replace(view, published=safe), part)
    return rows.filter(pl.Series(published & ~safe))["_row"].to_list()


def _view(places: pl.DataFrame, family: Family, published: Flags) -> View:
    """The reader's view: places are atoms; the totals of a share are its yeses."""
    numbered = places.join(family.belonging.places, left_on="group_key", right_on="place_key")
    counted = numbered.filter(pl.col("column").is_in(family.columns.tolist())).sort("column")
    entries = counted["n"].fill_null(0).to_numpy().astype(np.int64)
    totals: Floats = (counted["value"] * counted["n"]).fill_null(0).round().to_numpy().astype(np.float64)
    least, most = shown_totals(family.membership @ totals, family.membership @ entries, 0.0, 1.0)
    return View(family.membership, entries, totals, published, least, most)


def _refuse(view: View, part: pl.DataFrame) -> None:
    found = bounding.narrow(view)
    exact = int(rank_audit.determined(view, targets_of(view)).sum())
    if found or exact:
        raise DisclosureError(
            f"{part['metric_id'][0]} of {part['as_of'][0]}: {len(found) + exact} groups of too few people could be worked out"
            " from the figures to be published, so nothing is published. Please report this with the log of the run: it names"
            " cells, never people."
        )
