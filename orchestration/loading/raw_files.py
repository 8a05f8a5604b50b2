"""The raw tables as files: one Parquet file per table and delivery, whole or not at all.

Belongs here: where they lie, how they are written and read. Not here: what is read into them (``parsing``).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.disk import sync
from orchestration.home import Home
from orchestration.loading.streaming import with_load_id
from sources.corrections import Corrected
from sources.reading import Problem
from sources.registry import Source

if TYPE_CHECKING:
    import pyarrow as pa

PROBLEMS = "problems"
DROPPED = "dropped"
QUARANTINE = "quarantine__rows"


def write_empty_tables(home: Home, source: Source) -> None:
    """Give every raw table of the source an empty file, so that a table without deliveries is empty, not missing."""
    import pyarrow as pa

    for table, schema in source.schemas().items():
        path = raw_path(home, table, "_empty")
        empty = pa.schema([pa.field("load_id", pa.string()), *schema]).empty_table()
        if not path.exists() or _columns(path) != empty.schema.names:
            write_parquet(empty, path)


def _columns(path: Path) -> list[str]:
    import pyarrow.parquet as pq

    names: list[str] = pq.read_schema(path).names
    return names


def write_tables(home: Home, load_id: str, corrected: Corrected) -> None:
    """Write what one file holds, with what could not be typed and what corrections leave out."""
    for table, rows in corrected.reading.tables.items():
        write_parquet(with_load_id(rows, load_id), raw_path(home, table, load_id))
    write_parquet(_problem_table(corrected.reading.problems), raw_path(home, PROBLEMS, load_id))
    write_parquet(_problem_table(corrected.dropped), raw_path(home, DROPPED, load_id))


def _problem_table(problems: Iterable[Problem]) -> pa.Table:
    import pyarrow as pa

    columns = {"table": pa.string(), "row_no": pa.int64(), "column": pa.string()}
    schema = pa.schema({**columns, "value": pa.string(), "reason": pa.string()})
    rows = [
        {"table": p.table, "row_no": p.row_no, "column": p.column, "value": p.value, "reason": p.reason}
        for p in problems
    ]
    return pa.Table.from_pylist(rows, schema=schema)


def read_problems(home: Home, load_id: str) -> list[Problem]:
    """Return the values of a delivery that could not be typed."""
    return _read_problem_table(raw_path(home, PROBLEMS, load_id))


def read_dropped(home: Home, load_id: str) -> list[Problem]:
    """Return the rows of a delivery that a correction leaves out; ``value`` is the correction's id."""
    path = raw_path(home, DROPPED, load_id)
    # What was read before there were corrections has no such file.
    return _read_problem_table(path) if path.exists() else []


def _read_problem_table(path: Path) -> list[Problem]:
    import pyarrow.parquet as pq

    # Most files have no problem, and to ask how many costs a fifth of reading them.
    return [Problem(**row) for row in pq.read_table(path).to_pylist()] if pq.read_metadata(path).num_rows else []


def raw_path(home: Home, table: str, load_id: str) -> Path:
    """Return where one delivery's rows of one raw table lie."""
    return home.raw / table / f"{load_id}.parquet"


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write a Parquet file, whole and on disk, or not at all: the register, which says that it is there, never lies."""
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        pq.write_table(table, temporary, compression="zstd")
        sync(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
