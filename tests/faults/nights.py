"""The whole nightly job, killed in each of its stages, while a reader reads what is published.

    TERM the run | KILL the run alone | KILL the processes beside it | KILL all of them at once

Belongs here: running, killing and running again. Not here: steps alone (``steps``), what must be the same (``state``).
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import duckdb
import psutil

from orchestration.home import Home
from orchestration.keys import new_key
from sources.example import write_example
from tests import deliveries as bad
from tests.faults.state import State, differences, loaded, published
from tests.faults.steps import Kill, copy, remove

_SECONDS = 180.0
# What must be gone by then, when only the run itself was killed: the processes beside it end by themselves.
_ORPHANS_SECONDS = 15.0


@dataclass
class Run:
    """A `bokslut run` in a session of its own, and when it told of each stage (seconds from its start)."""

    process: subprocess.Popen[str]
    began: float = field(default_factory=time.monotonic)
    stages: list[tuple[str, float]] = field(default_factory=list)

    @classmethod
    def of(cls, home: Home) -> Run:
        """Start a run on a home."""
        run = cls(
            subprocess.Popen(
                [str(Path(sys.executable).with_name("bokslut")), "run"],
                env=os.environ | {"BOKSLUT_HOME": str(home.root), "COLUMNS": "200"},
                cwd=home.root,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        )
        Thread(target=run._listen, daemon=True).start()
        return run

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.stages.append((line.strip(), time.monotonic() - self.began))

    def wait_for(self, number: int) -> None:
        """Wait until the run has told of so many stages and one more, or has ended."""
        while len(self.stages) <= number and self.process.poll() is None:
            time.sleep(0.002)

    def processes(self) -> list[psutil.Process]:
        """Return what lives of the run's session."""
        alive = []
        for process in psutil.process_iter():
            try:
                if os.getsid(process.pid) == self.process.pid and process.status() != psutil.STATUS_ZOMBIE:
                    alive.append(process)
            except (ProcessLookupError, psutil.NoSuchProcess):
                continue
        return alive

    def end(self) -> int:
        """Wait for the end and return the exit code; nothing of the run is left, whatever happened."""
        try:
            return self.process.wait(_SECONDS)
        finally:
            for process in self.processes():
                process.kill()


def terminate(run: Run) -> None:
    """Ask the run to end, as systemd does."""
    run.process.terminate()


def kill_run(run: Run) -> None:
    """Kill the run itself; the processes beside it lose their parent."""
    run.process.kill()


def kill_beside(run: Run) -> None:
    """Kill what works beside the run: readers of files, checks, dbt. The run goes on, or ends by itself."""
    for process in run.processes():
        if process.pid != run.process.pid:
            process.kill()


def kill_all(run: Run) -> None:
    """Kill everything at once, as a power loss does."""
    os.killpg(run.process.pid, signal.SIGKILL)


KINDS: dict[str, Callable[[Run], None]] = {
    "SIGKILL av alla": kill_all,
    "SIGTERM till körningen": terminate,
    "SIGKILL av körningen": kill_run,
    "SIGKILL av processerna bredvid": kill_beside,
}


@contextmanager
def reading(home: Home, allowed: set[str]) -> Iterator[list[str]]:
    """Read what is published, over and over, inside the block; the list has what readers saw and must not see."""
    wrong: list[str] = []
    over = Event()

    def read() -> None:
        while not over.is_set():
            try:
                with duckdb.connect(str(home.current), read_only=True) as connection:
                    found = connection.execute("select max(release_id), count(*) from marts.release").fetchone()
                    connection.execute("select sum(outcome_sek), sum(budget_sek) from marts.budget_outcome").fetchone()
            except duckdb.Error as error:
                wrong.append(str(error))
            else:
                if found is None or found[0] not in allowed:
                    wrong.append(f"readers see {found}")
            time.sleep(0.05)

    reader = Thread(target=read)
    reader.start()
    try:
        yield wrong
    finally:
        over.set()
        reader.join()


@dataclass(frozen=True)
class Clean:
    """What a night that nobody kills leaves: its stages with their beginnings and the last's end, and the state."""

    stages: list[tuple[str, float]]
    seconds: float
    state: State
    releases: set[str]


def first_night(folder: Path) -> tuple[Home, Path]:
    """Run a first night of the example municipality below ``folder``; return its home, and the example's files."""
    files, home = folder / "files", Home(folder / "first").create()
    write_example(files)
    new_key(home)
    for file in files.iterdir():
        shutil.copy2(file, home.inbox)
    run = Run.of(home)
    if code := run.end():
        raise RuntimeError(f"the first night ended with {code}: {run.stages}")
    return home, files


def second_night(first: Home, files: Path, root: Path) -> None:
    """Make a home after its first night, with new deliveries of several kinds in its inbox, good and bad."""
    copy(first.root, root)
    inbox = root / "inbox"
    (inbox / "KS_2023_ny.se").write_bytes(bad.unbalanced(files))
    (inbox / "avklippt.se").write_bytes(bad.truncated(files))
    rows = bad.budget_rows(files)
    (inbox / "budget_2022_ny.csv").write_text(bad.budget_csv([*rows[:-1], rows[-1], []]), encoding="utf-8")
    (inbox / "malregister_ny.xlsx").write_bytes((files / "malregister.xlsx").read_bytes() + b"\0")
    for name in ("personalsystem_anstallningar.csv", "enkat_chefer_2023.xlsx"):
        shutil.copy2(files / name, inbox / f"kopia_{name}")
    (inbox / "lunch.pdf").write_bytes(b"x")


def clean_night(base: Path, folder: Path) -> Clean:
    """Run the second night on a copy of ``base`` and return what it leaves."""
    home = Home(folder / "clean")
    copy(base, home.root)
    before = published(home)["standing"]
    run = Run.of(home)
    if code := run.end():
        raise RuntimeError(f"a night that nobody killed ended with {code}: {run.stages}")
    seconds = time.monotonic() - run.began
    state = _state(home)
    remove(home.root)
    return Clean(run.stages, seconds, state, {before, state["published"]["standing"]})


def killed_nights(base: Path, clean: Clean, folder: Path, *, count: int, seed: int) -> Iterator[Kill]:
    """Kill ``count`` nights, one kind and stage after another, each at a random moment of its stage.

    After each kill the job is run again: what it leaves must be what a clean night leaves, and readers must have found
    the old release or the new one all the time.
    """
    chosen = random.Random(seed)
    ends = [began for _, began in clean.stages[1:]] + [clean.seconds]
    stages = [
        (number, name, end - began) for number, ((name, began), end) in enumerate(zip(clean.stages, ends, strict=True))
    ]
    for number in range(count):
        kind = list(KINDS)[number % len(KINDS)]
        # Every kind meets every stage before any meets one again; a few nights still spread over all stages.
        place, name, seconds = stages[(number * 7 + number // len(stages)) % len(stages)]
        home = Home(folder / "killed")
        copy(base, home.root)
        at = chosen.random()
        lost = _kill_and_run_again(home, clean, place, seconds * at, KINDS[kind])
        yield Kill(kind, f"{name}, efter {at:.0%}", lost)
        remove(home.root)


def _kill_and_run_again(home: Home, clean: Clean, stage: int, seconds: float, kill: Callable[[Run], None]) -> list[str]:
    with reading(home, clean.releases) as wrong:
        run = Run.of(home)
        try:
            run.wait_for(stage)
            time.sleep(seconds)
            if run.process.poll() is None:
                kill(run)
            run.process.wait(_SECONDS)
            orphans = psutil.wait_procs(run.processes(), timeout=_ORPHANS_SECONDS)[1]
        finally:
            run.end()
        again = Run.of(home)
        code = again.end()
    lost = [*wrong[:3], *(f"{process} lives on" for process in orphans)]
    if code:
        return [*lost, f"the run after it ended with {code}: {again.stages}"]
    return lost + differences(clean.state, _state(home))


def _state(home: Home) -> State:
    return {"loaded": loaded(home), "published": published(home)}
