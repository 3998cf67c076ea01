"""What the list means for groups: how often they are on it, how often wrongly, and how well the features tell a group (R19).

Counts of people by attribute and pattern come in (fairness.attribute_cell), never a row of a person.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
from scipy.stats import fisher_exact
from statsmodels.stats.proportion import confint_proportions_2indep

from pipelines.scoring import measures
from pipelines.scoring.features import NAMES
from pipelines.scoring.model import ThinDataError, risk_model

# Fewer people than this say nothing about a group.
FEWEST_PEOPLE = 30
# From here on the features tell a group well enough to stand in for it.
PROXY_FROM = 0.60
# Of groups compared in one attribute one in twenty would otherwise look different by chance.
ALARM_BELOW = 0.05
UNDISCLOSED = "undisclosed"
ALL = "all"
SCHEMA = pl.Schema(
    {
        "measure": pl.String,
        "attribute": pl.String,
        "group_key": pl.String,
        "feature": pl.String,
        "people": pl.Int64,
        "share": pl.Float64,
        "share_of_others": pl.Float64,
        "points": pl.Float64,
        "points_lo": pl.Float64,
        "points_hi": pl.Float64,
        "p": pl.Float64,
        "auc": pl.Float64,
        "auc_lo": pl.Float64,
        "auc_hi": pl.Float64,
        "status": pl.String,
    }
)
Row = dict[str, Any]


def fairness(cells: pl.DataFrame) -> pl.DataFrame:
    """Rows of SCHEMA: three rates per group compared with everybody else who has disclosed theirs, and the proxy check.

    `cells` is fairness.attribute_cell with `is_listed` (null: nothing is said of them). 'selection' is of the people of now;
    'missed' and 'wrongly_listed' are shares of those who left and who stayed, of the two past origins. Intervals are Newcombe's;
    `p` is Fisher's exact test, times the groups of the attribute (Bonferroni). Status: 'ok', 'look' (a difference that is hardly
    chance, or a feature that tells the group), 'too_few', and 'hidden' where a group too small would follow from the others.
    """
    said = cells.drop_nulls("is_listed").filter(pl.col("value") != UNDISCLOSED)
    now = said.filter(pl.col("leavers").is_null())
    past = said.drop_nulls("leavers").with_columns(stayed=pl.col("people") - pl.col("leavers"))
    rows: list[Row] = []
    for (attribute,), of in now.partition_by("attribute", as_dict=True, maintain_order=True).items():
        before = past.filter(pl.col("attribute") == attribute)
        rows += _compared("selection", str(attribute), of, "people", is_on_list=True)
        rows += _compared("missed", str(attribute), before, "leavers", is_on_list=False)
        rows += _compared("wrongly_listed", str(attribute), before, "stayed", is_on_list=True)
        rows += _proxies(str(attribute), of)
    return pl.DataFrame(rows, schema=SCHEMA).sort("measure", "attribute", "group_key", "feature")


def _compared(measure: str, attribute: str, cells: pl.DataFrame, counted: str, *, is_on_list: bool) -> list[Row]:
    hit = pl.col(counted).filter(pl.col("is_listed") == is_on_list).sum()
    groups = cells.group_by("value").agg(people=pl.col(counted).sum(), hits=hit).sort("value")
    total, hits = int(groups["people"].sum()), int(groups["hits"].sum())
    hidden = _hidden(groups)
    rows = []
    for value, people, own in groups.iter_rows():
        row: Row = {
            "measure": measure,
            "attribute": attribute,
            "group_key": value,
            "feature": "",
            "status": hidden.get(value),
        }
        others = total - people
        if row["status"] is None:
            row |= _difference(own, people, hits - own, others, groups.height) if others else {"status": "too_few"}
        rows.append(row)
    return rows


def _difference(hits: int, people: int, others_hits: int, others: int, groups: int) -> Row:
    table = [[hits, people - hits], [others_hits, others - others_hits]]
    p = min(1.0, float(fisher_exact(table).pvalue) * max(1, groups))
    lo, hi = confint_proportions_2indep(hits, people, others_hits, others, compare="diff", method="newcomb")
    share, rest = hits / people, others_hits / others
    points = {"points": 100 * (share - rest), "points_lo": 100 * float(lo), "points_hi": 100 * float(hi)}
    status = "look" if p < ALARM_BELOW else "ok"
    return {"people": people, "share": share, "share_of_others": rest, "p": p, "status": status, **points}


def _hidden(groups: pl.DataFrame) -> dict[str, str]:
    """Groups of which nothing is told: too small ones, and where that is one alone the next smallest with it."""
    few = groups.filter(pl.col("people") < FEWEST_PEOPLE)["value"].to_list()
    found = dict.fromkeys(few, "too_few")
    rest = groups.filter(~pl.col("value").is_in(few)).sort("people", "value")["value"].to_list()
    if len(few) == 1 and rest:
        found[rest[0]] = "hidden"
    if len(rest) == 1:
        found.setdefault(rest[0], "hidden")
    return found


def _proxies(attribute: str, cells: pl.DataFrame) -> list[Row]:
    """How well each feature, and all together, tell a group from the others, tried on people it was not learned from."""
    rows = []
    for value in cells["value"].unique().sort():
        own = cells.with_columns(leavers=pl.when(pl.col("value") == value).then("people").otherwise(0), origin_month=0)
        few = min(int(own["leavers"].sum()), int((own["people"] - own["leavers"]).sum())) < FEWEST_PEOPLE
        for name in (ALL, *NAMES):
            row: Row = {
                "measure": "proxy",
                "attribute": attribute,
                "group_key": value,
                "feature": name,
                "status": "too_few",
            }
            figure = None if few else _told_by(own, name)
            if figure is not None:
                is_proxy = figure.lo > PROXY_FROM
                row |= {"people": int(own["leavers"].sum()), "status": "look" if is_proxy else "ok"}
                row |= {"auc": figure.value, "auc_lo": figure.lo, "auc_hi": figure.hi}
            rows.append(row)
    return rows


def _told_by(cells: pl.DataFrame, name: str) -> measures.Figure | None:
    """Area under the curve of telling a group by a feature, or by all; each half of the people by what the other half teaches."""
    tried = []
    for fold in (0, 1):
        learned, other = cells.filter(pl.col("fold") != fold), cells.filter(pl.col("fold") == fold)
        if name != ALL:
            rates = learned.group_by(name).agg(chance=pl.col("leavers").sum() / pl.col("people").sum())
            tried.append(other.join(rates, on=name, how="left", maintain_order="left"))
            continue
        try:
            odds = risk_model(learned).log_odds(other)
        except ThinDataError:
            return None
        tried.append(other.with_columns(chance=pl.Series(odds).fill_nan(None)))
    scored = pl.concat(tried).drop_nulls("chance")
    left, people = int(scored["leavers"].sum()), int(scored["people"].sum())
    return measures.auc(scored) if 0 < left < people else None


def listed_cells(cells: pl.DataFrame, bands: Callable[[pl.DataFrame, int], pl.Series]) -> pl.DataFrame:
    """`cells` with `is_listed`: whether the people of a pattern were on the list of its origin; null where nothing was said.

    `bands` gives for the patterns of an origin (with `people`) true, false or null each.
    """
    found = []
    for (origin,), of in cells.partition_by("origin_month", as_dict=True, maintain_order=True).items():
        first = of["attribute"].min()
        patterns = of.filter(pl.col("attribute") == first).group_by(NAMES).agg(pl.col("people").sum()).sort(NAMES)
        marked = patterns.with_columns(is_listed=bands(patterns, int(str(origin)))).drop("people")
        found.append(of.join(marked, on=NAMES, how="left"))
    return pl.concat(found) if found else cells.with_columns(is_listed=pl.lit(None, pl.Boolean))
