"""Rules every file of the dashboard keeps, read from its code: one way to data, one way to identity, no raw HTML."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

DASHBOARDS = Path(__file__).parents[2] / "dashboards"
FILES = sorted(DASHBOARDS.rglob("*.py"))
READING, RELEASE = Path("access/reading.py"), Path("release.py")
# What reads data from files or databases, and what runs text as a query.
_DOORS = ("read_", "scan_", "sql", "SQLContext", "execute", "executemany", "connect", "memory_map")
_MODULES = ("duckdb", "sqlite3", "sqlalchemy", "pyarrow.parquet", "pyarrow.dataset", "sqlglot", "pandas")
# Text and the access log are read with these; neither holds figures.
_READS_OF_TEXT = ("read_text", "read_bytes", "read_chain")
_IDENTITY = ("user", "context")
_CACHES = ("cache_data", "cache_resource")


def names(tree: ast.AST) -> Iterator[str]:
    """Every dotted name and import in a piece of code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield ast.unparse(node)
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def opens_data(code: str) -> bool:
    for name in names(ast.parse(code)):
        if name.startswith(_MODULES):
            return True
        last = name.rpartition(".")[2]
        if "." in name and last.startswith(_DOORS) and last not in _READS_OF_TEXT:
            return True
    return False


def reads_identity(code: str) -> bool:
    return any(
        name.startswith(tuple(f"st.{i}" for i in _IDENTITY)) or "gather_user_info" in name
        for name in names(ast.parse(code))
    )


def cached(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(c in ast.unparse(d) for d in node.decorator_list for c in _CACHES):
            yield node


def caches_identity(code: str) -> bool:
    """Whether a function cached for everybody knows, or could come to know, who asks."""
    tree = ast.parse(code)
    mentioned = {name.rpartition(".")[2] for node in cached(tree) for name in names(node)}
    arguments = {argument.arg for node in cached(tree) for argument in node.args.args}
    known = {
        "user",
        "context",
        "session_state",
        "current",
        "fetch",
        "cookies",
        "SESSIONS",
        "query_params",
    }
    return bool(mentioned & known) or bool(arguments & {"session", "viewer", "viewer_key", "scope", "role", "subject"})


def renders_raw(code: str) -> bool:
    tree = ast.parse(code)
    return any(isinstance(node, ast.keyword) and node.arg and node.arg.startswith("unsafe_") for node in ast.walk(tree))


def hands_out_by_media(code: str) -> bool:
    doors = {"download_button", "image", "audio", "video", "pdf", "file_uploader", "camera_input", "audio_input"}
    return any(name.startswith("st.") and name.rpartition(".")[2] in doors for name in names(ast.parse(code)))


def hides_columns_on_screen_only(code: str) -> bool:
    tree = ast.parse(code)
    return any(
        isinstance(node, ast.keyword) and node.arg in ("column_config", "column_order") for node in ast.walk(tree)
    )


Rule = Callable[[str], bool]
RULES: dict[str, tuple[Rule, frozenset[Path]]] = {
    "opens data": (opens_data, frozenset({READING})),
    "reads identity": (reads_identity, frozenset({Path("access/viewing.py"), Path("access/account.py")})),
    "caches identity": (caches_identity, frozenset()),
    "renders raw HTML": (renders_raw, frozenset()),
    "hands out by an address good for anybody": (hands_out_by_media, frozenset()),
    "hides columns on screen only": (hides_columns_on_screen_only, frozenset()),
}


@pytest.mark.parametrize("rule", RULES)
def test_no_file_beyond_those_named_breaks_the_rule(rule: str) -> None:
    breaks, excepted = RULES[rule]
    found = {path.relative_to(DASHBOARDS) for path in FILES if breaks(path.read_text(encoding="utf-8"))}
    assert found <= excepted


def test_caches_for_everybody_are_where_figures_are_read_and_releases_found() -> None:
    found = {p.relative_to(DASHBOARDS) for p in FILES if any(cached(ast.parse(p.read_text(encoding="utf-8"))))}
    assert found == {READING, RELEASE}


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("opens data", "import polars as pl\npl.read_parquet('x')"),
        ("opens data", "import polars\npolars.scan_parquet(x)"),
        ("opens data", "import duckdb"),
        ("opens data", "from duckdb import connect"),
        ("opens data", "import polars as pl\npl.sql(f'select {x}')"),
        ("opens data", "frame.sql('select 1')"),
        ("opens data", "import pyarrow.parquet as pq"),
        ("opens data", "from pyarrow.parquet import read_table"),
        ("reads identity", "import streamlit as st\nst.user.email"),
        ("reads identity", "st.context.cookies['a']"),
        ("caches identity", "@st.cache_data\ndef f():\n    return st.user.email"),
        ("caches identity", "@st.cache_data(ttl=3)\ndef f(folder, viewer): ..."),
        ("caches identity", "@st.cache_resource\ndef f(x):\n    return fetch(current(), x)"),
        ("renders raw HTML", "st.markdown(name, unsafe_allow_html=True)"),
        ("hands out by an address good for anybody", "st.download_button('a', b'')"),
        ("hides columns on screen only", "st.dataframe(rows, column_config={'x': None})"),
    ],
)
def test_the_rules_catch_what_they_are_for(rule: str, code: str) -> None:
    assert RULES[rule][0](code)


def test_the_settings_of_the_server_close_what_they_can() -> None:
    settings = tomllib.loads((DASHBOARDS / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    client, server = settings["client"], settings["server"]
    assert (client["showErrorDetails"], client["showErrorLinks"]) == ("none", False)
    assert (client["disableDataExport"], client["toolbarMode"]) == (True, "minimal")
    assert (server["address"], server["enableStaticServing"]) == ("127.0.0.1", False)
    assert not {"trustedUserHeaders", "enableCORS", "enableXsrfProtection", "enableAgentApi"} & set(server)
    assert settings["browser"]["gatherUsageStats"] is False
