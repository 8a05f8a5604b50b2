"""A second process for the checks, so that Great Expectations loads while this one starts Dagster.

Belongs here: where a check runs. Not here: any check. Its import alone is over two seconds of a night whose data cost
three; on a second core they cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")

_process: ProcessPoolExecutor | None = None


@contextmanager
def checking_beside() -> Iterator[None]:
    """Let ``checked`` use a second process inside the block; it begins to load at once."""
    global _process
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # A process of its own from the start: a forked one would share the locks of threads it does not have.
    with ProcessPoolExecutor(1, get_context("spawn")) as _process:
        _process.submit(_load)
        try:
            yield
        finally:
            _process = None


def checked(check: Callable[Arguments, Answer], *given: Arguments.args, **named: Arguments.kwargs) -> Answer:
    """Return what ``check`` returns, from the second process where there is one; its exceptions are raised here."""
    return _process.submit(check, *given, **named).result() if _process else check(*given, **named)


def _load() -> None:
    from expectations.runner import load

    load()
