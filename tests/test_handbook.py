"""The documentation builds without a broken link, says all that is declared, and fetches nothing from another host."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from pipelines import contracts, handbook, tables
from pipelines.cli import app
from pipelines.handbook.markdown import address, code, heading, plain, table
from pipelines.handbook.setting_pages import setting_page
from pipelines.paths import CONTRACTS, PROJECT, SQL
from pipelines.settings import Settings

_FETCHED = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*?\b(?:src|href)=\"?(https?:)?//[^\" >]+", re.I)
_CANONICAL = re.compile(r"<link rel=\"?(?:canonical|prev|next|alternate)")


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return handbook.reference(CONTRACTS, SQL)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; `--strict` turns a broken link or anchor and a page outside the navigation into a failure."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_site_builds_with_no_broken_link_and_has_its_four_parts(site: Path) -> None:
    for page in ("tutorial/tour", "how-to", "reference/commands", "explanation/links", "adr"):
        assert (site / page / "index.html").is_file(), page


def test_the_site_fetches_nothing_from_another_host(site: Path) -> None:
    built = sorted(site.rglob("*.html"))
    assert len(built) > 50
    for page in built:
        text = page.read_text(encoding="utf-8")
        asked = [found[0] for found in _FETCHED.finditer(text) if not _CANONICAL.match(found[0])]
        assert asked == [], page.relative_to(site)
        assert "default-src 'self'" in text, page.relative_to(site)


def test_the_search_index_knows_a_metric_by_its_id(site: Path) -> None:
    assert '"reference/metrics/recency/#rcy-03"' in (site / "search" / "search_index.json").read_text(encoding="utf-8")


def test_no_source_of_the_site_is_copied_into_it(site: Path) -> None:
    assert [path for path in site.rglob("*") if path.suffix == ".py" or path.name == "main.html"] == []


def test_every_metric_has_a_section_with_its_formula(pages: dict[str, str]) -> None:
    text = "".join(pages.values())
    ids = [table.header["metric_id"] for table in tables.load(SQL).values() if "metric_id" in table.header]
    assert len(ids) > 50
    for metric_id in ids:
        assert f"{{ #{address(metric_id)} }}" in text, metric_id
    assert text.count("**Formula.**") == len(ids)


def test_every_contract_has_a_section_with_all_of_its_columns(pages: dict[str, str]) -> None:
    text = "".join(pages.values())
    for contract in contracts.load_folder(CONTRACTS).values():
        section = text.split(f"{{ #{address(contract.id)} }}")[1].split("\n## ")[0]
        for column in contract.columns:
            assert f"| {code(column.name)} |" in section, f"{contract.id}.{column.name}"


def test_every_setting_and_every_command_is_there(pages: dict[str, str]) -> None:
    for name in Settings.model_fields.keys() - {"home"}:
        assert f"| `{name}` |" in pages["reference/settings.md"], name
    for name in get_command(app).commands:  # type: ignore[attr-defined]
        assert f"`parley {name}`" in pages["reference/commands.md"], name


def test_settings_are_those_delivered_whatever_the_environment_says(
    pages: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_MINIMUM_CELL", "77")
    assert setting_page() == pages["reference/settings.md"]


def test_pages_name_no_folder_of_the_machine_that_built_them(pages: dict[str, str]) -> None:
    for path, text in pages.items():
        assert str(PROJECT) not in text, path


def test_declared_text_is_text_and_breaks_no_table() -> None:
    assert plain("a|b *c* [d](e)\n<f>") == "a&#124;b &#42;c&#42; &#91;d&#93;(e) &#60;f&#62;"
    assert table(("A", "B"), [(code("x|y"), "z")]).splitlines()[-1] == "| `x\\|y` | z |"
    assert table(("A",), []) == ""


def test_an_address_follows_from_the_name_and_not_from_the_words() -> None:
    assert heading(2, "RCY-03 Overdue", "RCY-03") == "## RCY-03 Overdue { #rcy-03 }\n"
    assert address("workday__worker") == "workday__worker"
