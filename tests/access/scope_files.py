"""Scopes and lists as the nightly run publishes them: a leader, a business partner, an analyst and others who may look."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from dashboards.access.reading import ENTRY_COLUMNS, SCOPE_COLUMNS
from dashboards.access.scopes import viewer_key

TODAY = datetime.now(UTC).date()
LONG_AGO = date(2020, 1, 1)
ROLES = {"ann": "analyst", "leo": "leader", "lea": "leader", "hana": "hrbp", "adam": "admin", "aud": "auditor"}
UNITS = {"leo": "LEG", "lea": "OPS", "hana": "LEG"}
PEOPLE = {"leo": ["Quentin Quill", "Rosa Rook"], "lea": ["Sven Swift"], "hana": ["Quentin Quill"]}


def address(person: str) -> str:
    return f"{person}@example.com"


def reference(name: str) -> str:
    return "w-" + hashlib.sha256(name.encode()).hexdigest()[:12]


def entry(name: str, **changes: Any) -> dict[str, Any]:
    row = {
        "worker_ref": reference(name),
        "name": name,
        "role": "Counsel",
        "unit": "Contracts",
        "band": "talk_first",
        "reasons": ["Last talk 14 months ago", "New manager since March"],
        "suggested_start": "Ask what they would like to learn next.",
        "data_date": TODAY,
    }
    return row | changes


def scope_rows() -> list[dict[str, Any]]:
    return [
        {"viewer_key": viewer_key(address(person)), "role": role, "org_unit_key": UNITS.get(person)}
        | {"valid_from": LONG_AGO, "valid_to": None}
        for person, role in ROLES.items()
    ]


def write_scopes(
    published: Path,
    release_id: str,
    scopes: list[dict[str, Any]] | None = None,
    lists: dict[str, list[dict[str, Any]]] | None = None,
) -> Path:
    """Write ``scopes/<release>/`` with its manifest and return the folder; `lists` holds entries by address."""
    folder = published / "scopes" / release_id
    folder.mkdir(parents=True, exist_ok=True)
    named = lists or {address(person): [entry(name) for name in names] for person, names in PEOPLE.items()}
    frames = {"access_scope": pl.DataFrame(scopes or scope_rows(), schema=SCOPE_COLUMNS, orient="row")}
    frames |= {viewer_key(who): pl.DataFrame(rows, schema=ENTRY_COLUMNS, orient="row") for who, rows in named.items()}
    files = {}
    for name, frame in frames.items():
        path = folder / f"{name}.parquet"
        frame.write_parquet(path)
        files[path.name] = {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps({"release_id": release_id, "files": files}), encoding="utf-8")
    return folder


def too_old() -> date:
    return TODAY - timedelta(days=31)
