"""The spreadsheet of the page on screen is as careful as the screen."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from dashboards.data import Selection, definitions, matrix
from dashboards.groups import groups
from dashboards.release import find_published
from dashboards.workbook import workbook


def test_the_export_holds_no_formula_no_link_and_no_hidden_number(published: Path) -> None:
    release = find_published(published).release
    assert release is not None
    tree = groups(release)
    labels = {key: unit.label for key, unit in tree.units.items()} | tree.stages
    rows = matrix(release, Selection().coverage_id, tuple(tree.units))
    content = workbook(rows, labels, definitions(release), {"Organisation": "=1+1"}, release, 10)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        texts = book.read("xl/sharedStrings.xml").decode()
        sheets = "".join(book.read(n).decode() for n in book.namelist() if n.startswith("xl/worksheets/"))
    assert "n&lt;10" in texts
    assert "'=1+1" in texts
    assert "'=Rewards" in texts
    assert "<f>" not in sheets
    assert "hyperlink" not in sheets
