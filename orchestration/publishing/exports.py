"""Write a release: the marts alone, in one read-only DuckDB file and as Parquet beside it.

Belongs here: copying marts out of a build, unchanged. Not here: computing anything (dbt), pointing readers at it
(``store``).
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.database import connect
from orchestration.disk import sync
from orchestration.home import Home
from orchestration.loading.snapshot import Build
from orchestration.publishing.compare import literal, quote
from orchestration.publishing.dictionary import Dictionary
from orchestration.publishing.store import DATABASE, DIFF, Release, folder, sha256_of, write_manifest
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
    remove_unfinished(home)
    (temporary / "parquet").mkdir(parents=True)
    database = temporary / DATABASE
    marts = _copy_marts(build, database, dictionary, limits)
    _write_parquet(database, temporary / "parquet", marts, build, limits)
    if (wal := database.with_name(database.name + ".wal")).exists():
        raise RuntimeError(f"{wal} is left: the release was not closed cleanly")
    if (build.folder / DIFF).exists():
        shutil.copyfile(build.folder / DIFF, temporary / DIFF)
    written = sorted(path for path in temporary.rglob("*") if path.is_file())
    files = {path.relative_to(temporary).as_posix(): sha256_of(path) for path in written}
    finished = replace(release, sha256=files.pop(DATABASE), marts=marts, files=files)
    write_manifest(temporary, finished)
    for path in written:
        path.chmod(0o440)
        sync(path)
    (temporary / "parquet").chmod(0o550)
    for path in (temporary / "parquet", temporary):
        sync(path)
    temporary.rename(final)
    sync(final.parent)
    return finished


def remove_unfinished(home: Home) -> None:
    """Remove what killed nights left, whose folders may already be closed for writing."""
    for left in (home.published / "releases").glob(".tmp-*"):
        for path in (left, *(each for each in left.rglob("*") if each.is_dir())):
            path.chmod(0o750)
        shutil.rmtree(left)


def _copy_marts(build: Build, database: Path, dictionary: Dictionary, limits: Database) -> dict[str, int]:
    with connect(limits, build.spill) as connection:
        connection.execute(f"attach {literal(build.warehouse)} as build (read_only)")
        connection.execute(f"attach {literal(database)} as dst (storage_version '{_STORAGE_VERSION}')")
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
            path = literal(target / f"{mart}.parquet")
            connection.execute(f"copy (from marts.{quote(mart)}) to {path} (format parquet, compression zstd)")
