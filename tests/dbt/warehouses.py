"""Run dbt in this process on temporary files, and look into what it built.

Belongs here: one call of dbt and its outcome. Not here: raw rows (``raw_tables``) and expectations.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

PROJECT = Path(__file__).parents[2] / "dbt_project"


@dataclass(frozen=True)
class Warehouse:
    """One built file, the raw tables under it and the status of every node that ran."""

    path: Path
    raw: Path
    statuses: dict[str, str]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query, decimals kept."""
        with duckdb.connect() as connection:
            connection.execute(f"attach '{self.path}' as warehouse (read_only)")
            connection.execute("use warehouse")
            found: list[tuple[Any, ...]] = connection.execute(query).fetchall()
            return found

    def named(self, *statuses: str) -> set[str]:
        """Return the names of the nodes that ended with one of these statuses."""
        return {node for node, status in self.statuses.items() if status in statuses}


def run_dbt(manifest: Manifest | None, *arguments: str, target: Path) -> Any:
    """Run one dbt command quietly; the file is closed and complete when this returns."""
    quiet = ["--quiet", "--log-level", "none", "--log-level-file", "none", "--log-path", str(target)]
    places = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target-path", str(target)]
    outcome = dbtRunner(manifest=manifest).invoke([*quiet, *arguments, *places])
    DuckDBConnectionManager.close_all_connections()
    if outcome.exception:
        raise outcome.exception
    return outcome.result
