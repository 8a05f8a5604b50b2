"""Processes beside a night's own, for what does not need Dagster: reading files, checking them, running dbt.

Belongs here: where work is done. Not here: any work. The processes are forked from one that has loaded what takes
seconds to import (``preloaded``), while this one starts Dagster; so a night that runs by itself uses both its cores.
Without them, as in a run that Dagster's daemon starts, the same work is done here, when its answer is asked for; but
what may end its process, such as reading an untrusted file, is done apart from the night there too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from orchestration.progress import Listener, listen

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")

_PROCESSES = 2
_PRELOADED = ["orchestration.preloaded"]
_pool: ProcessPoolExecutor | None = None
# One process that is kept for what is done apart, until it dies.
_alone: ProcessPoolExecutor | None = None
_messages: Any = None


class ProcessDied(Exception):
    """The process that did a piece of work ended before it had answered: killed, crashed, or beyond its limits."""


@contextmanager
def working_beside(told: Listener) -> Iterator[None]:
    """Have processes beside this one inside the block; they begin to load at once. ``told`` has what they tell."""
    global _pool, _messages
    from multiprocessing import forkserver, get_context
    from threading import Thread

    context = get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    forkserver.ensure_running()
    _messages = context.Queue()
    passing_on = Thread(target=_pass_on, args=(_messages, told), daemon=True)
    passing_on.start()
    _pool = _processes(_PROCESSES)
    try:
        yield
    finally:
        end_alone()
        _pool.shutdown(cancel_futures=True)
        _pool = None
        _messages.put(None)
        passing_on.join()
        _messages = None


def is_beside() -> bool:
    """Tell whether work that is begun is done beside, and not only when its answer is asked for."""
    return _pool is not None


def begin(work: Callable[Arguments, Answer], *given: Arguments.args, **named: Arguments.kwargs) -> Callable[[], Answer]:
    """Let ``work`` begin beside, and return what waits for its answer; what it raises is raised there.

    A process that dies takes with it what others had begun: each piece is then done once more by itself, so that only
    the one that ends its process raises ``ProcessDied``.
    """
    from concurrent.futures.process import BrokenProcessPool

    global _pool
    if _pool is None:
        return partial(work, *given, **named)
    try:
        begun = _pool.submit(work, *given, **named)
    except BrokenProcessPool:
        _pool.shutdown()
        _pool = _processes(_PROCESSES)
        begun = _pool.submit(work, *given, **named)

    def answer() -> Answer:
        try:
            return begun.result()
        except BrokenProcessPool:
            return apart(work, *given, **named)

    return answer


def done(work: Callable[Arguments, Answer], *given: Arguments.args, **named: Arguments.kwargs) -> Answer:
    """Return what ``work`` returns, from a process beside where there is one; its exceptions are raised here."""
    return begin(work, *given, **named)()


def apart(work: Callable[Arguments, Answer], *given: Arguments.args, **named: Arguments.kwargs) -> Answer:
    """Return what ``work`` returns, from a process that does nothing else meanwhile; raises ``ProcessDied`` if it dies.

    Also where nothing is done beside: what may end its process is never done in the night's own.
    """
    from concurrent.futures.process import BrokenProcessPool

    global _alone
    is_fresh = _alone is None
    _alone = _alone or _processes(1)
    try:
        return _alone.submit(work, *given, **named).result()
    except BrokenProcessPool as error:
        end_alone()
        if is_fresh:
            raise ProcessDied from error
    # What was done there before may have left it dying: only a process that has done nothing else tells whose it was.
    return apart(work, *given, **named)


def end_alone() -> None:
    """End the process that is kept for what is done apart, if there is one: a night that is over waits for nothing."""
    global _alone
    if _alone is not None:
        _alone.shutdown(cancel_futures=True)
        _alone = None


@contextmanager
def limited(seconds: float, memory_bytes: int) -> Iterator[None]:
    """Let what is done inside the block take so much more memory, and so many seconds, and no more.

    To be used in a process beside: memory that is refused is a ``MemoryError``, or the end of the process where a
    library knows no better; time that is up is its end, whatever it does.
    """
    import resource
    import signal

    before = resource.getrlimit(resource.RLIMIT_DATA)
    most = _data_bytes() + memory_bytes
    resource.setrlimit(resource.RLIMIT_DATA, (most if before[1] < 0 else min(most, before[1]), before[1]))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        resource.setrlimit(resource.RLIMIT_DATA, before)


def _data_bytes() -> int:
    """Return how much this process has of what the kernel counts against the limit; 0 where it does not tell."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData:")), 0)


def _processes(count: int) -> ProcessPoolExecutor:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    return ProcessPoolExecutor(count, get_context("forkserver"), _begin_work, (_messages,))


def _pass_on(messages: Any, told: Listener) -> None:
    while (message := messages.get()) is not None:
        told(message)


def _begin_work(messages: Any) -> None:
    from signal import SIG_DFL, SIGALRM, signal
    from threading import Thread

    # The end of ``limited`` must come from the kernel: a library that is stuck lets no handler run.
    signal(SIGALRM, SIG_DFL)
    if messages:
        listen(messages.put)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End when the night has: a process that waits for work does not see that nobody is left to give it any."""
    from multiprocessing import parent_process

    if parent := parent_process():
        parent.join()
        os._exit(1)
