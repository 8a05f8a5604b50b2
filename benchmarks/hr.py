"""How fast registers of staff are read and judged: ``python -m benchmarks.hr [--persons N] [--absences N] [--night]``.

Belongs here: files of the size of a region's (100,000 employees, 1.5 million spells of absence), reading them into
pseudonyms, judging the absences beside the register, and with ``--night`` a whole night of the example municipality
with that staff, models and all. Not here: any test of what is read (``tests/unit/hr``).

Each step runs in a process of its own, so that its peak memory is its own; reading the file from disk is not timed.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.night import CHILD, fresh_home, timed

KEY = bytes(range(32))
EMPLOYMENTS, ABSENCES = "personalsystem_anstallningar.csv", "personalsystem_franvaro_2023.csv"
SCHEDULED = "personalsystem_schematid_2023.csv"
STEPS = ("employments", "absences", "judged")
_OURS = "212000-1553"
_YEAR = date(2023, 1, 1)
# Units of the example's board, so that a whole night can be run.
_UNITS = ("11000", "12100", "12200", "13000", "13100", "14000", "15000", "16000", "18000")


def write_files(folder: Path, persons: int, absences: int, *, seed: int = 1) -> None:
    """Write Lönlinjen's register and its absences of 2023; spells of one employment never overlap."""
    rng = random.Random(seed)
    numbers = [_number(rng, place) for place in range(persons)]
    _write(folder / EMPLOYMENTS, _employments(numbers, rng))
    _write(folder / ABSENCES, _absences(numbers, absences, rng))
    _write(folder / SCHEDULED, _scheduled(numbers))


def _write(path: Path, lines: Iterator[str]) -> None:
    with path.open("w", encoding="cp1252", newline="") as file:
        file.writelines(f"{line}\r\n" for line in lines)


def _number(rng: random.Random, place: int) -> str:
    """Return a personnummer with its check digit, another for every place."""
    born = date(1960, 1, 1) + timedelta(days=place % 15_000)
    serial = f"{(place // 15_000) * 100 + rng.randrange(100):03d}"
    doubled = [int(digit) * (2 - at % 2) for at, digit in enumerate(f"{born:%y%m%d}{serial}")]
    return f"{born:%Y%m%d}-{serial}{-sum(each // 10 + each % 10 for each in doubled) % 10}"


def _employments(numbers: list[str], rng: random.Random) -> Iterator[str]:
    yield (
        "Personnummer;Namn;Anställningsnr;Anställningsform;Ansvar;AID;Sysselsättningsgrad;Gäller från;Gäller till;"
        "Anställd från;Anställd till;Avgångsorsak;Kommentar"
    )
    for place, number in enumerate(numbers):
        form = "Tillsvidare" if rng.random() < 0.85 else "Visstid"
        terms = f"{form};{rng.choice(_UNITS)};{rng.randrange(100000, 999999)};{rng.choice(('1,00', '0,75'))}"
        yield f"{number};Påhittad Person {place};{place + 1};{terms};2020-01-01;9999-12-31;2020-01-01;;;Anteckning"


def _absences(numbers: list[str], rows: int, rng: random.Random) -> Iterator[str]:
    yield "Personnummer;Namn;Anställningsnr;Frånvaroorsak;Från;Till;Omfattning;År;Kommentar"
    each = -(-rows // len(numbers))
    step = 364 // each
    for row in range(rows):
        place, number = row % len(numbers), row // len(numbers)
        start = _YEAR + timedelta(days=number * step)
        end = start + timedelta(days=rng.randrange(step))
        cause = rng.choice(("Sjukdom", "Sjukdom", "VAB", "Föräldraledighet"))
        share = rng.choice(("1,00", "1,00", "0,50"))
        yield f"{numbers[place]};Påhittad Person {place};{place + 1};{cause};{start};{end};{share};2023;Anteckning"


def _scheduled(numbers: list[str]) -> Iterator[str]:
    yield "Personnummer;Namn;Anställningsnr;Period;Schematid"
    for place, number in enumerate(numbers):
        yield from (f"{number};Påhittad Person {place};{place + 1};2023{month:02d};150,25" for month in range(1, 13))


def step(name: str, folder: Path) -> dict[str, Any]:
    """Do one step in this process and return its rows and seconds."""
    from sources.hr import read
    from sources.reading import ReadOptions

    options = ReadOptions(organisation_number=_OURS, pseudonym_key=KEY)
    file = EMPLOYMENTS if name == "employments" else ABSENCES
    data = (folder / file).read_bytes()
    if name == "judged":
        return _judged(folder)
    started = _clocks()
    reading = read(data, file, options)
    seconds = _since(started)
    assert not reading.problems
    import pyarrow.parquet as pq

    pq.write_table(reading.tables[f"hr__{name}"], folder / f"{name}.parquet")
    return {"rows": reading.rows_in} | seconds


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _since(started: tuple[float, float]) -> dict[str, float]:
    """Return wall and processor seconds since then: on a machine with other work they differ."""
    wall, processor = _clocks()
    return {"seconds": wall - started[0], "cpu": processor - started[1]}


def _judged(folder: Path) -> dict[str, Any]:
    """Try every rule on the absences, beside the register."""
    import pyarrow.parquet as pq

    from expectations.arrival import ArrivalContext, check_arrival
    from expectations.batches import ParquetRows

    context = ArrivalContext(
        own_organisation_number=_OURS,
        organisation_number=_OURS,
        board_codes=frozenset({"KS"}),
        units=None,
        known_accounts=frozenset(),
        fiscal_years=(2023,),
        superseded_rows=None,
        max_quarantined_share=0.01,
        employments=pq.read_table(folder / "employments.parquet"),
    )
    started = _clocks()
    rows = ParquetRows(folder / "absences.parquet")
    verdict = check_arrival("hr", "benchmark", ABSENCES, {"hr__absences": rows}, [], context)
    assert verdict.rejected_reason is None, verdict.rejected_reason
    assert verdict.rows_quarantined == 0, verdict.messages
    return {"rows": verdict.rows_in} | _since(started)


def night(folder: Path) -> dict[str, float]:
    """Run a night of the example municipality with the staff of ``folder``; return its steps with their seconds."""
    from sources.registry import source_by_code

    home = fresh_home(folder / "home")
    for path in (home / "inbox").iterdir():
        if source_by_code("hr").claims(path.name):
            path.unlink()
    for name in (EMPLOYMENTS, ABSENCES, SCHEDULED):
        (folder / name).rename(home / "inbox" / name)
    found = json.loads(timed([sys.executable, "-m", "benchmarks.night", CHILD], home)[1])
    assert found["succeeded"], "the night failed"
    steps: dict[str, float] = found["steps"]
    return steps


def main() -> None:
    """Print a table of the steps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=100_000)
    parser.add_argument("--absences", type=int, default=1_500_000)
    parser.add_argument("--night", action="store_true", help="run a whole night too, which takes minutes")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        found = step(arguments.step, arguments.folder)
        print(json.dumps(found | {"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
        return
    print(f"{'step':<12} {'rows':>10} {'s':>7} {'CPU s':>7} {'rows/s':>9} {'peak MB':>8}")
    with tempfile.TemporaryDirectory() as name:
        write_files(Path(name), arguments.persons, arguments.absences)
        for each in STEPS:
            command = [sys.executable, "-m", "benchmarks.hr", "--step", each, "--folder", name]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            found = json.loads(done.stdout.splitlines()[-1])
            rate, wall, cpu = found["rows"] / found["seconds"], found["seconds"], found["cpu"]
            print(
                f"{each:<12} {found['rows']:>10,} {wall:>7.2f} {cpu:>7.2f} {rate:>9,.0f} {found['peak_mb']:>8,.0f}",
                flush=True,
            )
        for message, seconds in night(Path(name)).items() if arguments.night else ():
            print(f"{message:<60} {seconds:>7.1f} s")


if __name__ == "__main__":
    main()
