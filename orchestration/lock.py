"""One writer at a time in a home.

Belongs here: the lock that every run and rollback takes. Not here: what they do under it.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from orchestration.home import Home


class AlreadyRunningError(Exception):
    """Another run works on this home; the message is Swedish."""


@contextmanager
def lock(home: Home) -> Iterator[None]:
    """Hold the home's lock; raises :class:`AlreadyRunningError` where somebody else holds it.

    The lock goes with the process, so one that was killed never leaves it behind.
    """
    with (home.root / "run.lock").open("w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunningError(
                f"En annan körning arbetar redan i {home.root}. Vänta tills den är klar (se `bokslut status`)."
            ) from error
        yield
