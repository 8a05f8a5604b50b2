"""Do a piece of work in a process of its own, and kill it: before its nth change to the disk, or at a moment.

A change is what Python does to files below a folder (opening for writing, renaming, removing, linking, changing who may
read), and every statement that SQLite is given. So every order of them that a kill can leave is tried, not only those
that a clock happens to hit; what libraries in C write meanwhile is for the moments.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

_CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.truncate"}
_FOR_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_PRELOADED = ["orchestration.preloaded", "tests.faults.steps"]
_SECONDS = 120.0

_connect = sqlite3.connect
Work = Callable[[Path], None]


@dataclass
class _Counter:
    """Counts changes below ``root``, and ends the process before number ``last``."""

    root: str
    last: int | None
    count: int = 0

    def __call__(self, event: str, given: tuple[Any, ...]) -> None:
        is_change = event in _CHANGES or (event == "open" and self._is_writing(given))
        if is_change and any(isinstance(each, str | Path) and str(each).startswith(self.root) for each in given[:2]):
            self._one_more()

    def connect(self, *given: Any, **named: Any) -> sqlite3.Connection:
        """Connect as ``sqlite3.connect`` does, and count every statement before it is carried out."""
        connection = _connect(*given, **named)
        connection.set_trace_callback(lambda _: self._one_more())
        return connection

    @staticmethod
    def _is_writing(given: tuple[Any, ...]) -> bool:
        _, mode, flags = given
        return bool(flags & _FOR_WRITING) if mode is None else any(letter in mode for letter in "wax+")

    def _one_more(self) -> None:
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def _work(work: Work, root: Path, last: int | None, answer: Any) -> None:
    counter = _Counter(str(root), last)
    sys.addaudithook(counter)
    sqlite3.connect = counter.connect  # type: ignore[assignment]
    # The clock of a kill at a moment runs from here: what was before is the process, not the work.
    answer.send(None)
    began = time.monotonic()
    work(root)
    answer.send((counter.count, time.monotonic() - began))


def whole(work: Work, root: Path) -> tuple[int, float]:
    """Do the work to its end and return how many changes it made, and its seconds.

    Raises ``RuntimeError`` where it fails.
    """
    process, answer = _started(work, root, None)
    process.join(_SECONDS)
    if process.exitcode != 0 or not answer.poll():
        process.kill()
        raise RuntimeError(f"{work} in {root} ended with {process.exitcode}")
    found: tuple[int, float] = answer.recv()
    return found


def before_change(work: Work, root: Path, number: int) -> bool:
    """Kill the work before its change ``number`` and return whether it came so far."""
    process, _ = _started(work, root, number)
    return _killed(process)


def at_moment(work: Work, root: Path, seconds: float) -> bool:
    """Kill the work so many seconds after its beginning and return whether it was still going."""
    process, _ = _started(work, root, None)
    process.join(seconds)
    process.kill()
    return _killed(process)


def _started(work: Work, root: Path, last: int | None) -> tuple[Any, Any]:
    context = get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    answer, told = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(work, root, last, told))
    process.start()
    told.close()
    answer.recv()
    return process, answer


def _killed(process: Any) -> bool:
    process.join(_SECONDS)
    if process.exitcode not in (0, -signal.SIGKILL):
        raise RuntimeError(f"a step that should have been killed ended with {process.exitcode}")
    return bool(process.exitcode)
