"""``python -m tests.faults``: the whole kill matrix, with progress, and a table of what came of it.

Ends with 1 where a kill made a difference. Some hundreds of kills take half an hour on two cores.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tests.faults.nights import clean_night, first_night, killed_nights, second_night
from tests.faults.steps import Kill, kills, remove, steps

_console = Console()
# Without a terminal there is no bar: so many kills are told of at a time.
_TOLD_EVERY = 10


def main() -> None:
    """Run the matrix and show it."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--nights", type=int, default=68, help="kills of the whole job")
    parser.add_argument("--changes", type=int, default=40, help="kills of each step, before that many changes to disk")
    parser.add_argument("--moments", type=int, default=10, help="kills of each step at random moments")
    parser.add_argument("--seed", type=int, default=2023)
    given = parser.parse_args()
    os.environ.pop("BOKSLUT_CONFIG", None)
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="bokslut-faults-"))
    try:
        found = _matrix(folder, given)
    finally:
        remove(folder)
    _show(found, time.monotonic() - began)
    sys.exit(any(kill.lost for kill in found))


def _matrix(folder: Path, given: argparse.Namespace) -> list[Kill]:
    found: list[Kill] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_console) as progress:
        preparing = progress.add_task("Förbereder: en första natt, och vad varje steg börjar från", total=2)
        home, files = first_night(folder)
        progress.advance(preparing)
        made = steps(files, home, folder / "steps")
        progress.advance(preparing)
        for step in made:
            each = kills(step, folder / "steps", changes=given.changes, moments=given.moments, seed=given.seed)
            _follow(progress, step.name, given.changes + given.moments, each, found)
        second_night(home, files, folder / "base")
        clean = clean_night(folder / "base", folder)
        nights = killed_nights(folder / "base", clean, folder, count=given.nights, seed=given.seed)
        _follow(progress, "hela jobbet", given.nights, nights, found)
    return found


def _follow(progress: Progress, name: str, most: int, tried: Iterable[Kill], found: list[Kill]) -> None:
    task = progress.add_task(name, total=most)
    count = 0
    for count, kill in enumerate(tried, start=1):
        found.append(kill)
        progress.update(task, completed=count, description=f"{name}: {kill.place}")
        for line in kill.lost:
            progress.console.print(f"{kill.step}, {kill.place}: {line}", style="red", markup=False)
        if not progress.console.is_terminal and count % _TOLD_EVERY == 0:
            progress.console.print(f"{name}: {count} avbrott", markup=False)
    # A step that makes fewer changes than were asked for has been killed before each of them.
    progress.update(task, total=count, description=name)
    if not progress.console.is_terminal:
        progress.console.print(f"{name}: klart, {count} avbrott", markup=False)


def _show(found: list[Kill], seconds: float) -> None:
    tried, differing = Counter(kill.step for kill in found), Counter(kill.step for kill in found if kill.lost)
    table = Table("vad som avbröts", "avbrott", "skillnader", title=f"Avbrutet och kört igen, {seconds / 60:.0f} min")
    for name in tried:
        table.add_row(name, str(tried[name]), str(differing[name]))
    table.add_section()
    table.add_row("summa", str(len(found)), str(sum(differing.values())))
    _console.print(table)


if __name__ == "__main__":
    main()
