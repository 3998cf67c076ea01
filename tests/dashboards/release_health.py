"""Made-up rows about sources, files, records set aside and checks for the published folder of the tests."""

from __future__ import annotations

from datetime import date
from typing import Any

Rows = list[dict[str, Any]]


def health_tables(as_of: date) -> dict[str, Rows]:
    """Rows of the tables that Data health shows."""
    return {
        "restatement": _restatement(),
        "source": _sources(as_of),
        "source_file": _files(as_of),
        "quarantine_reason": _reasons(),
        "check_result": _checks(),
    }


def _restatement() -> Rows:
    """Three figures of two closed months changed, one for the worse; four cannot be compared; two are the same."""
    september, october = date(2026, 9, 30), date(2026, 10, 31)
    return [
        restated("COV-02", october, "share", 0.431, 0.438),
        restated("RCY-02", october, "months", 7.6, 7.5),
        restated("RCY-01", september, "people", 281, 294, band="none"),
        restated("RCY-04", september, "share", 0.2, 0.2),
        restated("RCY-04", october, "share", 0.21, 0.21 + 1e-12),
        *(restated("CH3-01", day, "share", 0.2, 0.3, note="definition changed") for day in (september, october)),
        restated("OUT-02", october, "share", 0.86, None, note="withheld now"),
        restated("OLD-01", october, "share", 0.5, None, note="no longer reported"),
    ]


def restated(
    metric_id: str, as_of: date, unit: str, before: float, now: float | None, band: str = "", note: str = ""
) -> dict[str, Any]:
    """A figure of a closed month in the release before and in this one."""
    difference = None if note or now is None else now - before
    place = {"metric_id": metric_id, "metric_version": "1.0.0", "as_of": as_of, "band": band, "unit": unit}
    return place | {"value_before": before, "value_now": now, "difference": difference, "note": note}


def _sources(as_of: date) -> Rows:
    return [
        source_row("workday__worker", "Workday workers", "hris", "fresh", as_of, 7, 2341, 0),
        source_row("talklog__conversation", "Talk log", "conversations", "fresh", as_of, 2, 8120, 11),
        source_row("qualtrics__survey_response", "Qualtrics survey", "surveys", "late", date(2026, 8, 30), 31, 1204, 3),
        source_row("workday__absence", "Workday absences", "hris", "never", None, 31, 0, 0),
    ]


def _files(as_of: date) -> Rows:
    return [
        file_row("a1" * 8, "hris/workers_2026-11-22.csv", "workday__worker", as_of, 2342, 1, 2341, 0),
        file_row("b2" * 8, "conversations/talklog_2026-11-22.csv", "talklog__conversation", as_of, 8132, 1, 8120, 11),
        file_row(
            "c3" * 8,
            "surveys/pulse_2026-08-30.csv",
            "qualtrics__survey_response",
            date(2026, 8, 30),
            1210,
            3,
            1204,
            3,
        ),
    ]


def _reasons() -> Rows:
    return [
        _reason(
            "talklog__conversation",
            "conversations/talklog_2026-11-22.csv",
            "The conversation is dated in the future.",
            8,
            61,
        ),
        _reason(
            "talklog__conversation",
            "conversations/talklog_2026-11-22.csv",
            "The person is not in any HR export.",
            3,
            977,
        ),
        _reason(
            "qualtrics__survey_response", "surveys/pulse_2026-08-30.csv", "The answer is outside the scale.", 3, 12
        ),
    ]


def _checks() -> Rows:
    return [
        _check(
            "core.worker",
            "leavers_present",
            "People who left are in the data, so survivors are not all there is.",
            True,
            214,
        ),
        _check("core.conversation", "held_not_future", "A held conversation is not in the future.", True, 0),
        _check("published.metric", "no_small_cells", "No cell rests on fewer people than the floor.", True, 0),
        _check("raw.workday__absence", "leavers_present", "The file has absences of people who left.", True, 0),
        _wave_changes(),
    ]


def _wave_changes() -> dict[str, Any]:
    """A warning written as a query: it has an answer and no rows that broke it."""
    text = (
        "Survey questions came back with another wording than in the wave before; their answers are not trended. "
        "Compare the wordings in core.question_change, then add a row for each to survey_question. Found: 3."
    )
    row = _check("core.question_change", "changes_are_declared", text, False, 3, "warning")
    return row | {"unexpected": None}


def source_row(
    source: str, title: str, domain: str, status: str, last: date | None, days: int, accepted: int, quarantined: int
) -> dict[str, Any]:
    row = {"source": source, "title": title, "domain": domain, "grain": "one row per record", "files": 1 if last else 0}
    counts = {"accepted": accepted, "quarantined": quarantined}
    return (
        row
        | counts
        | {
            "last_as_of": last,
            "freshness_days": days,
            "status": status,
            "remedy": f"Export {title} again and put the file in landing/{domain}/.",
        }
    )


def file_row(
    file_id: str, path: str, source: str, as_of: date, records: int, header: int, accepted: int, quarantined: int
) -> dict[str, Any]:
    row = {"file_id": file_id, "path": path, "source": source, "status": "read", "reason": None, "as_of": as_of}
    found = {"encoding": "utf-8", "delimiter": ",", "date_format": "held_on yyyy-MM-dd; logged_on yyyy-MM-dd"}
    return row | found | {"records": records, "header": header, "accepted": accepted, "quarantined": quarantined}


def _reason(source: str, path: str, reason: str, records: int, first_line: int) -> dict[str, Any]:
    return {"source": source, "path": path, "reason": reason, "records": records, "first_line": first_line}


def _check(
    table: str, name: str, description: str, is_passed: bool, observed: float, severity: str = "error"
) -> dict[str, Any]:
    row = {"table_name": table, "check_name": name, "column_name": "", "description": description, "severity": severity}
    return row | {"is_passed": is_passed, "observed": observed, "unexpected": 0 if is_passed else int(observed)}
