from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from orchestration.home import Home
from orchestration.loading import intake
from orchestration.loading.intake import IntakeReport, take_inbox
from orchestration.settings import Inbox, Settings
from sources import delivery
from sources.register import Delivery, Register

SETTINGS = Settings(inbox=Inbox(settle_seconds=0))


def take(home: Home, settings: Settings = SETTINGS) -> tuple[IntakeReport, list[Delivery]]:
    with Register(home.register) as register:
        report = take_inbox(home, settings, register, "run")
        return report, register.deliveries()


def test_a_file_is_archived_under_its_sha256_with_a_sidecar_and_leaves_the_inbox(empty_home: Home) -> None:
    (empty_home.inbox / "KS_2023.se").write_bytes(b"#FLAGGA 0\n")

    report, [found] = take(empty_home)

    assert report.received == ["KS_2023.se"]
    assert not list(empty_home.inbox.iterdir())
    archived = delivery.archived_path(empty_home.archive, found.sha256)
    assert archived.read_bytes() == b"#FLAGGA 0\n"
    assert '"original_name": "KS_2023.se"' in archived.with_suffix(".json").read_text()
    assert (found.source_code, found.status) == ("ledger", "received")


@pytest.mark.parametrize(
    ("name", "says"),
    [("lunchmeny.pdf", "ingen källa"), ("budget_organisation.csv", "flera källor (Organisationsregister, Budget)")],
)
def test_a_file_that_not_exactly_one_source_claims_is_set_aside_with_the_reason(
    empty_home: Home, name: str, says: str
) -> None:
    (empty_home.inbox / name).write_bytes(b"x")

    report, [found] = take(empty_home)

    assert report.rejected == [name]
    assert found.status == "rejected"
    assert found.message.startswith(f"{name}: ")
    assert says in found.message
    [reason] = empty_home.rejected.rglob("*.orsak.txt")
    assert says in reason.read_text(encoding="utf-8")
    assert (reason.parent / name).read_bytes() == b"x"


def test_a_number_in_a_files_name_goes_no_further(empty_home: Home) -> None:
    (empty_home.inbox / "franvaro_2023_19811218-9876.csv").write_bytes(b"a")
    (empty_home.inbox / "franvaro_2023_811218-9876.csv").write_bytes(b"b")
    (empty_home.inbox / "franvaro_20231231.csv").write_bytes(b"c")
    names = ["franvaro_20231231.csv", "franvaro_2023_dolt-nummer.csv", "franvaro_2023_dolt-nummer.csv"]
    assert sorted(intake.waits_for_key(empty_home.inbox)) == names

    report, found = take(empty_home)

    assert sorted(report.received) == sorted(each.file_name for each in found) == names
    assert {each.source_code for each in found} == {"hr"}
    assert not list(empty_home.inbox.iterdir())
    assert not any(
        "9876" in path.read_bytes().decode("latin-1") for path in empty_home.root.rglob("*") if path.is_file()
    )


def test_the_same_bytes_again_are_a_duplicate_whatever_their_name(empty_home: Home) -> None:
    (empty_home.inbox / "KS_2023.se").write_bytes(b"#FLAGGA 0\n")
    take(empty_home)
    (empty_home.inbox / "KS_2023_kopia.se").write_bytes(b"#FLAGGA 0\n")

    report, deliveries = take(empty_home)

    assert report.duplicates == ["KS_2023_kopia.se"]
    assert [d.status for d in deliveries] == ["received", "duplicate"]
    assert "under namnet KS_2023.se" in deliveries[1].message


def test_a_rejected_file_may_come_again(empty_home: Home) -> None:
    (empty_home.inbox / "KS_2023.se").write_bytes(b"x")
    _, [first] = take(empty_home)
    with Register(empty_home.register) as register:
        register.update(first.load_id, status="rejected", message="fel")
    (empty_home.inbox / "KS_2023.se").write_bytes(b"x")

    report, deliveries = take(empty_home)

    assert report.received == ["KS_2023.se"]
    assert [d.status for d in deliveries] == ["rejected", "received"]


def test_a_file_that_still_grows_waits(empty_home: Home) -> None:
    growing = empty_home.inbox / "KS_2023.se"
    growing.write_bytes(b"#FLAGGA 0\n")
    stop = threading.Event()

    def grow() -> None:
        while not stop.wait(0.02):
            with growing.open("ab") as file:
                file.write(b"#PROSA x\n")

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        report, deliveries = take(empty_home, Settings(inbox=Inbox(settle_seconds=0.3)))
    finally:
        stop.set()
        writer.join()

    assert report.waiting == ["KS_2023.se"]
    assert not deliveries
    assert growing.exists()
    assert "nästa körning" in report.messages[0]


def test_a_file_that_grows_while_it_is_copied_waits(empty_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    file = empty_home.inbox / "KS_2023.se"
    file.write_bytes(b"#FLAGGA 0\n")
    monkeypatch.setattr(delivery, "_CHUNK", 4)
    real = delivery.hashlib.sha256

    class Digest:
        def __init__(self) -> None:
            self.inner = real()

        def update(self, chunk: bytes) -> None:
            self.inner.update(chunk)
            time.sleep(0.01)
            with file.open("ab") as target:
                target.write(b"y" if file.stat().st_size < 40 else b"")

        def hexdigest(self) -> str:
            return self.inner.hexdigest()

    monkeypatch.setattr(delivery.hashlib, "sha256", Digest)

    report, deliveries = take(empty_home)

    assert report.waiting == ["KS_2023.se"]
    assert not deliveries
    assert not [path for path in empty_home.archive.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", [".KS_2023.se", "KS_2023.se.part", "~$budget.xlsx", "KS.se.filepart"])
def test_what_is_plainly_unfinished_is_left_alone(empty_home: Home, name: str) -> None:
    (empty_home.inbox / name).write_bytes(b"x")

    report, deliveries = take(empty_home)

    assert report == IntakeReport()
    assert not deliveries
    assert (empty_home.inbox / name).exists()


def test_a_link_is_no_delivery(empty_home: Home, tmp_path: Path) -> None:
    secret = tmp_path / "secret.se"
    secret.write_text("secret")
    (empty_home.inbox / "KS_2023.se").symlink_to(secret)

    report, [told] = take(empty_home)

    assert report.rejected == ["KS_2023.se"]
    assert (told.status, told.sha256, told.message) == ("rejected", delivery.NO_BYTES, report.messages[0])
    assert not [path for path in empty_home.archive.rglob("*") if path.is_file()]
    assert secret.read_text() == "secret"
    assert "länk" in report.messages[0]


def test_a_run_that_died_before_clearing_the_inbox_makes_no_duplicate(
    empty_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_home.inbox / "KS_2023.se").write_bytes(b"#FLAGGA 0\n")

    add = Register.add

    def add_and_die(register: Register, **values: Any) -> None:
        add(register, **values)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Register, "add", add_and_die)
        with pytest.raises(KeyboardInterrupt):
            take(empty_home)
    report, deliveries = take(empty_home)

    assert report == IntakeReport()
    assert [d.status for d in deliveries] == ["received"]
    assert not list(empty_home.inbox.iterdir())


def test_files_in_folders_are_taken_too(empty_home: Home) -> None:
    (empty_home.inbox / "ekonomi").mkdir()
    (empty_home.inbox / "ekonomi" / "KS_2023.se").write_bytes(b"x")

    report, _ = take(empty_home)

    assert report.received == ["KS_2023.se"]
