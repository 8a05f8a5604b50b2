"""Where the seconds of a night go: ``bokslut run`` on the example municipality, first and unchanged, step by step.

Belongs here: timing whole nights and the imports they pay for, each in a process of its own. Not here: readers alone
(``sie_reader``). A figure is the median of the repeats; the machine should be otherwise idle.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

BOKSLUT = Path(sys.executable).with_name("bokslut")
IMPORTS = ("dagster", "dagster_dbt", "dbt.cli.main", "great_expectations", "polars", "pyarrow", "duckdb")
CHILD = "--child"


def run_child() -> None:
    """Run one night in this process and print its steps with their seconds as JSON."""
    from orchestration.beside import working_beside
    from orchestration.home import Home
    from orchestration.night import run_night

    steps: list[tuple[str, float]] = [("Import av programmet", time.perf_counter())]
    home = Home.from_environment()

    def told(message: str) -> None:
        steps.append((message, time.perf_counter()))

    with working_beside(told) if any(home.inbox.glob("*")) else nullcontext():
        night = run_night(home, told)
    ends = [moment for _, moment in steps[1:]] + [time.perf_counter()]
    seconds: dict[str, float] = {}
    for (name, start), end in zip(steps, ends, strict=True):
        step = name.partition(":")[0] if name.startswith("Bygger") else name
        seconds[step] = seconds.get(step, 0) + end - start
    print(json.dumps({"succeeded": night.succeeded, "steps": seconds}))
    sys.stdout.flush()
    os._exit(0)


def timed(arguments: list[str], home: Path) -> tuple[float, str]:
    """Return the wall seconds of a command in a home, and what it printed; raises where it fails."""
    started = time.perf_counter()
    done = subprocess.run(
        arguments, env=os.environ | {"BOKSLUT_HOME": str(home)}, capture_output=True, text=True, check=True
    )
    return time.perf_counter() - started, done.stdout


def fresh_home(folder: Path) -> Path:
    """Return a home whose inbox holds the example municipality."""
    timed([str(BOKSLUT), "example", "--out", str(folder / "inbox")], folder)
    return folder


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument(CHILD, action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        run_child()
    console = Console(width=100)
    walls: dict[str, list[float]] = {"första natten": [], "oförändrad natt": []}
    steps: dict[str, dict[str, list[float]]] = {name: {} for name in walls}
    with tempfile.TemporaryDirectory() as folder:
        # One night first, so that bytecode, manifest and lineage are there: what is measured is a warm start.
        timed([str(BOKSLUT), "run"], fresh_home(Path(folder) / "warm"))
        for number in range(arguments.repeats):
            home, other = (fresh_home(Path(folder) / f"{kind}{number}") for kind in ("wall", "steps"))
            for name, found in walls.items():
                console.print(f"{number + 1}/{arguments.repeats}: {name}", style="dim")
                found.append(timed([str(BOKSLUT), "run"], home)[0])
                _, printed = timed([sys.executable, "-m", "benchmarks.night", CHILD], other)
                for step, seconds in json.loads(printed)["steps"].items():
                    steps[name].setdefault(step, []).append(seconds)
    console.print(_wall_table(walls), _step_table(steps), _import_table())


def _wall_table(walls: dict[str, list[float]]) -> Table:
    table = Table("`bokslut run`", "median s", "minst", "mest", title="Hela kommandot", title_justify="left")
    for name, seconds in walls.items():
        table.add_row(name, *(f"{value:.1f}" for value in (median(seconds), min(seconds), max(seconds))))
    return table


def _step_table(steps: dict[str, dict[str, list[float]]]) -> Table:
    table = Table("steg", *(f"{name}, s" for name in steps), title="Steg för steg", title_justify="left")
    for step in dict.fromkeys(step for found in steps.values() for step in found):
        values = [found.get(step) for found in steps.values()]
        table.add_row(step, *(f"{median(value):.2f}" if value else "–" for value in values))
    return table


def _import_table() -> Table:
    table = Table("import", "s", title="Importer, var och en i en ny process", title_justify="left")
    for module in IMPORTS:
        code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
        runs = [
            subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(3)
        ]
        table.add_row(module, f"{median(float(run.stdout) for run in runs):.2f}")
    return table


if __name__ == "__main__":
    main()
