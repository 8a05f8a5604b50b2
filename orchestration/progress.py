"""Tell whoever is waiting what happens now.

Belongs here: one line of text on its way from a step to a screen. Not here: drawing it (``cli``), logs, events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[str], None]
_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


def tell(message: str) -> None:
    """Say (in Swedish) what begins now; nothing happens where nobody listens."""
    listener()(message)


def listener() -> Listener:
    """Return what ``tell`` tells now, to take along into a thread that knows nothing of who listens here."""
    return _listener.get() or (lambda _: None)


def listen(told: Listener) -> None:
    """Let ``told`` have every message that is told from now on."""
    _listener.set(told)


@contextmanager
def listening(told: Listener) -> Iterator[None]:
    """Let ``told`` have every message that is told inside the block."""
    token = _listener.set(told)
    try:
        yield
    finally:
        _listener.reset(token)
