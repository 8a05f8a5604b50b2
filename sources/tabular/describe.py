"""A ``Reading`` in words, for trying a reader alone at the prompt.

Belongs here: what ``python -m sources.<source> FILE`` prints. Not here: reports to data owners, which the
orchestration writes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sources.reading import Reading, ReadOptions, Rejected

_PROBLEMS_SHOWN = 20


def describe_file(read: Callable[[bytes, str, ReadOptions], Reading], path: Path) -> tuple[str, int]:
    """Return what ``read`` makes of a file, in Swedish, and an exit code: 0 read, 1 read with problems, 2 rejected."""
    try:
        reading = read(path.read_bytes(), path.name, ReadOptions())
    except Rejected as reason:
        return f"{path.name}: avvisad. {reason}", 2
    lines = [f"{path.name}: {reading.rows_in} rader, år {', '.join(map(str, reading.fiscal_years)) or '-'}"]
    lines += [f"  {name}: {value}" for name, value in reading.facts.items()]
    for name, table in reading.tables.items():
        lines.append(f"  {name}: {table.num_rows} rader")
    for problem in reading.problems[:_PROBLEMS_SHOWN]:
        lines.append(f"  rad {problem.row_no} {problem.column} {problem.value!r}: {problem.reason}")
    if len(reading.problems) > _PROBLEMS_SHOWN:
        lines.append(f"  och {len(reading.problems) - _PROBLEMS_SHOWN} problem till")
    return "\n".join(lines), 1 if reading.problems else 0
