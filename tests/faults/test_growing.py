"""Deliveries that a real process writes, replaces or cuts short while they are taken: none is ever read by half."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from orchestration.home import Home
from orchestration.loading import intake
from orchestration.loading.intake import IntakeReport, take_inbox
from orchestration.settings import Inbox, Settings
from sources import delivery
from sources.delivery import Look
from sources.register import Delivery, Register
from tests.faults.night_processes import NEW_FILE, bokslut, checksum, ending, read_until, started

# Appends a line at a time to the file it is given, until it is told to stop, and then writes the end of it.
_WRITER = """
import os, select, sys
path, whole = sys.argv[1], open(sys.argv[2], "rb").read()
at = len(whole) // 2
with open(path, "ab", buffering=0) as file:
    file.write(whole[:at])
    print("writes", flush=True)
    while at < len(whole) - 1 and not select.select([sys.stdin], [], [], 0.01)[0]:
        file.write(whole[at:at + 1])
        at += 1
    file.write(whole[at:])
print("wrote", flush=True)
"""
_SETTINGS = Settings(inbox=Inbox(settle_seconds=0.2))
When = Callable[[pytest.MonkeyPatch, Callable[[], object]], None]


class Writer:
    """A process that writes a file slowly."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def finish(self) -> None:
        """Let it write the rest, and wait until it has."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("now\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "wrote\n"


@contextmanager
def writing(path: Path, whole: Path) -> Iterator[Writer]:
    """Have a process that writes ``whole`` into ``path``, half of it at once and then little by little."""
    process = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(path), str(whole)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with ending(process):
        assert process.stdout is not None
        assert process.stdout.readline() == "writes\n"
        yield Writer(process)


@pytest.fixture
def whole(tmp_path: Path, new_delivery: bytes) -> Path:
    path = tmp_path / "whole.se"
    path.write_bytes(new_delivery)
    return path


def take(home: Home) -> tuple[IntakeReport, list[Delivery]]:
    with Register(home.register) as register:
        report = take_inbox(home, _SETTINGS, register, "run")
        return report, register.deliveries()


def archived(home: Home) -> list[str]:
    """Return the checksums of what lies in the archive, each the name of its file too; fails for any other file."""
    files = [path for path in home.archive.rglob("*") if path.is_file() and path.suffix != ".json"]
    found = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
    assert found == [path.name for path in files]
    return found


def at_first_chunk(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let something happen between the first piece of a file that is copied and the next."""
    waiting = [happens]
    real = hashlib.sha256

    class Digest:
        def __init__(self) -> None:
            self._inner = real()
            self.hexdigest = self._inner.hexdigest

        def update(self, chunk: bytes) -> None:
            self._inner.update(chunk)
            if waiting:
                waiting.pop()()

    monkeypatch.setattr(delivery, "_CHUNK", 64)
    monkeypatch.setattr(delivery.hashlib, "sha256", Digest)


def after_the_look(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let something happen when the inbox has been found still, before anything is copied."""
    real = intake._settled

    def settled(files: list[Path], seconds: float, report: IntakeReport) -> dict[Path, Look]:
        found = real(files, seconds, report)
        happens()
        return found

    monkeypatch.setattr(intake, "_settled", settled)


def test_what_a_process_writes_waits_until_it_is_whole(empty_home: Home, whole: Path) -> None:
    file = empty_home.inbox / NEW_FILE
    with writing(file, whole) as writer:
        for _ in range(3):
            report, deliveries = take(empty_home)
            assert report.waiting == [NEW_FILE]
            assert "nästa körning" in report.messages[0]
            assert not deliveries
            assert not archived(empty_home)
        writer.finish()

    report, [taken] = take(empty_home)

    assert report.received == [NEW_FILE]
    assert archived(empty_home) == [taken.sha256] == [hashlib.sha256(whole.read_bytes()).hexdigest()]
    assert not list(empty_home.inbox.iterdir())


@pytest.mark.parametrize("when", [after_the_look, at_first_chunk])
def test_a_file_that_begins_to_grow_when_it_is_taken_waits(
    empty_home: Home, whole: Path, monkeypatch: pytest.MonkeyPatch, when: When
) -> None:
    file = empty_home.inbox / NEW_FILE
    file.write_bytes(b"#FLAGGA 0\n" * 100)
    with monkeypatch.context() as patch, ExitStack() as at_the_end:
        when(patch, lambda: at_the_end.enter_context(writing(file, whole)))
        report, deliveries = take(empty_home)
    assert report.waiting == [NEW_FILE]
    assert not deliveries
    assert not archived(empty_home)


def replaced(file: Path) -> None:
    """Put another file, of the same size and time, in the place of this one, as a supplier's program does."""
    status = file.stat()
    other = file.with_name(f".{file.name}.new")
    other.write_bytes(b"x" * status.st_size)
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(file)


def cut_short(file: Path) -> None:
    """Empty the file, as a program does that begins to write it anew."""
    os.truncate(file, 0)


def taken_away(file: Path) -> None:
    """Remove the file, as somebody does who regrets it."""
    file.unlink()


@pytest.mark.parametrize("when", [after_the_look, at_first_chunk])
@pytest.mark.parametrize("change", [replaced, cut_short, taken_away])
def test_a_file_that_is_changed_when_it_is_taken_waits(
    empty_home: Home, monkeypatch: pytest.MonkeyPatch, when: When, change: Callable[[Path], None]
) -> None:
    file = empty_home.inbox / NEW_FILE
    file.write_bytes(b"#FLAGGA 0\n" * 100)
    with monkeypatch.context() as patch:
        when(patch, lambda: change(file))
        report, deliveries = take(empty_home)
    assert report.waiting == [NEW_FILE]
    assert not deliveries
    assert not archived(empty_home)

    file.write_bytes(b"#FLAGGA 0\n" * 200)
    report, [taken] = take(empty_home)
    assert report.received == [NEW_FILE]
    assert archived(empty_home) == [taken.sha256]
    assert taken.size_bytes == 2000


@pytest.mark.faults
def test_a_night_goes_on_without_what_is_still_written_and_the_next_one_loads_it(
    home_after_a_night: Home, whole: Path, before: str, after: str, tmp_path: Path
) -> None:
    file = home_after_a_night.inbox / NEW_FILE
    with writing(file, whole) as writer:
        with started(home_after_a_night, "run") as night:
            said = read_until(night, "Tar emot filer ur inkorgen")
            out, err = night.communicate(timeout=240)
        assert night.returncode == 0, out + said + err
        assert checksum(home_after_a_night, tmp_path / "first") == before
        writer.finish()

    done = bokslut(home_after_a_night, "run")

    assert done.returncode == 0, done.stdout + done.stderr
    assert checksum(home_after_a_night, tmp_path / "second") == after
    assert not list(home_after_a_night.inbox.iterdir())
