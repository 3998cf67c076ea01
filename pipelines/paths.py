"""Where declared things (contracts, SQL) live inside the project; where data lives is a setting, not a path here."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
# A wheel carries the declared folders inside the package; a checkout has them at its top level.
PROJECT = _PACKAGE / "_project" if (_PACKAGE / "_project").is_dir() else _PACKAGE.parent

# The dashboard is started, never imported: the two packages meet only in the published folder.
DASHBOARD = _PACKAGE.parent / "dashboards" / "app.py"
CONTRACTS = PROJECT / "data_contracts"
SQL = PROJECT / "sql"
