"""The lists of one night: from the warehouse to one file a viewer. The only place where names meet entries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from pipelines import scoring
from pipelines.identity import secret
from pipelines.lists import choosing
from pipelines.lists.objections import objecting
from pipelines.lists.references import reference
from pipelines.lists.reviews import decisions, reviews
from pipelines.lists.scope_files import write_scopes
from pipelines.lists.walking import require_right_lines
from pipelines.scoring.phrases import phrases, starts
from pipelines.settings import Settings
from pipelines.warehouse import frame

# What a file may say of a person, in this order; the dashboard refuses a file that says more.
ENTRY = ("worker_ref", "name", "role", "unit", "band", "reasons", "suggested_start", "data_date")
_HOLDS = "valid_from <= $on AND (valid_to IS NULL OR valid_to > $on)"
_SCOPES = "SELECT viewer_key, role, org_unit_key, valid_from, valid_to FROM core.access_grant ORDER BY ALL"
_LINE = "SELECT viewer_key, role, worker_key, granted_key, depth FROM lists.line ORDER BY ALL"
_TALKED = "SELECT worker_key, last_on FROM lists.due"
_PEOPLE = f"""
    SELECT j.worker_key, coalesce(i.display_name, 'Name not on record') AS name, coalesce(j.job_title, '') AS role,
        coalesce(u.name, j.org_unit_key, '') AS unit
    FROM (SELECT * FROM core.job WHERE {_HOLDS}) j
    LEFT JOIN core.identity i ON j.worker_key = i.worker_key
    LEFT JOIN (SELECT org_unit_key, name FROM core.org_unit WHERE {_HOLDS}) u ON j.org_unit_key = u.org_unit_key"""
_ABOVE = f"""
    SELECT j.worker_key, c.ancestor_key FROM (SELECT * FROM core.job WHERE {_HOLDS}) j
    JOIN core.org_closure c ON j.org_unit_key = c.descendant_key AND c.valid_from <= $on AND c.valid_to > $on"""
_NAMES = "SELECT DISTINCT g.viewer_key, i.display_name FROM core.access_grant g JOIN core.identity i ON g.worker_key = i.worker_key"
_UNITS = f"SELECT org_unit_key, name FROM core.org_unit WHERE {_HOLDS}"
# Whose newest record of job or person was set aside may stand in the wrong line: nobody is given their name.
_ASIDE = """
    SELECT DISTINCT x.worker_key FROM landing.quarantine q
    JOIN landing.source_file f ON q.file_id = f.file_id
    JOIN core.worker_xref x ON upper(trim(json_extract_string(q.record, '$.employee_id'))) = x.id_norm
    WHERE q.rule NOT IN ('duplicate', 'erased') AND f.path LIKE 'hris/%'
        AND f.as_of = (SELECT max(as_of) FROM landing.source_file n WHERE n.source = f.source)"""


@dataclass(frozen=True)
class Made:
    """What was written: the folder, how many viewers have a list, and why there is none (empty where there may be)."""

    folder: Path
    lists: int
    refusal: str


def publish_lists(con: duckdb.DuckDBPyConnection, settings: Settings, release_id: str, on: date) -> Made:
    """Write the scopes and lists of a release, the lines compared over all pairs first.

    Raises ScopeError where they do not agree, LedgerError where decisions cannot be trusted; then nothing is written.
    """
    require_right_lines(con, on)
    scopes = frame(con, _SCOPES)
    frames = {"access_scope": scopes} if scopes.height else {}
    refusal = settings.lists.refusal
    lists = {} if refusal else _lists(con, settings, on)
    folder = write_scopes(settings.published, release_id, frames | lists, refusal)
    return Made(folder, sum(not name.startswith("review-") for name in lists), refusal)


def _lists(con: duckdb.DuckDBPyConnection, settings: Settings, on: date) -> dict[str, pl.DataFrame]:
    objected = objecting(con, settings)
    entries = scoring.list_entries(con, on, settings.critical_days, without=objected)
    above = _above(con, on)
    off = _aside(con) | _frozen(settings, above, on)
    key = secret(settings.identity_key)
    cards = choosing.cards(entries, frame(con, _TALKED), off, on)
    refs = [reference(key, worker) for worker in cards["worker_key"]]
    worded = _worded(cards.with_columns(ref=pl.Series(refs, dtype=pl.String)))
    named = choosing.with_entry(worded).join(frame(con, _PEOPLE, on=on), on="worker_key", maintain_order="left")
    # A line is as long as the people who may be on a list at all: whoever objects is not counted where a name could be inferred.
    line = frame(con, _LINE).filter(~pl.col("worker_key").is_in(list(objected)))
    limits = choosing.Limits(settings.lists.cap, settings.lists.smallest_line)
    seen = choosing.reviewed(named, above, reviews(decisions(settings.home), on))
    mine = choosing.leaders_lists(seen, line, limits)
    shown = {str(viewer): _file(rows) for (viewer,), rows in mine.group_by("viewer_key")}
    return shown | _for_review(con, named, line, choosing.leaders_lists(named, line, limits), on)


def _for_review(
    con: duckdb.DuckDBPyConnection, named: pl.DataFrame, line: pl.DataFrame, would_see: pl.DataFrame, on: date
) -> dict[str, pl.DataFrame]:
    """Two files for each HR business partner: the entries of their units, and to whom each would go once released."""
    leaders = (
        would_see.join(frame(con, _NAMES), on="viewer_key")
        .group_by("ref")
        .agg(leaders=pl.col("display_name").drop_nulls().unique().sort())
    )
    units = dict(con.execute(_UNITS, {"on": on}).fetchall())
    partner = line.filter(pl.col("role") == "hrbp").select("viewer_key", "worker_key", "granted_key")
    files = {}
    for (viewer,), rows in (
        partner.join(named, on="worker_key").sort("name", "ref").group_by("viewer_key", maintain_order=True)
    ):
        to = rows.join(leaders, on="ref", how="left", maintain_order="left").with_columns(
            pl.col("leaders").fill_null([])
        )
        files[str(viewer)] = _file(rows)
        files[f"review-{viewer}"] = to.select(
            worker_ref="ref",
            entry="entry",
            unit_key="granted_key",
            unit=pl.col("granted_key").replace(units),
            leaders="leaders",
        )
    return files


def _worded(cards: pl.DataFrame) -> pl.DataFrame:
    """Ids of phrases as the sentences a reader sees."""
    said = {phrase.id: phrase.text for phrase in phrases()}
    begun = {start.id: start.text for start in starts().values()}
    return cards.with_columns(
        pl.col("reasons").list.eval(pl.element().replace_strict(said, return_dtype=pl.String)),
        pl.col("suggested_start").replace_strict(begun, return_dtype=pl.String),
    )


def _file(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.rename({"ref": "worker_ref"}).select(ENTRY)


def _aside(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    return frozenset(row[0] for row in con.execute(_ASIDE).fetchall())


def _above(con: duckdb.DuckDBPyConnection, on: date) -> dict[str, frozenset[str]]:
    """The unit of each person and all above it."""
    found: dict[str, set[str]] = defaultdict(set)
    for worker, unit in con.execute(_ABOVE, {"on": on}).fetchall():
        found[worker].add(unit)
    return {worker: frozenset(units) for worker, units in found.items()}


def _frozen(settings: Settings, above: dict[str, frozenset[str]], on: date) -> frozenset[str]:
    units = {freeze.unit for freeze in settings.lists.freezes if freeze.first_day <= on <= freeze.last_day}
    return frozenset(worker for worker, found in above.items() if units & found)
