"""Query the published release, and nothing else.

Belongs here: a read-only, closed connection and the three forms of an answer. Not here: what the marts hold.
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
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.measure import Measurement
from rich.rule import Rule
from rich.table import Table

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


def query(database: Path, sql: str) -> Answer:
    """Run one query on a published file.

    The file is opened read-only, nothing outside it can be read or written, and the settings are locked. Marts are
    found with or without the schema name. Raises :class:`QueryError` where there is no release or SQL is wrong.
    """
    import duckdb

    if not database.exists():
        raise QueryError(f"Det finns ingen utgåva i {database.parent}. Kör `bokslut run` först.")
    configuration = {"enable_external_access": "false", "autoinstall_known_extensions": "false"}
    try:
        with duckdb.connect(str(database.resolve()), read_only=True, config=configuration) as connection:
            connection.execute("set schema = 'marts'")
            connection.execute("set lock_configuration = true")
            cursor = connection.execute(sql)
            columns = [column[0] for column in cursor.description or []]
            return Answer(columns, cursor.fetchall())
    except duckdb.Error as error:
        raise QueryError(str(error)) from error


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
