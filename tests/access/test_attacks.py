"""Attacks on the running dashboard, one by one: at its sign-in, its cookies, its doors, its pages and its downloads."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from joserfc.jwk import RSAKey
from websockets.exceptions import InvalidStatus

from tests.access.browsing import Browser, Seen
from tests.access.conftest import Site
from tests.access.provider import CLIENT_ID, Claims, Provider
from tests.access.scope_files import PEOPLE, address
from tests.dashboards.release_metrics import UNITS

COOKIE, IDENTITY = "parley", "_streamlit_user"


def view(browser: Browser, page: str = "", query: str = "") -> Seen:
    with browser.tab() as tab:
        return tab.run(page, query=query)


def is_signed_out(seen: Seen) -> bool:
    return seen.shows("Sign in to go on") and not seen.shows("Are career conversations happening?")


@pytest.fixture(scope="module")
def ann(running: Site) -> Browser:
    """An analyst's browser; tests that end her session sign in on their own."""
    running.provider.mended()
    return running.sign_in("ann")


@pytest.fixture
def eve(site: Site) -> Browser:
    """Somebody who has an address of the dashboard and nothing else."""
    return site.browser()


# --- signing in


def test_without_a_session_there_is_nothing_but_the_way_in(eve: Browser) -> None:
    assert is_signed_out(view(eve))
    assert is_signed_out(view(eve, "data-health"))


def test_an_analyst_who_signs_in_sees_the_overview_and_is_on_record(site: Site, ann: Browser) -> None:
    seen = view(ann)
    assert seen.shows("Are career conversations happening?")
    assert seen.shows("HR analyst")
    assert not any(seen.shows(name) for people in PEOPLE.values() for name in people)
    log = site.log.read_text(encoding="utf-8")
    assert '"event":"sign_in","viewer":"ann@example.com"' in log
    assert '"query":"metric"' in log


def start(site: Site) -> str:
    """The address a press of the button leads to; the same for everybody for some minutes."""
    with site.browser().tab() as tab:
        return tab.run(press=tab.run().button("Sign in")).redirect


@pytest.fixture(scope="module")
def way_in(running: Site) -> str:
    return start(running)


def back_with(site: Site, way_in: str, browser: Browser) -> str:
    """The address the sign-in service sends the browser back to, with a code."""
    return browser.get(browser.get(way_in).location).location


def foreign(provider: Provider) -> Callable[[Claims], str]:
    return lambda claims: provider.signed(claims, RSAKey.generate_key(2048, parameters={"kid": "1"}))


def unsigned(provider: Provider) -> Callable[[Claims], str]:
    def sign(claims: Claims) -> str:
        _, body, _ = provider.signed(claims).split(".")
        return f"eyJhbGciOiJub25lIn0.{body}."

    return sign


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another client"},
        {"aud": ["another client", "a third"], "azp": CLIENT_ID},
        {"iss": "http://127.0.0.1:1"},
        {"nonce": "of another sign-in"},
        {"exp": 1_700_000_000},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": ""},
        {"email": ["ann@example.com"]},
        {"sub": ""},
        {"exp": None},
    ],
    ids=lambda changes: "-".join(f"{name}-{str(value)[:12]}" for name, value in changes.items()),
)
def test_a_token_that_does_not_suffice_begins_no_session(
    site: Site, way_in: str, eve: Browser, changes: dict[str, Any]
) -> None:
    site.provider.spoil = lambda claims: claims.update(changes)
    eve.get(back_with(site, way_in, eve))
    assert COOKIE not in eve.cookies


@pytest.mark.parametrize("sign", [foreign, unsigned])
def test_a_token_that_the_service_did_not_sign_begins_no_session(
    site: Site, way_in: str, eve: Browser, sign: Callable[[Provider], Callable[[Claims], str]]
) -> None:
    site.provider.sign = sign(site.provider)
    eve.get(back_with(site, way_in, eve))
    assert not {COOKIE, IDENTITY} & set(eve.cookies)


def test_a_code_is_good_once_and_only_in_the_browser_that_asked(site: Site, way_in: str, eve: Browser) -> None:
    mallory = site.browser()
    back = back_with(site, way_in, eve)
    mallory.get(back)
    assert COOKIE not in mallory.cookies
    eve.get(back)
    assert COOKIE in eve.cookies
    again = replace(eve, cookies={name: value for name, value in eve.cookies.items() if name == "_streamlit_session"})
    again.get(back)
    assert COOKIE not in again.cookies


def test_a_cookie_planted_before_signing_in_is_not_adopted(site: Site) -> None:
    browser = site.browser()
    browser.cookies[COOKIE] = "planted-by-somebody-who-will-use-it-later"
    site.sign_in("ann", browser)
    assert browser.cookies[COOKIE] != "planted-by-somebody-who-will-use-it-later"


def test_cookies_are_for_the_server_alone_and_live_no_longer_than_a_session(
    site: Site, way_in: str, eve: Browser
) -> None:
    answer = eve.get(back_with(site, way_in, eve))
    lines = [c for c in answer.headers.get_all("Set-Cookie") or [] if c.startswith((COOKIE, IDENTITY))]
    assert len(lines) == 3
    for line in lines:
        assert "httponly" in line.lower()
        assert "samesite=lax" in line.lower()
        assert "Max-Age=28800" in line
    assert "analyst" not in "".join(lines)


def test_somebody_the_scope_file_does_not_name_is_told_so_and_sees_nothing(site: Site) -> None:
    seen = view(site.sign_in("stranger"))
    assert seen.shows("nobody has said what you may see")
    assert not seen.shows("Are career conversations happening?")


# --- cookies and sessions


@pytest.mark.parametrize("name", [COOKIE, IDENTITY])
@pytest.mark.parametrize("spoil", [lambda text: text[:-2] + "xx", lambda text: "x" + text[1:], lambda text: ""])
def test_a_cookie_that_was_tampered_with_opens_nothing(
    site: Site, ann: Browser, name: str, spoil: Callable[[str], str]
) -> None:
    assert is_signed_out(view(replace(ann, cookies=ann.cookies | {name: spoil(ann.cookies[name])})))


def test_one_persons_identity_with_anothers_session_opens_nothing(site: Site, ann: Browser) -> None:
    hana = site.sign_in("hana")
    mixed = replace(ann, cookies=ann.cookies | {COOKIE: hana.cookies[COOKIE]})
    assert is_signed_out(view(mixed))


def test_after_log_out_the_open_tab_and_a_copied_cookie_show_nothing(site: Site) -> None:
    browser = site.sign_in("ann")
    thief = replace(browser, cookies=dict(browser.cookies))
    with browser.tab() as tab, browser.tab() as other:
        assert other.run().shows("Are career conversations happening?")
        way_out = tab.run(press=tab.run().button("Sign out")).redirect
        assert is_signed_out(other.run())
    assert is_signed_out(view(thief))
    browser.get(way_out)
    assert not {COOKIE, IDENTITY} & set(browser.cookies)


def test_leaving_by_the_address_ends_the_session_and_what_was_made_for_it(site: Site) -> None:
    browser = site.sign_in("ann")
    with browser.tab() as tab:
        download = tab.run(press=tab.run().button("Export")).redirect
    thief = replace(browser, cookies=dict(browser.cookies))
    browser.get("/auth/logout")
    assert is_signed_out(view(thief))
    assert thief.get(download).status == 403
    assert thief.get("/data-docs/index.html").status == 403


def test_an_expired_token_ends_the_open_tab_and_the_cookie(site: Site) -> None:
    site.provider.spoil = lambda claims: claims.update(exp=int(time.time()) + 3)
    browser = site.sign_in("ann")
    with browser.tab() as tab:
        assert not is_signed_out(tab.run())
        time.sleep(3)
        assert is_signed_out(tab.run())
    assert browser.get("/data-docs/index.html").status == 403


def test_another_reader_cannot_take_over_an_open_page(site: Site, ann: Browser) -> None:
    hana = site.sign_in("hana")
    with ann.tab() as tab:
        number = next(m.new_session.initialize.session_id for m in tab.run().messages if m.HasField("new_session"))
        with hana.tab(resumed=number) as resumed:
            assert resumed.run().shows("HR business partner")
        assert tab.run().shows("HR analyst")


# --- doors


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/agent/openapi.json",
        "/_stcore/agent/mcp",
        "/media/0123456789abcdef.csv",
        "/media/",
        "/component/x/index.html",
        "/_stcore/upload_file/a/b",
        "/%5fstcore/metrics",
        "/as/admin",
    ],
)
def test_side_doors_are_closed_even_to_readers(ann: Browser, path: str) -> None:
    assert ann.get(path).status == 404


@pytest.mark.parametrize(
    "path", ["//_stcore/metrics", "/_stcore/../_stcore/metrics", "/x/../media/a.csv", "/data-docs/../a"]
)
def test_odd_spellings_of_a_door_lead_nowhere(eve: Browser, path: str) -> None:
    answer = eve.get(path)
    assert answer.status >= 400 or b'<div id="root">' in answer.body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_nothing_can_be_sent(ann: Browser, method: str) -> None:
    for path in ("/", "/_stcore/upload_file/a/b", "/export/x", "/_stcore/agent/interact"):
        assert ann.get(path, method).status in (404, 405)


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "127.0.0.1/@evil.example", "evil.example:80"]
)
def test_a_name_that_is_not_ours_is_refused(eve: Browser, host: str) -> None:
    assert eve.get("/", headers={"Host": host}).status == 403
    with pytest.raises(InvalidStatus), eve.tab(host=host or "evil.example"):
        pass


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None, "http://localhost:1", "http://127.0.0.1"])
def test_a_page_from_elsewhere_cannot_open_the_connection(ann: Browser, origin: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused, ann.tab(origin=origin):
        pass
    assert refused.value.response.status_code == 403


def test_headers_that_claim_to_be_somebody_are_not_believed(eve: Browser) -> None:
    claimed = {"X-Forwarded-User": address("ann"), "X-Forwarded-Email": address("ann"), "X-Forwarded-Host": eve.host}
    assert eve.get("/data-docs/index.html", headers=claimed).status == 403
    assert is_signed_out(view(eve, query="viewer=ann@example.com&role=analyst&session=1&as=analyst"))


def test_reports_of_the_checks_are_for_those_who_mind_the_data(site: Site, ann: Browser, eve: Browser) -> None:
    assert eve.get("/data-docs/index.html").status == 403
    assert site.sign_in("leo").get("/data-docs/index.html").status == 403
    assert ann.get("/data-docs/index.html").status == 404  # let in; this folder has no reports


def test_every_answer_carries_the_security_headers(eve: Browser, ann: Browser) -> None:
    for answer in (eve.get("/"), eve.get("/_stcore/metrics"), ann.get("/glossary"), eve.get("/data-docs/x")):
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"


# --- pages and downloads


def test_a_download_is_for_one_reader_once(site: Site, ann: Browser, eve: Browser) -> None:
    hana = site.sign_in("hana")
    with ann.tab() as tab:
        path = tab.run(press=tab.run().button("Export")).redirect
    assert path.startswith("/export/")
    assert eve.get(path).status == 403
    assert hana.get(path).status == 403
    answer = ann.get(path)
    assert (answer.status, answer.body[:2]) == (200, b"PK")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert ann.get(path).status == 403
    assert '"event":"export"' in site.log.read_text(encoding="utf-8")


@pytest.mark.parametrize("token", ["x", "", "a" * 43, "..%2f..%2fCURRENT", "%00"])
def test_made_up_downloads_are_refused(ann: Browser, token: str) -> None:
    answer = ann.get(f"/export/{token}")
    assert answer.status in (301, 400, 403)
    assert b"PK" not in answer.body


def test_what_a_leader_is_sent_names_no_unit_outside_the_own_line(site: Site) -> None:
    browser = site.sign_in("leo")
    wire = b"".join(view(browser, page).wire for page in ("", "glossary"))
    assert b"Whole company" not in wire
    assert b"Legal" in wire
    outside = [label for key, (label, _, _) in UNITS.items() if not key.startswith("LEG") and label != "People"]
    assert [label for label in outside if label.encode() in wire] == []
    assert not any(name.encode() in wire for name in PEOPLE["lea"])


def test_an_administrator_gets_operations_and_no_figures_about_people(site: Site) -> None:
    browser = site.sign_in("adam")
    wire = view(browser, "overview").wire
    for text in (
        b"Are career conversations happening?",
        b"Talked in the last",
        b"Who has seen what?",
        b"Customer Care",
    ):
        assert text not in wire


def test_the_auditor_sees_the_log_verified_and_no_figures(site: Site, ann: Browser) -> None:
    seen = view(site.sign_in("aud"))
    assert seen.shows("Verified: every entry follows from the one before it.")
    assert seen.shows("signed in")
    assert not seen.shows("Are career conversations happening?")
