"""The panels of the overview below its cards; each computes its own title from the rows it draws."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboards import charts, words
from dashboards.charts_heatmap import heatmap
from dashboards.data import Cell, cell, cell_of, matrix
from dashboards.page import draw_chart, shown_as_table
from dashboards.views.overview_view import View

BANDS = {
    "0-3": "in rhythm",
    "3-6": "in rhythm",
    "0-6": "in rhythm",
    "6-9": "slipping",
    "9-12": "slipping",
    "6-12": "slipping",
    "12-18": "overdue",
    "18+": "overdue",
    "12+": "overdue",
    "none": "none on record",
    "unknown": "not known",
}
_TRAITS = {
    "CH1-01": ("With someone other than the boss", "Partner"),
    "CH2-01": ("Informal", "Setting"),
    "CH3-01": ("15 minutes or less", "Length"),
    "PRO-01": ("Started by the employee", "Who started it is"),
}
IDS = ("RCY-01", *_TRAITS, "OUT-01", "OUT-02")
_ALL = "All stages"


def distribution(view: View) -> None:
    """People by months since their last conversation, those without a record and the unknown set apart."""
    cells, bars, shares = bands_now(view)
    known = {band: share for band, share in shares.items() if band != "unknown"}
    st.subheader(words.distribution_title(known, cells), anchor=False)
    st.caption("People by months since their last career conversation, any partner, any length")
    if not shares:
        view.instead(next(iter(cells.values()), Cell()), "distribution")
        return
    told = "; ".join(f"{r['label']} ({r['kind']}): {r['text']}" for r in bars.iter_rows(named=True))
    chart = charts.distribution(bars, slots_of(cells))
    draw_chart(chart, alt=f"Months since the last conversation. {told}.")
    if "unknown" not in shares:
        st.caption("Shares are of the people for whom it is known.")
    else:
        st.caption(
            f"Not known for {shares['unknown']:.0%}: no source covered their whole time here. Shares are of the rest."
        )
    twin = bars.select(Months="label", Meaning="kind", Share="text")
    shown_as_table(twin, "Months since the last conversation", chart, view.about)


def bands_now(view: View) -> tuple[dict[str, Cell], pl.DataFrame, dict[str, float]]:
    """Cells of the bands on the release date in order, the bars they are drawn as, and shares; none where a band is hidden."""
    now = view.of("RCY-01").filter(pl.col("as_of") == view.release.as_of)
    found = {str(r["band"]): cell_of(r) for r in now.iter_rows(named=True)}
    cells = {band: found[band] for band in BANDS if band in found}
    shares = _shares({band: c for band, c in cells.items() if band != "unknown"})
    shares |= _unknown_share(cells) if shares else {}
    rows = [_bar(view, band, c, shares.get(band)) for band, c in cells.items()]
    return cells, pl.DataFrame(rows, schema=_BAR, orient="row"), shares


def slots_of(cells: dict[str, Cell]) -> list[str]:
    """Labels of the bands with the gaps before those that are set apart."""
    return [label for band in cells for label in (*_gap_before(band), _label(band))]


# Each needs a name of its own: two equal names would be one slot.
_GAPS = {"none": (" ",), "unknown": ("  ",)}
_BAR = {"label": pl.String, "share": pl.Float64, "kind": pl.String, "under": pl.String, "text": pl.String}


def _shares(cells: dict[str, Cell]) -> dict[str, float]:
    """Shares of the bands shown; published as shares, or as people and then divided by their sum."""
    shown = {band: float(c.value or 0) for band, c in cells.items() if c.is_shown}
    if all(c.unit == "share" for c in cells.values()):
        return shown
    total = sum(shown.values())
    # With a band hidden the sum is not the whole and a share of it would be wrong.
    complete = total > 0 and len(shown) == len(cells)
    return {band: v / total for band, v in shown.items()} if complete else {}


def _unknown_share(cells: dict[str, Cell]) -> dict[str, float]:
    unknown = cells.get("unknown", Cell())
    if not unknown.is_shown:
        return {}
    people = sum(float(c.value or 0) for c in cells.values() if c.is_shown)
    return {"unknown": float(unknown.value or 0) / (1 if unknown.unit == "share" else people)}


def _bar(view: View, band: str, found: Cell, share: float | None) -> tuple[str, float | None, str, str, str]:
    text = f"{share:.0%}" if share is not None else view.short(found)
    under = "" if band in _GAPS else BANDS[band]
    return _label(band), share, BANDS[band], under, text


def _label(band: str) -> str:
    return {"none": "None on record", "unknown": "Not known"}.get(band, band.replace("-", "–"))


def _gap_before(band: str) -> tuple[str, ...]:
    return _GAPS.get(band, ())


def gaps(view: View) -> None:
    """Coverage of the units below the selected one by career stage, company on top."""
    rows = matrix(view.release, view.selection.coverage_id, view.heatmap_units())
    labels = _row_labels(view)
    cells = _cells(view, rows, labels)
    units = {labels[k]: v for k, v in _unit_shares(rows).items() if k in view.groups.children(view.selection.org)}
    st.subheader(words.plain(words.gaps_title(units)), anchor=False)
    months = view.selection.window
    order = _row_order(view, labels, units)
    on_screen = set(cells["column"])
    columns = [name for name in (_ALL, *view.groups.stages.values()) if name in on_screen]
    blank = "; blank: no one there" if cells.height < len(order) * len(columns) else ""
    st.caption(
        f"Share with a conversation in the last {months} months, by unit and career stage; "
        f"dashed: hidden or not known{blank}"
    )
    if not cells.height:
        view.instead(Cell(), "gaps")
        return
    told = f"Coverage of {words.counted(len(order), 'group')} by career stage; the numbers follow as a table."
    chart = heatmap(cells, order, columns)
    draw_chart(chart, alt=told)
    wide = cells.pivot(on="column", index="row", values="text").select("row", *columns)
    by_order = {label: i for i, label in enumerate(order)}
    twin = wide.sort(pl.col("row").replace_strict(by_order)).rename({"row": "Unit"})
    shown_as_table(twin, "Coverage by unit and stage", chart, view.about)


def _row_labels(view: View) -> dict[str, str]:
    """Row label by unit key ('' for the company); the key is added where two siblings share a name."""
    labels = {"": "Whole company"} if view.groups.has_company else {}
    for key in view.heatmap_units():
        label = view.groups.unit_label(key)
        labels[key] = label if label not in labels.values() else f"{label} ({key})"
    return labels


def _cells(view: View, rows: pl.DataFrame, labels: dict[str, str]) -> pl.DataFrame:
    found = []
    for row in rows.iter_rows(named=True):
        in_company = row["cut"] in ("company", "career_stage")
        stage = row["group_key"] if row["cut"] == "career_stage" else row["second_key"]
        unit = labels.get("" if in_company else row["group_key"])
        column = view.groups.stages.get(stage) if stage else _ALL
        if unit and column:
            one = cell_of(row)
            found.append((unit, column, one.value if one.is_shown else None, view.short(one)))
    return pl.DataFrame(found, schema=["row", "column", "share", "text"], orient="row", infer_schema_length=None)


def _unit_shares(rows: pl.DataFrame) -> dict[str, float]:
    shown = rows.filter((pl.col("cut") == "org_unit") & pl.col("value").is_not_null())
    return dict(zip(shown["group_key"].to_list(), shown["value"].to_list(), strict=True))


def _row_order(view: View, labels: dict[str, str], units: dict[str, float]) -> list[str]:
    pinned = [labels[key] for key in dict.fromkeys(("", view.selection.org)) if key in labels]
    rest = [label for label in labels.values() if label not in pinned]
    return pinned + sorted(rest, key=lambda label: (units.get(label, 2.0), label))


def conversations(view: View) -> None:
    """Partner, setting, length and initiator of the conversations of the last 12 months, with how much is known."""
    st.subheader("What good conversations look like here", anchor=False)
    st.caption("Conversations recorded in the last 12 months")
    cells = {i: cell(view.rows, i, view.release.as_of) for i in _TRAITS}
    if not any(c.is_shown for c in cells.values()):
        view.instead(next(iter(cells.values())), "conversations")
        return
    rows = pl.DataFrame([_trait(view, i, c) for i, c in cells.items()], schema=_TRAIT, orient="row")
    told = "; ".join(f"{r['label']}: {r['text']}" for r in rows.iter_rows(named=True))
    chart = charts.characteristics(rows)
    draw_chart(chart, alt=f"Share of conversations. {told}.")
    for metric_id, found in cells.items():
        line = words.unknown_line(_TRAITS[metric_id][1], found)
        if line:
            st.caption(line)
    st.caption("Short, informal talks with a peer count in full. They are under-recorded, so read these as minimums.")
    twin = rows.select(Conversation="label", Share="text", Known="known")
    shown_as_table(twin, "What conversations look like", chart, view.about)


_TRAIT = {
    "label": pl.String,
    "share": pl.Float64,
    "text": pl.String,
    "known": pl.String,
    "bound_lo": pl.Float64,
    "bound_hi": pl.Float64,
}


def _trait(view: View, metric_id: str, found: Cell) -> tuple[object, ...]:
    known = f"known for {found.known_share:.0%}" if found.known_share is not None else ""
    return _TRAITS[metric_id][0], found.value, view.short(found), known, found.bound_lo, found.bound_hi
