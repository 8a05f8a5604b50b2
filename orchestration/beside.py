"""Processes beside a night's own, for what does not need Dagster: reading files, checking them, running dbt.

Belongs here: where work is done. Not here: any work. The processes are forked from one that has loaded what takes
seconds to import (``preloaded``), while this one starts Dagster; so a night that runs by itself uses both its cores.
Without them, as in a run that Dagster's daemon starts, the same work is done here, when its answer is asked for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from orchestration.progress import Listener, listen

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")

_PROCESSES = 2
_PRELOADED = ["orchestration.preloaded"]
_pool: ProcessPoolExecutor | None = None


@contextmanager
def working_beside(told: Listener) -> Iterator[None]:
    """Have processes beside this one inside the block; they begin to load at once. ``told`` has what they tell."""
    global _pool
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import forkserver, get_context
    from threading import Thread

    context = get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    forkserver.ensure_running()
    messages = context.Queue()
    passing_on = Thread(target=_pass_on, args=(messages, told), daemon=True)
    passing_on.start()
    with ProcessPoolExecutor(_PROCESSES, context, _begin_work, (messages,)) as _pool:
        try:
            yield
        finally:
            _pool.shutdown(cancel_futures=True)
            _pool = None
            messages.put(None)
            passing_on.join()


def is_beside() -> bool:
    """Tell whether work that is begun is done beside, and not only when its answer is asked for."""
    return _pool is not None


def begin(work: Callable[Arguments, Answer], *given: Arguments.args, **named: Arguments.kwargs) -> Callable[[], Answer]:
    """Let ``work`` begin beside, and return what waits for its answer; what it raises is raised there."""
    return _pool.submit(work, *given, **named).result if _pool else partial(work, *given, **named)


def done(work: Callable[Arguments, Answer], *given: Arguments.args, **named: Arguments.kwargs) -> Answer:
    """Return what ``work`` returns, from a process beside where there is one; its exceptions are raised here."""
    return begin(work, *given, **named)()


def _pass_on(messages: Any, told: Listener) -> None:
    while (message := messages.get()) is not None:
        told(message)


def _begin_work(messages: Any) -> None:
    from threading import Thread

    listen(messages.put)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End when the night has: a process that waits for work does not see that nobody is left to give it any."""
    from multiprocessing import parent_process

    if parent := parent_process():
        parent.join()
        os._exit(1)
