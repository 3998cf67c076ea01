"""Writes down what is true about a synthetic company; only tests and people who check estimates read it."""

import json
from dataclasses import asdict
from pathlib import Path

import polars as pl

from pipelines.company.assumptions import (
    EXIT_SCALE_MONTHS,
    EXIT_SHAPE,
    EXIT_SHARES,
    IN_DATE_DAYS,
    TALKS_WHILE_ON_NOTICE,
)
from pipelines.company.dirt import dirt_counts
from pipelines.company.record import Company

NOTE = "No published hazard ratio for a career conversation was found; the planted values are assumptions."
FRAMES = (
    "spells",
    "jobs",
    "units",
    "conversations",
    "responses",
    "absences",
    "actions",
    "manager_checks",
    "valued_flags",
    "attributes",
)


def write_truth(company: Company, folder: Path) -> Path:
    """Write truth.json (parameters, planted ratios, counts, dirt) and one Parquet file per frame of latent facts."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FRAMES:
        frame: pl.DataFrame = getattr(company, name)
        frame.write_parquet(folder / f"{name}.parquet")
    path = folder / "truth.json"
    path.write_text(
        json.dumps(_facts(company), indent=2, ensure_ascii=False) + "\n",
        encoding="utf-8",
    )
    return path


def _facts(company: Company) -> dict[str, object]:
    return {
        "note": NOTE,
        "scenario": asdict(company.scenario),
        "parameters": {
            "employees": company.employees,
            "seed": company.seed,
            "as_of": company.as_of.isoformat(),
            "months": company.months,
            "weibull_shape": EXIT_SHAPE,
            "weibull_scale_months": EXIT_SCALE_MONTHS,
            "exit_shares": EXIT_SHARES,
            "in_date_days": IN_DATE_DAYS,
            "talks_while_on_notice": TALKS_WHILE_ON_NOTICE,
        },
        "planted_hazard_ratio": _planted(company),
        "counts": _counts(company),
        "dirt": dirt_counts(company),
    }


def _planted(company: Company) -> dict[str, float]:
    scenario = company.scenario
    low = scenario.low_opportunity_hazard_ratio
    return {
        "conversation_to_voluntary_exit": scenario.hazard_ratio,
        "conversation_to_voluntary_exit_few_openings": scenario.hazard_ratio if low is None else low,
        "conversation_to_involuntary_exit": 1.0,
        "conversation_to_promotion": 1.0,
    }


def _counts(company: Company) -> dict[str, int]:
    talks, spells = company.conversations, company.spells
    present = spells.filter(pl.col("term_on").is_null() | (pl.col("term_on") > company.as_of))
    held = talks.filter(pl.col("held_career"))
    counts = {
        "workers": company.workers.height,
        "spells": spells.height,
        "head_count": present.height,
        "head_count_without_contractors": present.filter(pl.col("kind") != "Contractor").height,
        "conversations_held": held.height,
    }
    counts |= {
        f"recorded_in_{name}": int((held["recorded_in"] == name).sum()) for name in ("talklog", "workbook", "none")
    }
    return counts | {f"exits_{name.lower()}": int((spells["cause"] == name).sum()) for name in EXIT_SHARES}
