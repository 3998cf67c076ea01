"""The what-if panels of Outcomes: risks under a steady rhythm, and a trial emulated from what was observed."""

from __future__ import annotations

from functools import partial

import polars as pl
import streamlit as st

from dashboards import charts_outcomes as drawn
from dashboards import words
from dashboards import words_outcomes as said
from dashboards.page import alone, draw_chart, safe_table, said_instead, shown_as_table
from dashboards.views.outcomes_view import View, in_order

_MAIN, _CHECK, _TRIAL = "g_formula", "marginal_structural", "clone_censor_weight"
_LEAST_RISK, _LEAST_POINTS = 0.05, 4.0
_CHECKS = {
    "control_points": "Control, points",
    "e_value": "E-value",
    "effective_sample": "Effective sample",
    "largest_weight": "Largest weight",
    "smallest_detectable": "Ratio to be seen",
}
Row = dict[str, object]


def what_if(view: View) -> None:
    """Both panels beside each other; where the protocol does not speak of the outcome, that and no more."""
    st.subheader("What if people talked more often?", anchor=False)
    st.caption(
        "Worked out from what was observed, as if the people of the past had kept to a rhythm. "
        "It holds only as far as everything that bears on both was recorded, which nobody can check."
    )
    if not view.what_if.height:
        name = said.OUTCOMES[view.asked.outcome].lower()
        said_instead(":material/help:", f"Not worked out for {name}", _NO_PROTOCOL.format(name=name))
        return
    grid = st.grid(2, min_column_width=440, gap=("medium", 40), key="what-if")
    for panel in (strategies, trial):
        with grid.cell():
            alone(partial(panel, view))


_NO_PROTOCOL = "This release has no protocol for {name}, and without one nothing is worked out."


def strategies(view: View) -> None:
    """Risk within 12 months as it was and under each rhythm: the main model in blue, its cross-check in grey."""
    rows = view.what_if.filter(pl.col("estimator").is_in([_MAIN, _CHECK]) & (pl.col("stratum") == "all"))
    rows = in_order(in_order(rows, "estimator", (_MAIN, _CHECK)), "strategy", said.STRATEGIES)
    main = rows.filter((pl.col("estimator") == _MAIN) & pl.col("risk").is_not_null())
    risks = dict(zip(main["strategy"].to_list(), main["risk"].to_list(), strict=True))
    st.markdown(f"**{words.plain(said.strategies_title(view.asked.outcome, risks))}**")
    st.caption(
        f"Share who would have {_would(view)} within 12 months, with 95% interval, and the points by which it differs; "
        "blue: g-formula; grey: marginal structural model, another way to the same"
    )
    if not rows["risk"].drop_nulls().len():
        _nothing(view, rows)
        return
    bars = pl.DataFrame([_risk(row) for row in rows.iter_rows(named=True)], schema=drawn.FOREST, orient="row")
    chart = drawn.forest(bars, drawn.reach(bars, _LEAST_RISK), "Share within 12 months", form="%")
    draw_chart(chart, alt=_spoken(bars, "Share within 12 months"))
    _sentences(rows.filter(pl.col("compared_with") != ""))
    _trust(rows.filter(pl.col("compared_with") != ""), "strategy", said.STRATEGIES)
    shown_as_table(_twin(rows, view.asked.outcome), "Risks under each rhythm", chart, view.about)


def _would(view: View) -> str:
    return {"voluntary_exit": "left by choice", "promotion": "been promoted"}[view.asked.outcome]


def trial(view: View) -> None:
    """A talk within 60 days against none, for everybody and by how many internal openings there were."""
    rows = view.what_if.filter((pl.col("estimator") == _TRIAL) & (pl.col("compared_with") != ""))
    rows = in_order(rows, "stratum", said.STRATA)
    everybody = rows.filter((pl.col("stratum") == "all") & pl.col("points").is_not_null())
    whole = everybody.select("points", "points_lo", "points_hi").row(0) if everybody.height else None
    st.markdown(f"**{words.plain(said.trial_title(whole))}**")
    st.caption(
        "An emulated trial: people without a conversation in the past 6 months, from each month on; "
        f"how many more or fewer {said.HAPPENED[view.asked.outcome]} within 12 months, in percentage points with 95% interval"
    )
    if not rows["points"].drop_nulls().len():
        _nothing(view, rows)
        return
    bars = [_stratum(row, view.asked.outcome) for row in rows.iter_rows(named=True)]
    found = pl.DataFrame(bars, schema=drawn.FOREST, orient="row")
    chart = drawn.forest(found, drawn.reach(found, _LEAST_POINTS), "Percentage points; left of 0: fewer after a talk")
    draw_chart(chart, alt=_spoken(found, "Difference in points"))
    _sentences(rows)
    _trust(rows, "stratum", said.STRATA)
    shown_as_table(_twin(rows, view.asked.outcome), "The emulated trial", chart, view.about)


def _nothing(view: View, rows: pl.DataFrame) -> None:
    """One state for each status; where its reasons differ from stratum to stratum each is told with its own."""
    if not rows.height:
        view.instead("absent")
    for (status,), of_status in rows.group_by("status", maintain_order=True):
        told = of_status.select("stratum", "reason").unique(maintain_order=True)
        if told["reason"].n_unique() == 1:
            view.instead(str(status), told["reason"][0])
            continue
        view.instead(str(status), " ".join(f"{said.STRATA[stratum]}: {reason}" for stratum, reason in told.iter_rows()))


def _risk(row: Row) -> tuple[object, ...]:
    is_main = row["estimator"] == _MAIN
    label = said.STRATEGIES[str(row["strategy"])] if is_main else "the same, cross-check"
    value, low, high = row["risk"], row["risk_lo"], row["risk_hi"]
    if not isinstance(value, float):
        return label, said.without_figure(str(row["status"])), "", None, None, None, is_main
    under = ""
    if isinstance(row["points"], float) and row["compared_with"]:
        under = said.points(row["points"], row["points_lo"], row["points_hi"]) + " points"  # type: ignore[arg-type]
    return label, said.share(value, low, high), under, value, low, high, is_main  # type: ignore[arg-type]


def _stratum(row: Row, outcome: str) -> tuple[object, ...]:
    label, value = said.STRATA[str(row["stratum"])], row["points"]
    rests = said.followed(row["people"], row["events"], outcome)  # type: ignore[arg-type]
    is_whole = row["stratum"] == "all"
    if not isinstance(value, float):
        return label, said.without_figure(str(row["status"])), rests, None, None, None, is_whole
    low, high = row["points_lo"], row["points_hi"]
    return label, said.points(value, low, high), rests, value, low, high, is_whole  # type: ignore[arg-type]


def _spoken(bars: pl.DataFrame, subject: str) -> str:
    told = "; ".join(f"{row['label']}: {row['text']}" for row in bars.iter_rows(named=True))
    return f"{subject}. {told}."


def _sentences(rows: pl.DataFrame) -> None:
    """What each result says, or why it has no figure, and once each what it does not say."""
    told = (row["sentence"] if row["status"] == "ok" else row["reason"] for row in rows.iter_rows(named=True))
    st.markdown("\n".join(f"- {words.plain(one)}" for one in told))
    for caveat in dict.fromkeys(filter(None, rows["caveat"].to_list())):
        st.markdown(f":material/info: {words.plain(caveat)}")


def _trust(rows: pl.DataFrame, column: str, names: dict[str, str]) -> None:
    """Checks as lines, results as columns; of a model and its cross-check the first that has one tells it."""
    found: dict[str, list[str | None]] = {"Check": list(_CHECKS.values())}
    for row in rows.iter_rows(named=True):
        own, before = _checks(row), found.get(names[row[column]], [None] * len(_CHECKS))
        found[names[row[column]]] = [a if a is not None else b for a, b in zip(before, own, strict=True)]
    lines = pl.DataFrame(found, schema=dict.fromkeys(found, pl.String))
    told = lines.filter(pl.any_horizontal(pl.all().exclude("Check").is_not_null()))
    if told.height:
        safe_table(told, "How far to trust it")
        st.caption(_READING)


_READING = (
    "Control: the same for exits decided by the employer; 0 is as it should be. Weights: those of the model that "
    "weights people; many equal ones are better than one large one."
)


def _checks(row: Row) -> list[str | None]:
    control, e_value, sample, weight = (row[name] for name in list(_CHECKS)[:4])
    return [
        said.points(control, row["control_lo"], row["control_hi"]) if isinstance(control, float) else None,  # type: ignore[arg-type]
        f"{e_value:.2f}" if isinstance(e_value, float) else None,
        words.count(sample) if isinstance(sample, float) else None,
        f"{weight:.1f}" if isinstance(weight, float) else None,
        said.detectable(row["smallest_detectable"]) or None,  # type: ignore[arg-type]
    ]


def _twin(rows: pl.DataFrame, outcome: str) -> pl.DataFrame:
    found = []
    for row in rows.iter_rows(named=True):
        risk, points = row["risk"], row["points"]
        none = said.without_figure(row["status"])
        found.append(
            {
                _WHAT[row["estimator"]]: _named(row),
                "Share (95%)": said.share(risk, row["risk_lo"], row["risk_hi"]) if risk is not None else none,
                "Points (95%)": said.points(points, row["points_lo"], row["points_hi"]) if points is not None else None,
                "Ratio (95%)": said.ratio(row["ratio"], row["ratio_lo"], row["ratio_hi"]),
                "Rests on": said.followed(row["people"], row["events"], outcome) or None,
            }
        )
    return pl.DataFrame(found, infer_schema_length=None)


_WHAT = {_MAIN: "Rhythm", _CHECK: "Rhythm", _TRIAL: "A talk within 60 days"}


def _named(row: Row) -> str:
    if row["estimator"] == _TRIAL:
        return said.STRATA[str(row["stratum"])]
    return said.STRATEGIES[str(row["strategy"])] + (" · cross-check" if row["estimator"] == _CHECK else "")
