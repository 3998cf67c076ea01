"""Worlds to time the links on: tables of core for any number of people, with planted ratios of recency; every number is an assumption."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from pipelines import reference
from pipelines.settings import Settings

AS_OF = date(2026, 6, 30)
# Chances in a month to leave by choice, to talk and to get a new line in the job history (twice a year each); and those of such
# a line to bring another grade, family or stage: the others tell of pay or hours, which are no covariates.
EXIT, TALK, LINE, MOVE = 0.004, 1 / 6, 1 / 6, 0.2
# Hazard ratios while the last conversation is under 3, 3 to 5, 6 to 11, 12 or more months ago, and with none.
RATIOS = np.array([1.0, 1.25, 1.6, 2.0, 1.8])
TEAM = 8
EMPTY = {
    "core.org_closure": "ancestor_key VARCHAR, descendant_key VARCHAR, depth INTEGER, valid_from DATE, valid_to DATE",
    "core.outcome_event": "worker_key VARCHAR, type VARCHAR, decided_on DATE, effective_on DATE",
    "core.move": "worker_key VARCHAR, spell_no BIGINT, moved_on DATE, is_grade_increase BOOLEAN",
    "core.conversation_snapshot": "worker_key VARCHAR, spell_no BIGINT, last_on DATE",
}
_WORKER = "worker_key"


def write_world(path: Path, people: int, months: int, levels: Mapping[str, int], seed: int = 1) -> None:
    """Write a DuckDB file with the tables of core that the links read: `people` employed at a time, `months` of history.

    All begin at the start; who leaves, with the hazard of the eve, is replaced in the month after.
    """
    rng = np.random.default_rng(seed)
    hired, left, talks, lines = _lives(rng, people, months)
    days = np.array([np.datetime64(_first(months - month), "D") for month in range(months + 1)])
    key = pl.Series(_WORKER, np.arange(len(hired))).cast(pl.String).str.zfill(9)
    frames = _frames(rng, days, key, hired, left, talks, lines, levels)
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE SCHEMA core")
        reference.write(con, Settings(home=Path(), history_months=12), AS_OF, [])
        for name, columns in EMPTY.items():
            con.execute(f"CREATE TABLE {name} ({columns})")
        for name, frame in frames.items():
            con.register("incoming", frame)
            con.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming")
            con.unregister("incoming")


def _first(before: int) -> date:
    """The first day of the month so many months before the day after AS_OF."""
    number = (AS_OF + timedelta(days=1)).year * 12 + (AS_OF + timedelta(days=1)).month - 1 - before
    return date(number // 12, number % 12 + 1, 1)


def _lives(
    rng: np.random.Generator, people: int, months: int
) -> tuple[np.ndarray, np.ndarray, list[tuple[np.ndarray, int]], list[tuple[np.ndarray, int]]]:
    """The months in which each is hired and leaves (`months` for nobody yet), and who talks and gets a line in each month."""
    here, last = np.arange(people), np.full(people, -1)
    hired, gone, talks, lines = [np.zeros(people, dtype=int)], [], [], []
    for month in range(months):
        band = np.where(last < 0, 4, np.searchsorted([4, 7, 13], month - last, side="right"))
        goes, talking, lined = (rng.random(people) < chance for chance in (EXIT * RATIOS[band], TALK, LINE))
        last[talking] = month
        talks.append((here[talking], month))
        lines.append((here[lined], month))
        gone.append((here[goes], month))
        if month < months - 1:
            here[goes] = sum(map(len, hired)) + np.arange(goes.sum())
            hired.append(np.full(goes.sum(), month + 1))
            last[goes] = -1
    left = np.full(sum(map(len, hired)), months)
    for who, month in gone:
        left[who] = month
    return np.concatenate(hired), left, talks, lines


def _frames(
    rng: np.random.Generator,
    days: np.ndarray,
    key: pl.Series,
    hired: np.ndarray,
    left: np.ndarray,
    talks: list[tuple[np.ndarray, int]],
    lines: list[tuple[np.ndarray, int]],
    levels: Mapping[str, int],
) -> dict[str, pl.DataFrame]:
    end = AS_OF + timedelta(days=1)
    talk = _dated(talks, days, 14)
    line = _dated(lines, days, 20)
    is_gone = left < len(days) - 1
    notice = np.where(is_gone, days[np.minimum(left, len(days) - 2)] + 9, np.datetime64("NaT"))
    spell = pl.DataFrame(
        {_WORKER: key, "spell_no": 1, "started_on": days[hired], "decided_on": notice, "ended_on": notice + 30},
        schema_overrides={"spell_no": pl.Int64},
    ).with_columns(exit_type=pl.when(pl.col("ended_on").is_not_null()).then(pl.lit("exit_voluntary")))
    ends = pl.min_horizontal(pl.col("ended_on").fill_null(end), pl.lit(end))
    employment = spell.select(_WORKER, "spell_no", "started_on", ends_on=ends)
    span = employment.select(
        _WORKER, "spell_no", "started_on", "ends_on", scope=pl.lit("event"), valid_from="started_on", valid_to="ends_on"
    )
    talked = pl.DataFrame({"person": talk[0], "on": talk[1]}).with_columns(key[talk[0]])
    conversation = talked.join(employment, on=_WORKER).filter(pl.col("on") < pl.col("ends_on")).select(
        conversation_key=pl.int_range(pl.len()).cast(pl.String), worker_key=_WORKER, spell_no="spell_no", occurred_on="on",
        partner_relation=pl.lit("line_manager"), setting=pl.lit("informal"), duration_min=pl.lit(15), duration_basis=pl.lit("reported"),
        initiated_by=pl.lit("employee"), support_type=pl.lit(None, pl.String), usefulness=pl.lit(4),
    )  # fmt: skip
    episode = _episode(rng, employment, conversation, key, line, levels)
    place = ["place_key", "org_unit_key", "manager_key", "career_stage", "grade_code", "job_family", "location_code"]
    job = employment.select(
        _WORKER, valid_from="started_on", valid_to="ends_on", grade_rank=pl.lit(1), source_system=pl.lit("hr")
    )
    return {
        "core.spell": spell,
        "core.employment": employment,
        "core.capture_span": span.drop("started_on", "ends_on"),
        "core.conversation": conversation,
        "core.talk": conversation.select("conversation_key", career_stage=pl.lit("unknown")),
        "core.episode": episode,
        "core.place": episode.select(place).unique(),
        "core.job": job,
    }


def _dated(happened: list[tuple[np.ndarray, int]], days: np.ndarray, day: int) -> tuple[np.ndarray, np.ndarray]:
    people = np.concatenate([who for who, _ in happened])
    return people, np.concatenate([np.full(len(who), days[month] + day) for who, month in happened])


def _episode(
    rng: np.random.Generator,
    employment: pl.DataFrame,
    conversation: pl.DataFrame,
    key: pl.Series,
    line: tuple[np.ndarray, np.ndarray],
    levels: Mapping[str, int],
) -> pl.DataFrame:
    """Spans between conversations and moves, with the covariates of each."""
    lined = pl.DataFrame({"valid_from": line[1]}).select(key[line[0]], "valid_from")
    moved = lined.filter(rng.random(lined.height) < MOVE)
    starts = pl.concat([employment.select(_WORKER, valid_from="started_on"), moved]).unique()
    drawn = starts.sort(_WORKER, "valid_from").with_columns(
        pl.Series(name, rng.integers(0, count, starts.height)).cast(pl.String)
        for name, count in levels.items()
        if name != "division"
    )
    team = key.cast(pl.Int64) // TEAM
    unit = pl.DataFrame(
        {_WORKER: key, "manager_key": team.cast(pl.String), "org_unit_key": (team % levels["division"]).cast(pl.String)}
    )
    turns = pl.concat(
        [
            starts,
            lined,
            conversation.select(_WORKER, valid_from="occurred_on"),
            employment.select(_WORKER, valid_from=pl.col("started_on") + timedelta(days=90)),
        ]
    )
    known = (
        turns.unique()
        .sort("valid_from")
        .join_asof(drawn.sort("valid_from"), on="valid_from", by=_WORKER, check_sortedness=False)
    )
    told = known.join(employment, on=_WORKER).filter(pl.col("valid_from") < pl.col("ends_on")).join(unit, on=_WORKER)
    following = pl.col("valid_from").shift(-1).over(_WORKER).fill_null(pl.col("ends_on"))
    place = pl.concat_str("org_unit_key", "manager_key", "grade", "job_family", "career_stage", separator="|")
    return told.sort(_WORKER, "valid_from").select(
        _WORKER, "spell_no", "started_on", "valid_from", valid_to=following,
        is_eligible=pl.col("valid_from") >= pl.col("started_on") + timedelta(days=90),
        org_unit_key="org_unit_key", manager_key="manager_key", career_stage="career_stage", grade_code="grade", job_family="job_family",
        location_code=pl.lit(None, pl.String), place_key=place,
    )  # fmt: skip
