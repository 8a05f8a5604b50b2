"""A reader in a process of its own, who opens the published file once and then asks and asks.

    python -m tests.faults.reader <file> <enough>     one answer per line, until the file <enough> is there

Belongs here: what an analyst's notebook does. Not here: publishing.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb

QUESTION = "select (select load_id from marts.load), count(*), sum(n), max(text) from marts.wide"


def main(file: Path, enough: Path) -> None:
    """Print each answer as a line of JSON."""
    # Less memory than the table takes: the file itself is read again and again.
    with duckdb.connect(str(file), read_only=True, config={"memory_limit": "8MB", "threads": 1}) as connection:
        while not enough.exists():
            answer = connection.execute(QUESTION).fetchone() or ()
            sys.stdout.write(json.dumps([str(value) for value in answer]) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
