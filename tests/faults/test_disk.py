"""A disk that fills up, or is closed for writing, while a night works: it says so, readers keep what they had, and the
next night comes to what it would have come to."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.alerts import announce
from orchestration.alerts.letters import letter_not_started
from orchestration.alerts.outbox import waiting
from orchestration.disk import DiskError, telling_of_disk, trouble, write_whole
from orchestration.home import Home
from orchestration.loading import intake
from orchestration.settings import Inbox, Mail, Settings
from sources.register import Register
from tests.faults.night_processes import NEW_FILE, read_until, started
from tests.faults.small_disk import SmallDisk, small_disk
from tests.mail_server import mail_server

# When the disk fills up: what the night has just said, and how many kB it may still write.
_ARCHIVING, _READING, _BUILDING, _AUDITING, _EXPORTING = (
    ("Tar emot filer ur inkorgen", 1_500),
    ("Läser och prövar: huvudbok", 150),
    ("Bygger lagret", 8_000),
    ("Granskar bygget", 50),
    ("Publicerar", 4_000),
)


@pytest.fixture
def disk(waiting_home: Home, tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(waiting_home, tmp_path) as found:
        yield found


def assert_stands(disk: SmallDisk, before: str) -> None:
    """Readers see the old release, whole, and the register is whole."""
    assert disk.checksum("dump_before") == before
    verified = disk.bokslut("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    asked = disk.bokslut("sql", "select count(*) as antal from budget_outcome", "--format", "csv")
    assert asked.returncode == 0, asked.stderr
    told = disk.bokslut("status")
    assert told.returncode == 0, told.stdout + told.stderr
    code = f"import sqlite3; print(*sqlite3.connect({str(disk.home.register)!r}).execute('pragma integrity_check'))"
    assert disk.inside(sys.executable, "-c", code) == "('ok',)\n"


def assert_comes_to(disk: SmallDisk, after: str) -> None:
    """The next night publishes what it should, and the one after that finds nothing to do."""
    again = disk.bokslut("run")
    assert again.returncode == 0, again.stdout + again.stderr
    assert disk.checksum("dump_after") == after
    assert disk.inside("ls", str(disk.home.inbox)) == ""
    left = disk.inside("find", str(disk.home.archive), str(disk.home.raw), "-type", "f", "-name", ".*")
    assert left == "", "what was not written whole takes up space for ever"


@pytest.mark.parametrize(
    ("says", "kb"),
    [
        pytest.param(*_ARCHIVING, id="archiving", marks=pytest.mark.faults),
        pytest.param(*_READING, id="reading", marks=pytest.mark.faults),
        pytest.param(*_BUILDING, id="building", marks=pytest.mark.faults),
        pytest.param(*_AUDITING, id="auditing", marks=pytest.mark.faults),
        pytest.param(*_EXPORTING, id="exporting"),
    ],
)
def test_a_disk_that_fills_up_stops_the_night_and_nothing_else(
    disk: SmallDisk, says: str, kb: int, before: str, after: str
) -> None:
    with started(disk.home, "run", through=disk.enter) as night:
        said = read_until(night, says)
        disk.leave_free(kb)
        out, err = night.communicate(timeout=120)

    told = out + said + err
    assert night.returncode == 1, told
    assert "Disken är full" in told
    assert "Frigör plats" in told
    assert "Traceback" not in told
    assert_stands(disk, before)
    disk.make_roomy()
    assert_comes_to(disk, after)


@pytest.mark.faults
@pytest.mark.parametrize("kb", [40, 3_500, 6_000, 30_000])
def test_a_disk_that_is_nearly_full_when_the_night_begins(disk: SmallDisk, kb: int, before: str, after: str) -> None:
    disk.leave_free(kb)
    done = disk.bokslut("run")

    told = done.stdout + done.stderr
    assert done.returncode == 1, told
    assert "Disken är full" in told
    assert "Traceback" not in told
    assert_stands(disk, before)
    disk.make_roomy()
    assert_comes_to(disk, after)


@pytest.mark.parametrize(
    "name",
    [
        "archive",
        *(pytest.param(name, marks=pytest.mark.faults) for name in ("inbox", "raw", "builds", "published", "dagster")),
    ],
)
def test_a_folder_that_cannot_be_written_is_named(disk: SmallDisk, name: str, before: str, after: str) -> None:
    folder = disk.home.root / name
    with disk.closed(folder):
        done = disk.bokslut("run")
        told = done.stdout + done.stderr
        assert done.returncode == 1, told
        assert f"{folder} är skrivskyddad" in told
        assert "Traceback" not in told
        assert_stands(disk, before)
    assert_comes_to(disk, after)


def test_only_what_is_the_disks_is_told_of_as_such(tmp_path: Path) -> None:
    home = Home(tmp_path).create()
    assert trouble(home, "IO Error: Could not write file: No space left on device")
    assert trouble(home, "budget: raden har inget belopp") is None
    failed = RuntimeError("the step failed")
    failed.__cause__ = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with pytest.raises(DiskError, match="Disken är full"), telling_of_disk(home):
        raise failed
    with pytest.raises(ZeroDivisionError), telling_of_disk(home):
        raise ZeroDivisionError


def test_a_folder_of_ours_that_is_closed_is_no_fault_of_the_suppliers_file(
    empty_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_home.inbox / NEW_FILE).write_bytes(b"#FLAGGA 0\n")

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(empty_home.archive / ".part"))

    monkeypatch.setattr(intake, "archive_file", refused)
    settings = Settings(inbox=Inbox(settle_seconds=0))
    with Register(empty_home.register) as register, pytest.raises(PermissionError):
        intake.take_inbox(empty_home, settings, register, "run")


def test_a_copy_for_people_that_was_cut_short_is_made_again(empty_home: Home) -> None:
    archived = empty_home.archive / "ab" / "abcdef123456"
    archived.parent.mkdir()
    archived.write_bytes(b"whole")
    copy = empty_home.rejected / archived.name / NEW_FILE
    copy.parent.mkdir()
    copy.write_bytes(b"who")
    intake.set_aside(empty_home, archived, NEW_FILE, "orsak")
    assert copy.read_bytes() == b"whole"


def test_a_letter_that_no_disk_can_keep_is_sent_all_the_same(tmp_path: Path) -> None:
    home = Home(tmp_path).create()
    (home.alerts / "waiting").write_text("no folder can be made here", encoding="utf-8")
    with mail_server() as server:
        mail = Mail(host="localhost", port=server.port, sender="b@example.se", recipients=["d@example.se"])
        letter = letter_not_started(DiskError("Disken är full"), home, datetime(2023, 12, 31, tzinfo=UTC))
        assert announce(home, mail, letter) == []
    [received] = server.received
    assert "Disken är full eller hemmet kan inte skrivas." in received.get_content()
    assert "inte heller" in announce(home, mail, letter)[0]


def test_half_a_letter_is_none(tmp_path: Path) -> None:
    home = Home(tmp_path).create()
    (home.alerts / "waiting").mkdir()
    (home.alerts / "waiting" / ".1-failed.json").write_text('{"subj', encoding="utf-8")
    assert waiting(home) == []


def test_a_file_that_cannot_be_written_whole_is_left_as_it_was(tmp_path: Path) -> None:
    kept = tmp_path / "audit.json"
    write_whole(kept, "old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(kept, "new \udc80")
    assert [path.name for path in tmp_path.iterdir()] == ["audit.json"]
    assert kept.read_text() == "old"
