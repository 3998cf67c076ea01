"""Each person as the HR system shows them: name, contract, status and how the latest employment ended."""

import unicodedata
from datetime import date

import numpy as np
import polars as pl

from pipelines.company.assumptions import stream
from pipelines.company.organisation import PLACES
from pipelines.company.vocabulary import (
    END_OF_TERM,
    EXIT_REASONS,
    FIRST_NAMES,
    LAST_NAMES,
    ORDINARY_LETTERS,
    RETIREMENT,
)

PART_TIME_SHARE = 0.14
BLANK_CATEGORY_SHARE = 0.015  # exits whose category nobody entered
BLANK_REASON_SHARE = 0.04
REGRETTED = {"Yes": 0.35, "No": 0.45, "": 0.20}  # of voluntary exits
RETIREMENT_AGE_DAYS = 66 * 365
BRIDGED_GAP_DAYS = 365  # a shorter absence between two employments keeps continuous service


def people(spells: pl.DataFrame, absences: pl.DataFrame, as_of: date, seed: int) -> pl.DataFrame:
    """One row per person, ordered by employee id, with the dates of the first and the latest employment."""
    ordered = spells.sort("employee_id", "hired_on")
    first = ordered.group_by("employee_id", maintain_order=True).agg(
        original_hire_on=pl.col("hired_on").first(),
        earlier_term_on=pl.col("term_on").shift(1).last(),
    )
    latest = ordered.unique("employee_id", keep="last", maintain_order=True)
    rows = first.join(latest, on="employee_id", maintain_order="left")
    rng = stream(seed, "people")
    away = absences.filter(pl.col("ended_on").is_null())["employee_id"].implode()
    rows = rows.with_columns(_status(away, as_of), **_service())
    return _with_exit_words(_with_contract(_with_names(rows, rng), rng), rng, as_of)


def _status(away: pl.Series, as_of: date) -> pl.Expr:
    gone = pl.col("term_on") <= as_of
    on_leave = pl.col("employee_id").is_in(away)
    return (
        pl.when(gone)
        .then(pl.lit("Terminated"))
        .when(on_leave)
        .then(pl.lit("On Leave"))
        .otherwise(pl.lit("Active"))
        .alias("status")
    )


def _service() -> dict[str, pl.Expr]:
    gap = (pl.col("hired_on") - pl.col("earlier_term_on")).dt.total_days()
    bridged = gap < BRIDGED_GAP_DAYS
    return {
        "continuous_service_on": pl.when(bridged).then("original_hire_on").otherwise("hired_on"),
        "last_day_on": pl.col("term_on") - pl.duration(days=1),
    }


def _with_names(rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    first, last = (
        rng.integers(len(FIRST_NAMES), size=rows.height),
        rng.integers(len(LAST_NAMES), size=rows.height),
    )
    plain_first = np.array([_plain(name) for name in FIRST_NAMES])
    plain_last = np.array([_plain(name) for name in LAST_NAMES])
    return rows.with_columns(
        name=pl.Series(np.array(FIRST_NAMES)[first]) + " " + pl.Series(np.array(LAST_NAMES)[last]),
        email=pl.Series(plain_first[first])
        + "."
        + pl.Series(plain_last[last])
        + pl.col("employee_id").str.strip_chars_start("0")
        + "@northlight.example",
    )


def _plain(name: str) -> str:
    """The name in lower-case ASCII, for mail addresses."""
    replaced = "".join(ORDINARY_LETTERS.get(letter, letter) for letter in name)
    return unicodedata.normalize("NFKD", replaced).encode("ascii", "ignore").decode().lower()


def _with_contract(rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    part_time = rng.random(rows.height) < PART_TIME_SHARE
    fte = np.where(part_time, rng.choice(["0.5", "0.6", "0.8"], rows.height), "1")
    outside = pl.col("kind") == "Contractor"
    return rows.with_columns(
        worker_type=pl.when(outside).then(pl.lit("Contingent Worker")).otherwise(pl.lit("Employee")),
        time_type=pl.Series(np.where(part_time, "Part time", "Full time")),
        fte=pl.Series(fte),
        country=pl.Series(np.array([country for _, country in PLACES])[rows["place"]]),
    )


def _with_exit_words(rows: pl.DataFrame, rng: np.random.Generator, as_of: date) -> pl.DataFrame:
    size = rows.height
    retires_on = pl.col("born_on") + pl.duration(days=RETIREMENT_AGE_DAYS)
    nearly = (retires_on <= as_of + pl.duration(days=5 * 365)) & (retires_on > as_of) & pl.col("cause").is_null()
    told, no_category = rng.random(size) < 0.6, rng.random(size) < BLANK_CATEGORY_SHARE
    voluntary = pl.col("cause") == "Voluntary"
    regretted = pl.Series(rng.choice(list(REGRETTED), size, p=list(REGRETTED.values())))
    return rows.with_columns(
        resignation_on=pl.when(voluntary).then("notice_on"),
        category=pl.when(~pl.Series(no_category)).then("cause"),
        reason=_reasons(rows, rng),
        regretted=pl.when(voluntary & (regretted != "")).then(regretted),
        retires_on=pl.when(nearly & pl.Series(told)).then(retires_on),
    )


def _reasons(rows: pl.DataFrame, rng: np.random.Generator) -> pl.Series:
    blank = pl.Series(rng.random(rows.height) < BLANK_REASON_SHARE)
    drawn = {cause: pl.Series(rng.choice(words, rows.height)) for cause, words in EXIT_REASONS.items()}
    age = (pl.col("term_on") - pl.col("born_on")).dt.total_days() / 365.25
    other = pl.col("cause") == "Other"
    reason = (
        pl.when(blank | pl.col("cause").is_null())
        .then(None)
        .when(other & (pl.col("kind") == "Fixed Term"))
        .then(pl.lit(END_OF_TERM))
        .when(other & (age >= 62))
        .then(pl.lit(RETIREMENT))
        .when(pl.col("cause") == "Voluntary")
        .then(drawn["Voluntary"])
        .when(pl.col("cause") == "Involuntary")
        .then(drawn["Involuntary"])
        .otherwise(drawn["Other"])
    )
    return rows.select(reason.alias("reason")).to_series()
