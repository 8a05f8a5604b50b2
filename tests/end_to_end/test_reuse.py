"""An unchanged night takes over the warehouse of the night before, and only a whole one of the very same things."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from orchestration import reuse
from orchestration.assets import warehouse as assets
from orchestration.home import Home
from orchestration.loading.snapshot import Build
from orchestration.night import Night, run_night
from orchestration.publishing.audit import UNCHANGED
from orchestration.publishing.store import current_release, folder
from orchestration.warehouse import run_dbt


@pytest.fixture
def home(home_after_a_night: Home) -> Home:
    return home_after_a_night


@pytest.fixture
def dbt_calls(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The arguments of each call of dbt that a night makes."""
    calls: list[list[str]] = []

    def noted(build: Build, arguments: list[str], *rest: Any, **named: Any) -> Any:
        calls.append(arguments)
        return run_dbt(build, arguments, *rest, **named)

    monkeypatch.setattr(assets, "run_dbt", noted)
    return calls


def run(home: Home) -> Night:
    night = run_night(home, lambda _: None)
    assert night.succeeded, night.errors
    assert night.audit is not None
    return night


def first_build(home: Home) -> Build:
    [build] = home.builds.iterdir()
    return Build(build)


def test_an_unchanged_night_runs_no_dbt_and_ends_with_the_same_warehouse(
    home: Home, dbt_calls: list[list[str]]
) -> None:
    first = first_build(home)

    night = run(home)

    assert dbt_calls == []
    again = Build.of(home, night.run_id)
    assert again.warehouse.read_bytes() == first.warehouse.read_bytes()
    assert reuse.taken_over_from(again) == first.folder.name
    # The third night takes over from the second, and still says who built it.
    assert reuse.taken_over_from(Build.of(home, run(home).run_id)) == first.folder.name
    assert dbt_calls == []


def test_a_damaged_warehouse_is_not_taken_over(home: Home, dbt_calls: list[list[str]]) -> None:
    with first_build(home).warehouse.open("r+b") as file:
        file.seek(4096)
        file.write(b"damaged")

    night = run(home)

    assert night.audit is not None
    assert night.audit.verdict == UNCHANGED
    assert len(dbt_calls) == 2


def test_a_build_that_did_not_come_to_its_end_is_not_taken_over(home: Home, dbt_calls: list[list[str]]) -> None:
    (first_build(home).folder / "complete.json").unlink()

    run(home)

    assert len(dbt_calls) == 2


def test_what_was_built_but_not_published_is_taken_over_and_closed_anew(home: Home, dbt_calls: list[list[str]]) -> None:
    standing = current_release(home)
    assert standing is not None
    for path in (home.current, home.published / "current"):
        path.unlink(missing_ok=True)
    release = folder(home, standing.release_id)
    for path in (release, release / "parquet"):
        path.chmod(0o750)
    shutil.rmtree(release)

    night = run(home)

    assert [call for call in dbt_calls if "--exclude" in call[:2]] == []
    assert len(dbt_calls) == 1, "only the closing models, which tell of this run"
    again = current_release(home)
    assert again is not None
    assert (again.run_id, again.content) == (night.run_id, standing.content)


def test_the_key_is_of_every_byte_but_what_the_run_says_of_itself(home: Home, tmp_path: Path) -> None:
    build = Build(tmp_path / "build")
    shutil.copytree(first_build(home).raw, build.raw)
    key = reuse.made_from(build)
    assert key == reuse.made_from(first_build(home))

    for path in sorted(build.raw.rglob("*.parquet")):
        own = path.read_bytes()
        path.write_bytes(own + b"x")
        assert (reuse.made_from(build) == key) == (path.parent.name in (*reuse.ABOUT_THE_RUN, *reuse.HIDDEN_BEFORE))
        path.write_bytes(own)
