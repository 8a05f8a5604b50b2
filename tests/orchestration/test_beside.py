"""Work beside a night's own process is done there, tells what it tells, fails as here, and ends with the night."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestration import beside
from orchestration.progress import tell


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is loaded ahead: it is where work is done that is tried."""
    monkeypatch.setattr(beside, "_PRELOADED", [])


def where(message: str) -> int:
    tell(message)
    return os.getpid()


def fail() -> None:
    raise LookupError("borta")


def test_without_processes_work_is_done_here_and_when_asked_for() -> None:
    done: list[int] = []
    wait = beside.begin(done.append, 1)
    assert not beside.is_beside()
    assert done == []
    wait()
    assert done == [1]


@pytest.mark.usefixtures("light")
def test_with_processes_work_is_done_in_one_of_them() -> None:
    told: list[str] = []
    with beside.working_beside(told.append):
        assert beside.is_beside()
        answers = [beside.begin(where, f"arbete {number}") for number in range(4)]
        assert os.getpid() not in {answer() for answer in answers}
        with pytest.raises(LookupError, match="borta"):
            beside.done(fail)
    assert sorted(told) == [f"arbete {number}" for number in range(4)]
    assert not beside.is_beside()


def test_what_is_done_apart_has_a_process_of_its_own_until_the_night_ends() -> None:
    worker = beside.apart(os.getpid)
    assert worker != os.getpid()
    assert beside.apart(os.getpid) == worker
    beside.end_alone()
    assert not is_alive(worker)


def test_a_process_that_dies_is_told_of_and_replaced() -> None:
    with pytest.raises(beside.ProcessDied):
        beside.apart(os._exit, 1)
    assert beside.apart(os.getpid) != os.getpid()
    beside.end_alone()


NIGHT = """
import os, time
from orchestration import beside
beside._PRELOADED = []
with beside.working_beside(print):
    print(beside.done(os.getpid), flush=True)
    beside.done(time.sleep, 600)
"""


def test_processes_end_with_a_night_that_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", NIGHT], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as night:
        assert night.stdout
        worker = int(night.stdout.readline())
        night.send_signal(signal.SIGKILL)
        night.wait()
        until = time.monotonic() + 30
        while is_alive(worker) and time.monotonic() < until:
            time.sleep(0.05)
    assert not is_alive(worker)


def is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def test_what_is_loaded_ahead_says_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import orchestration.preloaded"],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert (done.stdout, done.stderr) == ("", "")
