"""Six files of one system, one of them late, one a correction and one sent twice, in every order in which they may arrive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from itertools import permutations
from pathlib import Path

from pipelines.landing import LandingFile, inventory
from tests.deliveries import built, contract_files, delivered, landed
from tests.histories import Style, as_exported, careers, shown

WORKERS = "parley__worker_snapshot"
# Those that could claim the files; all others look at other folders.
RIVALS = {c.id: c for c in contract_files().values() if c.settings.get("landing") == "hris/parley"}
DAYS = (date(2024, 9, 30), date(2025, 3, 31), date(2025, 10, 31), date(2026, 5, 31))
CORRECTED_ON = date(2025, 12, 15)


def test_all_orders_of_six_files_are_one_inventory_and_one_state(tmp_path: Path) -> None:
    contents = six_files()
    inventories, states = set(), set()
    for number, order in enumerate(permutations(contents)):
        landing = tmp_path / str(number)
        for name in order:
            path = landing / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(contents[name], encoding="utf-8")
        files = inventory(landing, RIVALS)
        inventories.add(tuple((f.relative, f.sha256, f.as_of, f.contract_id, f.refusal, f.duplicate_of) for f in files))
        if number % 30 == 0:
            states.add(state_of(files))
    assert number == 719
    assert len(inventories) == 1
    assert len(states) == 1


def test_late_corrected_and_repeated_files_come_to_what_they_say(tmp_path: Path) -> None:
    landing = delivered(tmp_path, six_files())
    rows, statuses = landed(inventory(landing, RIVALS), WORKERS)
    assert sorted(statuses) == ["duplicate", "read", "read", "read", "read", "read"]
    with built(rows, "core.spell", "core.job") as con:
        corrected = con.execute("SELECT valid_from, job_title FROM core.job WHERE worker_key = 'S4-B1' ORDER BY 1")
        assert [title for _, title in corrected.fetchall()][-2:] == ["Corrected", _title("S4-B1", DAYS[-1])]
        seen = con.execute("SELECT DISTINCT _as_of FROM raw.parley__worker_snapshot ORDER BY 1").fetchall()
        assert [day for (day,) in seen] == sorted([*DAYS, CORRECTED_ON])


def six_files() -> dict[str, str]:
    """Four exports (which is late depends on the order), a correction of the third under a new name, and one once more."""
    plan = Style(DAYS, keeps_leavers=True, dates_exits=True, dates_jobs=True)
    files = {f"hris/parley/worker_snapshot_{day:%Y%m%d}.csv": _export(plan, day) for day in DAYS}
    corrected = _export(plan, DAYS[2], as_of=DAYS[2], title="Corrected")
    return {
        **files,
        f"hris/parley/worker_snapshot_{CORRECTED_ON:%Y%m%d}.csv": corrected,
        "hris/parley/worker_snapshot_20250331 (2).csv": files["hris/parley/worker_snapshot_20250331.csv"],
    }


def state_of(files: Sequence[LandingFile]) -> str:
    """A fingerprint of all rows of all tables of core."""
    rows, statuses = landed(files, WORKERS)
    digest = sha256(repr(statuses).encode())
    with built(rows) as con:
        tables = con.execute(
            "SELECT 'core.' || table_name FROM information_schema.tables WHERE table_schema = 'core' ORDER BY 1"
        )
        for (name,) in tables.fetchall():
            digest.update(repr((name, sorted(map(repr, con.execute(f"SELECT * FROM {name}").fetchall())))).encode())
    return digest.hexdigest()


def _export(plan: Style, day: date, as_of: date | None = None, title: str = "") -> str:
    """One file; with `as_of` and `title` it states that day again, with another title for one manager."""
    columns = [
        "employee_id",
        "as_of",
        "hire_date",
        "last_day_on",
        "employment_status",
        "job_title",
        "grade_rank",
        "manager_id",
    ]
    lines = [",".join(columns)]
    for person, stints in careers(4).items():
        if seen := shown(stints, day, plan):
            row = as_exported(seen) | {"employee_id": person, "as_of": as_of.isoformat() if as_of else None}
            if title and person == "S4-B1":
                row["job_title"] = title
            lines.append(",".join(row[name] or "" for name in columns))
    return "\n".join(lines) + "\n"


def _title(person: str, day: date) -> str:
    seen = shown(careers(4)[person], day, Style(DAYS, keeps_leavers=True, dates_exits=True, dates_jobs=True))
    assert seen is not None
    return seen.post.title
