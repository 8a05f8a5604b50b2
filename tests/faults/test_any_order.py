"""Deliveries in any order, twice, in halves, late and bad: each has one fate, and the newest good one holds."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from orchestration.home import Home
from orchestration.keys import new_key
from orchestration.loading.arrival import judge_deliveries
from orchestration.loading.intake import inbox_files, take_inbox
from orchestration.loading.reading import read_deliveries
from orchestration.loading.snapshot import Build, freeze
from orchestration.settings import Inbox, Settings
from sources.register import Register
from sources.registry import source_by_code
from tests.faults import small_files
from tests.faults.deliveries_model import Came, File, Model

SETTINGS = Settings(inbox=Inbox(settle_seconds=0))
#: Read in this order, as in a night; only these send anything here.
READ = ("ledger", "budget", "followup")
HALF = "delivery_repeats_superseded"
FIRST_DAY = date(2023, 1, 20)
SEARCH = settings(
    max_examples=16,
    stateful_step_count=24,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def written(kind: str, year: int, version: int, number: int, half: int | None = None) -> File:
    """Return a file of a kind and year, whole or half, under a name of its own."""
    made = FIRST_DAY + timedelta(days=version) if kind == "ledger" else None
    write, stem, suffix, part, rows = {
        "ledger": (small_files.ledger, "KS", "se", "", 20),
        "budget": (small_files.budget, "budget", "csv", "", 10),
        "followup": (small_files.assignments, "uppdrag", "csv", "assignments", 10),
    }[kind]
    data = write(year, version, half)
    name = f"{stem}_{year}_{number:03}.{suffix}"
    return File(name, data, kind, part, year, made, rows if half is None else rows // 2, half)


def put(home: Home, file: File, number: int, under: str = "") -> None:
    """Lay a file in the inbox, or in a folder there, as the newest."""
    path = home.inbox / under / file.name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(file.data)
    os.utime(path, ns=(number, number))


def night(home: Home, register: Register, run_id: str) -> Build:
    """Take, read, judge and freeze as a night does."""
    take_inbox(home, SETTINGS, register, run_id)
    for code in READ:
        read_deliveries(home, SETTINGS, register, source_by_code(code))
        judge_deliveries(home, SETTINGS, register, source_by_code(code), run_id)
    return freeze(home, SETTINGS, register, run_id)


class AnyOrder(RuleBasedStateMachine):
    """Files are put in the inbox, and nights come, are cut off or do not come."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.home = Home(self.root / "home").create()
        new_key(self.home)
        self.register = Register(self.home.register)
        self.model = Model(SETTINGS.thresholds.min_share_of_superseded)
        self.inbox: list[File] = []
        self.count = self.run = 0

    def teardown(self) -> None:
        self.register.__exit__()
        shutil.rmtree(self.root)

    def lay(self, file: File) -> None:
        put(self.home, file, self.count)
        self.inbox.append(file)

    def written(self, kind: str, year: int, version: int, half: int | None = None) -> File:
        self.count += 1
        return written(kind, year, version, self.count, half)

    @rule(kind=st.sampled_from(READ), year=st.integers(2020, 2023), version=st.integers(0, 3))
    def a_version_comes_also_an_old_one(self, kind: str, year: int, version: int) -> None:
        self.lay(self.written(kind, year, version))

    @rule(kind=st.sampled_from(READ), version=st.integers(0, 3), halves=st.sampled_from([(0,), (1,), (0, 1)]))
    def half_of_a_file_comes_or_both(self, kind: str, version: int, halves: tuple[int, ...]) -> None:
        for half in halves:
            self.lay(self.written(kind, 2022, version, half))

    def again(self, file: File) -> None:
        self.count += 1
        stem, _, end = file.name.rpartition("_")
        self.lay(replace(file, name=f"{stem}_{self.count:03}.{end.partition('.')[2]}"))

    @precondition(lambda self: self.model.came or self.inbox)
    @rule(which=st.randoms(use_true_random=False))
    def the_same_comes_again_under_another_name(self, which: Random) -> None:
        self.again(which.choice(self.inbox or [came.file for came in self.model.came]))

    @precondition(lambda self: any(came.fate == "rejected" for came in self.model.came))
    @rule(which=st.randoms(use_true_random=False))
    def what_was_refused_comes_again(self, which: Random) -> None:
        self.again(which.choice([came.file for came in self.model.came if came.fate == "rejected"]))

    @rule(bad=st.sampled_from([("budget_2022", "csv", "budget"), ("KS_2022", "se", "ledger"), ("lunch", "pdf", "")]))
    def something_useless_comes(self, bad: tuple[str, str, str]) -> None:
        self.count += 1
        self.lay(File(f"{bad[0]}_{self.count:03}.{bad[1]}", b"\x00\x01 none", bad[2]))

    @precondition(lambda self: self.inbox)
    @rule(is_cut_off=st.sampled_from([False, False, False, True]))
    def a_night_comes(self, is_cut_off: bool) -> None:
        self.run += 1
        self.model.take(self.inbox, self.run)
        self.inbox = []
        if is_cut_off:
            take_inbox(self.home, SETTINGS, self.register, f"run {self.run}")
            return
        before = self.model.holding()
        self.model.read_and_judge()
        build = night(self.home, self.register, f"run {self.run}")
        self.is_as_it_must_be(build)
        for key, came in self.model.holding().items():
            self.no_half_is_taken_for_a_whole(came, before.get(key))

    @invariant()
    def every_file_is_in_one_place(self) -> None:
        assert [path.name for path in inbox_files(self.home.inbox)] == [file.name for file in self.inbox]
        came = self.register.deliveries()
        assert [each.file_name for each in came] == [each.file.name for each in self.model.came]

    def is_as_it_must_be(self, build: Build) -> None:
        found = self.register.deliveries()
        fates = ["loaded" if each.status == "superseded" else each.status for each in found]
        assert fates == [came.fate for came in self.model.came]
        holding = {
            (code, part, year): each.file_name for (code, _, part, year), each in self.register.current().items()
        }
        assert holding == {key: came.file.name for key, came in self.model.holding().items()}
        assert {each.file_name for each in found if each.status == "loaded"} == set(holding.values())
        for each, came in zip(found, self.model.came, strict=True):
            assert each.rows_in == each.rows_loaded + each.rows_quarantined + each.rows_duplicate
            assert each.rows_in == came.file.rows
        frozen = pl.read_parquet(build.raw / "deliveries__load" / "*.parquet")
        assert frozen.height == len(found)
        for code in READ:
            held = [each for each in self.register.current().values() if each.source_code == code]
            names = {path.stem for path in (build.raw / principal(code)).glob("*.parquet")}
            assert names - {"_empty"} == {each.load_id for each in held}

    def no_half_is_taken_for_a_whole(self, came: Came, before: Came | None) -> None:
        """A half never takes a whole's place, and who sends both in turn is told; a ledger tells of the first too."""
        if came.file.half is None:
            return
        message = self.register.deliveries()[came.place].message
        if came.file.source == "ledger":
            assert "kontrollera att hela året är exporterat" in message
        if before is not None and before is not came:
            assert before.file.half is not None
            came_now = [each for each in self.model.came[before.place + 1 :] if each.file.key == came.file.key]
            if came.file.half != before.file.half and came_now == [came] and came.file.source != "ledger":
                assert "en annan del av samma uppgifter" in message


def principal(code: str) -> str:
    return {"ledger": "ledger__postings", "budget": "budget__lines", "followup": "followup__assignments"}[code]


def test_whatever_comes_in_whatever_order_has_one_fate_and_the_newest_good_one_holds() -> None:
    run_state_machine_as_test(AnyOrder, settings=SEARCH)


def test_of_two_rivals_that_came_with_a_copy_the_right_one_is_loaded_when_it_comes_alone(empty_home: Home) -> None:
    right, wrong = written("budget", 2022, 1, 1), written("budget", 2022, 2, 2)
    with Register(empty_home.register) as register:
        for number, file in enumerate([right, wrong, replace(right, name="budget_2022_kopia.csv")]):
            put(empty_home, file, number)
        night(empty_home, register, "1")
        assert [each.status for each in register.deliveries()] == ["rejected", "rejected", "duplicate"]
        assert "lägg bara den rätta i inkorgen igen" in register.deliveries()[0].message
        assert [(each.rows_in, each.rows_duplicate) for each in register.deliveries()] == [(10, 0), (10, 0), (10, 10)]
        put(empty_home, right, 3)
        night(empty_home, register, "2")
        assert [each.status for each in register.deliveries()][3:] == ["loaded"]


@pytest.mark.parametrize("kind", ["budget", "followup"])
def test_the_other_half_is_not_taken_for_a_correction_in_silence(empty_home: Home, kind: str) -> None:
    with Register(empty_home.register) as register:
        for half in (0, 1):
            put(empty_home, written(kind, 2022, 0, half, half), half)
            night(empty_home, register, str(half))
        put(empty_home, written(kind, 2022, 1, 2), 2)
        night(empty_home, register, "whole")
        first, second, whole = register.deliveries()
        told = {check.load_id for check in register.checks() if check.check_name == HALF and not check.passed}
    assert [first.status, second.status, whole.status] == ["superseded", "superseded", "loaded"]
    assert told == {second.load_id}


#: Of what says no day of its own there is one version: else the order of arrival is what decides.
SAME_FILES = (
    *(written("ledger", 2022, version, version) for version in range(3)),
    written("ledger", 2023, 0, 3),
    *(written(kind, year, 0, 4) for kind in ("budget", "followup") for year in (2022, 2023)),
    written("ledger", 2022, 0, 0),
    written("budget", 2022, 0, 4),
    File("KS_2022_trasig.se", b"\x00\x01 none", "ledger"),
    File("lunch.pdf", b"lunch"),
)


def what_holds(files: Sequence[File], nights: Sequence[int]) -> tuple[dict[str, bytes], list[tuple[object, ...]]]:
    """Deliver files, so many each night; return all that is frozen, and what became of each but not when."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder)).create()
        new_key(home)
        with Register(home.register) as register:
            waiting = list(enumerate(files))
            for run, count in enumerate([*nights, len(files)]):
                for number, file in waiting[:count]:
                    put(home, file, number, under=str(number))
                waiting = waiting[count:]
                build = night(home, register, f"run {run}")
            assert not waiting
            assert not inbox_files(home.inbox)
        frozen = {
            str(path.relative_to(build.raw)): path.read_bytes()
            for path in build.raw.rglob("*.parquet")
            if path.parent.name != "deliveries__load"
        }
        told = pl.read_parquet(build.raw / "deliveries__load" / "run.parquet")
        return frozen, sorted(told.drop("load_id", "received_at", "message").rows(), key=repr)


def test_the_same_files_in_any_order_over_any_nights_end_as_the_same_frozen_tables() -> None:
    expected = what_holds(SAME_FILES, [])
    assert [row[-1] for row in expected[1]].count("loaded") == 6

    @settings(SEARCH, max_examples=5)
    @given(files=st.permutations(SAME_FILES), nights=st.lists(st.integers(0, 6), max_size=2))
    def ends_the_same(files: list[File], nights: list[int]) -> None:
        assert what_holds(files, nights) == expected

    ends_the_same()
