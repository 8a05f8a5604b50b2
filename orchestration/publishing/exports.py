"""Write a release: the marts alone, in one read-only DuckDB file and as Parquet beside it.

Belongs here: copying marts out of a build, unchanged. Not here: computing anything (dbt), pointing readers at it
(``store``).
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.database import connect
from orchestration.home import Home
from orchestration.loading.snapshot import Build
from orchestration.publishing.compare import quote
from orchestration.publishing.dictionary import Dictionary
from orchestration.publishing.store import DATABASE, Release, folder, sync, write_manifest
from orchestration.settings import Database

if TYPE_CHECKING:
    import duckdb

# Readable by analysts' older DuckDB clients too; the newest format is not.
_STORAGE_VERSION = "v1.4.0"


def export_release(home: Home, build: Build, release: Release, dictionary: Dictionary, limits: Database) -> Release:
    """Write the release's folder, whole or not at all, and return the release with its checksum and row counts.

    The file is closed, reopened read-only and counted before anybody can see it.
    """
    final = folder(home, release.release_id)
    temporary = final.with_name(f".tmp-{release.release_id}")
    shutil.rmtree(temporary, ignore_errors=True)
    (temporary / "parquet").mkdir(parents=True)
    database = temporary / DATABASE
    marts = _copy_marts(build, database, dictionary, limits)
    _write_parquet(database, temporary / "parquet", marts, build, limits)
    if (wal := database.with_name(database.name + ".wal")).exists():
        raise RuntimeError(f"{wal} is left: the release was not closed cleanly")
    with database.open("rb") as file:
        checksum = file_digest(file, "sha256").hexdigest()
    finished = replace(release, sha256=checksum, marts=marts)
    write_manifest(temporary, finished)
    for path in (*temporary.rglob("*.duckdb"), *temporary.rglob("*.parquet")):
        path.chmod(0o440)
        sync(path)
    temporary.rename(final)
    sync(final.parent)
    return finished


def _copy_marts(build: Build, database: Path, dictionary: Dictionary, limits: Database) -> dict[str, int]:
    with connect(limits, build.spill) as connection:
        connection.execute(f"attach {_text(build.warehouse)} as build (read_only)")
        connection.execute(f"attach {_text(database)} as dst (storage_version '{_STORAGE_VERSION}')")
        connection.execute("create schema dst.marts")
        for mart in _marts(connection, "build"):
            name = quote(mart)
            connection.execute(f"create table dst.marts.{name} as from build.marts.{name}")
            for statement in dictionary.comments(mart, f"dst.marts.{name}"):
                connection.execute(statement)
        connection.execute("checkpoint dst")
        connection.execute("detach dst")
    with connect(limits, build.spill, database, read_only=True) as connection:
        return {mart: _count(connection, mart) for mart in _marts(connection, DATABASE.removesuffix(".duckdb"))}


def _marts(connection: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    rows = connection.execute(
        "select table_name from information_schema.tables "
        "where table_catalog = ? and table_schema = 'marts' order by table_name",
        [database],
    ).fetchall()
    return [name for (name,) in rows]


def _count(connection: duckdb.DuckDBPyConnection, mart: str) -> int:
    found = connection.execute(f"select count(*) from marts.{quote(mart)}").fetchone()  # noqa: S608
    return int(found[0])


def _write_parquet(database: Path, target: Path, marts: dict[str, int], build: Build, limits: Database) -> None:
    with connect(limits, build.spill, database, read_only=True) as connection:
        for mart in marts:
            path = _text(target / f"{mart}.parquet")
            connection.execute(f"copy (from marts.{quote(mart)}) to {path} (format parquet, compression zstd)")


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
