"""Query the published release, and nothing else.

Belongs here: a read-only, closed connection with limits, and the three forms of an answer. Not here: what the marts
hold.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from threading import Timer
from time import monotonic
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group, RenderableType
from rich.measure import Measurement
from rich.rule import Rule
from rich.table import Table

if TYPE_CHECKING:
    import duckdb

    from orchestration.settings_of_releases import Query

_ROWS_AT_A_TIME = 10_000
_RESERVED_BYTES = 1_000_000_000
# Only to measure what a table would need.
_WIDE = Console(width=10_000)


class QueryError(Exception):
    """The query cannot be answered; the message says why."""


class Format(StrEnum):
    """How an answer is written."""

    table = "table"
    csv = "csv"
    json = "json"


@dataclass(frozen=True, slots=True)
class Answer:
    """Column names and rows, decimals exact."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


def query(database: Path, sql: str, limits: Query | None = None) -> Answer:
    """Run one query on a published file, within ``limits`` (the defaults where none are given).

    The file is opened read-only, nothing outside it can be read or written, nothing is installed or loaded, and the
    settings are locked. Marts are found with or without the schema name. Raises :class:`QueryError` where there is no
    release, SQL is wrong, or a limit is reached.
    """
    import duckdb

    from orchestration.settings_of_releases import Query

    limits = limits or Query()
    if not database.exists():
        raise QueryError(f"Det finns ingen utgåva i {database.parent}. Kör `bokslut run` först.")
    try:
        with duckdb.connect(str(database.resolve()), read_only=True, config=_configuration(limits)) as connection:
            connection.execute("set schema = 'marts'")
            connection.execute("set lock_configuration = true")
            return _answer(connection, sql, limits.max_seconds)
    except duckdb.InterruptException as error:
        raise QueryError(
            f"Frågan avbröts: den tog mer än {limits.max_seconds:g} sekunder. "
            "Avgränsa den, eller höj [query] max_seconds i bokslut.toml."
        ) from error
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise QueryError(
            f"Frågan avbröts: den behövde mer än {limits.memory_mb} MB minne. "
            "Avgränsa den, läs Parquet-filerna, eller höj [query] memory_mb i bokslut.toml."
        ) from error
    except duckdb.Error as error:
        raise QueryError(str(error)) from error


def _configuration(limits: Query) -> dict[str, str]:
    """Return DuckDB's settings, before they are locked; what has no room in memory has none on disk either."""
    return {
        "enable_external_access": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "allow_persistent_secrets": "false",
        # Without this a query could name variables of this program as tables.
        "python_enable_replacements": "false",
        "memory_limit": f"{limits.memory_mb}MB",
        "temp_directory": "",
    }


def _answer(connection: duckdb.DuckDBPyConnection, sql: str, max_seconds: float) -> Answer:
    """Return the rows; raises DuckDB's ``InterruptException`` when the time is out, whoever was at work."""
    import duckdb

    deadline = monotonic() + max_seconds
    timer = Timer(max_seconds, connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        connection.execute(sql)
        columns = [column[0] for column in connection.description or []]
        rows: list[tuple[Any, ...]] = []
        # In pieces, for the time rows take to become Python's is not DuckDB's.
        while columns and (piece := connection.fetchmany(_ROWS_AT_A_TIME)):
            rows += piece
            if monotonic() > deadline:
                raise duckdb.InterruptException("the rows took too long")
        return Answer(columns, rows)
    finally:
        timer.cancel()


def confine(limits: Query) -> None:
    """Let this process, and what it holds of an answer outside DuckDB, never take much more than the limit.

    For a process that answers one question: it cannot be undone. Beyond it Python raises ``MemoryError``. Nothing is
    done where the system does not say what is taken (anything but Linux).
    """
    import resource

    said = Path("/proc/self/statm")
    if not said.exists():
        return
    taken = int(said.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    # DuckDB's own memory, as much again for the rows as Python has them, and what threads and libraries reserve.
    most = taken + 2 * limits.memory_mb * 1_000_000 + _RESERVED_BYTES
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def as_table(answer: Answer, width: int) -> RenderableType:
    """Return the answer for a terminal of this width: a table, or one block per row where a table would not fit.

    Numbers are to the right and never broken.
    """
    table = Table(header_style="bold")
    for index, name in enumerate(answer.columns):
        numeric = any(isinstance(row[index], int | float | Decimal) for row in answer.rows)
        table.add_column(name, justify="right" if numeric else "left", no_wrap=True)
    for row in answer.rows:
        table.add_row(*("" if value is None else _shown(value) for value in row))
    if Measurement.get(_WIDE, _WIDE.options, table).maximum <= width:
        return table
    return Group(*(_block(answer, number) for number in range(len(answer.rows))))


def _block(answer: Answer, number: int) -> RenderableType:
    block = Table.grid(padding=(0, 2))
    block.add_column(style="bold", no_wrap=True)
    block.add_column(overflow="fold")
    for name, value in zip(answer.columns, answer.rows[number], strict=True):
        block.add_row(name, "" if value is None else _shown(value))
    return Group(Rule(f"rad {number + 1}", align="left", style="dim"), block)


def _shown(value: Any) -> str:
    from rich.markup import escape

    return escape(str(value))


def as_csv(answer: Answer) -> str:
    """Return the answer as CSV: comma, UTF-8; text that a spreadsheet would take for a formula gets an apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows([_safe(row) for row in answer.rows])
    return buffer.getvalue()


def _safe(row: Sequence[Any]) -> list[Any]:
    return [f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value for value in row]


def as_json(answer: Answer) -> str:
    """Return the answer as a JSON list of objects; dates are ISO text, decimals are numbers without a digit lost."""
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    return json.dumps(rows, ensure_ascii=False, indent=2, default=_json_value)


def _json_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        number = float(value)
        # Beyond 15 digits a reader's float would change the amount; text does not.
        return number if Decimal(repr(number)) == value else str(value)
    return str(value)
