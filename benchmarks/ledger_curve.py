"""How seconds and memory grow with the ledger: whole nights at 0.1, 1 and 10 million postings, step by step.

Belongs here: the nights (first, one file changed, nothing new) and what they are measured against: reading the bytes
alone, and a pandas script that makes the same ``budget_outcome``. Not here: the watching (``watched``), the script
(``by_pandas``), readers alone (``sie_reader``).

    python -m benchmarks.ledger_curve [--postings N ...] [--folder DIR]

Each run is a process of its own, once; memory is that of the process and its children. ``--folder`` keeps the inboxes,
which take half a minute to write at ten million.
"""

from __future__ import annotations

import argparse
import atexit
import json
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.watched import ANSWER, STEP, Run, Step, watch

SIZES = (100_000, 1_000_000, 10_000_000)
#: What one more of ``scale`` adds to the example.
POSTINGS_PER_SCALE = 82_300
CHANGED = "KS_2023.se"
#: The steps of a night by what they say when they begin, in the order that decides between them.
STEPS = {
    "Startar": "start",
    "Tar emot": "intake",
    "reading ledger": "read the ledger",
    "checking ledger": "check the ledger",
    "Skriver in": "closing models",
    "Granskar": "audit",
    "Publicerar": "publish",
    "Fryser": "build the warehouse",
    "Bygger lagret": "build the warehouse",
    "Härleder": "build the warehouse",
}
OTHERS = "read and check the rest"
NIGHTS = ("first night", "one file changed", "nothing new")
_progress = Console(stderr=True, style="dim", highlight=False)


def run_night_here() -> None:
    """Run one night in this process and tell its steps; the warehouse's last models belong to the step they follow."""
    from orchestration.home import Home
    from orchestration.night import run_night

    current = ""

    def tell(message: str) -> None:
        nonlocal current
        step = next((name for begin, name in STEPS.items() if message.startswith(begin)), OTHERS)
        is_closing = current == "closing models" and step == "build the warehouse"
        if step != current and not is_closing:
            current = step
            print(STEP + step, flush=True)

    class Steps(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            tell(record.getMessage())

    logger = logging.getLogger("orchestration.loading")
    logger.setLevel(logging.INFO)
    logger.addHandler(Steps())
    night = run_night(Home.from_environment(), tell)
    assert night.succeeded, night.errors
    print(ANSWER + night.run_id, flush=True)
    # As the command does: what must be given back is, the interpreter is not taken apart.
    atexit._run_exitfuncs()
    os._exit(0)


def read_bytes_here(inbox: Path) -> None:
    """Read every byte of an inbox in this process."""
    read = 0
    for file in sorted(inbox.iterdir()):
        with file.open("rb", buffering=0) as opened:
            while block := opened.read(1 << 20):
                read += len(block)
    print(f"{ANSWER}{read}", flush=True)


def inbox_of(postings: int, folder: Path) -> Path:
    """Return an inbox of the example with about this many postings; one that is there already is used again."""
    scale = max(1, round(postings / POSTINGS_PER_SCALE))
    inbox = folder / f"inbox-{scale}"
    if not inbox.exists():
        _progress.print(f"{postings:,}: skriver inkorgen")
        growing = inbox.with_name(f".{inbox.name}")
        watch([sys.executable, "-m", "sources.example", "--out", str(growing), "--scale", str(scale)])
        growing.rename(inbox)
    return inbox


def write_changed(file: Path, target: Path) -> None:
    """Write a ledger with another text in its first voucher, exported a day later; without its checksum."""
    is_changed = False
    with file.open("rb") as lines, target.open("wb") as changed:
        for line in lines:
            if line.startswith(b"#KSUMMA"):
                continue
            if line.startswith(b"#GEN "):
                line = b"#GEN 20240123\r\n"
            elif not is_changed and line.startswith(b"#VER "):
                line, is_changed = line.replace(b'"', b'"Rattad: ', 1), True
            changed.write(line)


def run_nights(title: str, inbox: Path, home: Path) -> Iterator[tuple[str, Run]]:
    """Run the nights in a new home, each when it is asked for, and yield them by name."""
    from orchestration.home import Home
    from orchestration.keys import new_key

    shutil.rmtree(home, ignore_errors=True)
    # The example has staff, which no night reads without a key.
    new_key(Home(home).create())
    for name in NIGHTS:
        (home / "inbox").mkdir(parents=True, exist_ok=True)
        if name == "first night":
            shutil.copytree(inbox, home / "inbox", dirs_exist_ok=True)
        elif name == "one file changed":
            write_changed(inbox / CHANGED, home / "inbox" / CHANGED)
        command = [sys.executable, "-m", "benchmarks.ledger_curve", "--night"]
        yield name, _watched(f"{title}: {name}", command, {"BOKSLUT_HOME": str(home)})


def measure(postings: int, folder: Path) -> None:
    """Run everything at one size and print its tables."""
    inbox = inbox_of(postings, folder)
    size = sum(file.stat().st_size for file in inbox.iterdir())
    home = folder / f"home-{postings}"
    nights = dict(run_nights(f"{postings:,}", inbox, home))
    rows, mart = published(home)
    shutil.rmtree(home)
    read = _watched(f"{postings:,}: byte", [sys.executable, "-m", "benchmarks.ledger_curve", "--bytes", str(inbox)])
    script = _watched(f"{postings:,}: pandas", [sys.executable, "-m", "benchmarks.by_pandas", str(inbox)])
    assert (different := differences(mart, json.loads(script.answer))) == [], different
    print(f"\n## {rows:,} postings, {size / 1e6:,.0f} MB\n")
    print(_step_table(nights, rows))
    print(_way_table({**nights, "pandas script": script, "reading the bytes": read}, rows))


def _watched(title: str, command: list[str], environment: dict[str, str] | None = None) -> Run:
    return watch(command, environment, told=lambda step: _progress.print(f"{title}: {step}"))


def published(home: Path) -> tuple[int, list[Any]]:
    """Return the number of postings of the release in a home, and its ``budget_outcome``."""
    import duckdb

    # Not at the top: a night must not pay for importing pandas here.
    from benchmarks.by_pandas import AMOUNTS, KEYS

    with duckdb.connect(str(home / "published" / "current.duckdb"), read_only=True) as connection:
        ((rows,),) = connection.execute("select count(*) from marts.ledger_entry").fetchall()
        mart = connection.execute(f"select {', '.join([*KEYS, *AMOUNTS])} from marts.budget_outcome").fetchall()
    return rows, mart


def differences(mart: Iterable[Any], script: Iterable[Any]) -> list[str]:
    """Return where the script's figures, in floats rounded to öre, are not the mart's."""
    from benchmarks.by_pandas import KEYS

    keys = len(KEYS)
    ours = {tuple(row[:keys]): row[keys:] for row in mart}
    theirs = {
        tuple(row[:keys]): tuple(None if each is None else Decimal(f"{each:.2f}") for each in row[keys:])
        for row in script
    }
    return [
        f"{key}: {ours.get(key)} {theirs.get(key)}" for key in {**ours, **theirs} if ours.get(key) != theirs.get(key)
    ]


def _step_table(nights: dict[str, Run], rows: int) -> str:
    """Return the steps of the first night, and beside them the seconds (CPU seconds) of the nights after it."""
    later = list(nights.values())[1:]
    lines = [f"| step | s | CPU s | rows/s | peak MB | {' | '.join(f'{name}, s (CPU s)' for name in NIGHTS[1:])} |"]
    lines.append("|---|---:|---:|---:|---:|" + "---:|" * len(later))
    for name, step in nights["first night"].steps.items():
        others = [_seconds(night.steps[name]) if name in night.steps else "" for night in later]
        lines.append(f"| {name} | {_cells(step, rows)} | {' | '.join(others)} |")
    return "\n".join([*lines, ""])


def _way_table(ways: dict[str, Run], rows: int) -> str:
    lines = ["| way | s | CPU s | rows/s | peak MB |", "|---|---:|---:|---:|---:|"]
    return "\n".join([*lines, *(f"| {name} | {_cells(run, rows)} |" for name, run in ways.items()), ""])


def _cells(measured: Step | Run, rows: int) -> str:
    speed = rows / measured.seconds
    return f"{measured.seconds:.1f} | {measured.cpu_seconds:.1f} | {speed:,.0f} | {measured.peak_mb:,.0f}"


def _seconds(step: Step) -> str:
    return f"{step.seconds:.1f} ({step.cpu_seconds:.1f})"


def main() -> None:
    """Measure each size and print its tables as Markdown; progress goes to stderr."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postings", type=int, nargs="+", default=SIZES, help="sizes to measure, about")
    parser.add_argument("--folder", type=Path, help="where inboxes are kept and homes are made")
    parser.add_argument("--night", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--bytes", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.night:
        run_night_here()
    elif options.bytes:
        read_bytes_here(options.bytes)
    else:
        with tempfile.TemporaryDirectory() as temporary:
            folder = options.folder or Path(temporary)
            # One small night first, so that bytecode, manifest and lineage are there: what is measured is a warm start.
            next(run_nights("uppvärmning", inbox_of(1, folder), folder / "home-warm"))
            for postings in options.postings:
                measure(postings, folder)


if __name__ == "__main__":
    main()
