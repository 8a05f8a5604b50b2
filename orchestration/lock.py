"""One writer at a time in a home.

Belongs here: the lock that every run and rollback takes. Not here: what they do under it.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from orchestration.home import Home

_PATIENCE_SECONDS = (0.05, 0.1, 0.2)


class AlreadyRunningError(Exception):
    """Another run works on this home; the message is Swedish."""


@contextmanager
def lock(home: Home) -> Iterator[None]:
    """Hold the home's lock; raises :class:`AlreadyRunningError` where somebody else holds it.

    The lock goes with the process, so one that was killed never leaves it behind.
    """
    with (home.root / "run.lock").open("w", encoding="utf-8") as file:
        if not _taken(file):
            raise AlreadyRunningError(
                f"En annan körning arbetar redan i {home.root}. Vänta tills den är klar (se `bokslut status`)."
            )
        yield


def _taken(file: TextIO) -> bool:
    """Take the lock and tell whether it could be; who only looks whether it is free holds it for a moment."""
    for seconds in _PATIENCE_SECONDS:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            time.sleep(seconds)
    return False
