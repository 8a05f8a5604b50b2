"""The installation of deploy/ in a folder: its units' own commands, on a real PostgreSQL, without systemd.

Belongs here: reading the units, starting and killing what they start. Not here: what is expected of it. Of a unit are
taken: command, environment, working folder and credentials; what systemd closes around it is tried by ``test_deploy``.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
import zoneinfo
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
from dagster import DagsterInstance

from orchestration.home import Home
from tests.postgres_server import PostgresServer

ROOT = Path(__file__).parents[1]
DATABASE = "bokslut_dagster"
_SHIPPED_URL = f"postgresql+psycopg2://bokslut@/{DATABASE}?host=/run/postgresql"
_ZONE = "Europe/Stockholm"
_STOP_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Unit:
    """What systemd would run: ``credentials`` are the names and the files they come from."""

    name: str
    command: list[str]
    environment: dict[str, str]
    folder: Path
    credentials: dict[str, Path]


class Installation:
    """A machine's folders; ``services`` are the processes of its units that have been started."""

    def __init__(self, folder: Path, postgres: PostgresServer) -> None:
        self.folder, self.postgres = folder, postgres
        self.home = Home(folder / "home").create()
        self.settings, self.backups = folder / "etc", folder / "backups"
        self.port, self.operators_port = free_port(), free_port()
        self.services: dict[str, subprocess.Popen[bytes]] = {}
        for made in (self.settings / "credentials", folder / "run", folder / "log"):
            made.mkdir(parents=True)
        shutil.copy2(ROOT / "bokslut.toml", self.settings)
        self.install_dagster()
        self.set_clock(datetime.now(UTC), hour=12, minute=0)

    def install_dagster(self) -> None:
        """Put Dagster's two shipped files where they belong; only where PostgreSQL and the socket are is our own."""
        shipped = (ROOT / "deploy" / "dagster.yaml").read_text(encoding="utf-8")
        assert _SHIPPED_URL in shipped
        ours = _SHIPPED_URL.replace("bokslut@", f"{self.postgres.role}@").replace(
            "/run/postgresql", str(self.postgres.socket)
        )
        (self.home.dagster / "dagster.yaml").write_text(shipped.replace(_SHIPPED_URL, ours), encoding="utf-8")
        workspace = (ROOT / "deploy" / "workspace.yaml").read_text(encoding="utf-8")
        assert "/run/bokslut/" in workspace
        (self.folder / "workspace.yaml").write_text(self._here(workspace), encoding="utf-8")

    def set_clock(self, moment: datetime, hour: int, minute: int) -> None:
        """Let the municipality's clock show ``hour:minute`` at ``moment``, for what starts hereafter."""
        seconds = (hour * 60 + minute) * 60 - (moment.hour * 60 + moment.minute) * 60
        # The smallest file of a zone (RFC 8536): one offset, always.
        file = self.folder / "zoneinfo" / _ZONE
        file.parent.mkdir(parents=True, exist_ok=True)
        header = b"TZif" + bytes(16) + struct.pack(">6l", 0, 0, 0, 0, 1, 4)
        file.write_bytes(header + struct.pack(">lbb", seconds, 0, 0) + b"LMT\0")

    def unit(self, name: str) -> Unit:
        """Read a shipped unit, with the folders, ports and programs of this machine."""
        text = self._here((ROOT / "deploy" / "systemd" / f"{name}.service").read_text(encoding="utf-8"))
        lines = [line.partition("=") for line in text.splitlines() if "=" in line and not line.startswith("#")]
        credentials = {"mail_password": Path(os.devnull)} if "SetCredential=mail_password" in text else {}
        for given in (value for key, _, value in lines if key == "LoadCredential"):
            credential, _, file = given.partition(":")
            if Path(file).exists():
                credentials[credential] = Path(file)
        environment = dict(
            word.split("=", 1) for key, _, value in lines if key == "Environment" for word in shlex.split(value)
        )
        environment["PATH"] = f"{self.postgres.programs}:{environment['PATH']}"
        # Where PostgreSQL's programs look when they are told nothing; in an installation that is /run/postgresql.
        environment["PGHOST"] = str(self.postgres.socket)
        # systemd gives the user's own; the clock is ours (see ``set_clock``).
        environment |= {"USER": self.postgres.role, "HOME": str(self.home.root), "LANG": "C.UTF-8"}
        environment["PYTHONTZPATH"] = os.pathsep.join([str(self.folder / "zoneinfo"), *zoneinfo.TZPATH])
        if credentials:
            environment["CREDENTIALS_DIRECTORY"] = str(self.folder / "run" / "credentials" / name)
        [command] = [value for key, _, value in lines if key == "ExecStart"]
        [folder] = [value for key, _, value in lines if key == "WorkingDirectory"]
        return Unit(name, shlex.split(command), environment, Path(folder), credentials)

    def _here(self, text: str) -> str:
        for there, here in {
            "/opt/bokslut/.venv": sys.prefix,
            "/opt/bokslut/deploy/workspace.yaml": self.folder / "workspace.yaml",
            "/opt/bokslut": ROOT,
            "/var/lib/bokslut": self.home.root,
            "/var/backups/bokslut": self.backups,
            "/etc/bokslut": self.settings,
            "/run/bokslut/": f"{self.folder / 'run'}/",
            "%d": self.folder / "run" / "credentials" / "bokslut-code",
            "-p 3000": f"-p {self.port}",
            "-p 3001": f"-p {self.operators_port}",
        }.items():
            text = text.replace(there, str(here))
        return text

    def start(self, *names: str) -> None:
        """Start services, each in a session of its own."""
        for name in names:
            unit = self.unit(name)
            self._hand_over_credentials(unit)
            with (self.folder / "log" / f"{name}.log").open("ab") as log:
                self.services[name] = subprocess.Popen(
                    # As systemd does: who runs the tests in the background has SIGINT ignored, and all it starts has.
                    ["env", "--default-signal", *unit.command],
                    env=unit.environment,
                    cwd=unit.folder,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )

    def run(self, name: str) -> subprocess.CompletedProcess[str]:
        """Run a oneshot service to its end."""
        unit = self.unit(name)
        self._hand_over_credentials(unit)
        return self._run(unit, unit.command)

    def shell(self, line: str) -> subprocess.CompletedProcess[str]:
        """Type a line of the runbook in the shell that it says, with the installation's own settings and secrets."""
        unit = self.unit("bokslut-code")
        self._hand_over_credentials(unit)
        return self._run(unit, ["/bin/bash", "-c", self._here(line)])

    def type(self, line: str) -> subprocess.CompletedProcess[str]:
        """Type a line of the runbook as it stands, though there is no systemd, and no user but us."""
        words = shlex.split(line)
        units = [word.removesuffix(".service") for word in words[2:]]
        if words[:2] == ["systemctl", "start"]:
            self.start(*units)
        elif words[:2] == ["systemctl", "stop"]:
            assert set(self.services) <= set(units), "something is left going"
            assert self.stop() == []
        elif "/opt/bokslut/deploy/dagster.yaml" in words:
            self.install_dagster()
        elif words[0] not in ("chown", "chgrp"):
            return self.shell(line.removeprefix("runuser -u bokslut -- "))
        return subprocess.CompletedProcess(words, 0, "", "")

    def _run(self, unit: Unit, command: list[str]) -> subprocess.CompletedProcess[str]:
        environment = unit.environment | {"COLUMNS": "200"}
        return subprocess.run(
            command, env=environment, cwd=unit.folder, capture_output=True, text=True, timeout=180, check=False
        )

    def _hand_over_credentials(self, unit: Unit) -> None:
        folder = self.folder / "run" / "credentials" / unit.name
        for name, file in unit.credentials.items():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(file.read_bytes())

    def log(self, name: str) -> str:
        """Return what a service has printed: its journal."""
        return (self.folder / "log" / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    @contextmanager
    def instance(self) -> Iterator[DagsterInstance]:
        """Open the installation's Dagster."""
        with DagsterInstance.from_config(str(self.home.dagster)) as instance:
            yield instance

    def is_locked(self) -> bool:
        """Tell whether a run, a descendant of the code server, holds the home's lock; without trying to take it."""
        lock, code = str(self.home.root / "run.lock"), psutil.Process(self.services["bokslut-code"].pid)
        with suppress(psutil.NoSuchProcess):
            runs = code.children(recursive=True)
            return any(opened.path == lock for each in runs for opened in each.open_files())
        return False

    def processes(self) -> list[psutil.Process]:
        """Return every living process of the installation, by the home in its environment, and PostgreSQL's."""
        return [*filter(self._is_ours, psutil.process_iter()), *self.postgres.processes()]

    def _is_ours(self, process: psutil.Process) -> bool:
        with suppress(psutil.Error):
            is_ours = process.environ().get("BOKSLUT_HOME") == str(self.home.root)
            return is_ours and process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE
        return False

    def cut_power(self) -> int:
        """Kill every process at once, PostgreSQL's too, and return how many there were."""
        found = self.processes()
        for stop in (signal.SIGSTOP, signal.SIGKILL):
            for process in found:
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(stop)
        self._reap()
        self.postgres.reap()
        wait_until(lambda: not self.processes(), seconds=_STOP_SECONDS)
        return len(found)

    def stop(self) -> list[str]:
        """Stop the services as systemd does, every process of each; return what had to be killed."""
        for process in self._left():
            with suppress(psutil.NoSuchProcess):
                process.terminate()
        deadline = time.monotonic() + _STOP_SECONDS
        while self._left() and time.monotonic() < deadline:
            time.sleep(0.1)
        stubborn = [" ".join(process.cmdline()) for process in self._left()]
        for process in self._left():
            process.kill()
        self._reap()
        return stubborn

    def _left(self) -> list[psutil.Process]:
        for service in self.services.values():
            service.poll()
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _reap(self) -> None:
        for service in self.services.values():
            service.wait(_STOP_SECONDS)
        self.services.clear()


def wait_until(holds: Callable[[], object], seconds: float, told: Callable[[], str] = str) -> None:
    """Wait for a condition; fails with what is told when it has not come in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, told()
        time.sleep(0.5)


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def deliver(files: Path, home: Home) -> None:
    """Put the files of a folder into the inbox."""
    for file in files.iterdir():
        shutil.copy2(file, home.inbox)
