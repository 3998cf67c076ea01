"""Which places make up which published groups on a day: frames in, matrices out. Says nothing of figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl
from scipy import sparse

from pipelines.disclosure.cell_sums import GROUP
from pipelines.disclosure.differencing import Integers

# What hiding costs readers: the whole and its plain groups come before units, units before groups of both.
_RANK = {"company": 0, "org_unit": 2, "manager": 4}
_PLAIN, _TWO_WAY = 1, 3


@dataclass(frozen=True)
class Belonging:
    """`pairs` has one row per place (`place_key`) and group (`cut`, `group_key`, `second_key`) it belongs to on one day."""

    pairs: pl.DataFrame

    @cached_property
    def groups(self) -> pl.DataFrame:
        """All groups, with their row in `membership` as `cell`."""
        return self.pairs.select(GROUP).unique().sort(GROUP).with_row_index("cell")

    @cached_property
    def places(self) -> pl.DataFrame:
        """All places, with their column in `membership` as `column`."""
        return self.pairs.select("place_key").unique().sort("place_key").with_row_index("column")

    @cached_property
    def membership(self) -> sparse.csr_matrix:
        """Groups x places of 0/1."""
        numbered = self.pairs.join(self.groups, on=GROUP).join(self.places, on="place_key")
        rows, columns = numbered["cell"].to_numpy(), numbered["column"].to_numpy()
        ones = np.ones(numbered.height, np.int64)
        return sparse.csr_matrix((ones, (rows, columns)), shape=(self.groups.height, self.places.height))

    def priority(self, people: Integers) -> Integers:
        """A number per group, lower for what readers miss most; `people` is the size of each group."""
        rank = [
            _RANK.get(cut, _TWO_WAY if second else _PLAIN) for cut, _, second in self.groups.select(GROUP).iter_rows()
        ]
        order = np.lexsort((np.arange(len(people)), -people, np.array(rank)))
        found = np.empty(len(people), dtype=np.int64)
        found[order] = np.arange(len(people))
        return found


class Days:
    """The belonging of every day asked for, fetched once."""

    def __init__(self, fetch: Callable[[date], pl.DataFrame]) -> None:
        """`fetch` gives the pairs of a day as `Belonging` has them."""
        self._fetch = fetch
        self._known: dict[date, Belonging] = {}

    def on(self, day: date) -> Belonging:
        """Who belongs where on `day`."""
        if day not in self._known:
            self._known[day] = Belonging(self._fetch(day))
        return self._known[day]
