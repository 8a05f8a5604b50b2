"""A release as text that is the same, byte for byte, whenever it says the same.

Belongs here: the order of the rows and how each kind of value is written. Not here: comparing (``compare``), and the
files that analysts read (``exports``).

One CSV file per mart, ``<mart>.csv``, and ``columns.csv`` with the columns and types of all. Rows are sorted by all
columns, nulls first. Every value is quoted and null is nothing: ``""`` is an empty text. Decimals have all their
decimals, dates and timestamps are ISO 8601, lines end with LF. Marts that tell of runs and deliveries, not of the
municipality, are left out: they differ between two nights of the same files.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.database import connect
from orchestration.publishing.compare import ABOUT_RUNS, contents, literal, quote
from orchestration.settings import Database

if TYPE_CHECKING:
    import duckdb

LEFT_OUT = (*ABOUT_RUNS, "load")
_FORM = "(format csv, header true, force_quote *, nullstr '', delimiter ',', dateformat '%Y-%m-%d', " + (
    "timestampformat '%Y-%m-%dT%H:%M:%S.%f')"
)


class DumpError(Exception):
    """The dump cannot be written; the message is Swedish."""


def dump(database: Path, target: Path, limits: Database) -> str:
    """Write a published file as text into a new or empty folder and return the checksum of it all.

    Raises :class:`DumpError` where there is something in the folder already.
    """
    target.mkdir(parents=True, exist_ok=True)
    if any(target.iterdir()):
        raise DumpError(f"{target}: mappen är inte tom. Ange en ny mapp.")
    spill = target / ".spill"
    with connect(limits, spill) as connection:
        connection.execute(f"attach {literal(database)} as dumped (read_only)")
        marts = {name: mart for name, mart in contents(connection, "dumped").items() if name not in LEFT_OUT}
        _write_columns(connection, [(mart, *column) for mart in marts for column in marts[mart].columns], target)
        for mart in marts:
            rows = f"from dumped.marts.{quote(mart)} order by all nulls first"
            connection.execute(f"copy ({rows}) to {literal(target / f'{mart}.csv')} {_FORM}")
    if spill.exists():
        spill.rmdir()
    return _checksum(target)


def _write_columns(connection: duckdb.DuckDBPyConnection, columns: list[tuple[str, str, str]], target: Path) -> None:
    connection.execute("create temp table written (mart varchar, column_name varchar, data_type varchar)")
    connection.executemany("insert into written values (?, ?, ?)", columns)
    rows = "from written order by mart, rowid"
    connection.execute(f"copy ({rows}) to {literal(target / 'columns.csv')} {_FORM}")


def _checksum(target: Path) -> str:
    digest = sha256()
    for path in sorted(target.glob("*.csv")):
        digest.update(path.name.encode() + b"\0")
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    return digest.hexdigest()
