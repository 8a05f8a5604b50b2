"""Letters to a real relay on this machine: plain, with login, with STARTTLS, and every way it can go wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.alerts import announce
from orchestration.alerts.letters import Letter
from orchestration.alerts.mail import MailError, send
from orchestration.alerts.outbox import KEPT_SENT, LONGEST_QUEUE, post, send_waiting, waiting
from orchestration.home import Home
from orchestration.settings import Mail, SettingsError, load_mail, load_settings
from tests.mail_server import MailServer, certificate, mail_server

NOON = datetime(2024, 1, 22, 12, tzinfo=UTC)
LOGIN = ("bokslut", "hemligt 1")


def letter(key: str = "night-2024-01-22", **values: object) -> Letter:
    told = {
        "subject": "[Bokslut] Nämnden: allt väl",
        "body": "Natten gick igenom – 178 tkr.\n.punkt\n",
        "written_at": NOON,
    }
    return Letter(key, **(told | values))  # type: ignore[arg-type]


def settings(server: MailServer, **values: object) -> Mail:
    told = {"host": "localhost", "port": server.port, "sender": "b@example.se", "recipients": ["d@example.se"]}
    return Mail.model_validate(told | {"timeout_seconds": 5} | values)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


@pytest.fixture
def password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "password"
    file.write_text("hemligt 1\n", encoding="utf-8")
    monkeypatch.setenv("BOKSLUT_MAIL_PASSWORD_FILE", str(file))
    return file


@pytest.mark.parametrize("is_known", [False, True])
@pytest.mark.parametrize("is_secret", [False, True])
def test_a_letter_arrives_with_and_without_login_and_starttls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: Path, is_known: bool, is_secret: bool
) -> None:
    trusted, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with mail_server(LOGIN if is_known else None, context if is_secret else None) as server:
        own = settings(server, starttls=is_secret, user="bokslut" if is_known else None)
        assert send(own, letter()) == []

    [mail] = server.received
    assert (mail["From"], mail["To"]) == ("b@example.se", "d@example.se")
    assert mail["Subject"] == "[Bokslut] Nämnden: allt väl"
    assert mail.get_content().splitlines() == letter().body.splitlines()
    assert (mail["Message-ID"], mail["Auto-Submitted"]) == ("<night-2024-01-22@example.se>", "auto-generated")
    assert ("STARTTLS" in server.said, "AUTH" in server.said) == (is_secret, is_known)


def test_a_long_swedish_subject_arrives_as_it_was_written() -> None:
    subject = "[Bokslut Upplands Väsby och Södertälje] Natten 2026-11-23: oförändrad, 12 att rätta åtminstone nu är"
    with mail_server() as server:
        send(settings(server), letter(subject=subject, body="å" * 2_000))
    assert server.received[0]["Subject"] == subject
    assert server.received[0].get_content().strip() == "å" * 2_000


def test_a_password_may_come_from_systemd_and_stays_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mail_password").write_text("fel", encoding="utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    with mail_server(LOGIN) as server, pytest.raises(MailError, match="användaren bokslut eller lösenordet") as caught:
        send(settings(server, user="bokslut"), letter())
    assert "fel" not in str(caught.value)
    assert "hemligt" not in capfd.readouterr().err

    (tmp_path / "mail_password").write_text("hemligt 1", encoding="utf-8")
    with mail_server(LOGIN) as server:
        assert send(settings(server, user="bokslut"), letter()) == []


@pytest.mark.parametrize(("content", "says"), [(None, "kan inte läsas"), ("\n", "är tom"), ("å", "andra tecken")])
def test_a_password_file_that_cannot_be_used(password: Path, content: str | None, says: str) -> None:
    password.unlink() if content is None else password.write_text(content)
    with mail_server(LOGIN) as server, pytest.raises(MailError, match=says):
        send(settings(server, user="bokslut"), letter())
    assert server.said == []


def test_login_without_a_password_file_says_what_to_do() -> None:
    with mail_server(LOGIN) as server, pytest.raises(MailError, match="LoadCredential=mail_password"):
        send(settings(server, user="bokslut"), letter())


def test_nothing_is_said_to_a_relay_that_nobody_vouches_for(tmp_path: Path, password: Path) -> None:
    _, context = certificate(tmp_path)
    with mail_server(LOGIN, context) as server, pytest.raises(MailError, match="certifikat"):
        send(settings(server, starttls=True, user="bokslut"), letter())
    assert "AUTH" not in server.said
    with mail_server() as server, pytest.raises(MailError, match="STARTTLS"):
        send(settings(server, starttls=True), letter())
    assert "MAIL" not in server.said


def test_a_recipient_that_the_relay_does_not_know(home: Home) -> None:
    with mail_server(refuses=("gone@",)) as server:
        own = settings(server, recipients=["d@example.se", "gone@example.se"])
        [told] = announce(home, own, letter())
        assert "gone@example.se" in told
        with pytest.raises(MailError, match=r"gone@example\.se"):
            send(settings(server, recipients=["gone@example.se"]), letter())
    assert len(server.received) == 1
    assert waiting(home) == []


def test_a_letter_waits_for_the_relay_and_is_sent_once(home: Home) -> None:
    with mail_server() as server:
        own = settings(server)
    [told] = announce(home, own, letter())
    assert "1 brev väntar" in told
    assert [each.key for each in waiting(home)] == ["night-2024-01-22"]

    with mail_server() as server:
        own = settings(server)
        assert announce(home, own) == []
        assert announce(home, own, letter(body="igen")) == []
        assert announce(home, own, letter("failed-1")) == []
    assert [mail["Message-ID"] for mail in server.received] == [
        "<night-2024-01-22@example.se>",
        "<failed-1@example.se>",
    ]
    assert server.received[0].get_content().splitlines() == letter().body.splitlines()


def test_the_outbox_neither_floods_nor_grows(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr("orchestration.alerts.outbox.send", lambda mail, each: sent.append(each.key) or [])
    for number in range(LONGEST_QUEUE + 2):
        post(home, letter(f"n-{number:04d}", written_at=NOON.replace(minute=number)))
    assert len(send_waiting(home, Mail())) == 2
    assert sent == [f"n-{number:04d}" for number in range(2, LONGEST_QUEUE + 2)]
    for number in range(KEPT_SENT):
        (home.alerts / "sent" / f"old-{number}.json").write_text("{}")
    send_waiting(home, Mail())
    assert len(list((home.alerts / "sent").iterdir())) == KEPT_SENT


def test_mail_is_off_until_a_relay_is_named(home: Home) -> None:
    assert announce(home, Mail(), letter()) == []
    assert waiting(home) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("host = 'relay.example.se'", "sender och recipients"),
        ("host = 'relay.example.se'\nsender = 'b@example.se'\nrecipients = ['d@example.se']\nuser = 'b'", "starttls"),
        ("host = 'relay\\r\\nX'", "mail.host"),
        ("recipients = ['d@example.se, e@example.se']", "mail.recipients.0"),
        ("password = 'x'", "nyckeln mail.password är okänd"),
        ("ui_url = 'bokslut.example.se'", "mail.ui_url"),
        ("port = 0", "mail.port"),
        ("[heartbeat]\nmax_night_hours = 0", "heartbeat.max_night_hours"),
    ],
)
def test_settings_that_cannot_be_used_are_named(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "bokslut.toml"
    file.write_text(f"[mail]\n{text}", encoding="utf-8")
    with pytest.raises(SettingsError, match=says):
        load_settings(file)


def test_whom_to_tell_is_known_also_where_other_settings_are_wrong(tmp_path: Path) -> None:
    file = tmp_path / "bokslut.toml"
    file.write_text("[mail]\nport = 26\n[municipality]\norgnr = 1", encoding="utf-8")
    assert load_mail(file).port == 26
    file.write_text("[mail]\nport = 0", encoding="utf-8")
    with pytest.raises(SettingsError, match="port"):
        load_mail(file)
