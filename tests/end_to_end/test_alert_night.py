"""What an operator who sleeps finds in the mail in the morning, after `bokslut run` as a timer calls it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from orchestration.alerts.heartbeat import last_night
from orchestration.home import Home
from tests.mail_server import mail_server


def bokslut(home: Home, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"BOKSLUT_HOME": str(home.root), "COLUMNS": "200"}
    command = [str(Path(sys.executable).with_name("bokslut")), *arguments]
    return subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=180, check=False
    )


def configure(folder: Path, port: int, more: str = "") -> None:
    lines = ["[mail]", 'host = "localhost"', f"port = {port}", 'sender = "b@example.se"']
    lines += ['recipients = ["d@example.se"]', more]
    (folder / "bokslut.toml").write_text("\n".join(lines), encoding="utf-8")


def test_a_stopped_night_is_mailed_at_once(empty_home: Home, tmp_path: Path) -> None:
    with mail_server() as server:
        configure(tmp_path, server.port)
        done = bokslut(empty_home, tmp_path, "run")

    assert done.returncode == 1, done.stderr
    [mail] = server.received
    assert "STOPPAD" in mail["Subject"]
    for line in ("Ingen utgåva är publicerad.", "- kontrollen ledger_stands", "- Huvudbok (ekonomi)"):
        assert line in mail.get_content()
    assert last_night(empty_home) is None


def test_a_relay_that_is_down_stops_no_night_and_its_letter_comes_later(
    home_after_a_night: Home, tmp_path: Path
) -> None:
    with mail_server() as server:
        configure(tmp_path, server.port)
    done = bokslut(home_after_a_night, tmp_path, "run")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "tog inte emot brevet" in done.stdout
    night = last_night(home_after_a_night)
    assert night is not None
    assert datetime.now(UTC) - night < timedelta(minutes=5)

    with mail_server() as server:
        configure(tmp_path, server.port)
        beat = bokslut(home_after_a_night, tmp_path, "heartbeat")
    assert (beat.returncode, beat.stderr) == (0, "")
    [mail] = server.received
    assert "oförändrad" in mail["Subject"]
    assert "Natten gick igenom." in mail.get_content()


@pytest.mark.parametrize(("more", "says"), [("[inbox]\nunknown = 1", "bokslut.toml"), ("", "arbetar redan")])
def test_a_run_that_cannot_start_is_mailed(empty_home: Home, tmp_path: Path, more: str, says: str) -> None:
    from orchestration.lock import lock

    with mail_server() as server, lock(empty_home):
        configure(tmp_path, server.port, more)
        done = bokslut(empty_home, tmp_path, "run")

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    [mail] = server.received
    assert "kunde inte starta" in mail["Subject"]
    assert says in mail.get_content()
