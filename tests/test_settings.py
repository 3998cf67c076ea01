"""Settings: from file and environment, refused where they would expose or mislead."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from pipelines import contracts, identity
from pipelines.career_stages import STAGES, SUPPORT_TYPES
from pipelines.identity import KeyFileError
from pipelines.installing import configuration, install
from pipelines.paths import CONTRACTS
from pipelines.settings import Settings, for_home


def test_the_file_is_read_and_the_environment_overrules_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "parley.toml").write_text('organisation = "Acme"\nminimum_cell = 12\n', encoding="utf-8")
    assert (for_home(tmp_path).organisation, for_home(tmp_path).minimum_cell) == ("Acme", 12)
    monkeypatch.setenv("PARLEY_MINIMUM_CELL", "15")
    assert for_home(tmp_path).minimum_cell == 15


@pytest.mark.parametrize(
    "unfit",
    ["minimum_cell = 4", 'time_zone = "Mars/Olympus"', "target_days = 400\ncritical_days = 365", "minimum_sell = 10"],
)
def test_unfit_settings_are_refused(tmp_path: Path, unfit: str) -> None:
    (tmp_path / "parley.toml").write_text(unfit + "\n", encoding="utf-8")
    with pytest.raises((ValidationError, KeyError)):
        for_home(tmp_path)


def test_the_written_configuration_is_the_defaults_and_can_be_edited(tmp_path: Path) -> None:
    text = configuration(Settings(home=tmp_path, organisation='Acme "& Sons"'))
    (tmp_path / "parley.toml").write_text(text, encoding="utf-8")
    assert for_home(tmp_path).organisation == 'Acme "& Sons"'
    uncommented = "\n".join(line.removeprefix("# ") if " = " in line else line for line in text.splitlines())
    (tmp_path / "parley.toml").write_text(uncommented, encoding="utf-8")
    assert for_home(tmp_path).minimum_cell == 10


@pytest.mark.parametrize(
    ("unfit", "told"),
    [
        ("stage_target_days = {growin = 120}", "'growin' is no career stage. Use one of new_in_job, growing,"),
        ("stage_target_days = {growing = 29}", "greater than or equal to 30"),
        ("stage_target_days = {growing = 731}", "less than or equal to 730"),
        ("target_days = 731", "less than or equal to 730"),
        (
            "stage_target_days = {growing = 365}",
            r"critical_days \(365\) must be larger than every target; growing has 365",
        ),
        ("target_days = 365", "larger than every target; target_days has 365"),
        ("stage_support = {growin = ['feedback']}", "'growin' is no career stage for which support is judged"),
        ("stage_support = {unknown = ['feedback']}", "'unknown' is no career stage for which support is judged"),
        ("stage_support = {growing = ['mentoring']}", "'mentoring' is no kind of support. Use one of sounding_board,"),
        ("stage_support = {growing = []}", "growing has no kind of support.*leave the stage out to keep the default"),
    ],
)
def test_an_unfit_stage_is_refused_in_words(tmp_path: Path, unfit: str, told: str) -> None:
    (tmp_path / "parley.toml").write_text(unfit + "\n", encoding="utf-8")
    with pytest.raises(ValidationError, match=told):
        for_home(tmp_path)


def test_targets_at_the_edges_are_taken(tmp_path: Path) -> None:
    text = "stage_target_days = {growing = 30, long_in_role = 730}\ncritical_days = 731\n"
    (tmp_path / "parley.toml").write_text(text, encoding="utf-8")
    assert for_home(tmp_path).stage_target_days == {"growing": 30, "long_in_role": 730}


def test_support_has_a_default_for_every_stage_and_a_version_of_its_content_alone(tmp_path: Path) -> None:
    plain = for_home(tmp_path)
    assert plain.stage_support.keys() == set(STAGES) - {"unknown"}
    assert all(2 <= len(kinds) < len(SUPPORT_TYPES) for kinds in plain.stage_support.values())
    own = "stage_support = {growing = ['sponsorship', 'feedback', 'feedback']}\n"
    (tmp_path / "parley.toml").write_text(own, encoding="utf-8")
    changed = for_home(tmp_path)
    assert changed.stage_support == plain.stage_support | {"growing": ["sponsorship", "feedback"]}
    assert changed.support_version != plain.support_version
    again = Settings(stage_support={"growing": ["feedback", "sponsorship"]})
    assert again.support_version == changed.support_version


def test_the_documented_support_of_every_stage_is_the_default() -> None:
    text = (Path(__file__).parents[1] / "docs" / "metrics.md").read_text(encoding="utf-8")
    for stage, kinds in Settings().stage_support.items():
        assert re.search(rf"^\| `{stage}` \|[^|]+\| {', '.join(kinds)} \|$", text, re.MULTILINE), stage


def test_installing_twice_changes_nothing(tmp_path: Path) -> None:
    known = contracts.load_folder(CONTRACTS)
    first = install(Settings(home=tmp_path), known.values())
    before = {path: path.read_bytes() for path in first}
    assert install(Settings(home=tmp_path), known.values()) == []
    assert {path: path.read_bytes() for path in first} == before
    assert (tmp_path / "landing" / "hris" / "workday").is_dir()


def test_every_template_has_the_headings_of_its_contract(tmp_path: Path) -> None:
    known = contracts.load_folder(CONTRACTS)
    install(Settings(home=tmp_path), known.values())
    for contract in (c for c in known.values() if c.vendor == "parley"):
        template = tmp_path / "templates" / f"{contract.id.removeprefix('parley__')}.csv"
        assert template.read_text(encoding="utf-8").strip().split(",") == [c.name for c in contract.columns]
        assert template.with_suffix(".xlsx").stat().st_size > 0


def test_the_secret_is_private_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "identity.key"
    key = identity.secret(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert identity.secret(path) == key
    assert len(key) == 64
    path.chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        identity.secret(path)


def test_worker_keys_need_the_secret_and_know_one_id_from_another() -> None:
    assert identity.worker_key(b"a", "000123") == identity.worker_key(b"a", "000123")
    assert len({identity.worker_key(key, name) for key in (b"a", b"b") for name in ("000123", "123")}) == 4
