"""Whole nights: what comes bit by bit, in disorder, twice and late publishes what it does when all comes at once."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from orchestration.home import Home
from orchestration.night import Night, run_night
from orchestration.publishing.dump import dump
from orchestration.settings import Database
from sources.register import Register

NIGHTS = 3


def test_three_nights_of_shuffled_files_with_copies_and_a_late_one_publish_the_same_as_one(
    published_home: Home, example_files: Path, empty_home: Home, tmp_path: Path
) -> None:
    files = sorted(example_files.iterdir())
    random.Random(7).shuffle(files)
    late = example_files / "KS_2022.se"
    first, second = files[: len(files) // 2], files[len(files) // 2 :]
    nights = [
        [file for file in first if file != late],
        [*(file for file in second if file != late), *first[:3]],
        [late, *second[:3]],
    ]
    ended: list[Night] = []
    for number, sent in enumerate(nights):
        for file in sent:
            # A copy comes under another name than what it is a copy of.
            is_copy = any(file in earlier for earlier in nights[:number])
            shutil.copy2(file, empty_home.inbox / (f"{file.stem}_kopia{file.suffix}" if is_copy else file.name))
        ended.append(run_night(empty_home, lambda _: None))

    assert ended[-1].succeeded, ended[-1].errors
    with Register(empty_home.register) as register:
        came = register.deliveries()
    copies = [each.status for each in came if "_kopia" in each.file_name]
    # The sixth is of answers whose questions had not come: they were refused then, and the copy's name tells no survey.
    assert sorted(copies) == ["duplicate"] * 5 + ["rejected"]
    assert {each.sha256 for each in came if each.status == "loaded"} == _loaded(published_home)
    assert all(each.rows_in == each.rows_loaded + each.rows_quarantined + each.rows_duplicate for each in came)
    assert dump(empty_home.current, tmp_path / "bit by bit", Database()) == dump(
        published_home.current, tmp_path / "at once", Database()
    )


def _loaded(home: Home) -> set[str]:
    with Register(home.register) as register:
        return {each.sha256 for each in register.deliveries(status=("loaded",))}
