"""Run a command and note, step by step, how long it takes and how much memory it holds.

Belongs here: watching a process and its children from outside, so that what is measured does not pay for it. Not here:
what is run, what the figures mean.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event, Thread

import psutil

#: What a watched command prints before the name of a step that begins.
STEP = "step: "
#: What it prints before its answer, one line.
ANSWER = "answer: "
_INTERVAL = 0.05


@dataclass(slots=True)
class Step:
    """One step, by name: seconds of all its occurrences together, and the peak of the highest."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0


@dataclass(slots=True)
class Run:
    """A finished command: its steps in order, wall and CPU seconds, peak memory, and its ``answer``.

    Memory is resident (RSS) in MB (10^6 bytes), added up over the process and its children every 50 ms: pages that
    processes share are counted in each. CPU seconds are those of all cores; they say more than the wall where others
    use the machine.
    """

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0
    steps: dict[str, Step] = field(default_factory=dict)
    answer: str = ""


def watch(
    command: Sequence[str], environment: Mapping[str, str] | None = None, told: Callable[[str], None] = lambda _: None
) -> Run:
    """Run a command to its end; lines it prints as ``STEP`` begin a step. Raises ``CalledProcessError``.

    ``told`` is given the name of each step as it begins.
    """
    run, ended = Run(), Event()
    started = step_began = time.perf_counter()
    with subprocess.Popen(
        command, env={**os.environ, **(environment or {})}, stdout=subprocess.PIPE, text=True
    ) as child:
        current = [run.steps.setdefault("start", Step())]
        watcher = Thread(target=_sample, args=(child.pid, run, current, ended), daemon=True)
        watcher.start()
        assert child.stdout is not None
        for line in child.stdout:
            if line.startswith(ANSWER):
                run.answer = line.removeprefix(ANSWER).strip()
            if not line.startswith(STEP):
                continue
            now = time.perf_counter()
            current[0].seconds += now - step_began
            step_began, name = now, line.removeprefix(STEP).strip()
            current[0] = run.steps.setdefault(name, Step())
            told(name)
        code = child.wait()
        ended.set()
        watcher.join()
    run.seconds = time.perf_counter() - started
    current[0].seconds += time.perf_counter() - step_began
    if code:
        raise subprocess.CalledProcessError(code, list(command))
    return run


def _sample(pid: int, run: Run, current: Sequence[Step], ended: Event) -> None:
    """Note what the process and its children hold and have used since the last look, on the step of the moment."""
    try:
        process = psutil.Process(pid)
        while not ended.wait(_INTERVAL):
            step = current[0]
            every = [_used(each) for each in (process, *process.children(recursive=True))]
            held, used = (sum(figures) for figures in zip(*every, strict=True))
            run.peak_mb, step.peak_mb = max(run.peak_mb, held), max(step.peak_mb, held)
            step.cpu_seconds += max(0.0, used - run.cpu_seconds)
            run.cpu_seconds = max(run.cpu_seconds, used)
    except psutil.NoSuchProcess:
        return


def _used(process: psutil.Process) -> tuple[float, float]:
    """Return the resident MB and the CPU seconds of a process and of its children that have ended."""
    try:
        resident, times = process.memory_info().rss, process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0, 0.0
    return resident / 1e6, times.user + times.system + times.children_user + times.children_system
