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
    if listener := _listener.get():
        listener(message)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Let ``listener`` have every message that is told inside the block."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
