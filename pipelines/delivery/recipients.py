"""Who is told: the readers named in the access scopes, if the release has a list for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipelines.viewers import viewer_key

READERS = ("leader", "hrbp")


@dataclass(frozen=True)
class Recipient:
    """A reader of a list: `viewer_key` names their file, `address` is where mail reaches them."""

    viewer_key: str
    address: str


def recipients(
    scopes: pl.DataFrame, listed: Collection[str], on: date, addresses: Mapping[str, str] | None = None
) -> list[Recipient]:
    """Leaders and HR business partners of `scopes` on the day `on` whose viewer key is in `listed`, each once.

    `scopes` has viewer_id, role, valid_from and valid_to (null while it lasts). A viewer who is no address is looked up in
    `addresses`, id in capitals to address; who has none is not told. With two roles at a time nothing is shown to a viewer, so
    nobody is told either.
    """
    ended = pl.col("valid_to").is_not_null() & (pl.col("valid_to") <= on)
    now = scopes.filter((pl.col("valid_from") <= on) & ~ended)
    single = now.group_by("viewer_id").agg(pl.col("role").unique()).filter(pl.col("role").list.len() == 1)
    readers = single.filter(pl.col("role").list.first().is_in(READERS))["viewer_id"].sort()
    found = [Recipient(viewer_key(viewer), _address(viewer, addresses or {})) for viewer in readers]
    return list({r.viewer_key: r for r in found if r.address and r.viewer_key in listed}.values())


def _address(viewer: str, addresses: Mapping[str, str]) -> str:
    return viewer.strip() if "@" in viewer else addresses.get(viewer.strip().upper(), "")
