"""Find persons in what a home holds: everything written but what suppliers sent and the key.

Belongs here: opening each kind of file down to its values, and what counts as a trace of a person. Not here: which
deliveries are tried.
"""

from __future__ import annotations

import csv
import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from orchestration.home import Home

# YYMMDDNNNN with or without century and sign, not inside a longer word or number, and no number with decimals.
_NUMBER = re.compile(r"(?<![0-9A-Za-z.])(?:19|20)?(\d{2})(\d{2})(\d{2})[-+ ]?(\d{4})(?![0-9A-Za-z]|\.\d)")
_WORD = re.compile(r"[0-9A-Za-zÀ-ÿ-]+")


class Traces:
    """What would give somebody away, from a register of employments as Lönlinjen writes it."""

    def __init__(self, register: bytes) -> None:
        rows = list(csv.DictReader(io.StringIO(register.decode("cp1252")), delimiter=";"))
        digits = {row["Personnummer"].replace("-", "") for row in rows}
        self.names = {row["Efternamn"].casefold() for row in rows}
        self.words = {row["Anställningsnummer"].casefold() for row in rows} | self.names
        self.words |= {f"{number[:4]}-{number[4:6]}-{number[6:8]}" for number in digits}
        for number in digits:
            for spelt in (number, number[2:], number[2:].lstrip("0"), f"{number[:8]}-{number[8:]}"):
                self.words |= {spelt, spelt.replace("-", "+")}
            self.words |= {f"{number[2:8]}-{number[8:]}", f"{number[2:8]}+{number[8:]}", number[:8]}

    def found_in(self, text: str) -> set[str]:
        """Return the traces in a text: words of the register, surnames also inside words, and any valid number."""
        words = set(_WORD.findall(text.casefold()))
        # The same words come back thousands of times in a log.
        once = "\n".join(words)
        found = (self.words & words) | {name for name in self.names if name in once}
        return found | {match[0] for match in _NUMBER.finditer(text) if _is_number(match)}


def _is_number(match: re.Match[str]) -> bool:
    """Say whether the digits are a personnummer or a samordningsnummer with a right check digit."""
    month, day, digits = int(match[2]), int(match[3]) % 60, "".join(match.groups())
    products = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits)]
    right = sum(product // 10 + product % 10 for product in products) % 10 == 0
    return right and 1 <= month <= 12 and 1 <= day <= 31


def written(home: Home) -> Iterator[tuple[str, str]]:
    """Yield place and text of everything in a home but inbox, keys and the suppliers' own files.

    Of the archive and the rejected only what was written about the files is read, not the files; every file's name is.
    """
    read: set[int] = set()
    for path in sorted(home.root.rglob("*")):
        place = path.relative_to(home.root)
        if place.parts[0] in {"inbox", "keys"}:
            continue
        is_original = place.parts[0] in {"archive", "rejected"} and path.suffix not in {".json", ".txt"}
        if not (is_original and place.parts[0] == "rejected"):
            yield f"{place} (name)", str(place)
        if path.is_file() and not path.is_symlink() and not is_original and path.stat().st_ino not in read:
            read.add(path.stat().st_ino)
            for part, text in _texts(path):
                yield f"{place}{part}", text


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        yield " (columns)", repr(table.schema)
        for name in table.column_names:
            yield f" {name}", "\n".join({str(value) for value in table[name].to_pylist()})
    elif path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            yield from _duckdb(connection)
    elif path.read_bytes()[:15] == b"SQLite format 3":
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            yield from _sqlite(database)
        # Pages that are no longer in use still hold what stood there.
        yield " (pages)", path.read_bytes().decode("utf-8", "replace")
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                yield f" {member}", archive.read(member).decode("utf-8", "replace")
    else:
        yield "", _readable(path.read_bytes())


def _duckdb(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    found = connection.execute(
        "select table_schema, table_name, column_name from information_schema.columns "
        "join information_schema.tables using (table_schema, table_name) where table_type = 'BASE TABLE'"
    ).fetchall()
    for schema, table, column in found:
        values = connection.execute(f'select distinct "{column}"::varchar from "{schema}"."{table}"').fetchall()
        yield f" {schema}.{table}.{column}", "\n".join(str(value) for (value,) in values)
    comments = connection.execute("select sql, comment from duckdb_tables()").fetchall()
    comments += connection.execute("select sql, comment from duckdb_views()").fetchall()
    yield " (definitions)", repr(comments)


def _sqlite(database: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    database.text_factory = lambda data: data.decode("utf-8", "replace")
    for (table,) in database.execute("select name from sqlite_master where type = 'table'").fetchall():
        for row in database.execute(f'select * from "{table}"'):
            values = [_readable(value) if isinstance(value, bytes) else str(value) for value in row]
            yield f" {table}", "\n".join(values)


def _readable(data: bytes) -> str:
    """Return bytes as text: what is not UTF-8 is read as Windows writes it, in both ways."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return f"{data.decode('utf-8', 'replace')}\n{data.decode('latin-1')}"
