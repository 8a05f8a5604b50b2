"""Nobody gets in, out or in the way through the inbox: what is no file, hides its name, or kills its reader."""

from __future__ import annotations

import os
import socket
import threading
import time
from pathlib import Path

import pytest

from orchestration import beside
from orchestration.assets.deliveries import bullets
from orchestration.beside import ProcessDied, apart, begin, limited, working_beside
from orchestration.home import Home
from orchestration.loading import intake, parsing
from orchestration.loading.entries import odd_name, safe_name
from orchestration.loading.intake import take_inbox
from orchestration.loading.parsing import Bounds, Reader, begin_reading
from orchestration.settings import Inbox, Settings
from sources import delivery
from sources.delivery import StillGrowing, archive_file
from sources.inspection import visible
from sources.reading import ReadOptions
from sources.register import Delivery, Register
from sources.registry import source_by_code

SETTINGS = Settings(inbox=Inbox(settle_seconds=0, max_file_mb=1))


def take(home: Home) -> tuple[intake.IntakeReport, list[Delivery]]:
    with Register(home.register) as register:
        return take_inbox(home, SETTINGS, register, "run"), register.deliveries()


def test_what_is_no_file_is_removed_unopened_and_told(empty_home: Home, tmp_path: Path) -> None:
    secret = tmp_path / "secret.se"
    secret.write_text("secret")
    os.link(secret, empty_home.inbox / "hard_2023.se")
    (empty_home.inbox / "soft_2023.se").symlink_to(secret)
    (empty_home.inbox / "gone_2023.se").symlink_to(tmp_path / "absent")
    (empty_home.inbox / "folder").symlink_to(tmp_path)
    os.mkfifo(empty_home.inbox / "pipe_2023.se")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(empty_home.inbox / "socket_2023.se"))
    (empty_home.inbox / "good_2023.se").write_bytes(b"#FLAGGA 0\n")

    report, deliveries = take(empty_home)

    assert report.received == ["good_2023.se"]
    told = {each.file_name: each.message for each in deliveries if each.status == "rejected"}
    assert set(told) == {f"{name}_2023.se" for name in ("hard", "soft", "gone", "pipe", "socket")} | {"folder"}
    assert "hård länk" in told["hard_2023.se"]
    assert "rör" in told["pipe_2023.se"]
    assert all("länk" in told[name] for name in ("soft_2023.se", "gone_2023.se", "folder"))
    assert not list(empty_home.inbox.iterdir())
    assert secret.read_text() == "secret"
    assert not any(b"secret" in path.read_bytes() for path in empty_home.archive.rglob("*") if path.is_file())


def test_a_link_that_takes_a_files_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "KS.se").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "pipe.se")
    for name in ("KS.se", "pipe.se"):
        with pytest.raises(StillGrowing):
            archive_file(tmp_path / name, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["KS.se", "pipe.se", "secret"]


@pytest.mark.parametrize(
    ("name", "shown", "says"),
    [
        ("budget\n2023.csv", "budget_2023.csv", "U+000A"),
        ("budget_\u202evsc.2023.xlsx", "budget__vsc.2023.xlsx", "U+202E"),
        ("budget\u200b.csv", "budget_.csv", "U+200B"),
        ("..\\..\\budget.csv", ".._.._budget.csv", "sökväg"),
        ("b\udce4r.csv", "b_r.csv", "UTF-8"),
        ("å" * 120 + ".csv", "å" * 88 + ".csv", "längre"),
    ],
)
def test_a_name_that_hides_what_it_says_is_refused_under_one_that_does_not(
    empty_home: Home, name: str, shown: str, says: str
) -> None:
    assert safe_name(name) == shown
    if name.startswith("."):
        assert says in str(odd_name(name))
        return
    (empty_home.inbox / name).write_bytes(b"x")

    report, [found] = take(empty_home)

    assert (found.file_name, found.status, found.source_code) == (shown, "rejected", "unclaimed")
    assert says in found.message
    assert report.rejected == [shown]
    assert (empty_home.rejected / found.sha256[:12] / shown).read_bytes() == b"x"


@pytest.mark.parametrize("name", ["KS_2023.se", "frånvaro 2023 (1).csv", "[bold]budget[/].xlsx", "a:b.csv"])
def test_ordinary_names_are_kept(name: str) -> None:
    assert odd_name(name) is None
    assert safe_name(name) == name


def test_a_file_that_is_too_large_is_left_where_it_lies(empty_home: Home) -> None:
    with (empty_home.inbox / "KS_2023.se").open("wb") as file:
        file.truncate(1_000_001)
    (empty_home.inbox / "KS_2022.se").write_bytes(b"#FLAGGA 0\n")

    report, deliveries = take(empty_home)

    assert report.rejected == ["KS_2023.se"]
    assert "större än 1 MB" in report.messages[0]
    assert [each.file_name for each in deliveries] == ["KS_2022.se"]
    assert (empty_home.inbox / "KS_2023.se").exists()


def test_a_file_that_is_taken_away_or_locked_costs_only_itself(
    empty_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = delivery._opened

    def opened(file: Path) -> object:
        if file.name == "locked.se":
            raise PermissionError(file)
        if file.name == "gone.se":
            file.unlink()
        return real(file)

    monkeypatch.setattr(delivery, "_opened", opened)
    for name in ("gone.se", "locked.se", "good.se"):
        (empty_home.inbox / name).write_bytes(name.encode())

    report, _ = take(empty_home)

    assert (report.received, report.waiting, report.rejected) == (["good.se"], ["gone.se"], ["locked.se"])
    assert "Rätta rättigheterna" in report.messages[-1]


def stuck() -> None:
    with limited(0.3, 1_000_000_000):
        sum(range(10**12))


def greedy() -> int:
    with limited(30, 200_000_000):
        return len(bytearray(2_000_000_000))


def own_process() -> int:
    return os.getpid()


def dies() -> None:
    os._exit(3)


def answers_and_dies() -> int:
    threading.Timer(0.2, os._exit, (3,)).start()
    return os.getpid()


def waits() -> int:
    time.sleep(0.5)
    return os.getpid()


def test_a_process_that_was_left_dying_costs_the_next_work_nothing() -> None:
    first = apart(answers_and_dies)
    assert apart(waits) != first


def test_what_is_done_apart_may_take_so_much_and_no_more() -> None:
    started = time.monotonic()
    with pytest.raises(ProcessDied):
        apart(stuck)
    assert time.monotonic() - started < 20
    with pytest.raises(MemoryError):
        apart(greedy)
    with pytest.raises(ProcessDied):
        apart(dies)
    assert apart(own_process) != os.getpid()


@pytest.fixture
def light_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that load nothing ahead: what is tried is what happens to them."""
    from multiprocessing import context

    monkeypatch.setattr(context.ForkServerContext, "set_forkserver_preload", lambda *_: None, raising=False)


@pytest.mark.usefixtures("light_processes")
def test_a_process_that_dies_costs_only_its_own_work() -> None:
    with working_beside(lambda _: None):
        answers = [begin(own_process), begin(dies), begin(own_process)]
        assert answers[0]()
        with pytest.raises(ProcessDied):
            answers[1]()
        assert answers[2]()
        # Those that died are replaced.
        assert begin(own_process)() != os.getpid()
    assert not beside.is_beside()


def test_a_reader_that_ends_its_process_rejects_the_file(
    empty_home: Home, example_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_home.inbox / "budget_2023.xlsx").write_bytes((example_files / "budget_2023.xlsx").read_bytes())
    _, [found] = take(empty_home)
    monkeypatch.setattr(parsing, "parse_within_bounds", dying_reader)

    def read(bounds: Bounds) -> parsing.Parsed:
        return begin_reading(empty_home, Reader(source_by_code("budget"), ReadOptions(), (), bounds), found)()

    killed = read(Bounds())
    assert killed.reading is None
    assert killed.reason.startswith("budget/budget_2023.xlsx: läsningen avbröts, för den tog mer än 8000 MB minne")
    monkeypatch.undo()
    assert read(Bounds()).reading is not None


def dying_reader(*_: object) -> None:
    os._exit(9)


def test_what_comes_out_of_a_file_is_only_text_where_it_is_shown() -> None:
    name = "KS`<img src=x>`[a](b)\x1b[2J.se"
    [line] = str(bullets([name, "x"]).value).splitlines()[:1]
    assert "<" not in line
    assert "\\`" in line
    assert "\\[a\\]\\(b\\)" in line
    assert visible(name) == name.replace("\x1b", "\N{REPLACEMENT CHARACTER}")


def dies_on_budgets(home: Home, reader: Reader, found: Delivery) -> parsing.Parsed:
    if reader.source.code == "budget":
        os._exit(9)
    return parsing.parse(home, reader, found)


@pytest.mark.usefixtures("light_processes")
def test_a_file_that_ends_its_reader_costs_no_other_file(
    empty_home: Home, example_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("prognos_2023_04.xlsx", "budget_2023.xlsx", "investeringsbudget_2023.xlsx", "prognos_2023_08.xlsx")
    for name in names:
        (empty_home.inbox / name).write_bytes((example_files / name).read_bytes())
    _, deliveries = take(empty_home)
    monkeypatch.setattr(parsing, "parse_within_bounds", dies_on_budgets)

    with working_beside(lambda _: None):
        readers = {each.load_id: Reader(source_by_code(each.source_code), ReadOptions(), ()) for each in deliveries}
        for each in deliveries:
            parsing.begin_ahead(empty_home, readers[each.load_id], each)
        outcomes = {
            each.file_name: begin_reading(empty_home, readers[each.load_id], each)().reading for each in deliveries
        }

    assert {name for name, reading in outcomes.items() if reading is None} == {"budget_2023.xlsx"}
    assert set(outcomes) == set(names)


def test_what_cannot_be_removed_is_told_each_night_and_registered_once(
    empty_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_home.inbox / "KS_2023.se").symlink_to("/etc/passwd")

    def unlink(self: Path, **_: object) -> None:
        raise PermissionError(self)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", unlink)
        reports = [take(empty_home) for _ in range(2)]
    assert [len(deliveries) for _, deliveries in reports] == [1, 1]
    assert all("Rätta rättigheterna" in report.messages[0] for report, _ in reports)
    _, [told] = take(empty_home)
    assert told.status == "rejected"
    assert not list(empty_home.inbox.iterdir())
