"""The ids of the example's figures, folded: a printed table per line, its rows and its columns.

    mart and keys | rows | columns        every row has every column

Belongs here: folding and unfolding, and ``tests/fixtures/figures/example_ids.txt``. Not here: what a change of an id
means (``tests/end_to_end/test_figures``). After a night of the example, ``python -m tests.figure_ids DATABASE`` writes
the file anew.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

FILE = Path(__file__).parent / "fixtures" / "figures" / "example_ids.txt"
#: A table with a single row, which has no name.
_ALONE = "."

Id = tuple[str, str | None, str]


def folded(ids: Iterable[Id]) -> Iterator[str]:
    """Yield a line per table and set of columns, sorted; an id is (table, row, column)."""
    columns: dict[tuple[str, str], set[str]] = defaultdict(set)
    for table, row, column in ids:
        columns[table, row or _ALONE].add(column)
    rows: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for (table, row), names in columns.items():
        rows[table, tuple(sorted(names))].append(row)
    for (table, names), found in sorted(rows.items()):
        yield f"{table} | {' '.join(sorted(found))} | {' '.join(names)}"


def unfolded(lines: Iterable[str]) -> Iterator[str]:
    """Yield the ids of folded lines."""
    for line in lines:
        table, rows, columns = (part.split() for part in line.split("|"))
        for row in rows:
            for column in columns:
                yield "/".join(part for part in (*table, row, column) if part != _ALONE)


def _main(database: str) -> None:
    import duckdb

    with duckdb.connect(database, read_only=True) as connection:
        ids = connection.execute("select table_id, row_id, column_id from marts.figure").fetchall()
    FILE.write_text("".join(f"{line}\n" for line in folded(ids)), encoding="utf-8")


if __name__ == "__main__":
    _main(sys.argv[1])
