"""The one way to data: who gets what, that it is on record first, and that nothing else gets anything."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboards.access.audit_log import read_chain
from dashboards.access.denials import (
    AccessDeniedError,
    ListError,
    NoScopeError,
    NotAllowedError,
    NotLoggedError,
    ParameterError,
    SignedOutError,
)
from dashboards.access.fetching import SESSIONS, fetch, log_chain
from dashboards.access.queries import REGISTRY
from dashboards.access.reading import ENTRY_COLUMNS
from dashboards.access.scopes import line, viewer_key
from tests.access.conftest import As
from tests.access.scope_files import PEOPLE, ROLES, TODAY, address, entry, reference, scope_rows, too_old, write_scopes
from tests.dashboards.release import RELEASE_ID

PURPOSE = {"purpose": "prepare_conversation"}
COMPANY = {"ids": ("COV-02",), "cut": "company", "keys": ("company",), "second": ""}
PARAMS: dict[str, dict[str, Any]] = {
    "metric": COMPANY,
    "keys": {"cut": "career_stage"},
    "my_list": PURPOSE,
    "review_list": PURPOSE,
    "review_recipients": PURPOSE,
    "list_entry": PURPOSE | {"worker_ref": reference("Quentin Quill")},
}
FIGURES = {"metric", "company", "keys"}
LISTS = {"my_list", "review_list", "review_recipients", "list_entry"}


def of(cut: str, *keys: str, ids: tuple[str, ...] = ("COV-02",)) -> dict[str, Any]:
    return {"ids": ids, "cut": cut, "keys": keys, "second": ""}


def allowed(session: Any, release: str, query_id: str) -> bool:
    try:
        fetch(session, query_id, release, PARAMS.get(query_id, {}))
    except NotAllowedError:
        return False
    return True


def test_every_role_gets_its_queries_and_no_other(signed_in: As, release: str) -> None:
    granted = {
        p: {q for q in REGISTRY if allowed(signed_in(p), release, q)} for p in ("ann", "hana", "leo", "adam", "aud")
    }
    tables = {f"table.{t}" for t in ("check_result", "source", "source_file", "quarantine_reason")}
    tables |= {f"table.{t}" for t in ("setting", "metric_definition", "refusal", "refusal_picture", "cut_group")}
    assert granted["ann"] == set(REGISTRY) - LISTS
    assert granted["hana"] == set(REGISTRY) - {"my_list"}
    assert granted["leo"] == tables | {"keys", "my_list", "list_entry"}
    assert granted["adam"] == tables
    assert granted["aud"] == set()


def test_an_administrator_sees_how_records_fared_and_no_figure_about_people(signed_in: As, release: str) -> None:
    adam = signed_in("adam")
    assert fetch(adam, "metric", release, of("rule", ids=("DQ-04",))).height
    for asked in (COMPANY, of("rule", ids=("DQ-04", "COV-02")), of("org_unit", "LEG", ids=("DQ-01",))):
        with pytest.raises(NotAllowedError):
            fetch(adam, "metric", release, asked)
    assert set(fetch(adam, "table.cut_group", release, {})["cut"]) == {"rule"}


def test_a_leader_sees_figures_of_the_own_line_only(signed_in: As, release: str) -> None:
    leo = signed_in("leo")
    assert set(fetch(leo, "metric", release, of("org_unit", "LEG", "LEG1"))["group_key"]) == {"LEG", "LEG1"}
    for asked in (COMPANY, of("org_unit", "OPS"), of("org_unit", "LEG", "OPS"), of("org_unit"), of("career_stage")):
        with pytest.raises(NotAllowedError):
            fetch(leo, "metric", release, asked)
    with pytest.raises(NotAllowedError):
        fetch(leo, "keys", release, {"cut": "org_unit"})
    units = fetch(leo, "table.cut_group", release, {}).filter(pl.col("cut") == "org_unit")["group_key"]
    assert set(units) == line(Path(release), frozenset({"LEG"}))


@pytest.mark.parametrize("person", ["leo", "lea"])
def test_a_list_is_that_of_the_session_and_nothing_in_the_call_can_change_it(
    signed_in: As, release: str, person: str
) -> None:
    session = signed_in(person)
    assert fetch(session, "my_list", release, PURPOSE)["name"].to_list() == PEOPLE[person]
    for name in ("viewer", "viewer_key", "scope", "session", "role", "units"):
        with pytest.raises(ParameterError):
            fetch(session, "my_list", release, PURPOSE | {name: viewer_key(address("lea"))})


def test_an_entry_of_another_list_and_one_that_does_not_exist_are_told_alike(signed_in: As, release: str) -> None:
    leo = signed_in("leo")
    own = fetch(leo, "list_entry", release, PURPOSE | {"worker_ref": reference("Rosa Rook")})
    assert own["name"].to_list() == ["Rosa Rook"]
    told = []
    for name in ("Sven Swift", "Nobody Known"):
        with pytest.raises(NotAllowedError) as denied:
            fetch(leo, "list_entry", release, PURPOSE | {"worker_ref": reference(name)})
        told.append(str(denied.value))
    assert told[0] == told[1]


@pytest.mark.parametrize("purpose", ["", "curiosity", None, 1])
def test_a_list_is_opened_for_a_purpose_or_not_at_all(signed_in: As, release: str, purpose: object) -> None:
    with pytest.raises(ParameterError):
        fetch(signed_in("leo"), "my_list", release, {"purpose": purpose})


def test_names_are_on_record_at_every_read_and_groups_once(signed_in: As, release: str, log: Path) -> None:
    leo, ann = signed_in("leo"), signed_in("ann")
    for _ in range(3):
        fetch(leo, "my_list", release, PURPOSE)
        fetch(ann, "metric", release, COMPANY)
    entries = read_chain(log).entries
    assert [row["query"] for row in entries] == ["my_list", "metric", "my_list", "my_list"]
    named = entries[0]
    assert named["subjects"] == [reference(name) for name in PEOPLE["leo"]]
    assert (named["viewer"], named["role"], named["purpose"]) == (address("leo"), "leader", "prepare_conversation")
    assert (named["release"], named["session"]) == (RELEASE_ID, leo.id[:16])
    assert not any(name in log.read_text(encoding="utf-8") for name in PEOPLE["leo"])


def test_another_session_and_another_query_are_other_reads(signed_in: As, release: str, log: Path) -> None:
    for _ in range(2):
        session = signed_in("ann")
        fetch(session, "metric", release, COMPANY)
        fetch(session, "company", release, {})
    assert [row["query"] for row in read_chain(log).entries] == ["metric", "company"] * 2


def test_what_was_refused_is_on_record(signed_in: As, release: str, log: Path) -> None:
    with pytest.raises(NotAllowedError):
        fetch(signed_in("ann"), "my_list", release, PURPOSE)
    row = read_chain(log).entries[-1]
    assert (row["event"], row["query"], row["purpose"], row["subjects"]) == ("denied", "my_list", "NotAllowedError", [])


def test_without_a_log_there_is_no_data(signed_in: As, release: str, tmp_path: Path) -> None:
    (tmp_path / "audit").write_text("in the way", encoding="utf-8")
    for person, query in (("ann", "metric"), ("ann", "table.cut_group"), ("leo", "my_list"), ("hana", "list_entry")):
        for _ in range(2):
            with pytest.raises(NotLoggedError):
                fetch(signed_in(person), query, release, PARAMS.get(query, {}))


def test_rows_are_returned_after_the_entry_is_on_the_disk(
    signed_in: As, release: str, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr("os.fsync", lambda _: synced.append(len(log.read_bytes())))
    rows = fetch(signed_in("leo"), "my_list", release, PURPOSE)
    assert rows.height == 2
    assert synced == [log.stat().st_size]


def test_an_ended_or_made_up_session_gets_nothing(signed_in: As, release: str) -> None:
    session = signed_in("leo")
    SESSIONS.end(session)
    for forged in (session, replace(session, viewer=address("lea")), replace(signed_in("ann"), viewer=address("leo"))):
        with pytest.raises(SignedOutError):
            fetch(forged, "my_list", release, PURPOSE)


def test_somebody_without_a_scope_gets_nothing(signed_in: As, release: str) -> None:
    for query in REGISTRY:
        with pytest.raises(NoScopeError):
            fetch(signed_in("stranger"), query, release, PARAMS.get(query, {}))


def test_a_folder_that_is_no_intact_release_is_not_read(signed_in: As, release: str, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere" / RELEASE_ID
    shutil.copytree(release, copy)
    for folder in (str(copy), release + "/..", f"{release}/../../scopes/{RELEASE_ID}", "/etc"):
        with pytest.raises(ValueError, match="no intact release"):
            fetch(signed_in("ann"), "company", folder, {})


def test_the_log_is_for_the_auditor_and_reading_it_is_on_record(signed_in: As, release: str, log: Path) -> None:
    for person in ("ann", "hana", "leo", "adam"):
        with pytest.raises(NotAllowedError):
            log_chain(signed_in(person))
    chain = log_chain(signed_in("aud"))
    assert (chain.broken_at, chain.entries[-1]["query"], chain.entries[-1]["role"]) == (None, "access_log", "auditor")


def test_the_auditor_still_sees_a_log_that_was_changed(signed_in: As, release: str, log: Path) -> None:
    fetch(signed_in("ann"), "company", release, {})
    log.write_bytes(log.read_bytes().replace(b"analyst", b"auditor"))
    assert log_chain(signed_in("aud")).broken_at == 1


@pytest.fixture
def own(folder: Path, tmp_path: Path) -> Callable[..., str]:
    """Writes scopes and lists of one's own beside a copy of the release, and returns the release's folder."""

    def written(**changes: Any) -> str:
        published = tmp_path / "own"
        shutil.copytree(folder, published, ignore=shutil.ignore_patterns("scopes"))
        write_scopes(published, RELEASE_ID, **changes)
        return str(published / "releases" / RELEASE_ID)

    return written


@pytest.mark.parametrize(
    "rows",
    [
        [{"role": "leader"}, {"role": "analyst"}],
        [{"role": "owner"}],
        [{"valid_to": TODAY}],
        [{"valid_from": TODAY.replace(year=TODAY.year + 1)}],
        [{"viewer_key": ""}],
    ],
    ids=["two roles at a time", "unknown role", "ended today", "begins next year", "nobody's row"],
)
def test_a_row_that_does_not_hold_gives_nothing(
    signed_in: As, own: Callable[..., str], rows: list[dict[str, Any]]
) -> None:
    ann = scope_rows()[0]
    release = own(scopes=[ann | changes for changes in rows])
    with pytest.raises(NoScopeError):
        fetch(signed_in("ann"), "company", release, {})


@pytest.mark.parametrize(
    ("person", "rows", "reason"),
    [
        ("leo", [entry("Old Entry", data_date=too_old())], "older than 30 days"),
        ("hana", [entry("Old Entry", data_date=too_old())], "older than 30 days"),
        ("leo", [entry("Four Reasons", reasons=["a", "b", "c", "d"])], "more than three reasons"),
        ("leo", [entry("Scored", band="0.71")], "unknown band"),
        ("leo", [entry("Undated", data_date=None)], "a gap"),
    ],
)
def test_a_list_that_may_not_be_shown_is_not(
    signed_in: As, own: Callable[..., str], person: str, rows: list[dict[str, Any]], reason: str
) -> None:
    release = own(lists={address(person): rows})
    query = "my_list" if person == "leo" else "review_list"
    with pytest.raises(ListError, match=reason):
        fetch(signed_in(person), query, release, PURPOSE)


def test_somebody_without_a_list_has_an_empty_one(signed_in: As, own: Callable[..., str]) -> None:
    release = own(lists={address("lea"): [entry("Sven Swift")]})
    rows = fetch(signed_in("leo"), "my_list", release, PURPOSE)
    assert (rows.height, dict(rows.schema)) == (0, dict(ENTRY_COLUMNS))


def test_a_list_with_a_score_in_it_is_refused(signed_in: As, own: Callable[..., str]) -> None:
    release = own()
    folder = Path(release).parents[1] / "scopes" / RELEASE_ID
    path = folder / f"{viewer_key(address('leo'))}.parquet"
    before = path.read_bytes()
    pl.read_parquet(path).with_columns(score=pl.lit(0.71)).write_parquet(path)
    with pytest.raises(ListError, match="not the file that was published"):
        fetch(signed_in("leo"), "my_list", release, PURPOSE)
    relisted = (folder / "manifest.json").read_text(encoding="utf-8").replace(sha(before), sha(path.read_bytes()))
    (folder / "manifest.json").write_text(relisted, encoding="utf-8")
    with pytest.raises(ListError, match="other columns"):
        fetch(signed_in("leo"), "my_list", release, PURPOSE)


def sha(content: bytes) -> str:

    return hashlib.sha256(content).hexdigest()


def test_lists_swapped_between_two_leaders_are_noticed(signed_in: As, own: Callable[..., str]) -> None:
    release = own()
    folder = Path(release).parents[1] / "scopes" / RELEASE_ID
    leo, lea = (folder / f"{viewer_key(address(person))}.parquet" for person in ("leo", "lea"))
    held = leo.read_bytes()
    leo.write_bytes(lea.read_bytes())
    lea.write_bytes(held)
    for person in ("leo", "lea"):
        with pytest.raises(ListError, match="not the file"):
            fetch(signed_in(person), "my_list", release, PURPOSE)


def test_the_files_an_analyst_is_answered_from_name_nobody(folder: Path) -> None:
    names = [name.encode() for people in PEOPLE.values() for name in people]
    for path in (folder / "releases").rglob("*"):
        assert not path.is_file() or not any(name in path.read_bytes() for name in names)
    assert len(ROLES) == 6


_SEEDS = (
    "' or '1'='1",
    "'; drop table metric; --",
    '" or ""="',
    "company' union select * from scopes --",
    "../../scopes",
    "%00",
    "\0",
    "\n",
    "read_parquet('/etc/passwd')",
    "${jndi:ldap://x}",
    "{{7*7}}",
    "*",
    "LEG*",
    ".*",
    "LEG|OPS",
    "é" * 301,
    "\u202e",
    "\ud83d",
    "=cmd|' /C calc'!A0",
    "<script>",
    "LEG\x00OPS",
    "' + pl.col('value') + '",
    "null",
    "-1",
    "1e309",
)


def payload(chance: random.Random) -> Any:
    text = "".join(chance.choice(_SEEDS) for _ in range(chance.randint(1, 3)))
    made = [
        text,
        (text,),
        ("LEG", text),
        [text],
        {"cut": text},
        None,
        7,
        True,
        text.encode(errors="ignore"),
        pl.col("value"),
        (None,),
    ]
    return chance.choice(made)


def test_a_thousand_hostile_parameters_return_nothing_beyond_scope(signed_in: As, release: str) -> None:
    chance = random.Random(6)
    leo, hana = signed_in("leo"), signed_in("hana")
    denied = 0
    for _ in range(1000):
        session, query = chance.choice(
            [(leo, "metric"), (hana, "metric"), (leo, "list_entry"), (hana, "keys"), (leo, "my_list")]
        )
        params = dict(PARAMS[query])
        params[chance.choice(list(params))] = payload(chance)
        try:
            rows = fetch(session, query, release, params)
        except (NotAllowedError, ParameterError):
            denied += 1
            continue
        assert session is hana or rows.height == 0 or set(rows["group_key"]) <= {"LEG", "LEG1", "LEG2"}
        if query == "metric":
            asked = params["keys"] or set(rows["group_key"])
            assert set(rows["group_key"]) <= set(asked)
            assert set(rows["cut"]) <= {params["cut"]}
        else:
            assert rows.height == 0
    assert denied > 500


def test_hostile_names_of_queries_are_unknown(signed_in: As, release: str) -> None:
    for seed in (*_SEEDS, "table.", "table.access_scope", "table.../scopes", "METRIC", "my_list "):
        with pytest.raises(ParameterError):
            fetch(signed_in("ann"), seed, release, {})


def test_denials_never_repeat_what_was_asked(signed_in: As, release: str) -> None:
    with pytest.raises(AccessDeniedError) as denied:
        fetch(signed_in("ann"), "metric", release, COMPANY | {"cut": "<b>Quentin Quill</b>"})
    assert "Quentin" not in str(denied.value)
