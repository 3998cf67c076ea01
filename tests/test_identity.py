"""Whether an id still stands for the same person: reuse, renumbering, mergers, addresses and names, over whole builds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pipelines.landing import inventory
from pipelines.overlays import load_overlays
from tests.deliveries import AS_OF, built, contract_files, delivered, landed, texts_in_core
from tests.runs import carry_out
from tests.sql_cases import Row

DAYS = (date(2026, 1, 31), date(2026, 3, 31), date(2026, 6, 30))
SOURCES = ("parley__worker_snapshot", "parley__conversation")
FIRST = ["Zoë", "Jörg", "Ines", "Per", "Nia", "Rui", "Ana", "Łukasz", "Siân", "Mei", "Tom", "Ada"]
LAST = ["O'Hara", "Brandt", "Silva", "Lind", "Castro", "Nowak", "Kim", "Okoye", "Moreau", "Haas", "Ito", "Reyes"]
HEADINGS = (
    "Employee_Name,EmpID,DOB,DateofHire,DateofTermination,TermReason,EmploymentStatus,Department,Position,ManagerName"
)
TALKS = (
    "conversation_id,employee_id,occurred_on,partner_role,initiated_by,setting,channel,duration_basis,purpose,"
    "support_type,career_content,status,confirmed_by"
)

Person = dict[str, Any]


def core_of(home: Path) -> Any:
    """As `built`, from the landing folder of `home` read with its overlays."""
    overlays = list(load_overlays(home / "contracts", contract_files()).values())
    rows, statuses = landed(inventory(home / "landing", contract_files(), overlays), *SOURCES)
    assert set(statuses) == {"read"}
    return built({table: found for table, found in rows.items() if found})


def verdicts(con: Any) -> dict[str, int]:
    """What the contract's checks of compared ids find, by name; nothing is wrong at 0."""
    checks = contract_files()["id_comparison"].checks
    return {check.name: con.execute(check.query).fetchall()[0][0] for check in checks}


def staff(seed: int, number: int) -> list[Person]:
    """Invented people: no two with one name, birth date or hire date."""
    rng = Random(f"staff {seed}")
    names = [f"{last}, {first}" for first in FIRST for last in LAST]
    rng.shuffle(names)
    days = rng.sample(range(6000), 2 * number)
    return [
        {
            "id": f"{10001 + place:05}",
            "name": names[place],
            "birth": date(1965, 1, 1) + timedelta(days=days[2 * place]),
            "hire": date(2008, 1, 1) + timedelta(days=days[2 * place + 1]),
        }
        for place in range(number)
    ]


def extract(people_now: Sequence[Person]) -> str:
    """An export in the shape many analysts know: one row per person, American dates, names turned round."""
    lines = [
        f'"{p["name"]}",{p["id"]},{p["birth"]:%m/%d/%Y},{p["hire"]:%m/%d/%Y},,N/A-StillEmployed,Active,Works,Technician,Ines Boss'
        for p in people_now
    ]
    return "\n".join([HEADINGS, *lines]) + "\n"


def talks(people_now: Sequence[Person], on: date) -> str:
    """One conversation of each person on a day."""
    lines = [
        f"{on}/{number},{p['id']},{on},line_manager,employee,dedicated,unknown,reported,unknown,,explicit,held_confirmed,both"
        for number, p in enumerate(people_now, 1)
    ]
    return "\n".join([TALKS, *lines]) + "\n"


def given_ids(people_now: Sequence[Person], form: str) -> list[Person]:
    """The same people with their ids written differently."""
    return [p | {"id": form.format(int(p["id"]))} for p in people_now]


def test_two_people_with_one_id_are_never_joined_in_a_thousand_pairs() -> None:
    rng = Random("reuse")
    rows: dict[str, list[Row]] = {
        "raw.parley__worker_snapshot": [],
        "raw.parley__conversation": [],
        "raw.parley__outcome_event": [],
    }
    for number in range(1000):
        for table, found in _pair(rng, f"R{number:04}").items():
            rows[table] += found
    stays = [_stated("KEPT", day, "Ito, Mei", date(1990, 1, 1), date(2019, 1, 1)) for day in DAYS]
    rows["raw.parley__worker_snapshot"] += [row | {"manager_id": "R0007"} for row in stays]
    rows["raw.parley__conversation"] += [_talk("KEPT", date(2026, 6, 1)) | {"partner_id": "R0008"}]
    with built(rows) as con:
        conflicted = {key for (key,) in con.execute("SELECT id_norm FROM core.id_conflict").fetchall()}
        assert conflicted == {f"R{number:04}" for number in range(1000)}
        joined = {
            (table, column): keys & conflicted
            for table, column, keys in texts_in_core(con)
            if (table, column) != ("core.id_conflict", "id_norm")
        }
        assert len(joined) > 40
        assert not {place: keys for place, keys in joined.items() if keys}
        assert con.execute("SELECT count(*) FROM core.spell").fetchall() == [(1,)]
        assert con.execute("SELECT worker_key, partner_key FROM core.conversation").fetchall() == [("KEPT", None)]


def test_an_extract_whose_ids_moved_stops_the_night_and_says_how_many(tmp_path: Path) -> None:
    before = staff(1, 40)
    moved = [p | {"id": before[(place + 1) % 35]["id"]} for place, p in enumerate(before[:35])] + before[35:]
    exports = {DAYS[0]: before, DAYS[2]: moved}
    delivered(tmp_path, {f"hris/parley/worker_snapshot_{d:%Y%m%d}.csv": extract(p) for d, p in exports.items()})
    outcome = carry_out(tmp_path, AS_OF)
    assert (outcome.release_id, outcome.stopped_at) == (None, "core/id_comparison")
    assert "worker ids stand for other people than in the export before" in outcome.reason
    assert "Found: 35." in outcome.reason
    assert "leading zeros" not in outcome.reason
    with core_of(tmp_path) as con:
        assert con.execute("SELECT count(*) FROM core.spell").fetchall() == [(5,)]


@pytest.mark.parametrize(
    ("old", "new", "remedy"),
    [("{:06}", "{}", "idWidth: 6"), ("{}", "GB{}", "idPrefix: GB"), ("{}", "{:08}", "idWidth: 8")],
    ids=["zeros lost", "prefix added", "zeros added"],
)
def test_ids_written_differently_stop_until_the_source_declares_how(
    tmp_path: Path, old: str, new: str, remedy: str
) -> None:
    present = staff(2, 31)
    exports = {DAYS[0]: given_ids(present[:30], old), DAYS[2]: given_ids(present, new)}
    delivered(tmp_path, {f"hris/parley/worker_snapshot_{d:%Y%m%d}.csv": extract(p) for d, p in exports.items()})
    with core_of(tmp_path) as con:
        assert verdicts(con) == {"ids_stay_with_people": 0, "people_keep_their_ids": 30, "no_id_moved": 0}
    declare(tmp_path, "staff", "parley__worker_snapshot", remedy)
    with core_of(tmp_path) as con:
        assert set(verdicts(con).values()) == {0}
        assert con.execute("SELECT count(*), count(ended_on) FROM core.spell").fetchall() == [(31, 0)]


def test_two_companies_with_the_same_numbers_need_an_id_space(tmp_path: Path) -> None:
    ours, theirs = staff(3, 30), staff(4, 30)
    assert {p["id"] for p in ours} == {p["id"] for p in theirs}
    files = {}
    for name, company, met_on in (("ours", ours, date(2026, 6, 1)), ("theirs", theirs, date(2026, 5, 1))):
        for day in (DAYS[0], DAYS[2]):
            leavers = 1 if day == DAYS[2] else 0
            files[f"hris/parley/{name}/worker_snapshot_{day:%Y%m%d}.csv"] = extract(company[leavers:])
        files[f"conversations/parley/{name}/conversation_20260630.csv"] = talks(company, met_on)
    delivered(tmp_path, files)
    with core_of(tmp_path) as con:
        assert verdicts(con)["ids_stay_with_people"] == 30
        assert con.execute("SELECT * FROM core.worker_xref").fetchall() == []
    declare(tmp_path, "their_staff", "parley__worker_snapshot", "idSpace: B-", "hris/parley/theirs")
    declare(tmp_path, "their_talks", "parley__conversation", "idSpace: B-", "conversations/parley/theirs")
    with core_of(tmp_path) as con:
        assert set(verdicts(con).values()) == {0}
        keys = {p["id"] for p in ours} | {f"B-{p['id']}" for p in theirs}
        assert {key for (key,) in con.execute("SELECT worker_key FROM core.spell").fetchall()} == keys
        talked = con.execute("SELECT worker_key, fault, occurred_on FROM core.conversation_claim").fetchall()
        assert {key for key, fault, _ in talked if fault is None} == keys
        assert {on for key, _, on in talked if key.startswith("B-")} == {date(2026, 5, 1)}
        gone = con.execute("SELECT worker_key FROM core.spell WHERE ended_on IS NOT NULL ORDER BY 1").fetchall()
        assert [key for (key,) in gone] == ["10001", "B-10001"]


def test_addresses_and_names_lead_to_one_person_or_to_nobody() -> None:
    ids = ["ann@acme.test", "BEN", "CLEO", "DAN", "EVE", "FAY"]
    names = ["Ann Ito", "Ben Kim", "Silva, Cleo", "Dan Haas", "Dan Haas", "Fay Lind"]
    mails = [None, "team@acme.test", "Team@ACME.test", "dan@acme.test", None, "ANN@acme.test"]
    managers = ["Cleo Silva", "Dan Haas", None, None, None, None]
    rows: list[Row] = [
        _stated(person, AS_OF, name, date(1980, 1, number), date(2010, 1, number))
        | {"work_email": mail, "manager_name": manager}
        for number, (person, name, mail, manager) in enumerate(zip(ids, names, mails, managers, strict=True), 1)
    ]
    asked = ["Ann@acme.test", "TEAM@acme.test", "dan@acme.test"]
    talked = [_talk(person, date(2026, 6, number)) for number, person in enumerate(asked, 1)]
    with built({"raw.parley__worker_snapshot": rows, "raw.parley__conversation": talked}) as con:
        found = con.execute("SELECT worker_key, fault FROM core.conversation_claim ORDER BY occurred_on").fetchall()
        assert found == [("ANN@ACME.TEST", None), (None, "orphan"), ("DAN", None)]
        bosses = con.execute(
            "SELECT worker_key, manager_key, is_manager_unknown FROM core.worker_snapshot ORDER BY 1 LIMIT 2"
        )
        assert bosses.fetchall() == [("ANN@ACME.TEST", "CLEO", False), ("BEN", None, True)]


def declare(home: Path, name: str, source: str, setting: str, landing: str = "hris/parley") -> None:
    """An overlay that reads the files of `source` in a folder with one more setting."""
    (home / "contracts").mkdir(exist_ok=True)
    text = f"of: {source}\nlanding: {landing}\nsettings:\n  {setting}\n"
    (home / "contracts" / f"{name}.overlay.yaml").write_text(text, encoding="utf-8")


def _pair(rng: Random, shared: str) -> dict[str, list[Row]]:
    """Two people who had one id one after the other: exports, a conversation each, and an exit of the first."""
    (first, born, hired), (second, later_born, later_hired) = _two_people(rng)
    handed_over = rng.choice([1, 2])
    facts = [(first, born, hired)] * handed_over + [(second, later_born, later_hired)] * (len(DAYS) - handed_over)
    exports = [
        _stated(shared, day, *fact) | {"work_email": f"{shared}@acme.test"}
        for day, fact in zip(DAYS, facts, strict=True)
    ]
    exit_on: Row = {
        "employee_id": shared, "type": "exit_voluntary", "effective_on": "2026-02-10", "_as_of": AS_OF.isoformat(),
    }  # fmt: skip
    return {
        "raw.parley__worker_snapshot": exports,
        "raw.parley__conversation": [_talk(shared, date(2026, 1, 15)), _talk(f"{shared}@acme.test", date(2026, 6, 20))],
        "raw.parley__outcome_event": [exit_on],
    }


def _two_people(rng: Random) -> tuple[tuple[str | None, date | None, date], tuple[str | None, date | None, date]]:
    """Two people who may share a first name; the export may lack birth dates (then the names differ), or names."""
    lacks = rng.choice(["nothing", "births", "names"])
    givens = [rng.choice(FIRST) for _ in range(2)] if lacks == "nothing" else rng.sample(FIRST, 2)
    names = [
        f"{last}, {first}" if lacks != "names" else None
        for last, first in zip(rng.sample(LAST, 2), givens, strict=True)
    ]
    days = rng.sample(range(6000), 4)
    births = [date(1965, 1, 1) + timedelta(days=day) if lacks != "births" else None for day in days[:2]]
    hires = [date(2008, 1, 1) + timedelta(days=day) for day in days[2:]]
    return (names[0], births[0], hires[0]), (names[1], births[1], hires[1])


def _stated(person: str, day: date, name: str | None, birth: date | None, hire: date) -> Row:
    return {
        "employee_id": person, "_as_of": day.isoformat(), "display_name": name, "birth_on": birth.isoformat() if birth else None,
        "hire_date": hire.isoformat(), "employment_status": "active", "job_title": "Clerk", "org_unit_key": "Works",
    }  # fmt: skip


def _talk(person: str, day: date) -> Row:
    return {
        "conversation_id": f"{person} {day}", "employee_id": person, "occurred_on": day.isoformat(), "setting": "dedicated",
        "career_content": "explicit", "status": "held_confirmed", "_as_of": AS_OF.isoformat(),
    }  # fmt: skip
