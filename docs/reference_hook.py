"""What MkDocs calls while it builds: the generated reference joins the written pages. Nothing is said here in words."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

_PROJECT = Path(__file__).resolve().parent.parent
# The checkout is read, not an installed copy: pages and code are of the same state.
sys.path.insert(0, str(_PROJECT))

from pipelines import handbook  # noqa: E402
from pipelines.paths import CONTRACTS, SQL  # noqa: E402

_OUTSIDE = re.compile(r"\[([^\]]+)\]\(\.\./([^)#\s]+)\)")
_GENERATED: dict[str, str] = {}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the pages of a folder where the navigation names it: generated ones in their order, written ones by name."""
    _GENERATED.clear()
    _GENERATED.update(handbook.reference(CONTRACTS, SQL))
    written = sorted(path.relative_to(config.docs_dir).as_posix() for path in Path(config.docs_dir).rglob("*.md"))
    config.nav = _with_pages(
        config.nav, [*_GENERATED, *sorted(written, key=lambda path: not path.endswith("README.md"))]
    )
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages; no file of them is written beside the others."""
    for path, text in _GENERATED.items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, **_context: object) -> str:
    """Name a file of the repository where a page links to one that is no part of the site."""
    if "/" in page.file.src_uri:
        return markdown
    return _OUTSIDE.sub(_named, markdown)


def _named(link: re.Match[str]) -> str:
    if not (_PROJECT / link[2]).exists():
        raise PluginError(f"The link to ../{link[2]} leads to no file of the repository. Mend or remove it.")
    return f"{link[1]} (`{link[2]}`)"


def _with_pages(entry: Any, pages: Sequence[str]) -> Any:
    if isinstance(entry, list):
        return [_with_pages(each, pages) for each in entry]
    if isinstance(entry, dict):
        return {title: _with_pages(below, pages) for title, below in entry.items()}
    if entry.endswith("/"):
        return [path for path in pages if path.startswith(entry)]
    return entry
