"""Readers who hold a release open through ten publications, while it is cleared away under them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from orchestration.home import Home
from orchestration.publishing.retention import clear_old_releases
from orchestration.publishing.store import folder, releases, roll_back
from orchestration.settings_of_releases import Releases
from tests.faults.reader import QUESTION
from tests.orchestration.small_releases import publish

PUBLICATIONS, SECONDS = 10, 60
#: Only the newest, the one before it and what was withdrawn since are kept.
LIMITS = Releases(kept_days=2, kept_months=0)
WIDE = """
    update marts.load set load_id = 'release {0}';
    create table marts.wide as select range + {0} as n, md5((range * {0})::varchar) as text from range(120000)
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


def publish_wide(home: Home, number: int) -> Path:
    """Publish a release of some megabytes and return its file."""
    release_id = f"2023-01-{number:02}-1"
    before = releases(home)[-1].release_id if releases(home) else ""
    publish(home, release_id, change=WIDE.format(number), compared_with=before)
    return home.current.resolve()


def answers(output: Path) -> list[list[str]]:
    return [
        json.loads(line) for line in output.read_text(encoding="utf-8").splitlines(keepends=True) if line[-1] == "\n"
    ]


def wait_for(reached: Callable[[], bool], reader: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + SECONDS
    while not reached():
        assert reader.poll() is None, "the reader has died"
        assert time.monotonic() < end, "the reader gives no answers"
        time.sleep(0.005)


@contextmanager
def reading(home: Home, place: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """Let a reader ask of the published file in a process of its own; yields it and the file of its answers."""
    place.mkdir()
    output, enough = place / "answers.jsonl", place / "enough"
    command = [sys.executable, "-m", "tests.faults.reader", str(home.current), str(enough)]
    with output.open("wb") as target:
        root = Path(__file__).parents[2]
        reader = subprocess.Popen(command, stdout=target, cwd=root, start_new_session=True)
    try:
        wait_for(lambda: len(answers(output)) > 0, reader)
        yield reader, output
        enough.touch()
        assert reader.wait(SECONDS) == 0
    finally:
        reader.kill()
        reader.wait()


def ask(file: Path) -> list[str]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return [str(value) for value in connection.execute(QUESTION).fetchone() or ()]


def held(reader: subprocess.Popen[bytes]) -> list[str]:
    """Return the files of releases that a process holds open, as the kernel tells of them."""
    links = [str(each.readlink()) for each in Path(f"/proc/{reader.pid}/fd").iterdir()]
    return [link for link in links if "bokslut.duckdb" in link]


def test_whoever_holds_a_release_keeps_it_and_whoever_opens_sees_the_newest(home: Home, tmp_path: Path) -> None:
    first_file = publish_wide(home, 1)
    first = ask(first_file)
    with reading(home, tmp_path / "early") as (early, said):
        for number in range(2, PUBLICATIONS + 2):
            asked = len(answers(said))
            newest = publish_wide(home, number)
            clear_old_releases(home, LIMITS)

            assert ask(newest)[0] == f"release {number}"
            wait_for(lambda: len(answers(said)) >= asked + 2, early)  # noqa: B023  asked at once

            if number == PUBLICATIONS // 2:
                with reading(home, tmp_path / "late") as (_, late_said):
                    publish_wide(home, 28)
                    roll_back(home, f"2023-01-{number:02}-1")
                assert {tuple(each) for each in answers(late_said)} == {tuple(ask(newest))}

        assert not first_file.exists()
        assert held(early) == [f"{first_file} (deleted)"]
    found = answers(said)
    assert len(found) > 2 * PUBLICATIONS
    assert {tuple(each) for each in found} == {tuple(first)}
    assert all_but_small(home) == [f"2023-01-{number:02}-1" for number in (PUBLICATIONS, PUBLICATIONS + 1, 28)]


def all_but_small(home: Home) -> list[str]:
    """Return the releases that still take room on the disk: what nobody may open is cleared, but for the masks."""
    sizes = {
        release.release_id: sum(path.stat().st_size for path in folder(home, release.release_id).rglob("*.*"))
        for release in releases(home)
    }
    assert len(sizes) == PUBLICATIONS + 2
    return [name for name, size in sizes.items() if size > 10_000]
