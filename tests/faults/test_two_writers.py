"""Two who want to write at once: two nights, and what a killed night left running."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from orchestration.home import Home
from orchestration.lock import AlreadyRunningError, lock
from tests.faults.night_processes import (
    bokslut,
    checksum,
    ending,
    environment,
    in_session,
    kill,
    read_until,
    started,
    wait_until,
)

# What is left of a killed night: dbt, which goes on building the dead run's warehouse for as long as it is let.
_ORPHAN = """
import sys
from pathlib import Path
from orchestration.loading.snapshot import Build
from orchestration.settings import load_settings
from orchestration.warehouse import run_dbt
while True:
    run_dbt(Build(Path(sys.argv[1])), ["run", "--exclude", "tag:closing"], load_settings().database)
    print("built", flush=True)
"""


@contextmanager
def orphaned_dbt(home: Home, build: Path) -> Iterator[subprocess.Popen[str]]:
    """Have a process of dbt that goes on writing in a dead run's build."""
    process = subprocess.Popen(
        [sys.executable, "-c", _ORPHAN, str(build)],
        env=environment(home) | {"PYTHONPATH": str(Path(__file__).parents[2])},
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    with ending(process):
        yield process


def runs(home: Home) -> int:
    """Return how many runs Dagster knows of."""
    with sqlite3.connect(home.dagster / "history" / "runs.db") as connection:
        found = connection.execute("select count(*) from runs").fetchone()
    return int(found[0])


def test_of_two_nights_at_once_one_works_and_the_other_says_so(home: Home, after: str, tmp_path: Path) -> None:
    known = runs(home)
    with ExitStack() as at_the_end:
        nights = [at_the_end.enter_context(started(home, "run")) for _ in range(2)]
        said = {night.pid: night.communicate(timeout=240) for night in nights}
    worked, other = sorted(nights, key=lambda night: night.returncode)

    assert (worked.returncode, other.returncode) == (0, 1), said
    assert "En annan körning arbetar redan" in said[other.pid][1]
    assert "Tar emot filer" not in said[other.pid][1]
    assert "Traceback" not in said[other.pid][1]
    assert runs(home) == known + 1
    assert checksum(home, tmp_path / "dump") == after


def test_who_only_looks_whether_a_night_works_stops_none(home: Home) -> None:
    code = "import sys, time; from pathlib import Path; from orchestration.home import Home\n"
    code += "from orchestration.lock import lock\n"
    code += "with lock(Home(Path(sys.argv[1]))): print('holds', flush=True); time.sleep(float(sys.argv[2]))"
    command = [sys.executable, "-c", code, str(home.root)]

    def held(seconds: float) -> subprocess.Popen[str]:
        process = subprocess.Popen([*command, str(seconds)], stdout=subprocess.PIPE, text=True, start_new_session=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "holds\n"
        return process

    with ending(held(0.1)), lock(home):
        pass
    with ending(held(60)), pytest.raises(AlreadyRunningError), lock(home):
        pass


@pytest.mark.parametrize("sign", [signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.faults)])
def test_what_works_beside_a_night_ends_with_it(home: Home, sign: int) -> None:
    with started(home, "run") as night:
        # dbt works in one of them now, and would go on for seconds.
        read_until(night, "Bygger lagret")
        wait_until(lambda: len(in_session(night.pid)) >= 4, "the processes beside are there")
        kill(night.pid, sign)
        night.wait(timeout=10)
        wait_until(lambda: not in_session(night.pid), "all that the night started has ended", 10)
    with lock(home):
        pass


@pytest.mark.faults
def test_dbt_that_outlives_its_night_disturbs_no_other(home: Home, after: str, tmp_path: Path) -> None:
    with started(home, "run") as night:
        read_until(night, "Granskar bygget")
        kill(night.pid)
        night.wait(timeout=10)
    [dead] = [path for path in home.builds.iterdir() if not (path / "complete.json").exists()]
    with orphaned_dbt(home, dead) as orphan:
        assert orphan.stdout is not None
        assert orphan.stdout.readline() == "built\n"
        written = (dead / "warehouse.duckdb").stat().st_mtime_ns
        done = bokslut(home, "run")
        assert done.returncode == 0, done.stdout + done.stderr
        assert orphan.poll() is None
        assert (dead / "warehouse.duckdb").stat().st_mtime_ns > written, "it did not write meanwhile"
        assert checksum(home, tmp_path / "dump") == after
    published = json.loads((home.published / "current" / "manifest.json").read_text(encoding="utf-8"))
    assert published["run_id"] != dead.name
    again = bokslut(home, "run")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "Oförändrat" in again.stdout
    assert (home.published / "current").readlink().name == published["release_id"]
