"""Readers are told that a list is ready: over TLS or not at all, once, and without a word of what is in it."""

from __future__ import annotations

import email
import os
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email import policy
from pathlib import Path

import polars as pl
import pytest
from pydantic import ValidationError

from dashboards.access import scopes as read_scopes
from pipelines import identity, publishing
from pipelines.defs import channels
from pipelines.delivery import (
    Answer,
    Notice,
    Outbox,
    Report,
    State,
    deliver,
    file_drop,
    for_channel,
    for_recipients,
    recipients,
)
from pipelines.delivery import mail as mail_module
from pipelines.delivery.credentials import CredentialError, credential
from pipelines.delivery.mail import MailServer
from pipelines.delivery_settings import DeliverySettings
from pipelines.installing import configuration
from pipelines.night import tonight
from pipelines.settings import CONFIG_NAME, Settings, for_home
from pipelines.telling import STATUS, tell
from pipelines.viewers import viewer_key
from tests.mail_servers import Taker, certificate, mail_server, web_server

DAY = date(2026, 10, 31)
LINK = "https://parley.example/sign-in"
ANN, BO = "ann.lee@readers.example", "bo.may@readers.example"
KEY = b"k" * 32
SCOPES = pl.DataFrame(
    {
        "viewer_id": [
            ANN,
            "W-9",
            "old@readers.example",
            "two@readers.example",
            "two@readers.example",
            "hr@readers.example",
            BO,
        ],
        "role": ["leader", "hrbp", "leader", "leader", "analyst", "analyst", "leader"],
        "valid_from": [DAY] * 7,
        "valid_to": [None, None, DAY, None, None, None, None],
    },
    schema_overrides={"valid_to": pl.Date},
)


def notices(*addresses: str) -> list[Notice]:
    everybody = SCOPES.with_columns(pl.lit("leader").alias("role")).filter(pl.col("viewer_id").is_in(addresses))
    readers = recipients(everybody, {viewer_key(a) for a in addresses}, DAY)
    return for_recipients(readers, "20261031T021500Z-abc123", LINK, KEY)


def told(port: int, files: tuple[Path, Path] | None = None, **more: object) -> DeliverySettings:
    authority = files[0] if files else None
    settings = {"link": LINK, "mail_server": "127.0.0.1", "mail_port": port, "mail_from": "parley@example.com"}
    return DeliverySettings.model_validate(settings | {"mail_authority": authority} | more)


def send_all(settings: DeliverySettings, outbox: Path, *addresses: str) -> Report:
    return deliver(notices(*addresses or (ANN,)), {"mail": MailServer(settings).send}, Outbox(outbox), pause=0)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("certificate"), "127.0.0.1")


def test_readers_of_a_list_are_told_and_nobody_else() -> None:
    listed = {viewer_key(name) for name in SCOPES["viewer_id"] if name != BO}
    found = recipients(SCOPES, listed, DAY, {"W-9": "cy@readers.example"})
    assert [(r.viewer_key, r.address) for r in found] == [
        (viewer_key("W-9"), "cy@readers.example"),
        (viewer_key(ANN), ANN),
    ]
    assert recipients(SCOPES, listed, DAY - timedelta(days=1)) == []


def test_readers_bear_the_name_the_dashboard_knows_them_by() -> None:
    assert viewer_key(f" {ANN.upper()} ") == read_scopes.viewer_key(ANN)


@pytest.mark.parametrize("is_implicit", [False, True])
def test_a_notice_goes_out_over_tls_and_says_nothing_of_the_list(
    is_implicit: bool, files: tuple[Path, Path], tmp_path: Path
) -> None:
    taker = Taker()
    with mail_server(taker, files, is_implicit=is_implicit) as port:
        security = "tls" if is_implicit else "starttls"
        report = send_all(told(port, files, mail_security=security), tmp_path / "outbox", ANN, BO)
    assert (report.counts, report.is_well) == ({State.SENT: 2}, True)
    assert [to for to, _ in taker.messages] == [ANN, BO]
    message = email.message_from_string(taker.messages[0][1], policy=policy.default)
    body = message.get_body().get_content()  # type: ignore[union-attr]
    assert message["Subject"] == "Your list is ready"
    assert message["Message-ID"] == f"<{notices(ANN)[0].message_id}@example.com>"
    assert LINK in body
    assert "Ann" not in body
    assert not any(character.isdigit() for character in f"{message['Subject']}{body}")
    assert ANN not in (tmp_path / "outbox").read_text()
    assert (tmp_path / "outbox").stat().st_mode & 0o777 == 0o600


def test_without_encryption_nothing_is_sent(tmp_path: Path) -> None:
    taker = Taker()
    with mail_server(taker, None) as port:
        report = send_all(told(port), tmp_path / "outbox")
    assert report.counts == {State.REFUSED: 1}
    assert "no encryption" in report.reasons[0]
    assert taker.messages == []


def test_a_certificate_nobody_vouches_for_is_refused(files: tuple[Path, Path], tmp_path: Path) -> None:
    taker = Taker()
    for is_implicit in (False, True):
        with mail_server(taker, files, is_implicit=is_implicit) as port:
            settings = told(port, mail_security="tls" if is_implicit else "starttls")
            report = send_all(settings, tmp_path / f"outbox-{is_implicit}")
        assert report.counts == {State.WAITING: 1}
        assert "certificate" in report.reasons[0]
    assert taker.messages == []


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    taker, other = Taker(), certificate(tmp_path, "127.0.0.9")
    with mail_server(taker, other) as port:
        assert send_all(told(port, other), tmp_path / "outbox").counts == {State.WAITING: 1}
    assert taker.messages == []


def test_what_was_put_off_is_tried_again_under_the_same_id(files: tuple[Path, Path], tmp_path: Path) -> None:
    taker = Taker(answers=["451 busy", "452 full"])
    with mail_server(taker, files) as port:
        assert send_all(told(port, files), tmp_path / "outbox").counts == {State.SENT: 1}
        assert send_all(told(port, files), tmp_path / "outbox").counts == {State.SENT: 1}
    assert len(taker.messages) == 1
    assert notices(ANN)[0].message_id in taker.messages[0][1]


def test_after_three_tries_it_waits_for_the_next_run(files: tuple[Path, Path], tmp_path: Path) -> None:
    taker = Taker(answers=["451 busy"] * 3)
    with mail_server(taker, files) as port:
        report = send_all(told(port, files), tmp_path / "outbox")
        assert (report.counts, report.reasons) == (
            {State.WAITING: 1},
            ("The mail server puts notices off (code 451).",),
        )
        assert send_all(told(port, files), tmp_path / "outbox").counts == {State.SENT: 1}


def test_what_is_refused_is_not_tried_again(files: tuple[Path, Path], tmp_path: Path) -> None:
    taker = Taker(answers=["554 no"])
    with mail_server(taker, files) as port:
        for _ in range(2):
            assert send_all(told(port, files), tmp_path / "outbox").counts == {State.REFUSED: 1}
    assert taker.messages == []


def test_a_server_that_is_away_is_told_in_words(tmp_path: Path) -> None:
    with mail_server(Taker(), None) as port:
        pass
    tried: list[str] = []
    server = MailServer(told(port))

    def send(notice: Notice) -> Answer:
        tried.append(notice.to)
        return server.send(notice)

    report = deliver(notices(ANN, BO), {"mail": send}, Outbox(tmp_path / "outbox"), pause=0)
    assert report.counts == {State.WAITING: 2}
    assert "could not be reached" in report.reasons[0]
    # Who comes after the first need not be tried to know.
    assert tried == [ANN] * 3


def test_a_run_killed_between_sending_and_marking_sends_nothing_twice(files: tuple[Path, Path], tmp_path: Path) -> None:
    taker, outbox = Taker(), tmp_path / "outbox"
    with mail_server(taker, files) as port:
        settings = told(port, files)

        class Killed(Outbox):
            def note(self, message_id: str, answer: Answer) -> None:
                if answer.state is State.SENT:
                    raise KeyboardInterrupt
                super().note(message_id, answer)

        with pytest.raises(KeyboardInterrupt):
            deliver(notices(ANN), {"mail": MailServer(settings).send}, Killed(outbox), pause=0)
        assert len(taker.messages) == 1
        report = send_all(settings, outbox, ANN, BO)
    assert report.counts == {State.UNCERTAIN: 1, State.SENT: 1}
    assert [to for to, _ in taker.messages] == [ANN, BO]
    assert not report.is_well


def test_a_line_of_the_outbox_that_was_cut_short_swallows_nothing(tmp_path: Path) -> None:
    path = tmp_path / "outbox"
    Outbox(path).note("a", Answer(State.SENT))
    path.write_bytes(path.read_bytes() + b'{"id": "b", "sta')
    Outbox(path).note("c", Answer(State.SENT))
    found = Outbox(path)
    assert [found.may_send(message) for message in "abc"] == [False, True, False]


def test_an_answer_that_never_comes_counts_as_maybe_sent(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise mail_module.smtplib.SMTPServerDisconnected

    monkeypatch.setattr(mail_module.smtplib.SMTP, "data", broken)
    with mail_server(Taker(), files) as port:
        assert send_all(told(port, files), tmp_path / "outbox").counts == {State.UNCERTAIN: 1}


def post_to(sender: Callable[[Notice], Answer], channel: str, outbox: Path) -> Report:
    return deliver([for_channel(channel, "r1", LINK, KEY)], {channel: sender}, Outbox(outbox), pause=0)


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("SLACK_TOKEN", "TEAMS_WEBHOOK", "MAIL_PASSWORD"):
        monkeypatch.delenv(f"PARLEY_{name}", raising=False)
    (tmp_path / "secrets").mkdir()
    for name, content in (("slack.token", "xoxb-1"), ("teams.webhook", "https://teams.example/hook")):
        path = tmp_path / "secrets" / name
        path.write_text(content + "\n")
        path.chmod(0o600)
    return tmp_path / "secrets"


def test_slack_is_told_once(secrets: Path, tmp_path: Path) -> None:
    with web_server([], b'{"ok": true}') as (url, posted):
        for _ in range(2):
            assert post_to(channels.slack("#hr", secrets, url), "slack", tmp_path / "outbox").is_well
    assert len(posted) == 1
    assert (posted[0]["channel"], LINK in posted[0]["text"]) == ("#hr", True)


def test_slack_that_does_not_know_the_channel_is_not_asked_again(secrets: Path, tmp_path: Path) -> None:
    with web_server([], b'{"ok": false, "error": "channel_not_found"}') as (url, posted):
        report = post_to(channels.slack("#hr", secrets, url), "slack", tmp_path / "outbox")
    assert (report.counts, len(posted)) == ({State.REFUSED: 1}, 1)
    assert "channel_not_found" in report.reasons[0]


def test_teams_is_told_once(secrets: Path, tmp_path: Path) -> None:
    sender = channels.teams(secrets)
    with web_server([], b"1") as (url, posted):
        local = lambda notice: sender.func(url, notice)  # type: ignore[attr-defined]  # noqa: E731
        for _ in range(2):
            assert post_to(local, "teams", tmp_path / "outbox").is_well
    assert len(posted) == 1
    assert LINK in str(posted[0])
    assert post_to(local, "teams", tmp_path / "other").counts == {State.WAITING: 1}
    with web_server([403], b"no") as (url, _):
        assert post_to(local, "teams", tmp_path / "third").counts == {State.REFUSED: 1}


def test_a_webhook_in_the_clear_is_not_used(secrets: Path) -> None:
    (secrets / "teams.webhook").write_text("http://teams.example/hook")
    with pytest.raises(CredentialError, match="must begin with https"):
        channels.teams(secrets)


def test_a_secret_comes_from_the_environment_or_from_a_file_only_its_owner_reads(secrets: Path) -> None:
    assert credential("slack.token", secrets, {"PARLEY_SLACK_TOKEN": "other"}) == "other"
    assert credential("slack.token", secrets, {}) == "xoxb-1"
    (secrets / "slack.token").chmod(0o640)
    with pytest.raises(CredentialError, match="chmod 600"):
        credential("slack.token", secrets, {})
    with pytest.raises(CredentialError, match="PARLEY_MAIL_PASSWORD is not set"):
        credential("mail.password", secrets, {})


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"link": "http://parley.example"}, "must be the https address"),
        ({"link": f"{LINK}?token=1"}, "no token"),
        ({"mail_from": ""}, "mail_from"),
        ({"mail_security": "none"}, "starttls"),
        ({"file_drop_days": 31}, "30"),
    ],
)
def test_settings_that_would_tell_too_much_or_nobody_are_refused(changed: dict[str, object], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        told(587, **changed)


def test_the_section_survives_being_written_and_read(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, delivery=told(2525, file_drop=True))
    (tmp_path / CONFIG_NAME).write_text(configuration(settings), encoding="utf-8")
    assert for_home(tmp_path).delivery == settings.delivery
    assert not DeliverySettings().is_on


def listed(folder: Path, *viewers: str) -> None:
    folder.mkdir(parents=True)
    rows = pl.DataFrame({"name": ["=cmd|x", "Ann"], "reasons": [["new manager", "18 months"], []]})
    for viewer in viewers:
        rows.write_parquet(folder / f"{viewer_key(viewer)}.parquet")


def test_a_file_is_put_down_for_its_reader_alone_and_goes_after_its_days(tmp_path: Path) -> None:
    listed(tmp_path / "scopes", ANN)
    folder, own = tmp_path / "drop", tmp_path / "drop" / viewer_key(ANN)
    for release in ("r1", "r2"):
        assert file_drop.drop(tmp_path / "scopes", [viewer_key(ANN)], release, folder) == 1
    (path,) = own.iterdir()
    assert path.name == "list_r2.csv"
    assert [p.stat().st_mode & 0o777 for p in (folder, own, path)] == [0o700, 0o700, 0o600]
    assert path.read_text() == 'name,reasons\n\'=cmd|x,new manager; 18 months\nAnn,""\n'
    now = datetime.now(UTC)
    assert file_drop.expire(folder, now, 30) == 0
    long_ago = time.time() - 31 * 86400
    os.utime(path, (long_ago, long_ago))
    assert file_drop.expire(folder, now, 30) == 1
    assert list(folder.iterdir()) == []


def test_a_night_tells_its_readers_and_leaves_word_for_data_health(files: tuple[Path, Path], tmp_path: Path) -> None:
    taker = Taker(answers=["554 no"])
    identity.secret(tmp_path / "secrets/identity.key")
    with mail_server(taker, files) as port:
        settings = Settings(home=tmp_path, delivery=told(port, files, file_drop=True))
        (tmp_path / CONFIG_NAME).write_text(configuration(settings), encoding="utf-8")
        night = tonight(tmp_path, DAY)
        _with_scopes(night.con)
        assert tell(night, {}, pause=0).counts == {}
        listed(tmp_path / "published/scopes" / night.release_id, ANN, BO)
        night.is_rebuilt = True
        assert tell(night, {}, pause=0).counts == {}
        night.is_rebuilt = False
        report = tell(night, {}, pause=0)
        night.close(succeeded=False)
    assert report.counts == {State.REFUSED: 1, State.SENT: 1}
    word = (tmp_path / "published" / STATUS).read_text()
    assert '"sent": 1' in word
    assert ANN not in word
    assert len(list((tmp_path / "drop").glob("*/list_*.csv"))) == 2
    assert publishing.current(tmp_path / "published") is None


def test_a_missing_secret_is_told_and_fails_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PARLEY_MAIL_PASSWORD", raising=False)
    identity.secret(tmp_path / "secrets/identity.key")
    settings = Settings(home=tmp_path, delivery=told(2525, mail_user="parley"))
    (tmp_path / CONFIG_NAME).write_text(configuration(settings), encoding="utf-8")
    night = tonight(tmp_path, DAY)
    _with_scopes(night.con)
    listed(tmp_path / "published/scopes" / night.release_id, ANN)
    report = tell(night, {}, pause=0)
    night.close(succeeded=False)
    assert report.counts == {State.WAITING: 1}
    assert "PARLEY_MAIL_PASSWORD" in (tmp_path / "published" / STATUS).read_text()


def _with_scopes(con: object) -> None:
    con.execute("CREATE SCHEMA staging; CREATE SCHEMA core")  # type: ignore[attr-defined]
    con.execute("CREATE TABLE core.delivered_name (employee_id VARCHAR, work_email VARCHAR)")  # type: ignore[attr-defined]
    con.execute(  # type: ignore[attr-defined]
        f"CREATE TABLE staging.parley__access_scope AS SELECT unnest(['{ANN}', '{BO}']) AS viewer_id, 'leader' AS role,"
        f" DATE '{DAY}' AS valid_from, CAST(NULL AS DATE) AS valid_to"
    )
