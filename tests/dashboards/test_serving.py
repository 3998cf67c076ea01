"""The server around the pages: headers on every answer, side doors closed, reports without rights."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.types import Message

from dashboards.serving import DataDocs, Headers


def get(docs: Path, path: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of a GET on a site that has the reports of `docs` and answers 'page' elsewhere."""
    routes = [Mount("/data-docs", app=DataDocs(docs)), Route("/{rest:path}", lambda _: PlainTextResponse("page"))]
    site = Starlette(routes=routes, middleware=[Middleware(Headers)])
    sent: list[Message] = []

    async def receive() -> Message:
        # The client stays connected until it has its answer.
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": [], "query_string": b""}
    asyncio.run(site(scope, receive, send))
    headers = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(m.get("body", b"") for m in sent[1:]).decode()


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/tools"])
def test_side_doors_answer_not_found(tmp_path: Path, path: str) -> None:
    assert get(tmp_path, path)[0] == 404


def test_pages_may_load_from_their_own_server_only(tmp_path: Path) -> None:
    status, headers, text = get(tmp_path, "/glossary")
    assert (status, text) == (200, "page")
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "http" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_reports_are_found_once_written_and_run_in_a_sandbox(tmp_path: Path) -> None:
    docs = tmp_path / "data_docs"
    assert get(docs, "/data-docs/index.html")[0] == 404
    docs.mkdir()
    (docs / "index.html").write_text("<p>docs</p>", encoding="utf-8")
    status, headers, text = get(docs, "/data-docs/index.html")
    assert (status, text) == (200, "<p>docs</p>")
    assert headers["content-security-policy"].startswith("sandbox")


def test_nothing_beside_the_reports_can_be_read(tmp_path: Path) -> None:
    docs = tmp_path / "data_docs"
    docs.mkdir()
    (tmp_path / "secret.txt").write_text("no", encoding="utf-8")
    assert get(docs, "/data-docs/../secret.txt")[0] == 404
