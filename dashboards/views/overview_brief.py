"""The overview of one group as a brief of one page: the same cells, sentences and charts as on screen."""

from __future__ import annotations

import polars as pl

from dashboards import charts, words
from dashboards.brief import Brief, Drawing, Headline, Meaning, brief_pdf
from dashboards.data import Cell, cell
from dashboards.pictures import picture
from dashboards.views.overview_cards import Card, chosen_cards
from dashboards.views.overview_panels import bands_now, slots_of
from dashboards.views.overview_trend import coverage_points
from dashboards.views.overview_view import View

_WIDTH, _HEIGHT = 860, 220


def brief(view: View) -> bytes:
    """The PDF of the group selected."""
    cards = chosen_cards(view)
    made = Brief(
        group=view.about.partition(" · ")[0],
        cards=[_headline(view, card) for card in cards],
        distribution=_distribution(view),
        trend=_trend(view),
        meanings=[_meaning(view, card.metric_id) for card in cards if card.metric_id in view.definitions],
        hidden=_hidden(view, cards),
    )
    return brief_pdf(made, view.release, f"Data as of {words.day(view.release.as_of)}")


def _headline(view: View, card: Card) -> Headline:
    now = cell(view.rows, card.metric_id, view.release.as_of)
    if not now.is_shown:
        return Headline(card.label, view.short(now), words.state(now.status, view.minimum)[0])
    target, better = view.target(card.metric_id)
    interval = f"95% interval {_span(now)}" if now.lo is not None and now.hi is not None else ""
    parts = (interval, words.target_text(target, now.unit, better), words.base(now, card.noun))
    return Headline(card.label, view.short(now), "\n".join(part for part in parts if part))


def _span(now: Cell) -> str:
    return f"{words.number(now.lo or 0, now.unit)} to {words.number(now.hi or 0, now.unit)}"


def _distribution(view: View) -> Drawing:
    cells, bars, shares = bands_now(view)
    title = words.distribution_title({band: s for band, s in shares.items() if band != "unknown"}, cells)
    caption = "People by months since their last career conversation"
    if not shares:
        return Drawing(title, caption, _why(view, next(iter(cells.values()), Cell())))
    told = "; ".join(f"{r['label']}: {r['text']}" for r in bars.iter_rows(named=True))
    return Drawing(title, caption, told, _svg(charts.distribution(bars, slots_of(cells))))


def _trend(view: View) -> Drawing:
    metric_id = view.selection.coverage_id
    points, newest = coverage_points(view), cell(view.rows, metric_id, view.release.as_of)
    values = points["value"].drop_nulls().to_list()
    target, _ = view.target(metric_id)
    title = words.coverage_title(values if newest.is_shown else [], target)
    caption = f"Share with a conversation in the last {view.selection.window} months; shaded: 95% interval"
    if not values:
        return Drawing(title, caption, _why(view, newest))
    told = f"Coverage from {values[0]:.0%} to {values[-1]:.0%}."
    return Drawing(title, caption, told, _svg(charts.coverage(points.drop("status"), target, charts.BLUE, _HEIGHT)))


def _svg(chart: object) -> str:
    return picture(chart, "svg", width=_WIDTH).decode()


def _why(view: View, hidden: Cell) -> str:
    title, explanation = words.state(hidden.status, view.minimum)
    return f"{title}. {explanation}"


def _meaning(view: View, metric_id: str) -> Meaning:
    row = view.definitions[metric_id]
    return Meaning(f"{row['name']} ({metric_id})", str(row["definition"]))


def _hidden(view: View, cards: tuple[Card, ...]) -> list[str]:
    """Each reason for which a figure of this page is not shown, once; a sentence that says so where there is none."""
    now = view.rows.filter((pl.col("as_of") == view.release.as_of) & (pl.col("status") != "shown"))
    of_page = now.filter(pl.col("metric_id").is_in([*(card.metric_id for card in cards), "RCY-01"]))
    reasons = of_page["status"].unique(maintain_order=True).to_list()
    return [_why(view, Cell(status=status)) for status in reasons] or [
        f"Nothing on this page. Groups under {view.minimum} people are hidden so no one can be picked out."
    ]
