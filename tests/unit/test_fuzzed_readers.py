"""Whatever bytes a file has, its reader returns rows or rejects it, in time: nothing else comes out of it."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pyarrow as pa
import pytest

from sources.inspection import Caps, inspect_file
from sources.reading import Reading, ReadOptions, Rejected
from sources.registry import SOURCES, Source, claimants
from tests.mutations import mutated, mutated_inside

# At least so many damaged files of each source, and so many of each file.
EVERY, EACH = 24, 4
SECONDS = 10
# The beginning of a ledger says as much as all of it, many times faster.
LONGEST = 40_000
OPTIONS = ReadOptions(pseudonym_key=b"k" * 32, organisation_number="212000-1553")
LEDGERS = Path(__file__).parent.parent / "fixtures" / "ledger" / "good"


class Hung(BaseException):
    """No reader may catch it."""


@contextmanager
def in_time() -> Iterator[None]:
    def hung(_: int, frame: FrameType | None) -> None:
        raise Hung(frame)

    before = signal.signal(signal.SIGALRM, hung)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def files_of(source: Source, folder: Path) -> list[Path]:
    ledgers = LEDGERS.iterdir() if source.code == "ledger" else ()
    return sorted([*(file for file in folder.iterdir() if claimants(file.name) == [source]), *ledgers])


def outcome(source: Source, file: Path, name: str) -> str:
    taken: list[pa.Table] = []
    try:
        with in_time():
            inspect_file(file, name, Caps())
            reading = source.read_file(file, name, OPTIONS, taken.append)
    except Rejected as rejection:
        return "rejected" if str(rejection) else "rejected without a reason"
    hold_together(source, reading, taken)
    return "read"


def hold_together(source: Source, reading: Reading, taken: list[pa.Table]) -> None:
    """Every row is counted, every problem is of a row that is there."""
    streamed = {source.tables[0]: pa.concat_tables(taken)} if taken else {}
    tables = {**streamed, **reading.tables}
    assert set(tables) <= set(source.tables)
    first = next(table for table in source.tables if table in tables)
    assert reading.rows_in == tables[first].num_rows
    for problem in reading.problems:
        assert problem.row_no in set(tables[problem.table]["row_no"].to_pylist())


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.code)
def test_a_damaged_file_is_read_or_rejected(source: Source, example_files: Path, tmp_path: Path) -> None:
    files, outcomes = files_of(source, example_files), Counter[str]()
    for file in files:
        for number in range(max(EACH, EVERY // len(files))):
            seed = f"{file.name} {number}"
            (tmp_path / "bad").write_bytes(damaged(file, seed, inside=number % 2 == 1))
            try:
                outcomes[outcome(source, tmp_path / "bad", file.name)] += 1
            except BaseException as error:
                raise AssertionError(f"{seed}: {type(error).__name__}: {error}") from error
    # If all were of one kind, the damage would be too small or too large to tell anything.
    assert set(outcomes) == {"read", "rejected"}


def damaged(file: Path, seed: str, *, inside: bool) -> bytes:
    if file.suffix == ".xlsx":
        return mutated_inside(file.read_bytes(), seed) if inside else mutated(file.read_bytes(), seed)
    return mutated(file.read_bytes()[:LONGEST], seed)
