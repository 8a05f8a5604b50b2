"""Nights in processes of their own, which can be met with faults and always end with the test.

Belongs here: starting, watching and ending them, and what a home says afterwards. Not here: the faults.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from orchestration.home import Home
from orchestration.publishing.dump import dump
from orchestration.settings import Database

NEW_FILE = "KS_2023_ny.se"
BOKSLUT = str(Path(sys.executable).with_name("bokslut"))
# A night takes some fifteen seconds of a machine that does nothing else.
LONGEST_NIGHT_SECONDS = 240


def environment(home: Home) -> dict[str, str]:
    """Return what a process of a home is started with; its lines are not broken."""
    return os.environ | {"BOKSLUT_HOME": str(home.root), "COLUMNS": "400", "PYTHONUNBUFFERED": "1"}


def bokslut(home: Home, *arguments: str, through: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and return what it said; ``through`` is what starts it, such as ``nsenter``."""
    with started(home, *arguments, through=through) as process:
        out, err = process.communicate(timeout=LONGEST_NIGHT_SECONDS)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


@contextmanager
def started(home: Home, *arguments: str, through: Sequence[str] = ()) -> Iterator[subprocess.Popen[str]]:
    """Start a command in a session of its own; at the end of the block all of that session is ended."""
    process = subprocess.Popen(
        [*through, BOKSLUT, *arguments],
        env=environment(home),
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with ending(process):
        yield process


@contextmanager
def ending(process: subprocess.Popen[str]) -> Iterator[None]:
    """End a process that leads a session, and all others in it, at the end of the block."""
    try:
        yield
    finally:
        for each in in_session(process.pid):
            kill(each)
        kill(process.pid)
        process.communicate(timeout=30)


def in_session(session: int) -> list[int]:
    """Return the ids of the living processes of a session."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, belongs_to = status.read_text(encoding="utf-8").rpartition(")")[2].split()[:4]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(belongs_to) == session and state not in "ZX":
            found.append(int(status.parent.name))
    return found


def kill(process: int, sign: int = signal.SIGKILL) -> None:
    """Send a signal to a process of ours, which may have ended already."""
    with suppress(ProcessLookupError):
        os.kill(process, sign)


def wait_until(holds: Callable[[], object], what: str, seconds: float = 60) -> None:
    """Wait until something holds, or fail with ``what`` did not come to be."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.02)


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """Read what a night says until it says ``words``, and return all of it; fails where it ends without."""
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if words in line:
            return "".join(said)
    raise AssertionError(f"never said {words!r}: {''.join(said)}")


def checksum(home: Home, target: Path) -> str:
    """Return the checksum of what the release says that readers see."""
    return dump(home.current, target, Database())
