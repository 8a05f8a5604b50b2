"""A few of the kills of ``make faults``: two of a whole night, and some in every step."""

from __future__ import annotations

from pathlib import Path

from orchestration.home import Home
from tests.faults.nights import KINDS, clean_night, killed_nights, second_night
from tests.faults.steps import kills, steps


def test_a_step_that_is_killed_and_done_again_leaves_what_a_whole_one_leaves(
    published_home: Home, example_files: Path, tmp_path: Path
) -> None:
    found = [
        kill
        for step in steps(example_files, published_home, tmp_path)
        for kill in kills(step, tmp_path, changes=2, moments=1, seed=1)
    ]

    assert len(found) == 7 * 3
    assert {f"{kill.step}, {kill.place}": kill.lost for kill in found if kill.lost} == {}


def test_a_night_that_is_killed_and_run_again_publishes_what_a_whole_one_publishes(
    published_home: Home, example_files: Path, tmp_path: Path
) -> None:
    second_night(published_home, example_files, tmp_path / "base")
    clean = clean_night(tmp_path / "base", tmp_path)
    found = list(killed_nights(tmp_path / "base", clean, tmp_path, count=2, seed=1))

    assert [kill.step for kill in found] == list(KINDS)[:2]
    assert {f"{kill.step}, {kill.place}": kill.lost for kill in found if kill.lost} == {}
