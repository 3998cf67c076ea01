"""Great Expectations' Data Docs as pages that open without a network: one for each checked table, and an index.

Only counts arrive here; values are removed in `expectations`, where the results are taken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResult

# The library's own page frame loads style sheets and scripts from the internet and its index is drawn by one of these
# scripts, so the frame is ours and only the sections inside it are rendered by the library.
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 1rem; color: #1f2933; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }
th, td { border-bottom: 1px solid #d5dbe1; padding: .4rem .6rem; text-align: left; vertical-align: top; }
th, td { overflow-wrap: anywhere; }
td:first-child { width: 16rem; }
h5, h6 { font-size: 1.05rem; margin: 0; }
.alert { background: #eef2f5; padding: .3rem .7rem; }
a { color: #0b5cad; }
"""
_MARKS = {"fa-check-circle": "✔ holds", "fa-times": "✘ broken", "fa-exclamation-triangle": "✘ not run"}


def build_docs(folder: Path, run_at: datetime) -> Path:
    """Render every result that `expectations.validate` left in `folder`; returns the index page, ``folder/index.html``.

    `run_at` is the time of the run as printed on the pages. Pages whose result is gone from `folder` are removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("*.html"):
        stale.unlink()
    results = {path.stem: _result(path) for path in sorted(folder.glob("*.json"))}
    for table, result in results.items():
        _write(
            folder / f"{table}.html", table, run_at, '<p><a href="index.html">All tables</a></p>' + _sections(result)
        )
    index = folder / "index.html"
    _write(index, "What the data contracts' checks found", run_at, _overview(results))
    return index


def _result(path: Path) -> ExpectationSuiteValidationResult:
    from great_expectations.core.expectation_validation_result import expectationSuiteValidationResultSchema

    loaded: ExpectationSuiteValidationResult
    loaded = expectationSuiteValidationResultSchema.load(json.loads(path.read_text(encoding="utf-8")))
    for check in loaded.results:
        if check.expectation_config:
            # The library prints descriptions as they are, and "<" in one would be read as HTML.
            check.expectation_config.description = escape(check.expectation_config.description or "", quote=False)
    return loaded


def _sections(result: ExpectationSuiteValidationResult) -> str:
    from great_expectations.render.renderer import ValidationResultsPageRenderer
    from great_expectations.render.view import DefaultJinjaSectionView

    *sections, _run_info = ValidationResultsPageRenderer(run_info_at_end=True).render(result).sections
    view: Any = DefaultJinjaSectionView()
    numbered = enumerate(sections, start=1)
    return _offline(
        "".join(view.render({"section": s.to_json_dict(), "section_loop": {"index": i}}) for i, s in numbered)
    )


def _offline(html: str) -> str:
    """`html` without links to pages that are not built, and with words for icons that need a font from the internet.

    Element ids go too, as they repeat and partly change with every rendering.
    """
    html = re.sub(r"<a\b[^>]*>(.*?)</a>", r"\1", html, flags=re.DOTALL)
    html = re.sub(r"(<\w+)(\s+id=(\"[^\"]*\"|[^\s>]+))", r"\1", html).replace("Show exception traceback...", "")
    for icon, mark in _MARKS.items():
        html = re.sub(rf'<i class="[^"]*{icon}[^"]*"[^>]*></i>', mark, html)
    return html


def _overview(results: Mapping[str, ExpectationSuiteValidationResult]) -> str:
    rows = []
    for table, result in results.items():
        broken = sum(not check.success for check in result.results)
        verdict = f"{_MARKS['fa-times']}: {broken}" if broken else _MARKS["fa-check-circle"]
        rows.append(
            f'<tr><td><a href="{table}.html">{table}</a></td><td>{verdict}</td><td>{len(result.results)}</td></tr>'
        )
    return f"<table><tr><th>Table</th><th>Result</th><th>Checks</th></tr>{''.join(rows)}</table>"


def _write(path: Path, title: str, run_at: datetime, body: str) -> None:
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    main = f"<h1>{escape(title)}</h1><p>Run of {run_at:%Y-%m-%d %H:%M}</p>{body}"
    page = f'<!DOCTYPE html><html lang="en"><head>{head}</head><body>{main}</body></html>'
    path.write_text(page, encoding="utf-8")
