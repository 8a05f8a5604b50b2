"""What becomes of releases: closed for writing, verified, kept or cleared, rolled back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from datetime import date, timedelta
from pathlib import Path
from stat import S_IMODE

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.home import Home
from orchestration.lock import lock
from orchestration.publishing import store
from orchestration.publishing.mask import released_mask
from orchestration.publishing.retention import clear_old_releases, kept
from orchestration.publishing.store import (
    Release,
    ReleaseError,
    current_release,
    folder,
    opened,
    releases,
    roll_back,
    verify,
    write_manifest,
)
from orchestration.settings_of_releases import Releases
from tests.orchestration.small_releases import database_of, publish


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("BOKSLUT_HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home").create()


def bokslut(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(arguments))
    return done.exit_code, done.output.replace("\n", " ")


def damage(path: Path, at: int) -> None:
    path.chmod(0o640)
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def plain(release_id: str, *, withdrawn: bool = False, is_cleared: bool = False, compared_with: str = "") -> Release:
    return Release(
        release_id=release_id,
        published_at=f"{release_id[:10]}T02:15:00",
        run_id="", git_sha="", data_from="", data_to="", checks_passed=0, checks_warned=0, content="", sha256="",
        withdrawn=withdrawn,
        is_cleared=is_cleared,
        compared_with=compared_with,
    )  # fmt: skip


def test_nobody_can_write_a_release(home: Home) -> None:
    publish(home, "2023-01-01-1")
    path = folder(home, "2023-01-01-1")

    for each in (path, *path.rglob("*")):
        assert S_IMODE(each.stat().st_mode) == (0o550 if each.is_dir() else 0o440), each
    roll_back(home, "2023-01-01-1")
    assert S_IMODE(path.stat().st_mode) == 0o550


@pytest.mark.parametrize(
    "attempt",
    [
        "echo x >> bokslut.duckdb",
        "echo x > bokslut.duckdb.wal",
        "rm -f manifest.json",
        "mv parquet/load.parquet parquet/other.parquet",
        "cp manifest.json parquet/new.parquet",
        "rm -rf parquet",
    ],
)
def test_not_even_the_owner_writes_by_mistake(home: Home, attempt: str, request: pytest.FixtureRequest) -> None:
    publish(home, "2023-01-01-1")
    # Where everybody may come, and nobody's: root is stopped by no mode.
    place = Path(tempfile.mkdtemp())
    request.addfinalizer(lambda: subprocess.run(["/bin/sh", "-c", f"chmod -R u+w {place}; rm -r {place}"], check=True))
    path = shutil.copytree(folder(home, "2023-01-01-1"), place / "release")
    user = 65534 if os.geteuid() == 0 else None
    if user:
        for each in (place, path, *path.rglob("*")):
            os.chown(each, user, user)
    before = {each: each.read_bytes() for each in path.rglob("*") if each.is_file()}

    done = subprocess.run(["/bin/sh", "-c", attempt], cwd=path, user=user, capture_output=True, text=True, check=False)

    assert done.returncode != 0
    assert "ermission denied" in done.stderr or "ermission denied" in done.stdout
    assert {each: each.read_bytes() for each in path.rglob("*") if each.is_file()} == before


@pytest.mark.parametrize("name", ["bokslut.duckdb", "parquet/load.parquet"])
@pytest.mark.parametrize("at", [0, -1])
def test_one_flipped_bit_is_noticed(home: Home, name: str, at: int) -> None:
    publish(home, "2023-01-01-1")
    assert bokslut("verify")[0] == 0
    damage(folder(home, "2023-01-01-1") / name, at)

    code, said = bokslut("verify", "2023-01-01-1")

    assert code == 1
    assert "2023-01-01-1 är skadad" in said
    assert name in said
    assert "säkerhetskopian" in said
    with pytest.raises(ReleaseError):
        roll_back(home, "2023-01-01-1")


def test_a_missing_file_is_noticed_and_the_whole_releases_are_told_of(home: Home) -> None:
    for day in ("2023-01-01-1", "2023-01-02-1"):
        publish(home, day)
    (folder(home, "2023-01-01-1") / "parquet" / "load.parquet").unlink()

    code, said = bokslut("verify")

    assert code == 1
    assert "2023-01-01-1 saknar sin fil" in said
    assert "2023-01-02-1: hel" in said
    assert bokslut("verify", "2023-01-02-1")[0] == 0
    assert bokslut("verify", "1999-01-01-1")[0] == 1


def test_a_damaged_release_is_not_queried(home: Home) -> None:
    publish(home, "2023-01-01-1")
    assert opened(home) == database_of(home, "2023-01-01-1")
    damage(database_of(home, "2023-01-01-1"), -1)
    with pytest.raises(ReleaseError, match="är skadad"):
        opened(home)


def test_without_a_release_every_command_says_so(home: Home) -> None:
    for command in (["releases"], ["verify"], ["rollback", "x"], ["diff", "x", "y"], ["dump", "x", "--out", "y"]):
        code, said = bokslut(*command)
        assert code == 1, command
        assert "finns i" in said or "finns inte" in said or "Det finns ingen utgåva" in said


def test_what_a_killed_night_left_is_no_release_and_goes(home: Home) -> None:
    publish(home, "2023-01-01-1")
    left = home.published / "releases" / ".tmp-2023-01-02-1"
    shutil.copytree(folder(home, "2023-01-01-1"), left)

    assert [release.release_id for release in releases(home)] == ["2023-01-01-1"]
    publish(home, "2023-01-03-1")
    assert not left.exists()


def test_rolling_back_by_command_withdraws_the_newer_and_forth_again_makes_them_valid(home: Home) -> None:
    for day in ("2023-01-01-1", "2023-01-02-1", "2023-01-03-1"):
        publish(home, day)

    code, said = bokslut("rollback", "2023-01-01-1")

    assert code == 0, said
    assert "2023-01-01-1" in said
    assert home.current.resolve() == database_of(home, "2023-01-01-1")
    assert [release.withdrawn for release in releases(home)] == [False, True, True]
    assert bokslut("releases")[1].count("tillbakadragen") == 2
    assert bokslut("rollback", "2023-01-02-1")[0] == 0
    assert [release.withdrawn for release in releases(home)] == [False, False, True]


def test_a_rollback_waits_for_no_night(home: Home) -> None:
    publish(home, "2023-01-01-1")
    with lock(home):
        code, said = bokslut("rollback", "2023-01-01-1")
    assert code == 1
    assert "annan körning" in said


def test_a_rollback_that_is_killed_has_already_withdrawn(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in ("2023-01-01-1", "2023-01-02-1"):
        publish(home, day)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "point_readers_at", killed)
    with pytest.raises(KeyboardInterrupt):
        roll_back(home, "2023-01-01-1")
    assert [release.withdrawn for release in releases(home)] == [False, True]
    monkeypatch.undo()
    roll_back(home, "2023-01-01-1")
    assert home.current.resolve() == database_of(home, "2023-01-01-1")


def nightly(first: date, nights: int) -> list[Release]:
    return [plain(f"{first + timedelta(night)}-1") for night in range(nights)]


def test_of_three_years_of_nights_the_last_of_days_months_and_years_are_kept() -> None:
    known = nightly(date(2021, 3, 1), 1000)

    found = kept(known, known[-1], Releases())

    assert known[-1].release_id == "2023-11-25-1"
    days = [f"2023-11-{day}-1" for day in range(12, 26)]
    months = [f"2023-{month:02}-{last}-1" for month, last in
              zip(range(1, 11), (31, 28, 31, 30, 31, 30, 31, 31, 30, 31), strict=True)]  # fmt: skip
    assert sorted(found) == sorted([*days, *months, "2022-12-31-1", "2021-12-31-1"])
    assert found["2021-12-31-1"] == ["årets sista"]
    assert found["2022-12-31-1"] == ["månadens sista", "årets sista"]


def test_the_standing_release_and_the_one_it_was_compared_with_never_go() -> None:
    known = nightly(date(2023, 1, 1), 60)
    standing = plain("2023-01-10-1", compared_with="2023-01-05-1")
    found = kept(known, standing, Releases(kept_days=1, kept_months=0))
    assert sorted(found) == ["2023-01-05-1", "2023-01-10-1", "2023-03-01-1"]


def test_a_withdrawn_release_is_the_last_of_nothing() -> None:
    known = [plain("2022-12-30-1"), plain("2022-12-31-1", withdrawn=True), plain("2023-01-10-1")]
    assert sorted(kept(known, known[-1], Releases(kept_days=1, kept_months=12))) == ["2022-12-30-1", "2023-01-10-1"]
    assert "2022-12-31-1" in kept(known, known[-1], Releases(kept_days=2))


@given(
    days=st.lists(st.integers(0, 900), min_size=1, max_size=40, unique=True),
    withdrawn=st.sets(st.integers(0, 39)),
    shuffled=st.randoms(use_true_random=False),
    limits=st.builds(Releases, kept_days=st.integers(1, 20), kept_months=st.integers(0, 20)),
)
def test_the_choice_is_the_same_in_any_order_and_holds_when_made_twice(
    days: list[int], withdrawn: set[int], shuffled: st.Random, limits: Releases
) -> None:
    known = [
        plain(f"{date(2021, 1, 1) + timedelta(day)}-1", withdrawn=place in withdrawn)
        for place, day in enumerate(sorted(days))
    ]
    once = kept(known, known[0], limits)
    other = list(known)
    shuffled.shuffle(other)
    assert kept(other, known[0], limits) == once
    left = [release for release in known if release.release_id in once]
    assert kept(left, known[0], limits).keys() == once.keys()
    assert known[0].release_id in once


def test_clearing_leaves_the_manifest_and_the_masks_and_is_told(home: Home) -> None:
    for day in ("2023-01-01-1", "2023-01-02-1", "2023-01-03-1", "2023-01-04-1"):
        publish(home, day, compared_with="2023-01-03-1" if day == "2023-01-04-1" else "")
    hidden = released_mask(home)
    with duckdb.connect(str(database_of(home, "2023-01-01-1")), read_only=True) as reader:
        cleared = clear_old_releases(home, Releases(kept_days=1, kept_months=0))

        assert [release.release_id for release in cleared] == ["2023-01-01-1", "2023-01-02-1"]
        assert reader.execute("select count(*) from marts.load").fetchone() == (1,)
    left = sorted(path.name for path in folder(home, "2023-01-01-1").rglob("*") if path.is_file())
    assert left == ["disclosure_mask.parquet", "manifest.json"]
    assert released_mask(home) == hidden != []
    assert clear_old_releases(home, Releases(kept_days=1, kept_months=0)) == []
    assert bokslut("releases")[1].count("rensad") == 2
    code, said = bokslut("rollback", "2023-01-01-1")
    assert code == 1
    assert "rensad. Det finns: 2023-01-03-1, 2023-01-04-1" in said
    assert bokslut("verify")[0] == 0
    standing = current_release(home)
    assert standing is not None
    assert standing.release_id == "2023-01-04-1"


def test_a_reader_keeps_the_release_it_opened_through_ten_publications(home: Home) -> None:
    publish(home, "2023-01-01-1")
    with duckdb.connect(str(home.current), read_only=True) as reader:
        for day in range(2, 12):
            change = f"update marts.load set load_id = 'of day {day}'"
            before = releases(home)[-1].release_id
            publish(home, f"2023-01-{day:02}-1", change=change, compared_with=before)
            clear_old_releases(home, Releases(kept_days=2, kept_months=0))
            assert reader.execute("select load_id, count(*) from marts.load group by all").fetchall() == [("a", 1)]
            with duckdb.connect(str(home.current.resolve()), read_only=True) as newer:
                assert newer.execute("select load_id from marts.load").fetchall() == [(f"of day {day}",)]
    assert [release.is_cleared for release in releases(home)] == [True] * 9 + [False] * 2


def test_a_clearing_that_was_killed_is_finished_the_next_time(home: Home) -> None:
    for day in ("2023-01-01-1", "2023-01-02-1"):
        publish(home, day)
    [first, _] = releases(home)
    manifest = json.loads((folder(home, first.release_id) / "manifest.json").read_text(encoding="utf-8"))
    write_manifest(folder(home, first.release_id), Release(**{**manifest, "is_cleared": True}))

    clear_old_releases(home, Releases())

    assert not database_of(home, first.release_id).exists()
    assert not list(folder(home, first.release_id).glob("parquet/load.parquet"))


def test_a_manifest_from_before_has_what_it_lacks(home: Home) -> None:
    publish(home, "2023-01-01-1")
    path = folder(home, "2023-01-01-1") / "manifest.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    path.chmod(0o640)
    path.write_text(json.dumps({k: v for k, v in said.items() if k not in ("files", "compared_with", "is_cleared")}))

    [release] = releases(home)

    verify(home, release)
    assert not release.is_cleared
