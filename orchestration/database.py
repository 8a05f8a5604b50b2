"""Open DuckDB so that it keeps within its memory, whatever the size of the ledger.

Belongs here: the limits of every connection over large tables, and where they write what does not fit. Not here: what
is asked of them; dbt opens its own, with the same limits (``dbt_project/profiles.yml``).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.settings import Database

if TYPE_CHECKING:
    import duckdb


def connect(
    limits: Database, spill: Path, database: Path | None = None, *, read_only: bool = False
) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file, or one in memory to which files are attached, within ``limits``.

    What does not fit in memory goes to the folder ``spill`` until the connection is closed. Rows keep the order they
    have in their table.
    """
    import duckdb

    configuration = {
        "memory_limit": limits.memory_limit,
        "threads": str(threads(limits)),
        "temp_directory": str(spill),
        "preserve_insertion_order": "true",
    }
    return duckdb.connect(":memory:" if database is None else str(database), read_only=read_only, config=configuration)


def threads(limits: Database) -> int:
    """Return how many threads to use: as many as allowed, but no more than the machine has cores."""
    return min(limits.threads, os.cpu_count() or 1)
