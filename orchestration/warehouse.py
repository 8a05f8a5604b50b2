"""Run dbt in this process and say what each node came to.

Belongs here: the manifest parsed ahead, one call of dbt, its results as plain data. Not here: Dagster's view of them
(``assets.warehouse``). In process because a second interpreter costs more than the models of a night.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.database import connect, threads
from orchestration.loading.snapshot import Build
from orchestration.progress import listener
from orchestration.settings import Database

PROJECT = Path(__file__).resolve().parents[1] / "dbt_project"
TARGET = PROJECT / "target"
MANIFEST = TARGET / "manifest.json"
_PARSED = TARGET / "partial_parse.msgpack"
_STAMP = TARGET / "parsed_from.txt"


class WarehouseError(Exception):
    """dbt could not run at all (not: a test failed); the message is dbt's own."""


@dataclass(frozen=True, slots=True)
class NodeResult:
    """One dbt node after a build. ``status`` is dbt's: success, pass, warn, fail, error, skipped."""

    unique_id: str
    name: str
    resource_type: str
    status: str
    failures: int
    message: str
    seconds: float
    sql: str

    @property
    def is_good(self) -> bool:
        """Whether the node did what it should, a warning included."""
        return self.status in ("success", "pass", "warn")


def ensure_manifest() -> Path:
    """Parse the project if its files have changed since the last time, and return the manifest's path."""
    stamp = _source_stamp()
    if MANIFEST.exists() and _PARSED.exists() and _STAMP.exists() and _STAMP.read_text() == stamp:
        return MANIFEST
    # Parsing needs no data, only names for what the profile reads from the environment.
    with _environment(BOKSLUT_RAW="unused", BOKSLUT_BUILD="unused"):
        # The whole project: a partial parse has been seen to lose the descriptions of singular tests.
        arguments = ["--no-partial-parse", "parse", "--target-path", str(TARGET), "--log-path", str(TARGET)]
        _invoke(arguments, manifest=None)
    _STAMP.write_text(stamp)
    return MANIFEST


def manifest_stamp() -> str:
    """Return what identifies the files that the manifest was parsed from."""
    return _STAMP.read_text()


def _source_stamp() -> str:
    from importlib.metadata import version

    digest = hashlib.sha256(f"{version('dbt-core')} {version('dbt-duckdb')}".encode())
    for path in sorted(PROJECT.rglob("*")):
        if path.suffix in (".sql", ".yml", ".md", ".csv") and TARGET not in path.parents:
            digest.update(str(path.relative_to(PROJECT)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def run_dbt(build: Build, arguments: Sequence[str], limits: Database) -> list[NodeResult]:
    """Run one dbt command on a build's own DuckDB file and return every node's result, in the order they ran.

    Each node's name is told when it starts. Failed tests and models are results; :class:`WarehouseError` is raised only
    where dbt could not start.
    """
    # dbt runs its nodes in a thread of its own, which knows of no listener.
    say = listener()
    target = build.folder / "dbt"
    with _environment(
        BOKSLUT_RAW=str(build.raw),
        BOKSLUT_BUILD=str(build.warehouse),
        BOKSLUT_SPILL=str(build.spill),
        BOKSLUT_MEMORY_LIMIT=limits.memory_limit,
        BOKSLUT_THREADS=str(threads(limits)),
    ):
        results = _invoke(
            # The manifest lies parsed ahead, and the results are taken from memory: writing both anew takes seconds.
            ["--no-write-json", *arguments, "--target-path", str(target), "--log-path", str(target)],
            _parsed_manifest(),
            lambda name: say(f"Bygger lagret: {name}"),
        )
    return [_node_result(result) for result in results]


def _invoke(arguments: list[str], manifest: Any, on_node: Callable[[str], None] | None = None) -> list[Any]:
    from dbt.adapters.factory import reset_adapters
    from dbt.cli.main import dbtRunner

    # A log that cannot be written stops nothing, and a trace of it per line would bury what does.
    logging.raiseExceptions = False

    def listen(event: Any) -> None:
        if on_node and event.info.name == "LogStartLine":
            on_node(event.data.node_info.node_name)

    project = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    quiet = ["--log-level", "none", "--log-level-file", "info", "--no-use-colors"]
    reset_adapters()
    try:
        outcome = dbtRunner(manifest=manifest, callbacks=[listen]).invoke([*quiet, *arguments, *project])
    finally:
        # The adapter keeps the file open for the life of the process; the audit must be able to read it.
        _close_connections()
    if outcome.exception is not None:
        raise WarehouseError(str(outcome.exception)) from outcome.exception
    return list(getattr(outcome.result, "results", ()))


def _close_connections() -> None:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import cleanup_connections

    cleanup_connections()
    DuckDBConnectionManager.close_all_connections()


@cache
def _parsed_manifest() -> Any:
    from dbt.contracts.graph.manifest import Manifest

    ensure_manifest()
    manifest = Manifest.from_msgpack(_PARSED.read_bytes())
    # What macros see as `graph` is not kept in the file.
    manifest.build_flat_graph()
    return manifest


@cache
def manifest_json() -> dict[str, Any]:
    """Return dbt's manifest as a dictionary, parsed ahead."""
    found: dict[str, Any] = json.loads(ensure_manifest().read_text(encoding="utf-8"))
    return found


def _node_result(result: Any) -> NodeResult:
    return NodeResult(
        unique_id=result.node.unique_id,
        name=result.node.name,
        resource_type=str(result.node.resource_type),
        status=str(result.status),
        failures=result.failures or 0,
        message=result.message or "",
        seconds=result.execution_time,
        sql=getattr(result.node, "compiled_code", None) or "",
    )


def failing_rows(build: Build, result: NodeResult, limits: Database, limit: int = 5) -> list[str]:
    """Return the first rows that a failed test found: their ``message`` where they have one, else every column."""
    if result.resource_type != "test" or not result.sql:
        return []
    with connect(limits, build.spill, build.warehouse, read_only=True) as connection:
        cursor = connection.execute(f"select * from ({result.sql}) as failures order by all limit {limit}")  # noqa: S608
        names = [column[0] for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [str(row["message"]) if "message" in row else ", ".join(f"{k} {v}" for k, v in row.items()) for row in found]


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
